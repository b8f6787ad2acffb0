package render_test

import (
	"fmt"
	"image"
	"math"
	"os"
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

func TestLookOutline(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK")
	}
	p := newPainter(t)
	for i, th := range []render.Theme{render.DarkTheme(), render.LightTheme()} {
		img := image.NewRGBA(image.Rect(0, 0, 900, 700))
		p.Outline(img, star(), th)
		writePNG(t, fmt.Sprint(dir, "/outline", i, ".png"), img)
	}
}
