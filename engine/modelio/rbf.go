package modelio

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/rbf"
)

// Names of the tensors of an RBF network. The tail has one coefficient for
// each monomial of rbf.Exponents, of coordinates (x − shift)/scale.
const (
	TensorCentres = "centres"        // M×d
	TensorWidth   = "width"          // M
	TensorWeight  = "readout.weight" // M
	TensorTail    = "readout.tail"   // P, when there is a polynomial
	TensorShift   = "readout.shift"  // d, when the coordinates are scaled
	TensorScale   = "readout.scale"
)

// Keys of the metadata of an RBF network.
const (
	keyKernel     = "kernel"
	keyDegree     = "degree"
	keyNormalised = "normalised"
)

// maxDegree bounds the polynomial of a file.
const maxDegree = 8

// FromNetwork returns a fitted network as it is stored, in float64, with the
// recipe's text. It shares no memory with n.
func FromNetwork(n *rbf.Network, recipe []byte) *Model {
	m := &Model{Recipe: recipe, Precision: "float64", Metadata: map[string]string{
		keyKernel: n.Kernel.String(), keyDegree: strconv.Itoa(n.Degree), keyNormalised: strconv.FormatBool(n.Normalised),
	}}
	c := n.Centres.Clone()
	m.Add(TensorCentres, c.Data, c.Rows, c.Cols)
	m.Add(TensorWidth, n.Widths, len(n.Widths))
	m.Add(TensorWeight, n.Weights, len(n.Weights))
	if len(n.Tail) > 0 {
		m.Add(TensorTail, n.Tail, len(n.Tail))
	}
	if len(n.Shift) > 0 {
		m.Add(TensorShift, n.Shift, len(n.Shift))
		m.Add(TensorScale, n.Scale, len(n.Scale))
	}
	return m
}

// Add appends a tensor with a copy of its values.
func (m *Model) Add(name string, values []float64, shape ...int) {
	m.Layout = append(m.Layout, nn.Tensor{Name: name, Shape: shape, Offset: len(m.Theta)})
	m.Theta = append(m.Theta, values...)
}

// Tensor returns the values and the shape of a tensor, which share the model's
// memory, and whether there is one of that name.
func (m *Model) Tensor(name string) (values []float64, shape []int, ok bool) {
	t, ok := m.Layout.Find(name)
	if !ok {
		return nil, nil, false
	}
	return m.Theta[t.Offset : t.Offset+t.Len()], t.Shape, true
}

// Network returns the RBF network that the model holds, or says what is
// missing or does not fit.
func (m *Model) Network() (*rbf.Network, error) {
	kernel, err := rbf.ParseKernel(m.Metadata[keyKernel])
	if err != nil {
		return nil, fmt.Errorf("%w: it is no RBF network: %w", ErrFormat, err)
	}
	n := &rbf.Network{Kernel: kernel}
	if n.Degree, err = strconv.Atoi(m.Metadata[keyDegree]); err != nil || n.Degree < -1 || n.Degree > maxDegree {
		return nil, fmt.Errorf("%w: degree %q: want -1 to %d", ErrFormat, m.Metadata[keyDegree], maxDegree)
	}
	if n.Normalised, err = strconv.ParseBool(m.Metadata[keyNormalised]); err != nil {
		return nil, fmt.Errorf("%w: normalised %q: want true or false", ErrFormat, m.Metadata[keyNormalised])
	}
	values, shape, ok := m.Tensor(TensorCentres)
	const most = 16 // coordinates
	if !ok || len(shape) != 2 || shape[1] < 1 || shape[1] > most {
		return nil, fmt.Errorf("%w: there is no tensor %s of M×d, d at most %d", ErrFormat, TensorCentres, most)
	}
	count, d := shape[0], shape[1]
	n.Centres = linalg.MatrixOf(count, d, slices.Clone(values))
	scaled := 0
	if _, _, ok := m.Tensor(TensorShift); ok {
		scaled = d
	}
	for _, part := range []struct {
		name string
		want int
		dst  *[]float64
	}{
		{TensorWidth, count, &n.Widths},
		{TensorWeight, count, &n.Weights},
		{TensorTail, n.Terms(), &n.Tail},
		{TensorShift, scaled, &n.Shift},
		{TensorScale, scaled, &n.Scale},
	} {
		values, _, ok := m.Tensor(part.name)
		if len(values) != part.want || !ok && part.want > 0 {
			return nil, fmt.Errorf("%w: tensor %s has %d values: want %d for %d centres of %d coordinates and degree %d",
				ErrFormat, part.name, len(values), part.want, count, d, n.Degree)
		}
		*part.dst = slices.Clone(values)
	}
	for _, v := range m.Theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: a value is %v", ErrFormat, v)
		}
	}
	if err := n.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	for i, v := range n.Scale {
		if v == 0 {
			return nil, fmt.Errorf("%w: scale %d is 0", ErrFormat, i)
		}
	}
	return n, nil
}
