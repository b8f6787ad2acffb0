package optim_test

import (
	"fmt"

	"filterscope/engine/optim"
)

// The caller evaluates wherever the minimiser asks; here (x−3)² + 10(y+1)².
func ExampleLBFGS() {
	l := optim.NewLBFGS(optim.DefaultLBFGS(), []float64{0, 0})
	g := make([]float64, 2)
	status := optim.Searching
	for status != optim.Converged && status != optim.Failed {
		x := l.X()
		f := (x[0]-3)*(x[0]-3) + 10*(x[1]+1)*(x[1]+1)
		g[0], g[1] = 2*(x[0]-3), 20*(x[1]+1)
		status = l.Tell(f, g)
	}
	x, _, _ := l.Iterate()
	fmt.Printf("%v at (%.3f, %.3f): %v\n", status, x[0], x[1], l.Reason())
	// Output: converged at (3.000, -1.000): the gradient is below its tolerance
}

func ExampleNewAdam() {
	s := optim.NewAdam[float32](1)
	x, g := []float32{5}, make([]float32, 1)
	for range 500 {
		g[0] = 2 * (x[0] - 3) // of (x−3)²
		s.Step(x, g, 0.1)
	}
	fmt.Printf("%.2f\n", x[0])
	// Output: 3.00
}

// Any Search is driven alike; here nonlinear conjugate gradient.
func ExampleCG() {
	var search optim.Search = optim.NewCG(optim.DefaultCG(), []float64{0, 0})
	g := make([]float64, 2)
	status := optim.Searching
	for status != optim.Converged && status != optim.Failed {
		x := search.X()
		f := (x[0]-3)*(x[0]-3) + 10*(x[1]+1)*(x[1]+1)
		g[0], g[1] = 2*(x[0]-3), 20*(x[1]+1)
		status = search.Tell(f, g)
	}
	x, _, _ := search.Iterate()
	fmt.Printf("%v at (%.3f, %.3f): %v\n", status, x[0], x[1], search.Reason())
	// Output: converged at (3.000, -1.000): the gradient is below its tolerance
}

// Half the rate whenever three epochs running bring nothing better.
func ExampleScheduler() {
	set, _ := optim.DefaultSchedule("plateau")
	set.Factor, set.Patience = 0.5, 3
	s, err := optim.NewScheduler(set, 0.1, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for epoch, loss := range []float64{9, 4, 4, 4, 4, 3} {
		fmt.Print(s.Rate(0, float64(epoch), 0), " ")
		s.Observe(loss)
	}
	// Output: 0.1 0.1 0.1 0.1 0.1 0.05
}

func ExampleRamp() {
	r := optim.Ramp{Start: 0.5, Stable: 0.9, Samples: 1e6}
	s := optim.NewSGD[float32](1, r.Start, true)
	for _, samples := range []int{0, 500_000, 1_000_000} {
		s.SetMomentum(r.Momentum(samples))
		fmt.Print(r.Momentum(samples), " ")
	}
	// Output: 0.5 0.7 0.9
}

func ExampleClipper() {
	c, err := optim.NewClipper[float64](optim.Clip{Norm: 1}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	g := []float64{3, -4}
	fmt.Printf("%v, now %.1f\n", c.Apply(g), g)
	// Output: 5, now [0.6 -0.8]
}

func ExampleStopper() {
	s, err := optim.NewStopper(optim.Patience{Epochs: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for epoch, loss := range []float64{5, 4, 4.5, 4.2, 3} {
		if _, _, stop := s.Observe(loss); stop {
			best, at := s.Best()
			fmt.Printf("stop after epoch %d: %v in epoch %d was the best\n", epoch+1, best, at)
			break
		}
	}
	// Output: stop after epoch 4: 4 in epoch 2 was the best
}
