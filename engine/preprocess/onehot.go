package preprocess

import (
	"fmt"
	"hash/fnv"
	"slices"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// oneHot writes each category of a column as a feature of its own, 1 where it
// is the example's and 0 elsewhere. As in H2O-3 (DataInfo) the categorical
// columns come first, those of many categories before those of few, then the
// columns of numbers in their order. A value that is no category of its column
// gives zeros. The inverse takes the category of the largest value.
type oneHot struct {
	sizes []float64 // of each column: the number of its categories, 0 for numbers; nil before Fit
	names []float64 // of each column: a hash of its categories
}

var _ Step = (*oneHot)(nil)

func (o *oneHot) Name() string  { return OneHot }
func (o *oneHot) Fitted() bool  { return o.sizes != nil }
func (o *oneHot) Features() int { return len(o.sizes) }

func (o *oneHot) Outputs(d int) int {
	if !o.Fitted() {
		return d
	}
	n := 0
	for _, k := range o.sizes {
		n += max(int(k), 1)
	}
	return n
}

// indicators returns the number of outputs that stand for categories; they come
// first.
func (o *oneHot) indicators() int {
	n := 0
	for _, k := range o.sizes {
		n += int(k)
	}
	return n
}

func (o *oneHot) Fit(src Source) error {
	_, d := src.Size()
	o.sizes, o.names = make([]float64, d), make([]float64, d)
	for j, levels := range src.Levels() {
		o.sizes[j], o.names[j] = float64(len(levels)), hashOf(levels)
	}
	return nil
}

// hashOf returns a number below 2⁴⁸ that tells lists of names apart.
func hashOf(names []string) float64 {
	if len(names) == 0 {
		return 0
	}
	h := fnv.New64a()
	for _, n := range names {
		fmt.Fprintf(h, "%q ", n)
	}
	return float64(h.Sum64() >> 16)
}

// checkLevels returns an error when the categories of d are not those of the
// training data: their numbers would mean something else.
func (o *oneHot) checkLevels(d *dataset.Dataset) error {
	for j := range o.sizes {
		var levels []string
		if j < len(d.Levels) {
			levels = d.Levels[j]
		}
		if hashOf(levels) != o.names[j] {
			return fmt.Errorf("%s of %s: its categories are not those of the training data", feature(d, j), d.Name)
		}
	}
	return nil
}

// order returns the columns in the order of the outputs.
func (o *oneHot) order() []int {
	columns := make([]int, len(o.sizes))
	for j := range columns {
		columns[j] = j
	}
	slices.SortStableFunc(columns, func(a, b int) int { return int(o.sizes[b]) - int(o.sizes[a]) })
	return columns
}

func (o *oneHot) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](rows.Rows, o.Outputs(rows.Cols))
	at := 0
	for _, j := range o.order() {
		k := int(o.sizes[j])
		for i := range rows.Rows {
			v := rows.At(i, j)
			switch {
			case k == 0:
				out.Set(i, at, v)
			case v >= 0 && int(v) < k && v == float64(int(v)):
				out.Set(i, at+int(v), 1)
			}
		}
		at += max(k, 1)
	}
	return out
}

func (o *oneHot) Invert(rows, _ linalg.Matrix[float64]) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](rows.Rows, len(o.sizes))
	at := 0
	for _, j := range o.order() {
		k := int(o.sizes[j])
		for i := range rows.Rows {
			v := rows.At(i, at)
			if k > 0 {
				part := rows.Row(i)[at : at+k]
				v = float64(slices.Index(part, slices.Max(part)))
			}
			out.Set(i, j, v)
		}
		at += max(k, 1)
	}
	return out
}

func (o *oneHot) Parameters() []Param {
	d := len(o.sizes)
	return []Param{{"categories", []int{d}, o.sizes}, {"names", []int{d}, o.names}}
}

func (o *oneHot) Restore(params []Param) error {
	err := restore(OneHot, params, wanted{"categories", []int{anyFeatures}, &o.sizes}, wanted{"names", []int{anyFeatures}, &o.names})
	for _, k := range o.sizes {
		if k < 0 || k > 1<<20 || k != float64(int(k)) {
			o.sizes = nil
			return fmt.Errorf("%s: %v categories", OneHot, k)
		}
	}
	return err
}

// OneHotNames returns the names of the features that one-hot makes of columns
// with those names and levels (nil for none): column.category, and the names of
// columns of numbers as they are.
func OneHotNames(columns []string, levels [][]string) []string {
	o := &oneHot{sizes: make([]float64, len(columns))}
	for j := range columns {
		if j < len(levels) {
			o.sizes[j] = float64(len(levels[j]))
		}
	}
	var names []string
	for _, j := range o.order() {
		if o.sizes[j] == 0 {
			names = append(names, columns[j])
			continue
		}
		for _, level := range levels[j] {
			names = append(names, columns[j]+"."+level)
		}
	}
	return names
}
