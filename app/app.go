// Package app is the window: one experiment at a time, its views, and the
// goroutine that keeps them up to date.
//
// The UI goroutine owns the session, the views and every widget. Work happens
// elsewhere: data are loaded by a goroutine of the session, training is the
// run's own (engine/train), and the pump draws all pictures. Each comes back
// through the dispatcher that is given to New; nothing here waits for the UI.
package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/app/cli"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// ID names the application to the desktop and in the preferences' folder.
const ID = "io.filterscope.Filterscope"

// textEvery is the least time between two changes of the numbers in labels:
// digits that change faster cannot be read.
const textEvery = 200 * time.Millisecond

// Width of the side columns in units.
const (
	leftWidth  = 238
	rightWidth = 296
)

// Window is the whole window.
type Window struct {
	app    fyne.App
	window fyne.Window
	do     func(func())
	logger *slog.Logger

	session *session
	pump    *pump
	stop    context.CancelFunc

	overlay     *widgets.Overlay
	banner      *widgets.Banner
	tabs        *widgets.TabBar
	gallery     *gallery
	fetcher     *fetcher
	form        *form
	filters     *filtersView
	curves      *curvesView
	reconstruct *reconstructView
	codes       *codesView
	inspector   *inspector
	diagnosis   *diagnosisView
	selection   *selectionView // in the place of the filters
	rbf         *rbfView
	data        *dataView
	dataDrawer  *drawer[dataRequest, *dataFrame]
	transport   *transport
	readout     *widgets.Readout
	facts       *widgets.Readout
	desk        *fyne.Container
	left, right fyne.CanvasObject
	views       *fyne.Container // tabs and the view below them
	bodies      []fyne.CanvasObject
	actions     []*action
	export      exporter

	view      viewID
	variant   string // "system", "light" or "dark"
	unit      int
	frame     *frame
	textAt    time.Time
	phase     train.Phase
	rates     frameRate
	closing   bool
	patience  time.Duration           // how long closing waits for the run and the pump
	opening   int                     // how often something was opened
	giveUp    context.CancelCauseFunc // of the look at what is being opened, nil for none
	offered   string                  // the file of arrays whose other reading was offered last, and how it was read
	topic     topic                   // of the banner
	fromCard  bool                    // the run being loaded is of a recipe just chosen: its view comes first
	arranged  [4]bool                 // which parts the desk was laid out for
	lastShown *activeRun
	foreseen  string // the linear recipe whose training is foreseen, "" for none
	unforesee context.CancelFunc
	asked     request      // what the pump was asked for last
	onFrame   func(*frame) // for the smoke mode and the screenshots
}

// New builds the window of a. do runs a function on the UI goroutine, later;
// it is fyne.Do but for tests. The window is not shown yet.
func New(a fyne.App, do func(func()), logger *slog.Logger) *Window {
	linalg.SetHelperSetup(yieldToWindow)
	w := &Window{app: a, do: do, logger: logger, unit: -1, patience: closePatience}
	w.window = a.NewWindow("Filterscope")
	w.session = &session{do: do, logger: logger, recipe: recipe.Builtin()[0]}
	w.pump = newPump(do, w.show)

	w.fetcher = newFetcher()
	w.gallery = newGallery(recipe.Builtin(), w.choose, w.toggle, w.openDialog)
	w.form = newForm(w.edit, w.openDialog, w.formMessage)
	w.filters = newFiltersView(w.ask, w.selectUnit, w.hovered, w.exhibitChosen)
	w.curves = newCurvesView(w.ask, w.hovered)
	w.reconstruct = newReconstructView(w.ask, w.hovered)
	w.codes = newCodesView(w)
	w.inspector = newInspector(w.filters.next)
	w.diagnosis = newDiagnosisView(w)
	w.selection = newSelectionView(w.ask, w.hovered)
	rbf := newRBFView(w)
	w.transport = newTransport(w.toggle, w.step, w.stopRun, w.start, w.exportDialog)
	w.banner = widgets.NewBanner()
	w.readout = widgets.NewReadout(30)
	w.facts = widgets.NewMutedReadout(58).AlignRight()
	w.rbf = rbf
	cache := newDataCache()
	w.session.cache = cache
	w.data = w.newDataView()
	painter := &dataPainter{cache: cache}
	w.dataDrawer = newDrawer(do, painter.frame, w.data.receive)
	painter.wake = w.dataDrawer.wake
	w.tabs = widgets.NewTabBar([]string{"Filters", "Curves", "Reconstruct", "Codes", "RBF", "Data"}, func(i int) { w.showView(viewID(i)) })

	s := w.session
	s.changed, s.loadedAs, s.began, s.failed, s.warned, s.finished = w.refresh, w.loading, w.began, w.failed, w.warned, w.finished
	s.openedRBF = w.openResult

	w.window.SetPadded(false)
	w.window.SetContent(w.layout())
	w.actions = w.makeActions()
	w.window.SetMainMenu(w.mainMenu())
	w.rbf.refresh()
	w.bindKeys()
	w.window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.openDropped(uris) })
	w.window.SetCloseIntercept(w.close)
	w.restorePreferences()
	w.showView(viewFilters)
	w.refresh()
	return w
}

// layout puts the parts together. Columns and bars lie on the window's own
// ground, which has the colour of panels: a ground below them would be painted
// anew in every frame.
func (w *Window) layout() fyne.CanvasObject {
	w.bodies = []fyne.CanvasObject{container.NewStack(w.filters.object, w.selection.object), w.curves.object, w.reconstruct.object, w.codes.object, w.rbf.object, w.data.object}
	tabs := container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{4, 0, 4, 0}, w.tabs))
	w.views = container.NewBorder(tabs, nil, nil, nil, container.NewStack(w.bodies...))
	centre := container.NewStack(w.gallery.object, w.views)
	w.left = container.NewStack(w.diagnosis.under(w.form.object), w.rbf.form.object)
	w.right = container.NewStack(w.inspector.object, w.rbf.readout.object)
	w.desk = container.New(deskLayout{leftWidth, rightWidth}, w.left, centre, w.right)
	status := container.New(statusLayout{}, w.readout, w.facts, w.banner)
	bottom := container.New(columnLayout{}, container.NewStack(w.transport.object, w.rbf.transport.object), widgets.NewRule(), status)
	w.overlay = widgets.NewOverlay(container.NewBorder(nil, bottom, nil, nil, w.desk))
	w.overlay.SetDispatcher(w.do)
	w.overlay.Foot = bottom.MinSize().Height
	w.banner.OnChanged = func() { status.Layout.Layout(status.Objects, status.Size()) }
	return w.overlay
}

// Start runs the pump. Call it once the event loop runs.
func (w *Window) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	w.applyTheme()
	w.app.Settings().AddListener(func(fyne.Settings) { w.do(w.ask) })
	go w.pump.loop(ctx)
	go w.rbf.loop(ctx)
	go w.dataDrawer.loop(ctx)
}

// Show shows the window.
func (w *Window) Show() { w.window.Show() }

// topic is what the banner is about; it goes when that is over.
type topic int

const (
	topicOther topic = iota // stays until it is dismissed
	topicLoading
	topicEdits
	topicField
	topicSurvey
	topicFetch
)

// say shows the banner.
func (w *Window) say(t topic, kind widgets.BannerKind, text string, actions ...widgets.Action) {
	w.topic = t
	w.banner.Set(kind, text, actions...)
}

// closePatience is how long closing waits for the run and the pump, as a rule.
const closePatience = 3 * time.Second

// close ends the run and the pump, remembers the window and closes it.
func (w *Window) close() {
	if w.closing {
		return
	}
	w.closing = true
	w.savePreferences()
	run, pump, worker := w.session.quit(), (<-chan struct{})(nil), (<-chan struct{})(nil)
	if w.stop != nil {
		w.stop()
		pump, worker = w.pump.ended, w.rbf.worker.ended
	}
	go func() {
		await(w.patience, run, pump, worker)
		w.do(w.window.Close)
	}()
}

// await waits until all channels are closed, at most for the given time. A nil
// channel counts as closed.
func await(limit time.Duration, channels ...<-chan struct{}) {
	end, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for _, c := range channels {
		if c == nil {
			continue
		}
		select {
		case <-c:
		case <-end.Done():
		}
	}
}

// choose takes another recipe; the gallery shows it.
func (w *Window) choose(r recipe.Recipe) {
	w.banner.Clear()
	if w.view.apart() {
		w.view = viewFilters // which the gallery stands in for
	}
	w.codes.alone = false
	if r.IsRBF() {
		w.rbf.take(r, false)
	}
	w.session.choose(r)
	w.selectUnit(-1)
}

// edit changes the recipe from the form.
func (w *Window) edit(change func(*recipe.Recipe)) { w.session.edit(change) }

// start starts a new run of the recipe.
func (w *Window) start() { w.begin(false) }

// begin starts a new run, which is held after its first step if asked for.
func (w *Window) begin(held bool) {
	if w.session.recipe.IsRBF() {
		w.openRBF(w.rbf.state.recipe)
		return
	}
	if err := w.session.recipe.Validate(); err != nil {
		w.failed("The values on the left do not fit", err)
		return
	}
	if fault := w.form.faulty(); fault != "" {
		w.say(topicField, widgets.Warning, "A field on the left is not valid: "+fault+".", widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
		return
	}
	w.banner.Clear()
	w.fromCard = w.session.run == nil && !w.codes.alone && !w.view.apart()
	w.session.start(held)
}

// toggle starts, pauses, resumes, or gives up loading.
func (w *Window) toggle() {
	switch {
	case w.view == viewRBF:
		w.rbf.toggle()
	case w.session.stage == loading:
		w.session.cancelLoad()
	case w.session.canTrainOn():
		w.banner.Clear()
		w.session.trainOn(false)
	case !w.session.active():
		w.start()
	default:
		if run := w.session.run; run.held && (!run.stepping || w.phase == train.Paused) {
			run.resume()
		} else {
			run.pause()
		}
	}
}

// step does one step and holds the run; without a run it starts one, held.
func (w *Window) step() {
	switch {
	case w.view == viewRBF:
		w.rbf.step()
	case w.session.active():
		w.session.run.step(1)
	case w.session.canTrainOn():
		w.session.trainOn(true)
	case w.session.stage != loading:
		w.begin(true)
	}
}

// back shows the run before the present one again.
func (w *Window) back() {
	w.banner.Clear()
	w.session.goBack()
}

func (w *Window) stopRun() {
	if w.view == viewRBF {
		w.rbf.stopHere()
		return
	}
	if w.session.active() {
		w.session.run.control.Stop()
	}
}

// refresh shows the state of the session: which parts are to be seen, what the
// fields hold, which buttons work.
func (w *Window) refresh() {
	s := w.session
	var data *dataset.Dataset
	var shown *exhibit
	if s.run != nil {
		shown = s.run.exhibit
	}
	if s.run != nil && s.stage == training && shown == nil {
		data = s.run.problem.Data
	}
	if loaded := w.data.loaded(s.recipe); loaded != nil {
		data = loaded
	}
	w.form.show(s.recipe, data, w.span(s.recipe))
	w.filters.showExhibit(shown)
	rbf := w.view == viewRBF
	inViews := s.run != nil || w.view.apart() || w.codes.alone
	setShown(!inViews, w.gallery.object)
	setShown(rbf || s.recipe.IsRBF(), w.rbf.form.object)
	setShown(!rbf && !s.recipe.IsRBF(), w.diagnosis.column)
	setShown(rbf, w.rbf.readout.object, w.rbf.transport.object)
	setShown(!rbf, w.inspector.object, w.transport.object)
	setShown(inViews, w.views)
	setShown(inViews && w.preferRight() && w.view != viewData, w.right)
	w.data.show(s.recipe)
	if s.run == nil && !rbf {
		w.gallery.show(s.recipe, s.named(s.recipe))
		w.pump.follow(nil)
		w.lastShown, w.frame = nil, nil // with the run and its data
		w.filters.frame, w.curves.frame, w.reconstruct.frame = nil, nil, nil
		w.codes.reset()
		w.diagnosis.show(nil)
		w.transport.show(nil, false)
		w.transport.spark.SetImage(nil)
		w.facts.SetText(fmt.Sprintf("%s · %s kernels", s.recipe.Precision, linalg.Kernel()))
	}
	w.transport.enable(s, w.phase)
	if w.view == viewData {
		w.transport.export.SetEnabled(w.data.preview() != nil)
	}
	if s.stage == loading {
		w.gallery.start.Set("Cancel", theme.CancelIcon())
	} else {
		w.gallery.start.Set("Start", theme.MediaPlayIcon())
	}
	switch {
	case s.stage == training && s.stale() && !rbf:
		text := capital(differences(s.run.recipe(), s.recipe, s.active())) + ": counts from the next start on."
		w.say(topicEdits, widgets.Notice, text,
			widgets.Action{Label: "Restart", Do: w.start}, widgets.Action{Label: "Undo", Do: s.undo})
	case w.topic == topicEdits, w.topic == topicLoading && s.stage != loading:
		w.topic = topicOther
		w.banner.Clear()
	}
	w.foreseeNow()
	w.entitle()
	if now := [4]bool{inViews, w.left.Visible(), w.right.Visible(), rbf || s.recipe.IsRBF()}; now != w.arranged {
		w.arranged = now
		w.desk.Refresh() // costly: it reaches every widget
	}
	w.ask()
}

// selectUnit selects a unit, -1 for none.
func (w *Window) selectUnit(unit int) {
	w.unit = unit
	if w.filters != nil && w.filters.unit != unit {
		w.filters.unit = unit
		w.filters.mark()
	}
	if unit < 0 && w.inspector != nil {
		w.inspector.show(nil, true)
	}
	w.ask()
}

// hovered shows what is under the pointer in the line of exact values.
func (w *Window) hovered(text string) {
	w.readout.SetText(text)
}

// formMessage shows why a field is invalid, "" when it is valid again.
func (w *Window) formMessage(text string) {
	switch {
	case text != "":
		w.say(topicField, widgets.Warning, "Not valid: "+text+". The value before still counts.")
	case w.topic == topicField && w.form.faulty() == "":
		w.topic = topicOther
		w.banner.Clear()
	}
}

// showView changes the view in the centre.
func (w *Window) showView(v viewID) {
	crossing := w.view != v && (w.view.apart() || v.apart() || w.session.run == nil)
	w.view, w.fromCard = v, false
	w.codes.alone = v == viewCodes && w.session.run == nil
	w.tabs.Select(int(v))
	for i, b := range w.bodies {
		setShown(viewID(i) == v, b)
	}
	w.hovered("")
	w.entitle()
	w.wish()
	if crossing { // other columns and another transport belong to it
		w.refresh()
		return
	}
	w.ask()
}

// wish tells the run which heavy parts the visible view wants.
func (w *Window) wish() {
	if w.session.run != nil {
		w.session.run.wishes.Parameters(w.view != viewCurves || w.unit >= 0 || w.diagnosis.watching())
	}
}

// applyTheme sets the theme that the preferences ask for.
func (w *Window) applyTheme() {
	w.app.Settings().SetTheme(NewTheme(w.variant))
	w.ask()
}

// setVariant changes between light, dark and the system's choice.
func (w *Window) setVariant(variant string) {
	w.variant = variant
	w.app.Preferences().SetString(prefVariant, variant)
	w.applyTheme()
}

// aboutText is the text of the About box.
func aboutText() string {
	return fmt.Sprintf("Filterscope %s\n\nTrains small unsupervised networks and shows what they learn.\n\n%s kernels, %d workers, process %d",
		cli.Version(), linalg.Kernel(), linalg.Workers(), os.Getpid())
}
