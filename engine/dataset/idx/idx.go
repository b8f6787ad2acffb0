// Package idx reads IDX files, the format MNIST and its relatives are
// published in: four magic bytes (zero, zero, element type, rank), one
// big-endian 32-bit size a dimension, then the elements, big-endian and row
// by row (http://yann.lecun.com/exdb/mnist/, "the IDX file format"). Plain
// files and gzip files are told apart by their first bytes.
//
// Nothing in a file is trusted: sizes are multiplied with an overflow check
// and compared with a limit before anything is allocated, and memory grows
// with the bytes that really arrive, not with those a header promises.
package idx

import (
	"errors"
	"fmt"
	"strings"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports a file that is not an IDX file, or a kind not read here.
	ErrFormat = errors.New("not a readable IDX file")
	// ErrSize reports a file that holds fewer or more bytes than its header promises.
	ErrSize = errors.New("wrong size")
	// ErrTooLarge reports a header that promises more than the limit.
	ErrTooLarge = errors.New("too large")
)

// DefaultLimit is the largest payload read when Options.Limit is 0: 4 GiB.
const DefaultLimit = 4 << 30

// Type is the element type, the third byte of the file.
type Type uint8

// The element types of IDX files.
const (
	Uint8   Type = 0x08
	Int8    Type = 0x09
	Int16   Type = 0x0b
	Int32   Type = 0x0c
	Float32 Type = 0x0d
	Float64 Type = 0x0e
)

// Size returns the bytes of one element, or 0 for a type that does not exist.
func (t Type) Size() int {
	switch t {
	case Uint8, Int8:
		return 1
	case Int16:
		return 2
	case Int32, Float32:
		return 4
	case Float64:
		return 8
	}
	return 0
}

// String returns the name of the type, such as "uint8".
func (t Type) String() string {
	switch t {
	case Uint8:
		return "uint8"
	case Int8:
		return "int8"
	case Int16:
		return "int16"
	case Int32:
		return "int32"
	case Float32:
		return "float32"
	case Float64:
		return "float64"
	}
	return fmt.Sprintf("type 0x%02x", uint8(t))
}

// Header is the part of an IDX file before its elements.
type Header struct {
	Type  Type
	Shape []int // one to three sizes; the first counts the examples
}

// Bytes returns the size of the header in the file: 8, 12 or 16.
func (h Header) Bytes() int { return 4 + 4*len(h.Shape) }

// Elements returns the number of elements promised. Read has made sure that
// the product does not overflow.
func (h Header) Elements() int {
	n := 1
	for _, s := range h.Shape {
		n *= s
	}
	return n
}

// String returns the shape and the type, such as "60000×28×28 uint8".
func (h Header) String() string {
	sizes := make([]string, len(h.Shape))
	for i, s := range h.Shape {
		sizes[i] = fmt.Sprint(s)
	}
	return strings.Join(sizes, "×") + " " + h.Type.String()
}

// Array is a whole IDX file. Exactly one store is filled (none when a size is
// 0): Bytes for uint8, Singles for the types float32 holds exactly (int8,
// int16, float32), Doubles for the rest.
type Array struct {
	Header
	Bytes   []uint8
	Singles []float32
	Doubles []float64
}

// Ints returns the elements as whole numbers, as labels are wanted, or an
// error that names the first one that is not whole.
func (a *Array) Ints() ([]int, error) {
	out := make([]int, 0, len(a.Bytes)+len(a.Singles)+len(a.Doubles))
	for _, v := range a.Bytes {
		out = append(out, int(v))
	}
	add := func(i int, v float64) error {
		// 2^31 keeps the conversion exact on every platform.
		if v != float64(int32(v)) || v > 1<<31-1 || v < -1<<31 {
			return fmt.Errorf("%w: element %d is %g, a label must be a whole number", ErrFormat, i, v)
		}
		out = append(out, int(v))
		return nil
	}
	for i, v := range a.Singles {
		if err := add(i, float64(v)); err != nil {
			return nil, err
		}
	}
	for i, v := range a.Doubles {
		if err := add(i, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}
