package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"filterscope/widgets"
)

type entryLog struct {
	commits  []float64
	messages []string
}

func rhoEntry(t *testing.T) (*widgets.NumberEntry, *entryLog, fyne.Canvas) {
	e := widgets.NewNumberEntry(widgets.NumberSpec{Label: "ρ target", Max: 1, MinOpen: true, MaxOpen: true, Badge: "live"})
	log := &entryLog{}
	e.OnCommit = func(v float64) { log.commits = append(log.commits, v) }
	e.OnMessage = func(m string) { log.messages = append(log.messages, m) }
	c := show(t, container.NewVBox(e, widgets.NewActionButton("Run", nil, nil)), 260, 80, 1)
	e.SetValue(0.1)
	return e, log, c
}

// retype replaces the field's text by typing.
func retype(e *widgets.NumberEntry, text string) {
	f := e.Field()
	key(f, fyne.KeyEnd)
	for range 12 {
		key(f, fyne.KeyBackspace)
	}
	test.Type(f, text)
}

func TestNumberEntryCommit(t *testing.T) {
	for _, c := range []struct {
		name    string
		typed   string
		finish  func(e *widgets.NumberEntry, cv fyne.Canvas)
		commits []float64
		value   float64
		message string
	}{
		{"enter", "0.05", enter, []float64{0.05}, 0.05, ""},
		{"enter with a comma", "5e-2", enter, []float64{0.05}, 0.05, ""},
		{"enter the same", "0,10", enter, nil, 0.1, ""},
		{"focus lost", "0.2", func(_ *widgets.NumberEntry, cv fyne.Canvas) { cv.Unfocus() }, []float64{0.2}, 0.2, ""},
		{"escape", "0.2", func(e *widgets.NumberEntry, _ fyne.Canvas) { key(e.Field(), fyne.KeyEscape) }, nil, 0.1, ""},
		{"invalid", "1.5", enter, nil, 0.1, "want 0 < ρ < 1"},
		{"invalid, then escape", "1.5", func(e *widgets.NumberEntry, _ fyne.Canvas) {
			enter(e, nil)
			key(e.Field(), fyne.KeyEscape)
		}, nil, 0.1, ""},
		{"letters are not taken", "0x.y2", enter, []float64{0.2}, 0.2, ""},
		{"enter twice commits once", "0.3", func(e *widgets.NumberEntry, cv fyne.Canvas) {
			enter(e, cv)
			cv.Unfocus()
		}, []float64{0.3}, 0.3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, log, cv := rhoEntry(t)
			before := e.MinSize()
			cv.Focus(e.Field())
			retype(e, c.typed)
			c.finish(e, cv)
			if diff := cmp.Diff(c.commits, log.commits); diff != "" {
				t.Errorf("commits (-want +got):\n%s", diff)
			}
			if e.Value() != c.value || e.Message() != c.message {
				t.Errorf("value %v, message %q, want %v, %q", e.Value(), e.Message(), c.value, c.message)
			}
			if e.MinSize() != before {
				t.Errorf("MinSize = %v, was %v", e.MinSize(), before)
			}
		})
	}
}

func enter(e *widgets.NumberEntry, _ fyne.Canvas) { key(e.Field(), fyne.KeyReturn) }

func TestNumberEntryMessages(t *testing.T) {
	e, log, cv := rhoEntry(t)
	cv.Focus(e.Field())
	retype(e, "2")
	log.messages = nil
	retype(e, "0.5")
	want := []string{"want a number", "want 0 < ρ < 1", ""} // emptied; "0" and "0." are out of bounds; "0.5"
	if diff := cmp.Diff(want, log.messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestNumberEntrySetValueLeavesTypingAlone(t *testing.T) {
	e, log, cv := rhoEntry(t)
	cv.Focus(e.Field())
	retype(e, "0.7")
	e.SetValue(0.4) // the engine reports another value meanwhile
	if e.Value() != 0.4 {
		t.Errorf("Value() = %v, want 0.4", e.Value())
	}
	enter(e, cv)
	if diff := cmp.Diff([]float64{0.7}, log.commits); diff != "" {
		t.Errorf("commits (-want +got):\n%s", diff)
	}
	e.SetValue(0.25)
	key(e.Field(), fyne.KeyEscape)
	if e.Value() != 0.25 {
		t.Errorf("Value() = %v after Escape, want 0.25", e.Value())
	}
}

// A click on a button commits the field being edited before the button acts.
func TestNumberEntryCommitsBeforeAButton(t *testing.T) {
	var order []string
	e := widgets.NewNumberEntry(widgets.NumberSpec{Label: "λ decay"})
	e.OnCommit = func(float64) { order = append(order, "commit") }
	b := widgets.NewActionButton("Run", nil, func() { order = append(order, "run") })
	cv := show(t, container.NewVBox(e, b), 260, 80, 1)
	cv.Focus(e.Field())
	retype(e, "3e-3")
	test.Tap(b)
	if diff := cmp.Diff([]string{"commit", "run"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestNumberEntryDisabled(t *testing.T) {
	e, log, cv := rhoEntry(t)
	e.Disable()
	test.Tap(e)
	if cv.Focused() != nil {
		t.Error("a disabled field took the focus")
	}
	e.Field().FocusLost()
	if len(log.commits) != 0 {
		t.Errorf("commits = %v, want none", log.commits)
	}
	e.Enable()
	test.Tap(e)
	if cv.Focused() != e.Field() {
		t.Error("a click on the label did not focus the field")
	}
}
