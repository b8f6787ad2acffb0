package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"filterscope/engine/recipe"
)

// action is one thing the user can do, as the menus, the keyboard and the key
// list show it. Menus, shortcuts and the list are all made from the table of
// actions, so they cannot disagree.
type action struct {
	menu, label string
	hint        string        // the key, for people
	shortcut    fyne.Shortcut // with a modifier: carried by the menu
	key         fyne.KeyName  // a bare key
	char        rune          // a bare character
	enabled     func() bool   // nil: always
	run         func()
	rule        bool // a separator before it
	item        *fyne.MenuItem
}

func ctrl(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

func ctrlShift(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

// makeActions builds the table.
func (w *Window) makeActions() []*action {
	inViews := func() bool { return w.session.run != nil }
	active := func() bool { return w.session.active() }
	onFilters := func() bool { return inViews() && w.view == viewFilters }
	onCodes := func() bool { return inViews() && w.view == viewCodes }
	onRBF := func() bool { return w.view == viewRBF }
	onData := func() bool { return w.view == viewData }
	shows := func() bool { return inViews() || onRBF() }
	exports := func() bool { return shows() || onData() }
	trained := func() bool { return inViews() && w.session.run.exhibit == nil || onRBF() }
	ended := func() bool { return w.session.run != nil && w.session.run.ended() }
	columns := func(n int) func() { return func() { w.filters.setColumns(n) } }
	return []*action{
		{menu: "File", label: "Open…", hint: "Ctrl+O", shortcut: ctrl(fyne.KeyO), run: w.openDialog},
		{menu: "File", label: "Open folder…", hint: "Ctrl+Shift+O", shortcut: ctrlShift(fyne.KeyO), run: w.openFolderDialog},
		{menu: "File", label: "Recipes…", hint: "Ctrl+N", shortcut: ctrl(fyne.KeyN), run: w.backToGallery},
		{menu: "File", label: "Save recipe…", run: w.saveRecipeDialog, rule: true},
		{menu: "File", label: "Save model…", hint: "Ctrl+S", shortcut: ctrl(fyne.KeyS), enabled: trained, run: w.saveModelDialog},
		{menu: "File", label: "Quit", hint: "Ctrl+Q", shortcut: ctrl(fyne.KeyQ), run: w.close, rule: true},

		{menu: "Edit", label: "Undo", hint: "Ctrl+Z", shortcut: ctrl(fyne.KeyZ), enabled: func() bool { return onRBF() || onData() }, run: w.undo},
		{menu: "Edit", label: "Redo", hint: "Ctrl+Shift+Z", shortcut: ctrlShift(fyne.KeyZ), enabled: onRBF, run: w.rbf.redo},

		{menu: "Run", label: "Start, pause, resume", hint: "Space", key: fyne.KeySpace, run: w.toggle},
		{menu: "Run", label: "Step", hint: ".", char: '.', run: w.step},
		{menu: "Run", label: "Ten steps", hint: ">", char: '>', enabled: active, run: func() { w.session.run.step(10) }},
		{menu: "Run", label: "Stop", enabled: func() bool { return active() || onRBF() }, run: w.stopRun},
		{menu: "Run", label: "Back to the run before", enabled: func() bool { return w.session.previous != nil }, run: w.back},
		{menu: "Run", label: "Restart", hint: "Ctrl+R", shortcut: ctrl(fyne.KeyR), enabled: shows, run: w.restart},

		{menu: "View", label: "Filters", hint: "1", char: '1', enabled: inViews, run: func() { w.showView(viewFilters) }},
		{menu: "View", label: "Curves", hint: "2", char: '2', enabled: inViews, run: func() { w.showView(viewCurves) }},
		{menu: "View", label: "Reconstruct", hint: "3", char: '3', enabled: inViews, run: func() { w.showView(viewReconstruct) }},
		{menu: "View", label: "Codes", hint: "4", char: '4', run: func() { w.showView(viewCodes) }},
		{menu: "View", label: "Radial basis functions", hint: "5", char: '5', run: func() { w.showView(viewRBF) }},
		{menu: "View", label: "Data", hint: "6", char: '6', run: func() { w.showView(viewData) }},
		{menu: "View", label: "Values column", hint: "Ctrl+[", shortcut: ctrl(fyne.KeyLeftBracket), run: w.toggleLeft, rule: true},
		{menu: "View", label: "Unit column", hint: "Ctrl+]", shortcut: ctrl(fyne.KeyRightBracket), run: w.toggleRight},
		{menu: "View", label: "Full screen", hint: "F11", key: fyne.KeyF11, run: func() { w.window.SetFullScreen(!w.window.FullScreen()) }},
		{menu: "View", label: "Follow the system's colours", run: func() { w.setVariant("system") }, rule: true},
		{menu: "View", label: "Light", run: func() { w.setVariant("light") }},
		{menu: "View", label: "Dark", run: func() { w.setVariant("dark") }},

		{menu: "Picture", label: "Zoom in", hint: "+", char: '+', enabled: onFilters, run: func() { w.filters.stepZoom(1) }},
		{menu: "Picture", label: "Zoom out", hint: "-", char: '-', enabled: onFilters, run: func() { w.filters.stepZoom(-1) }},
		{menu: "Picture", label: "Fit", hint: "0", char: '0', enabled: onFilters, run: func() { w.filters.setZoom(0) }},
		{menu: "Picture", label: "Next contrast", hint: "N", char: 'n', enabled: onFilters, run: w.filters.cycleScale, rule: true},
		{menu: "Picture", label: "Lock contrast", hint: "L", char: 'l', enabled: onFilters, run: w.filters.toggleLock},
		{menu: "Picture", label: "Next colours", hint: "M", char: 'm', enabled: onFilters, run: w.filters.cycleMap},
		{menu: "Picture", label: "Invert", hint: "I", char: 'i', enabled: onFilters, run: w.filters.toggleInvert},
		{menu: "Picture", label: "Next gap", hint: "G", char: 'g', enabled: onFilters, run: w.filters.cycleGap},
		{menu: "Picture", label: "Encoder or decoder", hint: "E", char: 'e', enabled: onFilters, run: w.filters.toggleDecoder},
		{menu: "Picture", label: "Next layer", hint: "Y", char: 'y', enabled: onFilters, run: w.filters.nextLayer},
		{menu: "Picture", label: "Whitened or pixel space", hint: "W", char: 'w', enabled: onFilters, run: w.filters.togglePixels},
		{menu: "Picture", label: "Columns: automatic", enabled: onFilters, run: columns(0)},
		{menu: "Picture", label: "Columns: 10", enabled: onFilters, run: columns(10)},
		{menu: "Picture", label: "Columns: 20", enabled: onFilters, run: columns(20)},

		{menu: "Picture", label: "Images on the map", hint: "T", char: 't', enabled: onCodes, run: w.codes.toggleImages, rule: true},

		{menu: "RBF", label: "Add a centre", hint: "Ins", key: fyne.KeyInsert, enabled: onRBF, run: w.rbf.addHere},
		{menu: "RBF", label: "Remove the centre or point", hint: "Del", key: fyne.KeyDelete, enabled: onRBF, run: w.rbf.removeSelected},
		{menu: "RBF", label: "Weighted basis functions", hint: "B", char: 'b', enabled: onRBF, run: w.rbf.toggleWeighted},
		{menu: "RBF", label: "Curve", enabled: onRBF, run: func() { w.rbf.setTask(recipe.TaskCurve) }, rule: true},
		{menu: "RBF", label: "Field", enabled: onRBF, run: func() { w.rbf.setTask(recipe.TaskField) }},
		{menu: "RBF", label: "Image", enabled: onRBF, run: func() { w.rbf.setTask(recipe.TaskImage) }},
		{menu: "RBF", label: "Surface", enabled: onRBF, run: func() { w.rbf.setTask(recipe.TaskSurface) }},

		{menu: "Select", label: "Unit to the left", hint: "←", key: fyne.KeyLeft, run: func() { w.sideways(-1) }},
		{menu: "Select", label: "Unit to the right", hint: "→", key: fyne.KeyRight, run: func() { w.sideways(1) }},
		{menu: "Select", label: "Unit above", hint: "↑", key: fyne.KeyUp, run: func() { w.upDown(-1) }},
		{menu: "Select", label: "Unit below", hint: "↓", key: fyne.KeyDown, run: func() { w.upDown(1) }},
		{menu: "Select", label: "No unit", hint: "Esc", key: fyne.KeyEscape, run: w.escape},
		{menu: "Select", label: "Examples: fixed", enabled: inViews, run: func() { w.examples(firstExamples) }, rule: true},
		{menu: "Select", label: "Examples: shuffle", enabled: inViews, run: func() { w.examples(shuffledExamples) }},
		{menu: "Select", label: "Examples: worst", enabled: inViews, run: func() { w.examples(worstExamples) }},

		{menu: "Export", label: "Picture of this view…", hint: "Ctrl+E", shortcut: ctrl(fyne.KeyE), enabled: exports, run: w.exportDialog},
		{menu: "Export", label: "The same again", hint: "Ctrl+Shift+E", shortcut: ctrlShift(fyne.KeyE), enabled: exports, run: w.exportAgain},
		{menu: "Export", label: "Weights as .npz…", enabled: func() bool { return ended() && w.session.run.exhibit == nil }, run: w.saveWeightsDialog},

		{menu: "Help", label: "Keys", hint: "?", char: '?', run: w.showKeys},
		{menu: "Help", label: "About Filterscope", run: w.showAbout},
	}
}

// mainMenu makes the menus from the table.
func (w *Window) mainMenu() *fyne.MainMenu {
	var menus []*fyne.Menu
	for _, a := range w.actions {
		if len(menus) == 0 || menus[len(menus)-1].Label != a.menu {
			menus = append(menus, fyne.NewMenu(a.menu))
		}
		menu := menus[len(menus)-1]
		if a.rule {
			menu.Items = append(menu.Items, fyne.NewMenuItemSeparator())
		}
		label := a.label
		if a.shortcut == nil && a.hint != "" {
			label += "   (" + a.hint + ")"
		}
		a.item = fyne.NewMenuItem(label, func() { w.perform(a) })
		a.item.Shortcut = a.shortcut
		a.item.IsQuit = a.label == "Quit"
		menu.Items = append(menu.Items, a.item)
	}
	return fyne.NewMainMenu(menus...)
}

// perform runs an action if it means something now: Fyne sends shortcuts of
// disabled items, and sends them while a dialog is open.
func (w *Window) perform(a *action) {
	if w.window.Canvas().Overlays().Top() != nil {
		return
	}
	if a.shortcut != nil {
		w.window.Canvas().Unfocus() // a field being edited counts first
	}
	if a.enabled == nil || a.enabled() {
		a.run()
	}
}

// bindKeys connects the bare keys; they arrive while no text field has the
// focus.
func (w *Window) bindKeys() {
	c := w.window.Canvas()
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		w.overlay.HideTip()
		if ev.Name == fyne.KeyEscape && closeTop(c) {
			return
		}
		for _, a := range w.actions {
			if a.key != "" && a.key == ev.Name {
				w.perform(a)
				return
			}
		}
	})
	c.SetOnTypedRune(func(r rune) {
		w.overlay.HideTip()
		if r == ' ' {
			return // arrives as a key as well
		}
		for _, a := range w.actions {
			if a.char != 0 && (a.char == r || a.char == lower(r)) {
				w.perform(a)
				return
			}
		}
	})
}

func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// undo takes the last change of the RBF view or of the Data view back.
func (w *Window) undo() {
	if w.view == viewData {
		w.data.undoStep()
		return
	}
	w.rbf.undo()
}

// sideways moves the selection in the mosaic, or among the cards.
func (w *Window) sideways(delta int) {
	switch {
	case w.view == viewData:
		w.data.moveStage(delta)
	case w.view == viewRBF:
		w.rbf.selectNext(delta)
	case w.session.run == nil:
		w.gallery.pick(w.gallery.neighbour(w.session.recipe.Name, delta))
	case w.view == viewFilters:
		w.filters.move(delta, 0)
	}
}

// closeTop closes the topmost dialog, and reports whether there was one.
func closeTop(c fyne.Canvas) bool {
	top, ok := c.Overlays().Top().(interface{ Hide() })
	if ok {
		top.Hide()
	}
	return ok
}

// upDown moves the selection in the mosaic, or among the cards.
func (w *Window) upDown(delta int) {
	switch {
	case w.view == viewData:
		w.data.key(map[int]fyne.KeyName{-1: fyne.KeyUp, 1: fyne.KeyDown}[delta])
	case w.view == viewRBF:
		w.rbf.selectNext(delta)
	case w.session.run == nil:
		w.gallery.pick(w.gallery.neighbour(w.session.recipe.Name, delta*w.gallery.columns()))
	case w.view == viewFilters:
		w.filters.move(0, delta)
	}
}

// escape leaves a text field, or deselects.
func (w *Window) escape() {
	w.window.Canvas().Unfocus()
	if w.view == viewRBF {
		w.rbf.deselect()
		return
	}
	if w.view == viewCodes {
		w.codes.lasso.drop()
	}
	w.filters.choose(-1)
}

// reconstructThese shows what the network makes of some examples.
func (w *Window) reconstructThese(examples []int) {
	w.showView(viewReconstruct)
	w.reconstruct.chooseThese(examples)
}

func (w *Window) examples(s selection) {
	w.showView(viewReconstruct)
	w.reconstruct.choose(s)
}

// backToGallery shows the recipes.
func (w *Window) backToGallery() {
	w.leaving(func() { w.choose(w.session.recipe) })
}

// leaving does what ends the present run; while that goes on it asks first.
func (w *Window) leaving(leave func()) {
	if !w.session.active() {
		leave()
		return
	}
	w.confirm("End this run?", "Another recipe ends the run that goes on. “Back to the run before” in the Run menu calls it back.", "End it", "Keep it", leave)
}

// confirm asks before something is done.
func (w *Window) confirm(title, text, yes, no string, do func()) {
	question := widget.NewLabel(text)
	question.Wrapping = fyne.TextWrapBreak // a path has no spaces
	d := dialog.NewCustomConfirm(title, yes, no, question, func(ok bool) {
		if ok {
			do()
		}
	}, w.window)
	d.Resize(fyne.NewSize(460, d.MinSize().Height))
	d.Show()
}

func (w *Window) toggleLeft() {
	setShown(!w.left.Visible(), w.left)
	w.desk.Refresh()
	w.ask()
}

func (w *Window) toggleRight() {
	w.app.Preferences().SetBool(prefRight, !w.preferRight())
	w.refresh()
}

// showKeys lists all keys, from the table of actions.
func (w *Window) showKeys() {
	grid := widget.NewForm()
	for _, a := range w.actions {
		if a.hint != "" {
			grid.Append(a.hint, widget.NewLabel(a.label))
		}
	}
	d := dialog.NewCustom("Keys", "Close", newScroll(grid, 380, 480), w.window)
	d.Show()
}

func (w *Window) showAbout() {
	dialog.NewCustom("About Filterscope", "Close", widget.NewLabel(aboutText()), w.window).Show()
}
