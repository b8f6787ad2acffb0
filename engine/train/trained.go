package train

import (
	"context"
	"fmt"
	"math"

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
		Recipe: r.Recipe, Spec: specOf(r.Recipe.Model, r.Problem.Data.D), Pipeline: r.Problem.Pipeline,
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
	r, err := recipe.Parse(m.Recipe)
	if err != nil {
		return nil, fmt.Errorf("the recipe in the model: %w", err)
	}
	encoder, ok := m.Layout.Find("encoder.0.weight")
	if !ok || len(encoder.Shape) != 2 {
		return nil, fmt.Errorf("the model has no encoder.0.weight")
	}
	r.Model.Hidden = encoder.Shape[0]
	t := &Trained{Recipe: r, Spec: specOf(r.Model, encoder.Shape[1]), Geometry: m.Geometry}
	if t.Pipeline, err = preprocess.NewPipeline(r.Preprocess); err != nil {
		return nil, err
	}
	if err := t.Pipeline.Restore(m.Preprocess); err != nil {
		return nil, err
	}
	if t.Parameters, err = arrange(t.Spec, m); err != nil {
		return nil, err
	}
	return t, nil
}

// arrange copies the tensors of m into a parameter vector of spec, whatever
// their order in m.
func arrange(spec autoencoder.Sparse, m *modelio.Model) ([]float64, error) {
	layout := spec.Layout()
	theta := make([]float64, layout.Size())
	for _, want := range layout {
		have, ok := m.Layout.Find(want.Name)
		if !ok || have.Len() != want.Len() {
			return nil, fmt.Errorf("tensor %s of shape %v is missing", want.Name, want.Shape)
		}
		copy(theta[want.Offset:want.Offset+want.Len()], m.Theta[have.Offset:have.Offset+have.Len()])
	}
	return theta, nil
}

// Import makes a model of foreign weights: encoder.0.weight (h×v),
// encoder.0.bias, decoder.0.weight (v×h) and decoder.0.bias. The recipe says
// how the network and its preprocessing are defined; steps that must be fitted
// are fitted on data, which may be nil when there are none.
func Import(ctx context.Context, r recipe.Recipe, weights *modelio.Model, data *dataset.Dataset) (*Trained, error) {
	encoder, ok := weights.Layout.Find("encoder.0.weight")
	if !ok || len(encoder.Shape) != 2 {
		return nil, fmt.Errorf("there is no two-dimensional encoder.0.weight among the weights")
	}
	r.Model.Hidden = encoder.Shape[0]
	spec := specOf(r.Model, encoder.Shape[1])
	theta, err := arrange(spec, weights)
	if err != nil {
		return nil, err
	}
	t := &Trained{Recipe: r, Spec: spec, Parameters: theta, Geometry: square(encoder.Shape[1])}
	if t.Pipeline, err = preprocess.NewPipeline(r.Preprocess); err != nil {
		return nil, err
	}
	if data != nil {
		if data.D != spec.Visible {
			return nil, fmt.Errorf("the weights want %d features, %s has %d", spec.Visible, data.Name, data.D)
		}
		t.Geometry = data.Geometry
		if err := t.Pipeline.Fit(ctx, data); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Prepare loads the data of r and applies t's preprocessing as it was fitted
// in training, not fitted again.
func (t *Trained) Prepare(ctx context.Context, r recipe.Recipe, progress Progress) (*Problem, error) {
	data, warnings, err := LoadData(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	if data.D != t.Spec.Visible {
		return nil, fmt.Errorf("the model takes %d features, %s has %d", t.Spec.Visible, data.Name, data.D)
	}
	return bind(ctx, r, data, t.Pipeline, warnings, progress)
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
	for i := range w.Rows {
		copy(w.Row(i), t.Pipeline.FilterToPixels(w.Row(i)))
	}
	return w
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
