package dataset_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
)

func numbered(n int) *dataset.Dataset {
	d := &dataset.Dataset{Name: "numbers", N: n, D: 2}
	for i := range n {
		d.Singles = append(d.Singles, float32(i), float32(i)+0.5)
		d.Labels = append(d.Labels, i%3)
		d.Origins = append(d.Origins, dataset.Origin{Source: i})
	}
	return d
}

func TestSplitLast(t *testing.T) {
	training, held, err := numbered(10).Split(0.25, false, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := training.Check(); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(held.Singles, []float32{7, 7.5, 8, 8.5, 9, 9.5}); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(held.Labels, []int{1, 2, 0}); d != "" {
		t.Error(d)
	}
	if training.N != 7 || training.Singles[13] != 6.5 || training.Origins[6].Source != 6 {
		t.Errorf("training on %d examples, the last %v", training.N, training.Singles[13])
	}
}

func TestSplitRandom(t *testing.T) {
	d := numbered(100)
	training, held, err := d.Split(0.3, true, 4)
	if err != nil {
		t.Fatal(err)
	}
	if training.N != 70 || held.N != 30 {
		t.Fatalf("%d and %d examples", training.N, held.N)
	}
	var all []int
	for _, part := range []*dataset.Dataset{training, held} {
		if err := part.Check(); err != nil {
			t.Error(err)
		}
		for i := range part.N {
			at := part.Origins[i].Source
			if part.Singles[2*i+1] != float32(at)+0.5 || part.Labels[i] != at%3 {
				t.Errorf("example %d came apart", at)
			}
			all = append(all, at)
		}
	}
	slices.Sort(all)
	for i, v := range all {
		if i != v {
			t.Fatalf("example %d is missing or there twice", i)
		}
	}
	_, again, _ := d.Split(0.3, true, 4)
	_, other, _ := d.Split(0.3, true, 5)
	if !slices.Equal(held.Singles, again.Singles) || slices.Equal(held.Singles, other.Singles) {
		t.Error("the draw does not follow the seed")
	}
}

func TestSplitRefuses(t *testing.T) {
	for _, tt := range []struct {
		n     int
		share float64
	}{{10, 0}, {10, 1}, {10, -0.5}, {1, 0.5}, {2, 0.9}} {
		if _, _, err := numbered(tt.n).Split(tt.share, false, 0); err == nil {
			t.Errorf("%v of %d: no error", tt.share, tt.n)
		}
	}
}
