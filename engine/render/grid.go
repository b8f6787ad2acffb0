package render

import (
	"fmt"
	"image"
	"math"

	"filterscope/engine/dataset"
)

// Grid is the layout of a mosaic: N tiles row by row, Columns of them in a
// row, each Geometry pixels enlarged Zoom times, with Gap output pixels
// between them and around the whole. Positions are in output pixels, the
// origin is the top-left corner. Make one with [NewGrid].
type Grid struct {
	N             int
	Geometry      dataset.Geometry
	Columns, Rows int
	Zoom, Gap     int
}

// NewGrid lays out n tiles. columns of 0 means [UFLDLColumns]; zoom is at
// least 1, gap at least 0 (smaller values are raised). It panics when the
// geometry is no image of one or three channels, or n is negative.
func NewGrid(n int, g dataset.Geometry, columns, zoom, gap int) Grid {
	if n < 0 || !g.IsImage() || (g.Channels != 1 && g.Channels != 3) {
		panic(fmt.Sprintf("render: NewGrid: %d tiles of %d×%d×%d", n, g.Width, g.Height, g.Channels))
	}
	if columns <= 0 {
		columns = UFLDLColumns(n)
	}
	columns = max(1, min(columns, n))
	return Grid{
		N: n, Geometry: g, Columns: columns, Rows: (n + columns - 1) / columns,
		Zoom: max(1, zoom), Gap: max(0, gap),
	}
}

// UFLDLColumns returns the number of columns that UFLDL's display_network
// gives n tiles: √n when n is a square; otherwise it starts at ⌈√n⌉ and grows
// while n is not divisible and the number is below 1.2·√n.
func UFLDLColumns(n int) int {
	root := math.Sqrt(float64(n))
	columns := int(math.Ceil(root))
	for columns > 0 && n%columns != 0 && float64(columns) < 1.2*root {
		columns++
	}
	return max(1, columns)
}

// pitch returns the distance between the left and the top edges of neighbours.
func (g Grid) pitch() (x, y int) {
	return g.Geometry.Width*g.Zoom + g.Gap, g.Geometry.Height*g.Zoom + g.Gap
}

// Size returns the width and height of the whole mosaic.
func (g Grid) Size() image.Point {
	x, y := g.pitch()
	return image.Pt(g.Gap+g.Columns*x, g.Gap+g.Rows*y)
}

// Bounds returns the rectangle of the whole mosaic, origin (0, 0).
func (g Grid) Bounds() image.Rectangle { return image.Rectangle{Max: g.Size()} }

// Cell returns the rectangle of tile i without its gap. i may be any number;
// cells beyond N lie where they would be.
func (g Grid) Cell(i int) image.Rectangle {
	x, y := g.pitch()
	left, top := g.Gap+i%g.Columns*x, g.Gap+i/g.Columns*y
	return image.Rect(left, top, left+g.Geometry.Width*g.Zoom, top+g.Geometry.Height*g.Zoom)
}

func (g Grid) cells() int { return g.N }

func (g Grid) tile() (dataset.Geometry, int) { return g.Geometry, g.Zoom }

// At returns the tile at p and the source pixel (px, py) inside it. ok is
// false in a gap and beyond the last tile.
func (g Grid) At(p image.Point) (unit, px, py int, ok bool) {
	x, y := g.pitch()
	p = p.Sub(image.Pt(g.Gap, g.Gap))
	if p.X < 0 || p.Y < 0 || p.X/x >= g.Columns {
		return 0, 0, 0, false
	}
	unit = p.Y/y*g.Columns + p.X/x
	px, py = p.X%x/g.Zoom, p.Y%y/g.Zoom
	if unit >= g.N || px >= g.Geometry.Width || py >= g.Geometry.Height {
		return 0, 0, 0, false
	}
	return unit, px, py, true
}

// Neighbour returns the tile dx columns to the right and dy rows down from
// tile i, for arrow keys. It stays in the grid: it stops at the edges, and in
// an unfinished last row at its last tile.
func (g Grid) Neighbour(i, dx, dy int) int {
	if g.N == 0 {
		return 0
	}
	column := min(max(i%g.Columns+dx, 0), g.Columns-1)
	row := min(max(i/g.Columns+dy, 0), g.Rows-1)
	return min(row*g.Columns+column, g.N-1)
}

// WithZoom returns the same grid at another zoom.
func (g Grid) WithZoom(zoom int) Grid {
	g.Zoom = max(1, zoom)
	return g
}

// FitZoom returns the largest zoom, at least 1, at which n tiles in that many
// columns (0 = [UFLDLColumns]) fit into viewW×viewH pixels.
func FitZoom(n int, g dataset.Geometry, columns, gap, viewW, viewH int) int {
	grid := NewGrid(n, g, columns, 1, gap)
	zoomX := (viewW - grid.Gap*(grid.Columns+1)) / (grid.Columns * g.Width)
	zoomY := (viewH - grid.Gap*(grid.Rows+1)) / (max(1, grid.Rows) * g.Height)
	return max(1, min(zoomX, zoomY))
}

// Fit returns the grid that fills a view of viewW×viewH pixels best: among the
// column counts that allow the largest zoom, one without holes in the last row
// if there is one, and of those the one closest to [UFLDLColumns].
func Fit(n int, g dataset.Geometry, gap, viewW, viewH int) Grid {
	preferred := UFLDLColumns(n)
	best := NewGrid(n, g, preferred, FitZoom(n, g, preferred, gap, viewW, viewH), gap)
	for columns := 1; columns <= n; columns++ {
		c := NewGrid(n, g, columns, FitZoom(n, g, columns, gap, viewW, viewH), gap)
		if c.better(best, preferred, image.Pt(viewW, viewH)) {
			best = c
		}
	}
	return best
}

// better reports whether g suits a view of that size better than b.
func (g Grid) better(b Grid, preferred int, view image.Point) bool {
	// A grid that does not fit at zoom 1 is worse than any that does.
	fits := func(g Grid) bool { return g.Size().X <= view.X && g.Size().Y <= view.Y }
	// A long ribbon is no better for being without holes.
	whole := func(g Grid) bool {
		return g.N%g.Columns == 0 && g.Columns <= 2*preferred && preferred <= 2*g.Columns
	}
	switch {
	case fits(g) != fits(b):
		return fits(g)
	case g.Zoom != b.Zoom:
		return g.Zoom > b.Zoom
	case whole(g) != whole(b):
		return whole(g)
	}
	return abs(g.Columns-preferred) < abs(b.Columns-preferred)
}

func abs(a int) int { return max(a, -a) }
