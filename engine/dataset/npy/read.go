package npy

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"filterscope/engine/dataset/internal/array"
)

// Options bounds and shapes a reading. The zero value is the usual one.
type Options struct {
	// Limit is the most memory the values may take, in bytes; 0 means DefaultLimit.
	Limit int64
	// Singles keeps floats of 2 and 4 bytes as float32, at half the memory.
	Singles bool
	// Only says which arrays of an .npz file are read; nil reads all.
	Only func(name string) bool
}

// Read reads one .npy array. The stream must end where the array ends.
// Errors wrap ErrFormat, ErrSize or ErrTooLarge, or are the reader's own.
func Read(r io.Reader) (*Array, error) { return ReadWith(r, Options{}) }

// ReadWith is Read with options.
func ReadWith(r io.Reader, opt Options) (*Array, error) {
	return read(bufio.NewReaderSize(r, 1<<16), opt, -1)
}

// ReadHeader returns shape and type of a .npy array without its values. A type
// that cannot be read is an error.
func ReadHeader(r io.Reader) (*Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	_, err = elementOf(h.dtype)
	return &Array{Shape: h.shape, DType: h.dtype}, err
}

// read reads one array. size is the length of the stream when it is known,
// else -1: then a header that does not fit is refused before any allocation.
func read(r io.Reader, opt Options, size int64) (*Array, error) {
	h, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	e, err := elementOf(h.dtype)
	if err != nil {
		return nil, err
	}
	stored := 8
	switch {
	case e.byte:
		stored = 1
	case e.single && opt.Singles:
		stored = 4
	}
	limit := opt.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	n, err := h.elements(stored, limit)
	if err != nil {
		return nil, err
	}
	a := &Array{Shape: h.shape, DType: h.dtype}
	p := &payload{r: r, array: a, start: int64(h.bytes), promised: int64(n) * int64(e.size)}
	if size >= 0 && size != p.start+p.promised {
		return nil, p.wrong("%d", size-p.start)
	}
	switch stored {
	case 1:
		a.Bytes, err = array.Values[uint8](p.next, n, e.size, e.get)
		a.Bytes = rowMajor(a.Bytes, h)
	case 4:
		a.Singles, err = array.Values[float32](p.next, n, e.size, e.get)
		a.Singles = rowMajor(a.Singles, h)
	default:
		a.Data, err = array.Values[float64](p.next, n, e.size, e.get)
		a.Data = rowMajor(a.Data, h)
	}
	if err != nil {
		return nil, err
	}
	return a, p.finish()
}

// payload is the stream of elements behind a header, with a count of the
// bytes that came.
type payload struct {
	r        io.Reader
	array    *Array
	start    int64 // offset of the first element
	promised int64
	read     int64
}

func (p *payload) next(b []byte) error {
	n, err := io.ReadFull(p.r, b)
	p.read += int64(n)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return p.wrong("only %d", p.read)
	}
	return fmt.Errorf("byte %d: %w", p.start+p.read, err)
}

// finish makes sure that nothing follows the elements. Surplus is counted up
// to a megabyte, so that a bomb makes no work.
func (p *payload) finish() error {
	const most = 1 << 20
	extra, err := io.CopyN(io.Discard, p.r, most)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("byte %d: %w", p.start+p.read+extra, err)
	case extra == 0:
		return nil
	case extra == most:
		return p.wrong("more than %d", p.read+extra)
	}
	return p.wrong("%d", p.read+extra)
}

func (p *payload) wrong(format string, found int64) error {
	return fmt.Errorf("%w: byte %d: the header promises %s, %d bytes, but "+format+" follow; the file is damaged, save it again",
		ErrSize, p.start, p.array, p.promised, found)
}

// rowMajor turns elements stored in Fortran order (the first index runs
// fastest) into row-major order.
func rowMajor[T any](src []T, h header) []T {
	if !h.fortran || len(h.shape) < 2 || len(src) == 0 {
		return src
	}
	dst := make([]T, len(src))
	index := make([]int, len(h.shape))
	strides := make([]int, len(h.shape)) // of each index, in dst
	stride := 1
	for k := len(h.shape) - 1; k >= 0; k-- {
		strides[k] = stride
		stride *= h.shape[k]
	}
	at := 0
	for _, v := range src {
		dst[at] = v
		for k := range index {
			index[k]++
			at += strides[k]
			if index[k] < h.shape[k] {
				break
			}
			index[k] = 0
			at -= strides[k] * h.shape[k]
		}
	}
	return dst
}

// short words an early end of the file as an error of size, and leaves other
// faults of the reader visible.
func short(err error, format string, args ...any) error {
	where := fmt.Sprintf(format, args...)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %s; it is cut off, save it again", ErrSize, where)
	}
	return fmt.Errorf("%s: %w", where, err)
}
