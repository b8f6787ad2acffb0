package render_test

import (
	"fmt"
	"image"
	"math"
	"os"
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

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK")
	}
	p := newPainter(t)
	save := func(name string, w, h int, theme render.Theme, b render.Basis) {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		p.Basis(img, b, theme)
		writePNG(t, dir+"/"+name+".png", img)
	}
	for i, th := range []render.Theme{render.DarkTheme(), render.LightTheme()} {
		b := bumps(600, 20)
		save(fmt.Sprint("basis", i), 900, 700, th, b)
		b.Selected = 7
		save(fmt.Sprint("basissel", i), 900, 700, th, b)
		b.Weighted = true
		save(fmt.Sprint("stacksel", i), 900, 700, th, b)
		b.Selected = -1
		save(fmt.Sprint("stack", i), 900, 700, th, b)
		b.Weighted = false
		save(fmt.Sprint("basissmall", i), 400, 300, th, b)
		save(fmt.Sprint("pinv", i), 900, 700, th, pinv(600))
		th.Scale = 2
		save(fmt.Sprint("basis2x", i), 1600, 1200, th, b)
		b.Target = nil
		save(fmt.Sprint("basis2xnt", i), 1600, 1200, th, b)
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
