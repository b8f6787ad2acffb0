package render

import "image/color"

// Theme is the colours and the size in which charts are drawn.
type Theme struct {
	Background color.RGBA
	Grid       color.RGBA // lines; quiet against the background
	Text       color.RGBA // tick labels and names
	// Accent is the one colour that draws attention in the pictures of a
	// [Painter]; a colour without alpha means a blue that suits the background.
	Accent color.RGBA
	// Scale is the number of device pixels in a unit; line widths and text
	// sizes are in units. Values that are not positive mean 1.
	Scale float64
	// TextSize is the height of text in units; 0 means 11.
	TextSize float64
}

// DarkTheme and LightTheme are used where no window gives its own colours.
func DarkTheme() Theme {
	return Theme{Background: color.RGBA{0x1c, 0x1e, 0x22, 255}, Grid: color.RGBA{0x34, 0x37, 0x3d, 255}, Text: color.RGBA{0xb4, 0xb8, 0xc0, 255}}
}

// LightTheme is the counterpart of [DarkTheme]; exports use it.
func LightTheme() Theme {
	return Theme{Background: color.RGBA{255, 255, 255, 255}, Grid: color.RGBA{0xe2, 0xe3, 0xe6, 255}, Text: color.RGBA{0x55, 0x59, 0x61, 255}}
}

// unit returns the theme with its defaults filled in and its colours opaque.
func (t Theme) complete() Theme {
	if !(t.Scale > 0) {
		t.Scale = 1
	}
	if !(t.TextSize > 0) {
		t.TextSize = 11
	}
	t.Background.A, t.Grid.A, t.Text.A = 255, 255, 255
	return t
}

// px converts units to device pixels.
func (t Theme) px(units float64) float64 { return units * t.Scale }

// line returns the width of a hairline in whole pixels, at least 1.
func (t Theme) line() int { return max(1, int(t.Scale+0.25)) }

// SeriesColours returns the colours of curves, runs and classes, in an order
// in which neighbours differ most. They are Okabe and Ito's eight, safe for
// colour-blind readers (https://jfly.uni-koeln.de/color/), for a dark ground;
// for a light one the same hues at the same index, darkened until each has a
// contrast of 3:1 with white (WCAG 2.2, 1.4.11). The slice is the caller's.
func SeriesColours(dark bool) []color.RGBA {
	if dark {
		return []color.RGBA{
			{0xe6, 0x9f, 0x00, 255}, // orange
			{0x56, 0xb4, 0xe9, 255}, // sky blue
			{0x00, 0xb3, 0x86, 255}, // bluish green, raised from #009e73
			{0xcc, 0x79, 0xa7, 255}, // reddish purple
			{0xf0, 0xe4, 0x42, 255}, // yellow
			{0xe8, 0x6a, 0x20, 255}, // vermillion, raised from #d55e00
			{0x5a, 0x96, 0xe0, 255}, // blue, raised from #0072b2
			{0xb0, 0xb4, 0xbb, 255}, // grey in black's place
		}
	}
	return []color.RGBA{
		{0xb8, 0x74, 0x00, 255}, // orange
		{0x1f, 0x86, 0xc4, 255}, // sky blue
		{0x00, 0x7d, 0x5a, 255}, // bluish green
		{0xb2, 0x57, 0x88, 255}, // reddish purple
		{0x94, 0x86, 0x00, 255}, // yellow
		{0xc4, 0x4e, 0x00, 255}, // vermillion
		{0x00, 0x5a, 0x94, 255}, // blue
		{0x4a, 0x4e, 0x55, 255}, // grey in black's place
	}
}
