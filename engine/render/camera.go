package render

import "math"

// Camera looks at the middle of a [Surface]. The zero Camera means
// [DefaultCamera].
type Camera struct {
	Yaw   float64 // radians about the vertical axis z; 0 looks along +y
	Pitch float64 // radians above the horizon, −π/2 to π/2
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
	c.Yaw = math.Remainder(c.Yaw+speed*dx, 2*math.Pi)
	c.Pitch = max(-math.Pi/2, min(c.Pitch+speed*dy, math.Pi/2))
	return c
}

// Zoomed returns the camera after a wheel of that many notches; positive ones
// come nearer.
func (c Camera) Zoomed(notches float64) Camera {
	if !(c.Zoom > 0) {
		c.Zoom = 1
	}
	c.Zoom = max(0.2, min(c.Zoom*math.Exp(0.12*notches), 20))
	return c
}
