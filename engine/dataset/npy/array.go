// Package npy reads and writes NumPy's array files: .npy, one array, and
// .npz, a zip file of them (NEP 1, "A simple file format for NumPy arrays",
// versions 1 to 3). Arrays have zero to four dimensions; whatever the order
// and the byte order of the file, they are handed out row by row.
//
// Nothing in a file is trusted: header length, shape and the sizes a zip
// directory states are bounded before anything is allocated, and memory grows
// with the bytes that really arrive.
package npy

import (
	"errors"
	"fmt"
	"strings"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports a file that is not a NumPy file, or a kind not read here.
	ErrFormat = errors.New("not a readable NumPy file")
	// ErrSize reports a file that holds fewer or more bytes than its header promises.
	ErrSize = errors.New("wrong size")
	// ErrTooLarge reports a header that promises more than the limit.
	ErrTooLarge = errors.New("too large")
)

// DefaultLimit is the most memory the values of one file may take when
// Options.Limit is 0: 4 GiB.
const DefaultLimit = 4 << 30

// MaxRank is the largest number of dimensions.
const MaxRank = 4

// Array is one array, row by row (the last index runs fastest). Exactly one
// store holds the values:
//
//   - Bytes when DType is "|u1" or "|b1" (a truth value is 0 or 1);
//   - Singles when it is a float of 2 or 4 bytes and Options.Singles asked for it;
//   - Data in every other case.
//
// An array without elements may have no store at all.
type Array struct {
	Shape   []int  // no sizes at all: one number
	DType   string // as in the file: "<f8", ">i2", "|u1"
	Data    []float64
	Bytes   []uint8
	Singles []float32
}

// New returns an array of 64-bit floats that shares data. It panics when the
// shape asks for another number of values.
func New(data []float64, shape ...int) *Array {
	a := &Array{Shape: shape, DType: "<f8", Data: data}
	if a.Len() != len(data) {
		panic(fmt.Sprintf("npy: New: %d values for %s", len(data), a))
	}
	return a
}

// Len returns the number of elements the shape asks for.
func (a *Array) Len() int {
	n := 1
	for _, s := range a.Shape {
		n *= s
	}
	return n
}

// Float64s returns the values as 64-bit floats, whichever store holds them.
// It returns Data itself when that is the store, else a new slice.
func (a *Array) Float64s() []float64 {
	switch {
	case a.Bytes != nil:
		return floats(a.Bytes)
	case a.Singles != nil:
		return floats(a.Singles)
	}
	return a.Data
}

func floats[T uint8 | float32](src []T) []float64 {
	dst := make([]float64, len(src))
	for i, v := range src {
		dst[i] = float64(v)
	}
	return dst
}

// String returns the shape and the type, such as "10×512×512 <f4".
func (a *Array) String() string {
	if len(a.Shape) == 0 {
		return "one number " + a.DType
	}
	sizes := make([]string, len(a.Shape))
	for i, s := range a.Shape {
		sizes[i] = fmt.Sprint(s)
	}
	return strings.Join(sizes, "×") + " " + a.DType
}
