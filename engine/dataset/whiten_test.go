package dataset_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"filterscope/engine/dataset"
)

// A cosine that the mirrored border continues is an eigenvector of the
// filter: it comes back multiplied by R(f), for odd and even sizes.
func TestWhitenGain(t *testing.T) {
	for _, size := range [][2]int{{8, 8}, {15, 6}, {1, 9}, {324, 20}, {64, 1}} {
		w, h := size[0], size[1]
		for _, mode := range [][2]int{{0, 0}, {1, 0}, {0, 2}, {3, 5}, {12, 4}} {
			k, l := mode[0], mode[1]
			if k >= w || l >= h {
				continue
			}
			wave := func(x, y int) float64 {
				return math.Cos(math.Pi*float64(k)*(float64(x)+0.5)/float64(w)) * math.Cos(math.Pi*float64(l)*(float64(y)+0.5)/float64(h))
			}
			img := make([]float64, w*h)
			for i := range img {
				img[i] = wave(i%w, i/w)
			}
			if err := dataset.Whiten(t.Context(), img, w, h, 0.4); err != nil {
				t.Fatal(err)
			}
			f := math.Hypot(float64(k)/float64(2*w), float64(l)/float64(2*h))
			gain := f * math.Exp(-math.Pow(f/0.4, 4))
			for i, got := range img {
				if want := gain * wave(i%w, i/w); math.Abs(got-want) > 1e-12 {
					t.Fatalf("%d×%d, mode (%d, %d): pixel %d is %g, want %g", w, h, k, l, i, got, want)
				}
			}
		}
	}
}

func TestWhitenStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("enough")
	cancel(stop)
	if err := dataset.Whiten(ctx, make([]float64, 12), 4, 3, 0.4); !errors.Is(err, stop) {
		t.Errorf("Whiten() = %v, want %v", err, stop)
	}
}

// Extending a side to a length the transform likes must not show, not even at
// the border: a step seen in 321×211 pixels and in the same image mirrored out
// to 324×216 comes out nearly the same.
func TestWhitenExtends(t *testing.T) {
	edge := func(w, h int) []float64 {
		img := make([]float64, w*h)
		for y := range h {
			for x := range w {
				// The pixels that a mirror at 321 and 211 shows.
				if min(x, 641-x) > 300+min(y, 421-y)/20 {
					img[y*w+x] = 1
				}
			}
		}
		if err := dataset.Whiten(t.Context(), img, w, h, 0.4); err != nil {
			t.Fatal(err)
		}
		return img
	}
	small, large := edge(321, 211), edge(324, 216)
	widest, peak := 0.0, 0.0
	for y := range 211 {
		for x := range 321 {
			widest = max(widest, math.Abs(small[y*321+x]-large[y*324+x]))
			peak = max(peak, math.Abs(large[y*324+x]))
		}
	}
	if widest > 1e-12*peak {
		t.Errorf("they differ by %g, the largest value is %g", widest, peak)
	}
	// A mirror further out changes what the filter sees from afar, little.
	far := edge(400, 300)
	for y := range 211 {
		for x := range 321 {
			widest = max(widest, math.Abs(small[y*321+x]-far[y*400+x]))
		}
	}
	if widest > 0.02*peak {
		t.Errorf("with a far border they differ by %g, the largest value is %g", widest, peak)
	}
}
