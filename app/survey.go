package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// reading says what files of arrays are taken for.
type reading int

const (
	readGuess   reading = iota // by their looks
	readData                   // examples
	readWeights                // weights to look at
)

// survey is what a look at files finds, before they are loaded.
type survey struct {
	paths    []string
	weights  bool // arrays of weights, to be shown as they are
	material material
	choose   *dataset.ChooseError // not nil: which array is the data?
}

// material is what a recipe has to suit.
type material struct {
	pictures bool // to cut patches from
	table    bool // numbers that form no image
	features int  // of a table, 0 when they are not known
	ready    bool // pictures whose values are whitened already

	categories bool   // some columns of a table are text
	label      string // the column with the classes, when it is the only one of text
}

// Bounds of a first look.
const (
	sampleExamples = 200
	sampleBytes    = 256 << 20 // data that take more are not read twice
	pictureSide    = 48        // smaller images are examples as they are
)

// surveyOf looks at what is there.
func surveyOf(ctx context.Context, paths []string, as reading, variable string) (survey, error) {
	s := survey{paths: paths}
	pictures := 0
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			if len(paths) > 1 {
				continue // loading names it
			}
			return s, fmt.Errorf("%s is not there, or may not be read", path)
		}
		if picturesAt(path) {
			pictures++
		}
	}
	if s.material.pictures = pictures > 0; s.material.pictures || len(paths) > 1 {
		return s, nil
	}
	path := paths[0]
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return s, nil
	}
	if arraysFile(path) {
		s.weights = as == readWeights || as == readGuess && likeWeights(ctx, path, info.Size())
	}
	if s.weights {
		return s, nil
	}
	s.material, err = materialOf(ctx, path, variable)
	if choose, ok := errors.AsType[*dataset.ChooseError](err); ok {
		s.choose = choose
	}
	if ctx.Err() != nil {
		return s, context.Cause(ctx)
	}
	return s, nil // loading tells better what is wrong
}

// materialOf looks at the first examples of a file.
func materialOf(ctx context.Context, path, variable string) (m material, err error) {
	o := dataset.LoadOptions{Path: path, Variable: variable}
	e, err := dataset.EstimateLoad(ctx, o)
	if err != nil {
		return m, err
	}
	if e.Exact && e.Peak > sampleBytes {
		return material{features: e.Features}, nil
	}
	o.Count = sampleExamples
	d, _, err := dataset.Load(ctx, o)
	if err != nil { // a table may have columns of text
		if d, m.categories, err = tableOf(ctx, o); err != nil {
			return m, err
		}
		if m.categories {
			m.label = textColumn(d)
		}
	}
	g := d.Geometry
	m.pictures = g.IsImage() && min(g.Width, g.Height) >= pictureSide
	m.ready = m.pictures && d.FullScale == 0
	m.table, m.features = !g.IsImage(), d.D
	return m, nil
}

// tableOf loads a table that has columns of text, or missing cells, or both, and
// reports whether it has text.
func tableOf(ctx context.Context, o dataset.LoadOptions) (d *dataset.Dataset, text bool, err error) {
	for _, o.Missing = range []string{"refuse", "mean"} {
		for _, o.Categories = range []bool{false, true} {
			if d, _, err = dataset.Load(ctx, o); err == nil {
				return d, o.Categories, nil
			}
		}
	}
	return nil, false, err
}

// textColumn names the only column of text of a table, "" when there are several:
// that of the classes, as a rule.
func textColumn(d *dataset.Dataset) string {
	name := ""
	for j, levels := range d.Levels {
		switch {
		case levels == nil:
		case name != "":
			return ""
		case d.Columns != nil:
			name = d.Columns[j]
		default:
			name = strconv.Itoa(j + 1)
		}
	}
	return name
}

// Names of the recipes that suit data of a kind.
const (
	suitsPictures = "ufldl-patches"
	suitsDigits   = "ufldl-mnist"
	suitsTable    = "table"
)

// suit returns a recipe for the data at the paths: the present one when it is
// about files of the same kind already, otherwise UFLDL's for photographs or for
// digits, or one for tables.
func suit(r recipe.Recipe, paths []string, m material) recipe.Recipe {
	own := r.Data.Source == recipe.SourceFiles || r.Data.Source == recipe.SourceMNIST
	if !own || r.IsRBF() || m.pictures != (r.Data.PatchSize > 0) || m.table != (r.Name == suitsTable) {
		r = recipeFor(m)
	}
	if m.pictures && m.ready {
		r.Data.Whiten = false
	}
	if m.table && m.features > 0 {
		r.Model.Hidden = min(r.Model.Hidden, halfOf(m.features))
	}
	r.Data.Variable, r.Data.Columns, r.Data.Layout, r.Data.Missing = "", false, "", "" // of the file before
	r.Data.Label, r.Data.Categories = m.label, m.categories
	oneHot := func(s preprocess.Spec) bool { return s.Step == preprocess.OneHot }
	if text := m.categories && m.label == ""; text && !slices.ContainsFunc(r.Preprocess, oneHot) {
		r.Preprocess = append([]preprocess.Spec{{Step: preprocess.OneHot}}, r.Preprocess...)
	} else if !text {
		r.Preprocess = slices.DeleteFunc(slices.Clone(r.Preprocess), oneHot)
	}
	r = r.WithData(paths[0])
	if len(paths) > 1 {
		r.Data.Path, r.Data.Paths = "", paths
		r.Data.Source = recipe.SourceFiles
	}
	return r
}

// recipeFor returns the recipe for a kind of data.
func recipeFor(m material) recipe.Recipe {
	if m.table {
		return tableRecipe(m.features)
	}
	name := suitsDigits
	if m.pictures {
		name = suitsPictures
	}
	r, err := recipe.Open(name)
	if err != nil {
		panic("app: recipeFor: " + err.Error()) // built in
	}
	r.Data.Source = recipe.SourceFiles
	return r
}

// Bounds of the hidden layer for tables.
const leastHidden, mostHidden = 2, 64

func halfOf(features int) int { return min(max((features+1)/2, leastHidden), mostHidden) }

// tableRecipe is a bottleneck of half the features, which are standardised: what
// the columns have in common remains.
func tableRecipe(features int) recipe.Recipe {
	r := recipe.Default()
	r.Name, r.Title = suitsTable, "A table"
	r.About = "A bottleneck of half as many units as the table has columns, each column brought to mean 0 and standard deviation 1."
	r.LookFor = "Bars that stand out together: columns that vary together."
	r.Data = recipe.Data{Source: recipe.SourceFiles}
	r.Preprocess = []preprocess.Spec{{Step: preprocess.Standardise}}
	r.Model = recipe.Model{Kind: recipe.KindSparse, Hidden: halfOf(features), Decoder: recipe.DecoderLinear, Lambda: 1e-3, Beta: 0, Rho: 0.1}
	if features == 0 {
		r.Model.Hidden = mostHidden / 4
	}
	r.Optimizer.Iterations = 200
	return r
}

// pathsText names what was opened in a few letters.
func pathsText(paths []string) string {
	if len(paths) == 1 {
		return filepath.Base(paths[0])
	}
	return fmt.Sprintf("%d files", len(paths))
}
