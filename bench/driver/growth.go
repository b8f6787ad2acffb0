package main

import (
	"math/rand/v2"
	"time"

	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
)

// enough is how long evaluations of one size are repeated for one measurement.
const enough = 40 * time.Millisecond

// size is one point of the growth curves.
type size struct {
	Examples int       `json:"examples"`
	Hidden   int       `json:"hidden"`
	Seconds  []float64 `json:"seconds"`     // of one evaluation
	Peaks    []float64 `json:"peak_gflops"` // right before

	theta, grad []float64
}

// growth times evaluations of growing numbers of examples and of hidden units.
// The sizes take turns, so that a change in the machine's speed meets them all.
func growth(s settings) (report, error) {
	x, err := readExamples[float32](s.data, s.examples, s.visible)
	if err != nil {
		return nil, err
	}
	var sizes []*size
	for _, m := range []int{1000, 2000, 5000, 10000, 20000, 60000} {
		if m <= s.examples {
			sizes = append(sizes, &size{Examples: m, Hidden: s.hidden})
		}
	}
	for _, h := range []int{25, 50, 100, 200, 400, 1024} {
		sizes = append(sizes, &size{Examples: min(10000, s.examples), Hidden: h})
	}
	for range s.reps {
		for _, z := range sizes {
			z.measure(s, x.Slice(0, z.Examples))
		}
	}
	return report{"sizes": sizes, "precision": "float32"}, nil
}

// measure adds one measurement. The workspace of one size is given up before
// the next one: together they would not be what a user's run is.
func (z *size) measure(s settings, x linalg.Matrix[float32]) {
	model := s.sparse()
	model.Hidden = z.Hidden
	if z.theta == nil {
		z.theta = model.Init(rand.New(rand.NewPCG(1, 1)))
		z.grad = make([]float64, len(z.theta))
	}
	o := autoencoder.NewObjective[float32](model)
	if s.hold {
		o.Hold(x)
	}
	o.Evaluate(z.theta, x, z.grad) // makes the workspace
	z.Peaks = append(z.Peaks, linalg.Peak[float32](burst))
	start, n := time.Now(), 0
	for n == 0 || time.Since(start) < enough {
		o.Evaluate(z.theta, x, z.grad)
		n++
	}
	z.Seconds = append(z.Seconds, time.Since(start).Seconds()/float64(n))
}
