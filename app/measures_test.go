package app

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/render"
	"filterscope/engine/train"
)

func namesOf(c render.Curves) (names []string) {
	for _, s := range c.Series {
		names = append(names, s.Name)
	}
	return names
}

// Terms that are switched off are not drawn; validation lies beside the objective; each group of measures has a chart.
func TestMeasureCharts(t *testing.T) {
	h := train.History{
		Names: []string{"reconstruction", "weight decay", "sparsity"}, Steps: []float64{0, 10, 20}, Seconds: []float64{0, 1, 2},
		Terms: [][]float64{{3, 2, 1}, {0, 0, 0}, {1, 1, 1}}, Total: []float64{4, 3, 2},
		Measures: []train.Series{
			{Name: train.MeasureValidation, Steps: []float64{10, 20}, Values: []float64{5, 4}},
			{Name: train.MeasureAccuracy, Steps: []float64{10, 20}, Values: []float64{0.5, 0.9}},
			{Name: train.MeasureAccuracyHeld, Steps: []float64{10, 20}, Values: []float64{0.5, 0.8}},
			{Name: train.MeasureRate, Steps: []float64{10, 20}, Values: []float64{0.1, 0.1}},
		},
	}
	events := []train.Event{{Step: 10, Text: "fine-tuning"}, {Step: 20, Text: "λ 1 → 2"}}
	main := curvesOf(h, events, true, true, true)
	if diff := cmp.Diff([]string{"objective", "reconstruction", "sparsity", "validation"}, namesOf(main)); diff != "" {
		t.Errorf("the objective's chart: %s", diff)
	}
	if diff := cmp.Diff([]float64{1, 2}, main.Series[3].X); diff != "" {
		t.Errorf("validation over seconds: %s", diff)
	}
	if main.Events[0].Mark != "fine-tuning" || main.Events[1].Mark != "" {
		t.Errorf("marks %v", main.Events)
	}
	charts := measureCharts(h, events, true, false)
	if len(charts) != 1 || len(charts[0].Series) != 2 {
		t.Fatalf("%d charts of measures, want that of the accuracy: a rate that stays is none", len(charts))
	}
	h.Measures[3].Values[1] = 0.05
	if charts = measureCharts(h, events, true, false); len(charts) != 2 {
		t.Errorf("%d charts of measures, want 2 when the rate changes", len(charts))
	}

	h.Measures = []train.Series{{Name: train.MeasureReconstruction, Steps: []float64{10, 20}, Values: []float64{9, 8}}}
	main = curvesOf(h, nil, true, false, true)
	if diff := cmp.Diff([]string{"reconstruction error"}, namesOf(main)); diff != "" || main.YName != train.MeasureReconstruction {
		t.Errorf("a machine's chart: %q %s", main.YName, diff)
	}
}
