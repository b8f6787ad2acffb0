package variational

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// TestDraw compares the mean of many draws with Decode, and their variance with
// that of the distribution.
func TestDraw(t *testing.T) {
	s, theta, _ := problem(outputs(0, nn.Tanh)["composite"], 1)
	o := NewObjective[float64](s)
	const draws = 4000
	z, x := linalg.NewMatrix[float64](draws, s.Latent), linalg.NewMatrix[float64](draws, s.Visible)
	for i := range z.Rows {
		copy(z.Row(i), []float64{0.5, -1, 0.2})
	}
	mean := linalg.NewMatrix[float64](1, s.Visible)
	o.Decode(theta, z.Slice(0, 1), mean)
	o.Draw(theta, z, rand.New(rand.NewPCG(1, 1)), x)
	for _, b := range s.bands() {
		for j := b.first; j < b.first+b.Features; j++ {
			want := mean.At(0, j)
			var sum, squares float64
			for i := range draws {
				sum += x.At(i, j)
				squares += (x.At(i, j) - want) * (x.At(i, j) - want)
			}
			variance := squares / draws
			if off := sum/draws - want; math.Abs(off) > 4*math.Sqrt(variance/draws)+1e-12 {
				t.Errorf("%s, feature %d: draws are off the mean by %g", b.Kind, j, off)
			}
			expect := variance
			switch b.Kind {
			case Bernoulli:
				expect = want * (1 - want)
			case FixedGaussian:
				expect = b.Variance
			case Exponential:
				expect = want * want
			case PlainLoss:
				expect = 0
			}
			if math.Abs(variance-expect) > 0.2*expect || variance > 3 {
				t.Errorf("%s, feature %d: variance of draws %g, want %g", b.Kind, j, variance, expect)
			}
		}
	}
}

// TestReconstruct goes over more examples than a block holds.
func TestReconstruct(t *testing.T) {
	s, theta, x := problem(outputs(0, nn.Softplus)["composite"], evaluateRows+3)
	o := NewObjective[float64](s)
	whole := linalg.NewMatrix[float64](x.Rows, x.Cols)
	o.Reconstruct(theta, x, whole)
	last := x.Slice(x.Rows-2, x.Rows)
	o.Reconstruct(theta, last, last) // in place
	if d := fixture.Off(last.Data, whole.Slice(x.Rows-2, x.Rows).Data); d > 1e-13 {
		t.Errorf("reconstructions alone and among others differ by %g", d)
	}
}

func TestGrid(t *testing.T) {
	z := Grid([]float64{7, 8, 9}, 2, 0, []float64{1, 2, 3}, []float64{-1, 1})
	want := []float64{1, 8, 1, 1, 8, 2, 1, 8, 3, -1, 8, 1, -1, 8, 2, -1, 8, 3}
	if !slices.Equal(z.Data, want) {
		t.Errorf("Grid() = %v, want %v", z.Data, want)
	}
	// Φ⁻¹(0.1), Φ⁻¹(0.3), 0: tables of the normal distribution.
	quantiles := Quantiles(5)
	for i, want := range []float64{-1.2815515655446, -0.5244005127080, 0, 0.5244005127080, 1.2815515655446} {
		if math.Abs(quantiles[i]-want) > 1e-12 {
			t.Errorf("Quantiles(5)[%d] = %.14g, want %.14g", i, quantiles[i], want)
		}
	}
	if got := Steps(-5, 5, 3); !slices.Equal(got, []float64{-5, 0, 5}) {
		t.Errorf("Steps(-5, 5, 3) = %v", got)
	}
	if len(Quantiles(0)) != 0 || len(Steps(0, 1, 0)) != 0 {
		t.Error("no values wanted, some given")
	}
}

func TestInterpolate(t *testing.T) {
	a, b := []float64{3, 0, 0}, []float64{0, 0, 1}
	for name, z := range map[string]linalg.Matrix[float64]{"line": Interpolate(a, b, 9), "arc": InterpolateArc(a, b, 9)} {
		if fixture.Off(z.Row(0), a) > 1e-15 || fixture.Off(z.Row(8), b) > 1e-15 {
			t.Errorf("%s: ends are %v and %v", name, z.Row(0), z.Row(8))
		}
		want := 2.0 // halfway of the arc: the mean length
		if name == "line" {
			want = math.Hypot(1.5, 0.5)
		}
		middle := z.Row(4)
		if length := math.Hypot(middle[0], middle[2]); math.Abs(length-want) > 1e-12 {
			t.Errorf("%s: the middle has length %g, want %g", name, length, want)
		}
	}
	for name, other := range map[string][]float64{"opposite": {-3, 0, 0}, "zero": {0, 0, 0}, "same": {3, 0, 0}} {
		if got, want := InterpolateArc(a, other, 5), Interpolate(a, other, 5); !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: InterpolateArc() = %v, want the line %v", name, got.Data, want.Data)
		}
	}
	z := Traverse([]float64{1, 2}, 1, []float64{5, 6})
	if !slices.Equal(z.Data, []float64{1, 5, 1, 6}) {
		t.Errorf("Traverse() = %v", z.Data)
	}
}

func TestActiveUnits(t *testing.T) {
	means := linalg.NewMatrix[float32](1000, 3)
	rng := rand.New(rand.NewPCG(1, 5))
	for i := range means.Rows {
		copy(means.Row(i), []float32{1e6 + float32(i%2), 4, float32(0.05 * rng.NormFloat64())})
	}
	variances, active := ActiveUnits(means, ActiveThreshold)
	if active != 1 || math.Abs(variances[0]-0.25*1000/999) > 1e-12 || variances[1] != 0 || math.Abs(variances[2]-0.0025) > 5e-4 {
		t.Errorf("ActiveUnits() = %v, %d", variances, active)
	}
}
