package main

import (
	"context"
	"math"
	"math/rand/v2"
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
