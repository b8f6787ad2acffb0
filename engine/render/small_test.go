package render_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

func newTypeface(t *testing.T) *render.Typeface {
	t.Helper()
	typeface, err := render.NewTypeface(nil)
	if err != nil {
		t.Fatal(err)
	}
	return typeface
}

func TestTypefaceRefusesWhatIsNoFont(t *testing.T) {
	if _, err := render.NewTypeface([]byte("not a font")); err == nil {
		t.Error("accepted")
	}
}

func TestBarsGolden(t *testing.T) {
	counts := make([]float64, 50)
	for i := range counts {
		counts[i] = math.Floor(1400*math.Exp(-float64(i)/3) + 40*math.Exp(-math.Pow(float64(i)-38, 2)/30))
	}
	colours := render.SeriesColours(true)
	bars := render.Bars{
		Counts: counts, Lo: 0, Hi: 1, LogY: true, Colour: colours[6], Ticks: true,
		Markers: []render.Marker{
			{X: 0.1, Label: "ρ", Colour: colours[7], Dashed: true},
			{X: 0.104, Label: "ρ̂", Colour: colours[4]},
		},
	}
	img := image.NewRGBA(image.Rect(0, 0, 250, 90))
	v := bars.Draw(img, newTypeface(t), render.DarkTheme())
	opaque(t, img)
	golden(t, "bars-dark", img)
	if bin, lo, hi, ok := v.At(v.Area.Min.X + v.Area.Dx()/2); !ok || bin != 25 || math.Abs(lo-0.5) > 1e-9 || math.Abs(hi-0.52) > 1e-9 {
		t.Errorf("middle is bin %d from %v to %v (%v)", bin, lo, hi, ok)
	}
	light := render.LightTheme()
	light.Scale = 2
	colours = render.SeriesColours(false)
	bars.LogY, bars.Colour = false, colours[1]
	bars.Markers[0].Colour, bars.Markers[1].Colour = colours[7], colours[0]
	img = image.NewRGBA(image.Rect(0, 0, 500, 180))
	bars.Draw(img, newTypeface(t), light)
	golden(t, "bars-light-2x", img)
}

func TestBarsTakeAnything(t *testing.T) {
	typeface := newTypeface(t)
	for _, b := range []render.Bars{
		{},
		{Counts: []float64{math.NaN(), math.Inf(1), -1, 0}, Lo: 0, Hi: 1},
		{Counts: []float64{1, 2}, Lo: 1, Hi: 1},
		{Counts: make([]float64, 500), Hi: 1, Ticks: true, Markers: []render.Marker{{X: math.NaN(), Label: "x"}, {X: 7}}},
	} {
		for _, size := range []image.Point{{}, {3, 3}, {60, 30}} {
			img := image.NewRGBA(image.Rectangle{Max: size})
			_, _, _, _ = b.Draw(img, typeface, render.Theme{}).At(5)
			opaque(t, img)
		}
	}
}

func TestSparklineGolden(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 90, 24))
	colours := render.SeriesColours(true)
	render.Sparkline(img, training(212, 0.02, colours)[0].Y, colours[6], render.DarkTheme().Background, 1)
	opaque(t, img)
	golden(t, "sparkline", img)
	for _, y := range [][]float64{nil, {1}, {math.NaN()}, {2, 2}, {0, math.Inf(1), 3}} {
		render.Sparkline(img, y, colours[0], color.RGBA{}, 0)
		opaque(t, img)
	}
}

func TestLegendGoldens(t *testing.T) {
	w := gabors(20, 9)
	for _, test := range []struct {
		name    string
		scaling render.Scaling
		m       render.Map
		theme   render.Theme
	}{
		{"legend-tile-dark", render.Scaling{}, render.Grey, render.DarkTheme()},
		{"legend-global-light", render.Scaling{Scale: render.ScaleGlobal}, render.BlueWhiteOrange, render.LightTheme()},
		{"legend-unit-dark", render.Scaling{Scale: render.ScaleUnit, Centre: render.CentreTile}, render.BlueBlackOrange, render.DarkTheme()},
	} {
		c := render.Measure(w, test.scaling).Follow(render.Contrast{}, 0)
		img := render.LegendOf(c, render.Options{Map: test.m}, 48).Draw(newTypeface(t), test.theme)
		opaque(t, img)
		golden(t, test.name, img)
	}
	blank := render.Measure(linalg.NewMatrix[float64](1, 4), render.Scaling{Scale: render.ScaleGlobal})
	if l := render.LegendOf(blank, render.Options{}, 50); l.High != "" {
		t.Errorf("legend of zeros has the end %q", l.High)
	}
}
