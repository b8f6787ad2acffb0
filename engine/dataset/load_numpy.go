package dataset

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
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
	opt := npy.Options{Singles: true}
	var data, labels *npy.Array
	if k == kindNPZ {
		arrays, err := npy.ReadZipWith(s, s.size, opt)
		if err != nil {
			return nil, err
		}
		if data, labels, err = pickArrays(arrays, o.Split); err != nil {
			return nil, err
		}
	} else {
		r, err := s.unzipped()
		if err != nil {
			return nil, err
		}
		if data, err = npy.ReadWith(r, opt); err != nil {
			return nil, err
		}
	}
	d, err := fromArray(data, o)
	if err != nil {
		return nil, err
	}
	d.Name = filepath.Base(path)
	if labels == nil {
		return d, nil
	}
	if labels.Len() != d.N {
		return nil, fmt.Errorf("there are %d labels for %d examples", labels.Len(), d.N)
	}
	d.Labels = make([]int, d.N)
	for i, v := range labels.Float64s() {
		if v != float64(int32(v)) {
			return nil, fmt.Errorf("label %d (counted from 0) is %g; labels must be whole numbers", i, v)
		}
		d.Labels[i] = int(v)
	}
	return d, nil
}

// fromArray makes a data set of a 2-D array (n×d), a 3-D one (n×height×width)
// or a 4-D one (n×height×width×channels, or n×1×height×width).
func fromArray(a *npy.Array, o *LoadOptions) (*Dataset, error) {
	var g Geometry
	switch s := a.Shape; {
	case len(s) < 2:
		return nil, fmt.Errorf("the array is %s; want examples × values, or examples × height × width (numpy: reshape)", a)
	case len(s) == 3:
		g = Geometry{Width: s[2], Height: s[1], Channels: 1}
	case len(s) == 4 && (s[3] == 1 || s[3] == 3):
		g = Geometry{Width: s[2], Height: s[1], Channels: s[3]}
	case len(s) == 4 && s[1] == 1:
		g = Geometry{Width: s[3], Height: s[2], Channels: 1}
	case len(s) == 4:
		return nil, fmt.Errorf("the array is %s; want 1 or 3 channels, as the last size (numpy: transpose(0, 2, 3, 1))", a)
	}
	if a.Len() == 0 {
		return nil, fmt.Errorf("the array is empty: %s", a)
	}
	d := &Dataset{N: a.Shape[0], D: a.Len() / a.Shape[0], Geometry: g, Bytes: a.Bytes, Singles: a.Singles, Doubles: a.Data}
	if len(a.Shape) == 2 {
		if err := d.setGeometry(o); err != nil {
			return nil, err
		}
	}
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

// pickArrays finds examples and labels among the arrays of an .npz: by name,
// or the only array of two dimensions or more.
func pickArrays(arrays []npy.Named, split string) (data, labels *npy.Array, err error) {
	find := func(names ...string) *npy.Array {
		for _, name := range names {
			if i := slices.IndexFunc(arrays, func(n npy.Named) bool { return strings.EqualFold(n.Name, name) }); i >= 0 {
				return arrays[i].Array
			}
		}
		return nil
	}
	if split == "test" {
		data, labels = find("x_test", "test_images"), find("y_test", "test_labels")
		if data == nil {
			return nil, nil, errors.New(`there is no array x_test; leave the split "test" out`)
		}
	} else {
		data, labels = find("x_train", "train_images"), find("y_train", "train_labels")
		if data == nil {
			data, labels = find("x", "data", "images", "patches"), find("y", "label", "labels", "target")
		}
	}
	if data == nil {
		var candidates []*npy.Array
		var list []string
		for _, n := range arrays {
			if len(n.Array.Shape) >= 2 {
				candidates = append(candidates, n.Array)
			}
			if len(list) < 12 {
				list = append(list, fmt.Sprintf("%s (%s)", n.Name, n.Array))
			}
		}
		if len(arrays) == 0 {
			return nil, nil, errors.New("the zip file holds no .npy array; want what numpy.savez writes")
		}
		if len(candidates) != 1 {
			return nil, nil, fmt.Errorf("which of the %d arrays is the data? name it X, or keep one array of 2 or more dimensions; there are: %s",
				len(arrays), strings.Join(list, ", "))
		}
		data = candidates[0]
	}
	if labels != nil && len(labels.Shape) != 1 {
		labels = nil // one-hot rows or regression targets, not classes
	}
	return data, labels, nil
}
