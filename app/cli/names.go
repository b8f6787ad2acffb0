package cli

import (
	"fmt"
	"strconv"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// columnNames returns prefix0, prefix1, …
func columnNames(prefix string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = prefix + strconv.Itoa(i)
	}
	return names
}

// codeNames returns the names of the units of a layer, -1 for the codes: those
// of a deep autoencoder as H2O names deep features.
func codeNames(t *train.Trained, layer, units int) []string {
	if t.Recipe.Model.Kind != recipe.KindDeep {
		return columnNames("unit", units)
	}
	if layer < 0 {
		layer = t.Spec.Code()
	}
	return h2oNames(fmt.Sprintf("DF.L%d.C", layer+1), units)
}

// h2oNames returns prefix1, prefix2, …: H2O counts from 1.
func h2oNames(prefix string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = prefix + strconv.Itoa(i+1)
	}
	return names
}

// featureNames names the features that the network sees, as H2O does: a column
// by its name, a category as column.category, and C1, C2, … without names.
func featureNames(p *train.Problem) []string {
	seen, columns := p.Visible(), p.Data.Columns
	if columns == nil {
		columns = h2oNames("C", p.Data.D)
	}
	steps := p.Recipe.Preprocess
	if len(steps) > 0 && steps[0].Step == preprocess.OneHot {
		columns = preprocess.OneHotNames(columns, p.Data.Levels)
	}
	if len(columns) != seen { // made anew, by PCA
		return h2oNames("C", seen)
	}
	return columns
}

// reconstructionNames names reconstructions in the units of the data: those of
// a table as H2O does.
func reconstructionNames(p *train.Problem) []string {
	if p.Data.Geometry.IsImage() {
		return columnNames("x", p.Data.D)
	}
	columns := p.Data.Columns
	if columns == nil {
		columns = h2oNames("C", p.Data.D)
	}
	return affix("reconstr_", columns, "")
}

// categories returns the names of the categories of the columns that the
// preprocessing takes as such, nil when it does not.
func categories(p *train.Problem) [][]string {
	if steps := p.Recipe.Preprocess; len(steps) > 0 && steps[0].Step == preprocess.OneHot {
		return p.Data.Levels
	}
	return nil
}

func affix(before string, names []string, after string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = before + name + after
	}
	return all
}
