package render

import (
	"fmt"
	"image/color"
	"math"
	"sync"
)

// Levels is the number of levels of a weight, 0 to 254; Zero is the level of
// a weight of exactly the centre value.
const (
	Levels = 255
	Zero   = 127
)

// Map gives each level a colour. All maps are centred: level [Zero] is
// neutral, and levels equally far from it are equally far in lightness.
type Map uint8

const (
	// Grey draws level l as grey value l: black is negative, white positive.
	Grey Map = iota
	// BlueWhiteOrange is blue for negative, near-white for zero and orange
	// for positive weights.
	BlueWhiteOrange
	// BlueBlackOrange is the same on a dark ground: zero is near-black.
	BlueBlackOrange
)

// Maps lists the maps in the order in which a user meets them.
func Maps() []Map { return []Map{Grey, BlueWhiteOrange, BlueBlackOrange} }

var mapNames = [...]string{"grey", "blue-white-orange", "blue-black-orange"}

// String returns the name that [ParseMap] reads.
func (m Map) String() string {
	if int(m) < len(mapNames) {
		return mapNames[m]
	}
	return fmt.Sprintf("map %d", uint8(m))
}

// ParseMap returns the map of that name; "gray" is accepted for grey.
func ParseMap(name string) (Map, error) {
	if name == "gray" {
		return Grey, nil
	}
	for i, n := range mapNames {
		if n == name {
			return Map(i), nil
		}
	}
	return Grey, fmt.Errorf("colour map %q: want one of %q", name, mapNames)
}

// Palette returns the 255 opaque colours of the map, level 0 first. The slice
// is the caller's own.
func (m Map) Palette() []color.RGBA {
	p := m.table()
	return append([]color.RGBA(nil), p[:]...)
}

func (m Map) table() *[Levels]color.RGBA {
	switch m {
	case BlueWhiteOrange:
		return whiteTable()
	case BlueBlackOrange:
		return blackTable()
	}
	return greyTable()
}

var greyTable = sync.OnceValue(func() *[Levels]color.RGBA {
	var t [Levels]color.RGBA
	for l := range t {
		t[l] = color.RGBA{uint8(l), uint8(l), uint8(l), 255}
	}
	return &t
})

// The ends of the two diverging maps have the hues of Okabe and Ito's blue and
// orange (https://jfly.uni-koeln.de/color/) and equal OKLab lightness, so that
// the sign of a weight does not change how strong it looks. The lightness is
// the one at which both hues still have a strong chroma inside sRGB.
var (
	whiteTable = sync.OnceValue(func() *[Levels]color.RGBA {
		return diverging(oklch{0.60, 0.135, 247}, oklch{0.97, 0, 0}, oklch{0.60, 0.158, 46})
	})
	blackTable = sync.OnceValue(func() *[Levels]color.RGBA {
		return diverging(oklch{0.76, 0.118, 236}, oklch{0.21, 0, 0}, oklch{0.76, 0.155, 68})
	})
)

// oklch is a colour of Ottosson's OKLab space in polar form: lightness 0 to 1,
// chroma, hue in degrees.
type oklch struct{ l, c, h float64 }

// diverging returns the map that runs from low over centre to high, evenly in
// lightness and in chroma.
func diverging(low, centre, high oklch) *[Levels]color.RGBA {
	var t [Levels]color.RGBA
	for i := range t {
		end, f := high, float64(i-Zero)/Zero
		if f < 0 {
			end, f = low, -f
		}
		t[i] = oklch{centre.l + f*(end.l-centre.l), f * end.c, end.h}.srgb()
	}
	return &t
}

// srgb converts to 8-bit sRGB, clipping to the gamut (Ottosson, "A perceptual
// color space for image processing", 2020).
func (k oklch) srgb() color.RGBA {
	sin, cos := math.Sincos(k.h * math.Pi / 180)
	a, b := k.c*cos, k.c*sin
	l := k.l + 0.3963377774*a + 0.2158037573*b
	m := k.l - 0.1055613458*a - 0.0638541728*b
	s := k.l - 0.0894841775*a - 1.2914855480*b
	l, m, s = l*l*l, m*m*m, s*s*s
	return color.RGBA{
		encodeSRGB(+4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		encodeSRGB(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		encodeSRGB(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		255,
	}
}

// encodeSRGB applies the sRGB transfer function (IEC 61966-2-1) to linear
// light in [0, 1].
func encodeSRGB(v float64) uint8 {
	switch {
	case v <= 0:
		return 0
	case v >= 1:
		return 255
	case v <= 0.0031308:
		v *= 12.92
	default:
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * v))
}

// words holds the 256 colours of a picture as little-endian RGBA words.
type words [256]uint32

func word(c color.RGBA) uint32 {
	return uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | 0xff<<24
}

// words returns the colour of each level; with invert the map runs backwards.
func (m Map) words(invert bool) *words {
	var t words
	for l, c := range m.table() {
		if invert {
			l = Levels - 1 - l
		}
		t[l] = word(c)
	}
	return &t
}
