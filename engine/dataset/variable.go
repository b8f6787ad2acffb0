package dataset

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"filterscope/engine/dataset/mat5"
	"filterscope/engine/dataset/npy"
)

// Variable is one array of a .mat or .npz file.
type Variable struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape,omitempty"`
	Type  string `json:"type"`              // "double", "<f4"
	Rows  bool   `json:"-"`                 // whether it can be examples: two sizes above 1
	Fault string `json:"problem,omitempty"` // why it cannot be used, or ""
	Span  *Span  `json:"span,omitempty"`    // when it was asked for
}

// String returns name, shape and type, such as "IMAGES (512×512×10 double)".
func (v Variable) String() string {
	sizes := make([]string, len(v.Shape))
	for i, s := range v.Shape {
		sizes[i] = fmt.Sprint(s)
	}
	return fmt.Sprintf("%s (%s)", v.Name, strings.TrimSpace(strings.Join(sizes, "×")+" "+v.Type))
}

// ChooseError reports a file of several arrays of which none is plainly the
// data: one has to be chosen with LoadOptions.Variable.
type ChooseError struct {
	Variables []Variable // that can be chosen
}

// Error names up to a dozen of the arrays.
func (e *ChooseError) Error() string {
	var list []string
	for _, v := range e.Variables[:min(12, len(e.Variables))] {
		list = append(list, v.String())
	}
	if more := len(e.Variables) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("which of the %d arrays is the data? choose one, or name it X; there are: %s", len(e.Variables), strings.Join(list, ", "))
}

// Variables lists the arrays of a .mat or .npz file; nil for any other file.
func Variables(ctx context.Context, path string) ([]Variable, error) {
	o := &LoadOptions{Path: path}
	k, err := kindOf(ctx, path, o)
	if err == nil {
		var list []Variable
		if list, err = variables(ctx, path, k); err == nil {
			return list, nil
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, fmt.Errorf("read %s: %w", path, err)
}

func variables(ctx context.Context, path string, k kind) ([]Variable, error) {
	if k != kindMAT && k != kindNPZ {
		return nil, nil
	}
	s, err := openSource(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if k == kindMAT {
		list, err := mat5.List(s)
		return ofMAT(list), err
	}
	list, err := npy.ListZip(s, s.size)
	if err != nil {
		return nil, err
	}
	var out []Variable
	for _, n := range list {
		v := Variable{Name: n.Name, Shape: n.Array.Shape, Type: n.Array.DType, Rows: len(n.Array.Shape) >= 2}
		if n.Problem != nil {
			v.Fault, v.Rows = n.Problem.Error(), false
		}
		out = append(out, v)
	}
	return out, nil
}

// inspectArrays lists the arrays of a .mat or .npz file with their ranges.
func inspectArrays(ctx context.Context, o *LoadOptions) ([]Variable, error) {
	list, err := func() ([]Variable, error) {
		k, err := kindOf(ctx, o.Path, o)
		if err != nil {
			return nil, err
		}
		list, err := variables(ctx, o.Path, k)
		if err != nil {
			return nil, err
		}
		for i := range list {
			if list[i].Fault != "" {
				continue
			}
			if err := list[i].measure(ctx, o.Path, k, o); err != nil {
				list[i].Fault = err.Error()
			}
		}
		return list, nil
	}()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.Path, err)
	}
	return list, nil
}

// measure reads the values of one array for their range and mean.
func (v *Variable) measure(ctx context.Context, path string, k kind, o *LoadOptions) error {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return err
	}
	defer s.Close()
	d := &Dataset{N: 1}
	if k == kindMAT {
		a, err := mat5.Read(s, v.Name, mat5.Options{})
		if err != nil {
			return err
		}
		d.D, d.Bytes, d.Singles, d.Doubles = a.Len(), a.Bytes, a.Singles, a.Doubles
	} else {
		only := func(name string) bool { return name == v.Name }
		arrays, err := npy.ReadZipWith(s, s.size, npy.Options{Singles: true, Only: only})
		if err != nil {
			return err
		}
		a := arrays[0].Array
		d.D, d.Bytes, d.Singles, d.Doubles = a.Len(), a.Bytes, a.Singles, a.Data
	}
	if d.D == 0 {
		return nil
	}
	if err := d.checkFinite(); err != nil {
		return errors.New("it has values that are not finite")
	}
	span := d.span()
	v.Span = &span
	return nil
}

func ofMAT(list []mat5.Variable) []Variable {
	var out []Variable
	for _, m := range list {
		v := Variable{Name: m.Name, Shape: m.Shape, Type: m.Class.String(), Fault: m.Problem}
		if m.Logical {
			v.Type = "logical"
		}
		large := 0
		for _, s := range m.Shape {
			if s > 1 {
				large++
			}
		}
		v.Rows = m.Problem == "" && large >= 2
		out = append(out, v)
	}
	return out
}

// pick finds the examples and the labels among the arrays of a file: the one
// asked for, else by name, else the only one that can be examples. labels is
// "" when there are none; the caller must see whether they fit.
func pick(list []Variable, variable, split string) (data, labels string, err error) {
	find := func(names ...string) string {
		for _, name := range names {
			if i := slices.IndexFunc(list, func(v Variable) bool { return strings.EqualFold(v.Name, name) && v.Fault == "" }); i >= 0 {
				return list[i].Name
			}
		}
		return ""
	}
	labelNames := []string{"y", "label", "labels", "target", "gnd"}
	switch {
	case variable != "":
		i := slices.IndexFunc(list, func(v Variable) bool { return v.Name == variable })
		if i < 0 {
			return "", "", fmt.Errorf("there is no array %q; %w", variable, &ChooseError{usable(list)})
		}
		if list[i].Fault != "" {
			return "", "", fmt.Errorf("array %q: %s", variable, list[i].Fault)
		}
		// The labels of x_train are y_train, those of anything else y.
		if of := labelsOf(variable); of != nil {
			labelNames = of
		}
		return variable, find(labelNames...), nil
	case split == "test":
		if data = find("x_test", "test_images", "test_x"); data == "" {
			return "", "", errors.New(`there is no array x_test; leave the split "test" out`)
		}
		return data, find(labelsOf(data)...), nil
	}
	if data = find("x_train", "train_images", "train_x"); data != "" {
		return data, find(labelsOf(data)...), nil
	}
	if data = find("x", "data", "images", "patches", "fea"); data != "" {
		return data, find(labelNames...), nil
	}
	var candidates []Variable
	for _, v := range list {
		if v.Rows {
			candidates = append(candidates, v)
		}
	}
	all := usable(list)
	if len(candidates) == 0 && len(all) == 1 {
		candidates = all
	}
	switch {
	case len(list) == 0:
		return "", "", errors.New("the file holds no array; want one of examples × values, or of images")
	case len(all) == 0:
		return "", "", fmt.Errorf("no array of the file can be used; %s: %s", list[0].Name, list[0].Fault)
	case len(candidates) == 1:
		return candidates[0].Name, find(labelNames...), nil
	}
	return "", "", &ChooseError{all}
}

// labelsOf returns the names of the labels of an array that is half of a
// split, else nil.
func labelsOf(data string) []string {
	names := map[string][]string{
		"x_train": {"y_train"}, "train_images": {"train_labels"}, "train_x": {"train_y"},
		"x_test": {"y_test"}, "test_images": {"test_labels"}, "test_x": {"test_y"},
	}
	return names[strings.ToLower(data)]
}

func usable(list []Variable) []Variable {
	var out []Variable
	for _, v := range list {
		if v.Fault == "" {
			out = append(out, v)
		}
	}
	return out
}

// setLabels takes the labels beside an array. Values that are not whole
// numbers are regression targets, and left out.
func (d *Dataset) setLabels(values []float64, chosen bool) error {
	if len(values) != d.N {
		if chosen {
			return nil // they belong to another array
		}
		return fmt.Errorf("there are %d labels for %d examples", len(values), d.N)
	}
	labels := make([]int, d.N)
	for i, v := range values {
		if v != float64(int32(v)) {
			return nil
		}
		labels[i] = int(v)
	}
	d.Labels = labels
	return nil
}

// nameOf names a data set after its file and the array chosen from it.
func nameOf(path, variable string) string {
	if variable != "" {
		return filepath.Base(path) + ", " + variable
	}
	return filepath.Base(path)
}
