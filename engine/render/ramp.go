package render

// Ramp is the colours of a field of values.
type Ramp uint8

const (
	// RampAuto is RampSigned for values of both signs, where the smaller side
	// is at least a quarter of the larger, else RampSequential.
	RampAuto Ramp = iota
	// RampSequential runs evenly in lightness from deep violet to pale yellow.
	RampSequential
	// RampSigned is a diverging map with zero exactly in its middle.
	RampSigned
	// RampGrey is black to white, for images.
	RampGrey
)
