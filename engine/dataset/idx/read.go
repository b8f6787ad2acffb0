package idx

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
)

// Options bounds a reading. The zero value is the usual one.
type Options struct {
	// Limit is the largest payload accepted, in bytes; 0 means DefaultLimit.
	Limit int64
	// Rows keeps only the first so many entries of the first dimension; the
	// rest is read and counted but not kept. 0 keeps all.
	Rows int
	// Size is the length of the file, or 0 when it is not known. With it, memory
	// for what a compressed file can hold is taken at once, and what it cannot
	// hold, or what looks like a bomb, is refused at once.
	Size int64
}

// Deflate makes at the most 1032 bytes of one (zlib technical details). Images
// and measurements reach no 200; beyond that, and beyond 64 MiB, a file is
// taken for a bomb.
const (
	maxRatio  = 1032
	bombRatio = 200
	bombBytes = 64 << 20
)

// check compares what a header promises with what a file of size bytes can
// hold.
func (h Header) check(size int64) error {
	promised := int64(h.Elements()) * int64(h.Type.Size())
	switch {
	case size <= 0:
		return nil
	case promised > maxRatio*size:
		return fmt.Errorf("%w: the header promises %s, %d bytes, and a file of %d cannot hold them; it is damaged or cut off, get it again", ErrSize, h, promised, size)
	case promised > bombBytes && promised > bombRatio*size:
		return fmt.Errorf("%w: the header promises %s, %d bytes in a file of %d: it looks like a gzip bomb; if it is real data, decompress it first", ErrTooLarge, h, promised, size)
	}
	return nil
}

// Read reads a whole IDX file, plain or gzip. The file must hold exactly the
// bytes its header promises. Errors say at which byte (of the uncompressed
// data) the fault lies; they wrap ErrFormat, ErrSize or ErrTooLarge, or are
// the reader's own.
func Read(r io.Reader, opt Options) (*Array, error) {
	if opt.Size > 0 && opt.Size <= maxWhole {
		file, err := whole(r, opt.Size)
		if err != nil {
			return nil, err
		}
		if a, ok := readWhole(file, opt); ok {
			return a, nil
		}
		r = bytes.NewReader(file) // the long way, which says what is wrong
	}
	plain, err := unzip(r)
	if err != nil {
		return nil, err
	}
	limit := opt.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	h, err := readHeader(plain, limit)
	if err != nil {
		return nil, err
	}
	if err := h.check(opt.Size); err != nil {
		return nil, err
	}
	a := &Array{Header: h.first(opt.Rows)}
	keep := a.Elements()
	p := &payload{r: plain, header: h, whole: opt.Size > 0}
	if err := a.fill(p, keep); err != nil {
		return nil, err
	}
	return a, p.finish()
}

// first returns the header of the first rows entries; 0 means all.
func (h Header) first(rows int) Header {
	if rows > 0 && rows < h.Shape[0] {
		h.Shape = append([]int{rows}, h.Shape[1:]...)
	}
	return h
}

// ReadHeader reads the header alone, to find out what a file is.
func ReadHeader(r io.Reader) (Header, error) {
	plain, err := unzip(r)
	if err != nil {
		return Header{}, err
	}
	return readHeader(plain, math.MaxInt64)
}

// unzip returns r, decompressed when its first two bytes are those of gzip.
func unzip(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	start, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(start) < 2 || start[0] != 0x1f || start[1] != 0x8b {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("%w: the gzip header is damaged: %w", ErrFormat, err)
	}
	return z, nil
}

func readHeader(r io.Reader, limit int64) (Header, error) {
	var magic [4]byte
	if n, err := io.ReadFull(r, magic[:]); err != nil {
		return Header{}, short(err, "byte %d: the file ends inside the 4 magic bytes", n)
	}
	h := Header{Type: Type(magic[2])}
	rank := int(magic[3])
	switch {
	case magic[0] != 0 || magic[1] != 0 || h.Type.Size() == 0:
		return h, fmt.Errorf("%w: byte 0: it starts with % x, an IDX file with 00 00 and an element type (08 for bytes)", ErrFormat, magic)
	case rank < 1 || rank > 3:
		return h, fmt.Errorf("%w: byte 3: %d dimensions; 1 (labels), 2 (rows) and 3 (images) can be read", ErrFormat, rank)
	}
	total := uint64(h.Type.Size())
	for i := range rank {
		var b [4]byte
		if n, err := io.ReadFull(r, b[:]); err != nil {
			return h, short(err, "byte %d: the file ends inside its header of %d bytes", 4+4*i+n, 4+4*rank)
		}
		size := binary.BigEndian.Uint32(b[:])
		if size > math.MaxInt32 {
			return h, fmt.Errorf("%w: byte %d: dimension %d has a size of %d; the header looks damaged", ErrTooLarge, 4+4*i, i, size)
		}
		h.Shape = append(h.Shape, int(size))
		high, low := bits.Mul64(total, uint64(size))
		if high != 0 || low > uint64(min(limit, math.MaxInt)) {
			return h, fmt.Errorf("%w: byte 4: the header promises %s, more than the limit of %d bytes; the header looks damaged, or the file must be split",
				ErrTooLarge, h, limit)
		}
		total = low
	}
	return h, nil
}

// short words an early end of the file as an error of size, and leaves other
// faults of the reader (a damaged gzip stream, a cancelled context) visible.
func short(err error, format string, args ...any) error {
	where := fmt.Sprintf(format, args...)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %s; it is cut off, get it again", ErrSize, where)
	}
	return fmt.Errorf("%s: %w", where, err)
}

// fill reads the first keep elements into the store that suits their type.
func (a *Array) fill(p *payload, keep int) (err error) {
	be := binary.BigEndian
	switch a.Type {
	case Uint8:
		a.Bytes, err = p.raw(keep)
	case Int8:
		a.Singles, err = elements(p, keep, 1, func(b []byte) float32 { return float32(int8(b[0])) })
	case Int16:
		a.Singles, err = elements(p, keep, 2, func(b []byte) float32 { return float32(int16(be.Uint16(b))) })
	case Int32:
		a.Doubles, err = elements(p, keep, 4, func(b []byte) float64 { return float64(int32(be.Uint32(b))) })
	case Float32:
		a.Singles, err = elements(p, keep, 4, func(b []byte) float32 { return math.Float32frombits(be.Uint32(b)) })
	case Float64:
		a.Doubles, err = elements(p, keep, 8, func(b []byte) float64 { return math.Float64frombits(be.Uint64(b)) })
	}
	return err
}
