// Package ply reads the points, and the normals if there are any, of PLY files
// (the polygon file format of Greg Turk's Stanford description, 1994): ascii,
// binary_little_endian and binary_big_endian. The element vertex must have the
// scalar properties x and y, of any type, and may have z and nx, ny, nz; its
// other properties and the elements before it are skipped, lists included, and
// what follows it is not read.
//
// Counts in the header are not trusted: memory grows with the bytes that
// arrive.
package ply

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports a file that is not PLY, is damaged, or holds no points.
	ErrFormat = errors.New("not a PLY point cloud")
	// ErrTooLarge reports more points than are read.
	ErrTooLarge = errors.New("too large")
)

// fault is what is wrong with a file; errors.Is tells that it is ErrFormat.
type fault string

func (f fault) Error() string        { return string(f) }
func (f fault) Is(target error) bool { return target == ErrFormat }

// faultf returns a fault.
func faultf(format string, args ...any) error { return fault(fmt.Sprintf(format, args...)) }

// maxNumbers bounds the numbers read: 2 GiB of float64.
const maxNumbers = 1 << 28

// Cloud holds the points of a file: n×Dim finite numbers, row by row.
type Cloud struct {
	Dim     int       // 2 without z, else 3
	Points  []float64 // n×Dim
	Normals []float64 // n×Dim as written, or nil
}

// Read reads the points. Errors name the line (of a text file) or the vertex;
// they wrap ErrFormat or ErrTooLarge, or are the reader's own.
func Read(r io.Reader) (*Cloud, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	h, err := readHeader(b)
	if err != nil {
		return nil, err
	}
	var body source = &binarySource{r: b, order: h.order}
	if h.order == nil {
		body = &textSource{r: b, line: h.lines}
	}
	for _, e := range h.elements {
		if e.name != "vertex" {
			if err := skip(body, e); err != nil {
				return nil, err
			}
			continue
		}
		return readVertices(body, e)
	}
	return nil, faultf("it has no element vertex")
}

// source reads one value after the other.
type source interface {
	// next reads a value; a fault in the file wraps ErrFormat.
	next(t scalar) (float64, error)
	// discard skips n values.
	discard(t scalar, n uint64) error
	// endRow ends a row of an element.
	endRow() error
}

// skip reads over an element.
func skip(s source, e element) error {
	if len(e.properties) == 0 {
		return nil
	}
	size, fixed := e.size()
	if b, ok := s.(*binarySource); ok && fixed {
		if e.count > maxSkip/uint64(size) {
			return cut(e, e.count-1, io.ErrUnexpectedEOF)
		}
		if err := b.skipBytes(e.count * uint64(size)); err != nil {
			return cut(e, e.count-1, err)
		}
		return nil
	}
	for i := range e.count {
		for _, p := range e.properties {
			if err := skipProperty(s, p); err != nil {
				return cut(e, i, err)
			}
		}
		if err := s.endRow(); err != nil {
			return cut(e, i, err)
		}
	}
	return nil
}

func skipProperty(s source, p property) error {
	n := uint64(1)
	if p.list {
		v, err := s.next(p.count)
		if err != nil {
			return err
		}
		if !(v >= 0 && v <= maxSkip) || v != float64(uint64(v)) {
			return faultf("the list %.40q has the length %v", p.name, v)
		}
		n = uint64(v)
	}
	return s.discard(p.kind, n)
}

// readVertices reads the points of the element vertex.
func readVertices(s source, e element) (*Cloud, error) {
	if e.count == 0 {
		return nil, faultf("it has 0 vertices")
	}
	c := &Cloud{Dim: 2}
	if e.find("z") {
		c.Dim = 3
	}
	coordinates, normals := []string{"x", "y", "z"}[:c.Dim], []string{"nx", "ny", "nz"}[:c.Dim]
	for _, name := range coordinates {
		if !e.find(name) {
			return nil, faultf("its vertices have no property %s; want x and y, and z in space", name)
		}
	}
	withNormals := true
	for _, name := range normals {
		withNormals = withNormals && e.find(name)
	}
	// place[i] is where property i goes: 0 to Dim-1 a coordinate, then a normal.
	place := make([]int, len(e.properties))
	for i, p := range e.properties {
		place[i] = -1
		for j := range c.Dim {
			switch {
			case p.list:
			case p.name == coordinates[j]:
				place[i] = j
			case withNormals && p.name == normals[j]:
				place[i] = c.Dim + j
			}
		}
	}
	var row [6]float64
	for i := range e.count {
		for j, p := range e.properties {
			if place[j] < 0 {
				if err := skipProperty(s, p); err != nil {
					return nil, cut(e, i, err)
				}
				continue
			}
			v, err := s.next(p.kind)
			if err != nil {
				return nil, cut(e, i, err)
			}
			if v-v != 0 { // only NaN and infinities differ from 0 here
				return nil, faultf("%s of vertex %d (counted from 1) is %v; every number must be finite", p.name, i+1, v)
			}
			row[place[j]] = v
		}
		if err := s.endRow(); err != nil {
			return nil, cut(e, i, err)
		}
		if len(c.Points)+len(c.Normals) > maxNumbers-6 {
			return nil, fmt.Errorf("%w: more than %d numbers; thin the cloud out", ErrTooLarge, maxNumbers)
		}
		c.Points = append(c.Points, row[:c.Dim]...)
		if withNormals {
			c.Normals = append(c.Normals, row[c.Dim:2*c.Dim]...)
		}
	}
	return c, nil
}

// cut says at which row of an element the reading stopped.
func cut(e element, row uint64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return faultf("the header promises %d of element %.40q, and the file ends before", e.count, e.name)
	}
	return fmt.Errorf("element %.40q %d (counted from 1): %w", e.name, row+1, err)
}
