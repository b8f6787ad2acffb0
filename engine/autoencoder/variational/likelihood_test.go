package variational

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// linearGaussian returns a model of 3 features x = wz + b + noise of variance v
// with a code of one unit, whose encoder is the exact posterior, and the exact
// ln p(x): x ~ N(b, wwᵀ + vI), by the Sherman-Morrison formula.
func linearGaussian() (Spec, []float64, func(x []float64) float64) {
	d := NewDistribution(FixedGaussian, 3)
	d.Variance = 0.3
	s := Spec{Visible: 3, Latent: 1, Outputs: []Distribution{d}, LatentActivation: nn.Linear, Samples: 1, KLWeight: 1}
	w, b := []float64{0.8, -1.1, 0.4}, []float64{0.2, 0.5, -0.3}
	ww := 0.0
	for _, v := range w {
		ww += v * v
	}
	spread := d.Variance / (d.Variance + ww) // variance of the posterior
	theta := make([]float64, s.Layout().Size())
	set := func(name string, values ...float64) {
		t, ok := s.Layout().Find(name)
		if !ok || t.Len() != len(values) {
			panic(name)
		}
		copy(theta[t.Offset:], values)
	}
	var gain []float64
	shift := 0.0
	for j, v := range w {
		gain = append(gain, spread/d.Variance*v)
		shift -= gain[j] * b[j]
	}
	set("encoder.mean.weight", gain...)
	set("encoder.mean.bias", shift)
	set("encoder.logvar.bias", math.Log(spread))
	set("decoder.mean.weight", w...)
	set("decoder.mean.bias", b...)
	exact := func(x []float64) float64 {
		square, along := 0.0, 0.0
		for j, v := range x {
			square += (v - b[j]) * (v - b[j])
			along += (v - b[j]) * w[j]
		}
		return -0.5 * (3*(log2Pi+math.Log(d.Variance)) - math.Log(spread) + square/d.Variance - spread*along*along/(d.Variance*d.Variance))
	}
	return s, theta, exact
}

func TestLogProbabilityLinearGaussian(t *testing.T) {
	s, theta, exact := linearGaussian()
	x := uniform[float64](rand.New(rand.NewPCG(3, 3)), 40, 3)
	o := NewObjective[float64](s)
	// With the exact posterior every sample has the weight p(x).
	got, err := o.LogProbability(theta, x, 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if want := exact(x.Row(i)); math.Abs(v-want) > 1e-12*math.Abs(want)+1e-13 {
			t.Errorf("ln p(x%d) = %.15g, want %.15g", i, v, want)
		}
	}
	// A posterior that is off needs samples; the bound stays below.
	at, _ := s.Layout().Find("encoder.logvar.bias")
	theta[at.Offset] += 0.7
	at, _ = s.Layout().Find("encoder.mean.bias")
	theta[at.Offset] += 0.3
	got, err = o.LogProbability(theta, x, 1, 5000)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, v := range got {
		want := exact(x.Row(i))
		sum += want / 40
		if math.Abs(v-want) > 0.03 {
			t.Errorf("ln p(x%d) = %.6g from 5000 samples, want %.6g", i, v, want)
		}
	}
	if bound := -o.Evaluate(theta, x, Noise{}, nil).Total(); bound > sum {
		t.Errorf("lower bound %g above ln p(x) = %g", bound, sum)
	}
}

// TestLogProbabilityIntegrated compares with the integral over the code of one
// unit, by the trapezoid rule.
func TestLogProbabilityIntegrated(t *testing.T) {
	s := Spec{
		Visible: 6, Encoder: []int{4}, Latent: 1, Decoder: []int{5}, Hidden: nn.Tanh, LatentActivation: nn.Linear,
		Outputs: []Distribution{NewDistribution(Bernoulli, 6)}, Samples: 1, KLWeight: 1,
	}
	rng := rand.New(rand.NewPCG(8, 1))
	theta, x := perturbed(s, rng), linalg.NewMatrix[float64](9, 6)
	for i := range x.Data {
		x.Data[i] = float64(rng.IntN(2))
	}
	o := NewObjective[float64](s)
	codes := Traverse([]float64{0}, 0, Steps(-8, 8, 401))
	p := linalg.NewMatrix[float64](401, 6)
	o.Decode(theta, codes, p)
	got, err := o.LogProbability(theta, x, 4, 4000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.Rows {
		integral := 0.0
		for k, z := range codes.Data {
			one := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * 16 / 400
			for j, v := range x.Row(i) {
				one *= v*p.At(k, j) + (1-v)*(1-p.At(k, j))
			}
			integral += one
		}
		if want := math.Log(integral); math.Abs(got[i]-want) > 0.03 {
			t.Errorf("ln p(x%d) = %.6g from 4000 samples, the integral gives %.6g", i, got[i], want)
		}
	}
}

func TestReconstructionLogProbability(t *testing.T) {
	s, theta, x := problem(outputs(3, nn.Linear)["gaussian"], 200)
	o := NewObjective[float64](s)
	got, err := o.ReconstructionLogProbability(theta, x, 1, 50)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range got {
		sum -= v / 200
	}
	want := 0.0
	for step := range uint64(50) {
		want += o.Evaluate(theta, x, Noise{Seed: 2, Step: step}, nil).Get(nn.TermReconstruction) / 50
	}
	if math.Abs(sum-want) > 0.03*want {
		t.Errorf("mean score %g, reconstruction term %g", -sum, want)
	}
	// Other examples in the same call leave the score of an example as it is.
	few, err := o.ReconstructionLogProbability(theta, x.Slice(0, 5), 1, 50)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range few {
		if math.Abs(v-got[i]) > 1e-12*math.Abs(v) {
			t.Errorf("score of example %d is %g alone, %g among others", i, v, got[i])
		}
	}
	s.Outputs = []Distribution{NewDistribution(PlainLoss, 3)}
	o = NewObjective[float64](s)
	if _, err := o.LogProbability(make([]float64, s.Layout().Size()), x, 1, 1); !errors.Is(err, ErrNoProbability) {
		t.Errorf("a plain loss gave the error %v", err)
	}
}

func TestLogSum(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		name   string
		values []float64
		want   float64
	}{
		{"two", []float64{math.Log(2), math.Log(3)}, math.Log(5)},
		{"far below underflow", []float64{-1e4, -1e4 + math.Log(2)}, -1e4 + math.Log(3)},
		{"far above overflow", []float64{900, 1000, 900}, 1000},
		{"nothing first", []float64{-inf, 2, -inf}, 2},
		{"nothing at all", []float64{-inf, -inf}, -inf},
	}
	for _, tt := range tests {
		var s logSum
		for _, v := range tt.values {
			s.add(v)
		}
		if got := s.value(); got != tt.want && !(math.Abs(got-tt.want) < 1e-12) {
			t.Errorf("%s: %g, want %g", tt.name, got, tt.want)
		}
	}
}
