package recipe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"filterscope/engine/preprocess"
)

// Limits on sizes: beyond them a recipe is a typing mistake, not an
// experiment on a desktop.
const (
	maxHidden    = 65536
	maxPatchSize = 512
	maxCount     = 10_000_000
	maxSteps     = 10_000_000
)

// oneOfThese words a choice.
func oneOfThese(choices []string) string {
	if len(choices) == 1 {
		return choices[0]
	}
	return "one of " + strings.Join(choices, ", ")
}

// Validate returns all faults of the recipe, joined: each names its key, the
// value and what is wanted.
func (r Recipe) Validate() error {
	var faults []error
	fault := func(key string, value any, want string) {
		faults = append(faults, fmt.Errorf("%s = %v: want %s", key, value, want))
	}
	oneOf := func(key, value string, choices ...string) {
		if !slices.Contains(choices, value) {
			fault(key, fmt.Sprintf("%q", value), oneOfThese(choices))
		}
	}
	whole := func(key string, value, least, most int) {
		if value < least || value > most {
			fault(key, value, fmt.Sprintf("%d to %d", least, most))
		}
	}
	number := func(key string, value float64, ok bool, want string) {
		if !ok || math.IsNaN(value) || math.IsInf(value, 0) {
			fault(key, value, want)
		}
	}

	if r.Version != Version {
		fault("version", r.Version, fmt.Sprintf("%d, the format this program reads", Version))
	}
	if r.Seed > math.MaxInt64 { // what TOML can hold; -1 is read as a large number too
		fault("seed", r.Seed, "0 to 9223372036854775807")
	}
	oneOf("precision", r.Precision, "float32", "float64")

	d := r.Data
	oneOf("data.source", d.Source, Sources()...)
	whole("data.count", d.Count, 0, maxCount)
	whole("data.patch_size", d.PatchSize, 0, maxPatchSize)
	whole("data.images", d.Images, 0, 1000)
	if d.Source == SourceDeadLeaves && d.PatchSize == 1 {
		fault("data.patch_size", 1, "2 or more pixels")
	}
	if d.Whiten && (d.Source == SourceDigits || d.Source == SourceMNIST) {
		fault("data.whiten", true, "false: digits are not photographs to cut patches from")
	}

	for i, spec := range r.Preprocess {
		if _, err := preprocess.New(spec); err != nil {
			faults = append(faults, fmt.Errorf("preprocess.%d: %w", i, err))
		}
	}

	m := r.Model
	oneOf("model.kind", m.Kind, KindSparse)
	whole("model.hidden", m.Hidden, 1, maxHidden)
	oneOf("model.decoder", m.Decoder, DecoderSigmoid, DecoderLinear)
	number("model.lambda", m.Lambda, m.Lambda >= 0, "0 or more")
	number("model.beta", m.Beta, m.Beta >= 0, "0 or more")
	number("model.rho", m.Rho, m.Rho > 0 && m.Rho < 1, "a number between 0 and 1, for example 0.05")

	o := r.Optimizer
	oneOf("optimizer.method", o.Method, Methods()...)
	if o.Minibatch() {
		whole("optimizer.epochs", o.Epochs, 1, maxSteps)
		whole("optimizer.batch", o.Batch, 1, maxCount)
		number("optimizer.learning_rate", o.LearningRate, o.LearningRate > 0, "more than 0")
		number("optimizer.momentum", o.Momentum, o.Momentum >= 0 && o.Momentum < 1, "0 to below 1")
	} else {
		whole("optimizer.iterations", o.Iterations, 1, maxSteps)
		whole("optimizer.memory", o.Memory, 1, 1000)
	}
	return errors.Join(faults...)
}
