package render_test

import (
	"image"
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// star is a noisy star with normals, and an implicit function around it.
func star() render.Outline {
	radius := func(a float64) float64 { return 1 + 0.3*math.Cos(5*a) }
	o := render.Outline{X: render.Window{Lo: -1.6, Hi: 1.6}, Y: render.Window{Lo: -1.6, Hi: 1.6}}
	o.Values = sample(120, 120, -1.6, 1.6, func(x, y float64) float64 { return math.Hypot(x, y) - radius(math.Atan2(y, x)) })
	o.Curves = render.Contours(o.Values, o.X, o.Y, 0)
	o.Points, o.Normals = linalg.NewMatrix[float64](80, 2), linalg.NewMatrix[float64](80, 2)
	for i := range 80 {
		a := 2 * math.Pi * float64(i) / 80
		sin, cos := math.Sincos(a)
		r := radius(a) + 0.02*math.Sin(37*a)
		slope := -1.5 * math.Sin(5*a)
		copy(o.Points.Row(i), []float64{r * cos, r * sin})
		copy(o.Normals.Row(i), []float64{r*cos + slope*sin, r*sin - slope*cos})
	}
	return o
}

func TestOutlineGoldens(t *testing.T) {
	alone := render.Outline{Curves: star().Curves}
	for _, test := range []struct {
		name    string
		outline render.Outline
		theme   render.Theme
	}{
		{"outline-dark", star(), render.DarkTheme()},
		{"outline-light", star(), render.LightTheme()},
		{"outline-curves", alone, render.LightTheme()},
		{"outline-empty", render.Outline{}, render.DarkTheme()},
	} {
		t.Run(test.name, func(t *testing.T) {
			img := image.NewRGBA(image.Rect(0, 0, 300, 260))
			v := newPainter(t).Outline(img, test.outline, test.theme)
			opaque(t, img)
			golden(t, test.name, img)
			if test.outline.Points.Rows > 0 {
				px, py := v.PixelX(test.outline.Points.At(5, 0)), v.PixelY(test.outline.Points.At(5, 1))
				if got := v.Point(px, py); got != 5 {
					t.Errorf("Point at point 5 = %d", got)
				}
			}
		})
	}
}

func TestOutlineTakesAnything(t *testing.T) {
	nan := math.NaN()
	p := newPainter(t)
	for _, o := range []render.Outline{
		{Curves: []render.Polyline{nil, {{1, 1}}, {{nan, 0}, {1, 1}}}},
		{Points: linalg.MatrixOf(1, 2, []float64{1, 1}), Normals: linalg.MatrixOf(1, 2, []float64{0, 0})},
		{Points: linalg.MatrixOf(2, 2, []float64{1, 1, nan, nan}), Normals: linalg.MatrixOf(2, 2, []float64{nan, 0, 1, 0})},
		{Points: linalg.NewMatrix[float64](5, 2)},
		{Values: sample(3, 3, 0, 1, func(_, _ float64) float64 { return nan })},
	} {
		for _, size := range []image.Point{{}, {30, 30}, {200, 100}} {
			img := image.NewRGBA(image.Rectangle{Max: size})
			v := p.Outline(img, o, render.LightTheme())
			opaque(t, img)
			v.At(50, 50)
		}
	}
}
