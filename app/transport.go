package app

import (
	"fmt"
	"image"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/nn"
	"filterscope/engine/rbm"
	"filterscope/engine/train"
	"filterscope/widgets"
)

// transport is the row of buttons and read-outs that drive a run.
type transport struct {
	start, step, stop, restart, export *widgets.ActionButton

	state     *widgets.LiveDot
	position  *widgets.Readout
	progress  *widgets.ProgressLine
	speed     *widgets.Readout
	objective *widgets.Readout
	spark     *widgets.Thumbnail
	object    fyne.CanvasObject
}

const (
	sparkWidth  = 76
	sparkHeight = 26
)

func newTransport(toggle, step, stop, restart, export func()) *transport {
	t := &transport{}
	t.start = widgets.NewPrimaryButton("Start", theme.MediaPlayIcon(), toggle).Reserve("Start", "Pause", "Resume", "Cancel", "Train on")
	t.start.SetTip("Start, pause, or train on from the present weights (Space)")
	t.step = widgets.NewActionButton("Step", theme.MediaSkipNextIcon(), step)
	t.step.SetTip("One iteration, then hold (.)")
	t.stop = widgets.NewActionButton("Stop", theme.MediaStopIcon(), stop)
	t.stop.SetTip("End the run with what it has learned")
	t.restart = widgets.NewActionButton("Restart", theme.MediaReplayIcon(), restart)
	t.restart.SetTip("A new run with the values on the left (Ctrl+R)")
	t.export = widgets.NewActionButton("Export…", theme.DocumentSaveIcon(), export)
	t.export.SetTip("Write the picture of this view, pixel by pixel (Ctrl+E)")
	t.state = widgets.NewLiveDot()
	t.position = widgets.NewReadout(24)
	t.progress = widgets.NewProgressLine()
	t.speed = widgets.NewMutedReadout(12)
	t.objective = widgets.NewReadout(10).AlignRight()
	t.spark = widgets.NewClearThumbnail(sparkWidth, sparkHeight)
	row := container.New(rowLayout{gap: 8, stretch: 6},
		t.start, t.step, t.stop, t.restart, container.New(fixedLayout{66}, t.state), t.position,
		t.speed, t.objective, t.spark, t.export)
	t.object = container.New(columnLayout{}, t.progress, container.New(insetLayout{12, 4, 12, 4}, row))
	return t
}

func (t *transport) sparkSize(scale float32) image.Point {
	return image.Pt(int(sparkWidth*scale), int(sparkHeight*scale))
}

// enable sets the buttons for a session and the phase of its run.
func (t *transport) enable(s *session, phase train.Phase) {
	active := s.active() && !phase.Ended()
	text, icon := "Start", theme.MediaPlayIcon()
	switch {
	case s.stage == loading:
		text, icon = "Cancel", theme.CancelIcon()
		t.state.Set(widgets.StateIdle, "loading")
		t.position.SetText("")
		t.speed.SetText("")
	case s.canTrainOn():
		text = "Train on"
	case active && phase == train.Paused:
		text = "Resume"
	case active:
		text, icon = "Pause", theme.MediaPauseIcon()
	}
	t.start.Set(text, icon)
	t.step.SetEnabled(s.stage != loading)
	t.stop.SetEnabled(active)
	t.restart.SetEnabled(s.stage == training)
	t.export.SetEnabled(s.stage == training)
}

// showExhibit writes the read-outs for weights from a file.
func (t *transport) showExhibit(e *exhibit) {
	t.show(nil, false)
	t.state.Set(widgets.StateDone, "opened")
	t.position.SetText(middle(filepath.Base(e.path), 24))
}

// show writes the read-outs for a snapshot, nil for none.
func (t *transport) show(s *train.Snapshot, minibatch bool) {
	if s == nil {
		t.state.Set(widgets.StateIdle, "ready")
		t.position.SetText("")
		t.progress.SetFraction(0)
		t.speed.SetText("")
		t.objective.SetText("")
		return
	}
	states := map[train.Phase]widgets.LiveState{
		train.Running: widgets.StateLive, train.Paused: widgets.StatePaused, train.Done: widgets.StateDone,
		train.Stopped: widgets.StateDone, train.Failed: widgets.StateFailed,
	}
	text := map[train.Phase]string{
		train.Running: "live", train.Paused: "paused", train.Done: "done", train.Stopped: "stopped", train.Failed: "failed",
	}
	t.state.Set(states[s.Phase], text[s.Phase])
	unit := "iteration"
	if minibatch {
		unit = "step"
	}
	t.position.SetText(fmt.Sprintf("%s %d / %d", unit, s.Step, s.Steps))
	t.progress.SetFraction(float64(s.Step) / float64(max(1, s.Steps)))
	switch {
	case s.Reason == "opened":
		t.speed.SetText("opened from a file")
	case endedEarly(s):
		t.speed.SetText(fmt.Sprintf("%s, %s", duration(s.Elapsed), s.Reason))
	case s.Phase.Ended():
		t.speed.SetText(fmt.Sprintf("%s, %d evaluations", duration(s.Elapsed), s.Evaluations))
	case s.Phase == train.Paused:
		t.speed.SetText(fmt.Sprintf("%s so far", duration(s.Elapsed)))
	default:
		text := fmt.Sprintf("%.3g evals/s", s.PerSecond)
		if s.Left > 0 {
			text += fmt.Sprintf(" · %s left", duration(s.Left))
		}
		t.speed.SetText(text)
	}
	t.objective.SetText(resultText(s.Terms, &s.History))
}

// endedEarly reports whether a run was done before all its steps: it converged,
// or there was no gain for as long as the recipe's patience.
func endedEarly(s *train.Snapshot) bool {
	return s != nil && s.Phase == train.Done && s.Step < s.Steps && s.Reason != ""
}

// resultText says in a few letters how good a network is: its objective, or the
// error of the reconstructions of a Boltzmann machine, which has none.
func resultText(terms nn.Terms, h *train.History) string {
	if len(terms) == 0 || terms[0].Name != rbm.TermFreeEnergyGap {
		return objectiveText(terms.Total())
	}
	errors, ok := h.Measure(train.MeasureReconstruction)
	if !ok {
		return ""
	}
	return fmt.Sprintf("error %.3g", errors.Values[len(errors.Values)-1])
}

// duration writes a time in the one or two units that matter.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// objectiveText writes an objective with as many digits as its place has room
// for.
func objectiveText(j float64) string {
	if text := fmt.Sprintf("J %.5g", j); len(text) <= len("J 12345.6") {
		return text
	}
	return fmt.Sprintf("J %.2e", j)
}
