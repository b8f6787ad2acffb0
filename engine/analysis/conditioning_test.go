package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
)

// condition measures x and predicts how d trains on it.
func condition(t *testing.T, x linalg.Matrix[float32], d analysis.Descent) *analysis.Conditioning {
	t.Helper()
	m, err := analysis.MomentsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	c, err := analysis.Condition(m, d)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The two data sets of the question "a single layer does not learn the
// identity" (design: methods.md, D1): Keras, SGD at 0.01, Glorot's weights.
const features = 84

func narrow() (linalg.Matrix[float32], analysis.Descent) {
	x := drawn(21, 97535, features, func(r *rand.Rand) float64 { return 1.1090579 + 0.0012380764*r.NormFloat64() })
	return single(x), analysis.Descent{LearningRate: 0.01, Batch: 8, Examples: 97535, Outputs: features, Biases: true, InitialVariance: 1.0 / features}
}

func uniform() (linalg.Matrix[float32], analysis.Descent) {
	x := drawn(22, 69999, features, (*rand.Rand).Float64)
	return single(x), analysis.Descent{LearningRate: 0.01, Batch: 80, Examples: 69999, Outputs: features, Biases: true, InitialVariance: 1.0 / features}
}

// TestUniform wants loss(t) ≈ (1/6)·exp(-0.03472 t) and the mean diagonal
// 1-exp(-0.01736 t), as the author of the question measured.
func TestUniform(t *testing.T) {
	x, d := uniform()
	c := condition(t, x, d)
	if c.Steps() != 875 {
		t.Fatalf("%v steps an epoch, want 875", c.Steps())
	}
	for epoch := 2.0; epoch <= 100; epoch += 7 {
		law := math.Exp(-0.03472*epoch) / 6
		near(t, fmt.Sprintf("loss of epoch %v over the law", epoch), c.Loss(epoch)/law, 1, 0.05)
	}
	for epoch, want := range map[float64]struct{ loss, diagonal float64 }{98: {0.0055, 0.818}, 99: {0.0053, 0.821}, 100: {0.0051, 0.824}} {
		near(t, fmt.Sprintf("loss of epoch %v over the measured", epoch), c.Loss(epoch)/want.loss, 1, 0.03)
		near(t, fmt.Sprintf("diagonal of epoch %v", epoch), c.Diagonal(epoch), want.diagonal, 0.005)
	}
	f := c.Verdict(200, nil)
	if f.Kind != analysis.Learnable || f.Remedy != analysis.None {
		t.Errorf("Verdict() = %+v, want learnable", f)
	}
}

// TestNarrow wants W-I to shrink by 0.09 % in 200 epochs, and to be learned in
// 2 to 3 epochs once each example is normalised.
func TestNarrow(t *testing.T) {
	x, d := narrow()
	c := condition(t, x, d)
	if c.Steps() != 12192 {
		t.Fatalf("%v steps an epoch, want 12192", c.Steps())
	}
	near(t, "a step's shrinking over 3.65e-10", (1-c.Factor(c.Smallest))/3.65e-10, 1, 0.1)
	near(t, "shrinking in 200 epochs in percent", 100*(1-c.Remaining(200)), 0.09, 0.01)
	near(t, "the same at the mean variance", 100*(1-math.Pow(c.Factor(c.Variance), 200*c.Steps())), 0.0890, 0.0005)
	near(t, "variance over 1.533e-6", c.Variance/1.533e-6, 1, 0.01)
	near(t, "explained after 200 epochs", c.Explained(200), -1, 0.1) // W stays Glorot's: twice the variance missed
	normalised := x.Clone()
	for i := range normalised.Rows {
		row := normalised.Row(i)
		var mean, square float64
		for _, v := range row {
			mean += float64(v) / features
		}
		for _, v := range row {
			square += (float64(v) - mean) * (float64(v) - mean) / features
		}
		for j, v := range row {
			row[j] = float32((float64(v) - mean) / math.Sqrt(square))
		}
	}
	after := condition(t, normalised, d)
	near(t, "e-folds an epoch when normalised", 1/after.Epochs(), 2.9, 0.2)
	if need := after.EpochsTo(0.99); need < 0.5 || need > 3 {
		t.Errorf("learned in %v epochs when normalised, want 2 to 3 at most", need)
	}
	f := c.Verdict(200, after)
	if f.Kind != analysis.IllConditioned || f.Remedy != analysis.NormalisePerExample {
		t.Errorf("Verdict() = %+v, want to normalise per example", f)
	}
	if !strings.Contains(f.Sentence, "cannot be learned at this rate") || !strings.Contains(f.Sentence, "normalise per example") {
		t.Errorf("sentence %q", f.Sentence)
	}
	if f := c.Verdict(200, c); f.Remedy == analysis.NormalisePerExample {
		t.Errorf("Verdict() = %+v, although that does not help", f)
	}
}

// TestConditioningMatchesDescent trains with full batches from W = 0, where the
// prediction is exact.
func TestConditioningMatchesDescent(t *testing.T) {
	const n, size, rate = 60, 5, 0.02
	x := mixed(23, n, size)
	for _, test := range []struct {
		name    string
		outputs int
		biases  bool
	}{{"weights", size, false}, {"weights and biases", size, true}, {"fewer outputs", 3, true}} {
		t.Run(test.name, func(t *testing.T) {
			m, err := analysis.MomentsOf(x)
			if err != nil {
				t.Fatal(err)
			}
			c, err := analysis.Condition(m, analysis.Descent{LearningRate: rate, Batch: n, Examples: n, Outputs: test.outputs, Biases: test.biases})
			if err != nil {
				t.Fatal(err)
			}
			w, b := linalg.NewMatrix[float64](test.outputs, size), make([]float64, test.outputs)
			for step := range 40 {
				loss, diagonal := 0.0, 0.0
				gradW, gradB := linalg.NewMatrix[float64](test.outputs, size), make([]float64, test.outputs)
				for i := range n {
					row := x.Row(i)
					for o := range test.outputs {
						e := b[o] - row[o] + linalg.Dot(w.Row(o), row)
						scale := 1 / float64(n*test.outputs)
						loss += e * e * scale
						linalg.Axpy(2*e*scale, row, gradW.Row(o))
						gradB[o] += 2 * e * scale
					}
				}
				for o := range test.outputs {
					diagonal += w.At(o, o) / float64(test.outputs)
				}
				near(t, fmt.Sprintf("loss before step %d", step), c.Loss(float64(step)), loss, 1e-9)
				if step == 0 || c.Factor(c.Eigenvalues[0]) > 0 {
					near(t, fmt.Sprintf("diagonal before step %d", step), c.Diagonal(float64(step)), diagonal, 1e-9)
				}
				linalg.Axpy(-rate, gradW.Data, w.Data)
				if test.biases {
					linalg.Axpy(-rate, gradB, b)
				}
			}
		})
	}
}

// TestConditioningMinibatches trains with minibatches from W = 0: what their
// noise adds stays small below half of StableRate, and near LargestRate it
// makes training diverge.
func TestConditioningMinibatches(t *testing.T) {
	const n, size = 2000, 12
	x := drawn(24, n, size, (*rand.Rand).Float64)
	m, err := analysis.MomentsOf(x)
	if err != nil {
		t.Fatal(err)
	}
	train := func(d analysis.Descent, epochs int) float64 {
		w, e := linalg.NewMatrix[float64](size, size), linalg.NewMatrix[float64](d.Batch, size)
		r := rand.New(rand.NewPCG(25, 1))
		batch := linalg.NewMatrix[float64](d.Batch, size)
		for range epochs * n / d.Batch {
			for i := range d.Batch {
				copy(batch.Row(i), x.Row(r.IntN(n)))
				copy(e.Row(i), batch.Row(i))
			}
			linalg.Gemm(false, true, 1, batch, w, -1, e)
			linalg.Gemm(true, false, -2*d.LearningRate/float64(size*d.Batch), e, batch, 1, w)
		}
		all := x.Clone()
		linalg.Gemm(false, true, 1, x, w, -1, all)
		return linalg.Squares(all.Data) / (n * size)
	}
	for batch, tol := range map[int]float64{1: 0.15, 10: 0.03, 100: 0.01} { // r·‖x‖² is 0.03
		d := analysis.Descent{LearningRate: 0.05, Batch: batch, Examples: n, Outputs: 12}
		c, err := analysis.Condition(m, d)
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprintf("batch %d: measured over predicted loss", batch), train(d, 5)/c.Loss(5), 1, tol)
		d.LearningRate = c.StableRate() / 2
		if loss := train(d, 5); !(loss < c.Loss(0)) {
			t.Errorf("batch %d: loss %v at half of the stable rate, was %v", batch, loss, c.Loss(0))
		}
	}
	d := analysis.Descent{LearningRate: 1, Batch: 1, Examples: n, Outputs: size}
	c, err := analysis.Condition(m, d)
	if err != nil {
		t.Fatal(err)
	}
	if d.LearningRate = 0.95 * c.LargestRate(); train(d, 5) < 10*c.Loss(0) {
		t.Error("single examples are stable near LargestRate: StableRate is not needed")
	}
}

func TestVerdict(t *testing.T) {
	x := linalg.MatrixOf(2, 2, []float32{-1, -1, 1, -1})
	cross := linalg.MatrixOf(4, 2, []float32{-1, -1, 1, -1, -1, 1, 1, 1}) // covariance I, mean 0
	stretched := linalg.MatrixOf(4, 2, []float32{-1, -1e-4, 1, -1e-4, -1, 1e-4, 1, 1e-4})
	base := analysis.Descent{LearningRate: 0.1, Batch: 4, Examples: 4, Outputs: 2}
	with := func(rate float64) analysis.Descent { d := base; d.LearningRate = rate; return d }
	for _, test := range []struct {
		name   string
		x      linalg.Matrix[float32]
		d      analysis.Descent
		epochs float64
		kind   analysis.Kind
		remedy analysis.Remedy
	}{
		{"learnable", cross, base, 100, analysis.Learnable, analysis.None},
		{"largest stable rate", cross, with(2), 100, analysis.RateTooHigh, analysis.HalveRate}, // n/λ = 2
		{"just below", cross, with(1.9), 1000, analysis.Learnable, analysis.None},
		{"slow", cross, with(1e-4), 100, analysis.RateTooLow, analysis.RaiseRate},
		{"stretched, but what is small does not matter", stretched, base, 100, analysis.Learnable, analysis.None},
		{"constant", linalg.MatrixOf(2, 2, []float32{3, 3, 3, 3}), base, 100, analysis.NoVariance, analysis.None},
		{"one direction", x, base, 100, analysis.Learnable, analysis.None},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := test.d
			d.Biases = true
			f := condition(t, test.x, d).Verdict(test.epochs, nil)
			if f.Kind != test.kind || f.Remedy != test.remedy {
				t.Errorf("Verdict() = %v, %v (%s), want %v, %v", f.Kind, f.Remedy, f.Sentence, test.kind, test.remedy)
			}
		})
	}
	c := condition(t, cross, base)
	near(t, "largest rate", c.LargestRate(), 2, 1e-12)
	near(t, "epochs", c.Epochs(), 10, 1e-12) // 1/(1·0.1·(2/2)·1)
	near(t, "explained at EpochsTo", c.Explained(c.EpochsTo(0.75)), 0.75, 1e-9)
	if e := condition(t, cross, with(3)).EpochsTo(0.5); !math.IsInf(e, 1) {
		t.Errorf("EpochsTo() of a rate that diverges = %v", e)
	}
}

func TestDescentValidate(t *testing.T) {
	good := analysis.Descent{LearningRate: 0.1, Batch: 1, Examples: 1, Outputs: 2}
	if err := good.Validate(2); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*analysis.Descent){
		"rate":     func(d *analysis.Descent) { d.LearningRate = math.NaN() },
		"batch":    func(d *analysis.Descent) { d.Batch = 0 },
		"examples": func(d *analysis.Descent) { d.Examples = -1 },
		"outputs":  func(d *analysis.Descent) { d.Outputs = 3 },
		"variance": func(d *analysis.Descent) { d.InitialVariance = -1 },
	} {
		bad := good
		change(&bad)
		if bad.Validate(2) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleCondition() {
	x := linalg.MatrixOf(4, 2, []float64{-1, -1, 1, -1, -1, 1, 1, 1})
	m, err := analysis.MomentsOf(x)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := analysis.Condition(m, analysis.Descent{LearningRate: 0.1, Batch: 4, Examples: 4, Outputs: 2, Biases: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("stable below %.0f, a factor of e in %.0f epochs, loss after 20: %.4f\n", c.LargestRate(), c.Epochs(), c.Loss(20))
	fmt.Println(c.Verdict(100, nil).Sentence)
	// Output:
	// stable below 2, a factor of e in 10 epochs, loss after 20: 0.0148
	// The identity is learned in 22 epochs: then 99 % of the variance is explained.
}
