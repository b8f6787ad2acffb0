package preprocess_test

import (
	"context"
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
