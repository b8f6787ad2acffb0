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
