package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
)

// linearDecoder returns z·Wᵀ + b with its own memory.
func linearDecoder(w linalg.Matrix[float64], b []float64) func(linalg.Matrix[float64]) linalg.Matrix[float64] {
	return func(z linalg.Matrix[float64]) linalg.Matrix[float64] {
		out := linalg.NewMatrix[float64](z.Rows, w.Rows)
		linalg.Gemm(false, true, 1, z, w, 0, out)
		for i := range out.Rows {
			linalg.Axpy(1, b, out.Row(i))
		}
		return out
	}
}

// TestAblate compares the closed form, and the general way, with decoding codes
// in which a unit was replaced by hand; over more rows than a block has.
func TestAblate(t *testing.T) {
	const n, h, d = 2500, 4, 7
	codes, w, x := mixed(31, n, h), drawn(32, d, h, normal), mixed(33, n, d)
	decode := linearDecoder(w, drawn(34, 1, d, normal).Data)
	labels := make([]int, n)
	for i := range labels {
		labels[i] = i%4 - 1 // a quarter belongs to no class
	}
	classes := analysis.Classes{Labels: labels, Count: 4} // the last is empty
	out := decode(codes)
	residual := out.Clone()
	linalg.Axpy(-1, x.Data, residual.Data)
	for name, values := range map[string][]float64{"mean": analysis.MeanCode(codes), "zero": make([]float64, h)} {
		t.Run(name, func(t *testing.T) {
			closed := analysis.AblateLinear(codes, residual, w, values, classes)
			general := analysis.Ablate(codes, x, decode, values, nil, classes)
			part := analysis.Ablate(codes, x, decode, values, []int{2}, classes)
			near(t, "one unit alone", part.Increase[0], general.Increase[2], 1e-12)
			for j := range h {
				z := codes.Clone()
				for i := range n {
					z.Set(i, j, values[j])
				}
				replaced := decode(z)
				whole, by, in := 0.0, make([]float64, 4), make([]float64, 4)
				for i := range n {
					change := 0.0
					for k := range d {
						before, after := out.At(i, k)-x.At(i, k), replaced.At(i, k)-x.At(i, k)
						change += after*after - before*before
						if labels[i] >= 0 {
							in[labels[i]] += before * before / (n / 4)
						}
					}
					whole += change / n
					if labels[i] >= 0 {
						by[labels[i]] += change / (n / 4)
					}
				}
				for way, got := range map[string]*analysis.Ablation{"closed form": closed, "general": general} {
					near(t, fmt.Sprintf("%s, unit %d", way, j), got.Increase[j], whole, 1e-9)
					for c := range 4 {
						near(t, fmt.Sprintf("%s, unit %d, class %d", way, j, c), got.ClassIncrease[c][j], by[c], 1e-9)
						near(t, fmt.Sprintf("%s, error of class %d", way, c), got.ClassErrors[c], in[c], 1e-9)
					}
				}
			}
			if closed.Sizes[0] != n/4 || closed.Sizes[3] != 0 {
				t.Errorf("sizes %v, want 625 three times and 0", closed.Sizes)
			}
		})
	}
}

// TestAblatePrincipal knows the answer: with principal components as the code,
// losing one costs its variance.
func TestAblatePrincipal(t *testing.T) {
	const k = 3
	x := mixed(35, 500, 6)
	s := spectrumOf(t, x)
	centred, codes := x.Clone(), linalg.NewMatrix[float64](500, k)
	for i := range centred.Rows {
		linalg.Axpy(-1, s.Mean, centred.Row(i))
	}
	v := s.Directions.Slice(0, k)
	linalg.Gemm(false, true, 1, centred, v, 0, codes)
	decoder := linalg.NewMatrix[float64](6, k)
	linalg.Transpose(decoder, v, 0, k)
	decode := linearDecoder(decoder, s.Mean)
	got := analysis.Ablate(codes, x, decode, analysis.MeanCode(codes), nil, analysis.Classes{})
	near(t, "error", got.Error, s.Discarded(k), 1e-9)
	for j := range k {
		near(t, fmt.Sprintf("unit %d", j), got.Increase[j], s.Variances[j], 1e-9)
	}
	if got.Sizes != nil || got.ClassIncrease != nil {
		t.Error("classes without labels")
	}
}

// TestAblateReusedMemory decodes into the same memory each time.
func TestAblateReusedMemory(t *testing.T) {
	codes := linalg.MatrixOf(2, 2, []float32{1, 2, 3, 4})
	out := linalg.NewMatrix[float32](2, 1)
	decode := func(z linalg.Matrix[float32]) linalg.Matrix[float32] {
		for i := range out.Rows {
			out.Set(i, 0, z.At(i, 0)*z.At(i, 1))
		}
		return out
	}
	x := linalg.MatrixOf(2, 1, []float32{2, 12})
	got := analysis.Ablate(codes, x, decode, []float64{0, 1}, nil, analysis.Classes{})
	if got.Error != 0 || got.Increase[0] != (4+144)/2 || got.Increase[1] != (1+81)/2 {
		t.Errorf("Ablate() = %+v, want 74 and 41", got)
	}
	if codes.At(0, 0) != 1 || codes.At(1, 1) != 4 {
		t.Errorf("codes were changed: %v", codes.Data)
	}
	if m := analysis.MeanCode(linalg.NewMatrix[float32](0, 2)); math.IsNaN(m[0]) {
		t.Error("mean of no codes is NaN")
	}
}

func ExampleAblateLinear() {
	codes := linalg.MatrixOf(3, 2, []float64{-1, 5, 0, 5, 1, 5}) // the second unit says nothing
	decoder := linalg.MatrixOf(2, 2, []float64{3, 1, 0, 1})
	residual := linalg.NewMatrix[float64](3, 2) // a perfect reconstruction
	a := analysis.AblateLinear(codes, residual, decoder, analysis.MeanCode(codes), analysis.Classes{})
	fmt.Println(a.Increase)
	// Output: [6 0]
}

func BenchmarkAblateLinear(b *testing.B) {
	codes, residual, decoder := single(drawn(36, 2000, 1000, normal)), single(drawn(37, 2000, 784, normal)), single(drawn(38, 784, 1000, normal))
	values := analysis.MeanCode(codes)
	for b.Loop() {
		analysis.AblateLinear(codes, residual, decoder, values, analysis.Classes{})
	}
}
