package app

import (
	"fmt"
	"strings"

	"filterscope/engine/train"
)

// readout tells the value under the pointer.
func (v *dataView) readout() {
	f := v.frame
	if !v.inside || f == nil || f.preview == nil || f.req.stage >= len(f.preview.Stages) {
		v.hovered("")
		return
	}
	v.hovered(f.read(&f.preview.Stages[f.req.stage], v))
}

// read describes what is under the pointer of the view, "" for nothing.
func (f *dataFrame) read(s *train.Stage, v *dataView) string {
	at := v.pointer
	switch {
	case len(f.series.Series) > 0 && at.In(f.chart.Area):
		_, x := f.chart.At(float64(at.X))
		var text strings.Builder
		fmt.Fprintf(&text, "%s %.0f", f.series.XName, x)
		for k, one := range f.series.Series {
			if _, y, ok := f.chart.Read(k, x); ok {
				fmt.Fprintf(&text, " · %s %.4g", one.Name, y)
			}
		}
		return text.String()
	case f.req.detail == detailExamples && f.strips > 0 && f.content.X > 0 && f.content.Y > 0:
		i, j := at.Y*f.strips/f.content.Y, at.X*s.Rows.Cols/f.content.X
		if i < 0 || i >= f.strips || j < 0 || j >= s.Rows.Cols {
			return ""
		}
		return fmt.Sprintf("%s · %s = %.4g", f.example(i), f.feature(s, j), s.Rows.At(i, j))
	case f.req.detail == detailExamples && f.grid.N == s.Rows.Rows && f.grid.N > 0:
		if i, x, y, ok := f.grid.At(at); ok {
			j := (y*s.Geometry.Width + x) * s.Geometry.Channels
			return fmt.Sprintf("%s · pixel (%d, %d) = %.4g", f.example(i), x, y, s.Rows.At(i, j))
		}
	case f.req.detail == detailMoments && f.grid.N == 2:
		if _, x, y, ok := f.grid.At(at); ok {
			j := (y*s.Geometry.Width + x) * s.Geometry.Channels
			return fmt.Sprintf("pixel (%d, %d): mean %.4g, standard deviation %.4g", x, y, s.FeatureMean[j], s.FeatureDeviation[j])
		}
	}
	return ""
}

// example names example i of those looked at.
func (f *dataFrame) example(i int) string {
	d, at := f.preview.Data, f.preview.Examples[i]
	text := "example " + thousands(at+1)
	if label := labelText(d, at); label != "" {
		text += " (" + label + ")"
	}
	if o := d.Origins; o != nil {
		text += fmt.Sprintf(" · from %s at (%d, %d)", d.Sources[o[at].Source], o[at].X, o[at].Y)
	}
	return text
}

// feature names feature j of a stage: by its column while it is one.
func (f *dataFrame) feature(s *train.Stage, j int) string {
	text := fmt.Sprintf("feature %d", j+1)
	if names := f.preview.Data.Columns; len(names) == s.Rows.Cols {
		text += " (" + names[j] + ")"
	}
	return text
}
