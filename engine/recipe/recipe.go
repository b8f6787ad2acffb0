// Package recipe is the declarative description of one run: where the data
// come from, how they are prepared, the model, the optimiser, the precision
// and the seed. Everything that determines a run is in its recipe; the window,
// the command line, the tests and saved models share it.
//
// A recipe is a TOML file with version = 1. Unknown keys are errors, and keys
// that are left out have the defaults of Default. See docs/formats.md.
package recipe

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"

	"filterscope/engine/preprocess"
)

// Version is the format version that this package reads and writes.
const Version = 1

// Recipe determines one run: the same recipe, the same data and the same build
// give the same parameters, bit for bit.
type Recipe struct {
	Version   int    `toml:"version"`
	Name      string `toml:"name"`               // short, as typed on the command line
	Title     string `toml:"title"`              // two or three words for a card
	About     string `toml:"about,omitempty"`    // one or two sentences: what this run does
	LookFor   string `toml:"look_for,omitempty"` // one sentence: what to look for in the picture
	Show      string `toml:"show,omitempty"`     // where that is to be seen, one of Shows; empty means the filters
	Seed      uint64 `toml:"seed"`               // of the initial weights, the shuffles and the synthetic data
	Precision string `toml:"precision"`          // float32 or float64

	Data       Data              `toml:"data"`
	Preprocess []preprocess.Spec `toml:"preprocess"`
	Model      Model             `toml:"model"`
	Optimizer  Optimizer         `toml:"optimizer"`
	RBF        RBF               `toml:"rbf,omitempty"` // of model.kind = "rbf", which has no data and no preprocessing
}

// Where a window shows first what a recipe does.
const (
	ShowFilters     = "filters"
	ShowCurves      = "curves"
	ShowReconstruct = "reconstruct"
	ShowPanel       = "panel" // what the kind has beside its reconstructions: chains, matrix, classes, anomalies
	ShowCodes       = "codes"
	ShowImportance  = "importance"
)

// Shows lists the valid values of show, which an RBF recipe has no use for.
func Shows() []string {
	return []string{ShowFilters, ShowCurves, ShowReconstruct, ShowPanel, ShowCodes, ShowImportance}
}

// Sources of data.
const (
	SourceDigits     = "digits"      // synthetic handwritten digits, drawn by the program
	SourceDeadLeaves = "dead-leaves" // synthetic images of occluding shapes, drawn by the program
	SourceMNIST      = "mnist"       // the MNIST files, from the user's data folder or data.path
	SourceFiles      = "files"       // the files at data.path
	SourceUniform    = "uniform"     // random numbers, evenly between 0 and 1
	SourceNormal     = "normal"      // random numbers, normal with data.mean and data.deviation
	SourcePieces     = "pieces"      // places x of the function in pieces that a selection learns
)

// Sources lists the valid values of data.source.
func Sources() []string {
	return []string{SourceDigits, SourceDeadLeaves, SourceMNIST, SourceFiles, SourceUniform, SourceNormal, SourcePieces}
}

// Data says which examples to train on.
type Data struct {
	Source string `toml:"source"`
	Path   string `toml:"path,omitempty"` // a file or a folder, for files and mnist
	// Paths are more files and folders of images, read together with Path.
	Paths     []string `toml:"paths,omitempty"`
	Count     int      `toml:"count"`                // how many examples at the most; 0 means all
	PatchSize int      `toml:"patch_size,omitempty"` // side of the patches cut from images, in pixels; 0 means whole images
	Images    int      `toml:"images,omitempty"`     // how many dead-leaves images to draw
	Whiten    bool     `toml:"whiten,omitempty"`     // filter whole images by f·exp(−(f/f0)⁴) before patches are cut (Olshausen & Field 1997)
	Colour    bool     `toml:"colour,omitempty"`     // keep red, green and blue of image files; else they become grey

	// Of random numbers: how many features, and of normal ones mean and standard
	// deviation.
	Features  int     `toml:"features,omitempty"`
	Mean      float64 `toml:"mean,omitempty"`
	Deviation float64 `toml:"deviation,omitempty"`

	// How patches are cut: with every place of all images equally likely, else
	// every image; away from the borders, in pixels; and none flatter than a
	// variance, of full intensity 1.
	PatchPooled   bool    `toml:"patch_pooled,omitempty"`
	PatchBorder   int     `toml:"patch_border,omitempty"`
	PatchVariance float64 `toml:"patch_variance,omitempty"`

	// What to take of a file that holds several things: an array of a .mat or
	// .npz by name, the train or test split, the column of a table with the
	// classes ("none" for none); whether an array's columns, not its rows, are
	// the examples, and in which order it has the pixels of an image; whether
	// text in a table means categories.
	Variable   string `toml:"variable,omitempty"`
	Split      string `toml:"split,omitempty"`
	Label      string `toml:"label,omitempty"`
	Columns    bool   `toml:"columns,omitempty"`
	Layout     string `toml:"layout,omitempty"` // rows, planes or columns
	Categories bool   `toml:"categories,omitempty"`
	// Missing says what becomes of a table's cells without a value: refuse (the
	// default), mean of the column's values among the training examples, or skip the line.
	Missing string `toml:"missing,omitempty"`

	// Unlabelled are classes whose examples only pre-training sees; the others have
	// their labels (self-taught learning).
	Unlabelled []int `toml:"unlabelled,omitempty"`

	// Validation is the share of the examples that is not trained on but
	// measured at the end, 0 for none: the last ones, as Keras takes them, or
	// with ValidationRandom some drawn by the seed.
	Validation       float64 `toml:"validation,omitempty"`
	ValidationRandom bool    `toml:"validation_random,omitempty"`
}

// Parse reads a recipe from TOML text. A syntax error names its line; an
// unknown key or a value outside its limits is an error that names the key.
func Parse(text []byte) (Recipe, error) {
	r := DefaultOf(kindIn(text))
	r.RBF = DefaultRBF()
	meta, err := toml.NewDecoder(bytes.NewReader(text)).Decode(&r)
	if err != nil {
		return Recipe{}, plainError(text, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		names := make([]string, len(unknown))
		for i, key := range unknown {
			names[i] = key.String()
		}
		return Recipe{}, fmt.Errorf("unknown key %s", strings.Join(names, ", "))
	}
	if !meta.IsDefined("version") {
		return Recipe{}, errors.New("version is missing: a recipe starts with version = 1")
	}
	if !r.IsRBF() {
		if !meta.IsDefined("rbf") {
			r.RBF = RBF{}
		}
		for _, key := range meta.Keys() {
			if key[0] == "model" && len(key) == 2 && !r.Model.Has(key[1]) {
				return r, foreignKey(key.String(), r.Model.Kind)
			}
		}
		return r, r.Validate()
	}
	for _, key := range meta.Keys() { // Keys that would be without effect.
		if head := key[0]; head == "data" || head == "preprocess" || head == "model" && len(key) == 2 && key[1] != "kind" {
			return r, fmt.Errorf("%s does not belong in a recipe of kind %s: what it fits is in the [rbf] table", key, KindRBF)
		}
	}
	if !meta.IsDefined("precision") {
		r.Precision = "float64"
	}
	if !meta.IsDefined("rbf", "smoothing") {
		r.RBF.Smoothing = smoothingOf(r.RBF.Task)
	}
	return r, r.Validate()
}

// plainError words an error of the TOML reader for people: the line, the key,
// what is wrong.
func plainError(text []byte, err error) error {
	if syntax, ok := errors.AsType[toml.ParseError](err); ok {
		// The reader counts the line break that a fault stopped at.
		line := syntax.Position.Line
		if at := syntax.Position.Start; at > 0 && at <= len(text) {
			line = min(line, 1+bytes.Count(text[:at], []byte("\n")))
		}
		return fmt.Errorf("line %d: %s", line, syntax.Message)
	}
	message := strings.TrimPrefix(err.Error(), "toml: ")
	if found := typeFault.FindStringSubmatch(message); found != nil {
		return fmt.Errorf("%s: %s: want %s, not %s", found[1], found[2], kindNames[found[4]], kindNames[found[3]])
	}
	return errors.New(message)
}

// typeFault is how the TOML reader says that a value is of a wrong kind.
var typeFault = regexp.MustCompile(`^(line \d+) \(last key "(.+)"\): incompatible types: TOML value has type (\w+); destination has type (\w+)$`)

// kindNames names the kinds of values in typeFault.
var kindNames = map[string]string{
	"int64": "a whole number", "integer": "a whole number", "float64": "a number with a fraction", "float": "a number",
	"string": "text", "bool": "true or false", "boolean": "true or false", "slice": "a list",
}

// Encode returns the recipe as TOML text; Parse reads it back exactly.
func (r Recipe) Encode() []byte {
	var b bytes.Buffer
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	if err := enc.Encode(r.written()); err != nil {
		panic("recipe: Encode: " + err.Error()) // every field is a plain value
	}
	return b.Bytes()
}

// WithData returns the recipe with the data at path in place of its own.
func (r Recipe) WithData(path string) Recipe {
	if r.IsRBF() {
		r.RBF.Path = path
		return r
	}
	if r.Data.Source != SourceMNIST {
		r.Data.Source = SourceFiles
	}
	r.Data.Path, r.Data.Paths = path, nil
	return r
}
