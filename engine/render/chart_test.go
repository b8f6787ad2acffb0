package render_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/render"

	"pgregory.net/rapid"
)

// training returns n points of curves as a sparse autoencoder's.
func training(n int, noise float64, colours []color.RGBA) []render.Series {
	rng := rand.New(rand.NewPCG(7, 7))
	series := []render.Series{
		{Name: "total", Colour: colours[0]},
		{Name: "reconstruction", Colour: colours[1]},
		{Name: "weight decay", Colour: colours[2]},
		{Name: "sparsity", Colour: colours[3]},
	}
	for i := range n {
		t := 400 * float64(i) / float64(n)
		r := 9.3 + 84*math.Exp(-t/25)*math.Exp(noise*rng.NormFloat64())
		d := 2.77 * (1 - 0.7*math.Exp(-t/40))
		p := 0.12 + 222*math.Exp(-t/6)
		for j, v := range []float64{r + d + p, r, d, p} {
			series[j].X = append(series[j].X, float64(i))
			series[j].Y = append(series[j].Y, v)
		}
	}
	return series
}

func newChart(t testing.TB) *render.Chart {
	t.Helper()
	c, err := render.NewChart(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChartGoldens(t *testing.T) {
	dark, light := render.SeriesColours(true), render.SeriesColours(false)
	twice := render.LightTheme()
	twice.Scale = 2
	tests := []struct {
		name   string
		w, h   int
		curves render.Curves
		theme  render.Theme
	}{
		{"chart-dark-log", 640, 320, render.Curves{
			Series: training(212, 0, dark), LogY: true, X: render.Window{Hi: 400}, XName: "iteration",
			Events: []render.Event{{X: 60, Mark: "λ", Colour: dark[3]}, {X: 211, Colour: dark[6]}},
		}, render.DarkTheme()},
		{"chart-light-linear", 640, 320, render.Curves{Series: training(212, 0.05, light), XName: "iteration", YName: "objective"}, render.LightTheme()},
		{"chart-legend-2x", 900, 500, render.Curves{Series: training(3000, 0.3, light), LogY: true, Labels: render.LabelLegend, XName: "step"}, twice},
		{"chart-strip", 480, 110, render.Curves{Series: training(212, 0, dark), LogY: true}, render.DarkTheme()},
		{"chart-smooth", 640, 320, render.Curves{Series: training(1000, 0.3, light), LogY: true, XName: "step"}.Smooth(0.95), render.LightTheme()},
		{"chart-empty", 320, 160, render.Curves{XName: "iteration"}, render.LightTheme()},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newChart(t)
			goldenFrames(t, test.name, test.w, test.h, func(img *image.RGBA) { c.Draw(img, test.curves, test.theme) })
		})
	}
}

func TestSmooth(t *testing.T) {
	raw := render.Curves{Series: []render.Series{{Name: "loss", X: []float64{0, 1, 2, 3}, Y: []float64{4, 1, math.NaN(), 7}}}}
	if c := raw.Smooth(0); len(c.Behind) != 0 || &c.Series[0].Y[0] != &raw.Series[0].Y[0] {
		t.Error("0 smooths")
	}
	c := raw.Smooth(0.5)
	if &c.Behind[0].Y[0] != &raw.Series[0].Y[0] || c.Series[0].Name != "loss" {
		t.Error("what was smoothed is not behind it")
	}
	want := []float64{4, (2 + 1) / 1.5, 0, (0.5 + 0.25 + 7) / 1.375} // weights ⅛, ¼, 1 at the end
	for k, v := range c.Series[0].Y {
		if k == 2 {
			if !math.IsNaN(v) {
				t.Errorf("value 2 is %g, want the gap of the raw curve", v)
			}
			continue
		}
		if math.Abs(v-want[k]) > 1e-15 {
			t.Errorf("value %d is %g, want %g", k, v, want[k])
		}
	}
	if raw.Series[0].Y[1] != 1 {
		t.Error("the raw values changed")
	}
	if v := (render.Curves{Series: []render.Series{{X: []float64{-1e6, -1e6 + 1}, Y: []float64{4, 1}}}}).Smooth(0.5).Series[0].Y; v[0] != 4 || v[1] != 2 {
		t.Errorf("left of 0 the values are %v, want 4 and 2", v)
	}
	raw.Series = append(raw.Series, render.Series{Name: "validation", X: []float64{0, 30}, Y: []float64{4, 1}})
	if v := raw.Smooth(0.5).Series[1].Y; math.Abs(v[1]-1) > 1e-8 {
		t.Errorf("thirty steps on the value is %g, want all but 1", v[1])
	}
}

func TestChartTakesAnything(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	series := func(y ...float64) []render.Series {
		s := render.Series{Name: "y"}
		for i, v := range y {
			s.X, s.Y = append(s.X, float64(i)), append(s.Y, v)
		}
		return []render.Series{s}
	}
	c := newChart(t)
	for _, y := range [][]float64{
		nil,
		{1},
		{nan},
		{nan, 1, nan, 2, inf},
		{0, 0, 0},
		{-1, -2},
		{0, 1e-300, 1e300},
		{5, 5, 5},
		{math.MaxFloat64, -math.MaxFloat64},
		{1e-320, 2e-320},
		{1e16, 1e16 + 2},
	} {
		for _, log := range []bool{false, true} {
			for _, size := range []image.Point{{}, {1, 1}, {30, 20}, {200, 100}} {
				for _, labels := range []render.Labels{render.LabelEnds, render.LabelLegend, render.LabelNone} {
					img := image.NewRGBA(image.Rectangle{Max: size})
					v := c.Draw(img, render.Curves{Series: series(y...), LogY: log, Labels: labels, Events: []render.Event{{X: nan}, {X: 1}}}, render.DarkTheme())
					opaque(t, img)
					v.At(10)
				}
			}
		}
	}
}

func TestViewReadsExactValues(t *testing.T) {
	series := training(212, 0, render.SeriesColours(true))
	img := image.NewRGBA(image.Rect(0, 0, 600, 300))
	v := newChart(t).Draw(img, render.Curves{Series: series, LogY: true}, render.DarkTheme())
	for _, i := range []int{0, 1, 100, 211} {
		index, x := v.At(v.PixelX(float64(i)) + 0.4)
		if index != i || x != float64(i) {
			t.Errorf("At(pixel of %d) = %d, %v", i, index, x)
		}
		if _, y, ok := v.Read(1, x); !ok || y != series[1].Y[i] {
			t.Errorf("Read(1, %v) = %v, want %v", x, y, series[1].Y[i])
		}
	}
	for _, y := range []float64{0.5, 10, 300} {
		if got := v.ValueY(v.PixelY(y)); math.Abs(got/y-1) > 1e-12 {
			t.Errorf("ValueY(PixelY(%v)) = %v", y, got)
		}
	}
	if got := v.ValueX(v.PixelX(123)); math.Abs(got-123) > 1e-9 {
		t.Errorf("ValueX(PixelX(123)) = %v", got)
	}
	if i, _ := v.At(-1000); i != 0 {
		t.Errorf("left of the plot: point %d, want the first", i)
	}
}

// The curve goes through its own pixels, and through the extremes of a column
// however many points share it.
func TestDecimationKeepsExtremes(t *testing.T) {
	s := render.Series{Colour: color.RGBA{255, 0, 0, 255}}
	for i := range 20000 {
		s.X, s.Y = append(s.X, float64(i)), append(s.Y, 1)
	}
	s.Y[12345] = 9
	s.Y[5432] = -7
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	theme := render.Theme{Background: color.RGBA{A: 255}}
	v := newChart(t).Draw(img, render.Curves{Series: []render.Series{s}, Labels: render.LabelNone}, theme)
	for _, i := range []int{100, 5432, 12345, 19999} {
		x, y := int(v.PixelX(float64(i))), int(v.PixelY(s.Y[i]))
		if got := img.RGBAAt(x, y); got.R < 200 {
			t.Errorf("pixel (%d,%d) of point %d is %v, want red", x, y, i, got)
		}
	}
}

func TestTicksAreRoundAndInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := rapid.Bool().Draw(t, "log")
		lo := rapid.Float64Range(1e-6, 1e4).Draw(t, "lo")
		hi := lo * rapid.Float64Range(1.5, 1e7).Draw(t, "ratio")
		count := rapid.IntRange(2, 12).Draw(t, "count")
		a := render.Axis{Lo: lo, Hi: hi, Log: log}
		ticks := a.Ticks(count)
		if len(ticks) == 0 && hi/lo > 10 {
			t.Fatalf("no ticks in %v to %v", lo, hi)
		}
		if len(ticks) > count+1 {
			t.Fatalf("%d ticks, want at most %d", len(ticks), count)
		}
		for i, tick := range ticks {
			if f := a.Fraction(tick.Value); f < -1e-6 || f > 1+1e-6 {
				t.Fatalf("tick %v outside %v to %v", tick.Value, lo, hi)
			}
			if i > 0 && (tick.Value <= ticks[i-1].Value || tick.Label == ticks[i-1].Label) {
				t.Fatalf("ticks %v and %v", ticks[i-1], tick)
			}
		}
	})
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -0.183: "−0.183", 12.204: "12.2", 9.312: "9.312", 1500: "1500", 9999.9: "10k", 10000: "10k",
		12500: "12.5k", 999999: "1M", 3.2e6: "3.2M", 0.001: "0.001", 0.00031: "3.1e−4", 4e-7: "4e−7", 1e12: "1e12",
		0.1: "0.1", 316.02: "316", 99999: "100k",
	} {
		if got := render.Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestSeriesColoursAreLegible(t *testing.T) {
	luminance := func(c color.RGBA) float64 { // WCAG 2.2
		linear := func(v uint8) float64 {
			if x := float64(v) / 255; x > 0.04045 {
				return math.Pow((x+0.055)/1.055, 2.4)
			}
			return float64(v) / 255 / 12.92
		}
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	for _, dark := range []bool{false, true} {
		theme := render.LightTheme()
		if dark {
			theme = render.DarkTheme()
		}
		ground := luminance(theme.Background)
		for i, c := range render.SeriesColours(dark) {
			l := luminance(c)
			if ratio := (max(l, ground) + 0.05) / (min(l, ground) + 0.05); ratio < 3 {
				t.Errorf("dark %v: colour %d has a contrast of %.2f, want 3", dark, i, ratio)
			}
		}
	}
}

func BenchmarkChart(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 800, 500))
	for _, test := range []struct {
		name  string
		noise float64
	}{{"smooth", 0}, {"noisy", 0.2}} {
		b.Run(test.name, func(b *testing.B) {
			c := newChart(b)
			curves := render.Curves{Series: training(10000, test.noise, render.SeriesColours(true))[:3], LogY: true}
			for b.Loop() {
				c.Draw(img, curves, render.DarkTheme())
			}
		})
	}
}

// A long value at the end of a line has room inside the picture: nothing is
// written on its last columns.
func TestChartLongEndLabel(t *testing.T) {
	c, err := render.NewChart(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, last := range []float64{0.25, -1.23456e-05, -123456} {
		dst := image.NewRGBA(image.Rect(0, 0, 400, 200))
		c.Draw(dst, render.Curves{
			X: render.Window{Lo: 0, Hi: 1}, Labels: render.LabelEnds,
			Series: []render.Series{{Name: "cost", X: []float64{0, 1}, Y: []float64{1, last}, Colour: color.RGBA{A: 255}}},
		}, render.LightTheme())
		for y := range 200 {
			for x := 397; x < 400; x++ {
				if got, ground := dst.RGBAAt(x, y), dst.RGBAAt(0, 0); got != ground {
					t.Fatalf("end %v: pixel (%d, %d) is %v", last, x, y, got)
				}
			}
		}
	}
}
