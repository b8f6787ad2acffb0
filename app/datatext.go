package app

import (
	"errors"
	"fmt"

	"filterscope/engine/dataset"
	"filterscope/engine/train"
)

// sourceLine says what the data are, or what is being done.
func (v *dataView) sourceLine(f *dataFrame) string {
	switch {
	case f.req.recipe.IsRBF():
		return "This recipe fits radial basis functions: its points are shown in the RBF view."
	case f.fault == errCancelled:
		return "Loading was given up."
	case errors.Is(f.fault, dataset.ErrNoMNIST):
		return "MNIST is not on this computer yet."
	case errors.Is(f.fault, train.ErrNoData):
		return "No data yet."
	case f.fault != nil:
		return "The data could not be used: " + oneLine(f.fault)
	case f.busy && f.total > 0:
		return fmt.Sprintf("%s: %s of %s", capital(f.what), thousands(f.done), thousands(f.total))
	case f.busy:
		return capital(f.what) + "…"
	case f.preview == nil:
		return "There are no data yet."
	}
	d := f.preview.Data
	text := fmt.Sprintf("%s · %s examples × %s features", d.Name, thousands(d.N), thousands(d.D))
	if d.Geometry.IsImage() {
		text += fmt.Sprintf(" · %d×%d px", d.Geometry.Width, d.Geometry.Height)
		if d.Geometry.Channels == 3 {
			text += " in colour"
		}
	}
	text += " · " + megabytes(len(d.Bytes)+4*len(d.Singles)+8*len(d.Doubles))
	if n := len(f.preview.Examples); n < d.N {
		text += fmt.Sprintf(" · %s of them looked at here", thousands(n))
	}
	return text
}

func megabytes(n int) string {
	if n < 100_000 {
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// whatToDo says how to get data that are not there, "" when they are.
func (v *dataView) whatToDo(f *dataFrame) string {
	switch {
	case errors.Is(f.fault, dataset.ErrNoMNIST):
		return "Fetch downloads MNIST's four files, 11.6 MB; or open the folder that they are in."
	case errors.Is(f.fault, train.ErrNoData):
		return "This recipe learns from pictures of yours: open some, or drop them on the window."
	}
	return ""
}

// showAdvice lists where data, steps and model disagree.
func (v *dataView) showAdvice(f *dataFrame) {
	var says []string
	if f.preview != nil {
		says = f.preview.Advice
	}
	before := v.advice.MinSize().Height
	for i, line := range v.lines {
		setShown(i < len(says), line)
		if i < len(says) {
			line.SetText("⚠ " + capital(says[i]) + ".")
		}
	}
	if v.advice.MinSize().Height != before {
		v.object.Refresh()
	}
}

// aboutLine describes the selected stage.
func (v *dataView) aboutLine(f *dataFrame) string {
	if f.preview == nil || f.req.stage >= len(f.preview.Stages) {
		return ""
	}
	if f.about != "" {
		return f.about
	}
	s := &f.preview.Stages[f.req.stage]
	text := s.Name
	if about := stepAbout[s.Name]; about != "" {
		text += " " + about
	}
	if n := s.Constant(); n > 0 {
		text += fmt.Sprintf(" · %s of %s features never vary", thousands(n), thousands(s.Rows.Cols))
	}
	return text
}
