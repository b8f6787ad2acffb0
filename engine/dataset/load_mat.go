package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"

	"filterscope/engine/dataset/mat5"
)

// loadMAT reads the array of a MAT-file that pick finds, and its labels.
func loadMAT(ctx context.Context, path string, o *LoadOptions) (*Dataset, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	list, err := mat5.List(s)
	if err != nil {
		return nil, err
	}
	data, labels, err := pick(ofMAT(list), o.Variable, o.Split)
	if err != nil {
		return nil, err
	}
	read := func(name string) (*mat5.Array, error) {
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		return mat5.Read(s, name, mat5.Options{})
	}
	a, err := read(data)
	if err != nil {
		return nil, err
	}
	d, err := fromMAT(a, o)
	if err != nil {
		return nil, fmt.Errorf("array %s: %w", data, err)
	}
	d.Name = nameOf(path, o.Variable)
	if labels == "" {
		return d, nil
	}
	if a, err = read(labels); err != nil {
		return nil, err
	}
	if len(a.Shape) != 2 || a.Shape[0] != 1 && a.Shape[1] != 1 {
		return d, nil // one-hot rows
	}
	return d, d.setLabels(a.RowMajor(), o.Variable != "")
}

// fromMAT makes a data set of a MATLAB array: a matrix whose rows, or columns
// when there are more of them, are the examples; a stack of height×width×n
// grey images; or one of height×width×channels×n. MATLAB's first index runs
// fastest, so every image lies column by column, and so do, if nothing else
// is said, those that are rows or columns of a matrix.
func fromMAT(a *mat5.Array, o *LoadOptions) (*Dataset, error) {
	s := a.Shape
	if a.Len() == 0 {
		return nil, errors.New("it is empty: " + a.String())
	}
	d := &Dataset{Bytes: a.Bytes, Singles: a.Singles, Doubles: a.Doubles}
	layout := LayoutColumns
	switch len(s) {
	case 2:
		d.N, d.D = s[1], s[0]
		if o.Rows || !o.Columns && s[0] >= s[1] {
			d.N, d.D = s[1], s[0]
			d.turn()
		}
		if o.Layout != LayoutAuto {
			layout = o.Layout
		}
		if err := d.setGeometry(o); err != nil {
			return nil, err
		}
	case 3:
		d.N, d.D = s[2], s[0]*s[1]
		d.Geometry = Geometry{Width: s[1], Height: s[0], Channels: 1}
	default:
		if s[2] != 1 && s[2] != 3 {
			return nil, fmt.Errorf("it is %s; want height × width × 1 or 3 channels × images (permute)", a)
		}
		d.N, d.D = s[3], s[0]*s[1]*s[2]
		d.Geometry = Geometry{Width: s[1], Height: s[0], Channels: s[2]}
	}
	d.arrange(layout)
	switch {
	case a.Logical:
		d.FullScale = 1
	case a.Class == mat5.Uint8:
		d.FullScale = 255
	case a.Class == mat5.Uint16 && d.Geometry.IsImage():
		d.FullScale = 65535
	default:
		d.FullScale = d.unitScale()
	}
	return d, nil
}

// turn makes the columns of d, an N×D matrix of its own, its examples.
func (d *Dataset) turn() {
	n, width := d.D, d.N
	switch d.Element() {
	case Uint8:
		d.Bytes = transposed(d.Bytes, n, width)
	case Float32:
		d.Singles = transposed(d.Singles, n, width)
	default:
		d.Doubles = transposed(d.Doubles, n, width)
	}
	d.N, d.D = n, width
}
