package train

import "filterscope/engine/dataset"

func oneExample() *dataset.Dataset {
	return &dataset.Dataset{Name: "one", N: 1, D: 1, Doubles: []float64{0.5}}
}
