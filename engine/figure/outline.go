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
			c.fillOutlines(face, at, text)
			return
		}
	}
	c.Canvas.FillString(face, at, text)
}

// fillOutlines fills the glyphs one after the other. Characters that the font
// lacks come out as its box for missing ones.
func (c outlined) fillOutlines(face font.Face, at vg.Point, text string) {
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
		for _, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if len(path) > 0 {
					path.Close()
				}
				path.Move(point(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(point(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(point(s.Args[0]), point(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
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
