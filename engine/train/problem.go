package train

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/dataset/deadleaves"
	"filterscope/engine/dataset/digits"
	"filterscope/engine/linalg"
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
	Recipe   recipe.Recipe
	Data     *dataset.Dataset // as loaded, the examples to train on
	Held     *dataset.Dataset // those to validate with; nil for none
	Pipeline *preprocess.Pipeline
	Warnings []dataset.Warning // files that could not be used, and why

	inputs        // of Data
	held   inputs // of Held
}

// inputs is what the network sees of examples, one a row, in one of two
// precisions.
type inputs struct {
	x32 linalg.Matrix[float32]
	x64 linalg.Matrix[float64]
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
	training, held := data, (*dataset.Dataset)(nil)
	if d := r.Data; d.Validation > 0 {
		if training, held, err = data.Split(d.Validation, d.ValidationRandom, r.Seed); err != nil {
			return nil, err
		}
	}
	if progress != nil && len(r.Preprocess) > 0 {
		progress(0, 0, "measuring the data for "+r.Preprocess[len(r.Preprocess)-1].Step)
	}
	if err := pipeline.Fit(ctx, training); err != nil {
		return nil, err
	}
	return bind(ctx, r, training, held, pipeline, warnings, progress)
}

// bind applies a fitted pipeline to the data, and to the held ones unless they
// are nil.
func bind(ctx context.Context, r recipe.Recipe, data, held *dataset.Dataset, pipeline *preprocess.Pipeline, warnings []dataset.Warning, progress Progress) (*Problem, error) {
	p := &Problem{Recipe: r, Data: data, Held: held, Pipeline: pipeline, Warnings: warnings}
	if err := p.Spec().Validate(); err != nil {
		return nil, err
	}
	tell := func(done, total int) {
		if progress != nil {
			progress(done, total, "examples prepared")
		}
	}
	var err error
	if p.inputs, err = prepared(ctx, r.Precision, pipeline, data, tell); err != nil {
		return nil, err
	}
	if held != nil {
		p.held, err = prepared(ctx, r.Precision, pipeline, held, tell)
	}
	return p, err
}

// prepared applies the pipeline in the given precision.
func prepared(ctx context.Context, precision string, pipeline *preprocess.Pipeline, data *dataset.Dataset, tell func(done, total int)) (in inputs, err error) {
	if precision == "float64" {
		in.x64, err = preprocess.Apply[float64](ctx, pipeline, data, tell)
	} else {
		in.x32, err = preprocess.Apply[float32](ctx, pipeline, data, tell)
	}
	return in, err
}

// LoadData loads or draws the data of r, unprepared.
func LoadData(ctx context.Context, r recipe.Recipe, progress Progress) (*dataset.Dataset, []dataset.Warning, error) {
	if err := r.RefuseRBF(); err != nil {
		return nil, nil, err
	}
	if progress == nil {
		progress = func(int, int, string) {}
	}
	d := r.Data
	switch d.Source {
	case recipe.SourceDigits:
		n := orDefault(d.Count, 10000)
		data, err := digits.Generate(ctx, n, r.Seed, func(done int) { progress(done, n, "digits drawn") })
		return data, nil, err
	case recipe.SourceDeadLeaves:
		options := deadleaves.Default()
		options.Images, options.Whiten = orDefault(d.Images, options.Images), d.Whiten
		data, err := deadleaves.Patches(ctx, orDefault(d.Count, 10000), orDefault(d.PatchSize, 8), r.Seed, options)
		return data, nil, err
	}
	options, err := FileOptions(r)
	if err != nil {
		return nil, nil, err
	}
	options.Progress = progress
	return dataset.Load(ctx, options)
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
		Variable: d.Variable, Split: d.Split, Label: d.Label, Columns: d.Columns, Categories: d.Categories,
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
	q.Recipe.Model.Lambda, q.Recipe.Model.Beta, q.Recipe.Model.Rho = h.Lambda, h.Beta, h.Rho
	q.Recipe.Optimizer.LearningRate = h.LearningRate
	return &q
}

// Visible returns the number of features that the network sees of an example.
func (p *Problem) Visible() int { return p.Pipeline.Outputs(p.Data.D) }

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

// Spec returns the model of the problem.
func (p *Problem) Spec() autoencoder.Sparse { return specOf(p.Recipe.Model, p.Visible()) }

func specOf(m recipe.Model, visible int) autoencoder.Sparse {
	spec := autoencoder.DefaultSparse(visible, m.Hidden)
	spec.Lambda, spec.Beta, spec.Rho = m.Lambda, m.Beta, m.Rho
	if m.Decoder == recipe.DecoderLinear {
		spec.Decoder = nn.Linear
	}
	return spec
}

// InitialParameters returns the parameters that a run starts from.
func (p *Problem) InitialParameters() []float64 {
	return p.Spec().Init(rand.New(rand.NewPCG(p.Recipe.Seed, streamInit)))
}

// Evaluate returns the terms and the mean activations of m at theta over the
// whole data set, in the precision of the recipe, and stores the gradient in
// grad unless it is nil.
func (p *Problem) Evaluate(m recipe.Model, theta, grad []float64) (nn.Terms, []float64) {
	return p.inputs.evaluate(specOf(m, p.Visible()), theta, grad)
}

// Validate returns the terms of m at theta over the examples that are held
// back, and nil when there are none. Its sparsity term is of their own mean
// activations.
func (p *Problem) Validate(m recipe.Model, theta []float64) nn.Terms {
	if p.Held == nil {
		return nil
	}
	terms, _ := p.held.evaluate(specOf(m, p.Visible()), theta, nil)
	return terms
}

func (in *inputs) evaluate(spec autoencoder.Sparse, theta, grad []float64) (nn.Terms, []float64) {
	if in.x64.Data != nil {
		return evaluate(spec, in.x64, theta, grad)
	}
	return evaluate(spec, in.x32, theta, grad)
}

func evaluate[T linalg.Float](spec autoencoder.Sparse, x linalg.Matrix[T], theta, grad []float64) (nn.Terms, []float64) {
	o := autoencoder.NewObjective[T](spec)
	terms := append(nn.Terms(nil), o.Evaluate(theta, x, grad)...)
	return terms, o.RhoHat(nil)
}

// GradCheck compares the analytic gradient at the initial parameters with
// central differences, per tensor; the recipe must ask for float64.
func (p *Problem) GradCheck(config nn.CheckConfig) ([]nn.TensorCheck, error) {
	if p.x64.Data == nil {
		return nil, errors.New("a gradient check wants precision = float64")
	}
	return autoencoder.GradCheck(p.Spec(), p.InitialParameters(), p.x64, config), nil
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
	out := linalg.NewMatrix[float32](len(indices), p.Visible())
	for k, i := range indices {
		if p.x32.Data != nil {
			copy(out.Row(k), p.x32.Row(i))
			continue
		}
		for j, v := range p.x64.Row(i) {
			out.Set(k, j, float32(v))
		}
	}
	return out
}
