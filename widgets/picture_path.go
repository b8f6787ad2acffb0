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

// Width of the line over a picture, and of the rim in the colour of the mat that sets it off from what lies below, in
// units.
const (
	pathWidth = 2
	pathRim   = 5
)

// placePath lays out the pieces of the line: first the rim of all of them, then the line, in the colour of text, which
// no mark of a map has.
func (p *Picture) placePath() {
	n := max(0, len(p.path)-1)
	for len(p.strokes) < 2*n {
		p.strokes = append(p.strokes, &canvas.Line{})
	}
	at := func(q image.Point) fyne.Position {
		d := q.Sub(p.off)
		return p.geo.units(d.X, d.Y)
	}
	l := lookOf(p)
	rim, line := l.colour(ColorNameMat), l.colour(theme.ColorNameForeground)
	for i, o := range p.strokes {
		o.Hidden = i >= 2*n
		if o.Hidden || p.geo.scale <= 0 {
			continue
		}
		o.StrokeColor, o.StrokeWidth = rim, pathRim
		if i >= n {
			o.StrokeColor, o.StrokeWidth = line, pathWidth
		}
		o.Position1, o.Position2 = at(p.path[i%n]), at(p.path[i%n+1])
	}
	if p.body != nil && len(p.body.objects) != p.objectCount() {
		p.body.list()
	}
}
