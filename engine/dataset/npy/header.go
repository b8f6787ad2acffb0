package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"filterscope/engine/dataset/internal/array"
)

// magic starts every .npy file.
const magic = "\x93NUMPY"

// maxHeader bounds the header text. NumPy's own default bound is 10,000
// (numpy.lib.format, max_header_size).
const maxHeader = 10000

// header is the description in front of the elements.
type header struct {
	dtype   string
	fortran bool
	shape   []int
	bytes   int // length in the file, magic and padding included
}

// readHeader reads and checks everything before the elements.
func readHeader(r io.Reader) (header, error) {
	var h header
	fixed := make([]byte, 8, 12)
	if n, err := io.ReadFull(r, fixed); err != nil {
		return h, short(err, "byte %d: the file ends inside its first 8 bytes", n)
	}
	if string(fixed[:6]) != magic {
		return h, fmt.Errorf("%w: byte 0: it starts with % x, a .npy file with % x", ErrFormat, fixed[:6], magic)
	}
	width := 2 // bytes of the length field
	switch fixed[6] {
	case 1:
	case 2, 3:
		width = 4
	default:
		return h, fmt.Errorf("%w: byte 6: format version %d; 1 to 3 can be read", ErrFormat, fixed[6])
	}
	field := fixed[8 : 8+width]
	if n, err := io.ReadFull(r, field); err != nil {
		return h, short(err, "byte %d: the file ends inside its header length", 8+n)
	}
	length := int64(binary.LittleEndian.Uint16(field))
	if width == 4 {
		length = int64(binary.LittleEndian.Uint32(field))
	}
	if length > maxHeader {
		return h, fmt.Errorf("%w: byte 8: a header of %d bytes; more than %d is not a plain array of numbers", ErrFormat, length, maxHeader)
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return h, short(err, "byte %d: the file ends inside its header of %d bytes", 8+width+n, length)
	}
	h.bytes = 8 + width + int(length)
	p := headerParser{text: string(text)}
	if err := p.parse(&h); err != nil {
		return h, fmt.Errorf("%w: byte %d: %w", ErrFormat, 8+width+p.at, err)
	}
	return h, nil
}

// elements returns the product of the sizes, refusing shapes whose values
// would take more than limit bytes of width each.
func (h header) elements(width int, limit int64) (int, error) {
	n, ok := array.Len(h.shape, width, limit)
	if !ok {
		return 0, fmt.Errorf("%w: the header promises %s, more than the limit of %d bytes; the header looks damaged, or the file must be split",
			ErrTooLarge, &Array{Shape: h.shape, DType: h.dtype}, limit)
	}
	return n, nil
}

// headerParser reads the Python dictionary of the header:
// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
type headerParser struct {
	text string
	at   int
}

func (p *headerParser) parse(h *header) error {
	seen := make(map[string]bool)
	if !p.take("{") {
		return errors.New("the header does not start with {")
	}
	for !p.take("}") {
		key, err := p.quoted()
		if err != nil {
			return err
		}
		if !p.take(":") {
			return fmt.Errorf("no : behind %q", key)
		}
		switch key {
		case "descr":
			if h.dtype, err = p.quoted(); err != nil {
				return fmt.Errorf("the element type is not a plain one (records cannot be read): %w", err)
			}
		case "fortran_order":
			h.fortran = p.take("True")
			if !h.fortran && !p.take("False") {
				return errors.New("fortran_order is neither True nor False")
			}
		case "shape":
			if h.shape, err = p.sizes(); err != nil {
				return err
			}
		default:
			return fmt.Errorf("unknown key %q", key)
		}
		seen[key] = true
		if !p.take(",") && !strings.HasPrefix(p.rest(), "}") {
			return fmt.Errorf("neither , nor } behind %q", key)
		}
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return fmt.Errorf("%q is missing", key)
		}
	}
	return nil
}

// rest skips blanks and returns what has not been read.
func (p *headerParser) rest() string {
	for p.at < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[p.at:]
}

// take skips s when it comes next.
func (p *headerParser) take(s string) bool {
	if !strings.HasPrefix(p.rest(), s) {
		return false
	}
	p.at += len(s)
	return true
}

func (p *headerParser) quoted() (string, error) {
	rest := p.rest()
	if rest == "" || (rest[0] != '\'' && rest[0] != '"') {
		return "", errors.New("a quoted word is missing")
	}
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return "", errors.New("a quoted word has no end")
	}
	p.at += end + 2
	return rest[1 : 1+end], nil
}

func (p *headerParser) sizes() ([]int, error) {
	shape := []int{}
	if !p.take("(") {
		return nil, errors.New("the shape does not start with (")
	}
	for !p.take(")") {
		rest := p.rest()
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		size, err := strconv.Atoi(rest[:digits])
		if err != nil {
			return nil, errors.New("a size in the shape is not a number that fits")
		}
		if len(shape) == MaxRank {
			return nil, fmt.Errorf("more than %d dimensions", MaxRank)
		}
		shape = append(shape, size)
		p.at += digits
		p.take("L") // Python 2 wrote long integers so
		if !p.take(",") && !strings.HasPrefix(p.rest(), ")") {
			return nil, errors.New("neither , nor ) behind a size")
		}
	}
	return shape, nil
}
