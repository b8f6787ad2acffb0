package app

import (
	"fmt"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2/theme"

	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// texts writes the numbers of a frame into the labels.
func (v *rbfView) texts(f *rbfFrame) {
	v.textAt, v.textOf = time.Now(), f
	v.readout.show(f, v.selected)
	v.caption.SetText(v.captionOf(f))
	v.keys.SetText(v.keysOf())
	v.w.facts.SetText(factsLine(f))
	v.progress(f)
}

// captionOf is the line below the picture.
func (v *rbfView) captionOf(f *rbfFrame) string {
	s := f.solution
	switch {
	case f.busy && f.what != "":
		if f.total > 0 {
			return fmt.Sprintf("%s: %s of %s", capital(f.what), thousands(f.done), thousands(f.total))
		}
		return capital(f.what) + "…"
	case f.fault != nil:
		return f.message()
	case s == nil:
		return "Computing…"
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, plainPowers(fmt.Sprintf(format, args...))) }
	add("%s", s.study.Name)
	switch {
	case s.key.rbf.Task == recipe.TaskImage:
		if n := len(s.psnr); n > 0 {
			add("%d Gaussians, PSNR %.2f dB", centresOf(s), s.psnr[n-1])
		}
	case s.implicit != nil && s.mesh != nil:
		add("%s triangles from %s points, %.2f s", thousands(len(s.mesh.Triangles)), thousands(s.implicit.Cloud.Points.Rows), s.seconds)
	case s.implicit != nil:
		add("%s from %s points", countOf(len(s.contour), "curve"), thousands(s.implicit.Cloud.Points.Rows))
	default:
		if n := s.network; n != nil {
			add("%d %s basis functions", n.Centres.Rows, labelOf(optionsOf(recipe.Kernels()), n.Kernel.String()))
		}
		add("train RMSE %.4g", s.outcome.TrainRMSE)
		if !math.IsNaN(s.outcome.TestRMSE) {
			add("test RMSE %.4g", s.outcome.TestRMSE)
		}
		if s.interp == nil && !f.run.begun && !s.trained {
			add("condition %.3g", s.outcome.Condition)
		}
	}
	if f.busy {
		parts = append(parts, "computing…")
	}
	return strings.Join(parts, " · ")
}

// keysOf says what the mouse does on the picture.
func (v *rbfView) keysOf() string {
	b := v.state.recipe.RBF
	switch {
	case b.Task == recipe.TaskCurve:
		return "drag a centre · wheel: width · double click adds · Del"
	case b.Task == recipe.TaskField && v.mode.Selected() == int(fieldRelief):
		return "drag: turn · wheel: nearer"
	case b.Task == recipe.TaskField:
		return "click adds · drag moves · wheel: value"
	case b.Task == recipe.TaskImage:
		return "original · reconstruction · error"
	case v.home.Visible():
		return "drag: turn · wheel: nearer"
	}
	return "line: the curve · shade: inside"
}

// factsLine is the right end of the line of exact values.
func factsLine(f *rbfFrame) string {
	b := f.req.key.rbf
	parts := []string{b.Task, labelOf(optionsOf(recipe.Kernels()), b.Kernel)}
	if f.solution != nil && f.solution.study != nil {
		parts = append(parts, loadedText(f.solution))
	}
	return strings.Join(append(parts, "float64"), " · ")
}

// countOf writes a number of things.
func countOf(n int, thing string) string {
	if n == 1 {
		return "one " + thing
	}
	return thousands(n) + " " + thing + "s"
}

// sizeText writes the size of a picture.
func sizeText(width, height int) string { return fmt.Sprintf("%d×%d", width, height) }

// round2 keeps two significant digits.
func round2(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	scale := math.Pow(10, 1-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// enable sets the buttons of the transport.
func (v *rbfView) enable() {
	f, t := v.frame, v.transport
	text, icon := "Train", theme.MediaPlayIcon()
	image := v.state.recipe.RBF.Task == recipe.TaskImage
	if image {
		text = "Grow"
	}
	begun := f != nil && f.run.begun
	able := v.trainable()
	state, word := widgets.StateIdle, "fitted"
	switch {
	case f == nil || f.solution == nil && f.fault == nil:
		state, word = widgets.StateIdle, "ready"
	case f.fault == errCancelled:
		state, word = widgets.StatePaused, "given up"
	case f.fault != nil:
		state, word = widgets.StateFailed, "failed"
	}
	switch {
	case f != nil && f.busy:
		text, icon = "Cancel", theme.CancelIcon()
		state, word = widgets.StateLive, "busy"
		able = true
	case f != nil && f.fault != nil:
		text, icon, able = "Compute", theme.MediaPlayIcon(), true
	case v.run:
		text, icon = "Pause", theme.MediaPauseIcon()
		state, word = widgets.StateLive, "live"
	case begun && f.run.ended:
		state, word = widgets.StateDone, "done"
		if !image {
			text = "Train on"
		}
	case begun:
		text = "Resume"
		state, word = widgets.StatePaused, "paused"
	}
	if image && begun && f.run.ended && !v.run && !f.busy {
		able = false
	}
	t.start.Set(text, icon)
	t.start.SetEnabled(able)
	t.state.Set(state, word)
	free := v.trainable() && (f == nil || !f.busy)
	t.step.SetEnabled(free && (f == nil || !f.run.ended))
	t.stop.SetEnabled(f != nil && f.busy || v.run || begun && !image && f.run.begun)
	t.restart.SetEnabled(begun || f != nil && f.fault != nil)
	t.export.SetEnabled(f != nil && f.solution != nil)
}

// progress writes how far training, growing or computing is.
func (v *rbfView) progress(f *rbfFrame) {
	t := v.transport
	t.spark.SetImage(nil)
	unit := "step"
	if v.state.recipe.RBF.Task == recipe.TaskImage {
		unit = "Gaussian"
	}
	switch {
	case f.busy && f.total > 0:
		t.position.SetText(fmt.Sprintf("%s of %s", thousands(f.done), thousands(f.total)))
		t.progress.SetFraction(float64(f.done) / float64(f.total))
		t.speed.SetText(f.what)
		t.objective.SetText("")
	case f.run.begun:
		t.position.SetText(fmt.Sprintf("%s %d / %d", unit, f.run.taken, f.run.steps))
		t.progress.SetFraction(float64(f.run.taken) / float64(max(1, f.run.steps)))
		t.speed.SetText(f.run.reason)
		if unit == "step" {
			t.objective.SetText(fmt.Sprintf("J %.5g", f.run.value))
		} else {
			t.objective.SetText(fmt.Sprintf("%.2f dB", f.run.value))
		}
	default:
		t.position.SetText("")
		t.progress.SetFraction(0)
		t.speed.SetText("")
		t.objective.SetText("")
		if f.solution != nil && f.solution.seconds >= 0.1 {
			t.speed.SetText(fmt.Sprintf("worked out in %.2f s", f.solution.seconds))
		}
	}
}
