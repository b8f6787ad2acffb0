package train

import "filterscope/engine/dataset"

func oneExample() *dataset.Dataset {
	return &dataset.Dataset{Name: "one", N: 1, D: 1, Doubles: []float64{0.5}}
}

// Spoil takes a feature from the examples that the network of p, in float64,
// was made for.
func Spoil(p *Problem) { p.double.training.x.Cols-- }
