package dataset

import (
	"context"
	"path/filepath"
	"slices"

	"filterscope/engine/dataset/table"
)

// loadTable reads numbers from text, one example a line.
func loadTable(ctx context.Context, path string, o *LoadOptions) (*Dataset, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r, err := s.unzipped()
	if err != nil {
		return nil, err
	}
	rows := o.Count
	if o.Patch != nil {
		rows = 0
	}
	t, err := table.Read(r, table.Options{Rows: rows, Label: o.Label, Categories: o.Categories})
	if err != nil {
		return nil, err
	}
	d := &Dataset{
		Name: filepath.Base(path), N: t.Rows, D: t.Cols, Columns: t.Columns, Levels: t.Levels,
		Labels: t.Labels, LabelNames: t.LabelNames, Bytes: t.Bytes, Doubles: t.Doubles,
	}
	if err := d.setGeometry(o); err != nil {
		return nil, err
	}
	d.arrange(o.Layout)
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
	return d, nil
}
