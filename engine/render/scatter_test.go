package render_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// clusters returns n points around ten places, one a class.
func clusters(n int) render.Scatter {
	rng := rand.New(rand.NewPCG(7, 0))
	s := render.Scatter{XName: "unit 0", YName: "unit 1"}
	for k := range 10 {
		s.Names = append(s.Names, fmt.Sprint(k))
	}
	for i := range n {
		k := i % 10
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / 10)
		s.X = append(s.X, 2*cos+0.4*rng.NormFloat64())
		s.Y = append(s.Y, 2*sin+0.4*rng.NormFloat64())
		s.Class = append(s.Class, k)
	}
	return s
}

func TestScatterGoldens(t *testing.T) {
	p := newPainter(t)
	img := image.NewRGBA(image.Rect(0, 0, 460, 340))
	p.Scatter(img, clusters(600), render.DarkTheme())
	opaque(t, img)
	golden(t, "scatter-dark", img)

	s := clusters(300)
	s.Images, s.Geometry, s.Range, s.Zoom = linalg.NewMatrix[float32](300, 64), grey(8, 8), render.UnitRange(), 2
	w := gabors(300, 8)
	for i, v := range w.Data {
		s.Images.Data[i] = float32(0.5 + 0.5*v)
	}
	img = image.NewRGBA(image.Rect(0, 0, 460, 340))
	light := render.LightTheme()
	light.Scale = 1.5
	v := p.Scatter(img, s, light)
	opaque(t, img)
	golden(t, "scatter-tiles-light", img)
	if len(v.Tiles) < 40 || len(v.Tiles) > 250 {
		t.Errorf("%d images drawn of 300", len(v.Tiles))
	}
	for i, a := range v.Tiles {
		if !a.Rect.In(v.Area) {
			t.Errorf("image %d leaves the picture", a.Point)
		}
		for _, b := range v.Tiles[:i] {
			if a.Rect.Overlaps(b.Rect) {
				t.Fatalf("images %d and %d overlap", a.Point, b.Point)
			}
		}
		if got := v.Point(float64(a.Rect.Min.X)+1, float64(a.Rect.Max.Y)-1); got != a.Point {
			t.Errorf("the image of %d is that of %d", a.Point, got)
		}
	}
}

func TestScatterFindsPoints(t *testing.T) {
	s := clusters(20)
	s.X[4] = math.NaN()
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	v := newPainter(t).Scatter(img, s, render.LightTheme())
	for i := range s.X {
		at, ok := v.Place(i)
		if ok != (i != 4) {
			t.Errorf("point %d has a place: %v", i, ok)
		}
		if !ok {
			continue
		}
		if got := v.Point(float64(at.X)+0.5, float64(at.Y)+0.5); got != i {
			t.Errorf("at the place of %d is %d", i, got)
		}
		if x, y := v.ValueX(float64(at.X)+0.5), v.ValueY(float64(at.Y)+0.5); math.Abs(x-s.X[i]) > 0.02 || math.Abs(y-s.Y[i]) > 0.02 {
			t.Errorf("point %d at (%v, %v), want (%v, %v)", i, x, y, s.X[i], s.Y[i])
		}
	}
	if got := v.Point(float64(v.Area.Min.X), float64(v.Area.Min.Y)); got != -1 {
		t.Errorf("point %d in the corner", got)
	}
	if _, ok := v.Place(20); ok {
		t.Error("a point that is not there has a place")
	}
}

func TestScatterTakesAnything(t *testing.T) {
	p := newPainter(t)
	nan, inf := math.NaN(), math.Inf(1)
	for _, s := range []render.Scatter{
		{},
		{Message: "no codes"},
		{X: []float64{nan, inf}, Y: []float64{1, 2}},
		{X: []float64{3, 3}, Y: []float64{0, 0}, Class: []int{9, -1}, Names: []string{"a"}},
		{X: []float64{1e300, -1e300}, Y: []float64{1e-300, 0}},
		{X: []float64{1, 2}, Y: []float64{1, 2}, Zoom: 3, Images: linalg.NewMatrix[float32](2, 5), Geometry: grey(2, 2)},
	} {
		for _, size := range []image.Point{{}, {5, 5}, {300, 200}} {
			img := image.NewRGBA(image.Rectangle{Max: size})
			v := p.Scatter(img, s, render.DarkTheme())
			opaque(t, img)
			v.Point(10, 10)
		}
	}
}

// A window grows at once and shrinks late, so that the picture rests.
func TestWindowFollows(t *testing.T) {
	w := render.Window{}.Follow(-1, 1)
	if !(w.Lo < -1 && w.Hi > 1 && w.Hi-w.Lo < 3) {
		t.Fatalf("window %v around ±1", w)
	}
	if got := w.Follow(-0.6, 0.7); got != w {
		t.Errorf("smaller values change %v to %v", w, got)
	}
	if got := w.Follow(-0.2, 0.3); !(got.Hi-got.Lo < 1) {
		t.Errorf("much smaller values leave %v", got)
	}
	if got := w.Follow(-1, 4); !(got.Hi > 4) {
		t.Errorf("larger values in %v", got)
	}
	if got := w.Follow(math.NaN(), 1); got != w {
		t.Errorf("no values give %v", got)
	}
	if got := (render.Window{}).Follow(2, 2); !(got.Lo < 2 && got.Hi > 2) {
		t.Errorf("one value in %v", got)
	}
}

func TestClassMarksDiffer(t *testing.T) {
	seen := map[string]bool{}
	for k := range 56 {
		c, shape := render.ClassMark(k, true)
		seen[fmt.Sprint(c, shape)] = true
	}
	if len(seen) != 56 {
		t.Errorf("%d marks for 56 classes", len(seen))
	}
}

func TestColumnsGolden(t *testing.T) {
	c := render.Columns{
		Title: "error without the unit", XName: "unit, most important first", Selected: 3,
		Marks: []render.Marker{{X: 6.2, Label: "effective 6.2", Colour: render.SeriesColours(true)[1]}},
	}
	sum := 0.0
	for i := range 24 {
		v := 3*math.Exp(-float64(i)/5) - 0.15
		c.Values, c.Muted = append(c.Values, v), append(c.Muted, i > 15)
		sum += math.Exp(-float64(i) / 5)
		c.Line = append(c.Line, sum*(1-math.Exp(-0.2)))
	}
	c.Values[20] = math.NaN()
	img := image.NewRGBA(image.Rect(0, 0, 420, 190))
	v := newPainter(t).Columns(img, c, render.DarkTheme())
	opaque(t, img)
	golden(t, "columns-dark", img)
	for i := range 24 {
		if got := v.At(v.PixelX(float64(i) + 0.5)); got != i {
			t.Errorf("the middle of bar %d is in bar %d", i, got)
		}
	}
	if v.At(float64(v.Area.Min.X)-1) != -1 || v.At(float64(v.Area.Max.X)) != -1 {
		t.Error("there are bars beside the picture")
	}
	for _, c := range []render.Columns{
		{},
		{Values: []float64{math.NaN()}},
		{Values: []float64{0, 0}, Line: []float64{1}},
		{Values: make([]float64, 5000), Selected: 4999},
		{Values: []float64{-1, -2, math.Inf(1)}, Line: []float64{0, math.NaN(), 1}},
	} {
		for _, size := range []image.Point{{}, {9, 9}, {200, 120}} {
			img := image.NewRGBA(image.Rectangle{Max: size})
			newPainter(t).Columns(img, c, render.LightTheme())
			opaque(t, img)
		}
	}
}

func TestImageRowsGolden(t *testing.T) {
	w := gabors(9, 8)
	images := linalg.NewMatrix[float32](9, 64)
	for i, v := range w.Data {
		images.Data[i] = float32(0.5 + 0.5*v)
	}
	rows := []render.ImageRow{
		{Title: "the code decoded", Images: images.Slice(0, 1), Zoom: 10, Marked: -1},
		{Title: "unit 0 from −3 to 3", Images: images, Zoom: 3, Marked: 4},
		{Title: "none", Zoom: 2, Marked: 3},
	}
	theme := render.DarkTheme()
	img := image.NewRGBA(image.Rect(0, 0, 260, theme.ImageRowsHeight(8, 10, 3, 2)))
	views := newPainter(t).ImageRows(img, rows, grey(8, 8), render.UnitRange(), theme)
	opaque(t, img)
	golden(t, "image-rows-dark", img)
	for k, row := range rows[:2] {
		for i := range row.Images.Rows {
			c := views[k].Grid.Cell(i).Add(views[k].At)
			if !c.In(img.Rect) {
				t.Errorf("image %d of row %d leaves the picture", i, k)
			}
			if got, px, py := views[k].Image(c.Min.Add(image.Pt(2*row.Zoom, 5*row.Zoom))); got != i || px != 2 || py != 5 {
				t.Errorf("image %d of row %d is %d at (%d, %d)", i, k, got, px, py)
			}
		}
	}
	small := image.NewRGBA(image.Rect(0, 0, 50, 30))
	newPainter(t).ImageRows(small, rows, grey(8, 8), render.UnitRange(), theme)
	opaque(t, small)
}
