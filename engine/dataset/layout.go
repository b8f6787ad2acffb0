package dataset

import "fmt"

// Layout is the order of an image's values within an example as a source
// stores it. A Dataset always holds them in LayoutRows; Load puts those of
// other layouts in that order.
type Layout int

// The layouts.
const (
	// LayoutAuto is LayoutColumns for MAT-files and LayoutRows for the rest.
	LayoutAuto Layout = iota
	// LayoutRows: row by row, the channels of a pixel side by side (RGBRGB…).
	LayoutRows
	// LayoutPlanes: all of red, then green, then blue, each row by row.
	LayoutPlanes
	// LayoutColumns: planes, each column by column, as MATLAB's image(:) is.
	// An 8×8 colour patch of UFLDL is 64 values of red, 64 of green, 64 of blue.
	LayoutColumns
)

// String returns the name of the layout as files and flags spell it: "rows",
// "planes", "columns", or "" for LayoutAuto.
func (l Layout) String() string { return [...]string{"", "rows", "planes", "columns"}[l] }

// ParseLayout is the inverse of String.
func ParseLayout(name string) (Layout, error) {
	for l := LayoutAuto; l <= LayoutColumns; l++ {
		if l.String() == name {
			return l, nil
		}
	}
	return LayoutAuto, fmt.Errorf("layout = %q: want rows, planes or columns", name)
}

// Order returns where each value of an image of LayoutRows is found in one of
// layout l: rows[i] = other[order[i]]. It has g.Features() entries. So a weight
// matrix whose columns are in MATLAB's order is brought into ours by taking
// column order[i] as column i.
func (g Geometry) Order(l Layout) []int {
	order := make([]int, g.Features())
	for i := range order {
		c, pixel := i%g.Channels, i/g.Channels
		x, y := pixel%g.Width, pixel/g.Width
		switch l {
		case LayoutPlanes:
			order[i] = (c*g.Height+y)*g.Width + x
		case LayoutColumns:
			order[i] = (c*g.Width+x)*g.Height + y
		default:
			order[i] = i
		}
	}
	return order
}

// arrange puts the values of every example, stored in layout l, in our order.
// Rows whose features are no image stay as they are.
func (d *Dataset) arrange(l Layout) {
	g := d.Geometry
	if !g.IsImage() || l == LayoutAuto || l == LayoutRows || l == LayoutPlanes && g.Channels == 1 {
		return
	}
	order := g.Order(l)
	switch d.Element() {
	case Uint8:
		permute(d.Bytes, order)
	case Float32:
		permute(d.Singles, order)
	default:
		permute(d.Doubles, order)
	}
}

// permute brings the rows of values, each as long as order, into that order.
func permute[T any](values []T, order []int) {
	row := make([]T, len(order))
	for ; len(values) > 0; values = values[len(order):] {
		copy(row, values)
		for i, from := range order {
			values[i] = row[from]
		}
	}
}

// transposed returns the r×c matrix whose columns values holds, row by row.
func transposed[T any](values []T, r, c int) []T {
	const block = 32 // rows and columns that stay in the cache together
	out := make([]T, len(values))
	for j0 := 0; j0 < c; j0 += block {
		for i0 := 0; i0 < r; i0 += block {
			for j := j0; j < min(c, j0+block); j++ {
				for i := i0; i < min(r, i0+block); i++ {
					out[i*c+j] = values[j*r+i]
				}
			}
		}
	}
	return out
}
