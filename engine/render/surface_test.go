package render_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
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

func TestSurfaceGoldens(t *testing.T) {
	twice := render.LightTheme()
	twice.Scale = 2
	meshed := torus(60, 30)
	meshed.Camera = render.Camera{Yaw: 0.4, Pitch: 0.9, Zoom: 1, Perspective: 0.5}
	meshed.Points = linalg.NewMatrix[float64](60, 3)
	for k := range 60 {
		copy(meshed.Points.Row(k), meshed.Vertices[k*29%len(meshed.Vertices)][:])
	}
	bare := torus(60, 30)
	bare.Normals, bare.Draft = nil, true
	low := peaksSurface(40)
	low.Ramp, low.Points = render.RampSigned, linalg.Matrix[float64]{}
	low.Camera = render.Camera{Yaw: 2.5, Pitch: -0.4, Zoom: 1}
	holes := peaksSurface(40)
	for i := range 6 {
		holes.Heights.Set(18+i/2, 20+i%3, math.NaN())
	}
	for _, test := range []struct {
		name    string
		w, h    int
		surface render.Surface
		theme   render.Theme
	}{
		{"surface-heights-dark", 400, 300, peaksSurface(40), render.DarkTheme()},
		{"surface-heights-2x", 600, 500, peaksSurface(40), twice},
		{"surface-below", 300, 240, low, render.LightTheme()},
		{"surface-holes", 300, 240, holes, render.DarkTheme()},
		{"surface-torus", 300, 240, meshed, render.LightTheme()},
		{"surface-draft", 300, 240, bare, render.DarkTheme()},
		{"surface-points", 300, 240, render.Surface{Points: meshed.Points}, render.DarkTheme()},
		{"surface-empty", 300, 200, render.Surface{}, render.LightTheme()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPainter(t)
			goldenFrames(t, test.name, test.w, test.h, func(img *image.RGBA) { p.Surface(img, test.surface, test.theme) })
		})
	}
}

// sphere is a closed mesh around c.
func sphere(n int, r float64) render.Surface {
	s := torus(n, n)
	for i := range s.Vertices {
		a, b := math.Pi*float64(i%n)/float64(n-1), 2*math.Pi*float64(i/n)/float64(n)
		sa, ca := math.Sincos(a)
		sb, cb := math.Sincos(b)
		s.Normals[i] = [3]float64{sa * cb, sa * sb, ca}
		s.Vertices[i] = [3]float64{r * sa * cb, r * sa * sb, r * ca}
	}
	return s
}

// However a sphere is turned, there is no hole in it and it ends where it must.
func TestSurfaceHasNoHoles(t *testing.T) {
	p := newPainter(t)
	theme := render.Theme{Background: color.RGBA{255, 0, 255, 255}}
	for _, draft := range []bool{true, false} {
		for i := range 12 {
			s := sphere(64, 2)
			s.Draft = draft
			s.Camera = render.Camera{Yaw: 0.7 * float64(i), Pitch: -1.5 + 0.27*float64(i), Zoom: 1, Perspective: float64(i%3) / 2}
			img := image.NewRGBA(image.Rect(0, 0, 181, 160))
			v := p.Surface(img, s, theme)
			cx, cy, _ := v.Project(0, 0, 0)
			// The silhouette of a sphere, as far as a chord of the mesh.
			r := 0.0
			for _, q := range s.Vertices {
				px, py, _ := v.Project(q[0], q[1], q[2])
				r = max(r, math.Hypot(px-cx, py-cy))
			}
			for y := range img.Rect.Dy() {
				for x := range img.Rect.Dx() {
					d := math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)
					_, _, _, solid := v.At(float64(x)+0.5, float64(y)+0.5)
					if d < 0.985*r-1 && (!solid || img.RGBAAt(x, y).G < 20) {
						t.Fatalf("view %d: hole at (%d,%d)", i, x, y)
					}
					if d > r+1 && (solid || img.RGBAAt(x, y) != theme.Background) {
						t.Fatalf("view %d: (%d,%d) beyond the silhouette is %v", i, x, y, img.RGBAAt(x, y))
					}
				}
			}
			if r < 60 || r > 80 {
				t.Errorf("view %d: the sphere has a radius of %v of 80 pixels", i, r)
			}
		}
	}
}

func TestSurfaceViewProjectsAndReads(t *testing.T) {
	p := newPainter(t)
	img := image.NewRGBA(image.Rect(0, 0, 500, 400))
	for _, draft := range []bool{true, false} {
		s := peaksSurface(100)
		s.Points, s.Draft = linalg.Matrix[float64]{}, draft
		v := p.Surface(img, s, render.DarkTheme())
		for _, at := range [][2]float64{{0, 1.6}, {-0.5, -0.5}, {2.5, -2.5}} {
			px, py, _ := v.Project(at[0], at[1], peaks(at[0], at[1]))
			x, y, z, ok := v.At(px, py)
			if !ok || math.Abs(x-at[0]) > 0.05 || math.Abs(y-at[1]) > 0.05 || math.Abs(z-peaks(x, y)) > 0.15 {
				t.Errorf("At(pixel of %v) = %v, %v, %v (%v)", at, x, y, z, ok)
			}
		}
		if _, _, _, ok := v.At(2, 2); ok {
			t.Error("a surface in the corner")
		}
		if _, _, _, ok := v.At(-5, 1e9); ok {
			t.Error("a surface outside the picture")
		}
	}
	// What is nearer is deeper: the front of a sphere hides its back.
	s := sphere(40, 1)
	s.Camera = render.Camera{Zoom: 1, Perspective: 1}
	v := p.Surface(img, s, render.DarkTheme())
	if _, _, near := v.Project(0, -1, 0); near <= 0 {
		t.Errorf("depth of the near side %v", near)
	}
	if _, y, _, ok := v.At(250, 200); !ok || y > -0.98 {
		t.Errorf("the middle shows y = %v, want the near side", y)
	}
}

func TestCamera(t *testing.T) {
	if got := (render.Camera{}).Turned(0, 0); got != render.DefaultCamera() {
		t.Errorf("the zero camera is %v", got)
	}
	c := render.DefaultCamera().Turned(1e6, 1e6)
	if math.Abs(c.Yaw) > math.Pi || c.Pitch != math.Pi/2 {
		t.Errorf("turned far: %v", c)
	}
	if got := c.Zoomed(1000).Zoom; got != 20 {
		t.Errorf("zoomed far in: %v", got)
	}
	if got := c.Zoomed(-1000).Zoom; got != 0.2 {
		t.Errorf("zoomed far out: %v", got)
	}
	// The body follows the pointer: to the right, and down at its near side.
	img := image.NewRGBA(image.Rect(0, 0, 300, 300))
	s := sphere(20, 1)
	s.Camera = render.Camera{Zoom: 1}
	p := newPainter(t)
	x0, y0, _ := p.Surface(img, s, render.DarkTheme()).Project(0, -1, 0)
	s.Camera = s.Camera.Turned(40, 40)
	x1, y1, _ := p.Surface(img, s, render.DarkTheme()).Project(0, -1, 0)
	if x1 <= x0 || y1 <= y0 {
		t.Errorf("dragged right and down, the near side went from (%v,%v) to (%v,%v)", x0, y0, x1, y1)
	}
}

func TestSurfaceTakesAnything(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	odd := torus(12, 8)
	odd.Vertices[3] = [3]float64{nan, 0, 0}
	odd.Vertices[9] = [3]float64{inf, 0, 0}
	odd.Normals[5] = [3]float64{0, 0, 0}
	odd.Triangles[0] = [3]int32{-1, 2, 3}
	odd.Triangles[1] = [3]int32{0, 1, 1 << 30}
	odd.Triangles[2] = [3]int32{4, 4, 4}
	flat := func(v float64) linalg.Matrix[float64] {
		return sample(4, 5, 0, 1, func(_, _ float64) float64 { return v })
	}
	p := newPainter(t)
	for _, s := range []render.Surface{
		{},
		odd,
		{Vertices: [][3]float64{{1, 2, 3}}},
		{Vertices: [][3]float64{{nan, nan, nan}}, Triangles: [][3]int32{{0, 0, 0}}},
		{Vertices: [][3]float64{{1e300, 0, 0}, {-1e300, 1, 0}, {0, 1e300, 0}}, Triangles: [][3]int32{{0, 1, 2}}},
		{Heights: flat(3)},
		{Heights: flat(nan)},
		{Heights: flat(0), X: render.Window{Lo: 0, Hi: 1e-12}, Y: render.Window{Lo: 0, Hi: 1e12}},
		{Heights: sample(3, 3, 0, 1, func(x, _ float64) float64 { return (x - 0.5) * math.MaxFloat64 })},
		{Heights: linalg.NewMatrix[float64](1, 7)},
		{Points: linalg.MatrixOf(1, 3, []float64{5, 5, 5})},
		{Points: linalg.MatrixOf(2, 3, []float64{nan, 1, 2, 3, 4, 5})},
		{Points: linalg.NewMatrix[float64](3, 2)},
	} {
		for _, camera := range []render.Camera{{}, {Pitch: math.Pi / 2, Zoom: 20, Perspective: 1}, {Yaw: nan, Zoom: inf}} {
			for _, size := range []image.Point{{}, {1, 1}, {30, 200}, {200, 150}} {
				for _, draft := range []bool{false, true} {
					s.Camera, s.Draft = camera, draft
					img := image.NewRGBA(image.Rectangle{Max: size})
					v := p.Surface(img, s, render.DarkTheme())
					opaque(t, img)
					v.At(20, 20)
				}
			}
		}
	}
}

func TestSurfaceFitsEverySize(t *testing.T) {
	p := newPainter(t)
	for _, scale := range []float64{1, 1.5, 3} {
		for i, size := range []image.Point{{400, 300}, {300, 600}, {1200, 300}} {
			for _, s := range []render.Surface{peaksSurface(20), torus(30, 20)} {
				theme := render.LightTheme()
				theme.Scale = scale
				s.Camera = render.Camera{Yaw: float64(i) + scale, Pitch: scale - 1.5, Zoom: 1, Perspective: float64(i) / 2}
				img := image.NewRGBA(image.Rectangle{Max: size})
				p.Surface(img, s, theme)
				untouched(t, img, theme.Background)
			}
		}
	}
}

// The picture does not depend on how many goroutines draw it, nor on where in a
// larger picture it lies.
func TestSurfaceIsTheSameForAllWorkers(t *testing.T) {
	defer linalg.SetWorkers(0)
	p := newPainter(t)
	s := peaksSurface(50)
	var want []uint8
	for _, workers := range []int{1, 2, 5} {
		linalg.SetWorkers(workers)
		img := image.NewRGBA(image.Rect(0, 0, 200, 300))
		p.Surface(img, s, render.DarkTheme())
		if want == nil {
			want = img.Pix
		}
		if string(want) != string(img.Pix) {
			t.Errorf("%d workers draw another picture", workers)
		}
	}
	whole := image.NewRGBA(image.Rect(0, 0, 300, 400))
	part := whole.SubImage(image.Rect(50, 60, 250, 360)).(*image.RGBA)
	v := p.Surface(part, s, render.DarkTheme())
	for y := range 300 {
		if string(part.Pix[y*part.Stride:y*part.Stride+800]) != string(want[y*800:y*800+800]) {
			t.Fatalf("line %d differs inside a larger picture", y)
		}
	}
	px, py, _ := v.Project(0, 0, 0)
	if !image.Pt(int(px), int(py)).In(part.Rect) {
		t.Errorf("Project = (%v,%v), outside %v", px, py, part.Rect)
	}
}

// Buffers are kept: a frame like the last one makes little garbage.
func TestPicturesKeepTheirBuffers(t *testing.T) {
	p := newPainter(t)
	img := image.NewRGBA(image.Rect(0, 0, 300, 240))
	b, f, s := bumps(200, 10), peaksField(40), torus(40, 20)
	theme := render.DarkTheme()
	for _, test := range []struct {
		name string
		most float64
		draw func()
	}{
		{"basis", 200, func() { p.Basis(img, b, theme) }},
		{"field", 250, func() { p.Field(img, f, theme) }},
		{"surface", 40, func() { p.Surface(img, s, theme) }},
	} {
		test.draw()
		if got := testing.AllocsPerRun(5, test.draw); got > test.most {
			t.Errorf("%s: %v allocations a frame", test.name, got)
		}
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
