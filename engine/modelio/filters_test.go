package modelio_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
)

func numbers(n int) []float64 {
	rng := rand.New(rand.NewPCG(uint64(n), 0))
	v := make([]float64, n)
	for i := range v {
		v[i] = rng.NormFloat64()
	}
	return v
}

func TestThetaSizes(t *testing.T) {
	// The networks of UFLDL's exercises, by their numbers of parameters.
	tests := []struct {
		n    int
		want modelio.ThetaSize
	}{
		{3289, modelio.ThetaSize{Visible: 64, Hidden: 25}},
		{308308, modelio.ThetaSize{Visible: 784, Hidden: 196}},
		{314584, modelio.ThetaSize{Visible: 784, Hidden: 200}},
	}
	for _, tt := range tests {
		got := modelio.ThetaSizes(tt.n)
		if len(got) == 0 || got[0] != tt.want {
			t.Errorf("%d parameters: %v, want %v first", tt.n, got, tt.want)
		}
	}
	if got := modelio.ThetaSizes(100); len(got) != 0 {
		t.Errorf("100 parameters: %v", got)
	}
}

// TestFromTheta takes a vector in MATLAB's order apart: W1(i, j) of unit i and
// pixel j stands at i + h·j, and pixel (x, y) of an image at x·height + y.
func TestFromTheta(t *testing.T) {
	const v, h = 64, 25
	theta := numbers(2*v*h + v + h)
	m := modelio.FromTheta(theta, modelio.ThetaSize{Visible: v, Hidden: h}, dataset.LayoutColumns)
	encoder, decoder, bias := m.Theta[:v*h], m.Theta[v*h+h:2*v*h+h], m.Theta[2*v*h+h:]
	for unit := range h {
		for y := range 8 {
			for x := range 8 {
				ours, theirs := y*8+x, x*8+y
				if got, want := encoder[unit*v+ours], theta[unit+h*theirs]; got != want {
					t.Fatalf("encoder of unit %d at (%d, %d) is %v, want %v", unit, x, y, got, want)
				}
				if got, want := decoder[ours*h+unit], theta[v*h+theirs+v*unit]; got != want {
					t.Fatalf("decoder of unit %d at (%d, %d) is %v, want %v", unit, x, y, got, want)
				}
				if got, want := bias[ours], theta[2*v*h+h+theirs]; got != want {
					t.Fatalf("bias at (%d, %d) is %v, want %v", x, y, got, want)
				}
			}
		}
	}
	same, err := modelio.FromArrays([]modelio.Array{{Name: "opt", Shape: []int{len(theta), 1}, Values: theta, Columns: true}}, 99)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(same, m); d != "" {
		t.Error(d)
	}
}

func TestFindFilters(t *testing.T) {
	arrays := []modelio.Array{
		{Name: "wide", Shape: []int{7, 64}, Values: numbers(7 * 64)},
		{Name: "high", Shape: []int{192, 5}, Values: numbers(192 * 5), Columns: true},
		{Name: "cube", Shape: []int{2, 3, 4}, Values: numbers(24)},
		{Name: "theta", Shape: []int{1, 3289}, Values: numbers(3289)},
		{Name: "table", Shape: []int{6, 7}, Values: numbers(42)},
		{Name: "white", Shape: []int{64, 64}, Values: numbers(4096)},
	}
	type shape struct {
		Name       string
		Rows, Cols int
		Geometry   dataset.Geometry
		Layout     dataset.Layout
	}
	var got []shape
	for _, f := range modelio.FindFilters(arrays) {
		got = append(got, shape{f.Name, f.Weights.Rows, f.Weights.Cols, f.Geometry, f.Layout})
	}
	grey, colour := dataset.Geometry{Width: 8, Height: 8, Channels: 1}, dataset.Geometry{Width: 8, Height: 8, Channels: 3}
	want := []shape{
		{"theta, 64–25–64: encoder", 25, 64, grey, dataset.LayoutRows}, // white speaks for 64
		{"theta, 64–25–64: decoder", 25, 64, grey, dataset.LayoutRows},
		{"theta, 25–64–25: encoder", 64, 25, dataset.Geometry{Width: 5, Height: 5, Channels: 1}, dataset.LayoutRows},
		{"theta, 25–64–25: decoder", 64, 25, dataset.Geometry{Width: 5, Height: 5, Channels: 1}, dataset.LayoutRows},
		{"wide", 7, 64, grey, dataset.LayoutRows},
		{"high", 5, 192, colour, dataset.LayoutColumns},
		{"table", 6, 7, dataset.Geometry{}, dataset.LayoutRows},
		{"white", 64, 64, grey, dataset.LayoutRows},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
	if w := modelio.Whitenings(arrays, 64); len(w) != 1 || w[0].Name != "white" {
		t.Errorf("whitening matrices %v", w)
	}
	f, err := modelio.PickFilters(arrays, "wide")
	if err != nil {
		t.Fatal(err)
	}
	identity := linalg.NewMatrix[float64](64, 64)
	for i := range 64 {
		identity.Set(i, i, 2)
	}
	if through := f.Through(identity); through.Weights.At(3, 4) != 2*f.Weights.At(3, 4) {
		t.Error("through twice the identity is not twice the weights")
	}
	if f, err := modelio.PickFilters(arrays, ""); err != nil || !strings.HasPrefix(f.Name, "theta") {
		t.Errorf("without a name %s, %v", f.Name, err)
	}
	if _, err := modelio.PickFilters(arrays[:2], ""); err == nil || !strings.Contains(err.Error(), "one of wide; high") {
		t.Errorf("two matrices: %v", err)
	}
	if _, err := modelio.PickFilters(arrays[2:3], ""); err == nil {
		t.Error("no matrix: no error")
	}
}

func TestReadArraysRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"a.txt": "x", "b.npy": "nothing", "c.mat": "", "d.safetensors": "\x00", "e.npz": "PK"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := modelio.ReadArrays(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUFLDLReference opens the networks that another person trained for
// UFLDL's exercises.
func TestUFLDLReference(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: the reference networks are not here")
	}
	dir := filepath.Join(shared, "data", "reference", "ufldl-octave")
	for name, want := range map[string]struct {
		units  int
		tile   dataset.Geometry
		square int
	}{
		"layer1.mat":        {200, dataset.Geometry{Width: 28, Height: 28, Channels: 1}, 0},
		"STL10Features.mat": {400, dataset.Geometry{Width: 8, Height: 8, Channels: 3}, 1},
	} {
		arrays, err := modelio.ReadArrays(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := modelio.PickFilters(arrays, "")
		if err != nil {
			t.Fatal(err)
		}
		if f.Weights.Rows != want.units || f.Geometry != want.tile || f.Layout != dataset.LayoutColumns {
			t.Errorf("%s: %d units of %v in layout %v", name, f.Weights.Rows, f.Geometry, f.Layout)
		}
		if w := modelio.Whitenings(arrays, f.Weights.Cols); len(w) != want.square {
			t.Errorf("%s: %d whitening matrices", name, len(w))
		}
	}
}
