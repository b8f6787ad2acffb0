package app

import (
	"slices"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

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
