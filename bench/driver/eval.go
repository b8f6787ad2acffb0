package main

import (
	"time"
	"unsafe"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
)

// burst is how long the FMA peak is measured before each evaluation.
const burst = 15 * time.Millisecond

// eval times cost and gradient, and the FMA peak right before each.
func eval[T linalg.Float](s settings) (report, error) {
	model := s.sparse()
	x, theta, err := readProblem[T](s, model.Layout().Size())
	if err != nil {
		return nil, err
	}
	o := autoencoder.NewObjective[T](model)
	if s.hold {
		o.Hold(x)
	}
	grad := make([]float64, len(theta))
	o.Evaluate(theta, x, grad)
	var seconds, peaks []float64
	var cost float64
	for range s.reps {
		peaks = append(peaks, linalg.Peak[T](burst))
		start := time.Now()
		terms := o.Evaluate(theta, x, grad)
		seconds = append(seconds, time.Since(start).Seconds())
		cost = terms.Total()
	}
	return report{
		"precision": precisionOf[T](), "seconds": seconds, "peak_gflops": peaks, "cost": cost,
		"gradient": linalg.Norm(grad), "flops": flops(s.examples, s.visible, s.hidden),
	}, nil
}

// flops is what the five matrix products of an evaluation take; the passes over
// single activations are not counted.
func flops(examples, visible, hidden int) float64 {
	return 10 * float64(examples) * float64(visible) * float64(hidden)
}

func precisionOf[T linalg.Float]() string {
	var v T
	if unsafe.Sizeof(v) == 8 {
		return "float64"
	}
	return "float32"
}
