package train

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/dataset/deadleaves"
	"filterscope/engine/dataset/digits"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// Progress is told how far a lengthy piece of work is: done of total, and of
// what. It may be called from any goroutine.
type Progress func(done, total int, what string)

// Problem is a recipe with its data loaded, prepared and ready to train on.
// It is immutable and may serve several runs.
type Problem struct {
	Recipe     recipe.Recipe
	Data       *dataset.Dataset // as loaded, the examples to train on
	Held       *dataset.Dataset // those to validate with; nil for none
	Unlabelled *dataset.Dataset // those that only pre-training sees; nil for none
	Pipeline   *preprocess.Pipeline
	Warnings   []dataset.Warning // files that could not be used, and why

	spec      network.Spec
	classes   int     // that a read-out tells apart
	low, high float64 // the values of salt and pepper, where the network has such
	// What the network sees, in the precision of the recipe; the other is nil.
	single  *sets[float32]
	double  *sets[float64]
	spectra *spectra
}

// Prepare loads or draws the data of r, fits its preprocessing on them and
// applies it. It ends early with the cause of ctx when that ends.
func Prepare(ctx context.Context, r recipe.Recipe, progress Progress) (*Problem, error) {
	data, warnings, err := LoadData(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	return PrepareData(ctx, r, data, warnings, progress)
}

// PrepareData is Prepare for data that are loaded already.
func PrepareData(ctx context.Context, r recipe.Recipe, data *dataset.Dataset, warnings []dataset.Warning, progress Progress) (*Problem, error) {
	pipeline, err := preprocess.NewPipeline(r.Preprocess)
	if err != nil {
		return nil, err
	}
	p := &Problem{Recipe: r, Data: data, Pipeline: pipeline, Warnings: warnings, spectra: newSpectra()}
	if len(r.Data.Unlabelled) > 0 {
		if p.Unlabelled, p.Data, err = setApart(data, r.Data.Unlabelled); err != nil {
			return nil, err
		}
	}
	p.classes = classes(p.Data)
	if d := r.Data; d.Validation > 0 {
		if p.Data, p.Held, err = p.Data.Split(d.Validation, d.ValidationRandom, r.Seed); err != nil {
			return nil, err
		}
	}
	if progress != nil && len(r.Preprocess) > 0 {
		progress(0, 0, "measuring the data for "+r.Preprocess[len(r.Preprocess)-1].Step)
	}
	fitted := p.Data
	if p.Unlabelled != nil {
		fitted = p.Unlabelled
	}
	if err := pipeline.Fit(ctx, fitted); err != nil {
		return nil, err
	}
	if err := p.afford(); err != nil {
		return nil, err
	}
	if err := p.bind(ctx, progress); err != nil {
		return nil, err
	}
	if err := p.Suits(); err != nil {
		return nil, err
	}
	return p, nil
}

// bind makes the network and applies the fitted pipeline to the data.
func (p *Problem) bind(ctx context.Context, progress Progress) (err error) {
	if p.spec, err = network.Of(p.Recipe, p.input()); err != nil {
		return err
	}
	tell := func(done, total int) {
		if progress != nil {
			progress(done, total, "examples prepared")
		}
	}
	if p.Recipe.Precision == "float64" {
		p.double, err = prepare[float64](ctx, p, tell)
	} else {
		p.single, err = prepare[float32](ctx, p, tell)
	}
	if d, ok := p.spec.(network.Deep); err != nil || !ok || d.Model.Corruption != autoencoder.SaltAndPepper {
		return err
	}
	if p.double != nil {
		p.low, p.high = extremes(p.double.training.x)
	} else {
		p.low, p.high = extremes(p.single.training.x)
	}
	p.spec, err = network.Of(p.Recipe, p.input())
	return err
}

// extremes returns the least and the largest value of x.
func extremes[T linalg.Float](x linalg.Matrix[T]) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range x.Rows {
		row := x.Row(i)
		low, high = min(low, float64(slices.Min(row))), max(high, float64(slices.Max(row)))
	}
	return low, high
}

// LoadData loads or draws the data of r, unprepared.
func LoadData(ctx context.Context, r recipe.Recipe, progress Progress) (*dataset.Dataset, []dataset.Warning, error) {
	if err := r.RefuseRBF(); err != nil {
		return nil, nil, err
	}
	if progress == nil {
		progress = func(int, int, string) {}
	}
	if err := affordDrawn(r); err != nil {
		return nil, nil, err
	}
	d := r.Data
	switch d.Source {
	case recipe.SourceDigits:
		n := orDefault(d.Count, defaultDrawn)
		data, err := digits.Generate(ctx, n, r.Seed, func(done int) { progress(done, n, "digits drawn") })
		return data, nil, err
	case recipe.SourcePieces:
		return pieces(r), nil, nil
	case recipe.SourceUniform, recipe.SourceNormal:
		return random(r), nil, nil
	case recipe.SourceDeadLeaves:
		options := deadleaves.Default()
		options.Images, options.Whiten = orDefault(d.Images, options.Images), d.Whiten
		data, err := deadleaves.Patches(ctx, orDefault(d.Count, defaultDrawn), orDefault(d.PatchSize, defaultPatch), r.Seed, options)
		return data, nil, err
	}
	options, err := FileOptions(r)
	if err != nil {
		return nil, nil, err
	}
	options.Progress = progress
	return dataset.Load(ctx, options)
}

// pieces returns places in the domain of a selection, labelled by the operation
// that is right there.
func pieces(r recipe.Recipe) *dataset.Dataset {
	s := r.Model.Selection()
	x, _ := s.Data(rand.New(rand.NewPCG(r.Seed, streamData)), orDefault(r.Data.Count, 300))
	d := &dataset.Dataset{Name: "a function in pieces", N: len(x), D: 1, Columns: []string{"x"}, Doubles: x, LabelNames: s.Operations}
	for _, place := range x {
		_, operation := s.Target(place)
		d.Labels = append(d.Labels, operation)
	}
	return d
}

// random returns a table of random numbers.
func random(r recipe.Recipe) *dataset.Dataset {
	n, d := orDefault(r.Data.Count, defaultDrawn), r.Data.Features
	rng := rand.New(rand.NewPCG(r.Seed, streamData))
	data := &dataset.Dataset{Name: "random numbers", N: n, D: d, Doubles: make([]float64, n*d)}
	for i := range data.Doubles {
		if r.Data.Source == recipe.SourceUniform {
			data.Doubles[i] = rng.Float64()
		} else {
			data.Doubles[i] = r.Data.Mean + r.Data.Deviation*rng.NormFloat64()
		}
	}
	return data
}

// FileOptions returns how the files of r are read, without a place to tell the
// progress: ErrNoData when the recipe names none, and dataset.ErrNoMNIST when it
// wants MNIST and that is not there. Drawn data have no files; for them the
// error is ErrNoData too.
func FileOptions(r recipe.Recipe) (dataset.LoadOptions, error) {
	d := r.Data
	if d.Source != recipe.SourceMNIST && d.Source != recipe.SourceFiles {
		return dataset.LoadOptions{}, ErrNoData
	}
	path := d.Path
	if path == "" && d.Source == recipe.SourceMNIST {
		dir, ok := dataset.FindMNIST()
		if !ok {
			return dataset.LoadOptions{}, dataset.ErrNoMNIST
		}
		path = dir
	}
	if path == "" && len(d.Paths) == 0 {
		return dataset.LoadOptions{}, ErrNoData
	}
	layout, err := dataset.ParseLayout(d.Layout)
	if err != nil {
		return dataset.LoadOptions{}, err
	}
	options := dataset.LoadOptions{
		Path: path, Paths: d.Paths, Count: d.Count, Seed: r.Seed, Colour: d.Colour, Layout: layout,
		Variable: d.Variable, Split: d.Split, Label: d.Label, Columns: d.Columns, Categories: d.Categories, Missing: d.Missing,
	}
	if d.PatchSize > 0 {
		options.Patch = &dataset.PatchOptions{
			Size: d.PatchSize, Count: orDefault(d.Count, 10000), Whiten: d.Whiten,
			Pooled: d.PatchPooled, Border: d.PatchBorder, MinVariance: d.PatchVariance,
		}
	}
	return options, nil
}

// ErrNoData says that a recipe has no data of its own.
var ErrNoData = errors.New("this recipe wants data of yours: open a picture or a folder of pictures (File, Open), drop them on the window, or give --data PATH")

// Of data that the program draws: examples, and the side of a patch.
const (
	defaultDrawn = 10000
	defaultPatch = 8
)

func orDefault(v, otherwise int) int {
	if v == 0 {
		return otherwise
	}
	return v
}

// With returns the problem with the hyper-parameters h in its recipe; it
// shares the data.
func (p *Problem) With(h Hyper) *Problem {
	q := *p
	q.Recipe = h.In(p.Recipe)
	q.spec, _ = network.Of(q.Recipe, q.input()) // valid before, and h is
	return &q
}

// Visible returns the number of features that the network sees of an example.
func (p *Problem) Visible() int { return p.Pipeline.Outputs(p.Data.D) }

// input is what the network must know of the examples.
func (p *Problem) input() network.Input {
	return network.Input{Visible: p.Visible(), Classes: p.classes, Shape: shapeOf(p.Geometry()), Low: p.low, High: p.high}
}

// shapeOf returns the axes of an image: rows, columns and, where there are
// several, channels; nil of what is no image.
func shapeOf(g dataset.Geometry) []int {
	switch {
	case !g.IsImage():
		return nil
	case g.Channels == 1:
		return []int{g.Height, g.Width}
	}
	return []int{g.Height, g.Width, g.Channels}
}

// Geometry returns how what the network sees forms an image: as the data do,
// unless the preprocessing changes the number of features.
func (p *Problem) Geometry() dataset.Geometry {
	if p.Reduces() {
		return dataset.Geometry{}
	}
	return p.Data.Geometry
}

// Reduces reports whether the preprocessing changes the number of features, so
// that only in the space of the data filters and reconstructions are images.
func (p *Problem) Reduces() bool { return p.Visible() != p.Data.D }

// Spec returns the network of the problem.
func (p *Problem) Spec() network.Spec { return p.spec }

// InitialParameters returns the parameters that a run starts from.
func (p *Problem) InitialParameters() []float64 {
	return p.spec.Init(rand.New(rand.NewPCG(p.Recipe.Seed, streamInit)))
}

// Reinitialised returns theta with new weights for the given units of a layer,
// drawn as the recipe's initial ones are; a unit always
// gets the same. It returns an error when there is no such layer or unit.
func (p *Problem) Reinitialised(theta []float64, layer int, units []int) ([]float64, error) {
	return network.Reinitialise(p.spec, theta, layer, units, rand.New(rand.NewPCG(p.Recipe.Seed, streamRenew)))
}

// Evaluate returns the terms and the mean activations at theta over the whole
// data set, with the hyper-parameters h and in the precision of the recipe, and
// stores the gradient in grad unless it is nil; without a gradient the terms are
// those of the network in use, without corruption and dropout.
func (p *Problem) Evaluate(h Hyper, theta, grad []float64) (nn.Terms, []float64) {
	if p.double != nil {
		return evaluate(p.spec, h, p.double.training, theta, grad)
	}
	return evaluate(p.spec, h, p.single.training, theta, grad)
}

// Validate returns the terms at theta over the examples that are held back, and
// nil when there are none. A sparsity term is of their own mean activations.
func (p *Problem) Validate(h Hyper, theta []float64) nn.Terms {
	if p.Held == nil {
		return nil
	}
	var terms nn.Terms
	if p.double != nil {
		terms, _ = evaluate(p.spec, h, p.double.held, theta, nil)
	} else {
		terms, _ = evaluate(p.spec, h, p.single.held, theta, nil)
	}
	return terms
}

func evaluate[T linalg.Float](spec network.Spec, h Hyper, in inputs[T], theta, grad []float64) (nn.Terms, []float64) {
	o := network.NewObjective[T](spec)
	if o == nil {
		return measureTerms(spec, in, theta), nil
	}
	o.SetHyper(h)
	var terms nn.Terms
	if grad == nil {
		terms = o.Test(theta, in.x, in.y)
	} else {
		terms = o.Evaluate(theta, in.x, in.y, grad)
	}
	return append(nn.Terms(nil), terms...), o.Activity()
}

// SquaredError returns the mean over the examples of the squared error of the
// reconstructions at theta, summed over the features as the network sees them.
func (p *Problem) SquaredError(theta []float64) float64 {
	if p.double != nil {
		return squaredError(p.spec, p.double.training.x, theta)
	}
	return squaredError(p.spec, p.single.training.x, theta)
}

func squaredError[T linalg.Float](spec network.Spec, x linalg.Matrix[T], theta []float64) float64 {
	const block = 1000 // rows at a time, so that no second copy of the data is needed
	net, params, sum := network.NewNetwork[T](spec), linalg.Converted[T](theta), 0.0
	for first := 0; first < x.Rows; first += block {
		part := x.Slice(first, min(first+block, x.Rows))
		out := linalg.NewMatrix[T](part.Rows, part.Cols)
		net.Reconstruct(params, part, out)
		for i := range part.Rows {
			made := out.Row(i)
			for j, v := range part.Row(i) {
				e := float64(made[j]) - float64(v)
				sum += e * e
			}
		}
	}
	return sum / float64(x.Rows)
}

// Whitens reports whether the preprocessing whitens, so that a filter looks
// different in pixel space.
func (p *Problem) Whitens() bool {
	return slices.ContainsFunc(p.Recipe.Preprocess, func(s preprocess.Spec) bool {
		return s.Step == preprocess.ZCA || s.Step == preprocess.PCA
	})
}

// Examples copies examples of the data as the network sees them: row k of the
// result is example indices[k].
func (p *Problem) Examples(indices []int) linalg.Matrix[float32] {
	if p.double != nil {
		return rows(p.double.training.x, indices)
	}
	return rows(p.single.training.x, indices)
}

// HeldExamples copies examples that are held back, as the network sees them; there
// must be some.
func (p *Problem) HeldExamples(indices []int) linalg.Matrix[float32] {
	if p.double != nil {
		return rows(p.double.held.x, indices)
	}
	return rows(p.single.held.x, indices)
}
