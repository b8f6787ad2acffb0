package app

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// addData adds the fields of the data. open opens the dialog for the user's own.
func (f *form) addData(open func()) {
	f.section("Data", nil)
	f.source, f.count = widgets.NewValueRow("Source"), widgets.NewValueRow("Loaded")
	drawn := func(r recipe.Recipe) bool { return r.Data.Source != recipe.SourcePieces }
	f.row(formRow{object: f.source})
	f.row(formRow{object: f.count})
	f.examples = f.whole("Examples", 0, 10_000_000, "How many examples to train on at the most; 0 means all",
		func(r *recipe.Recipe) *int { return &r.Data.Count }, nil)
	f.whole("Patch", 2, 512, "Side in pixels of the square patches cut from the images",
		func(r *recipe.Recipe) *int { return &r.Data.PatchSize }, func(r recipe.Recipe) bool { return r.Data.PatchSize > 0 })
	random := func(sources ...string) func(recipe.Recipe) bool {
		return func(r recipe.Recipe) bool { return slices.Contains(sources, r.Data.Source) }
	}
	f.whole("Features", 1, 100_000, "Numbers in an example", func(r *recipe.Recipe) *int { return &r.Data.Features }, random(recipe.SourceUniform, recipe.SourceNormal))
	f.real(widgets.NumberSpec{Label: "Mean", Min: -1e9, Max: 1e9}, "Of the random numbers", func(r *recipe.Recipe) *float64 { return &r.Data.Mean }, random(recipe.SourceNormal))
	f.real(widgets.NumberSpec{Label: "Deviation", MinOpen: true, Max: 1e9}, "Standard deviation of the random numbers",
		func(r *recipe.Recipe) *float64 { return &r.Data.Deviation }, random(recipe.SourceNormal))
	f.colour = f.checkOf("Colour", "Keep red, green and blue; patches are ZCA-whitened then and the decoder is linear",
		func(r recipe.Recipe) bool { return r.Data.Colour }, setColour, mayBeColoured)
	f.labels = widgets.NewSelectRow("Labels", nil, func(option string) {
		label := option
		switch option {
		case labelsByName:
			label = ""
		case labelsNone:
			label = "none"
		}
		f.edit(func(r *recipe.Recipe) { r.Data.Label = label })
	})
	f.labels.SetTip("The column of the table with the classes, which is not learned from (makes a new run)")
	f.labels.SetBadge(badgeNew)
	f.row(formRow{object: f.labels, shown: func(recipe.Recipe) bool { return f.tabular }})
	f.choice("Missing cells", "What becomes of cells of the table without a value: the mean of the column takes their place, or their line is left out",
		func(recipe.Recipe) []option { return missingOptions },
		func(r recipe.Recipe) string { return cmp.Or(r.Data.Missing, missingOptions[0].value) },
		func(r *recipe.Recipe, v string) { r.Data.Missing = v },
		func(r recipe.Recipe) bool { return f.tabular || r.Data.Missing != "" })
	f.prepare = f.choice("Prepare", "What happens to the examples before the network sees them",
		func(r recipe.Recipe) []option {
			var options []option
			for _, name := range prepareOptions(r) {
				options = append(options, option{name, name})
			}
			return options
		},
		func(r recipe.Recipe) string { return prepareText(r.Preprocess) },
		func(r *recipe.Recipe, name string) {
			for _, p := range preparations() {
				if p.label == name {
					r.Preprocess = p.steps
				}
			}
		}, drawn)
	f.real2("ε whitening", 100, "Added to the eigenvalues before whitening: larger values smooth the noise away", epsilonOf, setEpsilon)
	button := widgets.NewActionButton("Open your own…", nil, open)
	button.SetTip("Open an image, a folder of images, IDX, NPY or CSV files (Ctrl+O), or drop them on the window")
	f.row(formRow{object: button, shown: drawn})
}

// missingOptions are what can become of missing cells.
var missingOptions = []option{{"refuse", "refused"}, {"mean", "the column’s mean"}, {"skip", "leave the line out"}}

// real2 adds a field for a number that the recipe may not have.
func (f *form) real2(label string, most float64, tip string, get func(recipe.Recipe) *float64, set func(*recipe.Recipe, float64)) {
	f.number(widgets.NumberSpec{Label: label, Max: most}, tip, func(r recipe.Recipe) float64 {
		if v := get(r); v != nil {
			return *v
		}
		return 0
	}, set, func(r recipe.Recipe) bool { return get(r) != nil })
}

// showData writes what the data are.
func (f *form) showData(r recipe.Recipe, data *dataset.Dataset) {
	f.source.SetValue(middle(sourceText(r), 18))
	loaded := "not yet"
	if data != nil {
		loaded = fmt.Sprintf("%s × %d", thousands(data.N), data.D)
		if data.Geometry.IsImage() {
			loaded = fmt.Sprintf("%s, %d×%d px", thousands(data.N), data.Geometry.Width, data.Geometry.Height)
		}
	}
	f.count.SetValue(loaded)
	f.labels.SetOptions(labelOptions(r, data))
	f.labels.SetSelected(labelChoice(r))
	f.tabular = data != nil && data.Columns != nil && r.Data.Source == recipe.SourceFiles && len(data.Columns) <= mostColumns
}

// preparation is a choice of preprocessing steps in the form.
type preparation struct {
	label string
	steps []preprocess.Spec
}

// preparations are the chains of steps that the form offers.
func preparations() []preparation {
	return []preparation{
		{"none", nil},
		{"scale to [0, 1]", []preprocess.Spec{{Step: "scale"}}},
		{"UFLDL normalise", []preprocess.Spec{{Step: "ufldl-normalise"}}},
		{"remove DC", []preprocess.Spec{{Step: "remove-dc"}}},
		{"ZCA whitening", []preprocess.Spec{{Step: "scale"}, {Step: "remove-dc"}, {Step: "zca", Epsilon: new(0.1)}}},
		{"ZCA, UFLDL", []preprocess.Spec{{Step: "scale"}, {Step: "remove-dc"}, {Step: "zca", Epsilon: new(0.1)}, {Step: "ufldl-normalise"}}},
		{"H2O normalise", []preprocess.Spec{{Step: preprocess.H2ONormalise}}},
		{"standardise", []preprocess.Spec{{Step: preprocess.Standardise}}},
		{"standardise each", []preprocess.Spec{{Step: preprocess.StandardiseExample}}},
		{"binarise", []preprocess.Spec{{Step: preprocess.Scale}, {Step: preprocess.Binarise}}},
	}
}

// What the form says of the label column when it names none.
const (
	labelsByName = "by its name"
	labelsNone   = "none"
)

// mostColumns is how many columns of a table the form lists.
const mostColumns = 200

// labelOptions lists what the label column of a table can be.
func labelOptions(r recipe.Recipe, data *dataset.Dataset) []string {
	options := []string{labelsByName, labelsNone}
	if data != nil && len(data.Columns) <= mostColumns {
		options = append(options, data.Columns...)
	}
	if own := r.Data.Label; own != "" && own != "none" && !slices.Contains(options, own) {
		options = append(options, own) // which is no feature while it is the label
	}
	return options
}

// labelChoice is the option of the recipe.
func labelChoice(r recipe.Recipe) string {
	switch r.Data.Label {
	case "":
		return labelsByName
	case "none":
		return labelsNone
	}
	return r.Data.Label
}

// mayBeColoured reports whether the recipe reads image files.
func mayBeColoured(r recipe.Recipe) bool {
	d := r.Data
	return d.Source == recipe.SourceFiles && !arraysFile(d.Path) && (d.PatchSize > 0 || pictureName(d.Path))
}

// setColour keeps the colours of images or not. Patches in colour are prepared
// and modelled as in UFLDL's exercise on linear decoders.
func setColour(r *recipe.Recipe, on bool) {
	r.Data.Colour = on
	if !on || r.Data.PatchSize == 0 || r.Model.Decoder == recipe.DecoderLinear {
		return
	}
	r.Data.Whiten = false
	r.Preprocess = []preprocess.Spec{{Step: preprocess.Scale}, {Step: preprocess.SubtractMean}, {Step: preprocess.ZCA, Epsilon: new(0.1)}}
	r.Model = recipe.Model{Kind: recipe.KindSparse, Hidden: max(r.Model.Hidden, colourHidden), Decoder: recipe.DecoderLinear, Lambda: 3e-3, Beta: 5, Rho: 0.035}
}

// colourHidden is how many units colour patches want at least: edges in black
// and white, and as many colours.
const colourHidden = 100

// epsilonOf returns the ε of the recipe's whitening, nil when it has none.
func epsilonOf(r recipe.Recipe) *float64 {
	for _, s := range r.Preprocess {
		if s.Step == preprocess.ZCA {
			if s.Epsilon == nil {
				return new(preprocess.DefaultEpsilon)
			}
			return s.Epsilon
		}
	}
	return nil
}

// setEpsilon changes the ε of the recipe's whitening. The steps are copied:
// other recipes may share them.
func setEpsilon(r *recipe.Recipe, v float64) {
	r.Preprocess = slices.Clone(r.Preprocess)
	for i, s := range r.Preprocess {
		if s.Step == preprocess.ZCA {
			r.Preprocess[i].Epsilon = &v
		}
	}
}

// sourceText names the data of a recipe in a few letters.
func sourceText(r recipe.Recipe) string {
	switch {
	case len(r.Data.Paths) > 0:
		return fmt.Sprintf("%d files", len(r.Data.Paths))
	case r.Data.Path != "":
		return filepath.Base(r.Data.Path)
	case r.Data.Source == recipe.SourceDigits:
		return "synthetic digits"
	case r.Data.Source == recipe.SourceDeadLeaves:
		return "dead leaves"
	case r.Data.Source == recipe.SourceMNIST:
		return "MNIST"
	case r.Data.Source == recipe.SourceUniform, r.Data.Source == recipe.SourceNormal:
		return "random numbers"
	case r.Data.Source == recipe.SourcePieces:
		return "a function"
	}
	return "yours: open a file"
}

// prepareText is the label of the steps, or their names when no choice of the
// form has them.
func prepareText(steps []preprocess.Spec) string {
	names := func(steps []preprocess.Spec) string {
		var all []string
		for _, s := range steps {
			all = append(all, s.Step)
		}
		return strings.Join(all, ", ")
	}
	for _, p := range preparations() {
		if names(p.steps) == names(steps) {
			return p.label
		}
	}
	return names(steps)
}

// prepareOptions lists the choices, with the recipe's own steps among them.
func prepareOptions(r recipe.Recipe) []string {
	own := prepareText(r.Preprocess)
	var options []string
	for _, p := range preparations() {
		if p.label == own {
			own = ""
		}
		options = append(options, p.label)
	}
	if own != "" {
		options = append(options, own)
	}
	return options
}
