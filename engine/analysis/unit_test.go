package analysis_test

import (
	"math"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
)

func TestDescribe(t *testing.T) {
	w := analysis.Weights{
		Encoder: linalg.MatrixOf(2, 2, []float32{3, 4, 0, 0}),
		Bias:    []float32{-1, -9},
		Decoder: linalg.MatrixOf(2, 2, []float32{4, -3, 1, 1}),
		High:    1,
	}
	sigmoid := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	u := analysis.Describe(w, 0, []float64{sigmoid(-1), sigmoid(6), sigmoid(0)}, 0.1, 2)
	if u.EncoderNorm != 5 || u.DecoderNorm != 5 || u.Cosine != 0 {
		t.Errorf("norms %v, %v, cosine %v, want 5, 5, 0", u.EncoderNorm, u.DecoderNorm, u.Cosine)
	}
	if want := (sigmoid(-1) + sigmoid(6) + sigmoid(0)) / 3; math.Abs(u.Mean-want) > 1e-12 {
		t.Errorf("mean = %v, want %v", u.Mean, want)
	}
	if len(u.Top) != 2 || u.Top[0] != 1 || u.Top[1] != 2 {
		t.Errorf("top = %v, want [1 2]", u.Top)
	}
	if u.Dead {
		t.Error("unit 0 is called dead")
	}
	total := 0
	for _, n := range u.Histogram {
		total += n
	}
	if total != 3 || u.Histogram[25] != 1 {
		t.Errorf("histogram %v, want 3 examples, one of them at 0.5", u.Histogram)
	}
	if dead := analysis.Describe(w, 1, []float64{sigmoid(-9), sigmoid(-9), sigmoid(-9)}, 0.1, 1); !dead.Dead || dead.Cosine != 0 {
		t.Errorf("unit 1 = %+v, want a dead unit of cosine 0", dead)
	}
}

func TestSquaredErrors(t *testing.T) {
	in := linalg.MatrixOf(2, 2, []float32{1, 2, 3, 4})
	out := linalg.MatrixOf(2, 2, []float32{1, 4, 0, 4})
	got := analysis.SquaredErrors(in, out)
	if got[0] != 4 || got[1] != 9 {
		t.Errorf("got %v, want [4 9]", got)
	}
}
