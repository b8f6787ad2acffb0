package render_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"gonum.org/v1/gonum/mat"
)

func seed(x float64) float64 { return (x - 2) * (2*x + 1) / (1 + x*x) }

// bumps is the seed's example: m Gaussians on [-5, 10], with ridge weights that
// come from a few Gauss–Seidel sweeps, so that the tests need no solver.
func bumps(n, m int) render.Basis {
	b := render.Basis{Selected: -1}
	sigma := 15 / float64(m) * 1.2
	for j := range m {
		b.Centres = append(b.Centres, -5+15*float64(j)/float64(m-1))
		b.Widths = append(b.Widths, sigma)
	}
	phi := func(x float64, j int) float64 { d := (x - b.Centres[j]) / sigma; return math.Exp(-d * d / 2) }
	b.Phi = linalg.NewMatrix[float64](n, m)
	for i := range n {
		x := -5 + 15*float64(i)/float64(n-1)
		b.X, b.Target = append(b.X, x), append(b.Target, seed(x))
		for j := range m {
			b.Phi.Row(i)[j] = phi(x, j)
		}
	}
	b.Weights = make([]float64, m)
	left := append([]float64(nil), b.Target...)
	for range 30 {
		for j := range m {
			dot, norm := 0.0, 1e-3
			for i := range n {
				v := b.Phi.Row(i)[j]
				dot += v * left[i]
				norm += v * v
			}
			step := dot / norm
			b.Weights[j] += step
			for i := range n {
				left[i] -= step * b.Phi.Row(i)[j]
			}
		}
	}
	for i := range n {
		b.Fit = append(b.Fit, b.Target[i]-left[i])
	}
	for i := range 40 {
		x := -5 + 15*float64(i)/39
		b.PointX, b.PointY = append(b.PointX, x), append(b.PointY, seed(x)+0.15*math.Sin(40*x))
	}
	return b
}

// pinv is the seed's example exactly: twenty Gaussians, σ = 1.5, pseudo-inverse.
func pinv(n int) render.Basis {
	const m, sigma = 20, 1.5
	b := render.Basis{Selected: -1, Weighted: true}
	phi := func(x, c float64) float64 { d := (x - c) / sigma; return math.Exp(-d * d / 2) }
	for j := range m {
		b.Centres = append(b.Centres, -5+15*float64(j)/(m-1))
		b.Widths = append(b.Widths, sigma)
	}
	g, y := mat.NewDense(100, m, nil), mat.NewVecDense(100, nil)
	for i := range 100 {
		x := -5 + 15*float64(i)/99
		b.PointX, b.PointY = append(b.PointX, x), append(b.PointY, seed(x))
		y.SetVec(i, seed(x))
		for j, c := range b.Centres {
			g.Set(i, j, phi(x, c))
		}
	}
	var svd mat.SVD
	svd.Factorize(g, mat.SVDThin)
	var w mat.VecDense
	svd.SolveVecTo(&w, y, m)
	b.Weights = w.RawVector().Data
	b.Phi = linalg.NewMatrix[float64](n, m)
	for i := range n {
		x := -5 + 15*float64(i)/float64(n-1)
		b.X, b.Target, b.Fit = append(b.X, x), append(b.Target, seed(x)), append(b.Fit, 0)
		for j, c := range b.Centres {
			b.Phi.Row(i)[j] = phi(x, c)
			b.Fit[i] += b.Weights[j] * phi(x, c)
		}
	}
	return b
}

func newPainter(t testing.TB) *render.Painter {
	t.Helper()
	p, err := render.NewPainter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBasisGoldens(t *testing.T) {
	twice := render.LightTheme()
	twice.Scale = 2
	selected := bumps(300, 12)
	selected.Selected = 5
	points := bumps(300, 12)
	points.Target = nil
	tail := bumps(300, 8)
	for i := range tail.Fit {
		tail.Fit[i] += 1 + 0.2*tail.X[i]
	}
	tail.Weighted, tail.Selected = true, 3
	for _, test := range []struct {
		name  string
		w, h  int
		basis render.Basis
		theme render.Theme
	}{
		{"basis-dark", 400, 300, bumps(300, 12), render.DarkTheme()},
		{"basis-selected-light", 400, 300, selected, render.LightTheme()},
		{"basis-points-2x", 600, 500, points, twice},
		{"basis-cancelling-dark", 400, 300, pinv(300), render.DarkTheme()},
		{"basis-tail-light", 400, 300, tail, render.LightTheme()},
		{"basis-empty", 300, 200, render.Basis{Selected: -1}, render.DarkTheme()},
		{"basis-message", 300, 200, render.Basis{Message: "three points are too few for a tail of degree 2"}, render.LightTheme()},
		{"basis-one-point", 400, 300, render.Basis{PointX: []float64{3}, PointY: []float64{7}, Selected: -1}, render.DarkTheme()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPainter(t)
			goldenFrames(t, test.name, test.w, test.h, func(img *image.RGBA) { p.Basis(img, test.basis, test.theme) })
		})
	}
}

func TestBasisViewMapsPixels(t *testing.T) {
	b := bumps(301, 12)
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	v := newPainter(t).Basis(img, b, render.DarkTheme())
	for j, c := range b.Centres {
		px, py := v.Handle(c)
		for _, d := range []float64{-3, 0, 3} {
			if got := v.Centre(px+d, py-d); got != j {
				t.Errorf("Centre at the mark of %d = %d", j, got)
			}
		}
		if got := v.Basis.ValueX(px); math.Abs(got-c) > 1e-9 {
			t.Errorf("ValueX(Handle(%v)) = %v", c, got)
		}
	}
	if got := v.Centre(v.Handle(b.Centres[3] + 0.6)); got != -1 {
		t.Errorf("Centre between two marks = %d", got)
	}
	for _, i := range []int{0, 1, 150, 300} {
		if got := v.Index(v.Fit.PixelX(b.X[i])); got != i {
			t.Errorf("Index at sample %d = %d", i, got)
		}
	}
	if got := v.Index(float64(v.Span().Min.X) - 2); got != -1 {
		t.Errorf("Index left of the panels = %d", got)
	}
	if v.Basis.X != v.Fit.X || v.Fit.X != v.Residual.X || v.Basis.Area.Min.X != v.Residual.Area.Min.X || v.Basis.Area.Max.X != v.Fit.Area.Max.X {
		t.Error("the panels do not share their x axis")
	}
	if !v.Residual.Area.In(v.Span()) || !v.Basis.Area.In(v.Span()) {
		t.Error("the span does not hold the panels")
	}
	// The fit goes through its own pixels.
	accent := color.RGBA{0x4a, 0x90, 0xe2, 255}
	for _, i := range []int{40, 150, 260} {
		x, y := int(v.Fit.PixelX(b.X[i])), int(v.Fit.PixelY(b.Fit[i]))
		if got := img.RGBAAt(x, y); int(got.B) < int(accent.B)-30 || got.R > 0x60 {
			t.Errorf("pixel (%d,%d) of the fit is %v", x, y, got)
		}
	}
}

// The two stacks end where their sums say, and their difference is the fit.
func TestStackedBasisAddsUp(t *testing.T) {
	b := bumps(301, 12)
	b.Weighted = true
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	theme := render.DarkTheme()
	v := newPainter(t).Basis(img, b, theme)
	for _, i := range []int{20, 100, 150, 280} {
		up, down := 0.0, 0.0
		for j, phi := range b.Phi.Row(i) {
			up, down = up+max(0, b.Weights[j]*phi), down+min(0, b.Weights[j]*phi)
		}
		x := int(v.Basis.PixelX(b.X[i]))
		for _, edge := range []struct {
			y    float64
			side int
		}{{v.Basis.PixelY(up), -1}, {v.Basis.PixelY(down), 1}} {
			outside := img.RGBAAt(x, int(edge.y)+7*edge.side)
			if r, g := int(outside.R), int(outside.G); max(r, g) > 90 {
				t.Errorf("sample %d: %v beyond the stack", i, outside)
			}
		}
		if math.Abs(up+down-b.Fit[i]) > 1e-9 {
			t.Errorf("sample %d: %v, want the fit %v", i, up+down, b.Fit[i])
		}
	}
}

func TestBasisTakesAnything(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	short := bumps(100, 5)
	short.Fit, short.Weights, short.Widths = short.Fit[:7], short.Weights[:2], short.Widths[:1]
	broken := bumps(100, 5)
	broken.Fit[3], broken.Target[5], broken.PointY[0], broken.PointX[1] = nan, inf, nan, inf
	broken.Phi.Set(4, 2, nan)
	broken.Centres[2], broken.Widths[1] = nan, inf
	broken.Weights[0] = 1e308
	huge := bumps(100, 5)
	for i := range huge.Fit {
		huge.Fit[i] *= 1e300
	}
	many := bumps(100, 60)
	p := newPainter(t)
	for _, b := range []render.Basis{
		{},
		short,
		broken,
		huge,
		many,
		{X: []float64{1}, Fit: []float64{2}},
		{X: []float64{1, 1, 1}, Fit: []float64{2, 3, 4}, Target: []float64{1, 1, 1}},
		{X: []float64{nan, nan}, Fit: []float64{nan, nan}},
		{X: []float64{0, 1}, Fit: []float64{5, 5}, Window: render.Window{Lo: -1e300, Hi: 1e300}},
		{PointX: []float64{1, 2, 3}, PointY: []float64{1, nan, 3}, Window: render.Window{Lo: 100, Hi: 200}},
		{PointX: []float64{-math.MaxFloat64, math.MaxFloat64}, PointY: []float64{0, 1}},
	} {
		for _, weighted := range []bool{false, true} {
			for _, selected := range []int{-1, 0, 4, 99} {
				b.Weighted, b.Selected = weighted, selected
				for _, size := range []image.Point{{}, {1, 1}, {60, 300}, {400, 60}, {200, 160}} {
					img := image.NewRGBA(image.Rectangle{Max: size})
					v := p.Basis(img, b, render.DarkTheme())
					opaque(t, img)
					v.Centre(10, 10)
					v.Index(50)
				}
			}
		}
	}
}

// At no size does a label leave the picture or a panel its neighbours.
func TestBasisFitsEverySize(t *testing.T) {
	p := newPainter(t)
	for _, scale := range []float64{1, 1.25, 2, 3} {
		for _, size := range []image.Point{{400, 300}, {640, 400}, {900, 700}, {1600, 400}, {2400, 1600}} {
			theme := render.LightTheme()
			theme.Scale = scale
			img := image.NewRGBA(image.Rectangle{Max: size})
			v := p.Basis(img, bumps(200, 10), theme)
			untouched(t, img, theme.Background)
			if v.Basis.Area.Empty() {
				continue
			}
			if v.Basis.Area.Max.Y >= v.Fit.Area.Min.Y || v.Fit.Area.Max.Y >= v.Residual.Area.Min.Y {
				t.Errorf("%v at %v: panels overlap", size, scale)
			}
		}
	}
}

// untouched fails the test when anything is drawn on the outermost pixels.
func untouched(t *testing.T, img *image.RGBA, background color.RGBA) {
	t.Helper()
	b := img.Rect
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if (x == b.Min.X || x == b.Max.X-1 || y == b.Min.Y || y == b.Max.Y-1) && img.RGBAAt(x, y) != background {
				t.Fatalf("pixel (%d,%d) of %v is %v", x, y, b.Max, img.RGBAAt(x, y))
			}
		}
	}
}

func BenchmarkBasis(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	for _, test := range []struct {
		name     string
		m        int
		weighted bool
	}{{"functions", 20, false}, {"stacked", 20, true}, {"300", 300, false}} {
		b.Run(test.name, func(b *testing.B) {
			p := newPainter(b)
			data := bumps(900, test.m)
			data.Weighted = test.weighted
			b.ReportAllocs()
			for b.Loop() {
				p.Basis(img, data, render.DarkTheme())
			}
		})
	}
}
