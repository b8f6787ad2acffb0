package analysis

import (
	"cmp"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// Bins is the number of bins of an activation histogram.
const Bins = 50

// Dead units fire too weakly, or change too little, to carry anything: see
// Activity.Dead.
const (
	DeadShare     = 0.1  // of the target, which the mean of a sigmoid unit is below
	DeadLevel     = 0.1  // which a sigmoid unit never exceeds
	DeadDeviation = 1e-6 // of the larger of 1 and |mean|, which the standard deviation of others is below
)

// Unit describes one hidden unit.
type Unit struct {
	Index       int
	EncoderNorm float64 // ‖w‖₂ of its filter
	DecoderNorm float64 // ‖w‖₂ of what it puts into the output
	Cosine      float64 // of the angle between the two
	Bias        float64

	Mean      float64   // mean activation over the probe examples
	Deviation float64   // standard deviation
	Min, Max  float64   // smallest and largest activation
	Low, High float64   // range of the histogram
	Histogram [Bins]int // of the activations
	Top       []int     // rows of the probe that activate it most, strongest first
	TopValues []float64 // their activations
	Dead      bool      // see Activity.Dead
}

// Weights are what the units of a layer look for and do.
type Weights struct {
	Encoder linalg.Matrix[float32] // units × visible, what they look for in the input
	Bias    []float32              // units
	Decoder linalg.Matrix[float32] // units × visible, what they put into the output
	// Low and High bound the activations; they may be infinite.
	Low, High float64
}

// Describe describes unit j from its activations on the probe examples; rho is
// the target of its mean activation, 0 for none, and top the number of examples
// wanted.
func Describe(w Weights, j int, activations []float64, rho float64, top int) Unit {
	u := Unit{Index: j, Bias: float64(w.Bias[j]), Low: w.Low, High: w.High}
	var dot float64
	out := w.Decoder.Row(j)
	for i, e := range w.Encoder.Row(j) {
		d := float64(out[i])
		u.EncoderNorm += float64(e) * float64(e)
		u.DecoderNorm += d * d
		dot += float64(e) * d
	}
	u.EncoderNorm, u.DecoderNorm = math.Sqrt(u.EncoderNorm), math.Sqrt(u.DecoderNorm)
	if p := u.EncoderNorm * u.DecoderNorm; p > 0 {
		u.Cosine = dot / p
	}
	if len(activations) > 0 {
		u.spread(activations)
	}
	u.Dead = dead(w.Low, w.High, u.Mean, u.Max, u.Deviation, rho)
	order := make([]int, len(activations))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(activations[b], activations[a]) })
	u.Top = order[:min(top, len(order))]
	for _, n := range u.Top {
		u.TopValues = append(u.TopValues, activations[n])
	}
	return u
}

// spread measures the activations. The histogram is over the range of the
// activation function where that is finite, and over that of the values else.
func (u *Unit) spread(activations []float64) {
	u.Min, u.Max = slices.Min(activations), slices.Max(activations)
	n := float64(len(activations))
	for _, a := range activations {
		u.Mean += a / n
	}
	for _, a := range activations {
		u.Deviation += (a - u.Mean) * (a - u.Mean) / n
	}
	u.Deviation = math.Sqrt(u.Deviation)
	if math.IsInf(u.Low, -1) {
		u.Low = u.Min
	}
	if math.IsInf(u.High, 1) {
		u.High = max(u.Max, u.Low)
	}
	if u.High == u.Low {
		u.High = u.Low + 1
	}
	for _, a := range activations {
		u.Histogram[min(Bins-1, max(0, int((a-u.Low)/(u.High-u.Low)*Bins)))]++
	}
}

// SquaredErrors returns the squared error of each example, summed over its
// features: input and output are n×d.
func SquaredErrors[T linalg.Float](input, output linalg.Matrix[T]) []float64 {
	errs := make([]float64, input.Rows)
	for n := range errs {
		out := output.Row(n)
		for i, x := range input.Row(n) {
			d := float64(out[i]) - float64(x)
			errs[n] += d * d
		}
	}
	return errs
}
