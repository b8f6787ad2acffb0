package render

import (
	"image"
	"image/color"
	"math"
)

// Legend is the scale bar beside a mosaic: the map from −max at the bottom to
// +max at the top, with the middle marked.
type Legend struct {
	Map    Map
	Invert bool
	Height int // of the bar in device pixels
	// Top, Middle and Bottom are the texts; empty ones mean +max, 0, −max.
	Top, Middle, Bottom string
}

// LegendOf returns the legend of a contrast: with the number where all tiles
// share one, "+max" where each has its own. ScaleUnit's number is in units of
// the norm of a tile. A centre other than zero is said in words.
func LegendOf(c Contrast, o Options, height int) Legend {
	l := Legend{Map: o.Map, Invert: o.Invert, Height: height}
	if scale, shared := c.LegendRange(); shared && scale > 0 {
		l.Top, l.Bottom = "+"+Number(scale), "−"+Number(scale)
		if c.Scaling.Scale == ScaleUnit {
			l.Top, l.Bottom = l.Top+" norm", l.Bottom+" norm"
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

// Draw returns the legend on the theme's background, as large as it needs: the
// bar at the right, the texts to the left of it.
func (l Legend) Draw(typeface *Typeface, theme Theme) *image.RGBA {
	theme = theme.complete()
	text := typeface.size(theme.px(theme.TextSize))
	texts := [3]string{l.Top, l.Middle, l.Bottom}
	for i, s := range [3]string{"+max", "0", "−max"} {
		if texts[i] == "" {
			texts[i] = s
		}
	}
	widest := 0.0
	for _, s := range texts {
		widest = max(widest, text.width(s))
	}
	height := max(l.Height, 3*text.ascent)
	edge, gap, line := int(theme.px(4)), int(theme.px(6)), theme.line()
	thick := max(4, int(theme.px(12)))
	left, top := edge+int(math.Ceil(widest))+gap, edge+text.ascent/2
	img := image.NewRGBA(image.Rect(0, 0, left+thick+2*line+edge, height+2*top))
	fill(img, img.Rect, theme.Background)

	bar := image.Rect(left+line, top+line, left+line+thick, top+height-line)
	fill(img, bar.Inset(-line), theme.Grid)
	words := l.Map.words(l.Invert)
	for y := bar.Min.Y; y < bar.Max.Y; y++ {
		level := int(math.Round((Levels - 1) * (1 - float64(y-bar.Min.Y)/float64(max(1, bar.Dy()-1)))))
		w := words[level]
		fill(img, image.Rect(bar.Min.X, y, bar.Max.X, y+1), color.RGBA{uint8(w), uint8(w >> 8), uint8(w >> 16), 255})
	}
	for i, y := range [3]int{bar.Min.Y, (bar.Min.Y + bar.Max.Y - 1) / 2, bar.Max.Y - 1} {
		fill(img, image.Rect(left-gap/2, y, left, y+line), theme.Text)
		text.drawEnd(img, float64(left-gap), y+(text.ascent+1)/2, texts[i], theme.Text)
	}
	return img
}
