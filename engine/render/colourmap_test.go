package render_test

import (
	"image/color"
	"math"
	"testing"

	"filterscope/engine/render"
)

func TestParseMap(t *testing.T) {
	for _, m := range render.Maps() {
		if got, err := render.ParseMap(m.String()); err != nil || got != m {
			t.Errorf("ParseMap(%q) = %v, %v", m, got, err)
		}
	}
	if _, err := render.ParseMap("jet"); err == nil {
		t.Error("ParseMap(jet) succeeds")
	}
}

func TestGreyMapIsTheLevel(t *testing.T) {
	for l, c := range render.Grey.Palette() {
		if v := uint8(l); c != (color.RGBA{v, v, v, 255}) {
			t.Errorf("level %d = %v", l, c)
		}
	}
}

// lightness is OKLab's L of an sRGB colour (Ottosson 2020).
func lightness(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	return 0.2104542553*math.Cbrt(0.4122214708*r+0.5363325363*g+0.0514459929*b) +
		0.7936177850*math.Cbrt(0.2119034982*r+0.6806995451*g+0.1073969566*b) -
		0.0040720468*math.Cbrt(0.0883024619*r+0.2817188376*g+0.6299787005*b)
}

func TestDivergingMapsAreEven(t *testing.T) {
	for _, m := range []render.Map{render.BlueWhiteOrange, render.BlueBlackOrange} {
		p := m.Palette()
		if len(p) != render.Levels {
			t.Fatalf("%v has %d colours", m, len(p))
		}
		if c := p[render.Zero]; c.R != c.G || c.G != c.B {
			t.Errorf("%v: zero is %v, want a grey", m, c)
		}
		if low, high := p[0], p[254]; low.B <= low.R || high.R <= high.B {
			t.Errorf("%v runs from %v to %v, want blue to orange", m, low, high)
		}
		step := (lightness(p[254]) - lightness(p[render.Zero])) / render.Zero
		for l, c := range p {
			want := lightness(p[render.Zero]) + step*math.Abs(float64(l-render.Zero))
			// Rounding to 8 bits moves L by up to 0.004 in the dark.
			if got := lightness(c); math.Abs(got-want) > 0.006 {
				t.Errorf("%v: level %d has lightness %.3f, want %.3f", m, l, got, want)
			}
		}
	}
}
