package mat5

import (
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The types of data elements.
const (
	typeInt8       = 1
	typeUint8      = 2
	typeInt32      = 5
	typeUint32     = 6
	typeMatrix     = 14
	typeCompressed = 15
)

// maxVariables bounds the variables of one file.
const maxVariables = 100_000

// scanner walks over the variables of a file.
type scanner struct {
	file  *counter
	order binary.ByteOrder
	end   int64 // where the present variable ends in the file
	seen  int
}

func newScanner(r io.Reader) (*scanner, error) {
	s := &scanner{file: &counter{r: r}}
	var err error
	if s.order, err = readHeader(s.file); err != nil {
		return nil, err
	}
	s.end = s.file.n
	return s, nil
}

// content is one variable whose values have not been read yet.
type content struct {
	Variable
	at    int64 // of the variable in the file
	order binary.ByteOrder
	body  *io.LimitedReader // of the values and what follows them, decompressed
	bytes int64             // the most bytes the values can have
	zip   bool
}

// next returns the next variable, or io.EOF. Elements that are no variables
// are passed over.
func (s *scanner) next() (*content, error) {
	for {
		if rest := s.end - s.file.n; rest > 0 {
			if err := s.file.skip(rest); err != nil {
				return nil, short(err, "byte %d: the file ends inside a variable", s.file.n)
			}
		}
		at := s.file.n
		tag := make([]byte, 8)
		if n, err := io.ReadFull(s.file, tag); errors.Is(err, io.EOF) {
			return nil, io.EOF
		} else if err != nil {
			return nil, short(err, "byte %d: the file ends inside the tag of a variable", at+int64(n))
		}
		if s.seen++; s.seen > maxVariables {
			return nil, fmt.Errorf("%w: more than %d variables", ErrTooLarge, maxVariables)
		}
		kind, size := s.order.Uint32(tag), int64(s.order.Uint32(tag[4:]))
		if kind>>16 != 0 {
			continue // a small element of 4 bytes at the most: no variable
		}
		s.end = s.file.n + size
		c := &content{at: at, order: s.order}
		switch kind {
		case typeMatrix:
			c.body, c.bytes = &io.LimitedReader{R: s.file, N: size}, size
		case typeCompressed:
			if err := c.unzip(&io.LimitedReader{R: s.file, N: size}, size); err != nil {
				return nil, err
			}
		default:
			s.end += padding(size)
			continue
		}
		if c.bytes == 0 {
			continue // an empty matrix element has not even a name
		}
		if err := c.describe(); err != nil {
			return nil, err
		}
		if c.Name == "" {
			continue // MATLAB keeps what belongs to objects under no name
		}
		return c, nil
	}
}

// padding returns the bytes that bring size to a multiple of 8.
func padding(size int64) int64 { return -size & 7 }

// unzip opens a compressed variable of size bytes.
func (c *content) unzip(r io.Reader, size int64) error {
	z, err := zlib.NewReader(r)
	if err != nil {
		return c.fault(err)
	}
	tag := make([]byte, 8)
	if _, err := io.ReadFull(z, tag); err != nil {
		return c.fault(err)
	}
	if kind := c.order.Uint32(tag); kind != typeMatrix {
		return fmt.Errorf("%w: byte %d: the compressed element holds type %d, not an array (%d)", ErrFormat, c.at, kind, typeMatrix)
	}
	c.zip = true
	c.bytes = int64(c.order.Uint32(tag[4:]))
	// Deflate cannot do better than 1032:1 (zlib technical details).
	if c.bytes/1100 > size+1 {
		return fmt.Errorf("%w: byte %d: %d compressed bytes cannot hold the %d the variable states", ErrSize, c.at, size, c.bytes)
	}
	c.body = &io.LimitedReader{R: z, N: c.bytes}
	return nil
}

// fault words an error of the reader within a variable.
func (c *content) fault(err error) error {
	name := "a variable"
	if c.Name != "" {
		name = fmt.Sprintf("variable %q", c.Name)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: byte %d: %s is cut off, save the file again", ErrSize, c.at, name)
	case c.zip || errors.Is(err, zlib.ErrHeader) || errors.Is(err, zlib.ErrChecksum) || errors.Is(err, zlib.ErrDictionary):
		return fmt.Errorf("%w: byte %d: %s is damaged, save the file again: %w", ErrFormat, c.at, name, err)
	}
	return fmt.Errorf("byte %d: %s: %w", c.at, name, err)
}

// tag reads the tag of a subelement. A small element carries its data of up to
// four bytes in the tag; they are returned then.
func (c *content) tag() (kind uint32, size int64, small []byte, err error) {
	b := make([]byte, 8)
	if _, err := io.ReadFull(c.body, b); err != nil {
		return 0, 0, nil, c.fault(err)
	}
	kind, size = c.order.Uint32(b), int64(c.order.Uint32(b[4:]))
	if n := kind >> 16; n != 0 {
		if n > 4 {
			return 0, 0, nil, fmt.Errorf("%w: byte %d: a small element of %d bytes", ErrFormat, c.at, n)
		}
		return kind & 0xffff, int64(n), b[4 : 4+n], nil
	}
	return kind, size, nil, nil
}

// element reads a whole subelement of one of two types and of at most most bytes.
func (c *content) element(what string, most int64, kinds ...uint32) ([]byte, error) {
	kind, size, data, err := c.tag()
	if err != nil {
		return nil, err
	}
	ok := false
	for _, k := range kinds {
		ok = ok || kind == k
	}
	if !ok || size > most {
		return nil, fmt.Errorf("%w: byte %d: the %s are of type %d and %d bytes; the file is damaged", ErrFormat, c.at, what, kind, size)
	}
	if data != nil {
		return data, nil
	}
	data = make([]byte, size+padding(size))
	if _, err := io.ReadFull(c.body, data); err != nil {
		return nil, c.fault(err)
	}
	return data[:size], nil
}

// describe reads flags, shape and name.
func (c *content) describe() error {
	const (
		complexFlag = 0x08
		logicalFlag = 0x02
		maxDims     = 64
		maxName     = 4096
	)
	b, err := c.element("flags of a variable", 16, typeUint32)
	if err != nil {
		return err
	}
	if len(b) < 4 {
		return fmt.Errorf("%w: byte %d: a variable has flags of %d bytes", ErrFormat, c.at, len(b))
	}
	word := c.order.Uint32(b)
	c.Class = Class(word)
	flags := word >> 8 & 0xff
	c.Logical = flags&logicalFlag != 0
	if c.Class != classOpaque { // objects have no shape
		if b, err = c.element("sizes of a variable", 4*maxDims, typeInt32, typeUint32); err != nil {
			return err
		}
		for ; len(b) >= 4; b = b[4:] {
			size := int32(c.order.Uint32(b))
			if size < 0 {
				return fmt.Errorf("%w: byte %d: a variable has a size of %d", ErrFormat, c.at, size)
			}
			c.Shape = append(c.Shape, int(size))
		}
	}
	if b, err = c.element("letters of a name", maxName, typeInt8, typeUint8); err != nil {
		return err
	}
	c.Name = string(b)
	c.setProblem(flags&complexFlag != 0)
	return nil
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
