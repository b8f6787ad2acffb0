package deadleaves

import (
	"math"
	"math/rand/v2"
)

// leaf is one shape: an ellipse when sides is 0, a convex polygon otherwise.
type leaf struct {
	x, y, r  float64 // centre, and the radius of the circle around the shape
	grey     float64
	sides    int
	side     [maxSides]halfPlane
	cos, sin float64 // direction of the ellipse's long axis
	ratio    float64 // its short axis over its long one
}

// halfPlane holds the points with nx·x + ny·y ≤ offset, (nx, ny) of length 1.
type halfPlane struct{ nx, ny, offset float64 }

const maxSides = 7

// drop chooses place, size and grey level of the next leaf on a size×size
// page. Centres lie up to MaxRadius outside the page, so that its margin is
// covered as its middle is.
func (l *leaf) drop(size int, o *Options, rng *rand.Rand) {
	// Inverse distribution function of p(r) ∝ r^-3 between the two radii.
	low, high := 1/(o.MinRadius*o.MinRadius), 1/(o.MaxRadius*o.MaxRadius)
	l.r = 1 / math.Sqrt(low-rng.Float64()*(low-high))
	span := float64(size) + 2*o.MaxRadius
	l.x = span*rng.Float64() - o.MaxRadius
	l.y = span*rng.Float64() - o.MaxRadius
	l.grey = rng.Float64()
}

// shape chooses the outline of a leaf that has been dropped: of the straight
// ones 3 in 5 are rectangles, of the round ones every second is a disk.
func (l *leaf) shape(straight float64, rng *rand.Rand) {
	turn := 2 * math.Pi * rng.Float64()
	l.sides = 0
	switch isStraight := rng.Float64() < straight; {
	case isStraight && rng.Float64() < 0.6:
		l.rectangle(turn, 0.25+0.75*rng.Float64())
	case isStraight:
		l.polygon(turn, rng)
	default:
		l.sin, l.cos = math.Sincos(turn)
		l.ratio = 1
		if rng.Float64() < 0.5 {
			l.ratio = 0.35 + 0.65*rng.Float64()
		}
	}
}

// rectangle makes l a rectangle of that ratio of sides, inscribed in its circle.
func (l *leaf) rectangle(turn, ratio float64) {
	long := l.r / math.Hypot(1, ratio)
	sin, cos := math.Sincos(turn)
	l.sides = 4
	l.side[0] = halfPlane{cos, sin, long}
	l.side[1] = halfPlane{-cos, -sin, long}
	l.side[2] = halfPlane{-sin, cos, long * ratio}
	l.side[3] = halfPlane{sin, -cos, long * ratio}
}

// polygon makes l an irregular polygon of 3 to maxSides corners on its circle.
func (l *leaf) polygon(turn float64, rng *rand.Rand) {
	n := 3 + rng.IntN(maxSides-2)
	step := 2 * math.Pi / float64(n)
	first := turn + step*0.5*(rng.Float64()-0.5)
	a := first
	for i := range n {
		b := first + 2*math.Pi
		if i < n-1 {
			b = turn + step*(float64(i+1)+0.5*(rng.Float64()-0.5))
		}
		// The side between the corners at angles a and b looks towards their
		// mean and lies r·cos of half their distance away.
		sin, cos := math.Sincos((a + b) / 2)
		l.side[i] = halfPlane{cos, sin, l.r * math.Cos((b-a)/2)}
		a = b
	}
	l.sides = n
}

// depth returns how far (dx, dy), seen from the centre, lies inside the shape
// in pixels, negative outside. For an ellipse it is exact on the outline and a
// first-order distance near it.
func (l *leaf) depth(dx, dy float64) float64 {
	if l.sides > 0 {
		d := math.Inf(1)
		for _, s := range l.side[:l.sides] {
			d = min(d, s.offset-s.nx*dx-s.ny*dy)
		}
		return d
	}
	if l.ratio == 1 {
		return l.r - math.Sqrt(dx*dx+dy*dy)
	}
	u := (l.cos*dx + l.sin*dy) / l.r
	v := (l.cos*dy - l.sin*dx) / (l.r * l.ratio)
	k := math.Sqrt(u*u + v*v) // 1 on the outline
	slope := math.Sqrt(u*u+v*v/(l.ratio*l.ratio)) / l.r
	if slope == 0 {
		return l.r * l.ratio
	}
	return k * (1 - k) / slope
}
