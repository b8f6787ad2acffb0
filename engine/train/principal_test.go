package train_test

import (
	"math"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// crosses returns examples on the axes, two on each, whose principal components
// are therefore the axes, with variances 9, 4, 1 and ¼ times 2/8.
func crosses() *dataset.Dataset {
	d := &dataset.Dataset{Name: "crosses", N: 8, D: 4, Doubles: make([]float64, 32)}
	for axis, size := range []float64{3, 2, 1, 0.5} {
		d.Doubles[8*axis+axis], d.Doubles[8*axis+4+axis] = size, -size
	}
	return d
}

// A linear bottleneck that keeps the two largest axes is as good as PCA; one that
// keeps another axis is worse by what that costs, and at right angles to it.
func TestBesidePCA(t *testing.T) {
	r := recipe.DefaultOf(recipe.KindDeep)
	r.Precision, r.Model.Layers, r.Model.Activation, r.Model.Decoder = "float64", []int{2}, "linear", "linear"
	p := prepare(t, r, crosses())
	keep := func(axes ...int) []float64 {
		theta := make([]float64, p.Spec().Layout().Size())
		encoder, _ := p.Spec().Layout().Find("encoder.0.weight")
		decoder, _ := p.Spec().Layout().Find("decoder.0.weight")
		for unit, axis := range axes {
			theta[encoder.Offset+4*unit+axis], theta[decoder.Offset+2*axis+unit] = 1, 1
		}
		return theta
	}
	for _, test := range []struct {
		axes         []int
		ratio, angle float64
	}{
		{[]int{0, 1}, 1, 0},
		{[]int{1, 0}, 1, 0},
		{[]int{0, 2}, (4 + 0.25) / (1 + 0.25), 90},
		{[]int{2, 3}, (9 + 4) / (1 + 0.25), 90},
	} {
		got := map[string]float64{}
		for _, m := range p.AllMeasures(train.HyperOf(r), keep(test.axes...)) {
			got[m.Name] = m.Value
		}
		if math.Abs(got[train.MeasurePCA]-test.ratio) > 1e-12 || math.Abs(got[train.MeasurePCAAngle]-test.angle) > 1e-5 {
			t.Errorf("axes %v: %v, want a ratio of %v and an angle of %v", test.axes, got, test.ratio, test.angle)
		}
	}
	r.Optimizer.Method, r.Optimizer.Iterations = recipe.MethodLBFGS, 200
	p = prepare(t, r, crosses())
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	values, ok := res.History.Measure(train.MeasurePCA)
	if last := values.Values[len(values.Values)-1]; !ok || !(last >= 1-1e-9 && last < 1.001) {
		t.Errorf("after training the error is %v times that of PCA", last)
	}
	for _, change := range []string{"model.activation=tanh", "model.loss=absolute", "model.layers=[4]"} {
		other, err := r.Set(change)
		if err != nil {
			t.Fatal(err)
		}
		q := prepare(t, other, crosses())
		for _, m := range q.AllMeasures(train.HyperOf(other), q.InitialParameters()) {
			if m.Name == train.MeasurePCA {
				t.Errorf("%s: compared with PCA", change)
			}
		}
	}
}
