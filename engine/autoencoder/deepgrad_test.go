package autoencoder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// deepCheck compares the gradient of m over x with central differences.
func deepCheck(t *testing.T, m Model, x, y linalg.Matrix[float64]) {
	t.Helper()
	if err := m.Validate(); err != nil {
		t.Fatal(err)
	}
	theta := m.Init(rand.New(rand.NewPCG(4, 2)))
	rng := rand.New(rand.NewPCG(5, 3))
	for i := range theta {
		theta[i] += 0.2 * rng.NormFloat64()
	}
	cfg := nn.CheckConfig{Epsilon: 3e-6, MaxPerTensor: 24, Seed: 1}
	if testing.Short() {
		cfg.MaxPerTensor = 6
	}
	for _, c := range GradCheckModel(m, theta, x, y, cfg) {
		if !(c.RelError < 1e-7) && !(c.MaxDiff < 1e-10) {
			t.Errorf("%v", c)
		}
	}
	if m.plan().sparsity == KLSparsity && x.Rows > 100 {
		return
	}
	n := NewNetwork[float64](m)
	n.SetStep(3)
	full, batch := make([]float64, len(theta)), make([]float64, len(theta))
	a := n.Evaluate(theta, x, y, full).Total()
	b := n.Batch(theta, x, y, batch).Total()
	n.SetRunningActivity(nil)
	if rel := fixture.Off(batch, full); rel > 1e-11 || math.Abs(a-b) > 1e-12*math.Abs(a) {
		t.Errorf("minibatch: objective %v, full batch %v; gradient differs by %g", b, a, rel)
	}
	if c := n.Batch(theta, x, y, nil).Total(); c != b {
		t.Errorf("minibatch without gradient: objective %v, with it %v", c, b)
	}
}

// TestDeepGradient checks every pair of hidden and output activation with every
// loss that goes with it, tied and free.
func TestDeepGradient(t *testing.T) {
	x := randomExamples(13, 7)
	for _, hidden := range nn.Activations() {
		for _, output := range nn.Activations() {
			for _, loss := range nn.Losses() {
				for _, tied := range []bool{false, true} {
					d := DefaultDeep(7, 6, 4)
					d.Activation, d.Output, d.Loss, d.Tied, d.HuberDelta = hidden, output, loss, tied, 0.3
					d.Lambda, d.Initialiser = 1e-2, nn.Glorot
					if d.Validate() != nil { // a pair that does not go together
						continue
					}
					t.Run(fmt.Sprintf("%v/%v/%v/tied %v", hidden, output, loss, tied), func(t *testing.T) { deepCheck(t, d, x, x) })
				}
			}
		}
	}
}

// TestDeepTermsGradient checks every regulariser, corruption and scaling with
// every hidden activation they go with.
func TestDeepTermsGradient(t *testing.T) {
	x := randomExamples(40, 9)
	tests := []struct {
		name string
		set  func(d *Deep)
	}{
		{"l2", func(d *Deep) { d.Lambda = 0.3 }},
		{"l1", func(d *Deep) { d.L1 = 0.1 }},
		{"l1 sparsity", func(d *Deep) { d.Sparsity, d.Beta = L1Sparsity, 0.4 }},
		{"l1 sparsity of all layers", func(d *Deep) { d.Sparsity, d.Beta, d.SparseAll = L1Sparsity, 0.4, true }},
		{"kl sparsity", func(d *Deep) { d.Sparsity, d.Beta, d.Rho = KLSparsity, 3, 0.1 }},
		{"kl sparsity of all layers, mean", func(d *Deep) { d.Sparsity, d.Beta, d.Rho, d.SparseAll, d.Scaling = KLSparsity, 3, 0.1, true, nn.Mean }},
		{"masking", func(d *Deep) { d.Corruption, d.Level = Masking, 0.3 }},
		{"gaussian", func(d *Deep) { d.Corruption, d.Level = GaussianNoise, 0.3 }},
		{"salt and pepper", func(d *Deep) { d.Corruption, d.Level = SaltAndPepper, 0.3 }},
		{"dropout", func(d *Deep) { d.Dropout = []float64{0.2, 0.3, 0}; d.L1 = 0.01 }},
		{"dropout and sparsity", func(d *Deep) {
			d.Dropout, d.Sparsity, d.Beta, d.SparseAll, d.Scaling = []float64{0.2, 0, 0.1}, L1Sparsity, 0.2, true, nn.Mean
		}},
		{"dropout and kl", func(d *Deep) {
			d.Dropout, d.Sparsity, d.Beta, d.SparseAll = []float64{0.2, 0.3, 0.1}, KLSparsity, 2, true
		}},
		{"sum", func(d *Deep) { d.Scaling = nn.Sum }},
		{"mean", func(d *Deep) { d.Scaling = nn.Mean }},
	}
	for _, tt := range tests {
		for _, f := range nn.Activations() {
			for _, tied := range []bool{false, true} {
				d := DefaultDeep(9, 7, 3)
				d.Activation, d.Tied = f, tied
				if tt.set(&d); d.Validate() != nil {
					continue
				}
				t.Run(fmt.Sprintf("%s/%v/tied %v", tt.name, f, tied), func(t *testing.T) { deepCheck(t, d, x, x) })
			}
		}
	}
}

// TestDeepShapesGradient checks shapes around the sizes of blocks, parts and tiles.
func TestDeepShapesGradient(t *testing.T) {
	tests := []struct {
		visible, rows int
		hidden        []int
	}{
		{1, 1, []int{1}}, {3, 2, []int{5, 1, 2}}, {33, 20, []int{70, 31, 2, 40}}, {20, 600, []int{9}}, {5, 1100, []int{6, 3, 6}}, {40, 130, []int{29, 65}},
	}
	for _, tt := range tests {
		x := randomExamples(tt.rows, tt.visible)
		for _, f := range []nn.Activation{nn.Sigmoid, nn.Maxout} {
			t.Run(fmt.Sprintf("%d, %d of %d, %v", tt.visible, tt.hidden, tt.rows, f), func(t *testing.T) {
				d := DefaultH2O(tt.visible, tt.hidden...)
				d.Activation, d.Lambda = f, 1e-3
				if d.Corruption, d.Level = Masking, 0.2; f == nn.Sigmoid {
					d.Sparsity, d.Beta, d.Rho, d.SparseAll = KLSparsity, 0.3, 0.2, true
				}
				deepCheck(t, d, x, x)
			})
		}
	}
}

func TestClassifierGradient(t *testing.T) {
	x := randomExamples(50, 8)
	labels := make([]int, 50)
	for i := range labels {
		labels[i] = i * i % 5
	}
	y, err := OneHot[float64](labels, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range [][]int{nil, {6}, {40, 7}} {
		for _, all := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d, decay all %v", hidden, all), func(t *testing.T) {
				c := DefaultClassifier(8, 5, hidden...)
				c.Lambda, c.DecayAll = 0.1, all
				deepCheck(t, c, x, y)
			})
		}
	}
}

// TestDeepSameBits checks that neither GOMAXPROCS nor the number of workers
// changes a bit of the result.
func TestDeepSameBits(t *testing.T) {
	t.Run("float32", deepSameBits[float32])
	t.Run("float64", deepSameBits[float64])
}

func deepSameBits[T linalg.Float](t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer linalg.SetWorkers(0)
	d := DefaultDeep(70, 83, 20)
	d.Activation, d.Tied, d.Lambda, d.L1 = nn.Sigmoid, true, 1e-3, 1e-4
	d.Sparsity, d.Beta, d.SparseAll = KLSparsity, 1, true
	d.Corruption, d.Level, d.Dropout = GaussianNoise, 0.2, []float64{0.1, 0.2, 0}
	state := d.Init(rand.New(rand.NewPCG(1, 9)))
	theta := linalg.Converted[T](state)
	wide := randomExamples(1500, 70)
	x := linalg.MatrixOf(wide.Rows, wide.Cols, linalg.Converted[T](wide.Data))
	evaluate := func(procs, workers int) (full []float64, batch, out []T, total float64) {
		runtime.GOMAXPROCS(procs)
		linalg.SetWorkers(workers)
		n := NewNetwork[T](d)
		n.SetStep(7)
		full, batch, out = make([]float64, len(state)), make([]T, len(state)), make([]T, len(x.Data))
		total = n.Evaluate(state, x, x, full).Total()
		total += n.Batch(theta, x.Slice(0, 300), x.Slice(0, 300), batch).Total()
		total += n.Test(state, x, x).Total()
		n.Reconstruct(theta, x, linalg.MatrixOf(x.Rows, x.Cols, out))
		return full, batch, out, total
	}
	full, batch, out, total := evaluate(1, 1)
	for _, p := range [][2]int{{2, 2}, {1, 3}, {2, 5}} {
		f, b, o, sum := evaluate(p[0], p[1])
		if !slices.Equal(f, full) || !slices.Equal(b, batch) || !slices.Equal(o, out) || sum != total {
			t.Errorf("GOMAXPROCS %d with %d workers changed the result", p[0], p[1])
		}
	}
}

func TestDeepNoAllocation(t *testing.T) {
	defer linalg.SetWorkers(0)
	x := randomExamples(500, 60)
	sigmoid := DefaultDeep(60, 40, 10)
	sigmoid.Activation, sigmoid.Output, sigmoid.Loss, sigmoid.Tied = nn.Sigmoid, nn.Sigmoid, nn.CrossEntropy, true
	sigmoid.Sparsity, sigmoid.Beta, sigmoid.Corruption, sigmoid.Level = KLSparsity, 1, Masking, 0.3
	maxout := DefaultDeep(60, 40, 10)
	maxout.Activation, maxout.Output, maxout.Loss, maxout.Dropout, maxout.L1 = nn.Maxout, nn.ELU, nn.Huber, []float64{0.1, 0.1, 0.1}, 1e-3
	maxout.Sparsity, maxout.Beta, maxout.MaxW2 = L1Sparsity, 0.1, 1
	for _, d := range []Deep{sigmoid, maxout} {
		theta := d.Init(rand.New(rand.NewPCG(1, 9)))
		grad := make([]float64, len(theta))
		for _, workers := range []int{1, 2} {
			linalg.SetWorkers(workers)
			n := NewNetwork[float64](d)
			batch := x.Slice(0, 128)
			out := linalg.NewMatrix[float64](x.Rows, x.Cols)
			calls := []struct {
				name string
				f    func()
			}{
				{"Batch", func() { n.Batch(theta, batch, batch, grad) }},
				{"Evaluate", func() { n.Evaluate(theta, x, x, grad) }},
				{"Constrain", func() { n.Constrain(theta) }},
				{"Reconstruct", func() { n.Reconstruct(theta, x, out) }},
			}
			for range 30 { // until the job queue of linalg has been full once
				calls[0].f()
			}
			for _, c := range calls {
				testing.AllocsPerRun(4, c.f)
				if allocations := testing.AllocsPerRun(10, c.f); allocations != 0 {
					t.Errorf("%v, %s with %d workers: %v allocations", d.Activation, c.name, workers, allocations)
				}
			}
		}
	}
}

// TestDeepFloat32 compares training's precision with that of the checks.
func TestDeepFloat32(t *testing.T) {
	wide := randomExamples(300, 50)
	x := linalg.MatrixOf(300, 50, linalg.Converted[float32](wide.Data))
	linalg.Convert(wide, x)
	for _, f := range nn.Activations() {
		for _, loss := range nn.Losses() {
			d := DefaultDeep(50, 40, 10)
			d.Activation, d.Loss, d.Lambda, d.Corruption, d.Level = f, loss, 1e-3, SaltAndPepper, 0.2
			if d.Output = nn.Linear; loss == nn.CrossEntropy {
				d.Output = nn.Sigmoid
			}
			theta := d.Init(rand.New(rand.NewPCG(2, 2)))
			single := linalg.Converted[float32](theta)
			for i, v := range single {
				theta[i] = float64(v)
			}
			want, got, batch := make([]float64, len(theta)), make([]float64, len(theta)), make([]float32, len(theta))
			a := NewNetwork[float64](d).Evaluate(theta, wide, wide, want).Total()
			n := NewNetwork[float32](d)
			b := n.Evaluate(theta, x, x, got).Total()
			c := n.Batch(single, x, x, batch).Total()
			if math.Abs(a-b) > 3e-6*a || math.Abs(a-c) > 3e-6*a {
				t.Errorf("%v, %v: objective %v in float32, %v of a minibatch, %v in float64", f, loss, b, c, a)
			}
			if full, mini := fixture.Off(got, want), fixture.Off(batch, want); loss != nn.Absolute && (full > 3e-5 || mini > 3e-5) {
				t.Errorf("%v, %v: gradients in float32 differ by %g, and %g of a minibatch", f, loss, full, mini)
			}
		}
	}
}
