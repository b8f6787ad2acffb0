package render

import (
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// Scale says how the scale s of a tile follows from the weights. In the
// formulas v is a weight less its centre, m_i the largest |v| of tile i.
type Scale uint8

const (
	// ScaleTile gives each tile its own contrast, with a floor that keeps
	// noise grey: s_i = max(m_i, 0.15·median m).
	ScaleTile Scale = iota
	// ScaleBlend lies between global and tile: s_i = s_g^(1−b)·m_i^b, where
	// m_i has the floor of ScaleTile and s_g is the scale of ScaleGlobal.
	ScaleBlend
	// ScaleGlobal gives all tiles one scale, the 99.5th percentile of |v|;
	// what lies beyond it is clipped.
	ScaleGlobal
	// ScaleUnit divides each tile by its Euclidean norm, then proceeds as
	// ScaleGlobal.
	ScaleUnit
	// ScaleUFLDL is display_network's: the mean of all weights is the centre,
	// s_i = m_i without a floor. [DisplayNetwork] draws the whole preset.
	ScaleUFLDL
)

var scaleNames = [...]string{"tile", "blend", "global", "unit", "ufldl"}

// String returns the name that [ParseScale] reads.
func (s Scale) String() string {
	if int(s) < len(scaleNames) {
		return scaleNames[s]
	}
	return fmt.Sprintf("scale %d", uint8(s))
}

// ParseScale returns the scale of that name: tile, blend, global, unit, ufldl.
func ParseScale(name string) (Scale, error) {
	if i := slices.Index(scaleNames[:], name); i >= 0 {
		return Scale(i), nil
	}
	return ScaleTile, fmt.Errorf("scale %q: want one of %q", name, scaleNames)
}

// Centre says which weight is drawn as the middle level.
type Centre uint8

const (
	// CentreZero draws a weight of 0 as the middle level.
	CentreZero Centre = iota
	// CentreTile draws the mean of its tile as the middle level.
	CentreTile
	// CentreGlobal draws the mean of all weights as the middle level.
	CentreGlobal
)

// floorShare is the floor of ScaleTile relative to the median: pylearn2's
// min_dynamic_range idea; 0.15 leaves a dead unit visibly grey.
const floorShare = 0.15

// globalShare is the part of the weights that the global scale does not clip.
const globalShare = 0.995

// halfLife is the time in seconds in which a followed scale loses half of what
// it is too large by.
const halfLife = 2

// Scaling is the user's choice of contrast.
type Scaling struct {
	Scale  Scale
	Blend  float64 // b of ScaleBlend, 0 (global) to 1 (tile); clamped
	Centre Centre  // ScaleUFLDL ignores it: its centre is global
}

// Contrast holds the numbers that turn weights into levels. It is immutable;
// keeping one and drawing newer weights with it is what "lock" means.
type Contrast struct {
	Scaling Scaling
	// Scales has the scale of each tile in the units of the weights. A scale
	// of 0 draws the tile in the middle level.
	Scales []float64
	// Centres has the centre of each tile; nil means zero throughout.
	Centres []float64
	// Global is the one number behind ScaleGlobal (in the units of the
	// weights) and ScaleUnit (of w/‖w‖), 0 for the other scales.
	Global float64

	followed float64   // Global before it was made a round number
	norms    []float64 // ScaleUnit: the norms of the tiles
}

// Measure returns the contrast that scaling asks for on the filters w, n×d.
// Weights that are not finite are left out of every statistic.
func Measure[T linalg.Float](w linalg.Matrix[T], scaling Scaling) Contrast {
	scaling.Blend = min(max(scaling.Blend, 0), 1)
	if scaling.Scale == ScaleUFLDL {
		scaling.Centre = CentreGlobal
	}
	c := Contrast{Scaling: scaling, Centres: centres(w, scaling.Centre)}
	switch scaling.Scale {
	case ScaleTile:
		c.Scales = raise(largest(w, c.Centres))
	case ScaleUFLDL:
		c.Scales = largest(w, c.Centres)
	case ScaleBlend:
		c.Scales = raise(largest(w, c.Centres))
		global := magnitude(w, c.Centres, nil, globalShare)
		for i, m := range c.Scales {
			c.Scales[i] = math.Pow(global, 1-scaling.Blend) * math.Pow(m, scaling.Blend)
		}
	case ScaleGlobal:
		c.setGlobal(magnitude(w, c.Centres, nil, globalShare), w.Rows)
	case ScaleUnit:
		c.norms = norms(w, c.Centres)
		c.setGlobal(magnitude(w, c.Centres, c.norms, globalShare), w.Rows)
	}
	c.followed = c.Global
	return c
}

// Fits reports whether the contrast belongs to a matrix of n filters.
func (c Contrast) Fits(n int) bool { return len(c.Scales) == n }

// Follow returns the contrast to draw with when the previous frame, dt seconds
// ago, was drawn with prev and c has just been measured: scales grow at once
// and shrink with a half-life of 2 s; the number of the global scales is
// rounded up to 1, 2 or 5 times a power of ten, so that the picture does not
// breathe. A prev of another scaling or size is ignored.
func (c Contrast) Follow(prev Contrast, dt float64) Contrast {
	fresh := prev.Scaling != c.Scaling || len(prev.Scales) != len(c.Scales)
	keep := 0.0 // share of the surplus that is left
	if !fresh {
		keep = math.Exp2(-max(dt, 0) / halfLife)
	}
	if c.Scaling.Scale == ScaleGlobal || c.Scaling.Scale == ScaleUnit {
		held := 0.0
		if !fresh {
			c.followed = decay(prev.followed, c.followed, keep)
			held = prev.Global
		}
		round := NiceCeil(c.followed)
		// Fall to the next number only when clearly below it: a scale that
		// hovers around a round number would flicker.
		if round < held && c.followed > 0.85*round && NiceCeil(held) == held {
			round = held
		}
		c.setGlobal(round, len(c.Scales))
		return c
	}
	if !fresh {
		c.Scales = slices.Clone(c.Scales)
		for i, s := range c.Scales {
			c.Scales[i] = decay(prev.Scales[i], s, keep)
		}
	}
	return c
}

// decay moves from prev to next: up at once, down by all but keep of the way.
func decay(prev, next, keep float64) float64 {
	if next >= prev {
		return next
	}
	return next + (prev-next)*keep
}

// Clipped returns the fraction of the weights that lie beyond the scale of
// their tile, those that are not finite included. It panics when c is not of
// w's number of filters.
func Clipped[T linalg.Float](w linalg.Matrix[T], c Contrast) float64 {
	c.mustFit(w.Rows)
	if w.Rows*w.Cols == 0 {
		return 0
	}
	clipped := 0
	for i := range w.Rows {
		centre, s := c.centre(i), c.Scales[i]
		for _, v := range w.Row(i) {
			if !(math.Abs(float64(v)-centre) <= s) {
				clipped++
			}
		}
	}
	return float64(clipped) / float64(w.Rows*w.Cols)
}

func (c Contrast) mustFit(n int) {
	if !c.Fits(n) {
		panic(fmt.Sprintf("render: contrast of %d tiles for %d filters", len(c.Scales), n))
	}
}

func (c Contrast) centre(i int) float64 {
	if c.Centres == nil {
		return 0
	}
	return c.Centres[i]
}

func (c *Contrast) setGlobal(global float64, n int) {
	c.Global = global
	c.Scales = make([]float64, n)
	for i := range c.Scales {
		c.Scales[i] = global
		if c.norms != nil {
			c.Scales[i] *= c.norms[i]
		}
	}
}

// raise lifts each of m to at least floorShare times their median.
func raise(m []float64) []float64 {
	if len(m) == 0 {
		return m
	}
	floor := floorShare * median(m)
	for i, v := range m {
		m[i] = max(v, floor)
	}
	return m
}

func median(v []float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// NiceCeil returns the smallest of the numbers 1, 2, 5 times a power of ten
// that is not below v, and 0 for v that is not positive and finite.
func NiceCeil(v float64) float64 {
	if !(v > 0) || math.IsInf(v, 0) {
		return 0
	}
	power := int(math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 2, 5, 10, 20} {
		if n := pow10(m, power); n >= v {
			return n
		}
	}
	return v
}

// pow10 returns m·10^power with one rounding, so that 0.2 is 0.2.
func pow10(m float64, power int) float64 {
	if power < 0 {
		return m / math.Pow(10, float64(-power))
	}
	return m * math.Pow(10, float64(power))
}
