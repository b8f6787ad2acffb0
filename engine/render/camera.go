package render

import "math"

// Camera looks at the middle of a [Surface]. The zero Camera means
// [DefaultCamera].
type Camera struct {
	Yaw   float64 // radians that the body is turned about its vertical axis z; 0 looks along +y
	Pitch float64 // radians of the camera above the horizon, −π/2 to π/2
	Zoom  float64 // 1 shows all of the body; values that are not positive mean 1
	// Perspective is how strongly nearer things grow: 0 is orthographic, 1 a
	// camera two diameters away.
	Perspective float64
}

// DefaultCamera looks down a little from the front left.
func DefaultCamera() Camera { return Camera{Yaw: 0.6, Pitch: 0.5, Zoom: 1, Perspective: 0.5} }

// Turned returns the camera after a drag by (dx, dy) in units: the body
// follows the pointer.
func (c Camera) Turned(dx, dy float64) Camera {
	const speed = math.Pi / 400
	c = c.complete()
	c.Yaw = math.Remainder(c.Yaw+speed*dx, 2*math.Pi)
	c.Pitch = max(-math.Pi/2, min(c.Pitch+speed*dy, math.Pi/2))
	return c
}

// Zoomed returns the camera after a wheel of that many notches; positive ones
// come nearer.
func (c Camera) Zoomed(notches float64) Camera {
	c = c.complete()
	c.Zoom = max(0.2, min(c.Zoom*math.Exp(0.12*notches), 20))
	return c
}

// complete replaces what makes no sense.
func (c Camera) complete() Camera {
	if c == (Camera{}) || !finite(c.Yaw+c.Pitch+c.Zoom+c.Perspective) {
		return DefaultCamera()
	}
	if !(c.Zoom > 0) {
		c.Zoom = 1
	}
	c.Zoom = max(0.2, min(c.Zoom, 20))
	c.Pitch = max(-math.Pi/2, min(c.Pitch, math.Pi/2))
	c.Perspective = max(0, min(c.Perspective, 1))
	return c
}

// projection maps the space of a body to pixels. The body is shifted by its
// centre and scaled axis by axis into a box of about unit size, turned, and
// seen from the distance 1/near.
//
// In camera space x runs right, y up and z towards the viewer. The depth of a
// point is z/w with w = 1 − near·z: linear across the picture.
type projection struct {
	centre, scale      [3]float64
	sinYaw, cosYaw     float64
	sinPitch, cosPitch float64
	near               float64 // 1/distance; 0 is orthographic
	x, y, k            float64 // middle of the picture and pixels a unit
}

// turn rotates a vector into camera space.
func (p *projection) turn(v [3]float64) [3]float64 {
	x := v[0]*p.cosYaw - v[1]*p.sinYaw
	y := v[0]*p.sinYaw + v[1]*p.cosYaw
	return [3]float64{x, v[2]*p.cosPitch + y*p.sinPitch, v[2]*p.sinPitch - y*p.cosPitch}
}

// turnBack is the inverse of turn.
func (p *projection) turnBack(v [3]float64) [3]float64 {
	z := v[1]*p.cosPitch + v[2]*p.sinPitch
	y := v[1]*p.sinPitch - v[2]*p.cosPitch
	return [3]float64{v[0]*p.cosYaw + y*p.sinYaw, y*p.cosYaw - v[0]*p.sinYaw, z}
}

// box moves a point of the body into the unit box.
func (p *projection) box(v [3]float64) [3]float64 {
	return [3]float64{(v[0] - p.centre[0]) * p.scale[0], (v[1] - p.centre[1]) * p.scale[1], (v[2] - p.centre[2]) * p.scale[2]}
}

// pixel projects a point of the unit box; q is 1/w.
func (p *projection) pixel(v [3]float64) (px, py, depth, q float64) {
	c := p.turn(v)
	q = 1 / (1 - p.near*c[2])
	return p.x + p.k*c[0]*q, p.y - p.k*c[1]*q, c[2] * q, q
}

// point is the inverse: the point of the body at a pixel and a depth.
func (p *projection) point(px, py, depth float64) [3]float64 {
	z := depth / (1 + p.near*depth)
	w := 1 - p.near*z
	v := p.turnBack([3]float64{(px - p.x) / p.k * w, (p.y - py) / p.k * w, z})
	for i := range v {
		v[i] = v[i]/p.scale[i] + p.centre[i]
	}
	return v
}

// look turns the camera to a body that reaches size from its middle.
func (p *projection) look(c Camera, size float64) {
	p.sinYaw, p.cosYaw = math.Sincos(c.Yaw)
	p.sinPitch, p.cosPitch = math.Sincos(c.Pitch)
	p.near = c.Perspective / (4 * size)
}

// reach returns how far from the middle of the picture a point of the unit box
// gets while it turns about the vertical axis: r from the axis, z above the
// middle. Both are in units at the middle's distance.
func (p *projection) reach(r, z float64) (wide, tall float64) {
	sin, cos := p.sinPitch, p.cosPitch
	wide = r / (1 - p.near*(z*sin+r*cos/2))
	tall = max(
		math.Abs(z*cos+r*sin)/(1-p.near*(z*sin-r*cos)),
		math.Abs(z*cos-r*sin)/(1-p.near*(z*sin+r*cos)),
	)
	return wide, tall
}
