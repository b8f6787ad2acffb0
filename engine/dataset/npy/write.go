package npy

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// Write writes a as a version 1.0 .npy file; the same array always gives the
// same bytes. DType must be "<f4", "<f8",
// "<i8" or "|u1" ("" means "<f8"); values are converted to it, and one that
// does not fit (a fraction or an overflow in a whole-number type) is an error
// that names its position.
func Write(w io.Writer, a *Array) error {
	dtype := a.DType
	if dtype == "" {
		dtype = "<f8"
	}
	put, err := putterOf(dtype)
	if err != nil {
		return err
	}
	values := len(a.Bytes) + len(a.Singles) + len(a.Data)
	if len(a.Shape) > MaxRank || values != a.Len() {
		return fmt.Errorf("write %s: %d values", a, values)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if _, err := out.WriteString(headerOf(dtype, a.Shape)); err != nil {
		return err
	}
	var b [8]byte
	for i := range values {
		var v float64
		switch {
		case a.Bytes != nil:
			v = float64(a.Bytes[i])
		case a.Singles != nil:
			v = float64(a.Singles[i])
		default:
			v = a.Data[i]
		}
		size, ok := put(b[:], v)
		if !ok {
			return fmt.Errorf("write %s: value %d is %g, which %s cannot hold", a, i, v, dtype)
		}
		if _, err := out.Write(b[:size]); err != nil {
			return err
		}
	}
	return out.Flush()
}

// putterOf returns the function that stores one value in up to 8 bytes, and
// says how many and whether the value fits.
func putterOf(dtype string) (func(b []byte, v float64) (int, bool), error) {
	le := binary.LittleEndian
	switch dtype {
	case "<f8":
		return func(b []byte, v float64) (int, bool) {
			le.PutUint64(b, math.Float64bits(v))
			return 8, true
		}, nil
	case "<f4":
		return func(b []byte, v float64) (int, bool) {
			s := float32(v)
			le.PutUint32(b, math.Float32bits(s))
			return 4, !math.IsInf(float64(s), 0) || math.IsInf(v, 0)
		}, nil
	case "<i8":
		return func(b []byte, v float64) (int, bool) {
			// 2^63 itself is the first float beyond the range.
			if v != math.Trunc(v) || v < -1<<63 || v >= 1<<63 {
				return 8, false
			}
			le.PutUint64(b, uint64(int64(v)))
			return 8, true
		}, nil
	case "|u1":
		return func(b []byte, v float64) (int, bool) {
			if v != math.Trunc(v) || v < 0 || v > 255 {
				return 1, false
			}
			b[0] = uint8(v)
			return 1, true
		}, nil
	}
	return nil, fmt.Errorf("%w: element type %q cannot be written; <f4, <f8, <i8 and |u1 can", ErrFormat, dtype)
}

// headerOf returns magic, version, length and description, padded with
// blanks so that the elements start at a multiple of 64.
func headerOf(dtype string, shape []int) string {
	var sizes strings.Builder
	for i, s := range shape {
		if i > 0 {
			sizes.WriteString(", ")
		}
		fmt.Fprint(&sizes, s)
	}
	if len(shape) == 1 {
		sizes.WriteString(",")
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", dtype, sizes.String())
	const before = len(magic) + 4 // version and length
	text += strings.Repeat(" ", (64-(before+len(text)+1)%64)%64) + "\n"
	return magic + "\x01\x00" + string([]byte{byte(len(text)), byte(len(text) >> 8)}) + text
}
