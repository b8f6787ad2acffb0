package digits

import (
	"math"
	"math/rand/v2"
)

// point is a place on the page: x to the right, y downwards.
type point struct{ x, y float64 }

// bend is the map from the skeleton's page to a writer's: a smooth warp, then
// scale, slant and rotation. One bend serves all strokes of a digit, so that
// strokes that meet still meet.
type bend struct {
	waves  [4]wave
	bulge  float64
	taper  float64
	xx, xy float64 // the linear part: x' = xx·x + xy·y
	yx, yy float64
	middle point
}

// wave displaces a point by (dx, dy)·sin(kx·x + ky·y + phase).
type wave struct{ kx, ky, phase, dx, dy float64 }

func newBend(h habit, rng *rand.Rand) bend {
	b := bend{
		bulge:  bulgeAmount * rng.NormFloat64(),
		taper:  taperAmount * rng.NormFloat64(),
		middle: point{30, 50},
	}
	for i := range b.waves {
		// Wavelengths of one to three times the digit's height.
		length := 100 * (1 + 2*rng.Float64())
		towards := 2 * math.Pi * rng.Float64()
		sin, cos := math.Sincos(towards)
		b.waves[i] = wave{
			kx: 2 * math.Pi / length * cos, ky: 2 * math.Pi / length * sin,
			phase: 2 * math.Pi * rng.Float64(),
			dx:    warpAmount * rng.NormFloat64(), dy: warpAmount * rng.NormFloat64(),
		}
	}
	aspect := math.Exp(h.widen + aspectSpread*rng.NormFloat64())
	slant := h.slant + h.spread*rng.NormFloat64()
	sin, cos := math.Sincos(turnSpread * rng.NormFloat64())
	// rotation · slant · aspect; y runs downwards, so a slant to the right
	// takes from x as y grows.
	b.xx, b.xy = cos*aspect, -cos*slant-sin
	b.yx, b.yy = sin*aspect, -sin*slant+cos
	return b
}

func (b *bend) apply(p point) point {
	q := p
	for _, w := range b.waves {
		s := math.Sin(w.kx*p.x + w.ky*p.y + w.phase)
		q.x += w.dx * s
		q.y += w.dy * s
	}
	q.x -= b.middle.x
	q.y -= b.middle.y
	q.x *= 1 + b.taper*q.y/50
	q.y += b.bulge * math.Cos(q.y*math.Pi/100)
	return point{b.xx*q.x + b.xy*q.y, b.yx*q.x + b.yy*q.y}
}
