package variational

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

// outputs are one model of each kind, and one of all of them side by side.
func outputs(features int, f nn.Activation) map[string][]Distribution {
	m := map[string][]Distribution{}
	var all []Distribution
	for i, d := range []Distribution{
		{Kind: Bernoulli, Activation: nn.Sigmoid},
		{Kind: Gaussian, Activation: f},
		{Kind: FixedGaussian, Activation: f, Variance: 0.7},
		{Kind: Exponential, Activation: f},
		{Kind: PlainLoss, Activation: f, Loss: nn.SquaredError},
		{Kind: PlainLoss, Activation: f, Loss: nn.Absolute},
		{Kind: PlainLoss, Activation: f, Loss: nn.Huber, Huber: 0.4},
	} {
		d.Features = features
		name := d.Kind.String()
		if d.Kind == PlainLoss {
			name = d.Loss.String()
		}
		m[name] = []Distribution{d}
		d.Features = 1 + i%3
		all = append(all, d)
	}
	m["composite"] = append(all, NewDistribution(Gaussian, 2))
	return m
}

// problem returns a spec, parameters somewhat away from 0 and examples in (0, 1).
func problem(outputs []Distribution, rows int) (Spec, []float64, linalg.Matrix[float64]) {
	s := Spec{Encoder: []int{5}, Latent: 3, Decoder: []int{4}, Hidden: nn.Tanh, LatentActivation: nn.Linear, Outputs: outputs, Samples: 1, KLWeight: 1}
	for _, d := range outputs {
		s.Visible += d.Features
	}
	rng := rand.New(rand.NewPCG(7, uint64(rows)))
	return s, perturbed(s, rng), uniform[float64](rng, rows, s.Visible)
}

func perturbed(s Spec, rng *rand.Rand) []float64 {
	theta := s.Init(rng, nn.Glorot, 0)
	for i := range theta {
		theta[i] += 0.1 * rng.NormFloat64()
	}
	return theta
}

func uniform[T linalg.Float](rng *rand.Rand, rows, cols int) linalg.Matrix[T] {
	x := linalg.NewMatrix[T](rows, cols)
	for i := range x.Data {
		x.Data[i] = T(0.05 + 0.9*rng.Float64())
	}
	return x
}

// TestGradient compares with central differences whatever the forms allow:
// every distribution, with each activation of its outputs, of the hidden layers
// and of the code, for one sample and for three.
func TestGradient(t *testing.T) {
	for _, f := range nn.Activations() {
		if f == nn.Maxout {
			continue
		}
		for name, out := range outputs(4, f) {
			for _, samples := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s/%v/%d", name, f, samples), func(t *testing.T) {
					s, theta, x := problem(out, 7)
					s.Hidden, s.LatentActivation, s.Samples = f, f, samples
					s.KLWeight, s.Lambda = 0.7, 0.01
					checkGradient(t, s, theta, x)
				})
			}
		}
	}
}

// TestGradientOfShapes does so for networks of other depths and sizes.
func TestGradientOfShapes(t *testing.T) {
	tests := []struct {
		encoder, decoder []int
		latent, rows     int
	}{
		{nil, nil, 1, 1},
		{nil, []int{6}, 2, 40},
		{[]int{6}, nil, 4, 33},
		{[]int{40, 33, 3}, []int{2, 35}, 34, 70},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			s, _, x := problem(outputs(0, nn.Linear)["composite"], tt.rows)
			s.Encoder, s.Decoder, s.Latent, s.Samples = tt.encoder, tt.decoder, tt.latent, 2
			checkGradient(t, s, perturbed(s, rand.New(rand.NewPCG(1, 9))), x)
		})
	}
}

func checkGradient(t *testing.T, s Spec, theta []float64, x linalg.Matrix[float64]) {
	t.Helper()
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	o := NewObjective[float64](s)
	for _, how := range []struct {
		name string
		f    func(theta, grad []float64) float64
	}{
		{"Batch", func(theta, grad []float64) float64 {
			return o.Batch(theta, x, Noise{Seed: 5, Step: 2}, grad).Total()
		}},
		{"Evaluate", func(theta, grad []float64) float64 {
			return o.Evaluate(theta, x, Noise{Seed: 5, Step: 2}, grad).Total()
		}},
	} {
		for _, c := range nn.CheckGradient(s.Layout(), theta, how.f, nn.CheckConfig{Epsilon: 1e-5, MaxPerTensor: 6, Seed: 1}) {
			if c.RelError > 1e-7 {
				t.Errorf("%s: %v", how.name, c)
			}
		}
	}
}

// TestBlocks compares Evaluate on more examples than a block holds with Batch,
// which takes them at once, with the same drawn noise.
func TestBlocks(t *testing.T) {
	s, theta, x := problem(outputs(0, nn.Linear)["composite"], 1100)
	s.Samples, s.Lambda = 2, 0.1
	o := NewObjective[float64](s)
	noise := Noise{Seed: 3, Step: 1}
	whole, blocks := make([]float64, len(theta)), make([]float64, len(theta))
	want := o.Batch(theta, x, noise, whole).Total()
	unit := o.UnitKL(nil)
	terms := o.Evaluate(theta, x, noise, blocks)
	if got := terms.Total(); math.Abs(got-want) > 1e-12*want {
		t.Errorf("Evaluate() = %.15g, Batch() = %.15g", got, want)
	}
	if d := fixture.Off(blocks, whole); d > 1e-12 {
		t.Errorf("gradients differ by %g", d)
	}
	if d := fixture.Off(o.UnitKL(nil), unit); d > 1e-12 {
		t.Errorf("unit KL differs by %g", d)
	}
	sum := 0.0
	for _, v := range o.UnitKL(nil) {
		sum += v
	}
	if math.Abs(sum-terms.Get(TermKL)) > 1e-12*sum {
		t.Errorf("unit KL adds up to %g, the term is %g", sum, terms.Get(TermKL))
	}
}

// TestKLMonteCarlo compares the KL divergence with the mean of ln q(z|x) - ln p(z).
func TestKLMonteCarlo(t *testing.T) {
	s, theta, x := problem([]Distribution{NewDistribution(Bernoulli, 4)}, 5)
	o := NewObjective[float64](s)
	want := o.Evaluate(theta, x, Noise{}, nil).Get(TermKL)
	mean, logVar := linalg.NewMatrix[float64](5, s.Latent), linalg.NewMatrix[float64](5, s.Latent)
	o.Encode(theta, x, mean, logVar)
	rng := rand.New(rand.NewPCG(1, 1))
	const draws = 20000
	sum, squares := 0.0, 0.0
	for range draws {
		one := 0.0
		for i, mu := range mean.Data {
			eps := rng.NormFloat64()
			z := mu + math.Exp(logVar.Data[i]/2)*eps
			one += 0.5 * (z*z - eps*eps - logVar.Data[i])
		}
		one /= 5
		sum += one
		squares += one * one
	}
	got := sum / draws
	deviation := math.Sqrt((squares/draws - got*got) / draws)
	if math.Abs(got-want) > 4*deviation {
		t.Errorf("KL = %g, Monte Carlo %g ± %g", want, got, deviation)
	}
}

func TestNoise(t *testing.T) {
	s, theta, x := problem([]Distribution{NewDistribution(Gaussian, 4)}, 100)
	s.Samples = 2
	o := NewObjective[float64](s)
	run := func(n Noise) []float64 {
		grad := make([]float64, len(theta))
		o.Batch(theta, x, n, grad)
		return grad
	}
	base := run(Noise{Seed: 1, Step: 4})
	again := run(Noise{Seed: 1, Step: 4})
	if !slices.Equal(base, again) {
		t.Error("the same seed and step gave another gradient")
	}
	if slices.Equal(base, run(Noise{Seed: 1, Step: 5})) || slices.Equal(base, run(Noise{Seed: 2, Step: 4})) {
		t.Error("another step or seed gave the same gradient")
	}
	o.noise.ready(64)
	eps := linalg.NewMatrix[float64](sampleRows, 50)
	var sum, squares, n float64
	for part := range 64 {
		fill(&o.noise, &draw{Noise: Noise{Seed: 9}}, part, 0, eps, part*sampleRows)
		for _, v := range eps.Data {
			sum += v
			squares += v * v
			n++
		}
	}
	if mean := sum / n; math.Abs(mean) > 4/math.Sqrt(n) {
		t.Errorf("mean of the noise = %g", mean)
	}
	if variance := squares / n; math.Abs(variance-1) > 4*math.Sqrt(2/n) {
		t.Errorf("variance of the noise = %g", variance)
	}
}

// TestWorkers wants the same bits from one goroutine and from four.
func TestWorkers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	s := DefaultSpec(100, 7)
	s.Encoder, s.Decoder, s.Lambda = []int{70}, []int{90}, 1e-3
	rng := rand.New(rand.NewPCG(1, 2))
	theta, x := linalg.Converted[float32](s.Init(rng, nn.Glorot, 0)), uniform[float32](rng, 130, 100)
	run := func(workers int) ([]float32, float64) {
		linalg.SetWorkers(workers)
		defer linalg.SetWorkers(0)
		grad := make([]float32, len(theta))
		total := NewObjective[float32](s).Batch(theta, x, Noise{Seed: 1}, grad).Total()
		return grad, total
	}
	one, total := run(1)
	four, total4 := run(4)
	if !slices.Equal(one, four) || total != total4 {
		t.Error("results depend on the number of workers")
	}
}

func TestBatchDoesNotAllocate(t *testing.T) {
	s, _, wide := problem(outputs(0, nn.Tanh)["composite"], 100)
	s.Encoder, s.Decoder, s.Samples, s.Lambda = []int{80}, []int{60}, 2, 1e-3
	start := s.Init(rand.New(rand.NewPCG(4, 1)), nn.Glorot, 0)
	theta, x := linalg.Converted[float32](start), matrix[float32](wide.Data, s.Visible)
	grad := make([]float32, len(theta))
	o := NewObjective[float32](s)
	noise := Noise{Seed: 1}
	if n := testing.AllocsPerRun(20, func() {
		noise.Step++
		o.Batch(theta, x, noise, grad)
	}); n != 0 {
		t.Errorf("Batch allocates %v times", n)
	}
	wideGrad := make([]float64, len(theta))
	if n := testing.AllocsPerRun(20, func() { o.Evaluate(start, x, noise, wideGrad) }); n != 0 {
		t.Errorf("Evaluate allocates %v times", n)
	}
}

// TestWarmUp follows the weight of the KL divergence.
func TestWarmUp(t *testing.T) {
	s, theta, x := problem([]Distribution{NewDistribution(Bernoulli, 4)}, 9)
	s.KLWeight, s.WarmUp = 4, 10
	for step, want := range map[uint64]float64{0: 0, 5: 2, 9: 3.6, 10: 4, 1 << 40: 4} {
		if got := s.WeightAt(step); math.Abs(got-want) > 1e-15 {
			t.Errorf("WeightAt(%d) = %g, want %g", step, got, want)
		}
	}
	o := NewObjective[float64](s)
	full := o.Evaluate(theta, x, Noise{Step: 5}, nil).Get(TermKL)
	half := o.Batch(theta, x, Noise{Step: 5}, nil).Get(TermKL)
	if math.Abs(half-full/2) > 1e-12*full {
		t.Errorf("KL term at half the warm-up = %g, want half of %g", half, full)
	}
	o.SetHyper(0, 0)
	if kl := o.Evaluate(theta, x, Noise{}, nil).Get(TermKL); kl != 0 {
		t.Errorf("KL term without weight = %g", kl)
	}
}

// TestPermutation wants the gradient of a minibatch whatever its order, each
// example keeping its noise.
func TestPermutation(t *testing.T) {
	s, theta, x := problem(outputs(0, nn.Linear)["composite"], 20)
	rng := rand.New(rand.NewPCG(2, 3))
	eps := make([]float64, 20*s.Latent)
	for i := range eps {
		eps[i] = rng.NormFloat64()
	}
	o := NewObjective[float64](s)
	want := make([]float64, len(theta))
	o.Batch(theta, x, Noise{Given: eps}, want)
	y, moved := linalg.NewMatrix[float64](20, s.Visible), make([]float64, len(eps))
	for to, from := range rng.Perm(20) {
		copy(y.Row(to), x.Row(from))
		copy(moved[to*s.Latent:], eps[from*s.Latent:(from+1)*s.Latent])
	}
	got := make([]float64, len(theta))
	o.Batch(theta, y, Noise{Given: moved}, got)
	if d := fixture.Off(got, want); d > 1e-13 {
		t.Errorf("gradients differ by %g", d)
	}
}
