package render

import (
	"image"
	"math"
)

// shapes is the number of shapes that marks of classes have.
const shapes = 7

// tileFrame is the width of the frame around an image in a scatter, in units.
const tileFrame = 1

// markKey names a mark that was drawn before.
type markKey struct {
	shape  int
	radius float64
}

// inShape reports whether (x, y) lies in a shape of about the area of the unit
// disc.
func inShape(shape int, x, y float64) bool {
	ax, ay := math.Abs(x), math.Abs(y)
	switch shape {
	case 1: // square
		return ax <= 0.88 && ay <= 0.88
	case 2: // triangle
		return y <= 0.72 && 1.72*ax <= y+1.28
	case 3: // diamond
		return ax+ay <= 1.28
	case 4: // triangle on its tip
		return -y <= 0.72 && 1.72*ax <= 1.28-y
	case 5: // plus
		return min(ax, ay) <= 0.36 && max(ax, ay) <= 1.15
	case 6: // cross
		u, v := math.Abs(x+y)*math.Sqrt2/2, math.Abs(x-y)*math.Sqrt2/2
		return min(u, v) <= 0.36 && max(u, v) <= 1.25
	}
	return x*x+y*y <= 1
}

// mark returns the coverage of a shape of that radius in pixels, its centre in
// the middle.
func (p *Painter) mark(shape int, radius float64) *image.Alpha {
	key := markKey{shape, radius}
	if m := p.marks[key]; m != nil {
		return m
	}
	const samples = 4 // a pixel and side
	half := int(math.Ceil(1.3*radius)) + 1
	m := image.NewAlpha(image.Rect(0, 0, 2*half, 2*half))
	for py := range 2 * half {
		for px := range 2 * half {
			in := 0
			for k := range samples * samples {
				x := float64(px-half) + (float64(k%samples)+0.5)/samples
				y := float64(py-half) + (float64(k/samples)+0.5)/samples
				if inShape(shape, x/radius, y/radius) {
					in++
				}
			}
			m.Pix[py*m.Stride+px] = uint8(255 * in / (samples * samples))
		}
	}
	if p.marks == nil {
		p.marks = map[markKey]*image.Alpha{}
	}
	p.marks[key] = m
	return m
}

// drawDots draws the points, each with a rim of the ground, so that they stay
// apart where they lie on each other; quietly below images.
func (p *Painter) drawDots(dst *image.RGBA, s *Scatter, v ScatterView, theme Theme) {
	r := theme.px(4)
	if n := float64(len(v.px)); n > 200 {
		r = max(theme.px(2.7), r*math.Pow(200/n, 0.2))
	}
	if s.Zoom > 0 {
		r = theme.px(2)
	}
	r = math.Round(4*r) / 4
	rim := r + math.Round(4*theme.px(0.7))/4
	ground := theme.Background
	ground.A = 150
	reach := int(2*rim) + 2
	for i, q := range v.px {
		if !finite(q[0] + q[1]) {
			continue
		}
		at := image.Pt(clampInt(q[0], 1<<20), clampInt(q[1], 1<<20))
		if !at.In(v.Area.Inset(-reach)) {
			continue
		}
		shape, c := 0, mix(theme.Background, theme.Text, 0.8)
		if k := s.class(i); k >= 0 {
			c, shape = ClassMark(k, theme.dark())
		}
		if s.Zoom > 0 {
			c.A = 150
		} else {
			m := p.mark(shape, rim)
			blendMask(dst, at.Sub(image.Pt(m.Rect.Dx()/2, m.Rect.Dy()/2)), m, ground)
		}
		m := p.mark(shape, r)
		blendMask(dst, at.Sub(image.Pt(m.Rect.Dx()/2, m.Rect.Dy()/2)), m, c)
	}
}

// place chooses the images that are drawn: from the first on, those that lie
// whole in the picture and on no other.
func (s *Scatter) place(v ScatterView) []ScatterTile {
	w, h := s.Geometry.Width*s.Zoom+2, s.Geometry.Height*s.Zoom+2
	cells := map[image.Point]image.Rectangle{} // at most one corner lies in a cell
	var tiles []ScatterTile
	for i, q := range v.px {
		if !finite(q[0] + q[1]) {
			continue
		}
		at := image.Pt(clampInt(q[0], 1<<20)-w/2, clampInt(q[1], 1<<20)-h/2)
		r := image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))}
		if !r.In(v.Area) {
			continue
		}
		cell, free := image.Pt(at.X/w, at.Y/h), true
		for k := range 9 {
			other, have := cells[cell.Add(image.Pt(k%3-1, k/3-1))]
			free = free && !(have && other.Overlaps(r))
		}
		if free {
			cells[cell] = r
			tiles = append(tiles, ScatterTile{i, r})
		}
	}
	return tiles
}

// drawTiles draws the images in frames of the colours of their classes.
func (s *Scatter) drawTiles(dst *image.RGBA, tiles []ScatterTile, theme Theme) {
	target := rgbaTarget{dst: dst, clip: dst.Rect, words: greyWords(false)}
	levels := make([]uint8, s.Geometry.Features())
	for _, t := range tiles {
		frame := mix(theme.Background, theme.Text, 0.5)
		if k := s.class(t.Point); k >= 0 {
			frame, _ = ClassMark(k, theme.dark())
		}
		fill(dst, t.Rect, frame)
		row := s.Images.Row(t.Point)
		s.Range.quantise(levels, s.Geometry, false, func(j int) float64 { return float64(row[j]) })
		target.blit(t.Rect.Min.Add(image.Pt(tileFrame, tileFrame)), levels, s.Geometry, s.Zoom)
	}
}
