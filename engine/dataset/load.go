package dataset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Load reads the data set at o.Path. Files that could not be used while
// others could are named in the warnings. Errors name the file, what is wrong
// with it and what to do; when ctx ends, its cause is returned within a
// fraction of a second.
func Load(ctx context.Context, o LoadOptions) (*Dataset, []Warning, error) {
	if err := o.validate(); err != nil {
		return nil, nil, err
	}
	o.join()
	d, warnings, err := load(ctx, &o)
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, warnings, fmt.Errorf("read %s: %w", o.Path, err)
	}
	return d, warnings, nil
}

func load(ctx context.Context, o *LoadOptions) (*Dataset, []Warning, error) {
	if len(o.Paths) > 1 {
		return loadPaths(ctx, o)
	}
	info, err := os.Stat(o.Path)
	if err != nil {
		return nil, nil, plainPath(err)
	}
	if info.IsDir() {
		return loadFolder(ctx, o)
	}
	k, err := kindOf(ctx, o.Path, o)
	if err != nil {
		return nil, nil, err
	}
	if k == kindImage {
		root := filepath.Dir(o.Path)
		return loadImages(ctx, root, []found{{name: filepath.Base(o.Path), kind: kindImage, size: info.Size()}}, o)
	}
	d, warnings, err := loadArray(ctx, o.Path, k, o)
	return cutAndCheck(ctx, d, warnings, err, o)
}

func kindOf(ctx context.Context, path string, o *LoadOptions) (kind, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return kindUnknown, err
	}
	defer s.Close()
	if s.size == 0 {
		return kindUnknown, errors.New("the file is empty")
	}
	return s.sniff()
}

// loadArray reads a file that holds examples ready made.
func loadArray(ctx context.Context, path string, k kind, o *LoadOptions) (*Dataset, []Warning, error) {
	switch k {
	case kindIDX:
		return loadIDX(ctx, path, o)
	case kindNPY, kindNPZ:
		d, err := loadNumPy(ctx, path, k, o)
		return d, nil, err
	case kindTable:
		return loadTable(ctx, path, o)
	case kindMAT:
		d, err := loadMAT(ctx, path, o)
		return d, nil, err
	}
	return nil, nil, errors.New("the file is none of those that can be read: IDX, .npy, .npz, .mat, .csv, .tsv, PNG, JPEG, GIF, BMP, TIFF, WebP, PGM, PPM")
}

// cutAndCheck cuts patches from a data set of images when they are asked for,
// keeps Count examples and makes sure that every number is finite.
func cutAndCheck(ctx context.Context, d *Dataset, warnings []Warning, err error, o *LoadOptions) (*Dataset, []Warning, error) {
	if err != nil {
		return nil, warnings, err
	}
	if err := d.Check(); err != nil {
		return nil, warnings, err
	}
	if err := d.checkFinite(); err != nil {
		return nil, warnings, err
	}
	if o.Patch == nil {
		return d.Head(o.Count), warnings, nil
	}
	if !d.Geometry.IsImage() {
		return nil, warnings, errors.New("patches are cut from images, and this is a table; set the patch size to 0")
	}
	if d.Fill != nil { // patches are cut from the values as they are stored
		d.Read(d.Doubles[:len(d.Doubles):len(d.Doubles)], 0)
	}
	patches, more, err := SamplePatches(ctx, AlbumOf(d), o)
	if patches != nil {
		patches.Name = d.Name
	}
	return patches, append(warnings, more...), err
}

// checkFinite returns an error that names the first NaN or infinite value.
func (d *Dataset) checkFinite() error {
	bad, value := -1, 0.0
	for i, v := range d.Singles {
		if v-v != 0 { // only NaN and infinities differ from 0 here
			bad, value = i, float64(v)
			break
		}
	}
	for i, v := range d.Doubles {
		if v-v != 0 && (d.Fill == nil || !math.IsNaN(v)) {
			bad, value = i, v
			break
		}
	}
	if bad < 0 {
		return nil
	}
	return fmt.Errorf("example %d (counted from 0), value %d is %v; every value must be a finite number", bad/d.D, bad%d.D, value)
}

// setGeometry takes the geometry asked for, or guesses one.
func (d *Dataset) setGeometry(o *LoadOptions) error {
	if g := o.Geometry; g != (Geometry{}) {
		if !g.IsImage() || g.Features() != d.D {
			return fmt.Errorf("images of %d×%d×%d have %d values, and each example has %d", g.Width, g.Height, g.Channels, g.Features(), d.D)
		}
		d.Geometry = g
		return nil
	}
	if d.Levels == nil {
		d.Geometry = guessGeometry(d.D, d.Columns)
	}
	return nil
}

// guessGeometry takes rows of 64, 81, 100, … numbers for square grey images,
// as UFLDL's display_network does, unless the columns have names that are not
// one word and a running number ("pixel0", "pixel1", …).
func guessGeometry(features int, columns []string) Geometry {
	side := int(math.Round(math.Sqrt(float64(features))))
	if features < 64 || side*side != features {
		return Geometry{}
	}
	first, word := 0, ""
	for i, name := range columns {
		if i == 0 {
			word = strings.TrimRight(name, "0123456789")
		}
		number, ok := strings.CutPrefix(name, word)
		n, err := strconv.Atoi(number)
		if i == 0 {
			first = n
		}
		if !ok || err != nil || n != first+i {
			return Geometry{}
		}
	}
	return Geometry{Width: side, Height: side, Channels: 1}
}

// unitScale returns 1 when all floats lie in [0, 1], else 0.
func (d *Dataset) unitScale() float64 {
	for _, v := range d.Singles {
		if !(v >= 0 && v <= 1) {
			return 0
		}
	}
	for _, v := range d.Doubles {
		if !(v >= 0 && v <= 1 || d.Fill != nil && math.IsNaN(v)) {
			return 0
		}
	}
	return 1
}
