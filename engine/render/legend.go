package render

import (
	"cmp"
	"image"
	"image/color"
	"math"
)

// Legend is the scale bar of a mosaic, in one line: the map from −max at the
// left to +max at the right, its middle in words between the halves.
type Legend struct {
	Map    Map
	Invert bool
	Length int // of each half in device pixels
	// Low, Middle and High are the texts; empty ones mean −max, 0, +max.
	Low, Middle, High string
}

// LegendOf returns the legend of a contrast: with the number where all tiles
// share one, "+max" where each has its own. ScaleUnit's number is in units of
// the norm of a tile. A centre other than zero is said in words.
func LegendOf(c Contrast, o Options, length int) Legend {
	l := Legend{Map: o.Map, Invert: o.Invert, Length: length}
	if scale, shared := c.LegendRange(); shared && scale > 0 {
		l.Low, l.High = "−"+Number(scale), "+"+Number(scale)
		if c.Scaling.Scale == ScaleUnit {
			l.High += " norm"
		}
	}
	switch c.Scaling.Centre {
	case CentreTile:
		l.Middle = "tile mean"
	case CentreGlobal:
		l.Middle = "mean"
	}
	return l
}

// Draw returns the legend on the theme's background, as large as it needs: text,
// half of the bar, text, the other half, text.
func (l Legend) Draw(typeface *Typeface, theme Theme) *image.RGBA {
	theme = theme.complete()
	text := typeface.size(theme.px(theme.TextSize))
	low, middle, high := cmp.Or(l.Low, "−max"), cmp.Or(l.Middle, "0"), cmp.Or(l.High, "+max")
	gap, line := int(theme.px(5)), theme.line()
	thick, long := max(4, int(theme.px(11))), max(4, l.Length)
	width := func(s string) int { return int(math.Ceil(text.width(s))) }
	height := max(thick+2*line, text.ascent+int(theme.px(6)))
	img := image.NewRGBA(image.Rect(0, 0, width(low)+width(middle)+width(high)+2*long+4*gap, height))
	fill(img, img.Rect, theme.Background)

	x, base := 0, (height+text.ascent)/2
	words := l.Map.words(l.Invert)
	write := func(s string) {
		text.draw(img, float64(x), base, s, theme.Text)
		x += width(s)
	}
	half := func(from, to float64) {
		x += gap
		bar := image.Rect(x, (height-thick)/2, x+long, (height-thick)/2+thick)
		fill(img, bar, theme.Grid)
		bar = bar.Inset(line)
		for i := range bar.Dx() {
			w := words[int(math.Round(from+(to-from)*float64(i)/float64(max(1, bar.Dx()-1))))]
			fill(img, image.Rect(bar.Min.X+i, bar.Min.Y, bar.Min.X+i+1, bar.Max.Y), color.RGBA{uint8(w), uint8(w >> 8), uint8(w >> 16), 255})
		}
		x += long + gap
	}
	write(low)
	half(0, (Levels-1)/2)
	write(middle)
	half((Levels-1)/2, Levels-1)
	write(high)
	return img
}
