package render_test

import (
	"image/color"
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// TestExportDecimates: every k-th pixel of a zoomed export is the plain one.
func TestExportDecimates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	w := linalg.NewMatrix[float64](7, 20)
	for i := range w.Data {
		w.Data[i] = rng.NormFloat64()
	}
	square := linalg.MatrixOf(8, 16, w.Data[:128])
	for _, scale := range []render.Scale{render.ScaleTile, render.ScaleGlobal, render.ScaleUnit, render.ScaleUFLDL} {
		for _, colours := range render.Maps() {
			for _, tile := range []struct {
				w linalg.Matrix[float64]
				g dataset.Geometry
			}{
				{w, dataset.Geometry{Width: 5, Height: 4, Channels: 1}},
				{square, dataset.Geometry{Width: 4, Height: 4, Channels: 1}},
			} {
				o := render.MosaicOptions{Geometry: tile.g, Gap: 2, Scaling: render.Scaling{Scale: scale}}
				o.Map = colours
				one := render.Export(tile.w, o)
				o.Zoom = 3
				three := render.Export(tile.w, o)
				if got, want := three.Bounds().Size(), one.Bounds().Size().Mul(3); got != want {
					t.Fatalf("%v %v: size %v, want %v", scale, colours, got, want)
				}
				for y := range one.Bounds().Dy() {
					for x := range one.Bounds().Dx() {
						want := color.RGBAModel.Convert(one.At(x, y))
						for d := range 3 {
							if got := color.RGBAModel.Convert(three.At(3*x+d, 3*y+2-d)); got != want {
								t.Fatalf("%v %v: pixel (%d, %d) = %v, want %v", scale, colours, x, y, got, want)
							}
						}
					}
				}
			}
		}
	}
}
