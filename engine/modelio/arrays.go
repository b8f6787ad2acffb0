package modelio

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset/mat5"
	"filterscope/engine/dataset/npy"
)

// Array is a named array of numbers of a file of weights.
type Array struct {
	Name   string
	Shape  []int
	Values []float64 // row by row: the last index runs fastest
	// Columns says that the program that wrote the file keeps arrays column by
	// column, as MATLAB does; so it keeps the pixels of images.
	Columns bool
}

// maxArrays bounds the memory of the arrays of one file: 1 GiB.
const maxArrays = 1 << 30

// ArrayEndings lists the kinds of files that ReadArrays reads.
func ArrayEndings() []string { return []string{".npy", ".npz", ".mat", ".safetensors"} }

// ReadArrays reads all arrays of numbers of an .npy, .npz, .mat or .safetensors
// file. Variables of a .mat that are no arrays of numbers are left out. The
// error names the file.
func ReadArrays(path string) ([]Array, error) {
	arrays, err := readArrays(path)
	if err == nil && len(arrays) == 0 {
		err = fmt.Errorf("there is no array of numbers in it")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, plain(err))
	}
	return arrays, nil
}

func readArrays(path string) ([]Array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var arrays []Array
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npy":
		a, err := npy.ReadWith(f, npy.Options{Limit: maxArrays})
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		return []Array{{Name: name, Shape: a.Shape, Values: a.Float64s()}}, nil
	case ".npz":
		all, err := npy.ReadZipWith(f, info.Size(), npy.Options{Limit: maxArrays})
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			arrays = append(arrays, Array{Name: a.Name, Shape: a.Array.Shape, Values: a.Array.Float64s()})
		}
	case ".mat":
		all, err := mat5.ReadAll(f, mat5.Options{Limit: maxArrays})
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			arrays = append(arrays, Array{Name: a.Name, Shape: a.Shape, Values: a.RowMajor(), Columns: true})
		}
	case ".safetensors":
		all, _, err := readSafetensors(f, info.Size())
		if err != nil {
			return nil, err
		}
		for _, t := range all {
			arrays = append(arrays, Array{Name: t.name, Shape: t.shape, Values: t.values})
		}
	default:
		return nil, fmt.Errorf("want one of %s", strings.Join(ArrayEndings(), ", "))
	}
	return arrays, nil
}
