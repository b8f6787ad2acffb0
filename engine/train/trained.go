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

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// Trained is a model in use: its parameters together with the preprocessing
// that was fitted on its training data.
type Trained struct {
	Recipe     recipe.Recipe
	Spec       network.Spec
	Pipeline   *preprocess.Pipeline
	Geometry   dataset.Geometry
	Parameters []float64
}

// Trained returns the model that the run has learned.
func (r *Result) Trained() *Trained {
	return &Trained{
		Recipe: r.Recipe, Spec: r.Problem.Spec(), Pipeline: r.Problem.Pipeline,
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
	return t.Spec.Visible()
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
	t, err := bare(r, m, m.Geometry)
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
	case t.Pipeline.Outputs(d) != t.Spec.Visible():
		return nil, fmt.Errorf("its preprocessing gives %d features, its network takes %d", t.Pipeline.Outputs(d), t.Spec.Visible())
	case t.Geometry.IsImage() && t.Geometry.Features() != d:
		return nil, fmt.Errorf("its network takes %d features, which are no image of %d×%d", d, t.Geometry.Width, t.Geometry.Height)
	}
	return t, nil
}

// bare returns the network of m as r defines it, without its preprocessing.
// Sizes are those of the tensors where the recipe has one size to give; g is how the
// examples form an image.
func bare(r recipe.Recipe, m *modelio.Model, g dataset.Geometry) (*Trained, error) {
	if err := r.RefuseRBF(); err != nil {
		return nil, err
	}
	name := "encoder.0.weight"
	if r.Model.Kind == recipe.KindRBM {
		name = "weight"
	} else if r.Model.Kind == recipe.KindVariational && len(r.Model.Layers) == 0 {
		name = "encoder.mean.weight"
	}
	encoder, ok := m.Layout.Find(name)
	if !ok || len(encoder.Shape) != 2 || encoder.Len() == 0 {
		return nil, fmt.Errorf("there is no two-dimensional %s in it", name)
	}
	if r.Model.Has("hidden") {
		r.Model.Hidden = encoder.Shape[0]
	}
	labels := 0
	if softmax, ok := m.Layout.Find("softmax.bias"); ok {
		labels = softmax.Len()
	}
	in := network.Input{Visible: encoder.Shape[1], Classes: labels}
	if g.Features() == in.Visible {
		in.Shape = shapeOf(g)
	}
	spec, err := network.Of(r, in)
	if err := errors.Join(r.Validate(), err); err != nil {
		return nil, err
	}
	t := &Trained{Recipe: r, Spec: spec}
	t.Parameters, err = arrange(t.Spec, m)
	return t, err
}

// arrange copies the tensors of m into a parameter vector of spec, whatever
// their order in m.
func arrange(spec network.Spec, m *modelio.Model) ([]float64, error) {
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
	g := weights.Geometry
	if encoder, ok := weights.Layout.Find("encoder.0.weight"); ok && !g.IsImage() && len(encoder.Shape) == 2 {
		g = square(encoder.Shape[1])
	}
	if data != nil {
		g = data.Geometry
	}
	t, err := bare(r, weights, g)
	if err != nil {
		return nil, err
	}
	t.Geometry = square(t.Spec.Visible())
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
		if d := t.Pipeline.Outputs(data.D); d != t.Spec.Visible() {
			return nil, fmt.Errorf("the weights want %d features, %s has %d", t.Spec.Visible(), data.Name, d)
		}
	}
	if !t.Pipeline.Fitted() {
		return nil, ErrNotFitted
	}
	if d := t.Pipeline.Outputs(t.Features()); d != t.Spec.Visible() {
		return nil, fmt.Errorf("the preprocessing among the weights gives %d features, the network takes %d", d, t.Spec.Visible())
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
	r.Model = sized(r.Model, t.Recipe.Model)
	if rows := r; r.Data.PatchSize > 0 && readyMade(r.Data.Path) {
		rows.Data.PatchSize, rows.Data.Whiten = 0, false
		if data, warnings, err := LoadData(ctx, rows, progress); err == nil && data.D == t.Features() {
			return t.bound(ctx, rows, data, warnings, progress)
		}
	}
	data, warnings, err := LoadData(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	if d := t.Features(); data.D != d {
		return nil, fmt.Errorf("the model takes %d features, %s has %d", d, data.Name, data.D)
	}
	return t.bound(ctx, r, data, warnings, progress)
}

// Keeps reports whether r has the same network and preprocessing as the model.
func (t *Trained) Keeps(r recipe.Recipe) bool {
	return r.Model.Kind == t.Recipe.Model.Kind && reflect.DeepEqual(r.Model, sized(r.Model, t.Recipe.Model)) &&
		reflect.DeepEqual(r.Preprocess, t.Recipe.Preprocess)
}

// bound returns the problem of the model on data. Examples of classes that the
// model has seen without labels are set apart, and the data that it was trained
// on are split as they were then.
func (t *Trained) bound(ctx context.Context, r recipe.Recipe, data *dataset.Dataset, warnings []dataset.Warning, progress Progress) (*Problem, error) {
	p := &Problem{Recipe: r, Data: data, Pipeline: t.Pipeline, Warnings: warnings, spectra: newSpectra()}
	var err error
	if len(r.Data.Unlabelled) > 0 && data.Labels != nil {
		if p.Unlabelled, p.Data, err = setApart(data, r.Data.Unlabelled); err != nil {
			return nil, err
		}
	}
	if d := r.Data; reflect.DeepEqual(d, t.Recipe.Data) && d.Validation > 0 {
		if p.Data, p.Held, err = p.Data.Split(d.Validation, d.ValidationRandom, r.Seed); err != nil {
			return nil, err
		}
	}
	if s, ok := t.Spec.(network.Stacked); ok {
		p.classes = s.Top.Classes
	}
	return p, p.bind(ctx, progress)
}

// sized returns m with the sizes of the network that is trained already.
func sized(m, trained recipe.Model) recipe.Model {
	m.Hidden, m.Layers, m.DecoderLayers, m.Latent = trained.Hidden, trained.Layers, trained.DecoderLayers, trained.Latent
	m.Mirror, m.Tied = trained.Mirror, trained.Tied
	return m
}

// readyMade reports whether the file holds examples rather than pictures.
func readyMade(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npy", ".npz", ".csv", ".tsv":
		return true
	}
	return false
}

// Encode returns the values of a layer, an index in Spec.Layers, for the
// examples: n×units, in float64. A negative one means the codes.
func (t *Trained) Encode(p *Problem, layer int) linalg.Matrix[float64] {
	if layer < 0 {
		layer = t.Spec.Code()
	}
	x := p.rows64()
	codes := linalg.NewMatrix[float64](x.Rows, t.Spec.Layers()[layer].Units)
	network.NewNetwork[float64](t.Spec).Encode(t.Parameters, layer, x, codes)
	return codes
}

// Reconstruct returns the reconstructions of the examples, n×visible, as the
// network sees them.
func (t *Trained) Reconstruct(p *Problem) linalg.Matrix[float64] {
	x := p.rows64()
	out := linalg.NewMatrix[float64](x.Rows, t.Spec.Visible())
	network.NewNetwork[float64](t.Spec).Reconstruct(t.Parameters, x, out)
	return out
}

// Encoder returns what the units of a layer look for, units×visible, one filter
// a row; see network.Filters.
func (t *Trained) Encoder(layer int) linalg.Matrix[float64] {
	return network.Filters(t.Spec, t.Parameters, layer).Clone()
}

// Decoder returns what the units of a layer put into the output, one unit a row:
// units×visible; see network.Outgoing.
func (t *Trained) Decoder(layer int) linalg.Matrix[float64] {
	return network.Outgoing(t.Spec, t.Parameters, layer)
}

// Filters returns the filters of a layer in pixel space: one that was learned on
// whitened data is multiplied by the whitening matrix.
func (t *Trained) Filters(layer int) linalg.Matrix[float64] {
	w := t.Encoder(layer)
	pixels := linalg.NewMatrix[float64](w.Rows, t.Features())
	for i := range w.Rows {
		copy(pixels.Row(i), t.Pipeline.FilterToPixels(w.Row(i)))
	}
	return pixels
}

// rows64 returns the examples as the network sees them, in float64.
func (p *Problem) rows64() linalg.Matrix[float64] {
	if p.double != nil {
		return p.double.training.x
	}
	from := p.single.training.x
	x := linalg.NewMatrix[float64](from.Rows, from.Cols)
	linalg.Convert(x, from)
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
	terms, rhoHat := p.Evaluate(HyperOf(p.Recipe), parameters, nil)
	res := &Result{
		Problem: p, Recipe: p.Recipe, Layout: p.Spec().Layout(), Parameters: parameters,
		Phase: Done, Reason: "opened", Terms: terms, RhoHat: rhoHat, Steps: steps,
	}
	s := &Snapshot{
		Seq: 1, Phase: Done, Terms: terms, RhoHat: rhoHat, Reason: res.Reason, Step: steps, Steps: steps,
		Hyper:      HyperOf(p.Recipe),
		Parameters: linalg.Converted[float32](parameters),
	}
	return res, s
}
