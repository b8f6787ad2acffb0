package selection_test

import (
	"fmt"
	"math/rand/v2"

	"filterscope/engine/optim"
	"filterscope/engine/selection"
)

// A soft selection learns which operation the target uses where.
func ExampleObjective() {
	s := selection.DefaultSpec()
	rng := rand.New(rand.NewPCG(1, 0))
	l := optim.NewLBFGS(optim.DefaultLBFGS(), s.Init(rng))
	x, y := s.Data(rng, 200)
	o, grad := selection.NewObjective[float64](s), make([]float64, s.Layout().Size())
	status := optim.Searching
	for range 300 {
		f := o.Evaluate(l.X(), x, y, grad).Total()
		if status = l.Tell(f, grad); status == optim.Converged || status == optim.Failed {
			break
		}
	}
	theta, _, _ := l.Iterate()
	at := []float64{-2, 0.5, 2.5}
	for i, k := range s.Selected(theta, at) {
		fmt.Printf("at %v: %s\n", at[i], s.Operations[k])
	}
	// Output:
	// at -2: x+1
	// at 0.5: x^2
	// at 2.5: 2x
}
