package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// element is how one element of a type is read.
type element struct {
	size   int                  // bytes in the file
	byte   bool                 // kept as bytes
	single bool                 // float32 holds it exactly
	get    func([]byte) float64 // of size bytes
}

// elementOf returns how elements of a NumPy type string are read.
func elementOf(dtype string) (element, error) {
	if len(dtype) < 2 {
		return element{}, fmt.Errorf("%w: unknown element type %q", ErrFormat, dtype)
	}
	var order binary.ByteOrder = binary.LittleEndian // also "=" and "|"
	kind := dtype
	if strings.IndexByte("<>=|", dtype[0]) >= 0 {
		kind = dtype[1:]
		if dtype[0] == '>' {
			order = binary.BigEndian
		}
	}
	switch kind {
	case "b1", "?":
		return element{1, true, false, func(b []byte) float64 { return float64(min(b[0], 1)) }}, nil
	case "u1":
		return element{1, true, false, func(b []byte) float64 { return float64(b[0]) }}, nil
	case "i1":
		return element{1, false, false, func(b []byte) float64 { return float64(int8(b[0])) }}, nil
	case "u2":
		return element{2, false, false, func(b []byte) float64 { return float64(order.Uint16(b)) }}, nil
	case "i2":
		return element{2, false, false, func(b []byte) float64 { return float64(int16(order.Uint16(b))) }}, nil
	case "u4":
		return element{4, false, false, func(b []byte) float64 { return float64(order.Uint32(b)) }}, nil
	case "i4":
		return element{4, false, false, func(b []byte) float64 { return float64(int32(order.Uint32(b))) }}, nil
	case "u8":
		return element{8, false, false, func(b []byte) float64 { return float64(order.Uint64(b)) }}, nil
	case "i8":
		return element{8, false, false, func(b []byte) float64 { return float64(int64(order.Uint64(b))) }}, nil
	case "f2":
		return element{2, false, true, func(b []byte) float64 { return half(order.Uint16(b)) }}, nil
	case "f4":
		return element{4, false, true, func(b []byte) float64 { return float64(math.Float32frombits(order.Uint32(b))) }}, nil
	case "f8":
		return element{8, false, false, func(b []byte) float64 { return math.Float64frombits(order.Uint64(b)) }}, nil
	}
	reason := "floats (f2, f4, f8), whole numbers (i1 to i8, u1 to u8) and bool can be read"
	switch kind[0] {
	case 'O':
		reason = "it holds Python objects; save it with astype(float)"
	case 'c':
		reason = "it holds complex numbers; save its real part or its modulus"
	case 'U', 'S':
		reason = "it holds text; save numbers"
	}
	return element{}, fmt.Errorf("%w: element type %q: %s", ErrFormat, dtype, reason)
}

// half converts an IEEE 754 half-precision number.
func half(b uint16) float64 {
	sign := 1.0
	if b>>15 == 1 {
		sign = -1
	}
	exponent, fraction := int(b>>10&31), float64(b&1023)
	switch exponent {
	case 0: // zero and subnormal
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
