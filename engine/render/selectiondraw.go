package render

import (
	"image"
	"image/color"
	"math"
)

// shareCover is how much of the grid the stacked shares cover.
const shareCover = 0.9

// drawShares stacks the shares, the first operation on top, and writes names
// where there is room.
func (p *Painter) drawShares(dst *image.RGBA, s *Selection, v View, theme Theme, text *face) {
	entries := []entry{{text: "share of each operation"}}
	if s.Shares.Rows == 0 {
		p.header(dst, v.Area, theme, text, entries...)
		p.say(dst, v.Area, theme, "nothing selected yet")
		return
	}
	colours := p.basis.colours[:0]
	for k, name := range s.Names {
		colours = append(colours, s.colour(k, theme))
		entries = append(entries, entry{text: name, colour: colours[k]})
	}
	p.basis.colours = colours
	p.header(dst, v.Area, theme, text, entries...)
	stack := &p.basis.stack
	stack.reset(v.Area, theme.px(0.7))
	stack.columns(s.X, v, func(column, i int, f float64) {
		row, next := s.Shares.Row(i), s.Shares.Row(i+1)
		top, above := 1.0, v.PixelY(1)
		for k := range row {
			top -= row[k] + f*(next[k]-row[k])
			y := v.PixelY(top)
			stack.span(column, above, y, colours[k])
			above = y
		}
	})
	stack.paint(dst, shareCover)
	for k, name := range s.Names {
		p.nameShare(dst, s, v, k, name, theme, text)
	}
}

// nameShare writes the name of operation k in the middle of the longest stretch
// where its share is high enough for text, unless that is too short.
func (p *Painter) nameShare(dst *image.RGBA, s *Selection, v View, k int, name string, theme Theme, text *face) {
	least := 1.6 * float64(text.ascent) / float64(v.Area.Dy())
	first, last, start := 0, -1, 0
	for i := range s.X {
		if !(s.Shares.At(i, k) >= least) {
			start = i + 1
		} else if s.X[i]-s.X[start] > s.X[max(last, 0)]-s.X[first] || last < 0 {
			first, last = start, i
		}
	}
	if last < 0 || v.PixelX(s.X[last])-v.PixelX(s.X[first]) < text.width(name)+theme.px(8) {
		return
	}
	at := v.sample(s.X, (v.PixelX(s.X[first])+v.PixelX(s.X[last]))/2)
	if at < 0 {
		return
	}
	middle := 1 - s.Shares.At(at, k)/2
	for _, share := range s.Shares.Row(at)[:k] {
		middle -= share
	}
	base := int(math.Round(v.PixelY(middle))) + text.ascent/2
	text.drawMiddle(dst, v.PixelX(s.X[at]), base, name, theme.Background, float64(v.Area.Min.X), float64(v.Area.Max.X))
}

// drawPieces draws the bar of pieces below the shares, in their colours.
func (p *Painter) drawPieces(dst *image.RGBA, s *Selection, v View, height int, theme Theme, text *face) {
	top := v.Area.Max.Y + text.ascent + 2*int(theme.px(tickGap))
	bar := image.Rect(v.Area.Min.X, top, v.Area.Max.X, top+height)
	entries := []entry{{text: "the target uses"}}
	if s.Note != "" {
		entries = append(entries, entry{text: s.Note})
	}
	p.header(dst, bar, theme, text, entries...)
	for _, piece := range s.Pieces {
		if piece.Operation < 0 || piece.Operation >= len(s.Names) || !(piece.From < piece.To) {
			continue
		}
		from, to := v.PixelX(max(piece.From, v.X.Lo)), v.PixelX(min(piece.To, v.X.Hi))
		block := image.Rect(int(math.Round(from)), bar.Min.Y, int(math.Round(to))-theme.line(), bar.Max.Y)
		if block.Empty() {
			continue
		}
		fill(dst, block, s.colour(piece.Operation, theme))
		if name := s.Names[piece.Operation]; text.width(name)+theme.px(6) <= float64(block.Dx()) {
			base := (block.Min.Y + block.Max.Y + text.ascent) / 2
			text.drawMiddle(dst, (from+to)/2, base, name, theme.Background, from, to)
		}
	}
}

// drawSelected draws the target, the arg-max and the soft selection.
func (p *Painter) drawSelected(dst *image.RGBA, s *Selection, v View, theme Theme, text *face) {
	target := mix(theme.Background, theme.Text, 0.45)
	hard := mix(theme.Background, theme.Text, 0.95)
	var entries []entry
	draw := func(y []float64, name string, width float64, c color.RGBA) {
		if y != nil {
			entries = append(entries, entry{text: name, colour: c})
			p.pieces(dst, s, v, y, width, c, theme)
		}
	}
	draw(s.Target, "target", 5, target)
	draw(s.Hard, orElse(s.HardName, "arg-max"), 1.3, hard)
	draw(s.Soft, orElse(s.SoftName, "soft selection"), 2, theme.accent())
	p.header(dst, v.Area, theme, text, entries...)
	if entries == nil {
		p.say(dst, v.Area, theme, "no outputs yet")
	}
}

// pieces strokes y over X, interrupted where it jumps from one sample to the
// next: by more than a twentieth of the axis, and more than ten times as much as
// before and after.
func (p *Painter) pieces(dst *image.RGBA, s *Selection, v View, y []float64, width float64, c color.RGBA, theme Theme) {
	at := p.plane(dst, v, theme)
	line := pen{stroke: &p.stroke, half: theme.px(width) / 2}
	rise := func(i int) float64 {
		if i < 1 || i >= len(y) {
			return 0
		}
		return math.Abs(y[i] - y[i-1])
	}
	for i, x := range s.X {
		if r := rise(i); r > (v.Y.Hi-v.Y.Lo)/20 && r > 10*max(rise(i-1), rise(i+1)) {
			line.lift()
		}
		line.to(v.PixelX(x)-float64(at.X), v.PixelY(y[i])-float64(at.Y))
	}
	line.lift()
	p.stroke.paint(dst, at, c)
}
