package preprocess_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/preprocess"
)

func TestOneHot(t *testing.T) {
	data := table([]float64{
		0.5, 1, 2,
		1.5, 0, 0,
		2.5, 1, 1,
	}, 3)
	data.Columns = []string{"size", "switch", "colour"}
	data.Levels = [][]string{nil, {"off", "on"}, {"blue", "green", "red"}}
	p, x := fitted(t, data, preprocess.Spec{Step: "one-hot"})
	want := []float64{ // colour, switch, size
		0, 0, 1, 0, 1, 0.5,
		1, 0, 0, 1, 0, 1.5,
		0, 1, 0, 0, 1, 2.5,
	}
	if d := cmp.Diff(x.Data, want); d != "" {
		t.Fatal(d)
	}
	back, err := p.Invert(data, 0, x)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(back.Data, data.Doubles); d != "" {
		t.Error(d)
	}
	other := table([]float64{1, 1, 1}, 3)
	other.Levels = [][]string{nil, {"off", "on"}, {"blue", "red"}}
	_, err = preprocess.Apply[float64](context.Background(), p, other, nil)
	if err == nil || !strings.Contains(err.Error(), "column 3 of table: its categories are not those of the training data") {
		t.Errorf("other categories: %v", err)
	}
	// An unknown category gives zeros; data without categories pass as they are.
	data.Doubles[2] = 7
	x, err = preprocess.ApplyRows[float64](p, data, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(x.Data, []float64{0, 0, 0, 0, 1, 0.5}); d != "" {
		t.Error(d)
	}
	if _, x = fitted(t, table([]float64{3, 4}, 2), preprocess.Spec{Step: "one-hot"}); cmp.Diff(x.Data, []float64{3, 4}) != "" {
		t.Errorf("numbers became %v", x.Data)
	}
}

// H2O leaves the columns of its categories at 0 and 1, and so in what comes back.
func TestH2ONormaliseLeavesCategories(t *testing.T) {
	data := table([]float64{
		1, 0,
		3, 2,
		8, 1,
		4, 0,
	}, 2)
	data.Levels = [][]string{nil, {"blue", "green", "red"}}
	p, x := fitted(t, data, preprocess.Spec{Step: "one-hot"}, preprocess.Spec{Step: "h2o-normalise"})
	want := []float64{ // blue, green, red; (size − 4)/7
		1, 0, 0, -3.0 / 7,
		0, 0, 1, -1.0 / 7,
		0, 1, 0, 4.0 / 7,
		1, 0, 0, 0,
	}
	if d := cmp.Diff(x.Data, want); d != "" {
		t.Error(d)
	}
	back, err := p.Invert(data, 0, x)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(back.Data, data.Doubles, near(1e-12)); d != "" {
		t.Error(d)
	}
	// After zca no feature is a category any more.
	_, x = fitted(t, data, preprocess.Spec{Step: "one-hot"}, preprocess.Spec{Step: "zca"}, preprocess.Spec{Step: "h2o-normalise"})
	for j := range x.Cols {
		low, high := math.Inf(1), math.Inf(-1)
		for i := range x.Rows {
			low, high = min(low, x.At(i, j)), max(high, x.At(i, j))
		}
		if math.Abs(high-low-1) > 1e-12 {
			t.Errorf("feature %d after zca spans %v, want 1", j, high-low)
		}
	}
}
