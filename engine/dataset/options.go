package dataset

import (
	"errors"
	"fmt"

	"filterscope/engine/dataset/table"
)

// LoadOptions says what Load reads and how. Path alone is a valid value.
type LoadOptions struct {
	// Path is what --data takes: an IDX file or a folder of IDX pairs, .npy,
	// .npz, .mat, .csv or .tsv, an image, or a folder (tree) of images. The kind is
	// told by content, then by name.
	Path string
	// Count is the largest number of examples; 0 means all (of patches: 10,000).
	Count int
	// Patch cuts patches from images; nil takes whole images as examples.
	Patch *PatchOptions
	// Paths are more files and folders of images, read together with Path: what
	// is dropped on the window at once. Path may be empty then.
	Paths []string
	// Variable is the array of a .mat or .npz file that holds the examples; ""
	// finds it by name (X, data, …), or takes the only one that can.
	Variable string
	// Columns takes the columns of a two-dimensional array as the examples, as
	// UFLDL keeps them. Of a MAT-file that is the default when it is wider than
	// high, and Rows forbids it.
	Columns, Rows bool
	// Layout is the order of an image's values in rows of an array or a table.
	Layout Layout
	// Label is the column of a table with the classes: a name, or a number from
	// 1. "" finds it by its name (label, class, target); "none" has none.
	Label string
	// Categories takes text in a table for categories (Dataset.Levels).
	Categories bool
	// Missing says what becomes of a table's cells without a value: "refuse" or ""
	// for an error that names the first, "mean" for the mean of the column
	// (Dataset.Fill), "skip" to leave the line out.
	Missing string
	// Colour keeps red, green and blue of image files; else they become grey.
	Colour bool
	// Geometry is how the features of a table or a 2-D array form an image.
	// The zero Geometry guesses: see guessGeometry.
	Geometry Geometry
	// Split is "train" or "test" where a folder or an .npz has both; ""
	// prefers train.
	Split string
	// Seed starts the drawing of patches.
	Seed uint64
	// Progress is told how far the loading is; nil tells nobody. It is called
	// from the goroutine that called Load.
	Progress func(done, total int, what string)
}

// PatchOptions says how patches are cut from images.
type PatchOptions struct {
	Size  int // side in pixels, 1 to 4096
	Count int // how many; 0 means LoadOptions.Count, or 10,000
	// Whiten filters the whole images with Whiten at f0 = 0.4 cycles per pixel
	// before the patches are cut, and scales the result to a mean variance of
	// 0.1 over the images, as the IMAGES of Olshausen and Field are.
	Whiten bool
	// Pooled draws every place of all images with the same chance, so that large
	// images give more patches. Else an image is drawn first, each with the same
	// chance, and then a place in it, as in UFLDL's exercises.
	Pooled bool
	// Border is how many pixels along each side of an image no patch touches.
	Border int
	// MinVariance is the least variance of a patch's pixels (of full intensity
	// 1, before Whiten; the mean over the channels): a flatter patch is drawn
	// again elsewhere in its image. 0 takes every patch; at most 0.25.
	MinVariance float64
}

// Limits of one data set.
const (
	maxPatchSide = 4096
	// maxBytes is the most memory the values of a data set may take: 4 GiB.
	maxBytes = 4 << 30
)

// defaultPatches is the count of UFLDL's sparse autoencoder exercise.
const defaultPatches = 10000

func (o *LoadOptions) validate() error {
	var faults []error
	if o.Path == "" && len(o.Paths) == 0 {
		faults = append(faults, errors.New("no path is given: want a file or a folder"))
	}
	if o.Count < 0 {
		faults = append(faults, fmt.Errorf("count = %d: want 0 (all) or more", o.Count))
	}
	if o.Split != "" && o.Split != "train" && o.Split != "test" {
		faults = append(faults, fmt.Errorf("split = %q: want train or test", o.Split))
	}
	if _, ok := missings[o.Missing]; !ok {
		faults = append(faults, fmt.Errorf("missing = %q: want refuse, mean or skip", o.Missing))
	}
	if o.Columns && o.Rows {
		faults = append(faults, errors.New("examples are either rows or columns of the array, not both"))
	}
	if p := o.Patch; p != nil {
		if p.Size < 1 || p.Size > maxPatchSide {
			faults = append(faults, fmt.Errorf("patch size = %d: want 1 to %d pixels", p.Size, maxPatchSide))
		}
		if p.Border < 0 || p.Border > maxPatchSide {
			faults = append(faults, fmt.Errorf("patch border = %d: want 0 to %d pixels", p.Border, maxPatchSide))
		}
		if !(p.MinVariance >= 0 && p.MinVariance <= 0.25) {
			faults = append(faults, fmt.Errorf("least variance of a patch = %g: want 0 (any) to 0.25", p.MinVariance))
		}
		if p.Count < 0 {
			faults = append(faults, fmt.Errorf("patch count = %d: want 0 (default) or more", p.Count))
		}
	}
	return errors.Join(faults...)
}

// missings are the valid values of LoadOptions.Missing.
var missings = map[string]table.Missing{"": table.Refuse, "refuse": table.Refuse, "mean": table.Keep, "skip": table.Skip}

// progress calls Progress when there is one.
func (o *LoadOptions) progress(done, total int, what string) {
	if o.Progress != nil {
		o.Progress(done, total, what)
	}
}

// item tells about number i of n items, at most some 200 times in all.
func (o *LoadOptions) item(i, n int, what string) {
	if i%(n/200+1) == 0 {
		o.progress(i, n, what)
	}
}

// Warning names something that could not be used while the rest could.
type Warning struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// String returns "path: reason".
func (w Warning) String() string { return w.Path + ": " + w.Reason }
