package render_test

import (
	"image"
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// chosen is a network that has nearly found x+1, x² and 2x among five
// operations; sharp says how nearly.
func chosen(n int, sharp float64) render.Selection {
	operations := []func(x float64) float64{
		func(x float64) float64 { return x + 1 },
		func(x float64) float64 { return x * x },
		func(x float64) float64 { return 2 * x },
		func(x float64) float64 { return -x },
		math.Sin,
	}
	s := render.Selection{
		Names:  []string{"x+1", "x²", "2x", "−x", "sin x"},
		Shares: linalg.NewMatrix[float64](n, 5),
		Pieces: []render.Piece{{From: -3, To: -1, Operation: 0}, {From: -1, To: 1, Operation: 1}, {From: 1, To: 3, Operation: 2}},
		Note:   "arg-max right on 97.2 %",
	}
	for i := range n {
		x := -3 + 6*float64(i)/float64(n-1)
		score := [5]float64{-sharp * (x + 1), 0.2 * sharp, sharp * (x - 1), 0.1 * x, -0.3}
		sum, soft, best := 0.0, 0.0, 0
		for k, v := range score {
			sum += math.Exp(v)
			if v > score[best] {
				best = k
			}
		}
		for k, f := range operations {
			s.Shares.Set(i, k, math.Exp(score[k])/sum)
			soft += math.Exp(score[k]) / sum * f(x)
		}
		piece := 0
		if x >= -1 {
			piece++
		}
		if x >= 1 {
			piece++
		}
		s.X, s.Target, s.Soft, s.Hard = append(s.X, x), append(s.Target, operations[piece](x)), append(s.Soft, soft), append(s.Hard, operations[best](x))
	}
	return s
}

func TestSelectionGoldens(t *testing.T) {
	twice := render.LightTheme()
	twice.Scale = 2
	start := chosen(200, 0)
	for i, x := range start.X { // where the untrained arg-max stays
		start.Hard[i] = -x
	}
	start.Note, start.HardName = "", "arg-max, trained"
	bare := chosen(200, 4)
	bare.Pieces, bare.Target, bare.Hard, bare.Soft = nil, nil, nil, nil
	wrong := chosen(200, 4)
	wrong.Shares.Cols, wrong.Names = 4, wrong.Names[:3]
	wrong.Pieces = append(wrong.Pieces, render.Piece{From: -1, To: 0, Operation: 3})
	for _, test := range []struct {
		name  string
		w, h  int
		s     render.Selection
		theme render.Theme
	}{
		{"selection-dark", 480, 360, chosen(300, 8), render.DarkTheme()},
		{"selection-light-2x", 800, 640, chosen(300, 3), twice},
		{"selection-start-light", 480, 360, start, render.LightTheme()},
		{"selection-shares-alone", 300, 240, bare, render.DarkTheme()},
		{"selection-no-shares", 300, 240, wrong, render.LightTheme()},
		{"selection-empty", 300, 200, render.Selection{}, render.DarkTheme()},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPainter(t)
			goldenFrames(t, test.name, test.w, test.h, func(img *image.RGBA) { p.Selection(img, test.s, test.theme) })
		})
	}
}

func TestSelectionView(t *testing.T) {
	s := chosen(301, 5)
	img := image.NewRGBA(image.Rect(0, 0, 900, 700))
	v := newPainter(t).Selection(img, s, render.DarkTheme())
	for _, i := range []int{0, 77, 300} {
		if got := v.Index(v.Output.PixelX(s.X[i])); got != i {
			t.Errorf("Index at sample %d = %d", i, got)
		}
	}
	if got := v.Index(float64(v.Shares.Area.Min.X) - 2); got != -1 {
		t.Errorf("Index beside the panels = %d", got)
	}
	if v.Shares.Area.Overlaps(v.Output.Area) || !v.Span().In(img.Rect) {
		t.Errorf("panels %v and %v", v.Shares.Area, v.Output.Area)
	}
	// Each share has its own colour at the middle of its stretch, off its name.
	colours := render.SeriesColours(true)
	for k, x := range []float64{-2.6, 0.6, 2.6} {
		at := img.RGBAAt(int(v.Shares.PixelX(x)), int(v.Shares.PixelY(0.8)))
		want := colours[k]
		for _, d := range []int{int(at.R) - int(want.R), int(at.G) - int(want.G), int(at.B) - int(want.B)} {
			if d < -30 || d > 30 {
				t.Errorf("colour %v at %v, want about %v", at, x, want)
			}
		}
	}
}

func TestSelectionHostile(t *testing.T) {
	nan := chosen(50, 4)
	for i := range 20 {
		nan.Shares.Set(i, 2, math.NaN())
		nan.Soft[i], nan.Hard[i] = math.Inf(1), math.NaN()
	}
	odd := chosen(50, 4)
	odd.Pieces = []render.Piece{{From: 1, To: -1}, {From: math.NaN(), To: 2}, {From: -9, To: 9, Operation: 7}, {From: -9, To: 9, Operation: -1}, {From: -9, To: 9, Operation: 1}}
	short := chosen(50, 4)
	short.X = short.X[:1]
	for name, s := range map[string]render.Selection{"NaN": nan, "pieces": odd, "short": short} {
		for _, size := range []image.Point{{480, 360}, {90, 300}, {300, 40}, {1, 1}} {
			img := image.NewRGBA(image.Rectangle{Max: size})
			newPainter(t).Selection(img, s, render.LightTheme())
			if t.Failed() {
				t.Fatal(name, size)
			}
			opaque(t, img)
		}
	}
}
