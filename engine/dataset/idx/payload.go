package idx

import (
	"errors"
	"fmt"
	"io"
)

// payload is the stream of elements behind a header, with a count of the
// bytes that came.
type payload struct {
	r      io.Reader
	header Header
	read   int64
	whole  bool // take the memory at once: the header has been compared with the file
}

func (p *payload) promised() int64 {
	return int64(p.header.Elements()) * int64(p.header.Type.Size())
}

// next fills b with the next bytes of the payload.
func (p *payload) next(b []byte) error {
	n, err := io.ReadFull(p.r, b)
	p.read += int64(n)
	return p.fault(err)
}

// finish reads what is left and makes sure that it is as long as promised.
func (p *payload) finish() error {
	rest := p.promised() - p.read
	n, err := io.CopyN(io.Discard, p.r, rest)
	p.read += n
	if err != nil {
		return p.fault(err)
	}
	// Surplus is counted up to a megabyte: enough to tell a stray newline from
	// a wrong header, and no work for a bomb.
	const most = 1 << 20
	extra, err := io.CopyN(io.Discard, p.r, most)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("byte %d: %w", int64(p.header.Bytes())+p.read+extra, err)
	case extra == 0:
		return nil
	case extra == most:
		return p.wrong("more than %d", p.read+extra)
	}
	return p.wrong("%d", p.read+extra)
}

func (p *payload) fault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return p.wrong("only %d", p.read)
	}
	return fmt.Errorf("byte %d: %w", int64(p.header.Bytes())+p.read, err)
}

// wrong names the bytes promised and those found.
func (p *payload) wrong(format string, found int64) error {
	return fmt.Errorf("%w: byte %d: the header promises %s, %d bytes, but "+format+" follow; the file is damaged, get it again",
		ErrSize, p.header.Bytes(), p.header, p.promised(), found)
}

// raw reads n bytes as they are.
func (p *payload) raw(n int) ([]uint8, error) {
	const step = 1 << 20
	var out []uint8
	if p.whole && n > 0 {
		out = make([]uint8, 0, n)
	}
	for len(out) < n {
		take := min(step, n-len(out))
		out = room(out, take, n)
		if err := p.next(out[len(out) : len(out)+take]); err != nil {
			return nil, err
		}
		out = out[:len(out)+take]
	}
	return out, nil
}

// room makes sure that take more elements fit into out, of n in all.
func room[T any](out []T, take, n int) []T {
	if len(out)+take <= cap(out) {
		return out
	}
	grown := make([]T, len(out), min(n, max(2*cap(out), take)))
	copy(grown, out)
	return grown
}

// elements reads n elements of size bytes each. Memory grows with what
// arrives: at the most to twice of it.
func elements[T any](p *payload, n, size int, element func([]byte) T) ([]T, error) {
	const step = 1 << 16 // elements read at once
	buffer := make([]byte, min(n, step)*size)
	var out []T
	if p.whole && n > 0 {
		out = make([]T, 0, n)
	}
	for len(out) < n {
		take := min(step, n-len(out))
		b := buffer[:take*size]
		if err := p.next(b); err != nil {
			return nil, err
		}
		out = room(out, take, n)
		for ; len(b) > 0; b = b[size:] {
			out = append(out, element(b))
		}
	}
	return out, nil
}
