package modelio

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Filters is a matrix of weights that can be drawn as filters: one unit a row.
type Filters struct {
	Name     string                 // the array's, or "encoder of" it
	Weights  linalg.Matrix[float64] // units × features, features as the file has them
	Geometry dataset.Geometry       // how the features form an image, a guess; zero for none
	Layout   dataset.Layout         // their order
}

// Arranged returns the weights with the pixels of each filter in the order that
// pictures are drawn in (dataset.LayoutRows).
func (f Filters) Arranged() linalg.Matrix[float64] {
	if !f.Geometry.IsImage() {
		return f.Weights
	}
	order := f.Geometry.Order(f.Layout)
	w := linalg.NewMatrix[float64](f.Weights.Rows, f.Weights.Cols)
	for i := range w.Rows {
		for j, from := range order {
			w.Set(i, j, f.Weights.At(i, from))
		}
	}
	return w
}

// Transposed returns f with units and features exchanged, and a new guess of
// the geometry.
func (f Filters) Transposed() Filters {
	f.Weights = transpose(f.Weights)
	f.Geometry = tileOf(f.Weights.Cols)
	return f
}

// Through returns f as its units see data before they were whitened with the
// matrix z: W·z.
func (f Filters) Through(z linalg.Matrix[float64]) Filters {
	w := linalg.NewMatrix[float64](f.Weights.Rows, z.Cols)
	linalg.Gemm(false, false, 1, f.Weights, z, 0, w)
	f.Weights = w
	return f
}

func transpose(m linalg.Matrix[float64]) linalg.Matrix[float64] {
	t := linalg.NewMatrix[float64](m.Cols, m.Rows)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Set(j, i, v)
		}
	}
	return t
}

// tileOf guesses the image that n features form: a square in grey, else a
// square in colour, else none.
func tileOf(n int) dataset.Geometry {
	for _, channels := range []int{1, 3} {
		side := int(math.Sqrt(float64(n/channels)) + 0.5)
		if side >= 2 && side*side*channels == n {
			return dataset.Geometry{Width: side, Height: side, Channels: channels}
		}
	}
	return dataset.Geometry{}
}

// FindFilters returns what of the arrays can be drawn as filters, the likeliest
// first: encoders of parameter vectors as UFLDL's exercises save them, then
// matrices in the order of the file. Of a matrix the rows are the units, unless
// only its columns are as long as a picture has pixels.
func FindFilters(arrays []Array) []Filters {
	var vectors, matrices []Filters
	for _, a := range arrays {
		layout := dataset.LayoutRows
		if a.Columns {
			layout = dataset.LayoutColumns
		}
		if v, ok := vector(a); ok {
			for _, s := range sizesAmong(arrays, len(v)) {
				w1, w2, _, _ := s.split(v)
				name := fmt.Sprintf("%s, %d–%d–%d", a.Name, s.Visible, s.Hidden, s.Visible)
				vectors = append(vectors,
					Filters{name + ": encoder", w1, tileOf(s.Visible), layout},
					Filters{name + ": decoder", transpose(w2), tileOf(s.Visible), layout})
			}
			continue
		}
		if len(a.Shape) != 2 || a.Shape[0] < 1 || a.Shape[1] < 2 {
			continue
		}
		f := Filters{a.Name, linalg.MatrixOf(a.Shape[0], a.Shape[1], a.Values), tileOf(a.Shape[1]), layout}
		if !f.Geometry.IsImage() && tileOf(a.Shape[0]).IsImage() {
			f = f.Transposed()
		}
		matrices = append(matrices, f)
	}
	return append(vectors, matrices...)
}

// Whitenings returns the square matrices of d×d among the arrays: a filter
// learned on whitened data may be shown through one of them.
func Whitenings(arrays []Array, d int) []Array {
	return slices.DeleteFunc(slices.Clone(arrays), func(a Array) bool {
		return len(a.Shape) != 2 || a.Shape[0] != d || a.Shape[1] != d
	})
}

// vector returns the numbers of an array of one dimension, or of n×1 or 1×n.
func vector(a Array) ([]float64, bool) {
	longer := 0
	for _, n := range a.Shape {
		if n > 1 {
			longer++
		}
	}
	return a.Values, longer == 1
}

// ThetaSize is the size of a network whose parameters are one vector
// [W1(:); W2(:); b1(:); b2(:)], column by column, as UFLDL's exercises save
// them: W1 hidden×visible, W2 visible×hidden.
type ThetaSize struct{ Visible, Hidden int }

// Limits of the networks that a vector is taken apart into: beyond them a size
// that happens to fit is a coincidence.
const (
	leastVisible = 16
	leastHidden  = 4
	mostWide     = 8  // hidden units for a visible one
	mostNarrow   = 64 // visible units for a hidden one
)

// ThetaSizes returns the networks that n parameters can be, of those whose
// visible units form a square image, grey or in colour, the one with the most
// even layers first; of a network and its mirror image the one with more visible
// units.
func ThetaSizes(n int) []ThetaSize {
	var sizes []ThetaSize
	for side := 4; side*side < n; side++ {
		for _, channels := range []int{1, 3} {
			v := side * side * channels
			h := (n - v) / (2*v + 1)
			if v >= leastVisible && h >= leastHidden && h*(2*v+1)+v == n && h <= mostWide*v && v <= mostNarrow*h {
				sizes = append(sizes, ThetaSize{v, h})
			}
		}
	}
	slices.SortStableFunc(sizes, func(a, b ThetaSize) int { return cmp.Or(cmp.Compare(a.uneven(), b.uneven()), b.Visible-a.Visible) })
	return sizes
}

// uneven tells how much the layers' sizes differ.
func (s ThetaSize) uneven() float64 {
	return float64(max(s.Hidden, s.Visible)) / float64(min(s.Hidden, s.Visible))
}

// sizesAmong is ThetaSizes with those first whose visible units a matrix of d×d
// or a vector of d among the arrays speaks for: a whitening matrix, a mean.
func sizesAmong(arrays []Array, n int) []ThetaSize {
	sizes := ThetaSizes(n)
	spoken := func(s ThetaSize) int {
		for _, a := range arrays {
			if len(a.Values) == s.Visible || len(a.Shape) == 2 && a.Shape[0] == s.Visible && a.Shape[1] == s.Visible {
				return 0
			}
		}
		return 1
	}
	slices.SortStableFunc(sizes, func(a, b ThetaSize) int { return spoken(a) - spoken(b) })
	return sizes
}

// split takes a vector apart; the matrices are copies.
func (s ThetaSize) split(theta []float64) (w1, w2 linalg.Matrix[float64], b1, b2 []float64) {
	n := s.Visible * s.Hidden
	w1 = transpose(linalg.MatrixOf(s.Visible, s.Hidden, theta[:n]))
	w2 = transpose(linalg.MatrixOf(s.Hidden, s.Visible, theta[n:2*n]))
	return w1, w2, theta[2*n : 2*n+s.Hidden], theta[2*n+s.Hidden:]
}

// FromTheta returns the network of a parameter vector of the given size, its
// visible units brought from the order of layout into ours.
func FromTheta(theta []float64, s ThetaSize, layout dataset.Layout) *Model {
	w1, w2, b1, b2 := s.split(theta)
	return assemble(w1, b1, w2, b2, layout)
}

// assemble makes a network of its parts: W1 hidden×visible, W2 visible×hidden.
func assemble(w1 linalg.Matrix[float64], b1 []float64, w2 linalg.Matrix[float64], b2 []float64, layout dataset.Layout) *Model {
	g := tileOf(w1.Cols)
	encoder := Filters{Weights: w1, Geometry: g, Layout: layout}.Arranged()
	decoder := transpose(Filters{Weights: transpose(w2), Geometry: g, Layout: layout}.Arranged())
	bias := Filters{Weights: linalg.MatrixOf(1, len(b2), b2), Geometry: g, Layout: layout}.Arranged()
	m := &Model{Precision: "float64", Geometry: g, Metadata: map[string]string{}, Layout: nn.NewLayout(
		nn.Tensor{Name: "encoder.0.weight", Shape: []int{w1.Rows, w1.Cols}}, nn.Tensor{Name: "encoder.0.bias", Shape: []int{w1.Rows}},
		nn.Tensor{Name: "decoder.0.weight", Shape: []int{w1.Cols, w1.Rows}}, nn.Tensor{Name: "decoder.0.bias", Shape: []int{w1.Cols}},
	)}
	m.Theta = slices.Concat(encoder.Data, b1, decoder.Data, bias.Data)
	return m
}

// FromArrays returns the network among the arrays of a file of another program:
// W1, b1, W2 and b2, or a vector of parameters as ThetaSize describes it, of
// the given number of hidden units if that is possible, else the likeliest of
// ThetaSizes. The error says what is missing.
func FromArrays(arrays []Array, hidden int) (*Model, error) {
	find := func(name string) (Array, bool) {
		i := slices.IndexFunc(arrays, func(a Array) bool { return a.Name == name })
		if i < 0 {
			return Array{}, false
		}
		return arrays[i], true
	}
	layoutOf := func(a Array) dataset.Layout {
		if a.Columns {
			return dataset.LayoutColumns
		}
		return dataset.LayoutRows
	}
	if w1, ok := find("W1"); ok && len(w1.Shape) == 2 {
		h, v := w1.Shape[0], w1.Shape[1]
		var parts [3][]float64
		for k, want := range []struct {
			name string
			n    int
		}{{"b1", h}, {"W2", h * v}, {"b2", v}} {
			a, ok := find(want.name)
			if !ok || len(a.Values) != want.n {
				return nil, fmt.Errorf("beside W1 of %d×%d there is no %s of %d numbers", h, v, want.name, want.n)
			}
			parts[k] = a.Values
		}
		return assemble(linalg.MatrixOf(h, v, w1.Values), parts[0], linalg.MatrixOf(v, h, parts[1]), parts[2], layoutOf(w1)), nil
	}
	for _, a := range arrays {
		theta, ok := vector(a)
		if !ok {
			continue
		}
		sizes := sizesAmong(arrays, len(theta))
		if i := slices.IndexFunc(sizes, func(s ThetaSize) bool { return s.Hidden == hidden }); i >= 0 {
			return FromTheta(theta, sizes[i], layoutOf(a)), nil
		}
		if len(sizes) > 0 {
			return FromTheta(theta, sizes[0], layoutOf(a)), nil
		}
	}
	return nil, errors.New("there is neither W1, b1, W2 and b2 in it, nor a vector of the parameters of a network")
}

// PickFilters returns the filters of that name, which may be the name of the
// array alone; without a name the encoder of a model, or the likeliest when
// there is no doubt. The error lists what there is.
func PickFilters(arrays []Array, name string) (Filters, error) {
	all := FindFilters(arrays)
	var names []string
	for _, f := range all {
		array, part, vector := strings.Cut(f.Name, ", ")
		if name == f.Name || name == array || name == "" && (f.Name == "encoder.0.weight" || vector && strings.HasSuffix(part, "encoder")) {
			return f, nil
		}
		names = append(names, f.Name)
	}
	switch {
	case len(all) == 0:
		return Filters{}, errors.New("there is no two-dimensional array in it that is not empty")
	case len(all) == 1 && name == "":
		return all[0], nil
	}
	return Filters{}, fmt.Errorf("give --tensor NAME, one of %s", strings.Join(names, "; "))
}
