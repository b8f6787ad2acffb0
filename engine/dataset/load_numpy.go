package dataset

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset/npy"
)

// loadNumPy reads examples from .npy, or from .npz with labels when it has
// them.
func loadNumPy(ctx context.Context, path string, k kind, o *LoadOptions) (*Dataset, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if k == kindNPZ {
		return loadZip(ctx, path, s, o)
	}
	r, err := s.unzipped()
	if err != nil {
		return nil, err
	}
	data, err := npy.ReadWith(r, npy.Options{Singles: true})
	if err != nil {
		return nil, err
	}
	d, err := fromArray(data, o)
	if err != nil {
		return nil, err
	}
	d.Name = filepath.Base(path)
	return d, nil
}

// loadZip reads the array of an .npz file that pick finds, and its labels.
func loadZip(ctx context.Context, path string, s *source, o *LoadOptions) (*Dataset, error) {
	list, err := variables(ctx, path, kindNPZ)
	if err != nil {
		return nil, err
	}
	data, labels, err := pick(list, o.Variable, o.Split)
	if err != nil {
		return nil, err
	}
	only := func(name string) bool { return name == data || name == labels }
	arrays, err := npy.ReadZipWith(s, s.size, npy.Options{Singles: true, Only: only})
	if err != nil {
		return nil, err
	}
	var d *Dataset
	for _, a := range arrays {
		if a.Name == data {
			if d, err = fromArray(a.Array, o); err != nil {
				return nil, err
			}
			break
		}
	}
	d.Name = nameOf(path, o.Variable)
	for _, a := range arrays {
		if a.Name == labels && len(a.Array.Shape) == 1 {
			return d, d.setLabels(a.Array.Float64s(), o.Variable != "")
		}
	}
	return d, nil
}

// fromArray makes a data set of a 1-D array (n examples of one value), a 2-D
// one (n×d), a 3-D one (n×height×width) or a 4-D one (n×height×width×channels,
// or n×channels×height×width).
func fromArray(a *npy.Array, o *LoadOptions) (*Dataset, error) {
	var g Geometry
	layout := o.Layout
	switch s := a.Shape; {
	case len(s) < 1:
		return nil, fmt.Errorf("the array is %s; want examples × values, or examples × height × width", a)
	case len(s) == 3:
		g = Geometry{Width: s[2], Height: s[1], Channels: 1}
	case len(s) == 4 && (s[3] == 1 || s[3] == 3):
		g = Geometry{Width: s[2], Height: s[1], Channels: s[3]}
	case len(s) == 4 && (s[1] == 1 || s[1] == 3):
		g = Geometry{Width: s[3], Height: s[2], Channels: s[1]}
		layout = LayoutPlanes
	case len(s) == 4:
		return nil, fmt.Errorf("the array is %s; want 1 or 3 channels, as the last size or the second", a)
	}
	if a.Len() == 0 {
		return nil, fmt.Errorf("the array is empty: %s", a)
	}
	d := &Dataset{N: a.Shape[0], D: a.Len() / a.Shape[0], Geometry: g, Bytes: a.Bytes, Singles: a.Singles, Doubles: a.Data}
	if len(a.Shape) <= 2 {
		if o.Columns {
			d.turn()
		}
		if err := d.setGeometry(o); err != nil {
			return nil, err
		}
	}
	d.arrange(layout)
	switch kind := strings.TrimLeft(a.DType, "<>=|"); {
	case kind == "u1":
		d.FullScale = 255
	case kind == "b1" || kind == "?":
		d.FullScale = 1
	case kind == "u2" && d.Geometry.IsImage():
		d.FullScale = 65535
	default:
		d.FullScale = d.unitScale()
	}
	return d, nil
}
