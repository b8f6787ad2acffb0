package main

import (
	"time"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/optim"
)

// parts times what an iteration consists of besides the products: L-BFGS's own
// work, and the three passes over activations on one core.
func parts[T linalg.Float](s settings) (report, error) {
	model := s.sparse()
	x, theta, err := readProblem[T](s, model.Layout().Size())
	if err != nil {
		return nil, err
	}
	settings := optim.DefaultLBFGS() // as engine/train sets it
	if precisionOf[T]() == "float32" {
		settings.Noise, settings.SingleHistory = optim.NoiseFloat32, true
	}
	o := autoencoder.NewObjective[T](model)
	o.Hold(x)
	search := optim.NewLBFGS(settings, theta)
	grad := make([]float64, len(theta))
	var tell []float64
	for len(tell) < s.reps {
		cost := o.Evaluate(search.X(), x, grad).Total()
		start := time.Now()
		status := search.Tell(cost, grad)
		took := time.Since(start).Seconds()
		if status == optim.Stepped && search.Iterations() > settings.Memory { // the history is full
			tell = append(tell, took)
		}
		if status == optim.Converged || status == optim.Failed {
			break
		}
	}
	return report{
		"precision": precisionOf[T](), "lbfgs_seconds": tell, "memory": settings.Memory,
		"passes": passes[T](),
	}, nil
}

// passes returns the seconds an activation takes in each fused pass, on one
// core, over a block of rows as large as the ones that an evaluation cuts.
func passes[T linalg.Float]() map[string]float64 {
	const rows, cols = 126, 196
	z, a := linalg.NewMatrix[T](rows, cols), linalg.NewMatrix[T](rows, cols)
	bias, sums := make([]T, cols), make([]T, cols)
	for i := range a.Data {
		a.Data[i] = T(i%97) / 97
	}
	best := func(pass func()) float64 {
		least := time.Hour.Seconds()
		for begun := time.Now(); time.Since(begun) < 100*time.Millisecond; {
			for i := range z.Data {
				z.Data[i] = T(i%61)/10 - 3
			}
			start := time.Now()
			pass()
			least = min(least, time.Since(start).Seconds())
		}
		return least / (rows * cols)
	}
	return map[string]float64{
		"activate":     best(func() { linalg.Activate(linalg.Logistic, z, bias, sums) }),
		"output delta": best(func() { linalg.OutputDelta(linalg.Logistic, z, a, bias, sums) }),
		"hidden delta": best(func() { linalg.HiddenDelta(linalg.Logistic, z, a, bias, sums) }),
	}
}
