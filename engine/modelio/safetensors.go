package modelio

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports a file that is not of the kind read here.
	ErrFormat = errors.New("not a readable model file")
	// ErrSize reports a file that holds fewer or more bytes than it promises.
	ErrSize = errors.New("wrong size")
)

// maxHeader bounds the JSON header; that of a model takes some kilobytes.
const maxHeader = 16 << 20

// metadataKey is the header's entry that is no tensor.
const metadataKey = "__metadata__"

// Types of stored numbers.
const (
	typeF64  = "F64"
	typeF32  = "F32"
	typeF16  = "F16"
	typeBF16 = "BF16"
)

// stored is a tensor of a safetensors file.
type stored struct {
	name   string
	dtype  string
	shape  []int
	values []float64
}

// entry is a tensor's place in the header.
type entry struct {
	DType   string   `json:"dtype"`
	Shape   []int64  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

func sizeOf(dtype string) int64 {
	switch dtype {
	case typeF64:
		return 8
	case typeF32:
		return 4
	case typeF16, typeBF16:
		return 2
	}
	return 0
}

// writeSafetensors writes tensors, of type F64 or F32 and in an order that
// keeps them aligned: F64 first.
func writeSafetensors(w io.Writer, tensors []stored, metadata map[string]string) error {
	tensors = slices.Clone(tensors)
	slices.SortStableFunc(tensors, func(a, b stored) int { return cmp.Compare(sizeOf(b.dtype), sizeOf(a.dtype)) })
	header := map[string]any{}
	if len(metadata) > 0 {
		for key, value := range metadata {
			if !utf8.ValidString(key) || !utf8.ValidString(value) {
				return fmt.Errorf("metadata %q is not UTF-8 text", key)
			}
		}
		header[metadataKey] = metadata
	}
	at := int64(0)
	for _, t := range tensors {
		if _, twice := header[t.name]; twice || t.name == "" || t.name == metadataKey {
			return fmt.Errorf("tensor name %q is empty, reserved or used twice", t.name)
		}
		e := entry{DType: t.dtype, Shape: []int64{}}
		count := int64(1)
		for _, n := range t.shape {
			e.Shape = append(e.Shape, int64(n))
			count *= int64(n)
		}
		if count != int64(len(t.values)) {
			return fmt.Errorf("tensor %s: %d values for shape %v", t.name, len(t.values), t.shape)
		}
		e.Offsets = [2]int64{at, at + count*sizeOf(t.dtype)}
		at = e.Offsets[1]
		header[t.name] = e
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text) // sorts the keys of maps
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(header); err != nil {
		return err
	}
	text.Truncate(text.Len() - 1) // the encoder's line end
	for text.Len()%8 != 0 {
		text.WriteByte(' ')
	}
	if text.Len() > maxHeader {
		return fmt.Errorf("the header takes %d bytes: want at most %d", text.Len(), maxHeader)
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(text.Len())); err != nil {
		return err
	}
	if _, err := w.Write(text.Bytes()); err != nil {
		return err
	}
	for _, t := range tensors {
		if err := writeValues(w, t); err != nil {
			return err
		}
	}
	return nil
}

func writeValues(w io.Writer, t stored) error {
	buffer := make([]byte, 0, 1<<15)
	for i, v := range t.values {
		if t.dtype == typeF64 {
			buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
		} else {
			single := float32(v)
			if math.IsInf(float64(single), 0) && !math.IsInf(v, 0) {
				return fmt.Errorf("tensor %s: value %d is %g, which float32 cannot hold", t.name, i, v)
			}
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(single))
		}
		if len(buffer) == cap(buffer) || i == len(t.values)-1 {
			if _, err := w.Write(buffer); err != nil {
				return err
			}
			buffer = buffer[:0]
		}
	}
	return nil
}

// readSafetensors reads a file of size bytes; the tensors come in the order of
// their bytes.
func readSafetensors(r io.ReaderAt, size int64) ([]stored, map[string]string, error) {
	var prefix [8]byte
	if err := readAt(r, prefix[:], 0); err != nil {
		return nil, nil, err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	if length > maxHeader {
		return nil, nil, fmt.Errorf("%w: byte 0: a header of %d bytes, want at most %d", ErrFormat, length, maxHeader)
	}
	data := size - 8 - int64(length) // bytes of tensors
	if data < 0 {
		return nil, nil, fmt.Errorf("%w: byte 0: a header of %d bytes in a file of %d", ErrSize, length, size)
	}
	text := make([]byte, length)
	if err := readAt(r, text, 8); err != nil {
		return nil, nil, err
	}
	names, entries, metadata, err := parseHeader(text)
	if err != nil {
		return nil, nil, err
	}
	if err := checkPlaces(names, entries, data); err != nil {
		return nil, nil, err
	}
	tensors := make([]stored, len(names))
	for i, name := range names {
		e := entries[name]
		raw := make([]byte, e.Offsets[1]-e.Offsets[0])
		if err := readAt(r, raw, 8+int64(length)+e.Offsets[0]); err != nil {
			return nil, nil, err
		}
		t := stored{name: name, dtype: e.DType, shape: make([]int, len(e.Shape)), values: decode(raw, e.DType)}
		for k, n := range e.Shape {
			t.shape[k] = int(n)
		}
		tensors[i] = t
	}
	return tensors, metadata, nil
}

func readAt(r io.ReaderAt, p []byte, at int64) error {
	n, err := r.ReadAt(p, at)
	switch {
	case n == len(p):
		return nil
	case err == io.EOF:
		return fmt.Errorf("%w: the file ends at byte %d, want %d", ErrSize, at+int64(n), at+int64(len(p)))
	}
	return err
}

// parseHeader returns the tensors in the order of their bytes, and the metadata.
func parseHeader(text []byte) (names []string, entries map[string]entry, metadata map[string]string, err error) {
	var header map[string]json.RawMessage
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, nil, nil, fmt.Errorf("%w: header: %w", ErrFormat, err)
	}
	entries = make(map[string]entry, len(header))
	for name, raw := range header {
		if name == metadataKey {
			if err := json.Unmarshal(raw, &metadata); err != nil {
				return nil, nil, nil, fmt.Errorf("%w: header: %s: %w", ErrFormat, name, err)
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, nil, nil, fmt.Errorf("%w: header: tensor %q: %w", ErrFormat, name, err)
		}
		entries[name] = e
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := entries[a].Offsets, entries[b].Offsets
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(a, b))
	})
	return names, entries, metadata, nil
}

// checkPlaces demands that the tensors fill the data bytes without gap or
// overlap, each with as many bytes as its shape and type want.
func checkPlaces(names []string, entries map[string]entry, data int64) error {
	const maxRank = 8
	at := int64(0)
	for _, name := range names {
		e := entries[name]
		count := sizeOf(e.DType)
		if count == 0 {
			return fmt.Errorf("%w: tensor %q is of type %q: want F64, F32, F16 or BF16", ErrFormat, name, e.DType)
		}
		if len(e.Shape) > maxRank {
			return fmt.Errorf("%w: tensor %q has %d dimensions", ErrFormat, name, len(e.Shape))
		}
		for _, n := range e.Shape {
			if n < 0 || n > 0 && count > data/n { // no overflow: bounded by the file
				return fmt.Errorf("%w: tensor %q of shape %v in %d bytes", ErrSize, name, e.Shape, data)
			}
			count *= n
		}
		switch {
		case e.Offsets[0] != at:
			return fmt.Errorf("%w: tensor %q begins at byte %d of the data, the one before ends at %d", ErrFormat, name, e.Offsets[0], at)
		case e.Offsets[1]-at != count || e.Offsets[1] < at:
			return fmt.Errorf("%w: tensor %q of shape %v ends at byte %d of the data, want %d", ErrSize, name, e.Shape, e.Offsets[1], at+count)
		}
		at = e.Offsets[1]
	}
	if at != data {
		return fmt.Errorf("%w: %d bytes of tensors, want %d", ErrSize, data, at)
	}
	return nil
}

// decode converts little-endian numbers.
func decode(raw []byte, dtype string) []float64 {
	le := binary.LittleEndian
	size := int(sizeOf(dtype))
	values := make([]float64, len(raw)/size)
	for i := range values {
		b := raw[i*size:]
		switch dtype {
		case typeF64:
			values[i] = math.Float64frombits(le.Uint64(b))
		case typeF32:
			values[i] = float64(math.Float32frombits(le.Uint32(b)))
		case typeBF16:
			values[i] = float64(math.Float32frombits(uint32(le.Uint16(b)) << 16))
		case typeF16:
			values[i] = half(le.Uint16(b))
		}
	}
	return values
}

// half converts an IEEE 754 half-precision number.
func half(b uint16) float64 {
	exponent, fraction := int(b>>10&31), float64(b&1023)
	var v float64
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 31:
		v = math.Inf(1)
		if fraction != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if b>>15 != 0 {
		v = -v
	}
	return v
}
