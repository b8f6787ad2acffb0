package dataset

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"path/filepath"

	"filterscope/engine/dataset/idx"
	"filterscope/engine/dataset/mat5"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
)

// Estimate is what Load would make of a path, told from headers alone.
type Estimate struct {
	// Examples and Features are 0 when the values have to be read to know them.
	Examples, Features int
	// Bytes is the memory of the data set, Peak the most that is in use while
	// it is loaded.
	Bytes, Peak int64
	// Exact is false for text, where Bytes and Peak are bounds.
	Exact bool
}

// String returns one sentence such as "60000 examples of 784 values, 44.9 MiB,
// 44.9 MiB while it is loaded".
func (e Estimate) String() string {
	most := ""
	if !e.Exact {
		most = "at most "
	}
	size := fmt.Sprintf("%s%s, %s%s while it is loaded", most, mebibytes(e.Bytes), most, mebibytes(e.Peak))
	if e.Examples == 0 {
		return size
	}
	return fmt.Sprintf("%d examples of %d values, %s", e.Examples, e.Features, size)
}

// mebibytes returns a size for people, such as "44.9 MiB".
func mebibytes(n int64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// EstimateLoad tells the memory that Load would take, before any is taken. It
// reads headers; faults beyond them are found by Load alone.
func EstimateLoad(ctx context.Context, o LoadOptions) (Estimate, error) {
	if err := o.validate(); err != nil {
		return Estimate{}, err
	}
	o.join()
	e, err := estimate(ctx, &o)
	if ctx.Err() != nil {
		return Estimate{}, context.Cause(ctx)
	}
	if err != nil {
		return Estimate{}, fmt.Errorf("read %s: %w", o.Path, err)
	}
	return e, nil
}

func estimate(ctx context.Context, o *LoadOptions) (Estimate, error) {
	var files []found
	var err error
	if len(o.Paths) > 1 {
		var others []string
		if files, others, _, err = o.collect(ctx); err != nil {
			return Estimate{}, err
		}
		if len(files) == 0 && len(others) > 0 {
			one := *o
			one.Path, one.Paths = others[0], nil
			return estimate(ctx, &one)
		}
		return imagesEstimate(ctx, o.Path, files, o)
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		return Estimate{}, plainPath(err)
	}
	if info.IsDir() {
		if files, _, err = scan(ctx, o.Path, o); err != nil {
			return Estimate{}, err
		}
		if pairs := ofKind(files, kindIDX, true); len(pairs) > 0 {
			path, _, err := pickIDX(ctx, o.Path, pairs, o)
			if err != nil {
				return Estimate{}, err
			}
			return arrayEstimate(ctx, path, kindIDX, o)
		}
		images := ofKind(files, kindImage, false)
		if len(images) == 0 {
			return Estimate{}, nothingIn(files)
		}
		return imagesEstimate(ctx, o.Path, images, o)
	}
	k, err := kindOf(ctx, o.Path, o)
	switch {
	case err != nil:
		return Estimate{}, err
	case k == kindImage:
		return imagesEstimate(ctx, filepath.Dir(o.Path), []found{{name: filepath.Base(o.Path), kind: k, size: info.Size()}}, o)
	}
	return arrayEstimate(ctx, o.Path, k, o)
}

// imagesEstimate adds up the headers of images.
func imagesEstimate(ctx context.Context, root string, files []found, o *LoadOptions) (Estimate, error) {
	album, warnings, err := imageAlbum(ctx, root, files, o)
	if err != nil {
		return Estimate{}, err
	}
	if len(album.Items) == 0 {
		return Estimate{}, noneLeft(warnings)
	}
	// While an image is opened its decoded form, up to 8 bytes a pixel, and its
	// samples are there; whitening adds three images of float64, and the collector
	// of garbage may leave as many of those before.
	largest := int64(0)
	for _, item := range album.Items {
		largest = max(largest, int64(item.Geometry.Width)*int64(item.Geometry.Height))
	}
	pixel := int64(8 + 8)
	if o.Patch != nil && o.Patch.Whiten {
		pixel += 6 * 8
	}
	open := largest * pixel * int64(min(max(1, linalg.Workers()), len(album.Items)))
	if o.Patch != nil {
		return patchesEstimate(album, o, open), nil
	}
	items, _, err := oneSize(album.Items)
	if err != nil {
		return Estimate{}, err
	}
	items = items[:min(len(items), orElse(o.Count, len(items)))]
	element, _ := commonForm(items)
	e := Estimate{Examples: len(items), Features: items[0].Geometry.Features(), Exact: true}
	e.Bytes = int64(e.Examples) * int64(e.Features) * int64(element.Size())
	e.Peak = e.Bytes + open
	return e, nil
}

func patchesEstimate(album Album, o *LoadOptions, open int64) Estimate {
	element, _ := commonForm(album.Items)
	if o.Patch.Whiten {
		element = Float32
	}
	const origin = 40 // bytes for a patch's place and its number in the drawing
	e := Estimate{Examples: orElse(o.Patch.Count, orElse(o.Count, defaultPatches)), Exact: true}
	e.Features = o.Patch.Size * o.Patch.Size * album.Items[0].Geometry.Channels
	e.Bytes = int64(e.Examples) * (int64(e.Features)*int64(element.Size()) + origin)
	e.Peak = e.Bytes + open
	return e
}

// arrayEstimate reads the header of a file that holds examples ready made.
func arrayEstimate(ctx context.Context, path string, k kind, o *LoadOptions) (Estimate, error) {
	s, err := openSource(ctx, path, nil)
	if err != nil {
		return Estimate{}, err
	}
	defer s.Close()
	switch k {
	case kindIDX:
		h, err := idx.ReadHeader(s)
		if err != nil {
			return Estimate{}, err
		}
		width := map[idx.Type]int{idx.Uint8: 1, idx.Int8: 4, idx.Int16: 4, idx.Float32: 4}[h.Type]
		return ofShape(h.Shape, orElse(width, 8), 1, o), nil
	case kindNPY:
		r, err := s.unzipped()
		if err != nil {
			return Estimate{}, err
		}
		a, err := npy.ReadHeader(r)
		if err != nil {
			return Estimate{}, err
		}
		return ofShape(a.Shape, npyWidth(a.DType), 2, o), nil
	case kindNPZ, kindMAT:
		return variableEstimate(ctx, path, k, o)
	case kindTable:
		size, err := textSize(s)
		// Two bytes, a digit and a separator, make a number of 8.
		return Estimate{Bytes: 4 * size, Peak: 9 * size}, err
	}
	_, _, err = loadArray(ctx, path, kindUnknown, o)
	return Estimate{}, err
}

func variableEstimate(ctx context.Context, path string, k kind, o *LoadOptions) (Estimate, error) {
	list, err := variables(ctx, path, k)
	if err != nil {
		return Estimate{}, err
	}
	data, _, err := pick(list, o.Variable, o.Split)
	if err != nil {
		return Estimate{}, err
	}
	for _, v := range list {
		if v.Name != data {
			continue
		}
		if k == kindNPZ {
			return ofShape(v.Shape, npyWidth(v.Type), 2, o), nil
		}
		// MATLAB counts the examples last, and a matrix is turned.
		s := v.Shape
		if len(s) > 2 || o.Columns || !o.Rows && s[0] < s[1] {
			s = append([]int{s[len(s)-1]}, s[:len(s)-1]...)
		}
		width := map[string]int{mat5.Uint8.String(): 1, "logical": 1, "single": 4, "int8": 4, "int16": 4, "uint16": 4}[v.Type]
		return ofShape(s, orElse(width, 8), 2, o), nil
	}
	return Estimate{}, fmt.Errorf("there is no array %q", data)
}

// npyWidth returns the bytes a value of a NumPy type takes in memory.
func npyWidth(dtype string) int {
	switch dtype[len(dtype)-2:] {
	case "u1", "b1", "|?":
		return 1
	case "f4", "f2":
		return 4
	}
	return 8
}

// ofShape is the estimate of an array whose first size counts the examples;
// copies of it are there at the same time. Whole files are read, and cut to
// Count examples then.
func ofShape(shape []int, width, copies int, o *LoadOptions) Estimate {
	e := Estimate{Examples: 1, Features: 1, Exact: true}
	for i, s := range shape {
		if i == 0 {
			e.Examples = s
		} else {
			e.Features = product(e.Features, s)
		}
	}
	all := product(product(e.Examples, e.Features), width)
	if o.Count > 0 && o.Patch == nil {
		e.Examples = min(e.Examples, o.Count)
	}
	e.Bytes = int64(product(product(e.Examples, e.Features), width))
	e.Peak = max(e.Bytes, int64(product(copies, all)))
	if o.Patch != nil {
		e.Examples = orElse(o.Patch.Count, orElse(o.Count, defaultPatches))
		channels := 1
		if len(shape) == 4 && shape[3] == 3 {
			channels = 3
		}
		e.Features = o.Patch.Size * o.Patch.Size * channels
		e.Bytes = int64(product(product(e.Examples, e.Features), width))
		if e.Peak += e.Bytes; e.Peak < 0 {
			e.Peak = math.MaxInt64
		}
	}
	return e
}

// product returns a·b, or the largest number when that is larger: no header
// is trusted yet. Neither is negative.
func product(a, b int) int {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high != 0 || low > math.MaxInt {
		return math.MaxInt
	}
	return int(low)
}

// textSize returns the length of a text, decompressed: of a gzip file what its
// last four bytes say (RFC 1952), which holds below 4 GiB.
func textSize(s *source) (int64, error) {
	var start [2]byte
	if _, err := s.ReadAt(start[:], 0); err != nil || start != [2]byte{0x1f, 0x8b} || s.size < 4 {
		return s.size, nil
	}
	var end [4]byte
	if _, err := s.ReadAt(end[:], s.size-4); err != nil && err != io.EOF {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint32(end[:])), nil
}
