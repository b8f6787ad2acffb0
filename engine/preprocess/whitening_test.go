package preprocess_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/internal/fixture"
)

// TestSpectrum compares with NumPy's eigenvalues of the fixture.
func TestSpectrum(t *testing.T) {
	white := fixture.Arrays(t, "whitening", nil)
	data := table(white["x"].Data, white["x"].Shape[1])
	s, err := preprocess.Components(context.Background(), linalg.MatrixOf(data.N, data.D, data.Doubles))
	if err != nil {
		t.Fatal(err)
	}
	want := append([]float64(nil), white["eigenvalues"].Data...)
	if want[0] < want[len(want)-1] {
		for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
			want[i], want[j] = want[j], want[i]
		}
	}
	if d := cmp.Diff(s.Variances, want, near(1e-10)); d != "" {
		t.Error(d)
	}
	if k := s.Components(0.99); k != 15 { // components_for_99_percent of the fixture
		t.Errorf("%d components hold 99 %% of the variance, want 15", k)
	}
	if k := s.Components(1); k != 25 {
		t.Errorf("%d components hold all of the variance, want 25", k)
	}
}

func TestPCA(t *testing.T) {
	data := random(5, 300, 8)
	p, x := fitted(t, data, preprocess.Spec{Step: "pca", Epsilon: new(0.0), Variance: new(0.9)})
	k := p.Outputs(8)
	if x.Cols != k || k < 2 || k > 7 {
		t.Fatalf("%d columns, %d outputs of 8 features", x.Cols, k)
	}
	covariance := linalg.NewMatrix[float64](k, k)
	linalg.Gemm(true, false, 1.0/300, x, x, 0, covariance)
	for i := range k {
		for j := range k {
			want := 0.0
			if i == j {
				want = 1
			}
			if math.Abs(covariance.At(i, j)-want) > 1e-10 {
				t.Errorf("covariance (%d, %d) = %v, want %v", i, j, covariance.At(i, j), want)
			}
		}
	}
	filter := []float64{1, -2, 3, 0, 2, 1, -1, 4}[:k]
	pixels := p.FilterToPixels(filter)
	if len(pixels) != 8 {
		t.Fatalf("a filter of %d pixels, want 8", len(pixels))
	}
	mean := p.Parameters()[0].Values
	for i := range 10 {
		white, plain := 0.0, 0.0
		for j := range filter {
			white += filter[j] * x.At(i, j)
		}
		for j := range pixels {
			plain += pixels[j] * (data.Doubles[i*8+j] - mean[j])
		}
		if math.Abs(white-plain) > 1e-9 {
			t.Errorf("example %d: %v in pixel space, %v whitened", i, plain, white)
		}
	}
	// What a unit adds to the outputs it adds to the inputs through V.
	added := p.OutputToPixels(filter)
	moved := x.Clone()
	for j := range filter {
		moved.Set(0, j, moved.At(0, j)+filter[j])
	}
	still, err := p.Invert(data, 0, x.Clone())
	if err != nil {
		t.Fatal(err)
	}
	if moved, err = p.Invert(data, 0, moved); err != nil {
		t.Fatal(err)
	}
	for j := range added {
		if d := moved.At(0, j) - still.At(0, j); math.Abs(d-added[j]) > 1e-9 {
			t.Errorf("input %d moved by %v, want %v", j, d, added[j])
		}
	}
	// What is lost is the variance of the components left out.
	s, err := preprocess.Components(context.Background(), linalg.MatrixOf(data.N, data.D, data.Doubles))
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for _, v := range s.Variances[k:] {
		want += v
	}
	back, err := p.Invert(data, 0, x.Clone())
	if err != nil {
		t.Fatal(err)
	}
	got := 0.0
	for i, v := range back.Data {
		got += (v - data.Doubles[i]) * (v - data.Doubles[i]) / 300
	}
	if math.Abs(got-want) > 1e-9*want {
		t.Errorf("mean squared error of the inverse %v, want %v", got, want)
	}
	// A step after it is fitted on the components.
	q, y := fitted(t, data, preprocess.Spec{Step: "pca", Variance: new(0.9)}, preprocess.Spec{Step: "standardise"})
	if y.Cols != k || q.Features() != 8 || q.Outputs(8) != k {
		t.Errorf("%d columns, %d features, %d outputs", y.Cols, q.Features(), q.Outputs(8))
	}
}

// TestStandardiseExample follows the second answer of the Keras question: each
// example (x−mean)/std, and back with its own numbers.
func TestStandardiseExample(t *testing.T) {
	data := table([]float64{1, 3, 5, 5, 7, 7, 7, 7, 0, 1, 0, 1}, 4)
	p, x := fitted(t, data, preprocess.Spec{Step: "standardise-example"})
	r := math.Sqrt(11) / 2 // the deviation of 1, 3, 5, 5, whose mean is 3.5
	want := []float64{-2.5 / r, -0.5 / r, 1.5 / r, 1.5 / r, 0, 0, 0, 0, -1, 1, -1, 1}
	if d := cmp.Diff(x.Data, want, near(1e-14)); d != "" {
		t.Error(d)
	}
	y, err := p.Invert(data, 0, x)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(y.Data, data.Doubles, near(1e-14)); d != "" {
		t.Error(d)
	}
}

func TestBinarise(t *testing.T) {
	_, x := fitted(t, table([]float64{0, 0.49, 0.5, 1}, 2), preprocess.Spec{Step: "binarise"})
	if d := cmp.Diff(x.Data, []float64{0, 0, 1, 1}); d != "" {
		t.Error(d)
	}
	_, x = fitted(t, table([]float64{0, 3, 7, -1}, 2), preprocess.Spec{Step: "binarise", Threshold: new(3.0)})
	if d := cmp.Diff(x.Data, []float64{0, 1, 1, 0}); d != "" {
		t.Error(d)
	}
}

// TestZCAOfBytes compares whitening fitted on bytes, whose sums are exact whole
// numbers, with the same values as float64; on data without a spread of some
// feature, on bright ones, on more rows than a lane takes at once, and on more
// features than have lanes.
func TestZCAOfBytes(t *testing.T) {
	for _, s := range []struct{ n, d, low, high int }{{1, 3, 0, 255}, {40, 5, 250, 255}, {5000, 7, 0, 255}, {100, 520, 100, 140}} {
		rng := rand.New(rand.NewPCG(7, uint64(s.n)))
		bytes := &dataset.Dataset{Name: "bytes", N: s.n, D: s.d, FullScale: 255, Bytes: make([]uint8, s.n*s.d)}
		doubles := &dataset.Dataset{Name: "doubles", N: s.n, D: s.d, FullScale: 255, Doubles: make([]float64, s.n*s.d)}
		for i := range bytes.Bytes {
			bytes.Bytes[i] = uint8(s.low + rng.IntN(s.high-s.low+1))
			if i%s.d == 1 {
				bytes.Bytes[i] = 201
			}
			doubles.Doubles[i] = float64(bytes.Bytes[i])
		}
		for _, specs := range [][]preprocess.Spec{
			{{Step: "zca", Epsilon: new(0.5)}},
			{{Step: "scale"}, {Step: "zca", Epsilon: new(0.01)}},
			{{Step: "scale"}, {Step: "scale"}, {Step: "pca", Epsilon: new(0.01), Variance: new(1.0)}, {Step: "standardise"}},
			{{Step: "scale"}, {Step: "binarise"}, {Step: "zca"}},
		} {
			if s.d > 512 && len(specs) != 2 { // takes seconds
				continue
			}
			p, x := fitted(t, bytes, specs...)
			_, want := fitted(t, doubles, specs...)
			if specs[len(specs)-1].Step == "zca" {
				if d := cmp.Diff(x.Data, want.Data, near(1e-10)); d != "" {
					t.Errorf("%v %v: %s", s, specs, d)
				}
				if m := p.Parameters(); specs[0].Step == "scale" && len(specs) == 2 && m[2].Values[1] != 201.0/255 {
					t.Errorf("%v: the mean of a constant is %v", s, m[2].Values[1])
				}
			}
			back, err := p.Invert(bytes, 0, x)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(back.Data, doubles.Doubles, near(1e-8)); d != "" && specs[1%len(specs)].Step != "binarise" {
				t.Errorf("%v %v: back: %s", s, specs, d)
			}
		}
	}
}
