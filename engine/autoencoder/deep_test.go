package autoencoder

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
	"filterscope/internal/fixture"
)

// vectorOf joins the arrays of a fixture into a parameter vector of layout.
func vectorOf(t *testing.T, layout nn.Layout, arrays map[string][]float64) []float64 {
	t.Helper()
	var v []float64
	for _, tensor := range layout {
		part := arrays[tensor.Name]
		if len(part) != tensor.Len() {
			t.Fatalf("%s has %d values, want %v", tensor.Name, len(part), tensor.Shape)
		}
		v = append(v, part...)
	}
	return v
}

// TestDeepFixture follows H2O from a table to deep features, reconstruction and
// anomaly.
func TestDeepFixture(t *testing.T) {
	t.Run("float64", func(t *testing.T) { deepFixture[float64](t, 1e-10) })
	t.Run("float32", func(t *testing.T) { deepFixture[float32](t, 2e-5) })
}

func deepFixture[T linalg.Float](t *testing.T, tol float64) {
	f := readFixture(t, "deep_h2o")
	a := f.arrays
	data := &dataset.Dataset{N: 40, D: 12, Doubles: a["x"]}
	pipeline, err := preprocess.NewPipeline([]preprocess.Spec{{Step: preprocess.H2ONormalise}})
	if err != nil {
		t.Fatal(err)
	}
	if err := pipeline.Fit(context.Background(), data); err != nil {
		t.Fatal(err)
	}
	x, err := preprocess.Apply[T](context.Background(), pipeline, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rel := fixture.Off(x.Data, a["normalised"]); rel > tol {
		t.Errorf("normalised table differs by %g", rel)
	}

	d := DefaultH2O(12, 8, 4, 8)
	if d.Code != 1 {
		t.Errorf("Code = %d, want the narrowest layer", d.Code)
	}
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	theta := linalg.Converted[T](vectorOf(t, d.Layout(), a))
	n := NewNetwork[T](d)
	for l, units := range d.Hidden {
		values := linalg.NewMatrix[T](x.Rows, units)
		n.Encode(theta, l, x, values)
		if rel := fixture.Off(values.Data, a[fmt.Sprintf("deepfeatures.%d", l)]); rel > tol {
			t.Errorf("deep features of layer %d differ by %g", l, rel)
		}
	}
	out := linalg.NewMatrix[T](x.Rows, x.Cols)
	n.Reconstruct(theta, x, out)
	codes := linalg.NewMatrix[T](x.Rows, 4)
	n.Encode(theta, n.Code(), x, codes)
	decoded := linalg.NewMatrix[T](x.Rows, x.Cols)
	n.Decode(theta, codes, decoded)
	if !slices.Equal(out.Data, decoded.Data) {
		t.Error("Decode of the codes is not Reconstruct")
	}
	score := make([]float64, x.Rows)
	Anomalies(x, out, score)
	if rel := fixture.Off(score, a["anomaly"]); rel > tol {
		t.Errorf("anomaly scores differ by %g", rel)
	}
	errors := linalg.NewMatrix[T](x.Rows, x.Cols)
	FeatureAnomalies(x, out, errors)
	for i, want := range score {
		sum := 0.0
		for _, v := range errors.Row(i) {
			sum += float64(v)
		}
		if math.Abs(sum/12-want) > tol*want {
			t.Errorf("row %d: errors of features have mean %v, want %v", i, sum/12, want)
		}
	}
	wide := linalg.NewMatrix[float64](x.Rows, x.Cols)
	linalg.Convert(wide, out)
	wide, err = pipeline.Invert(data, 0, wide)
	if err != nil {
		t.Fatal(err)
	}
	if rel := fixture.Off(wide.Data, a["reconstruction"]); rel > tol {
		t.Errorf("reconstruction in the units of the table differs by %g", rel)
	}

	// Half the summed squared error is half the number of features times the
	// mean anomaly.
	state := vectorOf(t, d.Layout(), a)
	mean := 0.0
	for _, v := range a["anomaly"] {
		mean += v / 40
	}
	for scaling, factor := range map[nn.Scaling]float64{nn.HalfSum: 6, nn.Sum: 12, nn.Mean: 1} {
		d.Scaling = scaling
		got := NewNetwork[T](d).Evaluate(state, x, x, nil).Total()
		if math.Abs(got-factor*mean) > tol*got {
			t.Errorf("scaling %v: objective %v, want %v", scaling, got, factor*mean)
		}
	}
}

func TestDenoisingFixture(t *testing.T) {
	t.Run("float64", func(t *testing.T) { denoisingFixture[float64](t, 1e-10) })
	t.Run("float32", func(t *testing.T) { denoisingFixture[float32](t, 2e-5) })
}

func denoisingFixture[T linalg.Float](t *testing.T, tol float64) {
	f := readFixture(t, "denoising_tied")
	a := f.arrays
	for _, tt := range []struct {
		loss nn.Loss
		want float64
		grad string
	}{
		{nn.CrossEntropy, f.CrossEntropy, "grad_ce."},
		{nn.SquaredError, f.SquaredError, "grad_se."},
	} {
		d := DefaultDenoising(17, 9)
		d.Loss, d.Corruption = tt.loss, NoCorruption // the fixture's mask is given
		theta := vectorOf(t, d.Layout(), a)
		want := slices.Concat(a[tt.grad+"weight"], a[tt.grad+"encoder_bias"], a[tt.grad+"decoder_bias"])
		x := linalg.MatrixOf(60, 17, linalg.Converted[T](a["x"]))
		input := x.Clone()
		for i, m := range a["mask"] {
			input.Data[i] *= T(m)
		}
		n := NewNetwork[T](d)
		grad := make([]float64, len(theta))
		if got := n.Evaluate(theta, input, x, grad).Total(); math.Abs(got-tt.want) > tol*tt.want {
			t.Errorf("%v = %.13g, want %.13g", tt.loss, got, tt.want)
		}
		if rel := fixture.Off(grad, want); rel > tol {
			t.Errorf("%v: gradient differs by %g", tt.loss, rel)
		}
		batch := make([]T, len(theta))
		if got := n.Batch(linalg.Converted[T](theta), input, x, batch).Total(); math.Abs(got-tt.want) > tol*tt.want {
			t.Errorf("%v of a minibatch = %.13g, want %.13g", tt.loss, got, tt.want)
		}
		if rel := fixture.Off(batch, want); rel > tol {
			t.Errorf("%v: gradient of a minibatch differs by %g", tt.loss, rel)
		}
	}
}

// TestDeepIsSparse compares a network of one hidden layer with the sparse
// autoencoder, which has fixtures of its own.
func TestDeepIsSparse(t *testing.T) {
	s, theta, x := problem(30, 11, 700, nn.Sigmoid)
	d := DefaultDeep(30, 11)
	d.Activation, d.Output = nn.Sigmoid, nn.Sigmoid
	d.Lambda, d.Sparsity, d.Beta, d.Rho = s.Lambda, KLSparsity, s.Beta, s.Rho
	if diff := cmp.Diff(s.Layout(), d.Layout()); diff != "" {
		t.Errorf("layouts differ:\n%s", diff)
	}
	o, n := NewObjective[float64](s), NewNetwork[float64](d)
	want, got := make([]float64, len(theta)), make([]float64, len(theta))
	total, sum := o.Evaluate(theta, x, want).Total(), n.Evaluate(theta, x, x, got).Total()
	if rel := fixture.Off(got, want); rel > 1e-12 || math.Abs(sum-total) > 1e-12*total {
		t.Errorf("objective %v, sparse %v; gradient differs by %g", sum, total, rel)
	}
	if rel := fixture.Off(n.Activity(nil), o.RhoHat(nil)); rel > 1e-13 {
		t.Errorf("ρ̂ differs by %g", rel)
	}
	for _, rows := range [][2]int{{0, 40}, {40, 100}} { // the second moves ρ̂
		batch := x.Slice(rows[0], rows[1])
		total, sum = o.Batch(theta, batch, want).Total(), n.Batch(theta, batch, batch, got).Total()
		if rel := fixture.Off(got, want); rel > 1e-12 || math.Abs(sum-total) > 1e-12*total {
			t.Errorf("minibatch: objective %v, sparse %v; gradient differs by %g", sum, total, rel)
		}
	}
	if rel := fixture.Off(n.RunningActivity(), o.RunningRho()); rel > 1e-13 {
		t.Errorf("running ρ̂ differs by %g", rel)
	}
}

func TestDeepLayout(t *testing.T) {
	d := DefaultDeep(12, 8, 4)
	names := func(l nn.Layout) (s []string) {
		for _, t := range l {
			s = append(s, fmt.Sprint(t.Name, t.Shape))
		}
		return s
	}
	want := []string{
		"encoder.0.weight[8 12]", "encoder.0.bias[8]", "encoder.1.weight[4 8]", "encoder.1.bias[4]",
		"decoder.0.weight[8 4]", "decoder.0.bias[8]", "decoder.1.weight[12 8]", "decoder.1.bias[12]",
	}
	if diff := cmp.Diff(want, names(d.Layout())); diff != "" {
		t.Errorf("free weights:\n%s", diff)
	}
	d.Tied = true
	want = []string{
		"encoder.0.weight[8 12]", "encoder.0.bias[8]", "encoder.1.weight[4 8]", "encoder.1.bias[4]",
		"decoder.0.bias[8]", "decoder.1.bias[12]",
	}
	if diff := cmp.Diff(want, names(d.Layout())); diff != "" {
		t.Errorf("tied weights:\n%s", diff)
	}
	d = DefaultDeep(5, 3)
	d.Activation = nn.Maxout
	want = []string{"encoder.0.weight[6 5]", "encoder.0.bias[6]", "decoder.0.weight[5 3]", "decoder.0.bias[5]"}
	if diff := cmp.Diff(want, names(d.Layout())); diff != "" {
		t.Errorf("maxout:\n%s", diff)
	}
	c := DefaultClassifier(7, 3, 4)
	want = []string{"encoder.0.weight[4 7]", "encoder.0.bias[4]", "softmax.weight[3 4]", "softmax.bias[3]"}
	if diff := cmp.Diff(want, names(c.Layout())); diff != "" {
		t.Errorf("classifier:\n%s", diff)
	}
	for _, m := range []Model{d, c} {
		if got := len(m.Init(rand.New(rand.NewPCG(1, 1)))); got != m.Layout().Size() {
			t.Errorf("%T: Init made %d parameters of %d", m, got, m.Layout().Size())
		}
	}
}

// TestTiedIsFree compares tied weights with free ones that are equal.
func TestTiedIsFree(t *testing.T) {
	free := DefaultDeep(9, 6, 4)
	free.Lambda = 0
	tied := free
	tied.Tied = true
	theta := tied.Init(rand.New(rand.NewPCG(8, 8)))
	copied := make([]float64, free.Layout().Size())
	nn.CopyTensors(free.Layout(), copied, tied.Layout(), theta)
	transpose := func(dst []float64, to string, src []float64, from string, layout nn.Layout, add bool) {
		a, _ := layout.Find(from)
		b, _ := free.Layout().Find(to)
		m, w := nn.View(src, a), nn.View(dst, b)
		for i := range m.Rows {
			for j := range m.Cols {
				if v := m.At(i, j); add {
					w.Set(j, i, w.At(j, i)+v)
				} else {
					w.Set(j, i, v)
				}
			}
		}
	}
	transpose(copied, "decoder.0.weight", theta, "encoder.1.weight", tied.Layout(), false)
	transpose(copied, "decoder.1.weight", theta, "encoder.0.weight", tied.Layout(), false)
	x := randomExamples(300, 9)
	want, got := make([]float64, len(copied)), make([]float64, len(theta))
	a := NewNetwork[float64](free).Evaluate(copied, x, x, want).Total()
	b := NewNetwork[float64](tied).Evaluate(theta, x, x, got).Total()
	if math.Abs(a-b) > 1e-12*a {
		t.Errorf("objective %v tied, %v free", b, a)
	}
	transpose(want, "encoder.0.weight", want, "decoder.1.weight", free.Layout(), true)
	transpose(want, "encoder.1.weight", want, "decoder.0.weight", free.Layout(), true)
	sum := make([]float64, len(theta))
	nn.CopyTensors(tied.Layout(), sum, free.Layout(), want)
	if rel := fixture.Off(got, sum); rel > 1e-12 {
		t.Errorf("gradient differs by %g", rel)
	}
}

func randomExamples(rows, cols int) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(uint64(rows), uint64(cols)))
	x := linalg.NewMatrix[float64](rows, cols)
	for i := range x.Data {
		x.Data[i] = rng.Float64()
	}
	return x
}

func TestDeepValidate(t *testing.T) {
	for _, m := range []Model{
		DefaultDeep(64, 25), DefaultDeep(784, 1000, 500, 250, 30), DefaultH2O(210, 37, 12), DefaultDenoising(784, 500),
		DefaultClassifier(200, 10), DefaultClassifier(784, 10, 200, 200),
	} {
		if err := m.Validate(); err != nil {
			t.Errorf("%+v: %v", m, err)
		}
	}
	d := Deep{
		Visible: 0, Hidden: []int{3, 0}, Code: 2, Tied: true, Activation: nn.Maxout, Loss: nn.CrossEntropy, Output: nn.Linear,
		Corruption: SaltAndPepper, Level: 2, Dropout: []float64{1}, Lambda: -1, Sparsity: KLSparsity, Initialiser: nn.Normal,
	}
	err := d.Validate()
	if err == nil {
		t.Fatal("Validate accepted nonsense")
	}
	for _, want := range []string{
		"deep: Visible = 0: want 1", "deep: Hidden[1] = 0", "deep: Code = 2: want 0 to 1", "want the decoder to mirror the encoder",
		"deep: Tied with maxout", "deep: Loss = cross-entropy with Output = linear: want sigmoid", "deep: Level = 2",
		"deep: Low = 0, High = 0", "deep: Dropout has 1 shares", "deep: Dropout[0] = 1", "deep: Lambda = -1: want Lambda ≥ 0", "deep: Rho = 0",
		"deep: Sparsity = kl with Activation = maxout", "deep: InitScale = 0",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Validate() = %q, want it to say %q", err, want)
		}
	}
	if err := DefaultDeep(784, math.MaxInt).Validate(); err == nil {
		t.Error("more units than can be multiplied are accepted")
	}
}
