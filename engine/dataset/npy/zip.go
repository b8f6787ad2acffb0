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

// Entry is what an .npz file says of one of its arrays before the values.
type Entry struct {
	Name    string
	Array   *Array // shape and type; without values
	Problem error  // why it cannot be read, or nil
}

// maxEntries bounds the arrays of one .npz file.
const maxEntries = 10000

// ReadZip reads an .npz file of size bytes, in the order of its directory.
// Entries whose name does not end in ".npy" are left out. All arrays together
// must stay below the limit.
func ReadZip(r io.ReaderAt, size int64) ([]Named, error) { return ReadZipWith(r, size, Options{}) }

// ReadZipWith is ReadZip with options.
func ReadZipWith(r io.ReaderAt, size int64, opt Options) ([]Named, error) {
	files, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	left := opt.Limit
	if left <= 0 {
		left = DefaultLimit
	}
	var out []Named
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok || opt.Only != nil && !opt.Only(name) {
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

func openZip(r io.ReaderAt, size int64) ([]*zip.File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(z.File) > maxEntries {
		return nil, fmt.Errorf("%w: %d entries, more than the limit of %d", ErrTooLarge, len(z.File), maxEntries)
	}
	return z.File, nil
}

// ListZip returns the arrays of an .npz file without reading their values.
func ListZip(r io.ReaderAt, size int64) ([]Entry, error) {
	files, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		e := Entry{Name: name, Array: &Array{}}
		var h header
		if h, e.Problem = entryHeader(f); e.Problem == nil {
			e.Array.Shape, e.Array.DType = h.shape, h.dtype
			_, e.Problem = elementOf(h.dtype)
		}
		out = append(out, e)
	}
	return out, nil
}

func entryHeader(f *zip.File) (header, error) {
	r, err := f.Open()
	if err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer r.Close()
	return readHeader(r)
}

// bombRatio and bombBytes tell a bomb: more than 64 MiB, packed better than
// 200:1. Images and measurements do not pack like that.
const (
	bombRatio = 200
	bombBytes = 64 << 20
)

func readEntry(f *zip.File, opt Options) (*Array, error) {
	// Deflate cannot do better than 1032:1 (zlib technical details), so a
	// directory that states more is lying.
	if f.UncompressedSize64 > math.MaxInt64 || f.UncompressedSize64/1100 > f.CompressedSize64+1 {
		return nil, fmt.Errorf("%w: its %d compressed bytes cannot hold the %d the zip directory states",
			ErrSize, f.CompressedSize64, f.UncompressedSize64)
	}
	if f.UncompressedSize64 > bombBytes && f.UncompressedSize64/bombRatio > f.CompressedSize64 {
		return nil, fmt.Errorf("%w: %d bytes packed into %d look like a zip bomb; if it is real data, save it with numpy.savez, uncompressed",
			ErrTooLarge, f.UncompressedSize64, f.CompressedSize64)
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
