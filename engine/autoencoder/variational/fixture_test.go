package variational

import (
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// known is a known answer from PyTorch's autograd; testdata/NAME.json says
// which version computed it.
type known struct {
	Samples        int       `json:"samples"`
	KLWeight       float64   `json:"kl_weight"`
	Reconstruction float64   `json:"reconstruction"`
	KL             float64   `json:"kl"`
	Objective      float64   `json:"objective"`
	Variances      []float64 `json:"active_units_variance"`

	arrays map[string][]float64
	spec   Spec
}

func readFixture(t *testing.T, name string) *known {
	t.Helper()
	f := &known{}
	f.arrays = fixture.Values(t, name, f)
	kind := Gaussian
	if strings.HasSuffix(name, "bernoulli") {
		kind = Bernoulli
	}
	f.spec = Spec{
		Visible: 17, Encoder: []int{10}, Latent: 3, Decoder: []int{10}, Hidden: nn.Tanh, LatentActivation: nn.Linear,
		Outputs: []Distribution{NewDistribution(kind, 17)}, Samples: f.Samples, KLWeight: f.KLWeight,
	}
	return f
}

// vector joins the arrays prefix+name into one parameter vector.
func (f *known) vector(prefix string) []float64 {
	var v []float64
	for _, t := range f.spec.Layout() {
		v = append(v, f.arrays[prefix+t.Name]...)
	}
	return v
}

func TestFixtures(t *testing.T) {
	for _, name := range []string{"vae_bernoulli", "vae_gaussian"} {
		t.Run(name+"/float64", func(t *testing.T) { checkFixture[float64](t, name, 1e-10) })
		t.Run(name+"/float32", func(t *testing.T) { checkFixture[float32](t, name, 2e-5) })
	}
}

func checkFixture[T linalg.Float](t *testing.T, name string, tol float64) {
	f := readFixture(t, name)
	if err := f.spec.Validate(); err != nil {
		t.Fatal(err)
	}
	theta, want := f.vector(""), f.vector("grad.")
	x := matrix[T](f.arrays["x"], f.spec.Visible)
	noise := Noise{Given: f.arrays["eps"]}
	o := NewObjective[T](f.spec)
	compare := func(what string, terms nn.Terms, diff float64) {
		t.Helper()
		for i, w := range []float64{f.Reconstruction, f.KLWeight * f.KL, 0} {
			if math.Abs(terms[i].Value-w) > tol*w {
				t.Errorf("%s: %s = %.12g, want %.12g", what, terms[i].Name, terms[i].Value, w)
			}
		}
		if math.Abs(terms.Total()-f.Objective) > tol*f.Objective {
			t.Errorf("%s: objective = %.12g, want %.12g", what, terms.Total(), f.Objective)
		}
		if diff > tol {
			t.Errorf("%s: gradient differs by %g", what, diff)
		}
	}
	grad := make([]float64, len(theta))
	terms := o.Evaluate(theta, x, noise, grad)
	compare("Evaluate", terms, fixture.Off(grad, want))
	params, batch := linalg.Converted[T](theta), make([]T, len(theta))
	terms = o.Batch(params, x, noise, batch)
	compare("Batch", terms, fixture.Off(batch, want))

	means, logVars := linalg.NewMatrix[T](x.Rows, 3), linalg.NewMatrix[T](x.Rows, 3)
	o.Encode(params, x, means, logVars)
	if d := fixture.Off(means.Data, f.arrays["mean"]); d > tol {
		t.Errorf("means of the codes differ by %g", d)
	}
	if d := fixture.Off(logVars.Data, f.arrays["logvar"]); d > tol {
		t.Errorf("log-variances of the codes differ by %g", d)
	}
	variances, active := ActiveUnits(means, ActiveThreshold)
	if d := fixture.Off(variances, f.Variances); d > tol || active != 3 {
		t.Errorf("variances of the units differ by %g, %d of 3 active", d, active)
	}
}

// matrix converts rows of data.
func matrix[T linalg.Float](data []float64, cols int) linalg.Matrix[T] {
	return linalg.MatrixOf(len(data)/cols, cols, linalg.Converted[T](data))
}
