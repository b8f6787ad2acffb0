package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
)

func TestActivate(t *testing.T) {
	tests := []struct {
		f    Activation
		want []float64 // at -2, -0.5, 0, 0.5, 2
	}{
		{Sigmoid, []float64{0.11920292, 0.37754067, 0.5, 0.62245933, 0.88079708}},
		{Linear, []float64{-2, -0.5, 0, 0.5, 2}},
		{Tanh, []float64{-0.96402758, -0.46211716, 0, 0.46211716, 0.96402758}},
		{ReLU, []float64{0, 0, 0, 0.5, 2}},
		{Softplus, []float64{0.12692801, 0.47407698, 0.69314718, 0.97407698, 2.12692801}},
		{LeakyReLU, []float64{-0.02, -0.005, 0, 0.5, 2}},
		{ELU, []float64{-0.86466472, -0.39346934, 0, 0.5, 2}},
	}
	for _, tt := range tests {
		z := linalg.MatrixOf(1, 5, []float64{-3, -1.5, -1, -0.5, 1})
		bias, sums := []float64{1, 1, 1, 1, 1}, make([]float64, 5)
		Activate(tt.f, z, bias, sums)
		for j, want := range tt.want {
			if math.Abs(z.Data[j]-want) > 1e-8 || sums[j] != z.Data[j] {
				t.Errorf("%v of %v = %v with sum %v, want %v", tt.f, []float64{-2, -0.5, 0, 0.5, 2}[j], z.Data[j], sums[j], want)
			}
			if low, high := tt.f.Range(); z.Data[j] < low || z.Data[j] > high {
				t.Errorf("%v = %v is outside of its range %v to %v", tt.f, z.Data[j], low, high)
			}
		}
		// The derivative is that of the values.
		d := linalg.MatrixOf(1, 5, []float64{1, 1, 1, 1, 1})
		HiddenDelta(tt.f, d, z, make([]float64, 5), nil)
		const step = 1e-6
		for j, at := range []float64{-2, -0.5, 0, 0.5, 2} {
			up, down := linalg.MatrixOf(1, 1, []float64{at + step}), linalg.MatrixOf(1, 1, []float64{at - step})
			Activate(tt.f, up, []float64{0}, nil)
			Activate(tt.f, down, []float64{0}, nil)
			if want := (up.Data[0] - down.Data[0]) / (2 * step); at != 0 && math.Abs(d.Data[j]-want) > 1e-8 {
				t.Errorf("%v' of %v = %v, want %v", tt.f, at, d.Data[j], want)
			}
		}
	}
}

func TestMax(t *testing.T) {
	z := linalg.MatrixOf(2, 4, []float64{1, 2, 3, 3, -1, -2, 0, 5})
	a := linalg.NewMatrix[float64](2, 2)
	Max(a, z, []float64{0, 0, 1, 1})
	if diff := cmp.Diff([]float64{2, 4, -1, 6}, a.Data); diff != "" {
		t.Error(diff)
	}
	sums := make([]float64, 4)
	MaxDelta(z, linalg.MatrixOf(2, 2, []float64{10, 20, 30, 40}), z, sums)
	if diff := cmp.Diff([]float64{0, 10, 20, 0, 30, 0, 0, 40}, z.Data); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{30, 10, 20, 40}, sums); diff != "" {
		t.Error(diff)
	}
}

func TestLossDelta(t *testing.T) {
	x := linalg.NewMatrix[float64](1, 4)
	tests := []struct {
		loss  Loss
		value float64
		delta []float64
	}{
		{SquaredError, 2 + 0.125 + 0.5, []float64{-2, 0.5, 0, 1}},
		{Absolute, 3.5, []float64{-1, 1, 0, 1}},
		{Huber, 1.5 + 0.125 + 0.5, []float64{-1, 0.5, 0, 1}},
	}
	for _, tt := range tests {
		a := linalg.MatrixOf(1, 4, []float64{-2, 0.5, 0, 1})
		if got := LossDelta(tt.loss, 1, a, x); got != tt.value {
			t.Errorf("%v = %v, want %v", tt.loss, got, tt.value)
		}
		if diff := cmp.Diff(tt.delta, a.Data); diff != "" {
			t.Errorf("%v:\n%s", tt.loss, diff)
		}
	}
}

// TestExtremeOutputs drives outputs to exactly 0 and 1 and beyond what exp can take.
func TestExtremeOutputs(t *testing.T) {
	z := linalg.MatrixOf(1, 4, []float32{2000, -2000, 2000, -2000})
	x := linalg.MatrixOf(1, 4, []float32{1, 0, 0, 1})
	loss := OutputDelta(Sigmoid, CrossEntropy, 0, z, x, linalg.NewMatrix[float32](1, 4), make([]float32, 4), nil, nil)
	if math.Abs(loss-4000) > 1e-2 {
		t.Errorf("cross-entropy %v, want 4000", loss)
	}
	for j, want := range []float32{0, 0, 1, -1} {
		if math.Abs(float64(z.Data[j]-want)) > 1e-30 {
			t.Errorf("delta %v, want %v", z.Data[j], want)
		}
	}
	z = linalg.MatrixOf(2, 3, []float32{1e6, 1e6, 0, -1e30, -1e30, -1e30})
	y := linalg.MatrixOf(2, 3, []float32{1, 0, 0, 0, 0, 1})
	sums := make([]float32, 3)
	loss = SoftmaxDelta(z, y, make([]float32, 3), sums, []int{3}, 0)
	if want := math.Log(2) + math.Log(3); math.Abs(loss-want) > 1e-6*want {
		t.Errorf("categorical cross-entropy %v, want %v", loss, want)
	}
	for j, want := range []float64{-0.5, 0.5, 0, 1. / 3, 1. / 3, -2. / 3} {
		if math.Abs(float64(z.Data[j])-want) > 1e-7 {
			t.Errorf("delta %d of softmax = %v, want %v", j, z.Data[j], want)
		}
	}
	p := linalg.MatrixOf(1, 3, []float64{1, 2, 3})
	Softmax(p, []float64{2, 1, 0}, []int{3}, 0)
	for _, v := range p.Data {
		if math.Abs(v-1./3) > 1e-15 {
			t.Errorf("softmax of equal values = %v", p.Data)
		}
	}
}

func TestNames(t *testing.T) {
	roundTrip(t, Activations())
	roundTrip(t, Losses())
	roundTrip(t, []Scaling{HalfSum, Sum, Mean})
	roundTrip(t, []Initialiser{UFLDL, Glorot, He, Normal})
}

func roundTrip[E interface {
	comparable
	MarshalText() ([]byte, error)
}](t *testing.T, all []E,
) {
	t.Helper()
	for _, v := range all {
		text, err := v.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		back := new(E)
		u := any(back).(interface{ UnmarshalText([]byte) error })
		if err := u.UnmarshalText(text); err != nil || *back != v {
			t.Errorf("%s read back as %v, %v", text, *back, err)
		}
		if err := u.UnmarshalText([]byte("no such thing")); err == nil {
			t.Errorf("%T takes any name", v)
		}
	}
}

func TestInitialisers(t *testing.T) {
	const in, out = 300, 200
	w := make([]float64, in*out)
	tests := []struct {
		init     Initialiser
		deviance float64 // standard deviation
		limit    float64 // largest magnitude
	}{
		{UFLDL, math.Sqrt(6./501) / math.Sqrt(3), math.Sqrt(6. / 501)},
		{Glorot, math.Sqrt(2. / 500), math.Sqrt(6. / 500)},
		{He, math.Sqrt(2. / 300), 1},
		{Normal, 0.3, 3},
	}
	for _, tt := range tests {
		tt.init.Fill(rand.New(rand.NewPCG(1, 1)), w, in, out, 0.3)
		mean, square, most := 0.0, 0.0, 0.0
		for _, v := range w {
			mean += v / in / out
			square += v * v / in / out
			most = max(most, math.Abs(v))
		}
		if sd := math.Sqrt(square); math.Abs(sd/tt.deviance-1) > 0.015 || math.Abs(mean) > 0.015*sd || most > tt.limit || most < 0.99*tt.limit && tt.limit < 0.5 {
			t.Errorf("%v: mean %v, standard deviation %v, largest %v: want 0, %v, %v", tt.init, mean, sd, most, tt.deviance, tt.limit)
		}
	}
}

func TestCopyTensors(t *testing.T) {
	from := NewLayout(Tensor{Name: "a", Shape: []int{2}}, Tensor{Name: "b", Shape: []int{2, 1}}, Tensor{Name: "c", Shape: []int{1}})
	to := NewLayout(Tensor{Name: "c", Shape: []int{1}}, Tensor{Name: "b", Shape: []int{1, 2}}, Tensor{Name: "a", Shape: []int{2}})
	dst := make([]float64, 5)
	if diff := cmp.Diff([]string{"a", "c"}, CopyTensors(to, dst, from, []float64{1, 2, 3, 4, 5})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{5, 0, 0, 1, 2}, dst); diff != "" {
		t.Error(diff)
	}
}
