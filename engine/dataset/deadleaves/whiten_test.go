package deadleaves_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"filterscope/engine/dataset/deadleaves"
)

// TestWhitenGain sends two waves of known frequencies through the filter: the
// ratio of their amplitudes must change by the ratio of the gains. Odd, even,
// prime and unequal sides.
func TestWhitenGain(t *testing.T) {
	const f0 = 200.0 / 512
	for _, size := range [][2]int{{64, 64}, {481, 321}, {30, 77}, {101, 16}} {
		w, h := size[0], size[1]
		img := make([]float64, w*h)
		// Wave one: 2 periods across. Wave two: 3 across and 4 down, half as strong.
		one := func(x, y int) float64 { return math.Cos(2 * math.Pi * 2 * float64(x) / float64(w)) }
		two := func(x, y int) float64 {
			return math.Sin(2 * math.Pi * (3*float64(x)/float64(w) + 4*float64(y)/float64(h)))
		}
		for y := range h {
			for x := range w {
				img[y*w+x] = 10 + one(x, y) + 0.5*two(x, y)
			}
		}
		out := deadleaves.Whiten(img, w, h, f0)
		var a, b, rest float64
		for y := range h {
			for x := range w {
				a += 2 * out[y*w+x] * one(x, y) / float64(w*h)
				b += 2 * out[y*w+x] * two(x, y) / float64(w*h)
			}
		}
		for y := range h {
			for x := range w {
				rest = max(rest, math.Abs(out[y*w+x]-a*one(x, y)-b*two(x, y)))
			}
		}
		gain := func(f float64) float64 { return f * math.Exp(-math.Pow(f/f0, 4)) }
		want := 0.5 * gain(math.Hypot(3/float64(w), 4/float64(h))) / gain(2/float64(w))
		if got := b / a; math.Abs(got/want-1) > 1e-9 || rest > 1e-9 {
			t.Errorf("%d×%d: ratio of amplitudes = %.12g, want %.12g; the rest is %g, want 0", w, h, got, want, rest)
		}
	}
}

func TestWhitenWithoutContrast(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 9}, {8, 8}} {
		img := make([]float64, size[0]*size[1])
		for i := range img {
			img[i] = 0.1
		}
		for i, v := range deadleaves.Whiten(img, size[0], size[1], 0.4) {
			if v != 0 {
				t.Fatalf("%d×%d: pixel %d = %g, want 0", size[0], size[1], i, v)
			}
		}
	}
}

func TestWhitenKeepsItsInput(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	img := make([]float64, 15*12)
	for i := range img {
		img[i] = rng.Float64()
	}
	before := append([]float64(nil), img...)
	deadleaves.Whiten(img, 15, 12, 0.4)
	for i := range img {
		if img[i] != before[i] {
			t.Fatalf("Whiten changed pixel %d of its input", i)
		}
	}
}
