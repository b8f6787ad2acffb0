package autoencoder

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// fixture is a known answer from PyTorch; testdata/NAME.json says which
// versions computed it.
type fixture struct {
	Reconstruction float64   `json:"reconstruction"`
	WeightDecay    float64   `json:"weight_decay"`
	Sparsity       float64   `json:"sparsity"`
	Objective      float64   `json:"objective"`
	RhoHat         []float64 `json:"rho_hat"`
	Lambda         float64   `json:"lambda_"`
	Beta           float64   `json:"beta"`
	Rho            float64   `json:"rho"`
	CrossEntropy   float64   `json:"cross_entropy"`
	SquaredError   float64   `json:"squared_error"`

	arrays map[string][]float64
	model  Sparse
}

func readFixture(t *testing.T, name string) *fixture {
	t.Helper()
	f := &fixture{arrays: map[string][]float64{}}
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, f); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(filepath.Join("testdata", name+".npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		header := 10 + int(binary.LittleEndian.Uint16(raw[8:])) // npy version 1
		if !bytes.Contains(raw[:header], []byte("'<f8', 'fortran_order': False")) {
			t.Fatalf("%s: header %q", file.Name, raw[:header])
		}
		values := make([]float64, (len(raw)-header)/8)
		for i := range values {
			values[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[header+8*i:]))
		}
		f.arrays[strings.TrimSuffix(file.Name, ".npy")] = values
	}
	hidden, visible := len(f.arrays["encoder.0.bias"]), len(f.arrays["decoder.0.bias"])
	f.model = Sparse{Visible: visible, Hidden: hidden, Lambda: f.Lambda, Beta: f.Beta, Rho: f.Rho}
	if strings.Contains(name, "linear") {
		f.model.Decoder = nn.Linear
	}
	return f
}

// vector joins the arrays prefix+name into one parameter vector.
func (f *fixture) vector(prefix string) []float64 {
	var v []float64
	for _, t := range f.model.Layout() {
		v = append(v, f.arrays[prefix+t.Name]...)
	}
	return v
}

func (f *fixture) x() linalg.Matrix[float64] {
	v := f.arrays["x"]
	return linalg.MatrixOf(len(v)/f.model.Visible, f.model.Visible, v)
}

// relative returns the largest difference of got and want relative to the
// largest element of want.
func relative[T linalg.Float](got []T, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	diff, scale := 0.0, 0.0
	for i, w := range want {
		diff = max(diff, math.Abs(float64(got[i])-w))
		scale = max(scale, math.Abs(w))
	}
	return diff / scale
}

func TestFixtures(t *testing.T) {
	for _, name := range []string{"sparse_sigmoid", "sparse_linear_decoder"} {
		t.Run(name+"/float64", func(t *testing.T) { checkFixture[float64](t, name, 1e-10) })
		t.Run(name+"/float32", func(t *testing.T) { checkFixture[float32](t, name, 5e-6) })
	}
}

func checkFixture[T linalg.Float](t *testing.T, name string, tol float64) {
	f := readFixture(t, name)
	if err := f.model.Validate(); err != nil {
		t.Fatal(err)
	}
	theta := f.vector("")
	x := linalg.NewMatrix[T](f.x().Rows, f.x().Cols)
	linalg.Convert(x, f.x())
	o := NewObjective[T](f.model)
	grad := make([]float64, len(theta))
	terms := append(nn.Terms(nil), o.Evaluate(theta, x, grad)...)
	for i, want := range []float64{f.Reconstruction, f.WeightDecay, f.Sparsity} {
		if rel := math.Abs(terms[i].Value-want) / want; rel > tol {
			t.Errorf("%s = %.12g, want %.12g", terms[i].Name, terms[i].Value, want)
		}
	}
	if rel := math.Abs(terms.Total()-f.Objective) / f.Objective; rel > tol {
		t.Errorf("objective = %.12g, want %.12g", terms.Total(), f.Objective)
	}
	if rel := relative(o.RhoHat(nil), f.RhoHat); rel > tol {
		t.Errorf("ρ̂ differs by %g", rel)
	}
	want := f.vector("grad.")
	if rel := relative(grad, want); rel > tol {
		t.Errorf("gradient differs by %g", rel)
	}
	if got := o.Evaluate(theta, x, nil); got.Total() != terms.Total() {
		t.Errorf("objective without gradient = %v, with it %v", got.Total(), terms.Total())
	}

	params := linalg.Converted[T](theta)
	batch := make([]T, len(theta)) // one minibatch of all examples is the full batch
	terms = o.Batch(params, x, batch)
	if rel := math.Abs(terms.Total()-f.Objective) / f.Objective; rel > tol {
		t.Errorf("Batch objective = %.12g, want %.12g", terms.Total(), f.Objective)
	}
	if rel := relative(batch, want); rel > tol {
		t.Errorf("Batch gradient differs by %g", rel)
	}

	codes := linalg.NewMatrix[T](x.Rows, f.model.Hidden)
	Encode(f.model, params, x, codes)
	if rel := relative(codes.Data, f.arrays["codes"]); rel > tol {
		t.Errorf("codes differ by %g", rel)
	}
	out := linalg.NewMatrix[T](x.Rows, x.Cols)
	Reconstruct(f.model, params, x, out)
	if rel := relative(out.Data, f.arrays["reconstruction"]); rel > tol {
		t.Errorf("reconstruction differs by %g", rel)
	}
}
