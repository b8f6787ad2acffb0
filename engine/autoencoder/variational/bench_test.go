package variational

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/optim"
)

// ink returns rows of which four fifths are 0, as in MNIST.
func ink(rows, cols int) linalg.Matrix[float32] {
	rng := rand.New(rand.NewPCG(2, 1))
	x := linalg.NewMatrix[float32](rows, cols)
	for i := range x.Data {
		if v := rng.Float32(); v > 0.8 {
			x.Data[i] = 5*v - 4
		}
	}
	return x
}

// trainer runs epochs of Adam on shuffled minibatches.
type trainer struct {
	o           *Objective[float32]
	step        optim.Stepper[float32]
	theta, grad []float32
	x, batch    linalg.Matrix[float32]
	rng         *rand.Rand
	order       []int
	noise       Noise
}

func newTrainer(s Spec, x linalg.Matrix[float32], batch int) *trainer {
	theta := linalg.Converted[float32](s.Init(rand.New(rand.NewPCG(1, 1)), nn.Glorot, 0))
	return &trainer{
		o: NewObjective[float32](s), step: optim.NewAdam[float32](len(theta)), theta: theta, grad: make([]float32, len(theta)),
		x: x, batch: linalg.NewMatrix[float32](batch, x.Cols), rng: rand.New(rand.NewPCG(3, 1)), order: make([]int, x.Rows), noise: Noise{Seed: 1},
	}
}

// epoch returns the mean objective of an epoch's minibatches.
func (t *trainer) epoch() float64 {
	for i := range t.order {
		t.order[i] = i
	}
	t.rng.Shuffle(len(t.order), func(i, j int) { t.order[i], t.order[j] = t.order[j], t.order[i] })
	total := 0.0
	for rest := t.order; len(rest) > 0; {
		n := min(len(rest), t.batch.Rows)
		for i, from := range rest[:n] {
			copy(t.batch.Row(i), t.x.Row(from))
		}
		rest = rest[n:]
		total += float64(n) * t.o.Batch(t.theta, t.batch.Slice(0, n), t.noise, t.grad).Total()
		t.noise.Step++
		t.step.Step(t.theta, t.grad, 1e-3)
	}
	return total / float64(len(t.order))
}

// BenchmarkBatch times one minibatch gradient of 784-400-20 and batch 128.
func BenchmarkBatch(b *testing.B) {
	for _, kind := range []Kind{Bernoulli, Gaussian} {
		b.Run(kind.String(), func(b *testing.B) {
			s := DefaultSpec(784, 20)
			s.Outputs[0] = NewDistribution(kind, 784)
			t := newTrainer(s, ink(128, 784), 128)
			b.ReportAllocs()
			for b.Loop() {
				t.o.Batch(t.theta, t.x, t.noise, t.grad)
			}
		})
	}
}

// BenchmarkTorch takes turns with bench/peers/torch_vae.py, epoch by epoch of 30 minibatches
// of 128, 784-400-20, and reports the median of the ratio ours / PyTorch. It
// wants the interpreter in FILTERSCOPE_PYTHON.
func BenchmarkTorch(b *testing.B) {
	python := os.Getenv("FILTERSCOPE_PYTHON")
	if python == "" {
		b.Skip("FILTERSCOPE_PYTHON does not name a Python with PyTorch")
	}
	const rows, rounds = 30 * 128, 5
	x := ink(rows, 784)
	path := filepath.Join(b.TempDir(), "examples")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := binary.Write(file, binary.LittleEndian, x.Data); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	peer := exec.Command(python, "../../../bench/peers/torch_vae.py", "--data", path, "--examples", fmt.Sprint(rows), "--threads", fmt.Sprint(linalg.Workers()))
	peer.Stderr = os.Stderr
	in, err := peer.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := peer.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := peer.Start(); err != nil {
		b.Fatal(err)
	}
	answers := bufio.NewScanner(out)
	t := newTrainer(DefaultSpec(784, 20), x, 128)
	for b.Loop() {
		var ours, theirs, ratios []float64
		for round := range rounds + 1 {
			var answer struct{ Seconds, Cost float64 }
			if _, err := io.WriteString(in, "\n"); err != nil || !answers.Scan() {
				b.Fatalf("the peer ended: %v", err)
			}
			if err := json.Unmarshal(answers.Bytes(), &answer); err != nil {
				b.Fatal(err)
			}
			begun := time.Now()
			cost := t.epoch()
			took := time.Since(begun).Seconds()
			b.Logf("epoch %d: %.3f s and %.2f nats, PyTorch %.3f s and %.2f nats", round, took, cost, answer.Seconds, answer.Cost)
			if round > 0 { // the first warms up
				ours, theirs, ratios = append(ours, took), append(theirs, answer.Seconds), append(ratios, took/answer.Seconds)
			}
		}
		b.ReportMetric(median(ours), "s/epoch")
		b.ReportMetric(median(theirs), "torch-s/epoch")
		b.ReportMetric(median(ratios), "ratio")
	}
	in.Close()
	if err := peer.Wait(); err != nil {
		b.Fatal(err)
	}
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
