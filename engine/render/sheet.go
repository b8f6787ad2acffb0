package render

import (
	"fmt"
	"image"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Sheet is the layout of a comparison: each of N examples is a column of Rows
// tiles, such as input, reconstruction and error. When the examples do not fit
// side by side they continue in further bands below. Make one with [NewSheet].
type Sheet struct {
	N, Rows        int
	Geometry       dataset.Geometry
	Columns        int // examples side by side
	Zoom, Gap      int // as in Grid
	BandGap        int // further pixels between two bands
	Foot           int // pixels below the rows of every example, for a label
	pitchX, pitchY int
}

// NewSheet lays out n examples of the given number of rows. columns of 0 means
// all side by side. It panics on a geometry [NewGrid] would not take.
func NewSheet(n, rows int, g dataset.Geometry, columns, zoom, gap int) Sheet {
	if columns <= 0 || columns > n {
		columns = max(1, n)
	}
	bands := (n + columns - 1) / columns
	grid := NewGrid(bands*rows*columns, g, columns, zoom, gap)
	s := Sheet{
		N: n, Rows: rows, Geometry: g, Columns: columns,
		Zoom: grid.Zoom, Gap: grid.Gap, BandGap: 3*grid.Gap + 2*grid.Zoom,
	}
	s.pitchX, s.pitchY = grid.pitch()
	return s
}

// FitSheet returns the sheet of the largest zoom that fits into viewW×viewH
// pixels, with the number of columns that allows it (the largest if several
// do). When not even zoom 1 fits it has as many columns as the width takes.
func FitSheet(n, rows int, g dataset.Geometry, gap, viewW, viewH int) Sheet {
	best := NewSheet(n, rows, g, max(1, min(n, (viewW-gap)/(g.Width+gap))), 1, gap)
	for columns := n; columns >= 1; columns-- {
		for zoom := best.Zoom + 1; ; zoom++ {
			s := NewSheet(n, rows, g, columns, zoom, gap)
			if size := s.Size(); size.X > viewW || size.Y > viewH {
				break
			}
			best = s
		}
	}
	return best
}

func (s Sheet) bands() int { return (s.N + s.Columns - 1) / s.Columns }

func (s Sheet) bandHeight() int { return s.Rows*s.pitchY + s.Foot + s.BandGap }

// Size returns the width and height of the whole sheet.
func (s Sheet) Size() image.Point {
	return image.Pt(s.Gap+s.Columns*s.pitchX, s.Gap+max(0, s.bands()*s.bandHeight()-s.BandGap))
}

// Bounds returns the rectangle of the whole sheet, origin (0, 0).
func (s Sheet) Bounds() image.Rectangle { return image.Rectangle{Max: s.Size()} }

// Tile returns the rectangle of one tile without its gap.
func (s Sheet) Tile(example, row int) image.Rectangle {
	x := s.Gap + example%s.Columns*s.pitchX
	y := s.Gap + example/s.Columns*s.bandHeight() + row*s.pitchY
	return image.Rect(x, y, x+s.Geometry.Width*s.Zoom, y+s.Geometry.Height*s.Zoom)
}

// Cell returns the rectangle of tile i, counting the rows of example 0 first.
func (s Sheet) Cell(i int) image.Rectangle { return s.Tile(i/s.Rows, i%s.Rows) }

func (s Sheet) cells() int { return s.N * s.Rows }

func (s Sheet) tile() (dataset.Geometry, int) { return s.Geometry, s.Zoom }

// At returns the example and the row of the tile at p, and the source pixel
// (px, py) inside it. ok is false between tiles and beyond the last one.
func (s Sheet) At(p image.Point) (example, row, px, py int, ok bool) {
	if p.X < s.Gap || p.Y < s.Gap {
		return 0, 0, 0, 0, false
	}
	column := (p.X - s.Gap) / s.pitchX
	band := (p.Y - s.Gap) / s.bandHeight()
	row = (p.Y - s.Gap - band*s.bandHeight()) / s.pitchY
	example = band*s.Columns + column
	if column >= s.Columns || row >= s.Rows || example >= s.N {
		return 0, 0, 0, 0, false
	}
	tile := s.Tile(example, row)
	if !p.In(tile) {
		return 0, 0, 0, 0, false
	}
	return example, row, (p.X - tile.Min.X) / s.Zoom, (p.Y - tile.Min.Y) / s.Zoom, true
}

// SheetRow is what one row of a sheet shows: the rows of X, one example each,
// or X−Minus when Minus has data.
type SheetRow[T linalg.Float] struct {
	X, Minus linalg.Matrix[T]
	// Range is the range of pixel data. Signed values (errors) are drawn by
	// the map instead, with the level of zero in the middle and ±Scale at the
	// ends, when Scale is above 0.
	Range Range
	Scale float64
	Map   Map
}

// Value returns what the row shows of feature j of an example.
func (r SheetRow[T]) Value(example, j int) float64 {
	v := float64(r.X.At(example, j))
	if r.Minus.Data != nil {
		v -= float64(r.Minus.At(example, j))
	}
	return v
}

// Reconstructions returns the rows input, reconstruction, and signed error
// (reconstruction − input, drawn by m from −scale to +scale). input and output
// are n×d.
func Reconstructions[T linalg.Float](input, output linalg.Matrix[T], r Range, scale float64, m Map) []SheetRow[T] {
	return []SheetRow[T]{
		{X: input, Range: r},
		{X: output, Range: r},
		{X: output, Minus: input, Scale: scale, Map: m},
	}
}

// DrawSheet draws the part of a sheet that lies in view, as [Draw] does for a
// mosaic; rows has sheet.Rows entries. Of o it uses Transpose and Mat. Examples
// that a matrix does not have are left empty. It panics when the shapes do not
// fit the sheet.
func DrawSheet[T linalg.Float](dst *image.RGBA, view image.Rectangle, sheet Sheet, rows []SheetRow[T], o Options) {
	if len(rows) != sheet.Rows {
		panic(fmt.Sprintf("render: DrawSheet: %d rows for a sheet of %d", len(rows), sheet.Rows))
	}
	tables := make([]*words, len(rows))
	for i, r := range rows {
		mustMatch(r.X, sheet.Geometry)
		if r.Minus.Data != nil {
			mustMatch(r.Minus, sheet.Geometry)
		}
		tables[i] = greyWords(false)
		if r.Scale > 0 {
			tables[i] = r.Map.words(false)
			if sheet.Geometry.Channels == 3 {
				tables[i] = Grey.words(false)
			}
		}
	}
	target := rgbaTarget{dst: dst}
	target.draw(view, sheet, o.mat(), func(cell int, to []uint8) bool {
		example, row := cell/sheet.Rows, cell%sheet.Rows
		r := rows[row]
		if example >= r.X.Rows || (r.Minus.Data != nil && example >= r.Minus.Rows) {
			return false
		}
		target.words = tables[row]
		value := func(j int) float64 { return r.Value(example, j) }
		if r.Scale > 0 {
			k := Zero * inverse(r.Scale)
			each(to, sheet.Geometry, o.Transpose, value, func(v float64) uint8 { return level(v * k) })
		} else {
			r.Range.quantise(to, sheet.Geometry, o.Transpose, value)
		}
		return true
	})
}
