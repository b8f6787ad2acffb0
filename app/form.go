package app

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/dataset"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// Badges of the fields: a live one applies at the next step of the run that
// goes on, the others make a new run.
const (
	badgeLive = "live"
	badgeNew  = "new run"
)

// form is the left column: every field edits a key of the recipe.
type form struct {
	edit    func(change func(*recipe.Recipe))
	message func(string) // why a field is invalid, "" when none is

	source, count, patch *widgets.ValueRow
	open                 *widgets.ActionButton
	prepare              *widgets.SelectRow
	epsilon              *widgets.NumberEntry
	hidden               *widgets.NumberEntry
	decoder              *widgets.SelectRow
	lambda, beta, rho    *widgets.NumberEntry
	method               *widgets.SelectRow
	iterations           *widgets.NumberEntry
	memory               *widgets.NumberEntry
	epochs, batch        *widgets.NumberEntry
	rate, momentum       *widgets.NumberEntry
	precision            *widgets.SelectRow
	seed                 *widgets.NumberEntry
	examples             *widgets.NumberEntry
	patchSize            *widgets.NumberEntry
	colour               *widgets.CheckRow
	labels               *widgets.SelectRow
	recipeName           *widgets.ValueRow
	numbers              []*widgets.NumberEntry
	rows                 string // which fields are shown
	box                  *fyne.Container
	object               fyne.CanvasObject
}

// preparation is a choice of preprocessing steps in the form.
type preparation struct {
	label string
	steps []preprocess.Spec
}

// preparations are the chains of steps that the form offers.
func preparations() []preparation {
	return []preparation{
		{"none", nil},
		{"scale to [0, 1]", []preprocess.Spec{{Step: "scale"}}},
		{"UFLDL normalise", []preprocess.Spec{{Step: "ufldl-normalise"}}},
		{"remove DC", []preprocess.Spec{{Step: "remove-dc"}}},
		{"ZCA whitening", []preprocess.Spec{{Step: "scale"}, {Step: "remove-dc"}, {Step: "zca", Epsilon: new(0.1)}}},
		{"ZCA, UFLDL", []preprocess.Spec{{Step: "scale"}, {Step: "remove-dc"}, {Step: "zca", Epsilon: new(0.1)}, {Step: "ufldl-normalise"}}},
	}
}

var methodLabels = map[string]string{recipe.MethodLBFGS: "L-BFGS", recipe.MethodSGD: "SGD", recipe.MethodAdam: "Adam"}

// newForm builds the column. open opens the dialog for the user's own data.
func newForm(edit func(func(*recipe.Recipe)), open func(), message func(string)) *form {
	f := &form{edit: edit, message: message}
	f.recipeName = widgets.NewValueRow("Recipe")
	f.source, f.count, f.patch = widgets.NewValueRow("Source"), widgets.NewValueRow("Loaded"), widgets.NewValueRow("Images")
	f.open = widgets.NewActionButton("Open your own…", nil, open)
	f.open.SetTip("Open an image, a folder of images, IDX, NPY or CSV files (Ctrl+O), or drop them on the window")

	number := func(spec widgets.NumberSpec, set func(r *recipe.Recipe, v float64), tip string) *widgets.NumberEntry {
		e := widgets.NewNumberEntry(spec)
		e.OnCommit = func(v float64) { f.edit(func(r *recipe.Recipe) { set(r, v) }) }
		e.OnMessage = func(text string) {
			if text == "" {
				message("")
			}
		}
		e.OnRefused = func(text string) { message(spec.Label + ", " + text) }
		e.SetTip(tip)
		f.numbers = append(f.numbers, e)
		return e
	}
	f.examples = number(widgets.NumberSpec{Label: "Examples", Max: 10_000_000, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Data.Count = int(v) }, "How many examples to train on at the most; 0 means all")
	f.patchSize = number(widgets.NumberSpec{Label: "Patch", Unit: "px", Min: 2, Max: 512, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Data.PatchSize = int(v) }, "Side of the square patches cut from the images")
	f.epsilon = number(widgets.NumberSpec{Label: "ε whitening", Min: 0, Max: 100, Badge: badgeNew},
		setEpsilon, "Added to the eigenvalues before whitening: larger values smooth the noise away")
	f.hidden = number(widgets.NumberSpec{Label: "Hidden", Min: 1, Max: 65536, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Model.Hidden = int(v) }, "Hidden units: one filter each")
	f.lambda = number(widgets.NumberSpec{Label: "λ decay", Min: 0, Max: 100, Badge: badgeLive},
		func(r *recipe.Recipe, v float64) { r.Model.Lambda = v }, "Weight decay: λ/2 times the sum of squared weights")
	f.beta = number(widgets.NumberSpec{Label: "β sparsity", Min: 0, Max: 1000, Badge: badgeLive},
		func(r *recipe.Recipe, v float64) { r.Model.Beta = v }, "Weight of the sparsity term")
	f.rho = number(widgets.NumberSpec{Label: "ρ target", Min: 0, Max: 1, MinOpen: true, MaxOpen: true, Badge: badgeLive},
		func(r *recipe.Recipe, v float64) { r.Model.Rho = v }, "Mean activation wanted of every hidden unit")
	f.iterations = number(widgets.NumberSpec{Label: "Iterations", Min: 1, Max: 10_000_000, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Optimizer.Iterations = int(v) }, "L-BFGS iterations, about one evaluation of all examples each")
	f.memory = number(widgets.NumberSpec{Label: "Memory", Min: 1, Max: 1000, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Optimizer.Memory = int(v) }, "Pairs of past steps that L-BFGS keeps")
	f.epochs = number(widgets.NumberSpec{Label: "Epochs", Min: 1, Max: 10_000_000, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Optimizer.Epochs = int(v) }, "Passes over all examples")
	f.batch = number(widgets.NumberSpec{Label: "Batch", Min: 1, Max: 10_000_000, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Optimizer.Batch = int(v) }, "Examples a minibatch")
	f.rate = number(widgets.NumberSpec{Label: "Learning rate", Min: 0, MinOpen: true, Max: 1000, Badge: badgeLive},
		func(r *recipe.Recipe, v float64) { r.Optimizer.LearningRate = v }, "Size of a step")
	f.momentum = number(widgets.NumberSpec{Label: "Momentum", Min: 0, Max: 1, MaxOpen: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Optimizer.Momentum = v }, "Share of the last step that goes on")
	f.seed = number(widgets.NumberSpec{Label: "Seed", Min: 0, Max: 1 << 53, Integer: true, Badge: badgeNew},
		func(r *recipe.Recipe, v float64) { r.Seed = uint64(v) }, "The same seed gives the same run, bit for bit")

	var labels []string
	for _, p := range preparations() {
		labels = append(labels, p.label)
	}
	f.prepare = widgets.NewSelectRow("Prepare", labels, func(option string) {
		for _, p := range preparations() {
			if p.label == option {
				f.edit(func(r *recipe.Recipe) { r.Preprocess = p.steps })
			}
		}
	})
	f.prepare.SetTip("What happens to the examples before the network sees them (makes a new run)")
	f.decoder = widgets.NewSelectRow("Decoder", []string{recipe.DecoderSigmoid, recipe.DecoderLinear}, func(option string) {
		f.edit(func(r *recipe.Recipe) { r.Model.Decoder = option })
	})
	f.decoder.SetTip("Activation of the output layer: sigmoid for data in [0, 1], linear for any (makes a new run)")
	f.method = widgets.NewSelectRow("Optimiser", []string{"L-BFGS", "SGD", "Adam"}, func(option string) {
		f.edit(func(r *recipe.Recipe) {
			for method, label := range methodLabels {
				if label == option && r.Optimizer.Method != method {
					r.Optimizer.Method = method
					r.Optimizer.LearningRate = map[string]float64{recipe.MethodAdam: 1e-3}[method]
					if r.Optimizer.LearningRate == 0 {
						r.Optimizer.LearningRate = recipe.Default().Optimizer.LearningRate
					}
				}
			}
		})
	})
	f.method.SetTip("L-BFGS looks at all examples at every step; SGD and Adam at minibatches (makes a new run)")
	f.precision = widgets.NewSelectRow("Precision", []string{"float32", "float64"}, func(option string) {
		f.edit(func(r *recipe.Recipe) { r.Precision = option })
	})
	f.precision.SetTip("float32 is about twice as fast and learns the same (makes a new run)")
	for _, row := range []*widgets.SelectRow{f.prepare, f.decoder, f.method, f.precision} {
		row.SetBadge(badgeNew)
	}

	f.colour = widgets.NewCheckRow("Colour", func(on bool) { f.edit(func(r *recipe.Recipe) { setColour(r, on) }) })
	f.colour.SetTip("Keep red, green and blue; patches are ZCA-whitened then and the decoder is linear (makes a new run)")
	f.labels = widgets.NewSelectRow("Labels", nil, func(option string) {
		label := option
		switch option {
		case labelsByName:
			label = ""
		case labelsNone:
			label = "none"
		}
		f.edit(func(r *recipe.Recipe) { r.Data.Label = label })
	})
	f.labels.SetTip("The column of the table with the classes, which is not learned from (makes a new run)")
	f.labels.SetBadge(badgeNew)
	f.box = container.New(columnLayout{gap: 3},
		widgets.NewSectionLabel("Data"), f.recipeName, f.source, f.count, f.examples, f.patchSize, f.colour, f.labels, f.prepare, f.epsilon, f.open,
		widgets.NewSectionLabel("Model"), f.hidden, f.decoder,
		widgets.NewSectionLabel("Training"), f.lambda, f.beta, f.rho,
		f.method, f.iterations, f.memory, f.epochs, f.batch, f.rate, f.momentum, f.precision, f.seed,
	)
	f.object = container.NewVScroll(container.New(insetLayout{12, 4, 14, 8}, f.box))
	return f
}

// show fills the fields from the recipe; fields that mean nothing for it are
// hidden. data is what is loaded, nil for nothing yet.
func (f *form) show(r recipe.Recipe, data *dataset.Dataset) {
	f.recipeName.SetValue(r.Name)
	f.source.SetValue(middle(sourceText(r), 18))
	loaded := "not yet"
	if data != nil {
		loaded = fmt.Sprintf("%s × %d", thousands(data.N), data.D)
		if data.Geometry.IsImage() {
			loaded = fmt.Sprintf("%s, %d×%d px", thousands(data.N), data.Geometry.Width, data.Geometry.Height)
		}
	}
	f.count.SetValue(loaded)
	f.examples.SetValue(float64(r.Data.Count))
	if r.Data.PatchSize > 0 {
		f.patchSize.SetValue(float64(r.Data.PatchSize))
	}
	f.prepare.SetOptions(prepareOptions(r))
	f.prepare.SetSelected(prepareText(r.Preprocess))
	if e := epsilonOf(r); e != nil {
		f.epsilon.SetValue(*e)
	}
	f.hidden.SetValue(float64(r.Model.Hidden))
	f.decoder.SetSelected(r.Model.Decoder)
	f.lambda.SetValue(r.Model.Lambda)
	f.beta.SetValue(r.Model.Beta)
	f.rho.SetValue(r.Model.Rho)
	f.method.SetSelected(methodLabels[r.Optimizer.Method])
	f.iterations.SetValue(float64(r.Optimizer.Iterations))
	f.memory.SetValue(float64(r.Optimizer.Memory))
	f.epochs.SetValue(float64(r.Optimizer.Epochs))
	f.batch.SetValue(float64(r.Optimizer.Batch))
	f.rate.SetValue(r.Optimizer.LearningRate)
	f.momentum.SetValue(r.Optimizer.Momentum)
	f.precision.SetSelected(r.Precision)
	f.seed.SetValue(float64(r.Seed))

	f.colour.SetChecked(r.Data.Colour)
	f.labels.SetOptions(labelOptions(r, data))
	f.labels.SetSelected(labelChoice(r))
	mini := r.Optimizer.Minibatch()
	setShown(r.Data.PatchSize > 0, f.patchSize)
	setShown(mayBeColoured(r), f.colour)
	tabular := data != nil && data.Columns != nil && r.Data.Source == recipe.SourceFiles && len(data.Columns) <= mostColumns
	setShown(tabular, f.labels)
	setShown(epsilonOf(r) != nil, f.epsilon)
	setShown(!mini, f.iterations, f.memory)
	setShown(mini, f.epochs, f.batch, f.rate)
	setShown(r.Optimizer.Method == recipe.MethodSGD, f.momentum)
	if rows := fmt.Sprint(r.Data.PatchSize > 0, r.Optimizer.Method, mayBeColoured(r), tabular); rows != f.rows {
		f.rows = rows
		f.object.Refresh() // costly: it reaches every field
	}
}

// epsilonOf returns the ε of the recipe's whitening, nil when it has none.
func epsilonOf(r recipe.Recipe) *float64 {
	for _, s := range r.Preprocess {
		if s.Step == preprocess.ZCA {
			if s.Epsilon == nil {
				return new(preprocess.DefaultEpsilon)
			}
			return s.Epsilon
		}
	}
	return nil
}

// setEpsilon changes the ε of the recipe's whitening. The steps are copied:
// other recipes may share them.
func setEpsilon(r *recipe.Recipe, v float64) {
	r.Preprocess = slices.Clone(r.Preprocess)
	for i, s := range r.Preprocess {
		if s.Step == preprocess.ZCA {
			r.Preprocess[i].Epsilon = &v
		}
	}
}

// faulty returns why a visible field is invalid, "" when none is.
func (f *form) faulty() string {
	for _, e := range f.numbers {
		if e.Visible() && e.Message() != "" {
			return e.Spec().Label + ", " + e.Message()
		}
	}
	return ""
}

func setShown(on bool, objects ...fyne.CanvasObject) {
	for _, o := range objects {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// sourceText names the data of a recipe in a few letters.
func sourceText(r recipe.Recipe) string {
	switch {
	case len(r.Data.Paths) > 0:
		return fmt.Sprintf("%d files", len(r.Data.Paths))
	case r.Data.Path != "":
		return filepath.Base(r.Data.Path)
	case r.Data.Source == recipe.SourceDigits:
		return "synthetic digits"
	case r.Data.Source == recipe.SourceDeadLeaves:
		return "dead leaves"
	case r.Data.Source == recipe.SourceMNIST:
		return "MNIST"
	}
	return "yours: open a file"
}

// prepareText is the label of the steps, or their names when no choice of the
// form has them.
func prepareText(steps []preprocess.Spec) string {
	names := func(steps []preprocess.Spec) string {
		var all []string
		for _, s := range steps {
			all = append(all, s.Step)
		}
		return strings.Join(all, ", ")
	}
	for _, p := range preparations() {
		if names(p.steps) == names(steps) {
			return p.label
		}
	}
	return names(steps)
}

// middle shortens a text to n letters by leaving out its middle.
func middle(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:(n-1)/2]) + "…" + string(r[len(r)-(n-1-(n-1)/2):])
}

// prepareOptions lists the choices, with the recipe's own steps among them.
func prepareOptions(r recipe.Recipe) []string {
	own := prepareText(r.Preprocess)
	var options []string
	for _, p := range preparations() {
		if p.label == own {
			own = ""
		}
		options = append(options, p.label)
	}
	if own != "" {
		options = append(options, own)
	}
	return options
}
