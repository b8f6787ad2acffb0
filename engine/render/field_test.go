package render_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
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

func TestLookField(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK")
	}
	p := newPainter(t)
	save := func(name string, w, h int, theme render.Theme, f render.Field) {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		p.Field(img, f, theme)
		writePNG(t, dir+"/"+name+".png", img)
	}
	for i, th := range []render.Theme{render.DarkTheme(), render.LightTheme()} {
		f := peaksField(200)
		save(fmt.Sprint("field", i), 900, 700, th, f)
		f.Ramp = render.RampSequential
		f.PointValues = nil
		f.Centres = linalg.MatrixOf(3, 2, []float64{0, 0, 1, 1.5, -1.2, -0.4})
		f.Widths = []float64{0.5, 0.8, 0.6}
		save(fmt.Sprint("fieldseq", i), 900, 700, th, f)
		f.Selected = 1
		save(fmt.Sprint("fieldsmall", i), 400, 300, th, f)
		th.Scale = 2
		save(fmt.Sprint("field2x", i), 1600, 1200, th, f)
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
