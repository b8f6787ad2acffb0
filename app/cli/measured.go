package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"filterscope/engine/modelio"
	"filterscope/engine/train"
)

// measureKeys is under which key of the JSON a measure is told, and whether it
// is of the examples held back. The objective over those is told as such.
var measureKeys = map[string]struct {
	key  string
	held bool
}{
	train.MeasureReconstruction: {"reconstruction_error", false},
	train.MeasurePseudo:         {"pseudo_likelihood", false},
	train.MeasureFreeTraining:   {"free_energy", false},
	train.MeasureFreeHeld:       {"free_energy", true},
	train.MeasureR2:             {"r2", false},
	train.MeasurePCA:            {"error_over_pca", false},
	train.MeasurePCAAngle:       {"angle_to_pca", false},
	train.MeasureAccuracy:       {"accuracy", false},
	train.MeasureAccuracyHeld:   {"accuracy", true},
}

// measured returns what is measured at theta over all examples of p, and over
// those held back: accuracy of a read-out, R² of a linear network, a linear
// bottleneck beside PCA, pseudo-likelihood
// and free energy of a Boltzmann machine. Either is nil when there is nothing.
func measured(p *train.Problem, theta []float64) (all, held map[string]float64, err error) {
	for _, m := range p.AllMeasures(train.HyperOf(p.Recipe), theta) {
		k, ok := measureKeys[m.Name]
		if !ok {
			continue
		}
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			return nil, nil, fmt.Errorf("the %s is %v", m.Name, m.Value)
		}
		to := &all
		if k.held {
			to = &held
		}
		if *to == nil {
			*to = map[string]float64{}
		}
		(*to)[k.key] = m.Value
	}
	return all, held, nil
}

// validationOf returns the objective and the measures over the examples of p
// that are held back, nil when there are none.
func validationOf(p *train.Problem, theta []float64, held map[string]float64) *validation {
	if p.Held == nil {
		return nil
	}
	terms := p.Validate(train.HyperOf(p.Recipe), theta)
	v := &validation{Examples: p.Held.N, Terms: map[string]float64{}, Objective: terms.Total(), Measures: held}
	for _, term := range terms {
		v.Terms[term.Name] = term.Value
	}
	return v
}

func printMeasures(w io.Writer, measures map[string]float64) {
	for _, name := range slices.Sorted(maps.Keys(measures)) {
		fmt.Fprintf(w, "  %-20s %.6g\n", name, measures[name])
	}
}

func printValidation(w io.Writer, v *validation) {
	if v == nil {
		return
	}
	fmt.Fprintf(w, "over %d examples held back:\n", v.Examples)
	printTerms(w, v.Terms, v.Objective)
	printMeasures(w, v.Measures)
}

// writeMeasures writes the courses of the measures as CSV, a row for each.
func writeMeasures(path string, h train.History) error {
	return modelio.WriteFile(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		if err := out.Write([]string{"measure", "step", "value"}); err != nil {
			return err
		}
		for _, m := range h.Measures {
			for i := range m.Steps {
				if err := out.Write([]string{m.Name, number(m.Steps[i]), number(m.Values[i])}); err != nil {
					return err
				}
			}
		}
		out.Flush()
		return out.Error()
	})
}
