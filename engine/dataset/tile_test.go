package dataset_test

import (
	"testing"

	"filterscope/engine/dataset"
)

func TestParseGeometry(t *testing.T) {
	for text, want := range map[string]dataset.Geometry{
		"28x28": {Width: 28, Height: 28, Channels: 1}, " 8X6×3 ": {Width: 8, Height: 6, Channels: 3}, "1 x 64": {Width: 1, Height: 64, Channels: 1},
		"": {}, "28": {}, "8x8x2": {}, "8x8x3x1": {}, "0x8": {}, "-1x8": {}, "axb": {}, "9999999999999x1": {},
	} {
		got, err := dataset.ParseGeometry(text)
		if got != want || (err == nil) != want.IsImage() {
			t.Errorf("%q gives %+v, %v", text, got, err)
		}
	}
}
