package autoencoder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/internal/fixture"
)

// problem returns a model at random weights and examples in [0, 1].
func problem(visible, hidden, rows int, decoder nn.Activation) (Sparse, []float64, linalg.Matrix[float64]) {
	s := DefaultSparse(visible, hidden)
	s.Decoder, s.Rho, s.Lambda = decoder, 0.1, 3e-3
	rng := rand.New(rand.NewPCG(uint64(visible), uint64(rows)))
	theta := s.Init(rng)
	for i := range theta {
		theta[i] += 0.1 * rng.NormFloat64()
	}
	x := linalg.NewMatrix[float64](rows, visible)
	for i := range x.Data {
		x.Data[i] = rng.Float64()
	}
	return s, theta, x
}

func TestGradCheck(t *testing.T) {
	tests := []struct{ visible, hidden, rows int }{
		{1, 1, 1}, {8, 5, 10}, {5, 8, 3}, {17, 9, 150}, {33, 31, 70}, {64, 25, 40},
	}
	for _, tt := range tests {
		for _, decoder := range []nn.Activation{nn.Sigmoid, nn.Linear} {
			t.Run(fmt.Sprintf("%d-%d of %d, %v", tt.visible, tt.hidden, tt.rows, decoder), func(t *testing.T) {
				s, theta, x := problem(tt.visible, tt.hidden, tt.rows, decoder)
				cfg := nn.DefaultCheck()
				cfg.MaxPerTensor = 100
				for _, c := range GradCheck(s, theta, x, cfg) {
					if !(c.RelError < 1e-7) {
						t.Errorf("%v", c)
					}
				}
			})
		}
	}
}

func TestFloat32FollowsFloat64(t *testing.T) {
	s, theta, x := problem(100, 37, 1000, nn.Sigmoid)
	x32 := linalg.MatrixOf(x.Rows, x.Cols, linalg.Converted[float32](x.Data))
	g, g32 := make([]float64, len(theta)), make([]float64, len(theta))
	want := NewObjective[float64](s).Evaluate(theta, x, g).Total()
	got := NewObjective[float32](s).Evaluate(theta, x32, g32).Total()
	if math.Abs(got-want)/want > 1e-6 {
		t.Errorf("objective in float32 = %v, in float64 %v", got, want)
	}
	if rel := fixture.Off(g32, g); rel > 1e-5 {
		t.Errorf("gradient in float32 differs by %g", rel)
	}
}

// sprinkled returns a problem most of whose values are 0, in patches as in
// images of digits.
func sprinkled(visible, hidden, rows int) (Sparse, []float64, linalg.Matrix[float64]) {
	s, theta, x := problem(visible, hidden, rows, nn.Sigmoid)
	for i := range x.Rows {
		for j := range x.Row(i) {
			if (i*31+j)/8%5 != 0 {
				x.Set(i, j, 0)
			}
		}
	}
	return s, theta, x
}

// TestHold compares evaluations that skip zeros with those that do not, for
// sizes around those of blocks, runs, groups and vectors.
func TestHold(t *testing.T) {
	tests := []struct{ visible, hidden, rows int }{
		{16, 1, 1}, {40, 5, 2}, {41, 16, 63}, {70, 43, 64}, {33, 17, 127}, {50, 20, 1000}, {20, 3, 11_500},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d-%d of %d", tt.visible, tt.hidden, tt.rows), func(t *testing.T) {
			s, theta, x := sprinkled(tt.visible, tt.hidden, tt.rows)
			o := NewObjective[float64](s)
			want, got := make([]float64, len(theta)), make([]float64, len(theta))
			total := o.Evaluate(theta, x, want).Total()
			o.Hold(x)
			sum := o.Evaluate(theta, x, got).Total()
			if !o.skipping {
				t.Error("zeros are not skipped")
			}
			if math.Abs(sum-total)/total > 1e-13 {
				t.Errorf("objective %v with Hold, %v without", sum, total)
			}
			if rel := fixture.Off(got, want); rel > 1e-12 {
				t.Errorf("gradient differs by %g", rel)
			}
			if again := o.Evaluate(theta, x.Clone(), got).Total(); again != total || !slices.Equal(got, want) {
				t.Error("other examples than those held are not evaluated as before")
			}
			o.Hold(linalg.Matrix[float64]{})
			if o.Evaluate(theta, x, nil); o.skipping {
				t.Error("zeros are skipped after release")
			}
		})
	}
	s, theta, x := problem(20, 5, 100, nn.Sigmoid)
	o := NewObjective[float64](s)
	o.Hold(x)
	if o.Evaluate(theta, x, nil); o.skipping {
		t.Error("zeros are skipped where there are none")
	}
}

// TestSameBits checks that neither GOMAXPROCS nor the number of workers
// changes a bit of the result.
func TestSameBits(t *testing.T) {
	for _, held := range []bool{false, true} {
		t.Run(fmt.Sprintf("float32, held %v", held), func(t *testing.T) { sameBits[float32](t, held) })
		t.Run(fmt.Sprintf("float64, held %v", held), func(t *testing.T) { sameBits[float64](t, held) })
	}
}

func sameBits[T linalg.Float](t *testing.T, held bool) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer linalg.SetWorkers(0)
	s, theta, x := sprinkled(70, 43, 4100)
	xT := linalg.NewMatrix[T](x.Rows, x.Cols)
	linalg.Convert(xT, x)
	params := make([]T, len(theta))
	for i, v := range theta {
		params[i] = T(v)
	}
	evaluate := func(procs, workers int) (full []float64, batch []T, total float64) {
		runtime.GOMAXPROCS(procs)
		linalg.SetWorkers(workers)
		o := NewObjective[T](s)
		full, batch = make([]float64, len(theta)), make([]T, len(theta))
		if held {
			o.Hold(xT)
		}
		total = o.Evaluate(theta, xT, full).Total()
		total += o.Batch(params, xT.Slice(0, 200), batch).Total()
		return full, batch, total
	}
	full, batch, total := evaluate(1, 1)
	for _, n := range [][2]int{{2, 2}, {2, 0}, {1, 3}, {2, 5}} {
		f, b, sum := evaluate(n[0], n[1])
		if !slices.Equal(f, full) || !slices.Equal(b, batch) || sum != total {
			t.Errorf("GOMAXPROCS %d with %d workers changed the result", n[0], n[1])
		}
	}
}

// steady returns the number of allocations a call of f once the job queue of
// linalg has been full: AllocsPerRun leaves one processor, on which its helpers
// come late, and until then every call may make a job.
func steady(f func()) float64 {
	testing.AllocsPerRun(100, f)
	return testing.AllocsPerRun(20, f)
}

func TestNoAllocation(t *testing.T) {
	defer linalg.SetWorkers(0)
	s, theta, x := sprinkled(60, 20, 400)
	o := NewObjective[float64](s)
	held := NewObjective[float64](s)
	held.Hold(x)
	held.Evaluate(theta, x, nil)
	grad := make([]float64, len(theta))
	for _, workers := range []int{1, 2} {
		linalg.SetWorkers(workers)
		for range 100 { // until the job queue of linalg has been full once
			o.Batch(theta, x, grad)
		}
		if n := steady(func() { o.Evaluate(theta, x, grad) }); n != 0 {
			t.Errorf("Evaluate with %d workers: %v allocations", workers, n)
		}
		for range 20 {
			held.Evaluate(theta, x, grad)
		}
		if n := steady(func() { held.Evaluate(theta, x, grad) }); n != 0 {
			t.Errorf("Evaluate after Hold with %d workers: %v allocations", workers, n)
		}
		if n := steady(func() { o.Batch(theta, x, grad) }); n != 0 {
			t.Errorf("Batch with %d workers: %v allocations", workers, n)
		}
	}
}

func TestRunningRho(t *testing.T) {
	s, theta, x := problem(12, 4, 90, nn.Sigmoid)
	o := NewObjective[float64](s)
	mean := func(x linalg.Matrix[float64]) []float64 {
		codes := linalg.NewMatrix[float64](x.Rows, s.Hidden)
		Encode(s, theta, x, codes)
		m := make([]float64, s.Hidden)
		for i := range codes.Rows {
			for j, v := range codes.Row(i) {
				m[j] += v / float64(x.Rows)
			}
		}
		return m
	}
	a, b := x.Slice(0, 40), x.Slice(40, 90)
	o.Batch(theta, a, nil)
	saved := o.RunningRho()
	if rel := fixture.Off(saved, mean(a)); rel > 1e-14 {
		t.Errorf("first minibatch sets ρ̂ wrong by %g", rel)
	}
	o.Batch(theta, b, nil)
	want := mean(a)
	for j, v := range mean(b) {
		want[j] = (rhoMemory*want[j] + 50*v) / (rhoMemory + 50)
	}
	if rel := fixture.Off(o.RhoHat(nil), want); rel > 1e-14 {
		t.Errorf("second minibatch moves ρ̂ wrong by %g", rel)
	}
	resumed := NewObjective[float64](s)
	resumed.SetRunningRho(saved)
	resumed.Batch(theta, b, nil)
	if !slices.Equal(resumed.RunningRho(), o.RunningRho()) {
		t.Error("a restored running mean goes another way")
	}
}

// TestExtremeUnits drives units to exactly 0 and 1.
func TestExtremeUnits(t *testing.T) {
	s, theta, x := problem(6, 3, 20, nn.Sigmoid)
	layout := s.Layout()
	bias, _ := layout.Find("encoder.0.bias")
	theta[bias.Offset], theta[bias.Offset+1] = -2000, 2000
	grad := make([]float64, len(theta))
	for _, total := range []float64{
		NewObjective[float64](s).Evaluate(theta, x, grad).Total(),
		NewObjective[float32](s).Evaluate(theta, linalg.MatrixOf(x.Rows, x.Cols, linalg.Converted[float32](x.Data)), nil).Total(),
	} {
		if math.IsNaN(total) || math.IsInf(total, 0) {
			t.Errorf("objective = %v with units at 0 and 1", total)
		}
	}
	for i, g := range grad {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			t.Fatalf("gradient[%d] = %v with units at 0 and 1", i, g)
		}
	}
}

func TestSetHyper(t *testing.T) {
	s, theta, x := problem(9, 4, 30, nn.Sigmoid)
	o := NewObjective[float64](s)
	o.Evaluate(theta, x, nil)
	o.SetHyper(0.5, 7, 0.2)
	s.Lambda, s.Beta, s.Rho = 0.5, 7, 0.2
	if got, want := o.Evaluate(theta, x, nil).Total(), NewObjective[float64](s).Evaluate(theta, x, nil).Total(); got != want {
		t.Errorf("after SetHyper = %v, want %v", got, want)
	}
}

func TestValidate(t *testing.T) {
	if err := DefaultSparse(64, 25).Validate(); err != nil {
		t.Errorf("DefaultSparse: %v", err)
	}
	s := Sparse{Visible: 0, Hidden: -1, Decoder: nn.ReLU, Lambda: -1, Beta: math.NaN(), Rho: 1.2}
	err := s.Validate()
	if err == nil {
		t.Fatal("Validate accepted nonsense")
	}
	for _, want := range []string{
		"sparse: Visible = 0: want at least 1",
		"sparse: Hidden = -1: want at least 1",
		"sparse: Decoder = relu: want sigmoid or linear",
		"sparse: Lambda = -1: want Lambda ≥ 0",
		"sparse: Beta = NaN: want Beta ≥ 0",
		"sparse: Rho = 1.2: want 0 < Rho < 1",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Validate() = %q, want it to say %q", err, want)
		}
	}
}
