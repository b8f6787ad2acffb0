package rbf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
)

// randomPoints returns n points in [-1, 1]ᵈ.
func randomPoints(rng *rand.Rand, n, d int) linalg.Matrix[float64] {
	x := linalg.NewMatrix[float64](n, d)
	for i := range x.Data {
		x.Data[i] = 2*rng.Float64() - 1
	}
	return x
}

// TestGradient checks the objective against central differences for every
// kernel, dimension, with and without normalisation and tail.
func TestGradient(t *testing.T) {
	for _, kernel := range Kernels() {
		for _, normalised := range []bool{false, true} {
			if normalised && kernel == ThinPlateSpline {
				continue // refused, see TestNetworkRefuses
			}
			for _, degree := range []int{-1, 2} {
				for d := 1; d <= 3; d++ {
					t.Run(fmt.Sprintf("%v/%v/%d/%dd", kernel, normalised, degree, d), func(t *testing.T) {
						rng := rand.New(rand.NewPCG(uint64(kernel), uint64(d)))
						x := randomPoints(rng, 23, d)
						y := make([]float64, x.Rows)
						for i := range y {
							y[i] = math.Sin(3*x.At(i, 0)) + 0.1*rng.NormFloat64()
						}
						n := &Network{Kernel: kernel, Centres: randomPoints(rng, 5, d), Widths: make([]float64, 5), Normalised: normalised, Degree: degree}
						for j := range n.Widths {
							n.Widths[j] = 0.5 + rng.Float64()
						}
						if _, err := n.Fit(x, y, Readout{Method: Ridge, Lambda: 0.1}); err != nil {
							t.Fatal(err)
						}
						for j := range n.Weights { // away from the minimum
							n.Weights[j] += 0.3 * rng.NormFloat64()
						}
						o, err := NewObjective(n, x, y, 0.01)
						if err != nil {
							t.Fatal(err)
						}
						theta := o.Start()
						if diff := maxDiff(o.Network(theta).Predict(x), n.Predict(x)); diff > 1e-12 { // ln and exp of a width
							t.Errorf("the start is another network: off by %g", diff)
						}
						for _, c := range nn.CheckGradient(o.Layout(), theta, o.Evaluate, nn.CheckConfig{Epsilon: 1e-5}) {
							if !(c.RelError < 1e-7) {
								t.Error(c)
							}
						}
					})
				}
			}
		}
	}
}

// TestTraining lets L-BFGS move everything: the objective falls, and the widths
// stay positive by construction.
func TestTraining(t *testing.T) {
	x := Grid([]float64{-5}, []float64{10}, 100)
	y := make([]float64, x.Rows)
	for i := range y {
		y[i] = seedFunction(x.At(i, 0))
	}
	n := &Network{Kernel: Gaussian, Centres: Grid([]float64{-5}, []float64{10}, 8), Widths: Given(8, 1.5), Degree: -1}
	before, err := n.Fit(x, y, Readout{Method: Ridge, Lambda: 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	o, err := NewObjective(n, x, y, 0)
	if err != nil {
		t.Fatal(err)
	}
	l := optim.NewLBFGS(optim.DefaultLBFGS(), o.Start())
	grad := make([]float64, o.Size())
	for range 300 {
		if s := l.Tell(o.Evaluate(l.X(), grad), grad); s == optim.Converged || s == optim.Failed {
			break
		}
	}
	theta, value, _ := l.Iterate()
	after := rmse(o.Network(theta).Predict(x), y)
	if math.Abs(after-math.Sqrt(2*value)) > 1e-9 || after > before.RMSE/10 {
		t.Errorf("RMSE %.4g fell to %.4g (objective %.4g)", before.RMSE, after, value)
	}
	for _, w := range o.Network(theta).Widths {
		if !(w > 0) {
			t.Errorf("width %v", w)
		}
	}
}

// TestObjectiveWorkers: the same bits whatever the number of workers.
func TestObjectiveWorkers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	x := randomPoints(rng, 2000, 2)
	y := make([]float64, x.Rows)
	for i := range y {
		y[i] = rng.NormFloat64()
	}
	n := &Network{Kernel: Multiquadric, Centres: randomPoints(rng, 9, 2), Widths: Given(9, 0.7), Degree: 1}
	if _, err := n.Fit(x, y, DefaultReadout()); err != nil {
		t.Fatal(err)
	}
	o, err := NewObjective(n, x, y, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	defer linalg.SetWorkers(0)
	var grads [2][]float64
	var values [2]float64
	for k := range grads {
		linalg.SetWorkers(1 + 3*k)
		grads[k] = make([]float64, o.Size())
		values[k] = o.Evaluate(o.Start(), grads[k])
	}
	if values[0] != values[1] || maxDiff(grads[0], grads[1]) != 0 {
		t.Errorf("one worker %v, four %v", values[0], values[1])
	}
}
