package app

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/rbf"
	"filterscope/engine/rbf/expr"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// rbfForm is the left column of the RBF view. Which fields it has follows the
// task, and what the other fields say: only those that mean something.
type rbfForm struct {
	edit func(change func(*recipe.Recipe))

	task       *widgets.SelectRow
	function   *widgets.SelectRow
	points     *widgets.ValueRow
	expression *widgets.TextField
	rows       []rbfRow
	numbers    []rbfNumber
	choices    []rbfChoice
	checks     []rbfCheck
	arranged   string // which rows are shown
	object     fyne.CanvasObject
}

// rbfRow is a row of the form and when it is shown.
type rbfRow struct {
	object fyne.CanvasObject
	shown  func(b recipe.RBF) bool
}

type rbfNumber struct {
	*widgets.NumberEntry
	get func(r recipe.Recipe) float64
}

type rbfChoice struct {
	*widgets.SelectRow
	options func(b recipe.RBF) []option
	get     func(r recipe.Recipe) string
}

type rbfCheck struct {
	*widgets.CheckRow
	get func(r recipe.Recipe) bool
}

// option is a value of a recipe and the words for it.
type option struct{ value, label string }

// labels returns the words of options.
func labels(options []option) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.label
	}
	return out
}

// labelOf returns the words for a value; the value itself where there are none.
func labelOf(options []option, value string) string {
	for _, o := range options {
		if o.value == value {
			return o.label
		}
	}
	return value
}

var taskOptions = []option{
	{recipe.TaskCurve, "curve"}, {recipe.TaskField, "field"}, {recipe.TaskImage, "image"}, {recipe.TaskSurface, "surface"},
}

// words are the labels of a recipe's values, where these are not words already.
var words = map[string]string{
	"seed": "rational (seed)", "sinc": "sin(x)/x", "runge": "Runge", "scipy": "SciPy’s example", "peaks": "peaks", "franke": "Franke",
	recipe.FunctionExpression: "your own",
	recipe.CentresGrid:        "grid", recipe.CentresSubset: "random subset", recipe.CentresAll: "all points",
	recipe.CentresKMeans: "k-means++", recipe.CentresOLS: "OLS selection", recipe.CentresGreedy: "greedy",
	recipe.WidthsGiven: "given", recipe.WidthsMaxDistance: "d max / √2M", recipe.WidthsNearest: "neighbours", recipe.WidthsPerCentre: "per centre",
	recipe.ReadoutPseudoInverse: "pseudo-inverse", recipe.ReadoutRidge: "ridge, λ by hand",
	recipe.ReadoutRidgeLOO: "ridge, λ by LOO", recipe.ReadoutRidgeGCV: "ridge, λ by GCV",
	"inverse-multiquadric": "inv. multiquadric", "inverse-quadratic": "inv. quadratic", "thin-plate-spline": "thin plate",
	"two-spheres": "two spheres",
	"-2":          "automatic", "-1": "none", "0": "constant", "1": "linear", "2": "quadratic", "3": "cubic",
}

// optionsOf gives values their words.
func optionsOf(values []string) []option {
	out := make([]option, len(values))
	for i, v := range values {
		out[i] = option{v, v}
		if w, ok := words[v]; ok {
			out[i].label = w
		}
	}
	return out
}

// functionOptions are the sources that a task offers; a file of the user's
// stands for itself.
func functionOptions(b recipe.RBF) []option {
	options := optionsOf(recipe.Functions(b.Task))
	if b.Path != "" {
		options = append(options, option{fileOption, middle(filepath.Base(b.Path), 16)})
	}
	return options
}

// fileOption is the function of a recipe that reads a file.
const fileOption = "\x00file"

// newRBFForm builds the column. setTask changes to another task.
func newRBFForm(edit func(func(*recipe.Recipe)), setTask func(task string), open func(), refused func(string)) *rbfForm {
	f := &rbfForm{edit: edit}
	task := func(names ...string) func(recipe.RBF) bool {
		return func(b recipe.RBF) bool {
			return slices.Contains(names, b.Task)
		}
	}
	and := func(all ...func(recipe.RBF) bool) func(recipe.RBF) bool {
		return func(b recipe.RBF) bool {
			for _, ok := range all {
				if !ok(b) {
					return false
				}
			}
			return true
		}
	}
	always := func(recipe.RBF) bool { return true }
	drawn := func(b recipe.RBF) bool { return b.Path == "" }
	network := func(b recipe.RBF) bool {
		return b.Task == recipe.TaskCurve || b.Task == recipe.TaskField && !b.Interpolates()
	}

	wide := func(b recipe.RBF) bool { // the width changes what is interpolated
		k, err := rbf.ParseKernel(b.Kernel)
		return err != nil || !b.Interpolates() || !k.ScaleInvariant()
	}

	row := func(o fyne.CanvasObject, shown func(recipe.RBF) bool) {
		f.rows = append(f.rows, rbfRow{o, shown})
	}
	section := func(text string, shown func(recipe.RBF) bool) { row(widgets.NewSectionLabel(text), shown) }
	number := func(spec widgets.NumberSpec, tip string, get func(recipe.Recipe) float64, set func(*recipe.Recipe, float64), shown func(recipe.RBF) bool) {
		spec.Hint = tip
		e := widgets.NewNumberEntry(spec)
		e.OnCommit = func(v float64) { f.edit(func(r *recipe.Recipe) { set(r, v) }) }
		e.OnRefused = func(text string) { refused(spec.Label + ", " + text) }
		e.OnMessage = func(text string) {
			if text == "" {
				refused("")
			}
		}
		f.numbers = append(f.numbers, rbfNumber{e, get})
		row(e, shown)
	}
	whole := func(label string, least, most float64, tip string, field func(*recipe.RBF) *int, shown func(recipe.RBF) bool) {
		number(widgets.NumberSpec{Label: label, Min: least, Max: most, Integer: true}, tip,
			func(r recipe.Recipe) float64 { return float64(*field(&r.RBF)) },
			func(r *recipe.Recipe, v float64) { *field(&r.RBF) = int(v) }, shown)
	}
	real := func(spec widgets.NumberSpec, tip string, field func(*recipe.RBF) *float64, shown func(recipe.RBF) bool) {
		number(spec, tip,
			func(r recipe.Recipe) float64 { return *field(&r.RBF) },
			func(r *recipe.Recipe, v float64) { *field(&r.RBF) = v }, shown)
	}
	choice := func(label, tip string, options func(recipe.RBF) []option, get func(recipe.Recipe) string, set func(*recipe.Recipe, string), shown func(recipe.RBF) bool) *widgets.SelectRow {
		var c *widgets.SelectRow
		var offered []option
		c = widgets.NewSelectRow(label, nil, func(chosen string) {
			for _, o := range offered {
				if o.label == chosen {
					f.edit(func(r *recipe.Recipe) { set(r, o.value) })
				}
			}
		})
		c.SetTip(tip)
		f.choices = append(f.choices, rbfChoice{c, func(b recipe.RBF) []option {
			offered = options(b)
			return offered
		}, get})
		row(c, shown)
		return c
	}
	fixed := func(values []string) func(recipe.RBF) []option {
		return func(recipe.RBF) []option { return optionsOf(values) }
	}

	f.task = widgets.NewSelectRow("Task", labels(taskOptions), func(chosen string) {
		for _, o := range taskOptions {
			if o.label == chosen {
				setTask(o.value)
			}
		}
	})
	f.task.SetTip("A curve y(x); a field over the plane; an image as a sum of Gaussians; a surface through a cloud of points")
	section("Data", always)
	row(f.task, always)
	f.function = choice("From", "What is fitted: drawn by the program, or a file of yours",
		functionOptions,
		func(r recipe.Recipe) string {
			if r.RBF.Path != "" {
				return fileOption
			}
			return r.RBF.Function
		},
		func(r *recipe.Recipe, v string) {
			if v == fileOption {
				return
			}
			was := flat(r.RBF)
			r.RBF.Path, r.RBF.Function = "", v
			if r.RBF.Task == recipe.TaskSurface && was != flat(r.RBF) {
				setSpace(&r.RBF, was)
			}
			if v == recipe.FunctionExpression && r.RBF.Expression == "" {
				r.RBF.Expression = "sin(x) + x/4"
			}
		}, always)
	f.expression = widgets.NewTextField("x, + − * / ^, sin exp sqrt abs …")
	f.expression.Check = checkExpression
	f.expression.OnRefused = func(text string) { refused("the expression, " + text) }
	f.expression.OnMessage = func(text string) {
		if text == "" {
			refused("")
		}
	}
	f.expression.OnCommit = func(text string) { f.edit(func(r *recipe.Recipe) { r.RBF.Expression = text }) }
	row(f.expression, func(b recipe.RBF) bool {
		return b.Task == recipe.TaskCurve && b.Path == "" && b.Function == recipe.FunctionExpression
	})
	f.points = widgets.NewValueRow("Loaded")
	row(f.points, always)
	ends := widgets.NumberSpec{Min: -1e9, Max: 1e9}
	ends.Label, ends.Symbol = "x from", "x"
	domain := and(drawn, task(recipe.TaskCurve, recipe.TaskField))
	real(ends, "Where the function begins; for a field, of both axes", func(b *recipe.RBF) *float64 { return &b.From }, domain)
	ends.Label = "x to"
	real(ends, "Where the function ends", func(b *recipe.RBF) *float64 { return &b.To }, domain)
	whole("Points", 3, 200_000, "Points to fit", func(b *recipe.RBF) *int { return &b.Train },
		and(drawn, task(recipe.TaskCurve, recipe.TaskField, recipe.TaskSurface)))
	whole("Test points", 0, 100_000, "Points that are not fitted, on which the fit is judged", func(b *recipe.RBF) *int { return &b.Test },
		and(drawn, task(recipe.TaskCurve, recipe.TaskField)))
	real(widgets.NumberSpec{Label: "Noise σ", Symbol: "σ", Max: 1e6}, "Standard deviation of the noise added to the points", func(b *recipe.RBF) *float64 { return &b.Noise },
		and(drawn, task(recipe.TaskCurve, recipe.TaskField, recipe.TaskSurface)))
	whole("Resolution", 8, 512, "Side of the picture in pixels: larger ones are scaled down to it", func(b *recipe.RBF) *int { return &b.Resolution }, task(recipe.TaskImage))
	openButton := widgets.NewActionButton("Open your own…", nil, open)
	openButton.SetTip("Points as .csv, .npy, .ply or .xyz, or a picture (Ctrl+O); dropping a file on the window does the same")
	row(openButton, always)

	section("Basis functions", task(recipe.TaskCurve, recipe.TaskField, recipe.TaskImage))
	section("Implicit function", task(recipe.TaskSurface))
	choice("Kernel", "The radial function φ", fixed(recipe.Kernels()),
		func(r recipe.Recipe) string { return r.RBF.Kernel },
		func(r *recipe.Recipe, v string) { r.RBF.Kernel = v },
		task(recipe.TaskCurve, recipe.TaskField, recipe.TaskSurface))
	choice("Centres", "Where the basis functions sit", func(b recipe.RBF) []option { return optionsOf(recipe.Centres(b.Task)) },
		func(r recipe.Recipe) string { return r.RBF.Centres },
		func(r *recipe.Recipe, v string) { r.RBF.Centres = v },
		task(recipe.TaskCurve, recipe.TaskField, recipe.TaskSurface))
	whole("Count M", 1, 20_000, "How many basis functions", func(b *recipe.RBF) *int { return &b.Count },
		func(b recipe.RBF) bool { return b.Centres != recipe.CentresAll })
	choice("Widths", "σ: as given, d max/√(2M) of the centres, or the mean distance to the nearest centres, one for all or each its own",
		func(b recipe.RBF) []option {
			if b.Interpolates() {
				return optionsOf([]string{recipe.WidthsGiven, recipe.WidthsMaxDistance, recipe.WidthsNearest})
			}
			return optionsOf(recipe.Widths())
		},
		func(r recipe.Recipe) string { return r.RBF.Widths },
		func(r *recipe.Recipe, v string) { r.RBF.Widths = v },
		and(task(recipe.TaskCurve, recipe.TaskField), wide))
	real(widgets.NumberSpec{Label: "Width σ", Symbol: "σ", MinOpen: true, Max: 1e9}, "Width of every basis function, in units of x",
		func(b *recipe.RBF) *float64 { return &b.Width },
		and(task(recipe.TaskCurve, recipe.TaskField), wide, func(b recipe.RBF) bool { return b.Widths == recipe.WidthsGiven }))
	whole("Nearest", 1, 100, "How many nearest centres the width is the mean distance to", func(b *recipe.RBF) *int { return &b.WidthNeighbours },
		and(task(recipe.TaskCurve, recipe.TaskField), wide, func(b recipe.RBF) bool {
			return b.Widths == recipe.WidthsNearest || b.Widths == recipe.WidthsPerCentre
		}))
	normalised := widgets.NewCheckRow("Normalised, φ / Σφ", func(on bool) { f.edit(func(r *recipe.Recipe) { r.RBF.Normalised = on }) })
	normalised.SetTip("Divide every basis function by the sum of all: they add up to one everywhere")
	f.checks = append(f.checks, rbfCheck{normalised, func(r recipe.Recipe) bool { return r.RBF.Normalised }})
	row(normalised, and(network, func(b recipe.RBF) bool { return b.Kernel != "thin-plate-spline" }))
	choice("Polynomial", "Added to the basis functions; the kernel needs one of a least degree", fixed([]string{"-2", "-1", "0", "1", "2", "3"}),
		func(r recipe.Recipe) string { return fmt.Sprint(r.RBF.Degree) },
		func(r *recipe.Recipe, v string) { _, _ = fmt.Sscan(v, &r.RBF.Degree) },
		task(recipe.TaskCurve, recipe.TaskField))

	section("Read-out", network)
	choice("Weights", "How the weights are found", fixed(recipe.Readouts()),
		func(r recipe.Recipe) string { return r.RBF.Readout },
		func(r *recipe.Recipe, v string) { r.RBF.Readout = v }, network)
	real(widgets.NumberSpec{Label: "Cut-off", Symbol: "cut-off", Max: 1, MaxOpen: true}, "Singular values below this share of the largest count as zero",
		func(b *recipe.RBF) *float64 { return &b.Cutoff },
		and(network, func(b recipe.RBF) bool { return b.Readout == recipe.ReadoutPseudoInverse }))
	real(widgets.NumberSpec{Label: "λ ridge", MinOpen: true, Max: 1e12}, "Weight of the sum of squared weights: larger ones keep them small",
		func(b *recipe.RBF) *float64 { return &b.Lambda },
		and(network, func(b recipe.RBF) bool { return b.Readout == recipe.ReadoutRidge }))
	real(widgets.NumberSpec{Label: "Smoothing", Symbol: "smoothing", Max: 1e12}, "0 goes through every point; more lets noise pass",
		func(b *recipe.RBF) *float64 { return &b.Smoothing }, recipe.RBF.Interpolates)
	real(widgets.NumberSpec{Label: "Smoothing", Symbol: "smoothing", Min: -1, Max: 1e12}, "0 goes through every point, more lets noise pass; −1 chooses it by the noise of the points",
		func(b *recipe.RBF) *float64 { return &b.Smoothing }, task(recipe.TaskSurface))
	whole("Neighbours", 0, 10_000, "Values are made of this many nearest points; 0 means all", func(b *recipe.RBF) *int { return &b.Neighbours },
		recipe.RBF.Interpolates)
	real(widgets.NumberSpec{Label: "Offset", Symbol: "offset", Max: 1e9}, "Distance of the points beside the surface that say inside and outside; 0 chooses it",
		func(b *recipe.RBF) *float64 { return &b.Offset }, task(recipe.TaskSurface))
	whole("Resolution", 8, 256, "Cells along the longest side in which the surface, or the map, is looked for", func(b *recipe.RBF) *int { return &b.Resolution },
		task(recipe.TaskSurface, recipe.TaskField))

	section("Training by gradient", network)
	choice("Optimiser", "What moves centres, widths and weights downhill when you press Train", fixed(recipe.Methods()),
		func(r recipe.Recipe) string { return r.Optimizer.Method },
		func(r *recipe.Recipe, v string) {
			r.Optimizer.Method = v
			if v != recipe.MethodLBFGS && r.Optimizer.LearningRate <= 0 {
				r.Optimizer.LearningRate = recipe.Default().Optimizer.LearningRate
			}
		}, network)
	number(widgets.NumberSpec{Label: "Step size", MinOpen: true, Max: 1000, Symbol: "rate"}, "Size of a step of SGD and Adam",
		func(r recipe.Recipe) float64 { return r.Optimizer.LearningRate },
		func(r *recipe.Recipe, v float64) { r.Optimizer.LearningRate = v }, network)
	number(widgets.NumberSpec{Label: "Steps", Min: 1, Max: 1_000_000, Integer: true}, "Training ends after so many",
		func(r recipe.Recipe) float64 {
			if r.Optimizer.Minibatch() {
				return float64(r.Optimizer.Epochs)
			}
			return float64(r.Optimizer.Iterations)
		},
		func(r *recipe.Recipe, v float64) {
			if r.Optimizer.Minibatch() {
				r.Optimizer.Epochs = int(v)
			} else {
				r.Optimizer.Iterations = int(v)
			}
		}, network)
	number(widgets.NumberSpec{Label: "Seed", Max: 1 << 53, Integer: true}, "Of random centres and noise: the same seed gives the same points",
		func(r recipe.Recipe) float64 { return float64(r.Seed) },
		func(r *recipe.Recipe, v float64) { r.Seed = uint64(v) }, always)

	box := container.New(columnLayout{gap: 3})
	for _, r := range f.rows {
		box.Add(r.object)
	}
	f.object = newColumnScroll(container.New(insetLayout{12, 4, 14, 8}, box))
	return f
}

// flat reports whether a surface that is drawn lies in the plane.
func flat(b recipe.RBF) bool { return b.Path == "" && (b.Function == "circle" || b.Function == "star") }

// checkExpression judges a typed formula, for the field.
func checkExpression(text string) (column int, message string) {
	_, err := expr.Parse(text)
	if err == nil {
		return 0, ""
	}
	if at, ok := errors.AsType[*expr.Error](err); ok {
		return at.Column, fmt.Sprintf("column %d: %s", at.Column, at.Message)
	}
	return 0, err.Error()
}

// show fills the fields from the recipe. loaded says what was read, "" for
// nothing yet.
func (f *rbfForm) show(r recipe.Recipe, loaded string) {
	b := r.RBF
	f.task.SetSelected(labelOf(taskOptions, b.Task))
	f.points.SetValue(loaded)
	f.expression.SetValue(b.Expression)
	for _, n := range f.numbers {
		if v := n.get(r); !math.IsNaN(v) {
			n.SetValue(v)
		}
	}
	for _, c := range f.choices {
		options := c.options(b)
		c.SetOptions(labels(options))
		c.SetSelected(labelOf(options, c.get(r)))
	}
	for _, c := range f.checks {
		c.SetChecked(c.get(r))
	}
	arranged := make([]byte, len(f.rows))
	for i, row := range f.rows {
		on := row.shown(b)
		setShown(on, row.object)
		arranged[i] = '0'
		if on {
			arranged[i] = '1'
		}
	}
	if s := string(arranged); s != f.arranged {
		f.arranged = s
		f.object.Refresh() // costly: it reaches every field
	}
}

// faulty returns why a visible field is invalid, "" when none is.
func (f *rbfForm) faulty() string {
	for _, n := range f.numbers {
		if n.Visible() && n.Message() != "" {
			return n.Spec().Label + ", " + n.Message()
		}
	}
	if _, message := f.expression.Fault(); f.expression.Visible() && message != "" {
		return "the expression, " + message
	}
	return ""
}
