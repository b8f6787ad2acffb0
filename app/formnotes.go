package app

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
	"filterscope/engine/rbm"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// spanOf is between which values data lie; the zero value when nobody knows.
type spanOf struct {
	low, high float64
	measured  bool // of the data, not said by the steps that prepare them
}

func (s spanOf) known() bool { return s.low < s.high }

// spanMeasured is how many examples are looked at for the span of data.
const spanMeasured = 500

// measureSpan returns the span of what a network sees of the first examples.
func measureSpan(p *train.Problem) spanOf {
	rows := make([]int, min(spanMeasured, p.Data.N))
	for i := range rows {
		rows[i] = i
	}
	low, high := limits(p.Examples(rows))
	return spanOf{low, high, true}
}

func limits(x linalg.Matrix[float32]) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range x.Data {
		low, high = min(low, float64(v)), max(high, float64(v))
	}
	return low, high
}

// span returns between which values the data of a recipe lie: measured on the
// run when that has the same data, otherwise as the last step that prepares them
// leaves them.
func (w *Window) span(r recipe.Recipe) spanOf {
	run := w.session.run
	if run != nil && run.exhibit == nil {
		of := run.problem.Recipe
		if reflect.DeepEqual(of.Data, r.Data) && reflect.DeepEqual(of.Preprocess, r.Preprocess) {
			if !run.span.known() {
				run.span = measureSpan(run.problem)
			}
			return run.span
		}
	}
	return stepSpan(r)
}

// stepSpan is the span that the last step promises.
func stepSpan(r recipe.Recipe) spanOf {
	if len(r.Preprocess) == 0 {
		if r.Data.Source == recipe.SourceUniform {
			return spanOf{low: 0, high: 1}
		}
		return spanOf{}
	}
	switch r.Preprocess[len(r.Preprocess)-1].Step {
	case preprocess.Scale, preprocess.UFLDLNormalise, preprocess.Binarise:
		return spanOf{low: 0, high: 1}
	case preprocess.H2ONormalise:
		return spanOf{low: -1, high: 1}
	case preprocess.Standardise, preprocess.StandardiseExample, preprocess.SubtractMean, preprocess.RemoveDC, preprocess.PCA, preprocess.ZCA:
		return spanOf{low: math.Inf(-1), high: math.Inf(1)}
	}
	return spanOf{}
}

// showNotes writes what does not fit together in the recipe.
func (f *form) showNotes(r recipe.Recipe, seen spanOf) {
	f.unreachable.SetText(cmp.Or(unreachable(r, seen), unseen(r, seen)))
	f.unfit.SetText(unfit(r))
}

// unfit is what is wrong with a recipe in one sentence, "" when nothing is.
func unfit(r recipe.Recipe) string {
	err := r.Validate()
	if err == nil {
		return ""
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	for _, table := range []string{"model.", "optimizer.", "data."} {
		first = strings.TrimPrefix(first, table)
	}
	return capital(strings.ReplaceAll(first, ": want ", ": it wants ")) + "."
}

// unreachable says which values of the data the output layer cannot give, ""
// when it can give all of them.
func unreachable(r recipe.Recipe, seen spanOf) string {
	var output nn.Activation
	if !seen.known() || !r.Model.Has("decoder") || output.UnmarshalText([]byte(r.Model.Decoder)) != nil {
		return ""
	}
	const slack = 1e-6 // of numbers in float32
	low, high := output.Range()
	below, above := seen.low < low-slack, seen.high > high+slack
	if !below && !above {
		return ""
	}
	name := capital(labelOf(formOptions([]string{r.Model.Decoder}), r.Model.Decoder))
	limit := ""
	switch {
	case below && above:
		limit = fmt.Sprintf("outside %s to %s", number(low), number(high))
	case below:
		limit = "below " + number(low)
	default:
		limit = "above " + number(high)
	}
	why := ""
	switch {
	case below && low == 0 && centredOn(r) != "":
		why = ": every value below " + centredOn(r) + " is unreachable"
	case seen.measured && below && above:
		why = fmt.Sprintf(": the data go from %s to %s", number(seen.low), number(seen.high))
	case seen.measured && below:
		why = fmt.Sprintf(": the data go down to %s", number(seen.low))
	case seen.measured:
		why = fmt.Sprintf(": the data go up to %s", number(seen.high))
	}
	return fmt.Sprintf("%s cannot reconstruct values %s%s. A linear output can.", name, limit, why)
}

// Above this rate contrastive divergence with Gaussian visible units diverges:
// Hinton (2010), A practical guide to training restricted Boltzmann machines,
// section 13.2, has it one or two orders of magnitude below that of binary ones.
const gaussianRate = 0.01

// unseen says what the visible units of a Boltzmann machine want of the data and
// of the rate, "" when they have it.
func unseen(r recipe.Recipe, seen spanOf) string {
	if r.Model.Kind != recipe.KindRBM {
		return ""
	}
	const slack = 1e-6
	if r.Model.VisibleUnits == rbm.Binary.String() && seen.known() && (seen.low < -slack || seen.high > 1+slack) {
		return "Binary visible units stand for values from 0 to 1. Gaussian ones can stand for any."
	}
	if r.Model.VisibleUnits != rbm.Gaussian.String() {
		return ""
	}
	var wants []string
	if !slices.ContainsFunc(r.Preprocess, func(s preprocess.Spec) bool { return slices.Contains(unitSteps, s.Step) }) {
		wants = append(wants, "data of mean 0 and deviation 1 (Prepare: standardise)")
	}
	if r.Optimizer.LearningRate > gaussianRate {
		wants = append(wants, fmt.Sprintf("a rate of %v or less", gaussianRate))
	}
	if len(wants) == 0 {
		return ""
	}
	return "Gaussian visible units want " + strings.Join(wants, ", and ") + "."
}

// unitSteps bring data to mean 0 and deviation 1, or near it.
var unitSteps = []string{preprocess.Standardise, preprocess.StandardiseExample, preprocess.ZCA, preprocess.PCA}

// number writes a number with three digits and a true minus sign.
func number(v float64) string {
	text := fmt.Sprintf("%.3g", math.Abs(v))
	if v < 0 {
		return "−" + text
	}
	return text
}

// centredOn names what the last step makes 0 of, "" for nothing.
func centredOn(r recipe.Recipe) string {
	if len(r.Preprocess) == 0 {
		return ""
	}
	switch r.Preprocess[len(r.Preprocess)-1].Step {
	case preprocess.H2ONormalise, preprocess.Standardise, preprocess.SubtractMean:
		return "a column’s mean"
	case preprocess.RemoveDC, preprocess.StandardiseExample:
		return "an example’s mean"
	}
	return ""
}
