package app

import (
	"fmt"
	"image"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2/driver/desktop"

	"filterscope/engine/recipe"
)

// line moves the line through the panels of a curve to the pointer, and returns
// the sample there, -1 for none.
func (v *rbfView) line() int {
	f := v.frame
	if !v.inside || f == nil || f.solution == nil || f.solution.key.rbf.Task != recipe.TaskCurve {
		return -1
	}
	i := f.panels.basis.Index(float64(v.pointer.X) + 0.5)
	if i >= 0 {
		v.picture.SetCrosshair(int(f.panels.basis.Basis.PixelX(f.solution.x[i])), true)
	} else {
		v.picture.SetCrosshair(0, false)
	}
	return i
}

// hover shows what is under the pointer.
func (v *rbfView) hover() {
	v.hoverAt = time.Now()
	i := v.line()
	if i < 0 {
		v.picture.SetCrosshair(0, false)
	}
	if v.drag != nil && v.drag.kind == dragCamera || !v.up() {
		return
	}
	if !v.inside || v.frame == nil || v.frame.solution == nil || v.frame.image == nil {
		v.w.hovered("")
		v.readout.hover(nil, -1)
		return
	}
	s := v.frame.solution
	text := ""
	switch s.key.rbf.Task {
	case recipe.TaskCurve:
		text = v.hoverCurve(s, i)
	case recipe.TaskField:
		text = v.hoverField(s)
	case recipe.TaskImage:
		text = v.hoverImage(s)
	case recipe.TaskSurface:
		text = v.hoverSurface(s)
	}
	v.w.hovered(plainPowers(text))
}

// hoverCurve tells of sample i of a curve, -1 for none.
func (v *rbfView) hoverCurve(s *rbfSolution, i int) string {
	view := v.frame.panels.basis
	cursor := desktop.CrosshairCursor
	over := view.Centre(local(v.pointer, image.Rectangle{}))
	if over >= 0 || v.drag != nil {
		cursor = desktop.PointerCursor
	}
	v.picture.SetCursor(cursor)
	v.readout.hover(s, i)
	if i < 0 {
		return ""
	}
	parts := []string{fmt.Sprintf("x %.5g", s.x[i]), fmt.Sprintf("fit %.6g", s.fit[i])}
	if len(s.target) > i {
		parts = append(parts, fmt.Sprintf("target %.6g", s.target[i]), fmt.Sprintf("residual %s", signed(s.fit[i]-s.target[i])))
	}
	if n := s.network; over >= 0 && over < n.Centres.Rows {
		parts = append(parts, fmt.Sprintf("centre %d: μ %.5g, σ %.4g, w %.5g", over+1, n.Centres.At(over, 0), n.Widths[over], n.Weights[over]))
	} else if phi := strongest(s.phi.Row(i)); phi >= 0 {
		parts = append(parts, fmt.Sprintf("φ%d %.5g", phi+1, s.phi.At(i, phi)))
	}
	return strings.Join(parts, " · ")
}

// strongest returns the index of the value of largest size, -1 for none.
func strongest(values []float64) int {
	best := -1
	for i, v := range values {
		if best < 0 || math.Abs(v) > math.Abs(values[best]) {
			best = i
		}
	}
	return best
}

func (v *rbfView) hoverField(s *rbfSolution) string {
	f := v.frame
	if !v.pointer.In(f.panels.fieldAt) {
		return ""
	}
	px, py := local(v.pointer, f.panels.fieldAt)
	x, y, value, ok := f.panels.field.At(px, py)
	if !ok {
		return ""
	}
	text := fmt.Sprintf("x %.5g · y %.5g · f %.6g", x, y, value)
	if t := s.study.Truth; t != nil {
		text += fmt.Sprintf(" · true %.6g", t([]float64{x, y}))
	}
	if i := f.panels.field.Point(px, py); i >= 0 && i < s.study.Train.Len() {
		text += fmt.Sprintf(" · point %d: %.6g", i+1, s.study.Train.Y[i])
	}
	if i := f.panels.field.Centre(px, py); i >= 0 && s.network != nil && i < s.network.Centres.Rows {
		text += fmt.Sprintf(" · centre %d: σ %.4g, w %.5g", i+1, s.network.Widths[i], s.network.Weights[i])
	}
	return text
}

func (v *rbfView) hoverImage(s *rbfSolution) string {
	f := v.frame
	img := s.study.Image
	for k, at := range f.panels.imagesAt {
		if !v.pointer.In(at) {
			continue
		}
		px, py := local(v.pointer, at)
		x, y, _, ok := f.panels.images[k].At(px, py)
		i, j := int(y+0.5), int(x+0.5)
		if !ok || i < 0 || j < 0 || i >= img.Height || j >= img.Width {
			return ""
		}
		n := i*img.Width + j
		return fmt.Sprintf("pixel (%d, %d) · original %.4f · reconstruction %.4f · error %s", j, i, img.Pixels[n], s.picture[n], signed(s.residual[n]))
	}
	if v.pointer.In(f.panels.chartAt) && len(f.panels.curves.Series) > 0 {
		px, _ := local(v.pointer, f.panels.chartAt)
		if i, x := f.panels.chart.At(px); i >= 0 {
			return fmt.Sprintf("%.0f Gaussians · PSNR %.2f dB", x, f.panels.curves.Series[0].Y[i])
		}
	}
	return ""
}

func (v *rbfView) hoverSurface(s *rbfSolution) string {
	f := v.frame
	if f.panels.fieldAt.Empty() {
		return ""
	}
	px, py := local(v.pointer, f.panels.fieldAt)
	x, y, value, ok := f.panels.field.At(px, py)
	if !ok {
		return ""
	}
	side := "inside"
	if value > 0 {
		side = "outside"
	}
	return fmt.Sprintf("x %.5g · y %.5g · f %s, %s", x, y, signed(value), side)
}
