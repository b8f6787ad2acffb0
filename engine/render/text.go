package render

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Typeface draws text. It keeps the glyphs it has drawn, at quarter-pixel
// positions, so that changing numbers cost no rasterising.
type Typeface struct {
	fonts []*opentype.Font // the given one, then Go Regular for what it lacks
	faces map[float64]*face
}

// NewTypeface reads a TrueType or OpenType font; nil means Go Regular.
// Characters that the font lacks are taken from Go Regular, and left out when
// that lacks them too.
func NewTypeface(ttf []byte) (*Typeface, error) {
	t := &Typeface{faces: map[float64]*face{}}
	for _, data := range [][]byte{ttf, goregular.TTF} {
		if data == nil {
			continue
		}
		f, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
		t.fonts = append(t.fonts, f)
	}
	return t, nil
}

// face is a typeface at one size.
type face struct {
	faces           []font.Face
	fonts           []*opentype.Font
	glyphs          map[glyphKey]glyph
	ascent, descent int // pixels above and below the baseline, for layout
}

type glyphKey struct {
	r       rune
	quarter int // of a pixel to the right
}

type glyph struct {
	mask    *image.Alpha // nil for blanks
	at      image.Point  // of the mask, relative to the dot
	advance float64
}

// size returns the face of that many pixels; sizes that make no sense are
// brought into range.
func (t *Typeface) size(pixels float64) *face {
	pixels = math.Round(4*min(max(pixels, 4), 400)) / 4
	if f := t.faces[pixels]; f != nil {
		return f
	}
	f := &face{fonts: t.fonts, glyphs: map[glyphKey]glyph{}}
	for _, parsed := range t.fonts {
		// At 72 DPI a point is a pixel. NewFace has no failing path.
		made, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			panic(fmt.Sprintf("render: font face: %v", err))
		}
		f.faces = append(f.faces, made)
	}
	// Digits and capitals decide where text seems to stand; a font's own
	// ascent leaves room for accents.
	bounds, _ := font.BoundString(f.faces[0], "H0")
	f.ascent = -bounds.Min.Y.Floor()
	f.descent = int(math.Ceil(0.25 * pixels))
	t.faces[pixels] = f
	return f
}

// combiningHat is U+0302. Few fonts place it well, so it is drawn as U+02C6
// centred over the letter before it: ρ̂.
const combiningHat, hat = '\u0302', 'ˆ'

// glyph returns r at a quarter-pixel position.
func (f *face) glyph(r rune, quarter int) glyph {
	key := glyphKey{r, quarter}
	if g, have := f.glyphs[key]; have {
		return g
	}
	g := glyph{}
	for i, parsed := range f.fonts {
		if index, err := parsed.GlyphIndex(nil, r); err != nil || index == 0 {
			continue
		}
		dot := fixed.Point26_6{X: fixed.Int26_6(16 * quarter)}
		box, mask, maskAt, advance, ok := f.faces[i].Glyph(dot, r)
		if !ok {
			continue
		}
		g.advance = float64(advance) / 64
		if !box.Empty() {
			g.mask, g.at = image.NewAlpha(image.Rectangle{Max: box.Size()}), box.Min
			for y := range box.Dy() {
				for x := range box.Dx() {
					_, _, _, a := mask.At(maskAt.X+x, maskAt.Y+y).RGBA()
					g.mask.Pix[y*g.mask.Stride+x] = uint8(a >> 8)
				}
			}
		}
		break
	}
	f.glyphs[key] = g
	return g
}

// width returns the width of s in pixels.
func (f *face) width(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r != combiningHat {
			w += f.glyph(r, 0).advance
		}
	}
	return w
}

// draw draws s with its left end at x on the baseline y.
func (f *face) draw(dst *image.RGBA, x float64, y int, s string, c color.RGBA) {
	before := 0.0
	for _, r := range s {
		at := x
		if r == combiningHat {
			r = hat
			at = x - (before+f.glyph(hat, 0).advance)/2
		}
		quarters := int(math.Floor(4*at + 0.5))
		g := f.glyph(r, quarters&3)
		if g.mask != nil {
			blendMask(dst, image.Pt(quarters>>2, y).Add(g.at), g.mask, c)
		}
		if r != hat {
			x += g.advance
			before = g.advance
		}
	}
}

// drawEnd draws s with its right end at x.
func (f *face) drawEnd(dst *image.RGBA, x float64, y int, s string, c color.RGBA) {
	f.draw(dst, x-f.width(s), y, s, c)
}

// drawMiddle draws s centred on x, moved to stay between lo and hi.
func (f *face) drawMiddle(dst *image.RGBA, x float64, y int, s string, c color.RGBA, lo, hi float64) {
	w := f.width(s)
	f.draw(dst, max(lo, min(x-w/2, hi-w)), y, s, c)
}

// blendMask paints c through mask, whose top-left corner is at at. The alpha of
// c thins the paint; its colour is not premultiplied.
func blendMask(dst *image.RGBA, at image.Point, mask *image.Alpha, c color.RGBA) {
	r := mask.Rect.Add(at).Intersect(dst.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := mask.Pix[(y-at.Y)*mask.Stride+r.Min.X-at.X:]
		to := dst.Pix[dst.PixOffset(r.Min.X, y):]
		for i := 0; i < r.Dx(); i++ {
			// Most of a plane of lines is empty: step over it.
			for i+8 <= r.Dx() && binary.LittleEndian.Uint64(from[i:]) == 0 {
				i += 8
			}
			if i == r.Dx() {
				break
			}
			if a := uint32(from[i]); a != 0 {
				if c.A != 255 {
					a = (a*uint32(c.A) + 127) / 255
				}
				blend(to[4*i:4*i+4:4*i+4], c, a)
			}
		}
	}
}

// blend mixes c into one opaque pixel; a of 255 is all c.
func blend(p []uint8, c color.RGBA, a uint32) {
	b := 255 - a
	p[0] = uint8((uint32(p[0])*b + uint32(c.R)*a + 127) / 255)
	p[1] = uint8((uint32(p[1])*b + uint32(c.G)*a + 127) / 255)
	p[2] = uint8((uint32(p[2])*b + uint32(c.B)*a + 127) / 255)
}

// mix returns c mixed with share of d.
func mix(c, d color.RGBA, share float64) color.RGBA {
	p := []uint8{c.R, c.G, c.B}
	blend(p, d, uint32(math.Round(255*min(max(share, 0), 1))))
	return color.RGBA{p[0], p[1], p[2], 255}
}
