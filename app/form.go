package app

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/dataset"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// Badges of the fields: a live one applies at the next step of the run that
// goes on, the others make a new run.
const (
	badgeLive = "live"
	badgeNew  = "new run"
)

// formWidth is the room for a paragraph in the column.
const formWidth = leftWidth - 26

// form is the left column: every field edits a key of the recipe, and only those
// that mean something for its model and optimiser are there.
type form struct {
	edit    func(change func(*recipe.Recipe))
	message func(string) // why a field is invalid, "" when none is

	// Fields that something besides the form knows.
	kind, preset             *widgets.SelectRow
	hidden                   *widgets.NumberEntry
	layers                   *widgets.TextField
	activation, output, axis *widgets.SelectRow
	same                     *widgets.CheckRow // the output layer is as the hidden ones
	source, count            *widgets.ValueRow
	examples                 *widgets.NumberEntry
	colour                   *widgets.CheckRow
	prepare, labels, method  *widgets.SelectRow
	lambda, beta, rho, rate  *widgets.NumberEntry
	dropInputs               *widgets.NumberEntry
	unreachable, unfit       *widgets.Paragraph
	tabular                  bool // the data are a table with columns to choose from
	more                     []*formFold

	rows     []formRow
	fold     *formFold // that rows are added to, nil for none
	faults   []func() string
	kept     map[string]recipe.Recipe    // by kind of model, as the user left it
	methods  map[string]recipe.Optimizer // by method, as the user left it
	of       string                      // the recipe that kept and methods are of
	arranged string                      // which rows are shown
	shown    recipe.Recipe               // as shown last
	box      *fyne.Container
	object   fyne.CanvasObject
}

// formRow is a row of the form: when it is there, and how it takes its value
// from the recipe.
type formRow struct {
	object fyne.CanvasObject
	fold   *formFold
	shown  func(r recipe.Recipe) bool
	show   func(r recipe.Recipe)      // nil for one without a value
	own    func(r recipe.Recipe) bool // whether the value is another than the default; nil: never
}

// formFold is a part of the form that is closed until somebody wants it.
type formFold struct {
	*widgets.Fold
}

// newForm builds the column. open opens the dialog for the user's own data.
func newForm(edit func(func(*recipe.Recipe)), open func(), message func(string)) *form {
	f := &form{edit: edit, message: message, kept: map[string]recipe.Recipe{}, methods: map[string]recipe.Optimizer{}}
	f.addModel()
	f.addData(open)
	f.addTraining()
	f.addOptimizer()
	f.box = container.New(columnLayout{gap: 3})
	for _, r := range f.rows {
		f.box.Add(r.object)
	}
	f.object = newColumnScroll(container.New(insetLayout{12, 4, 14, 8}, f.box))
	return f
}

// show fills the fields from the recipe; fields that mean nothing for it are
// hidden. data is what is loaded, nil for nothing yet, and seen the least and
// the largest value that the network sees of them.
func (f *form) show(r recipe.Recipe, data *dataset.Dataset, seen spanOf) {
	if r.Name != f.of { // another experiment
		f.of = r.Name
		clear(f.kept)
		clear(f.methods)
	}
	f.shown = r
	f.showData(r, data)
	f.showNotes(r, seen)
	badge := badgeNew
	if r.Model.InputDropout > 0 { // a run that began with some can change it
		badge = badgeLive
	}
	f.dropInputs.SetBadge(badge)
	var arranged strings.Builder
	own, inside := map[*formFold]int{}, map[*formFold]bool{}
	for _, row := range f.rows {
		on := row.shown(r)
		if on && row.show != nil {
			row.show(r)
		}
		if row.fold != nil && on {
			inside[row.fold] = true
			if row.own != nil && row.own(r) {
				own[row.fold]++
			}
			on = row.fold.Open()
		}
		if h, ok := row.object.(*widgets.Fold); ok {
			on = f.meansSomething(h, r)
		}
		setShown(on, row.object)
		fmt.Fprint(&arranged, on)
	}
	for _, h := range f.more {
		note := ""
		if n := own[h]; n > 0 && !h.Open() {
			note = fmt.Sprintf("%d set", n)
		}
		h.SetNote(note)
	}
	if s := arranged.String(); s != f.arranged {
		f.arranged = s
		f.object.Refresh() // costly: it reaches every field
	}
}

// meansSomething reports whether there is a field for r behind a fold.
func (f *form) meansSomething(h *widgets.Fold, r recipe.Recipe) bool {
	for _, row := range f.rows {
		if row.fold != nil && row.fold.Fold == h && row.shown(r) {
			return true
		}
	}
	return false
}

// faulty returns why a visible field is invalid, "" when none is.
func (f *form) faulty() string {
	for _, fault := range f.faults {
		if text := fault(); text != "" {
			return text
		}
	}
	return ""
}

// row adds a row.
func (f *form) row(r formRow) {
	if r.shown == nil {
		r.shown = always
	}
	r.fold = f.fold
	f.rows = append(f.rows, r)
}

// section adds a header.
func (f *form) section(text string, shown func(recipe.Recipe) bool) {
	f.fold = nil
	f.row(formRow{object: widgets.NewSectionLabel(text), shown: shown})
}

// moreOf lets the rows that follow, up to the next section, be behind a fold.
func (f *form) moreOf(text string) {
	f.fold = nil
	h := &formFold{}
	h.Fold = widgets.NewFold(text, func(bool) { f.edit(func(*recipe.Recipe) {}) })
	f.row(formRow{object: h.Fold})
	f.fold = h
	f.more = append(f.more, h)
}

// number adds a numeric field.
func (f *form) number(spec widgets.NumberSpec, tip string, get func(recipe.Recipe) float64, set func(*recipe.Recipe, float64), shown func(recipe.Recipe) bool) *widgets.NumberEntry {
	if spec.Badge == "" {
		spec.Badge = badgeNew
	}
	spec.Hint = tip
	e := widgets.NewNumberEntry(spec)
	e.OnCommit = func(v float64) { f.edit(func(r *recipe.Recipe) { set(r, v) }) }
	e.OnMessage = f.cleared
	e.OnRefused = func(text string) { f.message(spec.Label + ", " + text) }
	f.faults = append(f.faults, func() string {
		if e.Visible() && e.Message() != "" {
			return spec.Label + ", " + e.Message()
		}
		return ""
	})
	f.row(formRow{object: e, shown: shown, own: differs(get), show: func(r recipe.Recipe) {
		if v := get(r); !math.IsNaN(v) {
			e.SetValue(v)
		}
	}})
	return e
}

// whole adds a field for a whole number of the recipe.
func (f *form) whole(label string, least, most float64, tip string, field func(*recipe.Recipe) *int, shown func(recipe.Recipe) bool) *widgets.NumberEntry {
	return f.number(widgets.NumberSpec{Label: label, Min: least, Max: most, Integer: true}, tip,
		func(r recipe.Recipe) float64 { return float64(*field(&r)) },
		func(r *recipe.Recipe, v float64) { *field(r) = int(v) }, shown)
}

// real adds a field for a number of the recipe.
func (f *form) real(spec widgets.NumberSpec, tip string, field func(*recipe.Recipe) *float64, shown func(recipe.Recipe) bool) *widgets.NumberEntry {
	return f.number(spec, tip,
		func(r recipe.Recipe) float64 { return *field(&r) },
		func(r *recipe.Recipe, v float64) { *field(r) = v }, shown)
}

// choice adds a list of values.
func (f *form) choice(label, tip string, options func(recipe.Recipe) []option, get func(recipe.Recipe) string, set func(*recipe.Recipe, string), shown func(recipe.Recipe) bool) *widgets.SelectRow {
	var offered []option
	c := widgets.NewSelectRow(label, nil, func(chosen string) {
		for _, o := range offered {
			if o.label == chosen {
				f.edit(func(r *recipe.Recipe) { set(r, o.value) })
				return
			}
		}
	})
	c.SetTip(tip + " (makes a new run)")
	if label != "" {
		c.SetBadge(badgeNew)
	}
	f.row(formRow{object: c, shown: shown, own: differs(get), show: func(r recipe.Recipe) {
		offered = options(r)
		c.SetOptions(labels(offered))
		c.SetSelected(labelOf(offered, get(r)))
	}})
	return c
}

// check adds a box to tick.
func (f *form) check(label, tip string, field func(*recipe.Recipe) *bool, shown func(recipe.Recipe) bool) *widgets.CheckRow {
	return f.checkOf(label, tip, func(r recipe.Recipe) bool { return *field(&r) }, func(r *recipe.Recipe, on bool) { *field(r) = on }, shown)
}

func (f *form) checkOf(label, tip string, get func(recipe.Recipe) bool, set func(*recipe.Recipe, bool), shown func(recipe.Recipe) bool) *widgets.CheckRow {
	c := widgets.NewCheckRow(label, func(on bool) { f.edit(func(r *recipe.Recipe) { set(r, on) }) })
	c.SetTip(tip + " (makes a new run)")
	f.row(formRow{object: c, shown: shown, own: differs(get), show: func(r recipe.Recipe) { c.SetChecked(get(r)) }})
	return c
}

// text adds a field for a list or another text. check says what is wrong with
// one, at which character.
func (f *form) text(label, tip string, check func(string) (int, string), get func(recipe.Recipe) string, set func(*recipe.Recipe, string), shown func(recipe.Recipe) bool) *widgets.TextField {
	e := widgets.NewTextRow(label)
	e.Check = check
	e.SetTip(tip + " (makes a new run)")
	e.OnCommit = func(text string) { f.edit(func(r *recipe.Recipe) { set(r, text) }) }
	e.OnMessage = f.cleared
	e.OnRefused = func(text string) { f.message(label + ", " + text) }
	f.faults = append(f.faults, func() string {
		if _, fault := e.Fault(); e.Visible() && fault != "" {
			return label + ", " + fault
		}
		return ""
	})
	f.row(formRow{object: e, shown: shown, own: differs(get), show: func(r recipe.Recipe) { e.SetValue(get(r)) }})
	return e
}

// cleared tells the window that a field is valid again.
func (f *form) cleared(text string) {
	if text == "" {
		f.message("")
	}
}

// differs reports whether a value is another than in a new recipe with that kind
// of model and method.
func differs[T comparable](get func(recipe.Recipe) T) func(recipe.Recipe) bool {
	return func(r recipe.Recipe) bool {
		usual := recipe.DefaultOf(r.Model.Kind)
		usual.Optimizer.Method = r.Optimizer.Method
		return get(r) != get(usual)
	}
}

func always(recipe.Recipe) bool { return true }

// has returns whether the model of a recipe has a key.
func has(key string) func(recipe.Recipe) bool {
	return func(r recipe.Recipe) bool { return r.Model.Has(key) }
}

// both returns whether all conditions hold.
func both(all ...func(recipe.Recipe) bool) func(recipe.Recipe) bool {
	return func(r recipe.Recipe) bool {
		for _, ok := range all {
			if !ok(r) {
				return false
			}
		}
		return true
	}
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

// middle shortens a text to n letters by leaving out its middle.
func middle(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:(n-1)/2]) + "…" + string(r[len(r)-(n-1-(n-1)/2):])
}
