package ply

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of a header.
const (
	maxLine       = 4096
	maxLines      = 10000
	maxProperties = 1000 // of all elements
)

// header is the part of the file in front of the values.
type header struct {
	order    binary.ByteOrder // nil: text
	elements []element
	lines    int
}

type element struct {
	name       string
	count      uint64
	properties []property
}

// property is one value of a row, or a list of values behind its length.
type property struct {
	name  string
	kind  scalar
	list  bool
	count scalar // type of the length
}

// scalar is the type of a value.
type scalar struct {
	size     int
	floating bool
	signed   bool
}

var scalars = map[string]scalar{
	"char": {1, false, true}, "uchar": {1, false, false}, "short": {2, false, true}, "ushort": {2, false, false},
	"int": {4, false, true}, "uint": {4, false, false}, "float": {4, true, true}, "double": {8, true, true},
	"int8": {1, false, true}, "uint8": {1, false, false}, "int16": {2, false, true}, "uint16": {2, false, false},
	"int32": {4, false, true}, "uint32": {4, false, false}, "float32": {4, true, true}, "float64": {8, true, true},
}

// find reports whether the element has a scalar of that name.
func (e element) find(name string) bool {
	for _, p := range e.properties {
		if p.name == name && !p.list {
			return true
		}
	}
	return false
}

// size returns the bytes of a row, if all have as many.
func (e element) size() (size int, fixed bool) {
	for _, p := range e.properties {
		if p.list {
			return 0, false
		}
		size += p.kind.size
	}
	return size, true
}

// readHeader reads to the line end_header.
func readHeader(r *bufio.Reader) (header, error) {
	var h header
	known := false // the format
	total := 0
	for h.lines < maxLines {
		text, err := readLine(r)
		if err != nil {
			return h, fmt.Errorf("header line %d: %w", h.lines+1, err)
		}
		h.lines++
		if h.lines == 1 {
			if text != "ply" {
				return h, faultf("it is not a PLY file: it starts with %.10q, not with a line ply", text)
			}
			continue
		}
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		fault := func(why string) error {
			return faultf("header line %d, %.60q: %s", h.lines, text, why)
		}
		switch words[0] {
		case "comment", "obj_info":
		case "format":
			if len(words) != 3 || words[2] != "1.0" {
				return h, fault("want a format and version 1.0")
			}
			if known {
				return h, fault("there is a format already")
			}
			known = true
			switch words[1] {
			case "ascii":
			case "binary_little_endian":
				h.order = binary.LittleEndian
			case "binary_big_endian":
				h.order = binary.BigEndian
			default:
				return h, fault("want ascii, binary_little_endian or binary_big_endian")
			}
		case "element":
			if len(words) != 3 {
				return h, fault("want a name and a count")
			}
			n, err := strconv.ParseUint(words[2], 10, 62)
			if err != nil {
				return h, fault("the count is not a whole number")
			}
			h.elements = append(h.elements, element{name: words[1], count: n})
		case "property":
			if len(h.elements) == 0 {
				return h, fault("it belongs to no element")
			}
			if total++; total > maxProperties {
				return h, fault(fmt.Sprintf("more than %d properties", maxProperties))
			}
			p, why := parseProperty(words[1:])
			if why != "" {
				return h, fault(why)
			}
			e := &h.elements[len(h.elements)-1]
			for _, q := range e.properties {
				if q.name == p.name {
					return h, fault("there is a property of that name already")
				}
			}
			e.properties = append(e.properties, p)
		case "end_header":
			if !known {
				return h, faultf("the header names no format")
			}
			return h, nil
		default:
			return h, fault("want format, comment, element, property or end_header")
		}
	}
	return h, faultf("the header has more than %d lines", maxLines)
}

// parseProperty reads "float x" or "list uchar int vertex_indices"; why is empty
// when it could.
func parseProperty(words []string) (p property, why string) {
	var ok bool
	switch {
	case len(words) == 4 && words[0] == "list":
		p.list = true
		if p.count, ok = scalars[words[1]]; !ok || p.count.floating {
			return p, "the length of a list needs a type of whole numbers, such as uchar"
		}
		words = words[2:]
	case len(words) != 2:
		return p, "want a type and a name"
	}
	if p.kind, ok = scalars[words[0]]; !ok {
		return p, fmt.Sprintf("there is no type %.20q", words[0])
	}
	p.name = words[1]
	return p, ""
}

// readLine reads a line without its end, which may be \n or \r\n.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for len(line) <= maxLine {
		c, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			return "", fault("the file ends inside the header")
		}
		if err != nil {
			return "", err
		}
		if c == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, c)
	}
	return "", faultf("it is longer than %d bytes", maxLine)
}
