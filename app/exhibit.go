package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// exhibit is weights from a file of another program. They are shown as if a run
// had ended with them, which nothing can be trained on. It is immutable.
type exhibit struct {
	path   string
	arrays []modelio.Array
	all    []modelio.Filters // that can be shown
	choice exhibitChoice
	units  int              // of the matrix; the first ones are shown when they are too many
	tile   dataset.Geometry // in use; zero for bars
}

// exhibitChoice is what of the file is shown, and how.
type exhibitChoice struct {
	filters   int // index into exhibit.all
	transpose bool
	columns   bool             // pixels are stored column by column
	tile      dataset.Geometry // zero: as guessed
	through   string           // the whitening matrix to look through, "" for none
}

// mostExhibited bounds the weights shown at once: 128 MB in double precision.
const mostExhibited = 1 << 24

// openExhibit reads the weights of a file and chooses what is shown first.
func openExhibit(path string) (*exhibit, error) {
	arrays, err := modelio.ReadArrays(path)
	if err != nil {
		return nil, err
	}
	e := &exhibit{path: path, arrays: arrays, all: modelio.FindFilters(arrays)}
	if len(e.all) == 0 {
		return nil, fmt.Errorf("%s: there is no two-dimensional array of numbers in it to show as filters", filepath.Base(path))
	}
	first := slices.IndexFunc(e.all, func(f modelio.Filters) bool { return weightName.MatchString(arrayName(f.Name)) })
	return e.choosing(e.first(max(first, 0))), nil
}

// first is how filters k are shown before the user says otherwise: through a
// whitening matrix where the file has one that says so by its name.
func (e *exhibit) first(k int) exhibitChoice {
	c := exhibitChoice{filters: k, columns: e.all[k].Layout == dataset.LayoutColumns}
	for _, name := range e.throughs(c) {
		if lower := strings.ToLower(name); name != e.all[k].Name && (strings.Contains(lower, "zca") || strings.Contains(lower, "white")) {
			c.through = name
		}
	}
	return c
}

// choosing returns the exhibit with another choice.
func (e *exhibit) choosing(c exhibitChoice) *exhibit {
	other := *e
	other.choice = c
	return &other
}

// arrayName is the name of the array that filters come from.
func arrayName(filters string) string {
	name, _, _ := strings.Cut(filters, ", ")
	return name
}

// throughs names the matrices that the filters chosen can be looked through.
func (e *exhibit) throughs(c exhibitChoice) []string {
	d := e.all[c.filters].Weights.Cols
	if c.transpose {
		d = e.all[c.filters].Weights.Rows
	}
	var names []string
	for _, a := range modelio.Whitenings(e.arrays, d) {
		names = append(names, a.Name)
	}
	return names
}

// weights returns the filters chosen, one a row, as pictures are drawn, and
// their tile, which is zero when they are no pictures.
func (e *exhibit) weights() (linalg.Matrix[float64], dataset.Geometry, error) {
	f, c := e.all[e.choice.filters], e.choice
	if c.transpose {
		f = f.Transposed()
	}
	if d := f.Weights.Cols; c.through != "" {
		fits := modelio.Whitenings(e.arrays, d)
		if k := slices.IndexFunc(fits, func(a modelio.Array) bool { return a.Name == c.through }); k >= 0 {
			f = f.Through(linalg.MatrixOf(d, d, fits[k].Values))
		}
	}
	if c.tile.IsImage() {
		if c.tile.Features() != f.Weights.Cols {
			return f.Weights, f.Geometry, fmt.Errorf("a tile of %s has %d pixels, and each of the %d filters %d weights",
				tileText(c.tile), c.tile.Features(), f.Weights.Rows, f.Weights.Cols)
		}
		f.Geometry = c.tile
	}
	f.Layout = dataset.LayoutRows
	if c.columns {
		f.Layout = dataset.LayoutColumns
	}
	e.units = f.Weights.Rows
	if most := max(1, mostExhibited/max(1, f.Weights.Cols)); f.Weights.Rows > most {
		f.Weights = f.Weights.Slice(0, most)
	}
	if slices.ContainsFunc(f.Weights.Data, func(v float64) bool { return v-v != 0 }) {
		return f.Weights, f.Geometry, errors.New("it has values that are not finite numbers")
	}
	return f.Arranged(), f.Geometry, nil
}

// tileText writes the size of a tile: 28×28, or 8×8×3 in colour.
func tileText(g dataset.Geometry) string {
	text := fmt.Sprintf("%d×%d", g.Width, g.Height)
	if g.Channels > 1 {
		text += fmt.Sprintf("×%d", g.Channels)
	}
	return text
}

// finished returns what shows the exhibit: a network with its weights, whose
// only example is empty.
func (e *exhibit) finished(ctx context.Context) (*finishedRun, error) {
	own := *e
	w, g, err := own.weights()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(e.path), err)
	}
	own.tile = g
	r := recipe.Default()
	r.Name, r.Title = strings.TrimSuffix(filepath.Base(e.path), filepath.Ext(e.path)), filepath.Base(e.path)
	r.Data = recipe.Data{Source: recipe.SourceFiles, Path: e.path}
	r.Model = recipe.Model{Kind: recipe.KindSparse, Hidden: w.Rows, Decoder: recipe.DecoderLinear, Rho: 0.5}
	data := &dataset.Dataset{Name: r.Title, N: 1, D: w.Cols, Geometry: g, Singles: make([]float32, w.Cols)}
	problem, err := train.PrepareData(ctx, r, data, nil, nil)
	if err != nil {
		return nil, err
	}
	theta := make([]float64, problem.Spec().Layout().Size())
	copy(theta, w.Data) // the encoder comes first; there is no more
	f := &finishedRun{problem: problem, exhibit: &own}
	f.result, f.last = train.Finished(problem, theta, 0)
	return f, nil
}

// exhibitNote says why a view is empty when weights from a file are shown, ""
// for a run.
func exhibitNote(run *activeRun, why string) string {
	if run.exhibit == nil {
		return ""
	}
	return "These weights came from " + filepath.Base(run.exhibit.path) + ": " + why + "."
}

// weightName is what arrays of weights are called; dataName is what examples are.
var (
	weightName = regexp.MustCompile(`(?i)^(w_?\d*|(.*[._ ])?weights?\d*|.*theta\d*|.*encoder.*|.*decoder.*|.*filters?\d*|.*kernels?\d*|components_?)$`)
	dataName   = regexp.MustCompile(`(?i)^(x|data|images|patches|fea|x_(train|test)|(train|test)_(images|x))$`)
)

// Bounds of a matrix that is taken for weights by its looks.
const (
	fewUnits      = 512
	fewFeatures   = 4096
	smallWeights  = 64 << 20 // bytes of a file that is read to look at its values
	leastFeatures = 16
)

// likeWeights reports whether a file of arrays seems to hold weights, not
// examples: by the names of its arrays, or because a matrix has few rows of both
// signs that are as long as an image has pixels.
func likeWeights(ctx context.Context, path string, size int64) bool {
	list, err := dataset.Variables(ctx, path)
	if err != nil {
		return false
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if list == nil { // .npy
		e, err := dataset.EstimateLoad(ctx, dataset.LoadOptions{Path: path})
		if err != nil {
			return false
		}
		list = []dataset.Variable{{Name: name, Shape: []int{e.Examples, e.Features}}}
	}
	data, small := false, false
	for _, v := range list {
		long := 0
		for _, n := range v.Shape {
			if n > 1 {
				long++
			}
		}
		if v.Fault == "" && len(v.Shape) <= 2 && weightName.MatchString(v.Name) && (long == 2 || long == 1 && len(modelio.ThetaSizes(slices.Max(v.Shape))) > 0) {
			return true
		}
		data = data || dataName.MatchString(v.Name)
		small = small || long == 2 && len(v.Shape) == 2 && v.Shape[0] <= fewUnits && leastFeatures <= v.Shape[1] && v.Shape[1] <= fewFeatures
	}
	if data || !small || size > smallWeights {
		return false
	}
	arrays, err := modelio.ReadArrays(path)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(modelio.FindFilters(arrays), func(f modelio.Filters) bool {
		w := f.Weights
		return w.Rows <= fewUnits && f.Geometry.IsImage() && f.Geometry.Features() >= leastFeatures && w.Cols <= fewFeatures &&
			slices.Min(w.Data) < 0 && slices.Max(w.Data) > 0
	})
}

// arraysFile reports whether the file may hold weights of another program.
func arraysFile(path string) bool {
	return slices.Contains(modelio.ArrayEndings(), strings.ToLower(filepath.Ext(path)))
}

// caption says what is shown, after the text about the mosaic.
func (e *exhibit) caption(text string) string {
	parts := []string{middle(e.all[e.choice.filters].Name, 40)}
	if e.choice.transpose {
		parts[0] += " transposed"
	}
	if e.choice.through != "" {
		parts[0] += " through " + e.choice.through
	}
	if text != "" {
		parts = append([]string{text}, parts...)
	}
	if most := max(1, mostExhibited/max(1, e.all[e.choice.filters].Weights.Cols)); e.units > most {
		parts = append(parts, fmt.Sprintf("the first %s of %s", thousands(most), thousands(e.units)))
	}
	return strings.Join(parts, " · ")
}
