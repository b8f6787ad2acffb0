package modelio_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/rbf"
)

// network returns a network with every part.
func network() *rbf.Network {
	return &rbf.Network{
		Kernel: rbf.Cubic, Centres: linalg.MatrixOf(3, 2, []float64{0, 1, 2, 3, 4, 5}), Widths: []float64{1, 2, 0.5},
		Normalised: true, Degree: 1, Weights: []float64{1, -2, math.Pi}, Tail: []float64{0.25, 1, -1},
		Shift: []float64{2, 3}, Scale: []float64{2, 2},
	}
}

func TestRBFNetwork(t *testing.T) {
	bare := network()
	bare.Degree, bare.Tail, bare.Shift, bare.Scale, bare.Normalised = -1, nil, nil, nil, false
	for _, want := range []*rbf.Network{network(), bare} {
		var file bytes.Buffer
		if err := modelio.Write(&file, modelio.FromNetwork(want, []byte("version = 1\n"))); err != nil {
			t.Fatal(err)
		}
		m, err := modelio.Read(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.Network()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRBFNetworkFaults(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(m *modelio.Model)
		want  string
	}{
		{"kernel", func(m *modelio.Model) { m.Metadata["kernel"] = "bell" }, `it is no RBF network: there is no kernel "bell"`},
		{"degree", func(m *modelio.Model) { m.Metadata["degree"] = "1e9" }, `degree "1e9": want -1 to 8`},
		{"normalised", func(m *modelio.Model) { delete(m.Metadata, "normalised") }, `normalised "": want true or false`},
		{"shape", func(m *modelio.Model) { m.Layout[0].Shape = []int{6} }, "there is no tensor centres of M×d"},
		{"tail", func(m *modelio.Model) { m.Metadata["degree"] = "2" }, "tensor readout.tail has 3 values: want 6"},
		{"NaN", func(m *modelio.Model) { m.Theta[7] = math.NaN() }, "a value is NaN"},
		{"width", func(m *modelio.Model) { m.Theta[6] = 0 }, "centre 1 has the width 0"},
		{"scale", func(m *modelio.Model) { m.Theta[len(m.Theta)-1] = 0 }, "scale 1 is 0"},
	} {
		m := modelio.FromNetwork(network(), nil)
		test.spoil(m)
		if _, err := m.Network(); !errors.Is(err, modelio.ErrFormat) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Network() = %v, want %q in it", test.name, err, test.want)
		}
	}
}
