package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// Trained is a model in use: its parameters together with the preprocessing
// that was fitted on its training data.
type Trained struct {
	Recipe     recipe.Recipe
	Spec       autoencoder.Sparse
	Pipeline   *preprocess.Pipeline
	Geometry   dataset.Geometry
	Parameters []float64
}

// Trained returns the model that the run has learned.
func (r *Result) Trained() *Trained {
	return &Trained{
		Recipe: r.Recipe, Spec: specOf(r.Recipe.Model, r.Problem.Visible()), Pipeline: r.Problem.Pipeline,
		Geometry: r.Problem.Data.Geometry, Parameters: r.Parameters,
	}
}

// Model returns what the run has learned in the form that is saved.
func (r *Result) Model() *modelio.Model {
	m := r.Trained().Model()
	m.Metadata["iterations"] = fmt.Sprint(r.Steps)
	m.Metadata["objective"] = fmt.Sprintf("%.17g", r.Terms.Total())
	return m
}

// Features returns the number of features that examples must have for t: what
// its preprocessing takes, of which the network sees Spec.Visible.
func (t *Trained) Features() int {
	if f := t.Pipeline.Features(); f != 0 {
		return f
	}
	return t.Spec.Visible
}

// Model returns t in the form that is saved.
func (t *Trained) Model() *modelio.Model {
	return &modelio.Model{
		Recipe: t.Recipe.Encode(), Precision: t.Recipe.Precision, Layout: t.Spec.Layout(),
		Theta: t.Parameters, Preprocess: t.Pipeline.Parameters(), Geometry: t.Geometry,
		Metadata: map[string]string{},
	}
}

// Open makes a loaded model usable.
func Open(m *modelio.Model) (*Trained, error) {
	if len(m.Recipe) == 0 {
		return nil, errors.New("no recipe is in it: it comes from another program, bring it in with filterscope import")
	}
	r, err := recipe.Parse(m.Recipe)
	if err != nil {
		return nil, fmt.Errorf("the recipe in the model: %w", err)
	}
	t, err := bare(r, m)
	if err != nil {
		return nil, err
	}
	t.Geometry = m.Geometry
	if t.Pipeline, err = preprocess.NewPipeline(r.Preprocess); err != nil {
		return nil, err
	}
	if err := t.Pipeline.Restore(m.Preprocess); err != nil {
		return nil, err
	}
	switch d := t.Features(); {
	case !t.Pipeline.Fitted():
		return nil, errors.New("the numbers of its preprocessing are missing")
	case t.Pipeline.Outputs(d) != t.Spec.Visible:
		return nil, fmt.Errorf("its preprocessing gives %d features, its network takes %d", t.Pipeline.Outputs(d), t.Spec.Visible)
	case t.Geometry.IsImage() && t.Geometry.Features() != d:
		return nil, fmt.Errorf("its network takes %d features, which are no image of %d×%d", d, t.Geometry.Width, t.Geometry.Height)
	}
	return t, nil
}

// bare returns the network of m as r defines it, without its preprocessing.
func bare(r recipe.Recipe, m *modelio.Model) (*Trained, error) {
	if err := r.RefuseRBF(); err != nil {
		return nil, err
	}
	encoder, ok := m.Layout.Find("encoder.0.weight")
	if !ok || len(encoder.Shape) != 2 || encoder.Len() == 0 {
		return nil, errors.New("there is no two-dimensional encoder.0.weight in it")
	}
	r.Model.Hidden = encoder.Shape[0]
	t := &Trained{Recipe: r, Spec: specOf(r.Model, encoder.Shape[1])}
	if err := errors.Join(r.Validate(), t.Spec.Validate()); err != nil {
		return nil, err
	}
	var err error
	t.Parameters, err = arrange(t.Spec, m)
	return t, err
}

// arrange copies the tensors of m into a parameter vector of spec, whatever
// their order in m.
func arrange(spec autoencoder.Sparse, m *modelio.Model) ([]float64, error) {
	layout := spec.Layout()
	theta := make([]float64, layout.Size())
	for _, want := range layout {
		have, ok := m.Layout.Find(want.Name)
		switch {
		case !ok:
			return nil, fmt.Errorf("tensor %s is missing: want shape %v", want.Name, want.Shape)
		case have.Len() != want.Len() || len(want.Shape) == 2 && !slices.Equal(have.Shape, want.Shape):
			return nil, fmt.Errorf("tensor %s has shape %v: want %v", want.Name, have.Shape, want.Shape)
		}
		values := m.Theta[have.Offset : have.Offset+have.Len()]
		for i, v := range values {
			if !finite(v) {
				return nil, fmt.Errorf("tensor %s, number %d (counted from 0) is %v: want a finite number", want.Name, i, v)
			}
		}
		copy(theta[want.Offset:], values)
	}
	return theta, nil
}

// Import makes a model of foreign weights: encoder.0.weight (h×v),
// encoder.0.bias, decoder.0.weight (v×h) and decoder.0.bias. The recipe says
// how the network and its preprocessing are defined. Fitted numbers of the
// preprocessing come with the weights (as in our own weights.npz) or from
// data, which may be nil when no step needs fitting.
func Import(ctx context.Context, r recipe.Recipe, weights *modelio.Model, data *dataset.Dataset) (*Trained, error) {
	t, err := bare(r, weights)
	if err != nil {
		return nil, err
	}
	t.Geometry = square(t.Spec.Visible)
	if t.Pipeline, err = preprocess.NewPipeline(r.Preprocess); err != nil {
		return nil, err
	}
	if err := t.Pipeline.Restore(weights.Preprocess); err != nil {
		return nil, err
	}
	if data != nil {
		t.Geometry = data.Geometry
		if err := t.Pipeline.Fit(ctx, data); err != nil {
			return nil, err
		}
		if d := t.Pipeline.Outputs(data.D); d != t.Spec.Visible {
			return nil, fmt.Errorf("the weights want %d features, %s has %d", t.Spec.Visible, data.Name, d)
		}
	}
	if !t.Pipeline.Fitted() {
		return nil, ErrNotFitted
	}
	if d := t.Pipeline.Outputs(t.Features()); d != t.Spec.Visible {
		return nil, fmt.Errorf("the preprocessing among the weights gives %d features, the network takes %d", d, t.Spec.Visible)
	}
	return t, nil
}

// ErrNotFitted says that preprocessing is to be fitted and there are no data.
var ErrNotFitted = errors.New("the recipe's preprocessing must be fitted on data: give --data PATH, the data the weights were learned on")

// Prepare loads the data of r and applies t's preprocessing as it was fitted
// in training, not fitted again. The network is t's whatever size r names. Of
// a model of patches, an array or a table whose rows are as long as a patch
// holds patches ready made.
func (t *Trained) Prepare(ctx context.Context, r recipe.Recipe, progress Progress) (*Problem, error) {
	r.Model.Hidden = t.Spec.Hidden
	if rows := r; r.Data.PatchSize > 0 && readyMade(r.Data.Path) {
		rows.Data.PatchSize, rows.Data.Whiten = 0, false
		if data, warnings, err := LoadData(ctx, rows, progress); err == nil && data.D == t.Features() {
			return bind(ctx, rows, data, nil, t.Pipeline, warnings, progress)
		}
	}
	data, warnings, err := LoadData(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	if d := t.Features(); data.D != d {
		return nil, fmt.Errorf("the model takes %d features, %s has %d", d, data.Name, data.D)
	}
	if d := r.Data; reflect.DeepEqual(d, t.Recipe.Data) && d.Validation > 0 { // the data it was trained on
		training, held, err := data.Split(d.Validation, d.ValidationRandom, r.Seed)
		if err != nil {
			return nil, err
		}
		return bind(ctx, r, training, held, t.Pipeline, warnings, progress)
	}
	return bind(ctx, r, data, nil, t.Pipeline, warnings, progress)
}

// readyMade reports whether the file holds examples rather than pictures.
func readyMade(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npy", ".npz", ".csv", ".tsv":
		return true
	}
	return false
}

// Encode returns the codes of the examples, n×hidden, in float64.
func (t *Trained) Encode(p *Problem) linalg.Matrix[float64] {
	x := p.rows64()
	codes := linalg.NewMatrix[float64](x.Rows, t.Spec.Hidden)
	autoencoder.Encode(t.Spec, t.Parameters, x, codes)
	return codes
}

// Reconstruct returns the reconstructions of the examples, n×visible, as the
// network sees them.
func (t *Trained) Reconstruct(p *Problem) linalg.Matrix[float64] {
	x := p.rows64()
	out := linalg.NewMatrix[float64](x.Rows, t.Spec.Visible)
	autoencoder.Reconstruct(t.Spec, t.Parameters, x, out)
	return out
}

// Encoder returns the encoder's weights, hidden×visible, one filter a row.
func (t *Trained) Encoder() linalg.Matrix[float64] {
	return nn.View(t.Parameters, t.Spec.Layout()[0]).Clone()
}

// Decoder returns the decoder's weights, one unit a row: hidden×visible.
func (t *Trained) Decoder() linalg.Matrix[float64] {
	d := nn.View(t.Parameters, t.Spec.Layout()[2])
	w := linalg.NewMatrix[float64](d.Cols, d.Rows)
	for i := range d.Rows {
		for j, v := range d.Row(i) {
			w.Set(j, i, v)
		}
	}
	return w
}

// Filters returns the encoder's weights in pixel space: a filter that was
// learned on whitened data is multiplied by the whitening matrix.
func (t *Trained) Filters() linalg.Matrix[float64] {
	w := t.Encoder()
	pixels := linalg.NewMatrix[float64](w.Rows, t.Features())
	for i := range w.Rows {
		copy(pixels.Row(i), t.Pipeline.FilterToPixels(w.Row(i)))
	}
	return pixels
}

// rows64 returns the examples as the network sees them, in float64.
func (p *Problem) rows64() linalg.Matrix[float64] {
	if p.x64.Data != nil {
		return p.x64
	}
	x := linalg.NewMatrix[float64](p.x32.Rows, p.x32.Cols)
	linalg.Convert(x, p.x32)
	return x
}

// square returns the geometry of a square grey image of n pixels, the zero
// Geometry when n is no square.
func square(n int) dataset.Geometry {
	side := int(math.Sqrt(float64(n)) + 0.5)
	if side*side != n {
		return dataset.Geometry{}
	}
	return dataset.Geometry{Width: side, Height: side, Channels: 1}
}

// ModelOf returns the model that a run of p has at the given parameters, after
// the given number of steps, in the form that is saved.
func ModelOf(p *Problem, parameters []float64, step int) *modelio.Model {
	t := &Trained{
		Recipe: p.Recipe, Spec: p.Spec(), Pipeline: p.Pipeline,
		Geometry: p.Data.Geometry, Parameters: parameters,
	}
	m := t.Model()
	m.Metadata["iterations"] = fmt.Sprint(step)
	return m
}

// Finished returns the result and the snapshot of a run of p that ended after
// the given number of steps with the given parameters: what a saved model is
// shown as.
func Finished(p *Problem, parameters []float64, steps int) (*Result, *Snapshot) {
	terms, rhoHat := p.Evaluate(p.Recipe.Model, parameters, nil)
	res := &Result{
		Problem: p, Recipe: p.Recipe, Layout: p.Spec().Layout(), Parameters: parameters,
		Phase: Done, Reason: "opened", Terms: terms, RhoHat: rhoHat, Steps: steps,
	}
	m := p.Recipe.Model
	s := &Snapshot{
		Seq: 1, Phase: Done, Terms: terms, RhoHat: rhoHat, Reason: res.Reason, Step: steps, Steps: steps,
		Hyper:      Hyper{m.Lambda, m.Beta, m.Rho, p.Recipe.Optimizer.LearningRate},
		Parameters: make([]float32, len(parameters)),
	}
	for i, v := range parameters {
		s.Parameters[i] = float32(v)
	}
	return res, s
}
