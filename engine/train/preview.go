package train

import (
	"context"
	"fmt"
	"math"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// previewExamples is how many examples a preview is fitted on and measured
// over.
const previewExamples = 4000

// HistogramBins is the number of bins of a stage's histogram.
const HistogramBins = 64

// Preview shows what the preprocessing of a recipe does to its data, step by
// step. It is measured over some of the examples, spread evenly.
type Preview struct {
	Recipe   recipe.Recipe
	Data     *dataset.Dataset // all examples
	Examples []int            // those that were looked at
	Stages   []Stage          // as loaded, then after each step
	Advice   []string         // where steps, data and model disagree; one sentence each
}

// Stage is the examples after one step.
type Stage struct {
	Name     string // of the step; "as loaded" for the first
	Rows     linalg.Matrix[float64]
	Geometry dataset.Geometry // zero when the features form no image

	Low, High, Mean, Deviation float64            // of all values
	Histogram                  [HistogramBins]int // of all values, over [Low, High]
	FeatureMean                []float64          // of each feature
	FeatureDeviation           []float64
}

// NewPreview fits the preprocessing of r on some examples of data and applies
// it to them. It returns an error when a step cannot be fitted, and the cause
// of ctx when that ends.
func NewPreview(ctx context.Context, r recipe.Recipe, data *dataset.Dataset) (*Preview, error) {
	n := min(data.N, previewExamples)
	p := &Preview{Recipe: r, Data: data, Examples: make([]int, n)}
	for k := range p.Examples {
		p.Examples[k] = int(int64(k) * int64(data.N) / int64(n))
	}
	some := data
	if n < data.N {
		some = data.Gather(p.Examples)
	}
	pipeline, err := preprocess.NewPipeline(r.Preprocess)
	if err != nil {
		return nil, err
	}
	if err := pipeline.Fit(ctx, some); err != nil {
		return nil, err
	}
	all := make([]int, n)
	for k := range all {
		all[k] = k
	}
	rows, err := pipeline.Stages(some, all)
	if err != nil {
		return nil, err
	}
	for k, x := range rows {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s := Stage{Name: "as loaded", Rows: x}
		if k > 0 {
			s.Name = pipeline.Steps()[k-1].Name()
		}
		if x.Cols == data.D {
			s.Geometry = data.Geometry
		}
		s.measure()
		p.Stages = append(p.Stages, s)
	}
	p.Advice = p.advise()
	return p, nil
}

// measure fills in the statistics of the stage.
func (s *Stage) measure() {
	x := s.Rows
	s.Low, s.High = math.Inf(1), math.Inf(-1)
	s.FeatureMean, s.FeatureDeviation = make([]float64, x.Cols), make([]float64, x.Cols)
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			s.FeatureMean[j] += v / float64(x.Rows)
			s.Low, s.High = min(s.Low, v), max(s.High, v)
		}
	}
	for _, m := range s.FeatureMean {
		s.Mean += m / float64(x.Cols)
	}
	bins := HistogramBins / (s.High - s.Low)
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			s.FeatureDeviation[j] += (v - s.FeatureMean[j]) * (v - s.FeatureMean[j])
			s.Deviation += (v - s.Mean) * (v - s.Mean)
			bin := 0
			if s.High > s.Low {
				bin = min(int((v-s.Low)*bins), HistogramBins-1)
			}
			s.Histogram[bin]++
		}
	}
	s.Deviation = math.Sqrt(s.Deviation / float64(x.Rows*x.Cols))
	for j, q := range s.FeatureDeviation {
		s.FeatureDeviation[j] = math.Sqrt(q / float64(x.Rows))
	}
}

// Constant returns the number of features that never vary.
func (s *Stage) Constant() int {
	n := 0
	for j, d := range s.FeatureDeviation {
		if d <= 1e-9*math.Abs(s.FeatureMean[j]) {
			n++
		}
	}
	return n
}

// outputs is how far from the outputs' limits values may lie before a preview
// speaks of it.
const outputs = 1e-6

// advise says where steps, data and model disagree.
func (p *Preview) advise() []string {
	var says []string
	last := &p.Stages[len(p.Stages)-1]
	whitens := p.Recipe.Data.Whiten
	for k, s := range p.Stages[1:] {
		before := &p.Stages[k]
		switch s.Name {
		case preprocess.PCA, preprocess.ZCA:
			whitens = true
			if len(p.Examples) < before.Rows.Cols {
				says = append(says, fmt.Sprintf("%s is measured on %d examples of %d features: with fewer examples than features it fits noise; take more examples or smaller patches",
					s.Name, len(p.Examples), before.Rows.Cols))
			}
		case preprocess.Binarise:
			if s.Low == s.High {
				says = append(says, fmt.Sprintf("binarise makes every value %g, since they lie in %.4g to %.4g: put a scale step before it, or change its threshold", s.Low, before.Low, before.High))
			}
		}
	}
	if p.Recipe.Model.Decoder == recipe.DecoderSigmoid && (last.Low < -outputs || last.High > 1+outputs) {
		says = append(says, fmt.Sprintf("sigmoid output but data outside [0, 1] (%.3g to %.3g): what lies outside cannot be reconstructed; add scale or ufldl-normalise as the last step, or choose a linear decoder",
			last.Low, last.High))
	}
	if p.Recipe.Model.Decoder != recipe.DecoderSigmoid && last.Deviation > 20 {
		says = append(says, fmt.Sprintf("values of standard deviation %.3g: training would be slow or diverge; add scale or standardise", last.Deviation))
	}
	if p.Recipe.Data.PatchSize > 0 && !whitens && p.Recipe.Model.Kind == recipe.KindSparse {
		says = append(says, "no whitening: expect blobs, not edges; whiten the images, or add a zca step")
	}
	if last.Deviation < 1e-3*max(1, math.Abs(last.Mean)) {
		says = append(says, fmt.Sprintf("the values hardly vary (standard deviation %.2g around %.4g): predicting the mean is nearly perfect and learning any more takes very long; add standardise-example or standardise",
			last.Deviation, last.Mean))
	}
	return says
}
