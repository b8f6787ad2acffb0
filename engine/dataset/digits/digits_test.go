package digits_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/digits"
)

func ExampleNew() {
	d := digits.New(10, 1)
	fmt.Println(d.Name, d.N, d.Geometry, len(d.Bytes))
	slices.Sort(d.Labels)
	fmt.Println(d.Labels)
	// Output:
	// synthetic digits 10 {28 28 1} 7840
	// [0 1 2 3 4 5 6 7 8 9]
}

func TestNewFits(t *testing.T) {
	d := digits.New(1000, 3)
	if err := d.Check(); err != nil {
		t.Error(err)
	}
	if d.FullScale != 255 {
		t.Errorf("FullScale = %g, want 255", d.FullScale)
	}
	var counts [10]int
	for _, label := range d.Labels {
		counts[label]++
	}
	if want := [10]int{100, 100, 100, 100, 100, 100, 100, 100, 100, 100}; counts != want {
		t.Errorf("examples per digit = %v, want %v", counts, want)
	}
	if slices.IsSorted(d.Labels[:10]) && slices.IsSorted(d.Labels[10:20]) {
		t.Errorf("labels come in order: %v", d.Labels[:20])
	}
}

func TestNewIsDeterministic(t *testing.T) {
	const n = 700
	want := digits.New(n, 11)

	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := digits.New(n, 11)
	if diff := cmp.Diff(want, one); diff != "" {
		t.Errorf("on one processor (-want +got):\n%s", diff)
	}
	runtime.GOMAXPROCS(3)
	// A longer set starts with the shorter one, also where its end cuts ten.
	long := digits.New(n+57, 11)
	if !bytes.Equal(long.Bytes[:n*long.D], want.Bytes) || !slices.Equal(long.Labels[:n], want.Labels) {
		t.Error("the first examples of a longer set differ from the shorter set")
	}
	other := digits.New(n, 12)
	if bytes.Equal(other.Bytes, want.Bytes) || slices.Equal(other.Labels, want.Labels) {
		t.Error("seeds 11 and 12 give the same examples or labels")
	}
}

// TestNewLooksLikeMNIST compares the layout and the ink with what the MNIST
// training set measures: ink fitted to 20×20, centre of mass within half a
// pixel of index 14, mean pixel 0.131, 80.9 % of the pixels empty, 7.4 % of
// them 250 or more, and a mean that varies from digit to digit.
func TestNewLooksLikeMNIST(t *testing.T) {
	d := digits.New(2000, 5)
	var sum, empty, full, off float64
	for i := range d.N {
		img := d.Bytes[i*d.D : (i+1)*d.D]
		var mass, mx, my float64
		low, high := [2]int{digits.Size, digits.Size}, [2]int{-1, -1}
		for p, v := range img {
			x, y := p%digits.Size, p/digits.Size
			switch {
			case v == 0:
				empty++
				continue
			case v >= 250:
				full++
			}
			mass += float64(v)
			mx += float64(v) * float64(x)
			my += float64(v) * float64(y)
			low = [2]int{min(low[0], x), min(low[1], y)}
			high = [2]int{max(high[0], x), max(high[1], y)}
		}
		sum += mass / 255
		w, h := high[0]-low[0]+1, high[1]-low[1]+1
		if max(w, h) < 18 || max(w, h) > 20 {
			t.Fatalf("example %d (a %d): ink of %d×%d pixels, want the longer side 18 to 20", i, d.Labels[i], w, h)
		}
		if cx, cy := mx/mass, my/mass; math.Abs(cx-14) > 0.501 || math.Abs(cy-14) > 0.501 {
			off++
		}
	}
	pixels := float64(d.N * d.D)
	for _, share := range []struct {
		name           string
		got, low, high float64
	}{
		{"mean pixel", sum / pixels, 0.12, 0.142},
		{"share of zeros", empty / pixels, 0.795, 0.825},
		// The frame cannot leave the picture, so a very lopsided digit
		// misses the middle.
		{"share off centre", off / float64(d.N), 0, 0.005},
		{"share of full ink", full / pixels, 0.06, 0.09},
	} {
		if share.got < share.low || share.got > share.high {
			t.Errorf("%s = %.4f, want %.3f to %.3f", share.name, share.got, share.low, share.high)
		}
	}
}

func TestGenerateReportsProgress(t *testing.T) {
	var seen []int
	d, err := digits.Generate(t.Context(), 1000, 1, func(done int) { seen = append(seen, done) })
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(seen) || len(seen) < 2 || seen[len(seen)-1] != d.N {
		t.Errorf("progress = %v, want rising numbers that end with %d", seen, d.N)
	}
}

func TestGenerateStops(t *testing.T) {
	enough := errors.New("seen enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	d, err := digits.Generate(ctx, 50_000, 1, func(int) { cancel(enough) })
	if d != nil || !errors.Is(err, enough) {
		t.Errorf("Generate() = %v, %v; want nil and the cause %v", d, err, enough)
	}
}

func TestGenerateRefuses(t *testing.T) {
	for _, n := range []int{-1, 0, digits.MaxExamples + 1} {
		var d *dataset.Dataset
		d, err := digits.Generate(t.Context(), n, 1, nil)
		if d != nil || err == nil {
			t.Errorf("Generate(%d) = %v, %v; want an error", n, d, err)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		digits.New(1000, 1)
	}
}
