package mat5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"filterscope/engine/dataset/internal/array"
)

// Array is one variable with its values in MATLAB's order: the first index
// runs fastest. Exactly one store is filled (none when a size is 0): Bytes for
// uint8 and logical, Singles for what float32 holds exactly (single, int8,
// int16, uint16), Doubles for the rest.
type Array struct {
	Variable
	Bytes   []uint8
	Singles []float32
	Doubles []float64
}

// List returns the variables of a file without reading their values.
func List(r io.Reader) ([]Variable, error) {
	s, err := newScanner(r)
	if err != nil {
		return nil, err
	}
	var out []Variable
	for {
		c, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		}
		out = append(out, c.Variable)
	}
}

// Read reads the variable of a name. Errors name it; they wrap one of the
// faults above or are the reader's own.
func Read(r io.Reader, name string, opt Options) (*Array, error) {
	s, err := newScanner(r)
	if err != nil {
		return nil, err
	}
	for {
		c, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%w: %q", ErrNoVariable, name)
		case err != nil:
			return nil, err
		case c.Name == name:
			return c.read(opt.limit())
		}
	}
}

// ReadAll reads every variable that can be read, in the order of the file.
// All together must stay below the limit.
func ReadAll(r io.Reader, opt Options) ([]*Array, error) {
	s, err := newScanner(r)
	if err != nil {
		return nil, err
	}
	left := opt.limit()
	var out []*Array
	for {
		c, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, err
		case c.Problem != "":
			continue
		}
		a, err := c.read(left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(a.Bytes)) + 4*int64(len(a.Singles)) + 8*int64(len(a.Doubles))
		out = append(out, a)
	}
}

// numbers says how one element of a type of data is read.
type numbers struct {
	size int
	get  func([]byte) float64
}

// numbersOf returns how values of a type are read; size is 0 for a type that
// holds no numbers.
func numbersOf(kind uint32, order binary.ByteOrder) numbers {
	switch kind {
	case typeInt8:
		return numbers{1, func(b []byte) float64 { return float64(int8(b[0])) }}
	case typeUint8:
		return numbers{1, func(b []byte) float64 { return float64(b[0]) }}
	case 3:
		return numbers{2, func(b []byte) float64 { return float64(int16(order.Uint16(b))) }}
	case 4:
		return numbers{2, func(b []byte) float64 { return float64(order.Uint16(b)) }}
	case typeInt32:
		return numbers{4, func(b []byte) float64 { return float64(int32(order.Uint32(b))) }}
	case typeUint32:
		return numbers{4, func(b []byte) float64 { return float64(order.Uint32(b)) }}
	case 7:
		return numbers{4, func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }}
	case 9:
		return numbers{8, func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }}
	case 12:
		return numbers{8, func(b []byte) float64 { return float64(int64(order.Uint64(b))) }}
	case 13:
		return numbers{8, func(b []byte) float64 { return float64(order.Uint64(b)) }}
	}
	return numbers{}
}

// elements returns the number of values and the bytes each takes in memory,
// refusing more than limit bytes.
func (v *Variable) elements(limit int64) (n, stored int, err error) {
	stored = 8
	switch v.Class {
	case Uint8:
		stored = 1
	case Single, Int8, Int16, Uint16:
		stored = 4
	}
	n, ok := array.Len(v.Shape, stored, limit)
	if !ok {
		return 0, 0, fmt.Errorf("%w: variable %q promises %s, more than the limit of %d bytes; it looks damaged, or must be split",
			ErrTooLarge, v.Name, v, limit)
	}
	return n, stored, nil
}

// read reads the values. limit may be 0: then only an empty array is read.
func (c *content) read(limit int64) (*Array, error) {
	if c.Problem != "" {
		return nil, fmt.Errorf("variable %q: %w: %s", c.Name, ErrNotNumbers, c.Problem)
	}
	n, stored, err := c.elements(limit)
	if err != nil {
		return nil, err
	}
	a := &Array{Variable: c.Variable}
	if n == 0 {
		return a, nil
	}
	kind, size, small, err := c.tag()
	if err != nil {
		return nil, err
	}
	e := numbersOf(kind, c.order)
	switch {
	case e.size == 0:
		return nil, fmt.Errorf("%w: byte %d: the values of variable %q are of type %d, which holds no numbers", ErrFormat, c.at, c.Name, kind)
	case stored == 1 && kind != typeUint8:
		return nil, fmt.Errorf("%w: byte %d: the values of variable %q are uint8 and stored as type %d", ErrFormat, c.at, c.Name, kind)
	case int64(n)*int64(e.size) != size || small == nil && size > c.body.N:
		return nil, fmt.Errorf("%w: byte %d: variable %q promises %s and holds %d bytes; the file is damaged, save it again",
			ErrSize, c.at, c.Name, c, min(size, c.bytes))
	}
	var r io.Reader = c.body
	if small != nil {
		r = &smallReader{small}
	}
	next := func(b []byte) error {
		_, err := io.ReadFull(r, b)
		return err
	}
	switch {
	case stored == 1:
		a.Bytes, err = array.Values[uint8](next, n, e.size, e.get)
	case stored == 4:
		a.Singles, err = array.Values[float32](next, n, e.size, e.get)
	default:
		a.Doubles, err = array.Values[float64](next, n, e.size, e.get)
	}
	if err != nil {
		return nil, c.fault(err)
	}
	return a, c.finish()
}

// smallReader hands out the data of a small element.
type smallReader struct{ data []byte }

func (s *smallReader) Read(b []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.data)
	s.data = s.data[n:]
	return n, nil
}

// finish reads the end of a compressed variable, which carries a checksum.
func (c *content) finish() error {
	if !c.zip {
		return nil
	}
	const most = 1 << 10 // padding, and nothing else
	if _, err := io.CopyN(io.Discard, c.body.R, most); !errors.Is(err, io.EOF) {
		if err == nil {
			return fmt.Errorf("%w: byte %d: more follows variable %q than it states; the file is damaged, save it again", ErrSize, c.at, c.Name)
		}
		return c.fault(err)
	}
	return nil
}

// At returns value i of the store, in MATLAB's order.
func (a *Array) At(i int) float64 {
	switch {
	case a.Bytes != nil:
		return float64(a.Bytes[i])
	case a.Singles != nil:
		return float64(a.Singles[i])
	}
	return a.Doubles[i]
}

// RowMajor returns the values row by row: the last index runs fastest. Of a
// matrix that is rows×columns values, the first row first.
func (a *Array) RowMajor() []float64 {
	out := make([]float64, a.Len())
	if len(out) == 0 {
		return out
	}
	strides := make([]int, len(a.Shape)) // of each index, in out
	stride := 1
	for k := len(a.Shape) - 1; k >= 0; k-- {
		strides[k] = stride
		stride *= a.Shape[k]
	}
	index := make([]int, len(a.Shape))
	at := 0
	for i := range out {
		out[at] = a.At(i)
		for k := range index {
			index[k]++
			at += strides[k]
			if index[k] < a.Shape[k] {
				break
			}
			index[k] = 0
			at -= strides[k] * a.Shape[k]
		}
	}
	return out
}
