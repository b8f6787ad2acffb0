package autoencoder

import (
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// TestBatchGradient compares the gradient of a minibatch with central
// differences. The slope of the penalty at the running mean is held: what is
// differentiated is reconstruction + decay + Σ slope·(mean of the codes).
func TestBatchGradient(t *testing.T) {
	s, theta, x := problem(7, 5, 60, nn.Sigmoid)
	o := NewObjective[float64](s)
	o.Batch(theta, x.Slice(0, 30), nil)
	batch := x.Slice(30, 60)
	grad := make([]float64, len(theta))
	o.Batch(theta, batch, grad)
	held, slope := o.RunningRho(), make([]float64, s.Hidden)
	s.penalty(held, slope)
	codes := linalg.NewMatrix[float64](batch.Rows, s.Hidden)
	value := func() float64 {
		o.SetRunningRho(held)
		terms := o.Batch(theta, batch, nil)
		sum := terms.Get(nn.TermReconstruction) + terms.Get(nn.TermWeightDecay)
		Encode(s, theta, batch, codes)
		for i := range codes.Rows {
			for j, v := range codes.Row(i) {
				sum += slope[j] * v / float64(batch.Rows)
			}
		}
		return sum
	}
	const step = 1e-5
	for i, v := range theta {
		theta[i] = v + step
		up := value()
		theta[i] = v - step
		down := value()
		theta[i] = v
		if want := (up - down) / (2 * step); math.Abs(grad[i]-want) > 1e-7*(1+math.Abs(want)) {
			t.Errorf("parameter %d: gradient %v, differences give %v", i, grad[i], want)
		}
	}
}

// TestMomentumSettles runs momentum at a rate that minibatches bear well but a
// penalty that lags behind them would not: see rhoMemory.
func TestMomentumSettles(t *testing.T) {
	s, theta, x := problem(64, 16, 1000, nn.Sigmoid)
	o := NewObjective[float64](s)
	before := o.Evaluate(theta, x, nil).Total()
	grad, v := make([]float64, len(theta)), make([]float64, len(theta))
	rng := rand.New(rand.NewPCG(6, 6))
	for range 200 {
		first := 50 * rng.IntN(19)
		o.Batch(theta, x.Slice(first, first+100), grad)
		for i, g := range grad {
			v[i] = 0.9*v[i] + g
			theta[i] -= 0.1 * v[i]
		}
	}
	after := o.Evaluate(theta, x, nil)
	if !(after.Total() < before/2) || !(after.Get(nn.TermSparsity) < 1) {
		t.Errorf("objective %v before, after %v", before, after)
	}
}
