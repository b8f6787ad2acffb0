package app

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// rowsShown lists the labels of the fields of a form that are to be seen.
func rowsShown(f *form) []string {
	var shown []string
	for _, row := range f.rows {
		if !row.object.Visible() {
			continue
		}
		switch o := row.object.(type) {
		case *widgets.NumberEntry:
			shown = append(shown, o.Spec().Label)
		case *widgets.TextField:
			shown = append(shown, o.Label())
		}
	}
	return shown
}

// openFolds opens or closes all that is folded in a form.
func openFolds(f *form) {
	for _, h := range f.more {
		h.Tapped(&fyne.PointEvent{})
	}
}

func TestFormFollowsModel(t *testing.T) {
	alone(t)
	d := newDesk(t)
	openFolds(d.form)
	for _, c := range []struct {
		kind        string
		has, hasNot []string
	}{
		{recipe.KindSparse, []string{"Hidden", "λ decay", "β sparsity", "ρ target", "Iterations", "Memory"}, []string{"Layers", "Latent", "Rate", "Level", "Gibbs steps", "KL weight"}},
		{recipe.KindDeep, []string{"Layers", "L1 decay", "Drop inputs", "Dropout", "Max-norm", "Rate", "Epochs", "β₁"}, []string{"Hidden", "ρ target", "β sparsity", "Momentum", "Memory", "Decay", "Encoder"}},
		{recipe.KindDenoising, []string{"Hidden", "Level", "Momentum", "Rate"}, []string{"Layers", "Gibbs steps", "Dropout"}},
		{recipe.KindVariational, []string{"Encoder", "Latent", "Decoder", "KL weight", "Samples L", "Warm-up"}, []string{"Layers", "Hidden", "L1 decay", "δ Huber"}},
		{recipe.KindRBM, []string{"Hidden", "Gibbs steps", "Chains", "Rate", "Momentum", "Batch"}, []string{"Iterations", "Clip norm", "ρ target", "Memory"}},
		{recipe.KindLinear, []string{"Rate", "λ decay"}, []string{"Hidden", "Layers", "β sparsity"}},
		{recipe.KindStacked, []string{"Layers", "λ softmax", "Softmax", "ρ target"}, []string{"Hidden", "Rate"}},
	} {
		d.edit(func(r *recipe.Recipe) { d.form.setKind(r, c.kind) })
		shown := rowsShown(d.form)
		for _, label := range c.has {
			if !slices.Contains(shown, label) {
				t.Errorf("%s: no field %q among %v", c.kind, label, shown)
			}
		}
		for _, label := range c.hasNot {
			if slices.Contains(shown, label) {
				t.Errorf("%s: there is a field %q", c.kind, label)
			}
		}
		if err := d.session.recipe.Validate(); err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
	}
}

// TestFormEveryField: every field shows the recipe's value, takes one, and
// leaves all other keys as they are.
func TestFormEveryField(t *testing.T) {
	alone(t)
	d := newDesk(t)
	openFolds(d.form)
	for _, o := range kindOptions {
		methods := recipe.Methods()
		if o.value != recipe.KindDeep {
			methods = methods[:1]
		}
		for _, method := range methods {
			d.edit(func(r *recipe.Recipe) {
				d.form.setKind(r, o.value)
				d.form.setMethod(r, method)
			})
			for _, row := range d.form.rows {
				e, ok := row.object.(*widgets.NumberEntry)
				if !ok || !e.Visible() {
					continue
				}
				before := d.session.recipe
				next := 3.0
				if e.Value() == next || e.Spec().Check(next) != nil {
					next = 0.25
				}
				if e.Spec().Check(next) != nil {
					next = 0.75
				}
				d.enter(e, widgets.FormatNumber(next))
				if changes := differences(before, d.session.recipe, false); changes == "" || strings.Contains(changes, ",") {
					t.Errorf("%s, %s: %q = %v changes %q, want one key", o.value, method, e.Spec().Label, next, changes)
				}
				d.edit(func(r *recipe.Recipe) { *r = before })
			}
		}
	}
}

func TestFormKeepsKinds(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.choose(tiny(t))
	d.enter(d.form.hidden, "7")
	sparse := d.session.recipe
	d.form.kind.Choice().OnChange("Deep autoencoder")
	d.edit(func(r *recipe.Recipe) { r.Model.Layers = []int{9, 3} })
	d.form.kind.Choice().OnChange("Sparse autoencoder")
	if got, want := string(d.session.recipe.Encode()), string(sparse.Encode()); got != want {
		t.Errorf("after going to another model and back the recipe is\n%s, want\n%s", got, want)
	}
	d.form.kind.Choice().OnChange("Deep autoencoder")
	if got := d.session.recipe.Model.Layers; !slices.Equal(got, []int{9, 3}) {
		t.Errorf("the deep autoencoder has layers %v, want those that were typed", got)
	}
	d.enter(d.form.rate, "0.02")
	d.form.method.Choice().OnChange("SGD")
	d.form.method.Choice().OnChange("Adam")
	if got := d.session.recipe.Optimizer.LearningRate; got != 0.02 {
		t.Errorf("the rate of Adam is %v after SGD, want the one that was typed", got)
	}
}

func TestFormPresets(t *testing.T) {
	for kind, all := range presets {
		for _, p := range all {
			r := recipe.DefaultOf(kind)
			r = p.apply(r)
			if err := r.Validate(); err != nil {
				t.Errorf("%s, %s: %v", kind, p.name, err)
			}
			if got := presetOf(r); got != p.name {
				t.Errorf("%s: a recipe of preset %q is called %q", kind, p.name, got)
			}
			r.Model.Lambda += 0.5
			if got := presetOf(r); got != noPreset {
				t.Errorf("%s, %s: still called %q with another λ", kind, p.name, got)
			}
		}
	}
}

func TestFormLayers(t *testing.T) {
	for _, c := range []struct {
		text    string
		sizes   []int
		column  int
		message string
	}{
		{"1000, 500, 250, 30", []int{1000, 500, 250, 30}, 0, ""},
		{"784-30", []int{784, 30}, 0, ""},
		{"200 50;2", []int{200, 50, 2}, 0, ""},
		{"200, x5", nil, 6, "x5: want 1 to 1e8 units"},
		{"0", nil, 1, "0: want 1 to 1e8 units"},
		{"5, 1e7", nil, 4, "1e7: want 1 to 1e8 units"},
		{"5, 100000001", nil, 4, "100000001: want 1 to 1e8 units"},
		{"10000000", []int{10_000_000}, 0, ""}, // training knows what fits in memory
		{"100, -3, 5", nil, 6, "-3: want 1 to 1e8 units"},
		{"", nil, 0, "want sizes, such as 200, 50"},
		{strings.Repeat("2,", 21), nil, 0, "21 layers: want 20 at the most"},
	} {
		column, message := checkSizes(c.text, 1)
		sizes, _, _ := parseSizes(c.text)
		if column != c.column || message != c.message || message == "" && !slices.Equal(sizes, c.sizes) {
			t.Errorf("%q: sizes %v, column %d, %q; want %v, %d, %q", c.text, sizes, column, message, c.sizes, c.column, c.message)
		}
	}
}

// TestFormLayersField: a list that is no list stays in its field and changes
// nothing.
func TestFormLayersField(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.edit(func(r *recipe.Recipe) { d.form.setKind(r, recipe.KindDeep) })
	field := d.form.layers.Field().(interface {
		fyne.Focusable
		SetText(string)
	})
	d.window.Canvas().Focus(field)
	field.SetText("100, 1o")
	d.window.Canvas().Unfocus()
	if !slices.Equal(d.session.recipe.Model.Layers, []int{200, 50}) {
		t.Errorf("layers = %v", d.session.recipe.Model.Layers)
	}
	if want := "Layers, 1o: want 1 to 1e8 units"; d.form.faulty() != want {
		t.Errorf("the form says %q, want %q", d.form.faulty(), want)
	}
	d.window.Canvas().Focus(field)
	field.SetText("100, 10")
	d.window.Canvas().Unfocus()
	if !slices.Equal(d.session.recipe.Model.Layers, []int{100, 10}) || d.form.faulty() != "" || d.banner.Visible() {
		t.Errorf("layers = %v, the form says %q and the banner %q", d.session.recipe.Model.Layers, d.form.faulty(), d.banner.Text())
	}
}

func TestFormUnreachable(t *testing.T) {
	r := recipe.DefaultOf(recipe.KindDeep)
	for _, c := range []struct {
		output, step string
		seen         spanOf
		want         string
	}{
		{"linear", preprocess.H2ONormalise, spanOf{}, ""},
		{"tanh", preprocess.H2ONormalise, spanOf{}, ""},
		{"relu", preprocess.H2ONormalise, spanOf{}, "ReLU cannot reconstruct values below 0: every value below a column’s mean is unreachable. A linear output can."},
		{"relu", preprocess.Scale, spanOf{}, ""},
		{"sigmoid", preprocess.ZCA, spanOf{}, "Sigmoid cannot reconstruct values outside 0 to 1. A linear output can."},
		{"sigmoid", preprocess.ZCA, spanOf{-2.5, 3, true}, "Sigmoid cannot reconstruct values outside 0 to 1: the data go from −2.5 to 3. A linear output can."},
		{"elu", preprocess.ZCA, spanOf{-2.5, 3, true}, "ELU cannot reconstruct values below −1: the data go down to −2.5. A linear output can."},
		{"sigmoid", preprocess.Scale, spanOf{0, 255, true}, "Sigmoid cannot reconstruct values above 1: the data go up to 255. A linear output can."},
	} {
		r.Model.Decoder, r.Preprocess = c.output, []preprocess.Spec{{Step: c.step}}
		seen := c.seen
		if !seen.measured {
			seen = stepSpan(r)
		}
		if got := unreachable(r, seen); got != c.want {
			t.Errorf("%s after %s: %q, want %q", c.output, c.step, got, c.want)
		}
	}
}

// TestFormSameOutput: the tick gives the output layer the hidden activation,
// which it follows.
func TestFormSameOutput(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.edit(func(r *recipe.Recipe) {
		d.form.setKind(r, recipe.KindDeep)
		r.Preprocess = []preprocess.Spec{{Step: preprocess.H2ONormalise}}
	})
	d.form.same.OnChange(true)
	d.form.activation.Choice().OnChange("ReLU")
	if m := d.session.recipe.Model; m.Activation != "relu" || m.Decoder != "relu" {
		t.Errorf("activation %s, output %s; want relu in both", m.Activation, m.Decoder)
	}
	if !strings.HasPrefix(d.form.unreachable.Text(), "ReLU cannot reconstruct values below 0") || !d.form.unreachable.Visible() {
		t.Errorf("the form says %q", d.form.unreachable.Text())
	}
	d.form.same.OnChange(false)
	if m := d.session.recipe.Model; m.Decoder != recipe.DecoderLinear || d.form.unreachable.Visible() {
		t.Errorf("output %s, and the form says %q", m.Decoder, d.form.unreachable.Text())
	}
}

// TestFormSoftmax: a softmax output brings its loss, and has an axis to choose.
func TestFormSoftmax(t *testing.T) {
	d := newDesk(t)
	d.edit(func(r *recipe.Recipe) { d.form.setKind(r, recipe.KindDeep) })
	if d.form.axis.Visible() {
		t.Error("a linear output has a softmax axis")
	}
	d.form.output.Choice().OnChange("softmax")
	d.form.axis.Choice().OnChange("1, columns")
	if m := d.session.recipe.Model; m.Loss != "cross-entropy" || m.SoftmaxAxis != 1 || !d.form.axis.Visible() || d.form.unfit.Visible() {
		t.Errorf("loss %s, axis %d, and the form says %q", m.Loss, m.SoftmaxAxis, d.form.unfit.Text())
	}
}

// TestFormUnfit: values that do not go with one another are named before a start.
func TestFormUnfit(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.edit(func(r *recipe.Recipe) {
		d.form.setKind(r, recipe.KindDeep)
		r.Model.Loss = "cross-entropy"
	})
	want := `Decoder = "linear": it wants sigmoid or softmax, which loss = "cross-entropy" needs.`
	if got := d.form.unfit.Text(); got != want || !d.form.unfit.Visible() {
		t.Errorf("the form says %q, want %q", got, want)
	}
	d.edit(func(r *recipe.Recipe) { r.Model.Decoder = "sigmoid" })
	if d.form.unfit.Visible() {
		t.Errorf("the form still says %q", d.form.unfit.Text())
	}
}

// A layer that cannot be had is refused with its memory estimate, when the data say how wide the network is.
func TestFormTooLarge(t *testing.T) {
	alone(t)
	d := newDesk(t)
	d.choose(tiny(t))
	d.enter(d.form.hidden, "10000000")
	if d.form.faulty() != "" {
		t.Fatalf("the form says %q: what fits is not its matter", d.form.faulty())
	}
	d.start()
	d.said()
	text := d.banner.Text()
	if !strings.HasPrefix(text, "A network of these sizes has 330 million parameters and takes about ") || !strings.Contains(text, "so smaller layers") {
		t.Errorf("it says %q", text)
	}
	if d.session.run != nil {
		t.Error("a run began")
	}
}

// The wheel scrolls the form wherever the pointer is, over a field as well.
func TestFormWheel(t *testing.T) {
	alone(t)
	d := finished(t)
	d.window.Resize(fyne.NewSize(1280, 640))
	d.settle()
	scroll := d.form.object.(*container.Scroll)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.form.hidden)
	over := at.AddXY(d.form.hidden.Size().Width-60, d.form.hidden.Size().Height/2)
	test.Scroll(d.window.Canvas(), over, 0, -30)
	if scroll.Offset.Y != 30 {
		t.Errorf("over a field the wheel moves the form by %v, want 30", scroll.Offset.Y)
	}
}

// A Boltzmann machine's visible units say what they want of data and rate, once
// they do not have it.
func TestUnseen(t *testing.T) {
	machine := func(units, step string, rate float64) recipe.Recipe {
		r := recipe.Default().WithKind(recipe.KindRBM)
		r.Model.VisibleUnits, r.Optimizer.LearningRate = units, rate
		r.Preprocess = []preprocess.Spec{{Step: step}}
		return r
	}
	for _, tt := range []struct {
		r    recipe.Recipe
		span spanOf
		want string
	}{
		{machine("binary", preprocess.Scale, 0.1), spanOf{low: 0, high: 1}, ""},
		{machine("binary", preprocess.Standardise, 0.1), spanOf{low: -3, high: 9}, "Binary visible units stand for values from 0 to 1. Gaussian ones can stand for any."},
		{machine("gaussian", preprocess.Standardise, 0.01), spanOf{low: -3, high: 9}, ""},
		{machine("gaussian", preprocess.Standardise, 0.1), spanOf{low: -3, high: 9}, "Gaussian visible units want a rate of 0.01 or less."},
		{machine("gaussian", preprocess.Scale, 0.1), spanOf{low: 0, high: 1}, "Gaussian visible units want data of mean 0 and deviation 1 (Prepare: standardise), and a rate of 0.01 or less."},
		{machine("rectified", preprocess.Scale, 0.1), spanOf{low: -1, high: 1}, ""},
		{recipe.Default(), spanOf{low: -3, high: 9}, ""},
	} {
		if got := unseen(tt.r, tt.span); got != tt.want {
			t.Errorf("%s, %s, %v: %q, want %q", tt.r.Model.Kind, tt.r.Model.VisibleUnits, tt.span, got, tt.want)
		}
	}
}
