package render

import (
	"image/color"
	"sync"
)

// Ramp is the colours of a field of values.
type Ramp uint8

const (
	// RampAuto is RampSigned for values of both signs, where the smaller side
	// is at least a quarter of the larger, else RampSequential.
	RampAuto Ramp = iota
	// RampSequential runs evenly in lightness from deep violet over teal to
	// pale yellow.
	RampSequential
	// RampSigned is a diverging map with zero exactly in its middle:
	// BlueWhiteOrange on a light ground, BlueBlackOrange on a dark one.
	RampSigned
	// RampGrey is black to white, for images.
	RampGrey
)

// resolve replaces RampAuto by what suits values between low and high.
func (r Ramp) resolve(low, high float64) Ramp {
	if r != RampAuto {
		return r
	}
	if low < 0 && high > 0 && min(-low, high) >= 0.25*max(-low, high) {
		return RampSigned
	}
	return RampSequential
}

// Colours returns the 255 colours of the ramp, lowest first; RampAuto is taken
// as RampSequential. The slice is the caller's.
func (r Ramp) Colours(dark bool) []color.RGBA {
	t := r.table(dark)
	return append([]color.RGBA(nil), t[:]...)
}

func (r Ramp) table(dark bool) *[Levels]color.RGBA {
	switch {
	case r == RampSigned && dark:
		return blackTable()
	case r == RampSigned:
		return whiteTable()
	case r == RampGrey:
		return greyTable()
	}
	return sequentialTable()
}

// The sequential ramp is a path through OKLCH: even steps of lightness, hues
// from violet over blue, teal and green to yellow, the chroma that sRGB has
// room for there.
var sequentialTable = sync.OnceValue(func() *[Levels]color.RGBA {
	stops := [...]oklch{
		{0.265, 0.105, 312},
		{0.345, 0.120, 292},
		{0.425, 0.115, 270},
		{0.505, 0.098, 242},
		{0.585, 0.094, 212},
		{0.665, 0.107, 178},
		{0.745, 0.138, 152},
		{0.825, 0.160, 128},
		{0.915, 0.165, 104},
	}
	var t [Levels]color.RGBA
	for i := range t {
		f := float64(i) / (Levels - 1) * float64(len(stops)-1)
		k := min(int(f), len(stops)-2)
		f -= float64(k)
		// A cubic through the stops: no corner shows in a smooth field.
		before, a, b, after := stops[max(k-1, 0)], stops[k], stops[k+1], stops[min(k+2, len(stops)-1)]
		t[i] = oklch{
			spline(before.l, a.l, b.l, after.l, f),
			spline(before.c, a.c, b.c, after.c, f),
			spline(before.h, a.h, b.h, after.h, f),
		}.srgb()
	}
	return &t
})

// spline is the Catmull–Rom cubic from b at 0 to c at 1.
func spline(a, b, c, d, f float64) float64 {
	return b + f/2*(c-a+f*(2*a-5*b+4*c-d+f*(3*(b-c)+d-a)))
}

// basisColour is the colour of basis function i of m in a picture: one
// lightness and one chroma, the hue running evenly from blue over green and
// orange to violet, so that neighbours are told apart and none stands out.
func basisColour(i, m int, dark bool) color.RGBA {
	at := 0.5
	if m > 1 {
		at = float64(i) / float64(m-1)
	}
	k := oklch{0.62, 0.125, 255 - 300*at}
	if dark {
		k.l, k.c = 0.755, 0.115
	}
	return k.srgb()
}
