package analysis

import (
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// Bins is the number of bins of an activation histogram over [0, 1].
const Bins = 50

// Dead units fire too weakly to carry anything: their mean activation is
// below DeadShare of the target, or they never exceed DeadLevel.
const (
	DeadShare = 0.1
	DeadLevel = 0.1
)

// Unit describes one sigmoid hidden unit.
type Unit struct {
	Index       int
	EncoderNorm float64 // ‖w‖₂ of its row of the encoder
	DecoderNorm float64 // ‖w‖₂ of its column of the decoder
	Cosine      float64 // of the angle between the two
	Bias        float64

	Mean      float64   // mean activation over the probe examples
	Max       float64   // largest activation
	Histogram [Bins]int // of the activations
	Top       []int     // rows of the probe that activate it most, strongest first
	TopValues []float64 // their activations
	Dead      bool      // see DeadShare and DeadLevel
}

// Weights are the parameters of a network with one hidden layer.
type Weights struct {
	Encoder linalg.Matrix[float32] // hidden × visible
	Bias    []float32              // hidden
	Decoder linalg.Matrix[float32] // visible × hidden
}

// Describe describes hidden unit j on the probe examples, n×visible, as the
// network sees them; rho is the target of its mean activation and top the
// number of examples wanted.
func Describe(w Weights, j int, probe linalg.Matrix[float32], rho float64, top int) Unit {
	u := Unit{Index: j, Bias: float64(w.Bias[j])}
	row := w.Encoder.Row(j)
	var dot float64
	for i, e := range row {
		d := float64(w.Decoder.At(i, j))
		u.EncoderNorm += float64(e) * float64(e)
		u.DecoderNorm += d * d
		dot += float64(e) * d
	}
	u.EncoderNorm, u.DecoderNorm = math.Sqrt(u.EncoderNorm), math.Sqrt(u.DecoderNorm)
	if p := u.EncoderNorm * u.DecoderNorm; p > 0 {
		u.Cosine = dot / p
	}
	activations := make([]float64, probe.Rows)
	for n := range activations {
		z := w.Bias[j]
		for i, x := range probe.Row(n) {
			z += row[i] * x
		}
		a := 1 / (1 + math.Exp(-float64(z)))
		activations[n] = a
		u.Mean += a
		u.Max = max(u.Max, a)
		u.Histogram[min(Bins-1, max(0, int(a*Bins)))]++
	}
	if probe.Rows > 0 {
		u.Mean /= float64(probe.Rows)
	}
	u.Dead = u.Mean < DeadShare*rho || u.Max < DeadLevel
	order := make([]int, probe.Rows)
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case activations[a] > activations[b]:
			return -1
		case activations[a] < activations[b]:
			return 1
		}
		return 0
	})
	u.Top = order[:min(top, len(order))]
	for _, n := range u.Top {
		u.TopValues = append(u.TopValues, activations[n])
	}
	return u
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
