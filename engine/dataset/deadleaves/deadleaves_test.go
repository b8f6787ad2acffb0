package deadleaves_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/dsp/fourier"

	"filterscope/engine/dataset/deadleaves"
)

func ExamplePatches() {
	d, err := deadleaves.Patches(context.Background(), 100, 8, 1, deadleaves.Default())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Name, d.N, d.D, d.Geometry, d.Sources[0])
	// Output: dead leaves 100 64 {8 8 1} dead leaves 1
}

// small returns options for quick images.
func small(whiten bool) deadleaves.Options {
	o := deadleaves.Default()
	o.Images, o.ImageSize, o.Whiten = 3, 96, whiten
	return o
}

func TestSpectrumSlope(t *testing.T) {
	o := deadleaves.Default()
	o.Whiten = false
	seeds := uint64(6)
	if testing.Short() {
		seeds = 2
	}
	for _, straight := range []float64{0, o.Straight, 1} {
		o.Straight = straight
		for seed := range seeds {
			slope := spectrumSlope(deadleaves.Image(o.ImageSize, seed, o), o.ImageSize)
			t.Logf("straight %g, seed %d: slope %.2f", straight, seed, slope)
			if slope < -2.5 || slope > -1.5 {
				t.Errorf("straight %g, seed %d: log-log slope of the power spectrum = %.2f, want -2.5 to -1.5",
					straight, seed, slope)
			}
		}
	}
}

// TestWhitenedSpectrum wants the whitened image flatter than a 1/f² one, below
// the cut-off.
func TestWhitenedSpectrum(t *testing.T) {
	const size = 256
	slope := spectrumSlope(deadleaves.Image(size, 4, small(true)), size)
	if slope < -1 || slope > 0.5 {
		t.Errorf("slope of the whitened spectrum = %.2f, want -1 to 0.5", slope)
	}
}

// spectrumSlope fits a line to the logarithm of the radially averaged power
// spectrum over the logarithm of the frequency, one point for each whole
// number of cycles per image, from 3 to a quarter of the sampling frequency.
// A Hann window keeps the border's jump out of the spectrum.
func spectrumSlope(img []float64, size int) float64 {
	mean := 0.0
	for _, v := range img {
		mean += v
	}
	mean /= float64(len(img))
	fft := fourier.NewCmplxFFT(size)
	hann := func(i int) float64 { return 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(size)) }
	columns := make([]complex128, size*size)
	row := make([]complex128, size)
	for y := range size {
		for x := range row {
			row[x] = complex((img[y*size+x]-mean)*hann(x)*hann(y), 0)
		}
		for x, c := range fft.Coefficients(nil, row) {
			columns[x*size+y] = c
		}
	}
	last := size / 4
	power, count := make([]float64, last+1), make([]float64, last+1)
	for x := range size {
		for y, c := range fft.Coefficients(nil, columns[x*size:(x+1)*size]) {
			ring := int(math.Round(float64(size) * math.Hypot(fft.Freq(x), fft.Freq(y))))
			if ring <= last {
				power[ring] += real(c * cmplx.Conj(c))
				count[ring]++
			}
		}
	}
	var n, sx, sy, sxx, sxy float64
	for ring := 3; ring <= last; ring++ {
		x, y := math.Log(float64(ring)), math.Log(power[ring]/count[ring])
		n++
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

func TestImageRange(t *testing.T) {
	const size = 128
	raw := deadleaves.Image(size, 7, small(false))
	if low, high := slices.Min(raw), slices.Max(raw); low < 0 || high > 1 || high-low < 0.8 {
		t.Errorf("grey levels from %g to %g, want most of [0, 1] and nothing else", low, high)
	}
	mean, variance := 0.0, 0.0
	white := deadleaves.Image(size, 7, small(true))
	for _, v := range white {
		mean += v / size / size
		variance += v * v / size / size
	}
	if math.Abs(mean) > 1e-10 || math.Abs(variance-1) > 1e-10 {
		t.Errorf("whitened: mean %g, variance %g; want 0 and 1", mean, variance)
	}
	if want := deadleaves.Whiten(raw, size, size, small(true).Cutoff); !slices.Equal(white, want) {
		t.Error("the whitened image is not Whiten of the raw one")
	}
}

func TestPatchesAreCutWhereTheySay(t *testing.T) {
	for _, whiten := range []bool{false, true} {
		o := small(whiten)
		d, err := deadleaves.Patches(t.Context(), 200, 9, 5, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Check(); err != nil {
			t.Error(err)
		}
		imgs := deadleaves.Images(5, o)
		seen := make([]int, o.Images)
		for i, at := range d.Origins {
			seen[at.Source]++
			for p, got := range d.Doubles[i*d.D : (i+1)*d.D] {
				if want := imgs[at.Source][(at.Y+p/9)*o.ImageSize+at.X+p%9]; got != want {
					t.Fatalf("patch %d, pixel %d = %g, want %g", i, p, got, want)
				}
			}
		}
		if slices.Min(seen) < 30 {
			t.Errorf("patches per image = %v, want about 67 of each", seen)
		}
		if want := map[bool]float64{false: 1, true: 0}[whiten]; d.FullScale != want {
			t.Errorf("whiten %v: FullScale = %g, want %g", whiten, d.FullScale, want)
		}
	}
}

func TestPatchesAreDeterministic(t *testing.T) {
	cut := func(n int, seed uint64) []float64 {
		t.Helper()
		d, err := deadleaves.Patches(t.Context(), n, 8, seed, small(true))
		if err != nil {
			t.Fatal(err)
		}
		return d.Doubles
	}
	want := cut(100, 2)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if diff := cmp.Diff(want, cut(150, 2)[:len(want)]); diff != "" {
		t.Errorf("150 patches on one processor start differently from 100 on several:\n%s", diff)
	}
	if slices.Equal(want, cut(100, 3)) {
		t.Error("seeds 2 and 3 give the same patches")
	}
}

func TestPatchesRefuse(t *testing.T) {
	for _, test := range []struct {
		name    string
		n, size int
		change  func(*deadleaves.Options)
	}{
		{name: "no patches", n: 0, size: 8},
		{name: "too many numbers", n: deadleaves.MaxValues/64 + 1, size: 8},
		{name: "no pixels", n: 10, size: 0},
		{name: "larger than the whitened image", n: 10, size: 90},
		{name: "radii in the wrong order", n: 10, size: 8, change: func(o *deadleaves.Options) { o.MaxRadius = 2 }},
		{name: "radius not a number", n: 10, size: 8, change: func(o *deadleaves.Options) { o.MinRadius = math.NaN() }},
		{name: "share above 1", n: 10, size: 8, change: func(o *deadleaves.Options) { o.Straight = 1.2 }},
		{name: "no cut-off", n: 10, size: 8, change: func(o *deadleaves.Options) { o.Cutoff = 0 }},
		{name: "no images", n: 10, size: 8, change: func(o *deadleaves.Options) { o.Images = 0 }},
		{name: "huge images", n: 10, size: 8, change: func(o *deadleaves.Options) { o.ImageSize = 1 << 20 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := small(true)
			if test.change != nil {
				test.change(&o)
			}
			if d, err := deadleaves.Patches(t.Context(), test.n, test.size, 1, o); err == nil {
				t.Errorf("Patches() = %d examples, want an error", d.N)
			}
		})
	}
}

func TestPatchesStopWithTheirContext(t *testing.T) {
	stop := errors.New("the user pressed cancel")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if d, err := deadleaves.Patches(ctx, 100, 8, 1, small(true)); d != nil || !errors.Is(err, stop) {
		t.Errorf("Patches() = %v, want %v", err, stop)
	}
}

func BenchmarkImages(b *testing.B) {
	for b.Loop() {
		deadleaves.Images(1, deadleaves.Default())
	}
}
