package render

import (
	"image"
	"image/color"
	"math"
)

// Painter draws the pictures of radial basis functions, [Basis], [Field],
// [Outline] and [Surface], of a [Selection], and of codes, [Scatter] and
// [Columns]. It keeps its typeface and every buffer between frames, so that a
// frame that resembles the last one allocates next to nothing. A Painter belongs
// to one goroutine at a time.
type Painter struct {
	typeface *Typeface
	stroke   stroker
	basis    basisScratch
	field    fieldScratch
	surface  surfaceScratch
	marks    map[markKey]*image.Alpha // of scatters
}

// NewPainter returns a painter that writes with the given TrueType or OpenType
// font; nil means Go Regular.
func NewPainter(ttf []byte) (*Painter, error) {
	typeface, err := NewTypeface(ttf)
	if err != nil {
		return nil, err
	}
	return &Painter{typeface: typeface}, nil
}

// sentence fills dst with the background and writes one quiet line in its
// middle; a picture that has nothing to show says so.
func (p *Painter) sentence(dst *image.RGBA, theme Theme, text string) {
	fill(dst, dst.Rect, theme.Background)
	p.say(dst, dst.Rect, theme, text)
}

// say writes one quiet line in the middle of a rectangle, smaller where it
// would not fit.
func (p *Painter) say(dst *image.RGBA, r image.Rectangle, theme Theme, text string) {
	size := theme.px(theme.TextSize * 1.15)
	face := p.typeface.size(size)
	if w := face.width(text); w > 0.9*float64(r.Dx()) {
		size = math.Floor(size * 0.9 * float64(r.Dx()) / w)
		if size < 5 {
			return
		}
		face = p.typeface.size(size)
	}
	quiet := mix(theme.Background, theme.Text, 0.7)
	middle := float64(r.Min.X+r.Max.X) / 2
	face.drawMiddle(dst, middle, (r.Min.Y+r.Max.Y+face.ascent)/2, text, quiet, float64(r.Min.X), float64(r.Max.X))
}

// dark reports whether the theme's background is dark.
func (t Theme) dark() bool {
	return 3*int(t.Background.R)+6*int(t.Background.G)+int(t.Background.B) < 1280
}

// accent returns the one colour that draws attention.
func (t Theme) accent() color.RGBA {
	switch {
	case t.Accent.A != 0:
		return opaqueColour(t.Accent)
	case t.dark():
		return color.RGBA{0x4a, 0x90, 0xe2, 255}
	}
	return color.RGBA{0x16, 0x68, 0xd8, 255}
}
