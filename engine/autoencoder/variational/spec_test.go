package variational

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *Spec)
		want   string // a part of the error
	}{
		{"visible", func(s *Spec) { s.Visible = 0 }, "Visible = 0: want 1 to"},
		{"encoder", func(s *Spec) { s.Encoder = []int{3, 0} }, "Encoder[1] = 0: want 1 to"},
		{"decoder", func(s *Spec) { s.Decoder = []int{1 << 40} }, "Decoder[0] = 1099511627776: want 1 to"},
		{"latent", func(s *Spec) { s.Latent = -1 }, "Latent = -1: want 1 to"},
		{"hidden", func(s *Spec) { s.Hidden = 99 }, "Hidden: unknown activation 99"},
		{"maxout", func(s *Spec) { s.LatentActivation = nn.Maxout }, "LatentActivation: maxout"},
		{"features", func(s *Spec) { s.Outputs[0].Features = 3 }, "Outputs describe 3 features: want all 6"},
		{"no outputs", func(s *Spec) { s.Outputs = nil }, "Outputs describe 0 features"},
		{"kind", func(s *Spec) { s.Outputs[0].Kind = 77 }, "Outputs[0]: Kind = 77: want one of bernoulli"},
		{"bernoulli", func(s *Spec) { s.Outputs[0].Activation = nn.Tanh }, "Activation = tanh: a Bernoulli distribution wants sigmoid"},
		{"variance", func(s *Spec) { s.Outputs[0].Kind, s.Outputs[0].Variance = FixedGaussian, 0 }, "Variance = 0: want Variance > 0"},
		{"loss", func(s *Spec) { s.Outputs[0].Kind, s.Outputs[0].Loss = PlainLoss, nn.CrossEntropy }, "choose bernoulli"},
		{"huber", func(s *Spec) { s.Outputs[0] = Distribution{Kind: PlainLoss, Features: 6, Loss: nn.Huber} }, "Huber = 0: want Huber > 0"},
		{"samples", func(s *Spec) { s.Samples = 0 }, "Samples = 0: want 1 to 1000"},
		{"weight", func(s *Spec) { s.KLWeight = math.NaN() }, "KLWeight = NaN: want KLWeight ≥ 0"},
		{"warm-up", func(s *Spec) { s.WarmUp = -1 }, "WarmUp = -1: want at least 0"},
		{"lambda", func(s *Spec) { s.Lambda = math.Inf(1) }, "Lambda = +Inf: want Lambda ≥ 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := DefaultSpec(6, 2)
			if err := s.Validate(); err != nil {
				t.Fatal(err)
			}
			tt.change(&s)
			if err := s.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Validate() = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestLayout(t *testing.T) {
	s := DefaultSpec(0, 2)
	s.Encoder, s.Decoder, s.Visible = []int{7, 6}, []int{5}, 6
	s.Outputs = []Distribution{NewDistribution(Gaussian, 1), NewDistribution(Bernoulli, 3), NewDistribution(Gaussian, 2)}
	got := map[string][]int{}
	size := 0
	for _, tensor := range s.Layout() {
		if tensor.Offset != size {
			t.Errorf("%s starts at %d, want %d", tensor.Name, tensor.Offset, size)
		}
		size += tensor.Len()
		got[tensor.Name] = tensor.Shape
	}
	want := map[string][]int{
		"encoder.0.weight": {7, 6}, "encoder.0.bias": {7}, "encoder.1.weight": {6, 7}, "encoder.1.bias": {6},
		"encoder.mean.weight": {2, 6}, "encoder.mean.bias": {2}, "encoder.logvar.weight": {2, 6}, "encoder.logvar.bias": {2},
		"decoder.0.weight": {5, 2}, "decoder.0.bias": {5},
		"decoder.mean.weight": {6, 5}, "decoder.mean.bias": {6}, "decoder.logvar.weight": {3, 5}, "decoder.logvar.bias": {3},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Layout() differs (-want +got):\n%s", d)
	}
	theta := s.Init(rand.New(rand.NewPCG(1, 1)), nn.He, 0)
	if len(theta) != size {
		t.Errorf("%d parameters, the layout has %d", len(theta), size)
	}
	for _, tensor := range s.Layout() {
		squares := linalg.Squares(theta[tensor.Offset : tensor.Offset+tensor.Len()])
		if zero := len(tensor.Shape) == 1; zero != (squares == 0) {
			t.Errorf("initial %s has squared norm %g", tensor.Name, squares)
		}
	}
}

func TestKindText(t *testing.T) {
	for k := range kindNames {
		text, err := Kind(k).MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Kind
		if err := back.UnmarshalText(text); err != nil || back != Kind(k) {
			t.Errorf("%s read back as %v, %v", text, back, err)
		}
	}
	if _, err := ParseKind("bernouli"); err == nil || !strings.Contains(err.Error(), "want one of bernoulli, gaussian") {
		t.Errorf("ParseKind(bernouli) = %v", err)
	}
	if _, err := Kind(99).MarshalText(); err == nil {
		t.Error("an unknown kind has a text")
	}
}

func TestCheckData(t *testing.T) {
	s := DefaultSpec(3, 1)
	s.Outputs = []Distribution{NewDistribution(Bernoulli, 1), NewDistribution(Gaussian, 1), NewDistribution(Exponential, 1)}
	tests := []struct {
		name string
		row  []float64
		want string // "" for none
	}{
		{"fits", []float64{1, -4, 100}, ""},
		{"bernoulli", []float64{1.5, 0, 0}, "example 1, feature 0 is 1.5: bernoulli needs values from 0 to 1"},
		{"gaussian", []float64{1, math.Inf(1), 0}, "feature 1 is +Inf: gaussian needs values that are finite"},
		{"exponential", []float64{1, 1, -1}, "feature 2 is -1: exponential needs values of 0 or more"},
		{"NaN", []float64{math.NaN(), 1, 1}, "feature 0 is NaN"},
	}
	for _, tt := range tests {
		err := CheckData(s, linalg.MatrixOf(2, 3, append([]float64{0, 0, 0}, tt.row...)))
		if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: CheckData() = %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := CheckData(s, linalg.NewMatrix[float32](1, 2)); err == nil {
		t.Error("two features were taken for three")
	}
}
