package experiment_test

import (
	"math"
	"slices"
	"testing"

	"filterscope/engine/experiment"
	"filterscope/engine/linalg"
)

func TestGrower(t *testing.T) {
	s := prepare(t, "rbf-image", "rbf.count=60", "rbf.resolution=64")
	g, err := s.Grower()
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		growth, done := g.Step()
		if done {
			break
		}
		if growth.Count != n || growth.PSNR <= g.PSNR()[n-1] || growth.X < 0 || growth.X > 63 || growth.Width <= 0 {
			t.Errorf("step %d: %+v after %.3f dB", n, growth, g.PSNR()[n-1])
		}
	}
	psnr := g.PSNR()
	if g.Count() != 60 || len(psnr) != 61 || psnr[60] < 24 {
		t.Errorf("%d Gaussians, PSNR %g", g.Count(), psnr[60])
	}
	// The network, the picture and the residual are of the same thing.
	values := g.Network().Predict(experiment.Lattice([]float64{0, 0}, []float64{63, 63}, 64))
	picture, residual, sum := g.Picture(), g.Residual(), 0.0
	for i, v := range picture.Pixels {
		if math.Abs(v-values[i]) > 1e-6 || math.Abs(v+residual[i]-s.Image.Pixels[i]) > 1e-12 {
			t.Fatalf("pixel %d: %g, by the network %g", i, v, values[i])
		}
		sum += residual[i] * residual[i]
	}
	if want := -10 * math.Log10(sum/float64(len(residual))); math.Abs(psnr[60]-want) > 1e-9 {
		t.Errorf("PSNR %g, want %g", psnr[60], want)
	}
}

// An image that is a Gaussian on its own is found at once.
func TestGrowerFindsGaussian(t *testing.T) {
	s := prepare(t, "rbf-image", "rbf.count=3", "rbf.resolution=32")
	s.Image = experiment.Image{Width: 32, Height: 24, Pixels: make([]float64, 32*24)}
	width := 0.8 * 1.7 * 1.7
	for i := range s.Image.Pixels {
		dx, dy := float64(i%32-20), float64(i/32-9)
		s.Image.Pixels[i] = 0.5 * math.Exp(-(dx*dx+dy*dy)/(2*width*width))
	}
	g, err := s.Grower()
	if err != nil {
		t.Fatal(err)
	}
	got, done := g.Step()
	if done || got.X != 20 || got.Y != 9 || math.Abs(got.Width-width) > 1e-12 || math.Abs(got.Weight-0.5) > 0.05 { // the mean grey is not the ground's
		t.Errorf("%+v, want width %g at (20, 9)", got, width)
	}
}

func TestGrowerSameBits(t *testing.T) {
	grow := func(workers int) []float64 {
		linalg.SetWorkers(workers)
		defer linalg.SetWorkers(0)
		g, err := prepare(t, "rbf-image", "rbf.count=20", "rbf.resolution=48").Grower()
		if err != nil {
			t.Fatal(err)
		}
		for done := false; !done; {
			_, done = g.Step()
		}
		return append(g.PSNR(), g.Network().Weights...)
	}
	if one, four := grow(1), grow(4); !slices.Equal(one, four) {
		t.Error("the number of workers changes the bits")
	}
}

func BenchmarkGrowerStep(b *testing.B) {
	s := prepare(b, "rbf-image", "rbf.count=20000")
	g, err := s.Grower()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, done := g.Step(); done {
			b.Fatal("the image is done")
		}
	}
}
