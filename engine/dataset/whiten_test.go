package dataset_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"filterscope/engine/dataset"
)

// A cosine that the mirrored border continues is an eigenvector of the
// filter: it comes back multiplied by R(f), for odd and even and prime sizes.
func TestWhitenGain(t *testing.T) {
	for _, size := range [][2]int{{8, 8}, {13, 6}, {1, 9}, {321, 17}, {64, 1}} {
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
