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

// torus is a mesh of 2·n·m triangles with outward normals.
func torus(n, m int) render.Surface {
	var s render.Surface
	for i := range n {
		for j := range m {
			su, cu := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			sv, cv := math.Sincos(2 * math.Pi * float64(j) / float64(m))
			s.Vertices = append(s.Vertices, [3]float64{(1 + 0.4*cv) * cu, (1 + 0.4*cv) * su, 0.4 * sv})
			s.Normals = append(s.Normals, [3]float64{cv * cu, cv * su, sv})
			a := int32(i*m + j)
			b := int32((i+1)%n*m + j)
			c := int32(i*m + (j+1)%m)
			d := int32((i+1)%n*m + (j+1)%m)
			s.Triangles = append(s.Triangles, [3]int32{a, b, d}, [3]int32{a, d, c})
		}
	}
	return s
}

func peaksSurface(n int) render.Surface {
	s := render.Surface{Heights: sample(n, n, -3, 3, peaks), X: render.Window{Lo: -3, Hi: 3}, Y: render.Window{Lo: -3, Hi: 3}}
	points, values := scattered(120, peaks)
	s.Points = linalg.NewMatrix[float64](120, 3)
	for i := range values {
		copy(s.Points.Row(i), []float64{points.At(i, 0), points.At(i, 1), values[i]})
	}
	return s
}

func TestLookSurface(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK")
	}
	p := newPainter(t)
	save := func(name string, w, h int, theme render.Theme, s render.Surface) {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		p.Surface(img, s, theme)
		writePNG(t, dir+"/"+name+".png", img)
	}
	for i, th := range []render.Theme{render.DarkTheme(), render.LightTheme()} {
		s := peaksSurface(120)
		save(fmt.Sprint("heights", i), 900, 700, th, s)
		s.Draft = true
		save(fmt.Sprint("heightsdraft", i), 900, 700, th, s)
		s.Draft = false
		s.Ramp = render.RampSequential
		s.Camera = render.Camera{Yaw: -2, Pitch: 0.3, Zoom: 1}
		save(fmt.Sprint("heightssmall", i), 400, 300, th, s)
		m := torus(200, 120)
		m.Camera = render.Camera{Yaw: 0.4, Pitch: 0.9, Zoom: 1, Perspective: 0.5}
		m.Points = linalg.NewMatrix[float64](300, 3)
		for k := range 300 {
			copy(m.Points.Row(k), m.Vertices[k*79%len(m.Vertices)][:])
		}
		save(fmt.Sprint("torus", i), 900, 700, th, m)
	}
}

func BenchmarkSurface(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	p := newPainter(b)
	for _, draft := range []bool{true, false} {
		s := torus(400, 125)
		s.Camera = render.Camera{Yaw: 0.4, Pitch: 0.9, Zoom: 1, Perspective: 0.5}
		s.Draft = draft
		b.Run(fmt.Sprintf("100k/draft=%v", draft), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Surface(img, s, render.DarkTheme())
			}
		})
		h := peaksSurface(200)
		h.Draft = draft
		b.Run(fmt.Sprintf("heights/draft=%v", draft), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Surface(img, h, render.DarkTheme())
			}
		})
	}
}
