package widgets

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// SetPath replaces the line drawn over the picture through some points of its content, such as the outline of what is
// being selected. The image is not rendered again; fewer than two points draw nothing.
func (p *Picture) SetPath(points []image.Point) {
	if slices.Equal(points, p.path) {
		return
	}
	p.path = slices.Clone(points)
	p.placePath()
	canvas.Refresh(p)
}

// Path returns the points that SetPath was given.
func (p *Picture) Path() []image.Point { return p.path }

// placePath lays out the pieces of the line.
func (p *Picture) placePath() {
	colour := lookOf(p).colour(theme.ColorNamePrimary)
	n := max(0, len(p.path)-1)
	for len(p.strokes) < n {
		p.strokes = append(p.strokes, &canvas.Line{})
	}
	at := func(q image.Point) fyne.Position {
		d := q.Sub(p.off)
		return p.geo.units(d.X, d.Y)
	}
	for i, o := range p.strokes {
		o.Hidden = i >= n
		if i < n && p.geo.scale > 0 {
			o.StrokeColor, o.StrokeWidth = colour, 1.5
			o.Position1, o.Position2 = at(p.path[i]), at(p.path[i+1])
		}
	}
	if p.body != nil && len(p.body.objects) != p.objectCount() {
		p.body.list()
	}
}
