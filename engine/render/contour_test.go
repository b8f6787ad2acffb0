package render_test

import (
	"math"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"

	"pgregory.net/rapid"
)

func TestContourOfACircle(t *testing.T) {
	w := render.Window{Lo: -2, Hi: 2}
	v := sample(81, 81, -2, 2, math.Hypot)
	lines := render.Contours(v, w, w, 1.25)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1", len(lines))
	}
	line := lines[0]
	if line[0] != line[len(line)-1] {
		t.Error("the circle is not closed")
	}
	turn := 0.0
	for i, q := range line {
		if r := math.Hypot(q[0], q[1]); math.Abs(r-1.25) > 1e-3 {
			t.Fatalf("point %v has the radius %v", q, r)
		}
		if i > 0 {
			p := line[i-1]
			turn += math.Atan2(p[0]*q[1]-p[1]*q[0], p[0]*q[0]+p[1]*q[1])
		}
	}
	if math.Abs(math.Abs(turn)-2*math.Pi) > 1e-9 {
		t.Errorf("the line turns by %v", turn)
	}
}

func TestContourOfAPlaneIsOneOpenLine(t *testing.T) {
	v := sample(5, 7, 0, 1, func(x, y float64) float64 { return x })
	lines := render.Contours(v, render.Window{Lo: 0, Hi: 1}, render.Window{Lo: 0, Hi: 1}, 0.4)
	if len(lines) != 1 || len(lines[0]) != 5 {
		t.Fatalf("lines %v", lines)
	}
	for _, q := range lines[0] {
		if math.Abs(q[0]-0.4) > 1e-12 {
			t.Errorf("point %v, want x = 0.4", q)
		}
	}
}

// A saddle is cut the way its mean says; both ways give two lines.
func TestContourOfASaddle(t *testing.T) {
	for _, level := range []float64{0.4, 0.6} {
		v := linalg.MatrixOf(2, 2, []float64{1, 0, 0, 1})
		lines := render.Contours(v, render.Window{}, render.Window{}, level)
		if len(lines) != 2 {
			t.Fatalf("level %v: %d lines", level, len(lines))
		}
		// Below the mean the high corners belong together: the lines cut
		// off the low ones, and the point ½, ½ lies between them.
		for _, line := range lines {
			low := line[0][0]-line[0][1]+line[1][0]-line[1][1] != 0
			if low != (level < 0.5) {
				t.Errorf("level %v: line %v cuts off the wrong corner", level, line)
			}
		}
	}
}

// Lines interpolate to their level, end at the border or close, and no point is
// lost: whatever the field.
func TestContoursOfRandomFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(2, 9).Draw(t, "rows"), rapid.IntRange(2, 9).Draw(t, "cols")
		v := linalg.NewMatrix[float64](rows, cols)
		for i := range v.Data {
			v.Data[i] = float64(rapid.IntRange(-3, 3).Draw(t, "v"))
			if rapid.IntRange(0, 30).Draw(t, "hole") == 0 {
				v.Data[i] = math.NaN()
			}
		}
		const level = 0.5
		crossings := map[[2]float64]bool{}
		for _, line := range render.Contours(v, render.Window{}, render.Window{}, level) {
			if len(line) < 2 {
				t.Fatalf("line of %d points", len(line))
			}
			for i, q := range line {
				c, r := min(int(q[0]), cols-2), min(int(q[1]), rows-2)
				fc, fr := q[0]-float64(c), q[1]-float64(r)
				got := v.At(r, c)*(1-fc)*(1-fr) + v.At(r, c+1)*fc*(1-fr) + v.At(r+1, c)*(1-fc)*fr + v.At(r+1, c+1)*fc*fr
				if math.IsNaN(got) { // weights of 0 times NaN, at a hole
					continue
				}
				if math.Abs(got-level) > 1e-9 {
					t.Fatalf("value %v at %v", got, q)
				}
				if i > 0 && i < len(line)-1 && crossings[q] {
					t.Fatalf("%v is on two lines", q)
				}
				crossings[q] = true
			}
		}
		hole := false
		for _, x := range v.Data {
			hole = hole || math.IsNaN(x)
		}
		want := 0
		for r := range rows {
			for c := range cols {
				if c+1 < cols && (v.At(r, c) > level) != (v.At(r, c+1) > level) {
					want++
				}
				if r+1 < rows && (v.At(r, c) > level) != (v.At(r+1, c) > level) {
					want++
				}
			}
		}
		if !hole && len(crossings) != want {
			t.Fatalf("%d crossings on the lines, want %d", len(crossings), want)
		}
	})
}

func TestContourLevels(t *testing.T) {
	if got := render.ContourLevels(-1, 1, 4); len(got) != 3 || got[1] != 0 {
		t.Errorf("levels %v", got)
	}
	for _, r := range [][2]float64{{1, 1}, {2, 1}, {math.NaN(), 1}, {0, math.Inf(1)}} {
		if got := render.ContourLevels(r[0], r[1], 8); got != nil {
			t.Errorf("levels of %v: %v", r, got)
		}
	}
}
