package render_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// peaks is the well-known function of two variables on [-3, 3]².
func peaks(x, y float64) float64 {
	return 3*(1-x)*(1-x)*math.Exp(-x*x-(y+1)*(y+1)) - 10*(x/5-x*x*x-math.Pow(y, 5))*math.Exp(-x*x-y*y) - math.Exp(-(x+1)*(x+1)-y*y)/3
}

func sample(rows, cols int, lo, hi float64, f func(x, y float64) float64) linalg.Matrix[float64] {
	m := linalg.NewMatrix[float64](rows, cols)
	for r := range rows {
		for c := range cols {
			x, y := lo+(hi-lo)*float64(c)/float64(cols-1), lo+(hi-lo)*float64(r)/float64(rows-1)
			m.Set(r, c, f(x, y))
		}
	}
	return m
}

func scattered(n int, f func(x, y float64) float64) (linalg.Matrix[float64], []float64) {
	rng := rand.New(rand.NewPCG(3, 1))
	m, v := linalg.NewMatrix[float64](n, 2), make([]float64, n)
	for i := range n {
		m.Set(i, 0, 6*rng.Float64()-3)
		m.Set(i, 1, 6*rng.Float64()-3)
		v[i] = f(m.At(i, 0), m.At(i, 1))
	}
	return m, v
}

func peaksField(n int) render.Field {
	f := render.Field{Values: sample(n, n, -3, 3, peaks), X: render.Window{Lo: -3, Hi: 3}, Y: render.Window{Lo: -3, Hi: 3}, Selected: -1}
	f.Points, f.PointValues = scattered(120, peaks)
	return f
}

func TestFieldGoldens(t *testing.T) {
	twice := render.LightTheme()
	twice.Scale = 2
	centres := peaksField(60)
	centres.Ramp, centres.PointValues, centres.Selected = render.RampSequential, nil, 1
	centres.Centres = linalg.MatrixOf(3, 2, []float64{0, 0, 1, 1.5, -1.2, -0.4})
	centres.Widths = []float64{0.5, 0.8, 0.6}
	holes := peaksField(60)
	holes.Stretch, holes.Contours, holes.Points = true, -1, linalg.Matrix[float64]{}
	for i := range 10 {
		holes.Values.Set(20+i, 30, math.NaN())
	}
	picture := render.Field{Values: sample(12, 16, 0, 1, func(x, y float64) float64 { return x * y }), Pixels: true, Ramp: render.RampGrey, Selected: -1}
	points := render.Field{Points: centres.Points, Selected: -1}
	for _, test := range []struct {
		name  string
		w, h  int
		field render.Field
		theme render.Theme
	}{
		{"field-dark", 400, 300, peaksField(60), render.DarkTheme()},
		{"field-centres-light", 400, 300, centres, render.LightTheme()},
		{"field-light-2x", 600, 500, peaksField(60), twice},
		{"field-holes-stretched", 400, 200, holes, render.LightTheme()},
		{"field-pixels", 300, 240, picture, render.DarkTheme()},
		{"field-points", 300, 240, points, render.DarkTheme()},
		{"field-empty", 300, 200, render.Field{}, render.LightTheme()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPainter(t)
			goldenFrames(t, test.name, test.w, test.h, func(img *image.RGBA) { p.Field(img, test.field, test.theme) })
		})
	}
}

func TestFieldViewMapsPixels(t *testing.T) {
	f := peaksField(101)
	f.Centres = linalg.MatrixOf(2, 2, []float64{0, 0, 1, 1.5})
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	v := newPainter(t).Field(img, f, render.DarkTheme())
	if dx, dy := v.PixelX(1)-v.PixelX(0), v.PixelY(0)-v.PixelY(1); math.Abs(dx/dy-1) > 0.01 {
		t.Errorf("one unit is %v wide and %v high", dx, dy)
	}
	// At a node of the grid the value is exact, between two it is their mean.
	for _, node := range [][2]int{{0, 0}, {50, 50}, {73, 21}} {
		x, y := -3+6*float64(node[0])/100, -3+6*float64(node[1])/100
		gx, gy, value, ok := v.At(v.PixelX(x), v.PixelY(y))
		if !ok || math.Abs(gx-x) > 1e-9 || math.Abs(gy-y) > 1e-9 || math.Abs(value-f.Values.At(node[1], node[0])) > 1e-9 {
			t.Errorf("At(node %v) = %v, %v, %v, %v", node, gx, gy, value, ok)
		}
	}
	if _, _, _, ok := v.At(float64(v.Area.Min.X)-1, 300); ok {
		t.Error("a value left of the map")
	}
	for j := range 2 {
		px, py := v.PixelX(f.Centres.At(j, 0)), v.PixelY(f.Centres.At(j, 1))
		if got := v.Centre(px+4, py-4); got != j {
			t.Errorf("Centre at centre %d = %d", j, got)
		}
	}
	for _, i := range []int{0, 17, 99} {
		px, py := v.PixelX(f.Points.At(i, 0)), v.PixelY(f.Points.At(i, 1))
		if got := v.Point(px, py); got != i {
			t.Errorf("Point at point %d = %d", i, got)
		}
	}
	if got := v.Centre(3, 3); got != -1 {
		t.Errorf("Centre in the margin = %d", got)
	}
}

// Zero has the middle colour of the diverging map, whatever the range.
func TestSignedFieldHasZeroInTheMiddle(t *testing.T) {
	f := render.Field{Values: sample(50, 50, -1, 1, func(x, _ float64) float64 { return max(x, -0.3) }), X: render.Window{Lo: -1, Hi: 1}, Y: render.Window{Lo: -1, Hi: 1}, Ramp: render.RampSigned, Contours: -1}
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	v := newPainter(t).Field(img, f, render.LightTheme())
	if v.Low != -1 || v.High != 1 {
		t.Errorf("limits %v to %v, want −1 to 1", v.Low, v.High)
	}
	want := render.RampSigned.Colours(false)[render.Zero]
	if got := img.RGBAAt(int(v.PixelX(0)), int(v.PixelY(0.5))); got != want {
		t.Errorf("zero is %v, want %v", got, want)
	}
}

func TestFieldTakesAnything(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	all := func(v float64) linalg.Matrix[float64] {
		return sample(3, 4, 0, 1, func(_, _ float64) float64 { return v })
	}
	odd := peaksField(10)
	odd.Values.Set(2, 2, nan)
	odd.Values.Set(3, 3, inf)
	odd.Points.Set(0, 0, nan)
	odd.PointValues[1] = nan
	odd.Centres, odd.Widths = linalg.MatrixOf(3, 2, []float64{nan, 0, 1, 1, 9, 9}), []float64{1, inf, 1e9}
	p := newPainter(t)
	for _, f := range []render.Field{
		{},
		odd,
		{Values: all(5)},
		{Values: all(nan)},
		{Values: all(0), Points: linalg.MatrixOf(1, 2, []float64{1, 1})},
		{Values: all(math.MaxFloat64)},
		{Values: linalg.NewMatrix[float64](1, 9)},
		{Values: linalg.NewMatrix[float64](1, 1), Pixels: true},
		{Points: linalg.MatrixOf(1, 2, []float64{4, -2})},
		{Points: linalg.MatrixOf(2, 2, []float64{nan, 1, 2, inf})},
		{Centres: linalg.MatrixOf(1, 2, []float64{4, -2}), Widths: []float64{3}},
		{Values: sample(4, 4, 0, 1, func(x, _ float64) float64 { return (x - 0.5) * math.MaxFloat64 })},
		{Values: all(1), X: render.Window{Lo: 0, Hi: 1e-9}, Y: render.Window{Lo: 0, Hi: 1e9}},
	} {
		for _, size := range []image.Point{{}, {1, 1}, {40, 30}, {250, 200}} {
			for _, ramp := range []render.Ramp{render.RampAuto, render.RampSigned} {
				f.Ramp, f.Selected = ramp, 0
				img := image.NewRGBA(image.Rectangle{Max: size})
				v := p.Field(img, f, render.DarkTheme())
				opaque(t, img)
				v.At(100, 100)
				v.Centre(100, 100)
				v.Point(20, 20)
			}
		}
	}
}

func TestFieldFitsEverySize(t *testing.T) {
	p := newPainter(t)
	for _, scale := range []float64{1, 1.5, 3} {
		for _, size := range []image.Point{{400, 300}, {300, 600}, {1200, 300}, {2400, 1600}} {
			theme := render.LightTheme()
			theme.Scale = scale
			img := image.NewRGBA(image.Rectangle{Max: size})
			p.Field(img, peaksField(30), theme)
			untouched(t, img, theme.Background)
		}
	}
}

// The sequential ramp rises evenly in luminance, so that equal steps of a
// field look equally large.
func TestSequentialRampIsEven(t *testing.T) {
	colours := render.RampSequential.Colours(true)
	lightness := func(c color.RGBA) float64 { // CIE L*
		linear := func(v uint8) float64 {
			if x := float64(v) / 255; x > 0.04045 {
				return math.Pow((x+0.055)/1.055, 2.4)
			}
			return float64(v) / 255 / 12.92
		}
		return 116*math.Cbrt(0.2126*linear(c.R)+0.7152*linear(c.G)+0.0722*linear(c.B)) - 16
	}
	whole := lightness(colours[254]) - lightness(colours[0])
	if whole < 65 {
		t.Errorf("lightness rises by %v only", whole)
	}
	for i := 16; i < len(colours); i += 16 {
		if step := lightness(colours[i]) - lightness(colours[i-16]); step < 0.6*whole*16/254 || step > 1.5*whole*16/254 {
			t.Errorf("from colour %d to %d: lightness +%.2f, evenly it were %.2f", i-16, i, step, whole*16/254)
		}
	}
}

func BenchmarkField(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	p := newPainter(b)
	f := peaksField(200)
	b.ReportAllocs()
	for b.Loop() {
		p.Field(img, f, render.DarkTheme())
	}
}
