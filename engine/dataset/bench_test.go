package dataset_test

import (
	"testing"

	"filterscope/engine/dataset"
)

// 481×321 is the size of the Berkeley photographs.
func BenchmarkWhiten(b *testing.B) {
	img := make([]float64, 481*321)
	img[1000] = 1
	for b.Loop() {
		if err := dataset.Whiten(b.Context(), img, 481, 321, dataset.OlshausenFieldCutoff); err != nil {
			b.Fatal(err)
		}
	}
}
