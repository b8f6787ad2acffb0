package analysis

import (
	"errors"
	"fmt"
	"math"
)

// Descent says how plain gradient descent trains one dense linear layer,
// y = W·x + b, to give its input back. The loss is the mean over examples and
// outputs of squared errors, Keras's and PyTorch's default.
type Descent struct {
	LearningRate    float64 // above 0
	Batch           int     // examples of a step, at least 1
	Examples        int     // of an epoch, at least 1
	Outputs         int     // n, 1 to the number of features: output i is to be feature i
	Biases          bool    // whether b is trained; without, it is 0
	InitialVariance float64 // of each weight before the first step: 2/(inputs+outputs) for Glorot, at least 0
}

// Validate returns what is wrong with d for examples of that many features.
func (d Descent) Validate(features int) error {
	var faults []error
	if !(d.LearningRate > 0) || math.IsInf(d.LearningRate, 1) {
		faults = append(faults, fmt.Errorf("descent: LearningRate = %v: want more than 0", d.LearningRate))
	}
	if d.Batch < 1 {
		faults = append(faults, fmt.Errorf("descent: Batch = %d: want at least 1", d.Batch))
	}
	if d.Examples < 1 {
		faults = append(faults, fmt.Errorf("descent: Examples = %d: want at least 1", d.Examples))
	}
	if d.Outputs < 1 || d.Outputs > features {
		faults = append(faults, fmt.Errorf("descent: Outputs = %d: want 1 to %d, the number of features", d.Outputs, features))
	}
	if !(d.InitialVariance >= 0) || math.IsInf(d.InitialVariance, 1) {
		faults = append(faults, fmt.Errorf("descent: InitialVariance = %v: want at least 0", d.InitialVariance))
	}
	return errors.Join(faults...)
}

// Steps returns the updates of an epoch; the last may be of fewer examples.
func (d Descent) Steps() float64 { return math.Ceil(float64(d.Examples) / float64(d.Batch)) }

// negligible is the share of the largest variance below which a direction is
// taken to hold rounding only: nothing there needs to be learned.
const negligible = 1e-12

// Conditioning predicts how gradient descent learns the identity on given data.
//
// Let M be the second moment of the inputs, with a 1 appended to them when
// biases are trained, and r = rate·2/n. A step multiplies W−I (with b beside it)
// by I − r·M, so its part along an eigenvector of M shrinks by 1 − r·λ. What
// minibatches add to this, r²/batch times fourth moments, is neglected but in
// StableRate: it is small as long as r·‖x‖²/batch is.
//
// With biases M has one direction more than the data: a trade of b against W
// along the mean, slower than all others and of next to no loss. So Smallest is
// taken from the covariance then, whose eigenvalues lie between those of M.
type Conditioning struct {
	Descent
	Eigenvalues []float64 // of M, largest first
	Smallest    float64   // λ of the slowest direction that holds variance; 0 when none does
	Variance    float64   // mean variance of the outputs: the loss of always giving the mean

	energy   []float64 // expected ‖(W−I)·v‖² before the first step, of each eigenvector v
	diagonal []float64 // share of each eigenvector in the outputs' own features, Σ over i < n of v²
}

// Condition predicts how d trains on examples of these moments. It returns an
// error when d is not valid or eigenvalues do not converge.
func Condition(m *Moments, d Descent) (*Conditioning, error) {
	features := len(m.Mean)
	if err := d.Validate(features); err != nil {
		return nil, err
	}
	values, vectors, err := eigen(m.secondMoment(d.Biases))
	if err != nil {
		return nil, err
	}
	size := len(values)
	c := &Conditioning{Descent: d, Eigenvalues: values, energy: make([]float64, size), diagonal: make([]float64, size)}
	for k := range values {
		weights := 0.0
		for j, v := range vectors.Row(k)[:features] {
			weights += v * v
			if j < d.Outputs {
				c.diagonal[k] += v * v
			}
		}
		c.energy[k] = weights*float64(d.Outputs)*d.InitialVariance + c.diagonal[k]
	}
	for j := range d.Outputs {
		c.Variance += max(m.Covariance.At(j, j), 0) / float64(d.Outputs)
	}
	held := values
	if d.Biases {
		if held, _, err = eigen(m.Covariance); err != nil {
			return nil, err
		}
	}
	for _, v := range held {
		if v > 0 && v > negligible*held[0] {
			c.Smallest = v
		}
	}
	return c, nil
}

// rate returns r = rate·2/n.
func (c *Conditioning) rate() float64 { return c.LearningRate * 2 / float64(c.Outputs) }

// Factor returns by what a step multiplies W−I along a direction of eigenvalue
// λ: 1 − rate·(2/n)·λ.
func (c *Conditioning) Factor(lambda float64) float64 { return 1 - c.rate()*lambda }

// LargestRate returns the learning rate from which on training diverges,
// n/λ_max; infinite when all inputs are 0.
func (c *Conditioning) LargestRate() float64 { return float64(c.Outputs) / c.Eigenvalues[0] }

// StableRate returns the learning rate below which training with minibatches of
// random examples is stable too, about n/(λ_max + trace(M)/batch): the second
// term is the mean square of the noise that small batches add. It is
// LargestRate when a batch is all examples.
func (c *Conditioning) StableRate() float64 {
	if c.Batch >= c.Examples {
		return c.LargestRate()
	}
	trace := 0.0
	for _, v := range c.Eigenvalues {
		trace += v
	}
	return float64(c.Outputs) / (c.Eigenvalues[0] + trace/float64(c.Batch))
}

// Epochs returns in how many epochs the slowest direction that holds variance
// shrinks to 1/e, 1/(steps·rate·(2/n)·λ_min); infinite when none does.
func (c *Conditioning) Epochs() float64 { return 1 / (c.Steps() * c.rate() * c.Smallest) }

// Remaining returns what is left after that many epochs of W−I along the
// slowest direction that holds variance, 1 before the first.
func (c *Conditioning) Remaining(epochs float64) float64 { return c.power(c.Smallest, epochs) }

// power returns |1−rλ| to the number of steps in those epochs.
func (c *Conditioning) power(lambda, epochs float64) float64 {
	steps, x := c.Steps()*epochs, c.rate()*lambda
	if steps == 0 {
		return 1
	}
	if x < 1 {
		return math.Exp(steps * math.Log1p(-x)) // x may be below the rounding of 1
	}
	return math.Pow(x-1, steps)
}

// Loss returns the expected loss after that many epochs:
// Σ λ/n·energy·(1−rλ)^(2·steps) over the directions.
func (c *Conditioning) Loss(epochs float64) float64 {
	loss := 0.0
	for k, v := range c.Eigenvalues {
		p := c.power(v, epochs)
		if v > 0 && c.energy[k] > 0 {
			loss += v * c.energy[k] * p * p / float64(c.Outputs)
		}
	}
	return loss
}

// Explained returns the expected fraction of the outputs' variance that is
// explained after that many epochs, R² = 1 − Loss/Variance; NaN without
// variance.
func (c *Conditioning) Explained(epochs float64) float64 {
	if c.Variance == 0 {
		return math.NaN()
	}
	return 1 - c.Loss(epochs)/c.Variance
}

// Diagonal returns the expected mean of W's diagonal after that many epochs, 0
// before the first and 1 when the identity is learned. It is meant for rates
// below half of LargestRate, above which directions change sign in every step.
func (c *Conditioning) Diagonal(epochs float64) float64 {
	off := 0.0
	for k, v := range c.Eigenvalues {
		off += c.power(v, epochs) * c.diagonal[k]
	}
	return 1 - off/float64(c.Outputs)
}

// EpochsTo returns after how many epochs that share of the variance is
// explained, 0 < share < 1; infinite when training diverges or there is no
// variance.
func (c *Conditioning) EpochsTo(share float64) float64 {
	if !(c.LearningRate < c.LargestRate()) || c.Variance == 0 {
		return math.Inf(1)
	}
	low, high := 0.0, 1.0
	for !(c.Explained(high) >= share) {
		low, high = high, 2*high
		if high > 1e18 {
			return math.Inf(1)
		}
	}
	for range 60 { // the loss falls from epoch to epoch
		if mid := (low + high) / 2; c.Explained(mid) >= share {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// at returns the prediction for another learning rate.
func (c *Conditioning) at(rate float64) *Conditioning {
	other := *c
	other.LearningRate = rate
	return &other
}
