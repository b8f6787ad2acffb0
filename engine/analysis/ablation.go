package analysis

import (
	"fmt"

	"filterscope/engine/linalg"
)

// Ablation tells which units of a code matter: by how much the squared error of
// the reconstruction, summed over the features and averaged over the examples,
// rises when a unit no longer tells examples apart. Negative values are of units
// that do harm.
//
// Units that say the same thing each look unimportant, because the other is
// still there.
type Ablation struct {
	Error    float64   // with all units as they are
	Increase []float64 // of each unit that was asked for

	Sizes         []int       // examples of each class; nil without labels, as the next two
	ClassErrors   []float64   // as Error, over the examples of a class; 0 for an empty one
	ClassIncrease [][]float64 // class × unit, as Increase
}

// Classes tells to which class each example belongs.
type Classes struct {
	Labels []int // one an example; those outside 0 to Count-1 belong to none. nil for no classes
	Count  int
}

// MeanCode returns the mean of each unit over the codes, n×h: what AblateLinear
// and Ablate put in the place of a unit to leave out what it says of an example
// and nothing else.
func MeanCode[T linalg.Float](codes linalg.Matrix[T]) []float64 {
	mean := make([]float64, codes.Cols)
	for i := range codes.Rows {
		for j, v := range codes.Row(i) {
			mean[j] += float64(v)
		}
	}
	if codes.Rows > 0 {
		linalg.Scale(1/float64(codes.Rows), mean)
	}
	return mean
}

// AblateLinear measures all units at once for a decoder of one linear layer.
// With residual r = x̂−x, replacing a_j by value_j changes the squared error by
// 2δ·r·w_j + δ²·‖w_j‖², δ = value_j − a_j, so one product R·W serves all.
//
// codes is n×h, residual n×d, decoder d×h, and values holds what takes the place
// of each unit: MeanCode or zeros. It panics when shapes do not fit.
func AblateLinear[T linalg.Float](codes, residual, decoder linalg.Matrix[T], values []float64, c Classes) *Ablation {
	n, h := codes.Rows, codes.Cols
	if residual.Rows != n || decoder.Rows != residual.Cols || decoder.Cols != h {
		panic(fmt.Sprintf("analysis: AblateLinear: codes %d×%d, residual %d×%d, decoder %d×%d",
			n, h, residual.Rows, residual.Cols, decoder.Rows, decoder.Cols))
	}
	checkAblation("AblateLinear", n, h, values, c)
	norms := make([]float64, h)
	for i := range decoder.Rows {
		for j, w := range decoder.Row(i) {
			norms[j] += float64(w) * float64(w)
		}
	}
	t := newTally(h, c)
	products := linalg.NewMatrix[T](min(n, blockRows), h)
	for from := 0; from < n; from += blockRows {
		rows := residual.Slice(from, min(from+blockRows, n))
		p := products.Slice(0, rows.Rows)
		linalg.Gemm(false, false, 1, rows, decoder, 0, p)
		for i := range rows.Rows {
			sums, product := t.of(from+i, linalg.Squares(rows.Row(i))), p.Row(i)
			for j, a := range codes.Row(from + i) {
				delta := values[j] - float64(a)
				sums[j] += delta * (2*float64(product[j]) + delta*norms[j])
			}
		}
	}
	return t.result()
}

// Ablate measures the given units, or all when units is nil, for any decoder:
// decode returns the n×d reconstruction of n×h codes, in memory that may be its
// own, and is called once a unit and once more. x is n×d, and values holds what
// takes the place of each of the h units.
// It panics when shapes do not fit or a unit is not one of the code.
func Ablate[T linalg.Float](
	codes, x linalg.Matrix[T], decode func(codes linalg.Matrix[T]) linalg.Matrix[T], values []float64, units []int, c Classes,
) *Ablation {
	n, h := codes.Rows, codes.Cols
	checkAblation("Ablate", n, h, values, c)
	if units == nil {
		units = make([]int, h)
		for j := range units {
			units[j] = j
		}
	}
	errorsOf := func(z linalg.Matrix[T]) []float64 {
		out := decode(z)
		sameShape("Ablate", x, out)
		return SquaredErrors(x, out)
	}
	z := codes.Clone()
	whole := errorsOf(z)
	if len(whole) != n {
		panic(fmt.Sprintf("analysis: Ablate: %d examples for %d codes", len(whole), n))
	}
	t := newTally(len(units), c)
	for i, e := range whole {
		t.of(i, e)
	}
	for k, j := range units {
		if j < 0 || j >= h {
			panic(fmt.Sprintf("analysis: Ablate: unit %d of %d", j, h))
		}
		for i := range n {
			z.Set(i, j, T(values[j]))
		}
		for i, e := range errorsOf(z) {
			t.row(i)[k] += e - whole[i]
		}
		for i := range n {
			z.Set(i, j, codes.At(i, j))
		}
	}
	return t.result()
}

func checkAblation(name string, n, h int, values []float64, c Classes) {
	if len(values) != h || c.Labels != nil && len(c.Labels) != n {
		panic(fmt.Sprintf("analysis: %s: %d values for %d units, %d labels for %d examples", name, len(values), h, len(c.Labels), n))
	}
}

// tally adds up an ablation by class; the last row is of examples in none.
type tally struct {
	classes Classes
	sizes   []int
	errs    []float64
	sums    [][]float64
}

func newTally(units int, c Classes) *tally {
	if c.Labels == nil {
		c.Count = 0
	}
	t := &tally{classes: c, sizes: make([]int, c.Count+1), errs: make([]float64, c.Count+1), sums: make([][]float64, c.Count+1)}
	for k := range t.sums {
		t.sums[k] = make([]float64, units)
	}
	return t
}

func (t *tally) class(example int) int {
	if t.classes.Labels != nil {
		if l := t.classes.Labels[example]; l >= 0 && l < t.classes.Count {
			return l
		}
	}
	return t.classes.Count
}

// row returns the sums that an example's increases go to.
func (t *tally) row(example int) []float64 { return t.sums[t.class(example)] }

// of counts an example with its error and returns its row.
func (t *tally) of(example int, err float64) []float64 {
	k := t.class(example)
	t.sizes[k]++
	t.errs[k] += err
	return t.sums[k]
}

func (t *tally) result() *Ablation {
	a := &Ablation{Increase: make([]float64, len(t.sums[0]))}
	n := 0
	for k, sums := range t.sums {
		n += t.sizes[k]
		a.Error += t.errs[k]
		for j, v := range sums {
			a.Increase[j] += v
		}
	}
	scale := 1 / float64(max(n, 1))
	a.Error *= scale
	linalg.Scale(scale, a.Increase)
	if t.classes.Labels == nil {
		return a
	}
	last := t.classes.Count
	a.Sizes, a.ClassErrors, a.ClassIncrease = t.sizes[:last], t.errs[:last], t.sums[:last]
	for k, size := range a.Sizes {
		a.ClassErrors[k] /= float64(max(size, 1))
		linalg.Scale(1/float64(max(size, 1)), a.ClassIncrease[k])
	}
	return a
}
