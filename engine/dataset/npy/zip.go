package npy

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// Named is one array of an .npz file; Name is without ".npy".
type Named struct {
	Name  string
	Array *Array
}

// maxEntries bounds the arrays of one .npz file.
const maxEntries = 10000

// ReadZip reads an .npz file of size bytes, in the order of its directory.
// Entries whose name does not end in ".npy" are left out. All arrays together
// must stay below the limit.
func ReadZip(r io.ReaderAt, size int64) ([]Named, error) { return ReadZipWith(r, size, Options{}) }

// ReadZipWith is ReadZip with options.
func ReadZipWith(r io.ReaderAt, size int64, opt Options) ([]Named, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("%w: %d entries, more than the limit of %d", ErrTooLarge, len(z.File), maxEntries)
	}
	left := opt.Limit
	if left <= 0 {
		left = DefaultLimit
	}
	var out []Named
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		opt.Limit = left
		a, err := readEntry(f, opt)
		if err != nil {
			return nil, fmt.Errorf("array %q: %w", name, err)
		}
		// An entry that holds nothing still costs something, and a limit of 0
		// would mean the default.
		left = max(1, left-int64(len(a.Bytes)+4*len(a.Singles)+8*len(a.Data)))
		out = append(out, Named{name, a})
	}
	return out, nil
}

func readEntry(f *zip.File, opt Options) (*Array, error) {
	// Deflate cannot do better than 1032:1 (zlib technical details), so a
	// directory that states more is lying.
	if f.UncompressedSize64 > math.MaxInt64 || f.UncompressedSize64/1100 > f.CompressedSize64+1 {
		return nil, fmt.Errorf("%w: its %d compressed bytes cannot hold the %d the zip directory states",
			ErrSize, f.CompressedSize64, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer r.Close()
	a, err := read(bufio.NewReader(r), opt, int64(f.UncompressedSize64))
	if errors.Is(err, zip.ErrChecksum) {
		return nil, fmt.Errorf("%w: %w; the file is damaged, save it again", ErrFormat, err)
	}
	return a, err
}

// WriteZip writes arrays as an .npz file, uncompressed as numpy.savez does,
// in the order given and with one fixed time, so that the same arrays always
// give the same bytes. Names must differ.
func WriteZip(w io.Writer, arrays []Named) error {
	z := zip.NewWriter(w)
	seen := make(map[string]bool, len(arrays))
	for _, n := range arrays {
		if n.Name == "" || seen[n.Name] {
			return fmt.Errorf("write npz: array name %q is empty or used twice", n.Name)
		}
		seen[n.Name] = true
		f, err := z.CreateHeader(&zip.FileHeader{
			Name:   n.Name + ".npy",
			Method: zip.Store,
			// 1980 is the first year a zip file can state, and numpy's choice.
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			return err
		}
		if err := Write(f, n.Array); err != nil {
			return fmt.Errorf("array %q: %w", n.Name, err)
		}
	}
	return z.Close()
}
