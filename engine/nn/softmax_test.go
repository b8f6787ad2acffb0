package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/linalg"
)

// axisShapes are tensors of one to four dimensions; every axis of each is tested.
var axisShapes = [][]int{{5}, {4, 3}, {2, 3, 4}, {3, 1, 2}, {2, 3, 2, 4}}

// eachAxis runs f for every axis of every shape, with scores and with targets
// that add up to 1 along it: a class for even lanes, shares of all for odd ones.
func eachAxis(t *testing.T, f func(t *testing.T, shape []int, axis int, z, y []float64)) {
	for _, shape := range axisShapes {
		for axis := range shape {
			t.Run(fmt.Sprintf("%v axis %d", shape, axis), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(3, uint64(axis)))
				z := make([]float64, size(shape))
				FillNormal(rng, z, 2)
				y := make([]float64, len(z))
				a := along("test", shape, axis)
				for i := range a.lanes {
					if i%2 == 0 {
						y[a.first(i)+rng.IntN(a.n)*a.stride] = 1
						continue
					}
					for j := range a.n {
						y[a.first(i)+j*a.stride] = 2 * float64(j+1) / float64(a.n*(a.n+1))
					}
				}
				f(t, shape, axis, z, y)
			})
		}
	}
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// sumsAlong adds up v along an axis, place by place, by counting in the digits of the
// shape: without the arithmetic of strides that is under test.
func sumsAlong(v []float64, shape []int, axis int) map[string]float64 {
	sums := map[string]float64{}
	place := make([]int, len(shape))
	for _, value := range v {
		at := place[axis]
		place[axis] = 0
		sums[fmt.Sprint(place)] += value
		place[axis] = at
		for k := len(shape) - 1; k >= 0; k-- {
			if place[k]++; place[k] < shape[k] {
				break
			}
			place[k] = 0
		}
	}
	return sums
}

// TestSoftmaxAxisSums finds the sums 1 along the axis asked for, and along no other.
func TestSoftmaxAxisSums(t *testing.T) {
	eachAxis(t, func(t *testing.T, shape []int, axis int, z, _ []float64) {
		p := make([]float64, len(z))
		SoftmaxAxis(p, z, shape, axis)
		for other := range shape {
			ones := 0
			sums := sumsAlong(p, shape, other)
			for _, sum := range sums {
				if math.Abs(sum-1) < 1e-12 {
					ones++
				}
			}
			switch {
			case other == axis && ones != len(sums):
				t.Errorf("%d of %d sums along the axis are 1", ones, len(sums))
			case other != axis && shape[axis] > 1 && ones > 0:
				t.Errorf("%d of %d sums along axis %d are 1 too", ones, len(sums), other)
			}
		}
	})
}

func TestCategoricalCrossEntropyGradient(t *testing.T) {
	eachAxis(t, func(t *testing.T, shape []int, axis int, z, y []float64) {
		if shape[axis] == 1 { // one class is always right: nothing to compare
			if loss := CategoricalCrossEntropy(nil, z, y, shape, axis); loss != 0 {
				t.Errorf("loss %v of one class", loss)
			}
			return
		}
		layout := NewLayout(Tensor{Name: "scores", Shape: shape})
		f := func(theta, grad []float64) float64 { return CategoricalCrossEntropy(grad, theta, y, shape, axis) }
		if c := CheckGradient(layout, z, f, CheckConfig{Epsilon: 1e-5})[0]; !(c.RelError < 1e-7) {
			t.Errorf("cross-entropy: %v", c)
		}
	})
}

// TestSoftmaxAxisDelta checks the way back with J = Σ w∘p∘p.
func TestSoftmaxAxisDelta(t *testing.T) {
	eachAxis(t, func(t *testing.T, shape []int, axis int, z, w []float64) {
		layout := NewLayout(Tensor{Name: "scores", Shape: shape})
		p, d := make([]float64, len(z)), make([]float64, len(z))
		f := func(theta, grad []float64) float64 {
			SoftmaxAxis(p, theta, shape, axis)
			sum := 0.0
			for i, v := range p {
				sum += w[i] * v * v
				d[i] = 2 * w[i] * v
			}
			if grad != nil {
				SoftmaxAxisDelta(grad, p, d, shape, axis)
			}
			return sum
		}
		c := CheckGradient(layout, z, f, CheckConfig{Epsilon: 1e-5})[0]
		if !(c.RelError < 1e-7) && !(c.MaxDiff < 1e-12) {
			t.Errorf("softmax: %v", c)
		}
	})
}

// TestPerPixel compares the softmax over the channels of C×H×W pictures with
// Softmax and SoftmaxDelta of the pixels laid out as rows of channels: seed 004's
// "depth softmax", whose first posted version had the wrong axis.
func TestPerPixel(t *testing.T) {
	const classes, pixels = 7, 6 * 5
	rng := rand.New(rand.NewPCG(1, 2))
	z, y := make([]float32, classes*pixels), make([]float32, classes*pixels)
	rows, want := linalg.NewMatrix[float32](pixels, classes), linalg.NewMatrix[float32](pixels, classes)
	for i := range pixels {
		label := rng.IntN(classes)
		y[label*pixels+i] = 1
		want.Set(i, label, 1)
		for c := range classes {
			v := float32(3 * rng.NormFloat64())
			z[c*pixels+i] = v
			rows.Set(i, c, v)
		}
	}
	shape, none := []int{classes, 6, 5}, make([]float32, classes)
	grad := make([]float32, len(z))
	loss := CategoricalCrossEntropy(grad, z, y, shape, 0)
	SoftmaxAxis(z, z, shape, 0) // in place
	delta := linalg.MatrixOf(pixels, classes, append([]float32(nil), rows.Data...))
	if sum := SoftmaxDelta(delta, want, none, nil, []int{len(none)}, 0); math.Abs(sum/pixels-loss) > 1e-12 {
		t.Errorf("loss %v a pixel, by rows %v", loss, sum/pixels)
	}
	Softmax(rows, none, []int{len(none)}, 0)
	for i := range pixels {
		for c := range classes {
			if got := z[c*pixels+i]; got != rows.At(i, c) {
				t.Errorf("probability of class %d at pixel %d = %v, by rows %v", c, i, got, rows.At(i, c))
			}
			if got := float64(grad[c*pixels+i]) * pixels; math.Abs(got-float64(delta.At(i, c))) > 1e-6 {
				t.Errorf("gradient of class %d at pixel %d = %v, by rows %v", c, i, got, delta.At(i, c))
			}
		}
	}
}

func TestSoftmaxAxisExtremes(t *testing.T) {
	// 2 classes × 3 pixels: far apart, equal and huge, and one impossible class.
	shape := []int{2, 3}
	z := []float64{1e300, -1e300, math.Inf(-1), -1e300, -1e300, 1000}
	y := []float64{0, 1, 0, 0, 0, 1}
	grad := make([]float64, 6)
	loss := CategoricalCrossEntropy(grad, z, y, shape, 0)
	if want := math.Log(2) / 3; math.Abs(loss-want) > 1e-15 {
		t.Errorf("loss %v, want %v: the first pixel has no label", loss, want)
	}
	for i, want := range []float64{0, -0.5 / 3, 0, 0, 0.5 / 3, 0} {
		if math.Abs(grad[i]-want) > 1e-15 {
			t.Errorf("gradient %v at %d, want %v", grad[i], i, want)
		}
	}
	if loss := CategoricalCrossEntropy(nil, []float64{1e6, 0}, []float64{0, 1}, []int{2}, 0); loss != 1e6 {
		t.Errorf("loss %v of a score 1e6 below the other, want 1e6", loss)
	}
	if !math.IsNaN(CategoricalCrossEntropy(nil, nil, []float64{}, []int{0, 3}, 1)) {
		t.Error("the mean of nothing is a number")
	}
}

func TestSoftmaxAxisShapes(t *testing.T) {
	for name, f := range map[string]func(){
		"axis":   func() { SoftmaxAxis(make([]float64, 6), make([]float64, 6), []int{2, 3}, 2) },
		"length": func() { SoftmaxAxis(make([]float64, 6), make([]float64, 5), []int{2, 3}, 1) },
		"target": func() { CategoricalCrossEntropy(nil, make([]float64, 6), make([]float64, 4), []int{2, 3}, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}
