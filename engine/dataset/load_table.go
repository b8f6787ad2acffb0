package dataset

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"filterscope/engine/dataset/table"
)

// loadTable reads numbers from text, one example a line.
func loadTable(ctx context.Context, path string, o *LoadOptions) (*Dataset, []Warning, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	r, err := s.unzipped()
	if err != nil {
		return nil, nil, err
	}
	rows := o.Count
	if o.Patch != nil {
		rows = 0
	}
	t, err := table.Read(r, table.Options{Rows: rows, Label: o.Label, Categories: o.Categories, Missing: missings[o.Missing]})
	if err != nil {
		return nil, nil, err
	}
	d := &Dataset{
		Name: filepath.Base(path), N: t.Rows, D: t.Cols, Columns: t.Columns, Levels: t.Levels,
		Labels: t.Labels, LabelNames: t.LabelNames, Bytes: t.Bytes, Doubles: t.Doubles,
	}
	if err := d.setGeometry(o); err != nil {
		return nil, nil, err
	}
	d.arrange(o.Layout)
	var warnings []Warning
	if o.Missing == "mean" {
		d.Fill, _ = d.Means() // whoever learns from d minds a feature without a value
	}
	if t.Missing > 0 {
		warnings = append(warnings, Warning{path, counted(t.Missing, "cell has", "cells have") + " no value: the mean of the column takes its place"})
	}
	if t.Skipped > 0 {
		warnings = append(warnings, Warning{path, counted(t.Skipped, "line", "lines") + " with missing cells left out"})
	}
	// A table has no natural scale, unless it is images written as one.
	if d.Geometry.IsImage() {
		switch {
		case t.Bytes == nil:
			d.FullScale = d.unitScale()
		case slices.Max(t.Bytes) == 1:
			d.FullScale = 1
		case slices.Max(t.Bytes) >= 128:
			d.FullScale = 255
		}
	}
	return d, warnings, nil
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
