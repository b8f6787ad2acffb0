package main

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// small returns settings for a tiny network, its files in a new folder.
func small(t *testing.T) settings {
	t.Helper()
	dir := t.TempDir()
	s := settings{
		task: "eval", data: filepath.Join(dir, "x.f32"), start: filepath.Join(dir, "start.f64"), visible: 12, hidden: 5,
		examples: 40, lambda: 1e-3, beta: 3, rho: 0.1, precision: "float32", hold: true, reps: 2, threads: 2,
	}
	rng := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, s.examples*s.visible)
	for i := range x {
		if i%5 == 0 {
			x[i] = rng.Float32()
		}
	}
	if err := write(s.data, x); err != nil {
		t.Fatal(err)
	}
	if err := write(s.start, s.sparse().Init(rng)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEval(t *testing.T) {
	s := small(t)
	single, err := do(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	s.precision, s.hold = "float64", false
	double, err := do(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	a, b := single["cost"].(float64), double["cost"].(float64)
	if math.Abs(a-b) > 1e-5*b {
		t.Errorf("cost %v in float32, %v in float64", a, b)
	}
	if n := len(single["seconds"].([]float64)); n != s.reps {
		t.Errorf("%d measurements, want %d", n, s.reps)
	}
}

func TestShortFile(t *testing.T) {
	s := small(t)
	s.examples++
	if _, err := do(context.Background(), s); err == nil {
		t.Error("more examples than the file has: no error")
	}
}

func TestParts(t *testing.T) {
	s := small(t)
	s.task, s.reps = "parts", 3
	got, err := do(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	for name, seconds := range got["passes"].(map[string]float64) {
		if seconds <= 0 {
			t.Errorf("pass %s: %v s an activation", name, seconds)
		}
	}
}

// The files that the groups rbf and data read are those that their programs ask for.
func TestScattered(t *testing.T) {
	dir := t.TempDir()
	if _, err := do(t.Context(), settings{task: "points", out: dir}); err != nil {
		t.Fatal(err)
	}
	s := settings{task: "interpolate", data: filepath.Join(dir, "points-500.f64"), examples: 200, kernel: "thin_plate_spline", epsilon: 1, side: 9, reps: 1}
	plain, err := do(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if c := plain["cost"].(float64); !(c > 0.05 && c < 0.1) { // of the function itself: 0.073
		t.Errorf("the values have a root mean square of %v", c)
	}
	s.task = "field"
	drawn, err := do(t.Context(), s)
	if err != nil || drawn["cost"] != plain["cost"] {
		t.Errorf("drawn: %v, %v; want %v", drawn["cost"], err, plain["cost"])
	}
}

func TestZCA(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rgb.u8")
	rng := rand.New(rand.NewPCG(1, 1))
	bytes := make([]byte, 500*192)
	for i := range bytes {
		bytes[i] = uint8(rng.UintN(256))
	}
	if err := os.WriteFile(path, bytes, 0o666); err != nil {
		t.Fatal(err)
	}
	got, err := do(t.Context(), settings{task: "zca", data: path, examples: 500, visible: 192, precision: "float64", reps: 1})
	if err != nil {
		t.Fatal(err)
	}
	// The variance is v = 1/12 without ε, so v/(v+0.1) a value is left, or less.
	if c := got["cost"].(float64); c < 150 || c > 220 {
		t.Errorf("the whitened values have the norm %v", c)
	}
}
