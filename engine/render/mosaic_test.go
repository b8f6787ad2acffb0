package render_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"pgregory.net/rapid"
)

// fillGabor draws a Gabor patch of random position, phase and strength.
func fillGabor(w []float64, side int, rng *rand.Rand) {
	angle, phase := math.Pi*rng.Float64(), 2*math.Pi*rng.Float64()
	cx, cy := float64(side)*(0.3+0.4*rng.Float64()), float64(side)*(0.3+0.4*rng.Float64())
	strength := math.Exp(2 * rng.NormFloat64())
	sin, cos := math.Sincos(angle)
	for j := range w {
		x, y := float64(j%side)-cx, float64(j/side)-cy
		u, v := (x*cos+y*sin)/float64(side), (y*cos-x*sin)/float64(side)
		w[j] = strength * math.Exp(-18*u*u-8*v*v) * math.Cos(16*u+phase)
	}
}

// glyphF is asymmetric in every way in which a picture can be turned around.
var glyphF = []float64{
	0, 0, 0, 0, 0, 0,
	0, 1, 1, 1, 1, 0,
	0, 1, 0, 0, 0, 0,
	0, 1, 1, 1, 0, 0,
	0, 1, 0, 0, 0, 0,
	0, -1, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0,
}

func TestGlyphIsNeitherFlippedNorTransposed(t *testing.T) {
	g := grey(6, 7)
	columnMajor := make([]float64, len(glyphF))
	for j, v := range glyphF {
		columnMajor[j%6*7+j/6] = v
	}
	tests := []struct {
		name      string
		w         []float64
		transpose bool
	}{
		{"row by row", glyphF, false},
		{"column by column", columnMajor, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := render.Options{Transpose: test.transpose}
			if got := test.w[o.Feature(g, 1, 5)]; got != -1 {
				t.Errorf("weight of pixel (1,5) = %v, want −1", got)
			}
			img := render.Tile(test.w, g, 3, 0, 0, o)
			opaque(t, img)
			for y := range 21 {
				for x := range 18 {
					want := uint8(127 + 127*int(glyphF[y/3*6+x/3]))
					if got := img.RGBAAt(x, y); got != (color.RGBA{want, want, want, 255}) {
						t.Fatalf("pixel (%d,%d) = %v, want %d", x, y, got, want)
					}
				}
			}
		})
	}
}

func TestColourTileKeepsChannelOrder(t *testing.T) {
	g := dataset.Geometry{Width: 2, Height: 1, Channels: 3}
	w := []float64{1, 0, -1, -0.5, 0.5, 0}
	img := render.Tile(w, g, 2, 0, 0, render.Options{Map: render.BlueWhiteOrange})
	// ±63.5 rounds to even: 127−63.5 = 63.5 is 64, 127+63.5 = 190.5 is 190.
	want := []color.RGBA{{254, 127, 0, 255}, {64, 190, 127, 255}}
	for x := range 4 {
		if got := img.RGBAAt(x, 1); got != want[x/2] {
			t.Errorf("pixel %d = %v, want %v", x, got, want[x/2])
		}
	}
}

var scalings = []render.Scaling{
	{Scale: render.ScaleTile},
	{Scale: render.ScaleBlend, Blend: 0.3},
	{Scale: render.ScaleGlobal},
	{Scale: render.ScaleUnit},
	{Scale: render.ScaleUFLDL},
}

// levels returns the levels of a zoom-1 mosaic without gaps, tile by tile.
func levels(w linalg.Matrix[float64], s render.Scaling) []uint8 {
	g := grey(w.Cols, 1)
	img := render.Indexed(w, render.NewGrid(w.Rows, g, 1, 1, 0), render.Measure(w, s), render.Options{})
	return img.(*image.Gray).Pix
}

func drawMatrix(t *rapid.T) linalg.Matrix[float64] {
	n, d := rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(1, 20).Draw(t, "d")
	ordinary := rapid.Custom(func(t *rapid.T) float64 {
		v := rapid.Float64Range(-10, 10).Draw(t, "v")
		if math.Abs(v) < 1e-250 {
			return 0 // a scale this small is drawn as none
		}
		return v
	})
	value := rapid.OneOf(ordinary, rapid.SampledFrom([]float64{0, 0, 1, -1, 0.5, -0.5}))
	return linalg.MatrixOf(n, d, rapid.SliceOfN(value, n*d, n*d).Draw(t, "w"))
}

func TestZeroIsTheMiddleLevel(t *testing.T) {
	w := linalg.NewMatrix[float64](5, 12)
	for _, s := range scalings {
		for _, centre := range []render.Centre{render.CentreZero, render.CentreTile, render.CentreGlobal} {
			s.Centre = centre
			for j, l := range levels(w, s) {
				if l != render.Zero {
					t.Fatalf("%v, centre %d: level %d at %d, want 127", s.Scale, centre, l, j)
				}
			}
		}
	}
}

func TestNegatedWeightsAreTheInverse(t *testing.T) {
	for _, s := range scalings {
		t.Run(s.Scale.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := drawMatrix(t)
				minus := w.Clone()
				for j := range minus.Data {
					minus.Data[j] = -minus.Data[j]
				}
				a, b := levels(w, s), levels(minus, s)
				for j := range a {
					if a[j] != 254-b[j] {
						t.Fatalf("levels %d and %d of %v", a[j], b[j], w.Data[j])
					}
				}
			})
		})
	}
}

// A power of two scales without rounding, any other factor may move a level
// by one.
func TestScaledWeightsLookTheSame(t *testing.T) {
	for _, s := range scalings {
		t.Run(s.Scale.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := drawMatrix(t)
				factors := []float64{0.25, 2, 1024, 0.1, 3, 1e-6}
				if s.Scale == render.ScaleUFLDL {
					// What is exactly the mean of all weights would be rounding error after
					// another factor, and without a floor that has full contrast.
					factors = factors[:3]
				}
				k := rapid.SampledFrom(factors).Draw(t, "k")
				tolerance := 1
				if frac, _ := math.Frexp(k); frac == 0.5 && s.Scale != render.ScaleBlend {
					tolerance = 0
				}
				scaled := w.Clone()
				for j := range scaled.Data {
					scaled.Data[j] *= k
				}
				a, b := levels(w, s), levels(scaled, s)
				for j := range a {
					if d := int(a[j]) - int(b[j]); d < -tolerance || d > tolerance {
						t.Fatalf("levels %d and %d of %v at k = %v", a[j], b[j], w.Data[j], k)
					}
				}
			})
		})
	}
}

func TestWeightsThatAreNotFinite(t *testing.T) {
	bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324}
	for _, s := range scalings {
		for _, v := range bad {
			for _, centre := range []render.Centre{render.CentreZero, render.CentreTile, render.CentreGlobal} {
				s.Centre = centre
				w := random(4, 6, 3)
				w.Set(1, 2, v)
				w.Set(1, 3, v)
				got := levels(w, s)[6+2 : 6+4]
				if finite := v-v == 0; !finite && (got[0] != 103 || got[1] != 151) {
					t.Errorf("%v: %v is drawn as %v, want [103 151]", s.Scale, v, got)
				}
				// The other tiles are as if the bad weights were not there.
				if s.Scale == render.ScaleTile && v-v != 0 && levels(w, s)[0] == render.Zero {
					t.Errorf("%v: %v spoils the other tiles", s.Scale, v)
				}
			}
		}
	}
}

func TestDrawOfAPartEqualsThePartOfTheWhole(t *testing.T) {
	g := dataset.Geometry{Width: 3, Height: 4, Channels: 1}
	w := random(11, 12, 5)
	rapid.Check(t, func(t *rapid.T) {
		grid := render.NewGrid(11, g, rapid.IntRange(0, 12).Draw(t, "columns"),
			rapid.IntRange(1, 5).Draw(t, "zoom"), rapid.IntRange(0, 3).Draw(t, "gap"))
		c := render.Measure(w, render.Scaling{})
		whole := image.NewRGBA(grid.Bounds())
		render.Draw(whole, whole.Rect, w, grid, c, render.Options{})
		x, y := rapid.IntRange(-9, 60).Draw(t, "x"), rapid.IntRange(-9, 60).Draw(t, "y")
		part := image.NewRGBA(image.Rect(0, 0, rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")))
		render.Draw(part, part.Rect.Add(image.Pt(x, y)), w, grid, c, render.Options{})
		for py := range part.Rect.Dy() {
			for px := range part.Rect.Dx() {
				want := render.NearBlack
				if p := image.Pt(x+px, y+py); p.In(whole.Rect) {
					want = whole.RGBAAt(p.X, p.Y)
				}
				if got := part.RGBAAt(px, py); got != want {
					t.Fatalf("pixel (%d,%d) of the view at (%d,%d) = %v, want %v", px, py, x, y, got, want)
				}
			}
		}
	})
}

func TestEnlargedMosaicDecimatesToTheSmallOne(t *testing.T) {
	w := gabors(10, 6)
	o := render.MosaicOptions{Geometry: grey(6, 6), Gap: 1}
	small := render.Mosaic(w, o)
	for _, zoom := range []int{2, 3, 4, 7} {
		o.Zoom = zoom
		large := render.Mosaic(w, o)
		if large.Rect.Max != small.Rect.Max.Mul(zoom) {
			t.Fatalf("zoom %d: size %v, want %d times %v", zoom, large.Rect.Max, zoom, small.Rect.Max)
		}
		for y := range small.Rect.Dy() {
			for x := range small.Rect.Dx() {
				if got, want := large.RGBAAt(x*zoom, y*zoom), small.RGBAAt(x, y); got != want {
					t.Fatalf("zoom %d: pixel (%d,%d) = %v, want %v", zoom, x, y, got, want)
				}
			}
		}
	}
}

func TestIndexedShowsWhatDrawShows(t *testing.T) {
	w := random(7, 12, 9)
	w.Set(2, 2, math.NaN())
	grid := render.NewGrid(7, grey(4, 3), 3, 2, 1)
	for _, s := range scalings {
		for _, m := range render.Maps() {
			for _, invert := range []bool{false, true} {
				o := render.Options{Map: m, Invert: invert, Order: []int{6, 5, 4, 3, -1, 99, 0}}
				c := render.Measure(w, s)
				want := image.NewRGBA(grid.Bounds())
				render.Draw(want, want.Rect, w, grid, c, o)
				got := toRGBA(render.Indexed(w, grid, c, o))
				if string(got.Pix) != string(want.Pix) {
					t.Errorf("%v, %v, invert %v: the exported picture differs", s.Scale, m, invert)
				}
			}
		}
	}
}

func TestMosaicGoldens(t *testing.T) {
	w := gabors(20, 9)
	for j := range w.Row(7) {
		w.Row(7)[j] = 0.002 * w.Row(3)[j] // a dead unit: the floor keeps it grey
	}
	for _, m := range render.Maps() {
		img := render.Mosaic(w, render.MosaicOptions{
			Geometry: grey(9, 9), Zoom: 3, Gap: 1, Options: render.Options{Map: m},
		})
		opaque(t, img)
		golden(t, "mosaic-"+m.String(), img)
	}
	for _, s := range scalings {
		golden(t, "scale-"+s.Scale.String(), render.Mosaic(w, render.MosaicOptions{
			Geometry: grey(9, 9), Zoom: 2, Gap: 1, Scaling: s,
		}))
	}
}

func TestBestInputHasNormOne(t *testing.T) {
	sum := 0.0
	for _, v := range render.BestInput([]float32{3, 0, -4}) {
		sum += float64(v) * float64(v)
	}
	if math.Abs(sum-1) > 1e-6 {
		t.Errorf("squared norm %v, want 1", sum)
	}
	if got := render.BestInput([]float64{0, 0}); got[0] != 0 || got[1] != 0 {
		t.Errorf("best input of zeros = %v, want zeros", got)
	}
}

func BenchmarkDraw(b *testing.B) {
	w := linalg.NewMatrix[float32](196, 784)
	linalg.Convert(w, gabors(196, 28))
	grid := render.NewGrid(196, grey(28, 28), 0, 2, 1)
	dst := image.NewRGBA(grid.Bounds())
	c := render.Measure(w, render.Scaling{})
	b.Run("draw", func(b *testing.B) {
		for b.Loop() {
			render.Draw(dst, dst.Rect, w, grid, c, render.Options{})
		}
	})
	for _, s := range scalings {
		b.Run("measure-"+s.Scale.String(), func(b *testing.B) {
			for b.Loop() {
				render.Measure(w, s)
			}
		})
	}
}
