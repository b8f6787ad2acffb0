package preprocess_test

import (
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
)

// BenchmarkZCA whitens 100,000 colour patches of 8×8; the group data of
// bench/compare compares that with NumPy.
func BenchmarkZCA(b *testing.B) {
	const n, d = 100000, 192
	rng := rand.New(rand.NewPCG(1, 1))
	data := &dataset.Dataset{Name: "noise", N: n, D: d, FullScale: 255, Bytes: make([]byte, n*d)}
	for i := range data.Bytes {
		data.Bytes[i] = uint8(rng.Uint32())
	}
	p, err := preprocess.NewPipeline([]preprocess.Spec{{Step: preprocess.Scale}, {Step: preprocess.ZCA}})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("Fit", func(b *testing.B) {
		for b.Loop() {
			if err := p.Fit(b.Context(), data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Apply", func(b *testing.B) {
		for b.Loop() {
			if _, err := preprocess.Apply[float32](b.Context(), p, data, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
