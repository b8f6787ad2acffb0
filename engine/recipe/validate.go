package recipe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"filterscope/engine/preprocess"
)

// MostUnits is how many units a layer may have. What fits in memory is judged
// by package train, which knows the data.
const MostUnits = 100_000_000

// Limits on sizes: beyond them a recipe is a typing mistake, not an
// experiment on a desktop.
const (
	maxPatchSize = 512
	maxCount     = 10_000_000
	maxSteps     = 10_000_000
)

// Missings lists the values of data.missing; none given is the first.
func Missings() []string { return []string{"refuse", "mean", "skip"} }

// oneOfThese words a choice.
func oneOfThese(choices []string) string {
	if len(choices) == 1 {
		return choices[0]
	}
	return "one of " + strings.Join(choices, ", ")
}

// validator gathers faults: each names its key, the value and what is wanted.
type validator struct{ faults []error }

func (v *validator) fault(key string, value any, want string) {
	v.faults = append(v.faults, fmt.Errorf("%s = %v: want %s", key, value, want))
}

func (v *validator) oneOf(key, value string, choices ...string) {
	if !slices.Contains(choices, value) {
		v.fault(key, fmt.Sprintf("%q", value), oneOfThese(choices))
	}
}

func (v *validator) whole(key string, value, least, most int) {
	if value < least || value > most {
		v.fault(key, value, fmt.Sprintf("%d to %d", least, most))
	}
}

func (v *validator) number(key string, value float64, ok bool, want string) {
	if !ok || math.IsNaN(value) || math.IsInf(value, 0) {
		v.fault(key, value, want)
	}
}

// Validate returns all faults of the recipe, joined: each names its key, the
// value and what is wanted.
func (r Recipe) Validate() error {
	v := &validator{}
	if r.Version != Version {
		v.fault("version", r.Version, fmt.Sprintf("%d, the format this program reads", Version))
	}
	if r.Seed > math.MaxInt64 { // what TOML can hold; -1 is read as a large number too
		v.fault("seed", r.Seed, "0 to 9223372036854775807")
	}
	v.oneOf("precision", r.Precision, "float32", "float64")
	if r.Show != "" {
		v.oneOf("show", r.Show, Shows()...)
	}

	v.oneOf("model.kind", r.Model.Kind, Kinds()...)
	if r.IsRBF() {
		r.RBF.validate(v)
		if r.RBF.TrainByGradient {
			r.Optimizer.validate(v)
		}
	} else {
		r.validateTraining(v)
	}
	return errors.Join(v.faults...)
}

// validateTraining reports the faults of what only a trained network has.
func (r Recipe) validateTraining(v *validator) {
	if r.RBF != (RBF{}) {
		v.fault("model.kind", fmt.Sprintf("%q", r.Model.Kind), KindRBF+" where there is an [rbf] table")
	}
	d := r.Data
	v.oneOf("data.source", d.Source, Sources()...)
	v.whole("data.count", d.Count, 0, maxCount)
	v.whole("data.patch_size", d.PatchSize, 0, maxPatchSize)
	v.whole("data.images", d.Images, 0, 1000)
	v.whole("data.patch_border", d.PatchBorder, 0, 10000)
	v.number("data.patch_variance", d.PatchVariance, d.PatchVariance >= 0 && d.PatchVariance <= 0.25, "0 to 0.25")
	if d.Layout != "" {
		v.oneOf("data.layout", d.Layout, "rows", "planes", "columns")
	}
	if d.Split != "" {
		v.oneOf("data.split", d.Split, "train", "test")
	}
	if d.Missing != "" {
		v.oneOf("data.missing", d.Missing, Missings()...)
	}
	v.number("data.validation", d.Validation, d.Validation >= 0 && d.Validation < 1, "0 to less than 1, a share of the examples")
	if d.Source == SourceUniform || d.Source == SourceNormal {
		v.whole("data.features", d.Features, 1, 100_000)
	}
	v.number("data.mean", d.Mean, true, "a number")
	v.number("data.deviation", d.Deviation, d.Deviation >= 0 && (d.Deviation > 0 || d.Source != SourceNormal), "more than 0")
	for _, class := range d.Unlabelled {
		v.whole("data.unlabelled", class, 0, 1<<20)
	}
	if d.Source == SourceDeadLeaves && d.PatchSize == 1 {
		v.fault("data.patch_size", 1, "2 or more pixels")
	}
	if d.Whiten && (d.Source == SourceDigits || d.Source == SourceMNIST) {
		v.fault("data.whiten", true, "false: digits are not photographs to cut patches from")
	}

	if selects := r.Model.Kind == KindSelection; selects != (d.Source == SourcePieces) {
		v.fault("data.source", fmt.Sprintf("%q", d.Source), "pieces with model.kind = \"selection\", and only there")
	}
	if r.Model.Kind == KindSelection && len(r.Preprocess) > 0 {
		v.fault("preprocess", len(r.Preprocess), "no steps: a selection learns a function of x as it is")
	}
	for i, spec := range r.Preprocess {
		if _, err := preprocess.New(spec); err != nil {
			v.faults = append(v.faults, fmt.Errorf("preprocess.%d: %w", i, err))
		}
	}

	r.Model.validate(v)
	if r.Optimizer.Patience > 0 && r.Model.Kind == KindStacked {
		v.fault("optimizer.patience", r.Optimizer.Patience, "0: the stages of a stacked autoencoder have losses of their own")
	}
	if r.Optimizer.Schedule.Name == "plateau" && r.Model.Kind == KindStacked && r.Optimizer.Minibatch() {
		v.fault("optimizer.schedule.name", `"plateau"`, "another schedule: the stages of a stacked autoencoder have losses of their own")
	}
	if r.Model.MaxW2 > 0 && !r.Optimizer.Minibatch() {
		v.fault("model.max_w2", r.Model.MaxW2, fmt.Sprintf("0, or a minibatch method: the line search of %s cannot keep to a limit", r.Optimizer.Method))
	}
	if r.Model.Kind == KindRBM && r.Optimizer.Method != MethodSGD {
		v.fault("optimizer.method", fmt.Sprintf("%q", r.Optimizer.Method), "sgd: a Boltzmann machine has no objective whose value another method could use")
	}
	r.Optimizer.validate(v)
}
