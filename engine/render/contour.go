package render

import "filterscope/engine/linalg"

// Polyline is a line through points (x, y); it is closed when its last point
// equals its first.
type Polyline [][2]float64

// Contours returns the lines on which a field sampled on a regular grid has
// the given level, by marching squares with linear interpolation along the
// edges of the cells; a saddle is decided by the mean of its four corners.
// Values, x and y are as in [Field]. Cells with a value that is not finite
// have no lines.
func Contours(values linalg.Matrix[float64], x, y Window, level float64) []Polyline {
	var t tracer
	t.trace(values, level)
	x, y = x.or(0, float64(values.Cols-1)), y.or(0, float64(values.Rows-1))
	kx, ky := (x.Hi-x.Lo)/float64(values.Cols-1), (y.Hi-y.Lo)/float64(values.Rows-1)
	var lines []Polyline
	for i := range t.lines() {
		points := t.line(i)
		line := make(Polyline, len(points))
		for k, p := range points {
			line[k] = [2]float64{x.Lo + p[0]*kx, y.Lo + p[1]*ky}
		}
		lines = append(lines, line)
	}
	return lines
}

// or returns the window, or lo to hi when it is empty.
func (w Window) or(lo, hi float64) Window {
	if w.Lo < w.Hi && finite(w.Hi-w.Lo) {
		return w
	}
	return Window{lo, hi}
}

// tracer follows the lines of one level through a grid. Its buffers are kept.
//
// Every crossing lies on an edge of the grid. The edge from node (row, column)
// to the next column has the number 2·node, to the next row 2·node+1.
type tracer struct {
	next    [][2]int32 // of each edge: the two edges it is joined to, plus 1; 0 for none
	crossed []int32    // edges with a crossing, in the order they were met
	points  [][2]float64
	ends    []int // of each line in points
}

// lines returns how many lines were found.
func (t *tracer) lines() int { return len(t.ends) }

// line returns the points (column, row) of line i, in units of the grid.
func (t *tracer) line(i int) [][2]float64 {
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.points[from:t.ends[i]]
}

// trace finds the lines of a level.
func (t *tracer) trace(v linalg.Matrix[float64], level float64) {
	t.points, t.ends = t.points[:0], t.ends[:0]
	if v.Rows < 2 || v.Cols < 2 {
		return
	}
	if n := 2 * v.Rows * v.Cols; len(t.next) < n {
		t.next = make([][2]int32, n)
	}
	t.join(v, level)
	// Open lines first, from their ends; what is left is closed.
	for _, e := range t.crossed {
		if n := t.next[e]; n != [2]int32{} && (n[0] == 0 || n[1] == 0) {
			t.follow(v, level, e)
		}
	}
	for _, e := range t.crossed {
		if t.next[e] != [2]int32{} {
			t.follow(v, level, e)
		}
	}
	t.crossed = t.crossed[:0]
}

// join finds the crossed edges of every cell and joins them.
func (t *tracer) join(v linalg.Matrix[float64], level float64) {
	for r := range v.Rows - 1 {
		low, high := v.Row(r), v.Row(r+1)
		node := int32(r * v.Cols)
		// The corners of a cell: a—b below, d—c above; bit set where the
		// value reaches the level.
		left := bit(low[0], level) | bit(high[0], level)<<3
		for c := range v.Cols - 1 {
			right := bit(low[c+1], level)<<1 | bit(high[c+1], level)<<2
			kind := left | right
			left = right>>1&1 | right<<1&8
			if kind == 0 || kind == 15 || !finite(low[c]+low[c+1]+high[c]+high[c+1]) {
				continue
			}
			at := node + int32(c)
			bottom, top := 2*at, 2*(at+int32(v.Cols))
			west, east := 2*at+1, 2*(at+1)+1
			switch kind {
			case 1, 14:
				t.link(west, bottom)
			case 2, 13:
				t.link(bottom, east)
			case 4, 11:
				t.link(east, top)
			case 8, 7:
				t.link(top, west)
			case 3, 12:
				t.link(west, east)
			case 6, 9:
				t.link(bottom, top)
			case 5, 10:
				centre := (low[c] + low[c+1] + high[c] + high[c+1]) / 4
				if (centre >= level) == (kind == 5) {
					t.link(west, top)
					t.link(bottom, east)
				} else {
					t.link(west, bottom)
					t.link(east, top)
				}
			}
		}
	}
}

func bit(v, level float64) int {
	if v >= level {
		return 1
	}
	return 0
}

// link joins two edges.
func (t *tracer) link(a, b int32) {
	for _, pair := range [2][2]int32{{a, b}, {b, a}} {
		n := &t.next[pair[0]]
		if *n == [2]int32{} {
			t.crossed = append(t.crossed, pair[0])
		}
		if n[0] == 0 {
			n[0] = pair[1] + 1
		} else {
			n[1] = pair[1] + 1
		}
	}
}

// follow collects the line that starts at an edge and takes its joints away.
func (t *tracer) follow(v linalg.Matrix[float64], level float64, start int32) {
	at, from := start, int32(-1)
	for {
		t.points = append(t.points, crossing(v, level, at))
		n := t.next[at]
		t.next[at] = [2]int32{}
		to := n[0] - 1
		if to == from && n[1] != 0 || to < 0 {
			to = n[1] - 1
		}
		if to < 0 || to == from {
			break
		}
		if to == start {
			t.points = append(t.points, crossing(v, level, start))
			break
		}
		if t.next[to] == [2]int32{} {
			break
		}
		at, from = to, at
	}
	t.ends = append(t.ends, len(t.points))
}

// crossing returns where the level crosses an edge: (column, row).
func crossing(v linalg.Matrix[float64], level float64, edge int32) [2]float64 {
	node := int(edge / 2)
	r, c := node/v.Cols, node%v.Cols
	a, b := v.At(r, c), 0.0
	if edge%2 == 0 {
		b = v.At(r, c+1)
	} else {
		b = v.At(r+1, c)
	}
	f := 0.5
	if d := b - a; d != 0 && finite(d) {
		f = min(max((level-a)/d, 0), 1)
	}
	if edge%2 == 0 {
		return [2]float64{float64(c) + f, float64(r)}
	}
	return [2]float64{float64(c), float64(r) + f}
}
