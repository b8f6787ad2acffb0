package figure

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// outlined is a PDF canvas that draws text beyond ASCII as filled outlines.
type outlined struct{ *vgpdf.Canvas }

// FillString implements vg.Canvas.
func (c outlined) FillString(face font.Face, at vg.Point, text string) {
	for _, r := range text {
		if r > '~' {
			fillOutlines(c, face, at, text)
			return
		}
	}
	c.Canvas.FillString(face, at, text)
}

// fillOutlines fills the glyphs one after the other. Characters that the font
// lacks come out as its box for missing ones.
func fillOutlines(c vg.Canvas, face font.Face, at vg.Point, text string) {
	var buffer sfnt.Buffer
	// Outlines in 1/64 of a point of a big size, scaled down: exact enough.
	const size = 1024
	scale := face.Font.Size / size
	for _, r := range text {
		index, err := face.Face.GlyphIndex(&buffer, r)
		if err != nil {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buffer, index, fixed.I(size), nil)
		if err != nil {
			continue
		}
		point := func(p fixed.Point26_6) vg.Point {
			return vg.Point{
				X: at.X + vg.Length(p.X)/64*scale,
				Y: at.Y - vg.Length(p.Y)/64*scale, // y runs down in fonts
			}
		}
		var path vg.Path
		var pen vg.Point
		for _, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if len(path) > 0 {
					path.Close()
				}
				pen = point(s.Args[0])
				path.Move(pen)
			case sfnt.SegmentOpLineTo:
				pen = point(s.Args[0])
				path.Line(pen)
			case sfnt.SegmentOpQuadTo:
				// As a cubic: PDF has no quadratic curves, and vgpdf's
				// stand-in for them is another curve.
				control, end := point(s.Args[0]), point(s.Args[1])
				path.CubeTo(between(pen, control), between(end, control), end)
				pen = end
			case sfnt.SegmentOpCubeTo:
				pen = point(s.Args[2])
				path.CubeTo(point(s.Args[0]), point(s.Args[1]), pen)
			}
		}
		if len(path) > 0 {
			path.Close()
			c.Fill(path)
		}
		if advance, err := face.Face.GlyphAdvance(&buffer, index, fixed.I(size), 0); err == nil {
			at.X += vg.Length(advance) / 64 * scale
		}
	}
}

// between returns the point two thirds of the way from p to q.
func between(p, q vg.Point) vg.Point { return p.Add(q.Sub(p).Scale(2. / 3)) }
