package preprocess

import (
	"context"
	"fmt"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// blockElements is the number of values prepared at a time: 1 MB of float64.
const blockElements = 1 << 17

// Pipeline is the ordered list of the steps of a recipe.
type Pipeline struct {
	steps []Step
	// fullScale is Dataset.FullScale of the training data, 0 when not known.
	// Other data of known scale are brought to it, so that a model trained on
	// 8-bit images takes 16-bit ones.
	fullScale float64
	// fill is what takes the place of missing values: the means of the training data, nil
	// when those were not read as having some.
	fill []float64
}

// NewPipeline returns the pipeline of specs, not fitted yet. The error names
// the index of the step, the step, and the key.
func NewPipeline(specs []Spec) (*Pipeline, error) {
	p := &Pipeline{}
	for k, s := range specs {
		step, err := New(s)
		if err != nil {
			return nil, fmt.Errorf("preprocess.%d: %w", k, err)
		}
		p.steps = append(p.steps, step)
	}
	return p, nil
}

// Steps returns the steps, first to last.
func (p *Pipeline) Steps() []Step { return p.steps }

// Fitted reports whether the pipeline may be applied.
func (p *Pipeline) Fitted() bool {
	for _, s := range p.steps {
		if !s.Fitted() {
			return false
		}
	}
	return true
}

// Features returns the number of features that data must have, 0 for any.
func (p *Pipeline) Features() int {
	if p.fill != nil {
		return len(p.fill)
	}
	for _, s := range p.steps {
		if f := s.Features(); f > 0 {
			return f // the steps before it change no number of features
		}
	}
	return 0
}

// Outputs returns the number of features that the pipeline makes of d.
func (p *Pipeline) Outputs(d int) int {
	for _, s := range p.steps {
		d = s.Outputs(d)
	}
	return d
}

// Fit measures the training data, each step on what the steps before it make
// of them. It returns an error that names example and feature when a value is
// not a finite number, and the cause of ctx when that ends.
func (p *Pipeline) Fit(ctx context.Context, d *dataset.Dataset) error {
	if err := d.Check(); err != nil {
		return err
	}
	p.fullScale, p.fill = d.FullScale, nil
	if d.Fill != nil {
		var err error
		if p.fill, err = d.Means(); err != nil {
			return fmt.Errorf("prepare %s: %w", d.Name, err)
		}
	}
	for k, s := range p.steps {
		if err := s.Fit(&source{ctx, p, d, k}); err != nil {
			return fmt.Errorf("prepare %s, step %s: %w", d.Name, s.Name(), err)
		}
	}
	return nil
}

func blockRows(d *dataset.Dataset) int { return min(max(blockElements/d.D, 1), d.N) }

// read copies examples from first on into rows, in the units of the training
// data, and refuses values that are not finite.
func (p *Pipeline) read(d *dataset.Dataset, first int, rows linalg.Matrix[float64]) error {
	for i := range rows.Rows {
		row := rows.Row(i)
		if p.fill != nil {
			d.ReadFilled(row, first+i, p.fill)
		} else {
			d.Read(row, first+i)
		}
		if d.Bytes == nil {
			for j, v := range row {
				if v-v != 0 { // NaN or infinite
					return fmt.Errorf("example %d of %s: %s is %v: want a finite number", first+i+1, d.Name, feature(d, j), v)
				}
			}
		}
		if f := p.unit(d); f != 1 {
			for j := range row {
				row[j] *= f
			}
		}
	}
	return nil
}

// unit returns the factor from the units of d to those of the training data.
func (p *Pipeline) unit(d *dataset.Dataset) float64 {
	if p.fullScale > 0 && d.FullScale > 0 && len(p.steps) > 0 {
		return p.fullScale / d.FullScale
	}
	return 1
}

// feature names feature j for people.
func feature(d *dataset.Dataset, j int) string {
	if j < len(d.Columns) {
		return fmt.Sprintf("column %d (%s)", j+1, d.Columns[j])
	}
	return fmt.Sprintf("column %d", j+1)
}

// check returns an error when the pipeline cannot be applied to rows first to
// first+n-1 of d.
func (p *Pipeline) check(d *dataset.Dataset, first, n int) error {
	if err := d.Check(); err != nil {
		return err
	}
	features := d.D
	if p.fill != nil && len(p.fill) != features {
		return fmt.Errorf("the preprocessing was fitted on %d features, %s has %d", len(p.fill), d.Name, features)
	}
	for _, s := range p.steps {
		if !s.Fitted() {
			return fmt.Errorf("preprocessing step %s has not been fitted: give training data", s.Name())
		}
		if f := s.Features(); f != 0 && f != features {
			return fmt.Errorf("preprocessing step %s was fitted on %d features, %s has %d", s.Name(), f, d.Name, features)
		}
		features = s.Outputs(features)
		if o, ok := s.(*oneHot); ok {
			if err := o.checkLevels(d); err != nil {
				return err
			}
		}
	}
	if first < 0 || n < 0 || first+n > d.N {
		return fmt.Errorf("examples %d to %d of %s, which has %d", first, first+n, d.Name, d.N)
	}
	return nil
}

// FilterToPixels returns the weights w of a unit as they act on unwhitened
// examples: w·W for each whitening step of matrix W, else a copy of w. It
// panics when w has not one weight for each output of the pipeline.
func (p *Pipeline) FilterToPixels(w []float64) []float64 {
	out := append([]float64(nil), w...)
	for k := len(p.steps) - 1; k >= 0; k-- {
		if w, ok := p.steps[k].(*whitening); ok && w.Fitted() {
			out = w.product(out, w.whiten)
		}
	}
	return out
}

// OutputToPixels returns the weights w of a unit on the outputs of the network
// as they change the inputs: w·V for each whitening step with the inverse V,
// else a copy of w. It panics when w has not one weight for each output of the
// pipeline.
func (p *Pipeline) OutputToPixels(w []float64) []float64 {
	out := append([]float64(nil), w...)
	for k := len(p.steps) - 1; k >= 0; k-- {
		if w, ok := p.steps[k].(*whitening); ok && w.Fitted() {
			out = w.product(out, w.unwhiten)
		}
	}
	return out
}

// fillParam is the name of the parameter that keeps fill.
const fillParam = "preprocess.missing.mean"

// scaleParam is the name of the parameter that keeps fullScale; it stands
// before those of the first step.
const scaleParam = "full_scale"

// Parameters returns the fitted numbers of all steps, named
// preprocess.K.<name> with K the index of the step. A step that has not been
// fitted has none. The values are the pipeline's own.
func (p *Pipeline) Parameters() []Param {
	var all []Param
	if p.fill != nil {
		all = append(all, Param{fillParam, []int{len(p.fill)}, p.fill})
	}
	for k, s := range p.steps {
		if k == 0 && p.fullScale > 0 {
			all = append(all, Param{"preprocess.0." + scaleParam, []int{1}, []float64{p.fullScale}})
		}
		if !s.Fitted() {
			continue
		}
		for _, q := range s.Parameters() {
			q.Name = fmt.Sprintf("preprocess.%d.%s", k, q.Name)
			all = append(all, q)
		}
	}
	return all
}

// Restore puts the numbers of Parameters back, in any order; a step none of
// whose numbers are there stays unfitted. It returns an error that names the
// tensor when they do not belong to this pipeline.
func (p *Pipeline) Restore(params []Param) error {
	used := 0
	for _, q := range params {
		if q.Name == fillParam {
			if err := restore("missing values", []Param{{"mean", q.Shape, q.Values}}, wanted{"mean", []int{anyFeatures}, &p.fill}); err != nil {
				return fmt.Errorf("restore preprocessing: %w", err)
			}
			used++
		}
	}
	for k, s := range p.steps {
		prefix := fmt.Sprintf("preprocess.%d.", k)
		byName := map[string]Param{}
		for _, q := range params {
			if name, ok := strings.CutPrefix(q.Name, prefix); ok {
				q.Name = name
				byName[name] = q
				used++
			}
		}
		if q, ok := byName[scaleParam]; ok && k == 0 {
			if len(q.Values) != 1 || !(q.Values[0] > 0) || q.Values[0]-q.Values[0] != 0 {
				return fmt.Errorf("restore preprocessing: %s%s is not a number above 0", prefix, scaleParam)
			}
			p.fullScale = q.Values[0]
			delete(byName, scaleParam)
		}
		if len(byName) == 0 {
			continue
		}
		var ordered []Param
		for _, want := range s.Parameters() {
			q, ok := byName[want.Name]
			if !ok {
				return fmt.Errorf("restore preprocessing: %s%s is missing", prefix, want.Name)
			}
			ordered = append(ordered, q)
		}
		if len(ordered) != len(byName) {
			return fmt.Errorf("restore preprocessing: tensors of preprocess.%d do not belong to %s", k, s.Name())
		}
		if err := s.Restore(ordered); err != nil {
			return fmt.Errorf("restore preprocessing: %w", err)
		}
	}
	if used != len(params) {
		return fmt.Errorf("restore preprocessing: %d tensors do not belong to its %d steps", len(params)-used, len(p.steps))
	}
	return nil
}
