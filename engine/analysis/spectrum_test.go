package analysis_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/internal/fixture"
)

// spectrumOf returns the principal components of x.
func spectrumOf[T linalg.Float](t *testing.T, x linalg.Matrix[T]) *analysis.Spectrum {
	t.Helper()
	m, err := analysis.MomentsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.Spectrum()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSpectrumFixture compares with NumPy (testdata/codes_pca.json).
func TestSpectrumFixture(t *testing.T) {
	var want struct {
		ParticipationRatio float64 `json:"participation_ratio"`
		EffectiveRank      float64 `json:"effective_rank"`
	}
	arrays := fixture.Arrays(t, "codes_pca", &want)
	codes := arrays["codes"]
	n, d := codes.Shape[0], codes.Shape[1]
	s := spectrumOf(t, linalg.MatrixOf(n, d, codes.Float64s()))
	values := slices.Sorted(slices.Values(arrays["eigenvalues"].Float64s()))
	slices.Reverse(values)
	for k, v := range values { // NumPy divides by n-1
		near(t, fmt.Sprintf("variance %d", k), s.Variances[k]*float64(n)/float64(n-1), v, 1e-12)
	}
	near(t, "participation ratio", s.ParticipationRatio(), want.ParticipationRatio, 1e-10)
	near(t, "effective rank", s.EffectiveRank(), want.EffectiveRank, 1e-10)
}

// TestMoments compares with gonum's covariance, over more rows and columns than
// a block and a strip have.
func TestMoments(t *testing.T) {
	x := mixed(3, 4500, 130)
	m, err := analysis.MomentsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	var want mat.SymDense
	stat.CovarianceMatrix(&want, mat.NewDense(x.Rows, x.Cols, x.Data), nil)
	n := float64(x.Rows)
	for i := range x.Cols {
		for j := range x.Cols {
			near(t, fmt.Sprintf("covariance %d, %d", i, j), m.Covariance.At(i, j), want.At(i, j)*(n-1)/n, 1e-9)
		}
		near(t, fmt.Sprintf("mean %d", i), m.Mean[i], stat.Mean(mat.Col(nil, i, mat.NewDense(x.Rows, x.Cols, x.Data)), nil), 1e-12)
	}
}

func TestMomentsErrors(t *testing.T) {
	for name, x := range map[string]linalg.Matrix[float32]{
		"no rows":    linalg.NewMatrix[float32](0, 3),
		"no columns": linalg.NewMatrix[float32](3, 0),
		"too many":   linalg.NewMatrix[float32](1, 4097),
		"NaN":        linalg.MatrixOf(2, 1, []float32{1, float32(math.NaN())}),
		"infinite":   linalg.MatrixOf(2, 1, []float32{1, float32(math.Inf(-1))}),
	} {
		if _, err := analysis.MomentsOf(x); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestSpectrumProperties checks what defines a spectrum.
func TestSpectrumProperties(t *testing.T) {
	x := mixed(5, 300, 12)
	s := spectrumOf(t, x)
	for k := range 13 {
		sum := 0.0
		for _, e := range analysis.Errors(s, x, k) {
			sum += e / 300
		}
		near(t, fmt.Sprintf("error with %d components", k), sum, s.Discarded(k), 1e-9)
	}
	cumulative := s.Cumulative()
	near(t, "last share", cumulative[11], 1, 1e-12)
	near(t, "shares of 4", cumulative[3], 1-s.Discarded(4)/s.Total(), 1e-12)
	loadings := s.Loadings(12)
	m, _ := analysis.MomentsOf(x)
	for j := range 12 {
		near(t, fmt.Sprintf("squares of loading %d", j), linalg.Squares(loadings.Row(j)), m.Covariance.At(j, j), 1e-9)
	}
	one, even := &analysis.Spectrum{Variances: []float64{3, 0, 0}}, &analysis.Spectrum{Variances: []float64{2, 2, 2}}
	near(t, "participation of one", one.ParticipationRatio(), 1, 1e-12)
	near(t, "rank of one", one.EffectiveRank(), 1, 1e-12)
	near(t, "participation of three", even.ParticipationRatio(), 3, 1e-12)
	near(t, "rank of three", even.EffectiveRank(), 3, 1e-12)
	if still := (&analysis.Spectrum{Variances: []float64{0, 0}}); still.ParticipationRatio() != 0 || still.EffectiveRank() != 0 {
		t.Error("constant codes have a rank")
	}
}

func TestPrincipalAngles(t *testing.T) {
	x := mixed(7, 400, 10)
	s := spectrumOf(t, x)
	// The first three directions, mixed: the same space.
	within := linalg.NewMatrix[float64](10, 3)
	linalg.Gemm(true, false, 1, s.Directions.Slice(0, 3), drawn(8, 3, 3, normal), 0, within)
	turned := within.Clone() // and one column turned by a known angle towards the fourth
	const angle = 1e-7
	for i := range 10 {
		turned.Set(i, 0, s.Directions.At(0, i))
		turned.Set(i, 1, s.Directions.At(1, i))
		turned.Set(i, 2, 5*(math.Cos(angle)*s.Directions.At(2, i)+math.Sin(angle)*s.Directions.At(3, i)))
	}
	outside := linalg.NewMatrix[float64](10, 3) // a direction inside, one outside, one missing
	for i := range 10 {
		outside.Set(i, 0, s.Directions.At(1, i))
		outside.Set(i, 1, s.Directions.At(7, i))
		outside.Set(i, 2, 2*s.Directions.At(7, i))
	}
	for _, test := range []struct {
		name    string
		decoder linalg.Matrix[float64]
		want    []float64
		tol     float64
	}{
		{"same space", within, []float64{0, 0, 0}, 1e-12},
		{"turned", turned, []float64{0, 0, angle}, 1e-13},
		{"outside", outside, []float64{0, math.Pi / 2, math.Pi / 2}, 1e-12},
		{"zero", linalg.NewMatrix[float64](10, 2), []float64{math.Pi / 2, math.Pi / 2}, 0},
		{"all", drawn(9, 10, 10, normal), make([]float64, 10), 1e-9},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := analysis.PrincipalAngles(test.decoder, s)
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range got {
				near(t, fmt.Sprintf("angle %d", i), a, test.want[i], test.tol)
			}
		})
	}
	random := drawn(10, 10, 2, normal)
	got, err := analysis.PrincipalAngles(random, s)
	if err != nil {
		t.Fatal(err)
	}
	// For two planes cos θ₁·cos θ₂ = |det VQ| / area: from the Gram determinant.
	p := linalg.NewMatrix[float64](2, 2)
	linalg.Gemm(false, false, 1, s.Directions.Slice(0, 2), random, 0, p)
	g := linalg.NewMatrix[float64](2, 2)
	linalg.Gemm(true, false, 1, random, random, 0, g)
	det := func(m linalg.Matrix[float64]) float64 { return m.At(0, 0)*m.At(1, 1) - m.At(0, 1)*m.At(1, 0) }
	near(t, "product of cosines", math.Cos(got[0])*math.Cos(got[1]), math.Abs(det(p))/math.Sqrt(det(g)), 1e-12)
	for name, bad := range map[string]linalg.Matrix[float64]{
		"wide": linalg.NewMatrix[float64](10, 11), "empty": linalg.NewMatrix[float64](10, 0), "NaN": linalg.MatrixOf(10, 1, append(make([]float64, 9), math.NaN())),
	} {
		if _, err := analysis.PrincipalAngles(bad, s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleMoments_Spectrum() {
	codes := linalg.MatrixOf(4, 2, []float64{-2, 0, 2, 0, 0, -1, 0, 1})
	m, err := analysis.MomentsOf(codes)
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := m.Spectrum()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("variances %.1f, shares %.1f\n", s.Variances, s.Cumulative())
	fmt.Printf("participation ratio %.2f, error with one component %.1f\n", s.ParticipationRatio(), s.Discarded(1))
	// Output:
	// variances [2.0 0.5], shares [0.8 1.0]
	// participation ratio 1.47, error with one component 0.5
}

func BenchmarkSpectrumMNIST(b *testing.B) {
	x := single(mixed(11, 60000, 784))
	for b.Loop() {
		m, err := analysis.MomentsOf(x)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Spectrum(); err != nil {
			b.Fatal(err)
		}
	}
}
