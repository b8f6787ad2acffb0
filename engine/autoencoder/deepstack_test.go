package autoencoder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
)

// minimise runs L-BFGS on m over x and y and returns the parameters.
func minimise(m Model, theta []float64, x, y linalg.Matrix[float64], evaluations int) []float64 {
	n := NewNetwork[float64](m)
	l := optim.NewLBFGS(optim.DefaultLBFGS(), theta)
	grad := make([]float64, len(theta))
	for range evaluations {
		s := l.Tell(n.Evaluate(l.X(), x, y, grad).Total(), grad)
		if s == optim.Converged || s == optim.Failed {
			break
		}
	}
	best, _, _ := l.Iterate()
	return append([]float64(nil), best...)
}

// TestStacked pre-trains a stack layer by layer, reads classes out of its
// codes, and fine-tunes all of it: every step must help.
func TestStacked(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	x := linalg.NewMatrix[float64](300, 16)
	labels := make([]int, 300)
	for i := range labels { // a bar in one of four places, with noise: the sum tells nothing
		labels[i] = rng.IntN(4)
		for j := range x.Row(i) {
			v := 0.15 * rng.Float64()
			if j/4 == labels[i] || j%4 == rng.IntN(4) {
				v += 0.6
			}
			x.Set(i, j, v)
		}
	}
	d := DefaultDeep(16, 12, 8)
	d.Activation, d.Output, d.Lambda = nn.Sigmoid, nn.Sigmoid, 1e-4
	d.Sparsity, d.Beta, d.Rho = KLSparsity, 0.05, 0.2
	theta := d.Init(rng)
	n := NewNetwork[float64](d)
	start := n.Evaluate(theta, x, x, nil).Get(nn.TermReconstruction)

	var trained [][]float64
	input := x
	for k, step := range d.Pretraining() {
		if err := step.Validate(); err != nil {
			t.Fatal(err)
		}
		p := minimise(step, step.Init(rng), input, input, 80)
		trained = append(trained, p)
		codes := linalg.NewMatrix[float64](input.Rows, d.Hidden[k])
		NewNetwork[float64](step).Encode(p, 0, input, codes)
		input = codes
	}
	d.Stack(theta, trained)
	stacked := n.Evaluate(theta, x, x, nil).Get(nn.TermReconstruction)
	codes := linalg.NewMatrix[float64](300, 8)
	n.Encode(theta, n.Code(), x, codes)
	if diff := cmp.Diff(input.Data, codes.Data); diff != "" {
		t.Error("the codes of the stack are not those of the last step")
	}
	tuned := minimise(d, theta, x, x, 100)
	end := n.Evaluate(tuned, x, x, nil).Get(nn.TermReconstruction)
	if !(stacked < 0.8*start && end < 0.9*stacked) {
		t.Errorf("reconstruction %v at the start, %v stacked, %v fine-tuned", start, stacked, end)
	}

	y, err := OneHot[float64](labels, 4)
	if err != nil {
		t.Fatal(err)
	}
	classify := func(c Classifier, theta []float64, x linalg.Matrix[float64]) float64 {
		p := linalg.NewMatrix[float64](300, 4)
		NewNetwork[float64](c).Reconstruct(theta, x, p)
		for i := range p.Rows {
			sum := 0.0
			for _, v := range p.Row(i) {
				sum += v
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Fatalf("probabilities add up to %v", sum)
			}
		}
		return Accuracy(p, labels)
	}
	readOut := DefaultClassifier(8, 4)
	out := minimise(readOut, readOut.Init(rng), codes, y, 100)
	before := classify(readOut, out, codes)
	whole := DefaultClassifier(16, 4, 12, 8)
	all := whole.Init(rng)
	if diff := cmp.Diff([]string{"encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias"}, whole.Stack(all, d, theta)); diff != "" {
		t.Errorf("stacked tensors:\n%s", diff)
	}
	nn.CopyTensors(whole.Layout(), all, readOut.Layout(), out)
	if got := classify(whole, all, x); got != before {
		t.Errorf("accuracy of the whole %v, of the read-out on codes %v", got, before)
	}
	after := classify(whole, minimise(whole, all, x, y, 100), x)
	if !(before > 0.8 && after > 0.99 && after >= before) {
		t.Errorf("accuracy %v before and %v after fine-tuning", before, after)
	}
}

func TestPretraining(t *testing.T) {
	d := DefaultDeep(20, 12, 8, 3)
	d.Corruption, d.Level, d.Dropout, d.Loss, d.Output = Masking, 0.2, make([]float64, 5), nn.CrossEntropy, nn.Sigmoid
	var got []string
	for _, s := range d.Pretraining() {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
		got = append(got, fmt.Sprintln(s.Visible, s.Hidden, s.Code, s.Activation, s.Output, s.Loss, s.Level))
	}
	want := []string{"20 [12] 0 tanh sigmoid cross-entropy 0.2\n", "12 [8] 0 tanh tanh squared-error 0.2\n", "8 [3] 0 tanh tanh squared-error 0.2\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestStackPlaces marks every parameter of every step and looks where it goes.
func TestStackPlaces(t *testing.T) {
	for _, tied := range []bool{false, true} {
		d := DefaultDeep(6, 5, 4)
		d.Tied = tied
		theta := make([]float64, d.Layout().Size())
		var trained [][]float64
		for k, s := range d.Pretraining() {
			v := make([]float64, s.Layout().Size())
			for _, tensor := range s.Layout() {
				m := nn.View(v, tensor)
				for i := range m.Data {
					m.Data[i] = float64(10*k + map[byte]int{'e': 1, 'd': 2}[tensor.Name[0]])
				}
			}
			trained = append(trained, v)
		}
		d.Stack(theta, trained)
		for _, tensor := range d.Layout() {
			want := map[string]float64{"encoder.0": 1, "encoder.1": 11, "decoder.0": 12, "decoder.1": 2}[tensor.Name[:9]]
			for _, v := range nn.View(theta, tensor).Data {
				if v != want {
					t.Errorf("tied %v: %s holds %v, want %v", tied, tensor.Name, v, want)
					break
				}
			}
		}
	}
}

func TestThreshold(t *testing.T) {
	score := []float64{4, 1, 3, 2, 5}
	for _, tt := range []struct{ q, times, want float64 }{{0, 1, 1}, {1, 2, 10}, {0.5, 1, 3}, {0.95, 10, 48}} {
		if got := Threshold(score, tt.q, tt.times); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("Threshold(%v, %v) = %v, want %v", tt.q, tt.times, got, tt.want)
		}
	}
	if !math.IsNaN(Threshold(nil, 0.5, 1)) {
		t.Error("a threshold from no scores")
	}
}

func TestOneHot(t *testing.T) {
	y, err := OneHot[float32]([]int{2, 0}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{0, 0, 1, 1, 0, 0}, y.Data); diff != "" {
		t.Error(diff)
	}
	if _, err := OneHot[float32]([]int{1, 3}, 3); err == nil || err.Error() != "label 3 of example 1: want 0 to 2" {
		t.Errorf("error %v", err)
	}
}
