// Package inflate decompresses deflate streams of known length, for the readers
// of IDX and PNG files: in some half of the time of compress/flate.
package inflate

import (
	"encoding/binary"
	"math/bits"
)

// inflater decompresses a whole deflate stream (RFC 1951) from one slice into
// another of known length. It takes some half of the time of compress/flate,
// which asks its reader for every byte and keeps a window besides the output:
// here bits come eight bytes at a time, codes are looked up in one table or
// two, and the output is the window. Any fault ends it with false; compress/
// flate words the fault then.
type inflater struct {
	src []byte
	pos int // of the next byte of src
	dst []byte
	at  int // of the next byte of dst

	bits uint64 // the next bits of the stream, lowest first
	have uint   // how many of them are there

	literals  codes
	distances codes
	lengths   [maxLiterals + maxDistances]uint8
}

// The alphabets of RFC 1951, section 3.2.7, and the bits a first look-up uses.
const (
	maxLiterals  = 288
	maxDistances = 32
	longestCode  = 15
	literalBits  = 10
	distanceBits = 8
)

// An entry of a table of codes says what the bits that index it mean: in its
// lowest byte how many bits the code has, then 4 bits with the number of extra
// bits, 2 bits with the kind, and from bit 16 on the value: a byte, the least
// length or distance, or the place of a second table. 0 is no code.
const (
	kindLiteral = iota << 12
	kindCopy
	kindEnd
	kindTable
	kindMask = 3 << 12
)

// codes is a table of 1<<first entries, with second tables behind them.
type codes struct {
	entries []uint32
	first   uint
}

// Into decompresses the stream at the start of src into dst, which it must fill
// exactly, and returns the bytes of src that the stream takes. ok is false when
// anything is wrong; compress/flate can tell what.
func Into(dst, src []byte) (used int, ok bool) {
	d := &inflater{src: src, dst: dst}
	for last := false; !last; {
		d.refill()
		last = d.take(1) == 1
		switch d.take(2) {
		case 0:
			ok = d.stored()
		case 1:
			ok = d.fixed() && d.block()
		case 2:
			ok = d.dynamic() && d.block()
		default:
			return 0, false
		}
		if !ok {
			return 0, false
		}
	}
	// Whole bytes that were looked at and not used.
	d.pos -= int(d.have / 8)
	return d.pos, d.at == len(d.dst) && d.pos <= len(d.src)
}

// refill makes sure of 56 bits; behind the end of src they are 0, and pos says
// how far behind.
func (d *inflater) refill() {
	if d.pos+8 <= len(d.src) {
		d.bits |= binary.LittleEndian.Uint64(d.src[d.pos:]) << d.have
		d.pos += int(63-d.have) >> 3
		d.have |= 56
		return
	}
	for d.have < 56 {
		if d.pos < len(d.src) {
			d.bits |= uint64(d.src[d.pos]) << d.have
		}
		d.pos++
		d.have += 8
	}
}

// take returns the next n bits, of those that refill made sure of.
func (d *inflater) take(n uint) int {
	v := int(d.bits & (1<<n - 1))
	d.bits >>= n
	d.have -= n
	return v
}

// ended reports whether bits from behind the end of src were used.
func (d *inflater) ended() bool { return d.pos-int(d.have/8) > len(d.src) }

// stored copies a block that is not compressed.
func (d *inflater) stored() bool {
	d.take(d.have & 7)
	d.refill()
	n, complement := d.take(16), d.take(16)
	d.pos -= int(d.have / 8)
	d.bits, d.have = 0, 0
	if n != ^complement&0xffff || d.pos > len(d.src) || n > len(d.src)-d.pos || n > len(d.dst)-d.at {
		return false
	}
	copy(d.dst[d.at:], d.src[d.pos:d.pos+n])
	d.at += n
	d.pos += n
	return true
}

// fixed sets the codes of section 3.2.6.
func (d *inflater) fixed() bool {
	for i := range maxLiterals {
		switch {
		case i < 144:
			d.lengths[i] = 8
		case i < 256:
			d.lengths[i] = 9
		case i < 280:
			d.lengths[i] = 7
		default:
			d.lengths[i] = 8
		}
	}
	for i := range maxDistances {
		d.lengths[maxLiterals+i] = 5
	}
	return d.literals.build(d.lengths[:maxLiterals], literalBits, literalEntry) &&
		d.distances.build(d.lengths[maxLiterals:maxLiterals+maxDistances], distanceBits, distanceEntry)
}

// dynamic reads the codes of a block, section 3.2.7.
func (d *inflater) dynamic() bool {
	d.refill()
	literals, distances, n := 257+d.take(5), 1+d.take(5), 4+d.take(4)
	if literals > 286 || distances > 30 {
		return false
	}
	order := [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	var lengths [19]uint8
	for i := range n {
		d.refill()
		lengths[order[i]] = uint8(d.take(3))
	}
	if !d.literals.build(lengths[:], 7, func(symbol int) (uint32, bool) { return uint32(symbol) << 16, true }) {
		return false
	}
	all := d.lengths[:literals+distances]
	for i := 0; i < len(all); {
		d.refill()
		e := d.literals.entries[d.bits&127]
		if e == 0 {
			return false
		}
		d.take(uint(e & 0xff))
		symbol := e >> 16
		if symbol < 16 {
			all[i] = uint8(symbol)
			i++
			continue
		}
		value, times := uint8(0), 0
		switch symbol {
		case 16:
			if i == 0 {
				return false
			}
			value, times = all[i-1], 3+d.take(2)
		case 17:
			times = 3 + d.take(3)
		default:
			times = 11 + d.take(7)
		}
		if times > len(all)-i {
			return false
		}
		for range times {
			all[i] = value
			i++
		}
	}
	const end = 256
	return all[end] != 0 && !d.ended() &&
		d.literals.build(all[:literals], literalBits, literalEntry) && d.distances.build(all[literals:], distanceBits, distanceEntry)
}

// block decodes the symbols of a block. Its hot variables are local, where
// they live in registers.
func (d *inflater) block() bool {
	const most = 48 // bits of a length, a distance and what belongs to them
	literals, distances := d.literals.entries, d.distances.entries
	if len(literals) < 1<<literalBits || len(distances) < 1<<distanceBits {
		return false // never; it spares the checks of the first look-ups
	}
	dst, at := d.dst, d.at
	bits, have := d.bits, d.have
	for {
		if have < most {
			d.bits, d.have = bits, have
			if d.refill(); d.ended() {
				return false
			}
			bits, have = d.bits, d.have
		}
		e := literals[bits&(1<<literalBits-1)]
		if e&kindMask == kindTable {
			e = literals[e>>16+uint32(bits>>literalBits)&(1<<(e&0xff)-1)]
		}
		if e == 0 {
			return false
		}
		bits >>= e & 0x3f
		have -= uint(e & 0xff)
		if e&kindMask == kindLiteral {
			if at >= len(dst) {
				return false
			}
			dst[at] = uint8(e >> 16)
			at++
			continue
		}
		if e&kindMask == kindEnd {
			d.at, d.bits, d.have = at, bits, have
			return !d.ended()
		}
		extra := e >> 8 & 15
		length := int(e>>16) + int(bits&(1<<extra-1))
		bits >>= extra
		have -= uint(extra)
		e = distances[bits&(1<<distanceBits-1)]
		if e&kindMask == kindTable {
			e = distances[e>>16+uint32(bits>>distanceBits)&(1<<(e&0xff)-1)]
		}
		if e == 0 {
			return false
		}
		bits >>= e & 0x3f
		have -= uint(e & 0xff)
		extra = e >> 8 & 15
		distance := int(e>>16) + int(bits&(1<<extra-1))
		bits >>= extra
		have -= uint(extra)
		if distance > at || length > len(dst)-at {
			return false
		}
		repeat(dst, at, length, distance)
		at += length
	}
}

// repeat copies length bytes to index at from distance bytes before.
func repeat(dst []byte, at, length, distance int) {
	from := at - distance
	switch {
	case distance >= 8 && at+length+8 <= len(dst):
		// Words may overlap what they are copied from, but never read what they
		// write; the last may write beyond, where more will come.
		for ; length > 0; length -= 8 {
			binary.LittleEndian.PutUint64(dst[at:], binary.LittleEndian.Uint64(dst[from:]))
			at += 8
			from += 8
		}
	case distance == 1 && at+length+8 <= len(dst):
		word := uint64(dst[from]) * 0x0101010101010101
		for ; length > 0; length -= 8 {
			binary.LittleEndian.PutUint64(dst[at:], word)
			at += 8
		}
	default:
		for i := range length {
			dst[at+i] = dst[from+i]
		}
	}
}

// literalEntry returns the meaning of a symbol of the first alphabet; ok is
// false when it has none.
func literalEntry(symbol int) (entry uint32, ok bool) {
	switch {
	case symbol < 256:
		return uint32(symbol)<<16 | kindLiteral, true
	case symbol == 256:
		return kindEnd, true
	case symbol == 285:
		return 258<<16 | kindCopy, true
	case symbol > 285:
		return 0, false
	}
	base, extra := ranges(symbol-257, 2)
	return uint32(base+3)<<16 | extra<<8 | kindCopy, true
}

// distanceEntry returns the meaning of a symbol of the second alphabet.
func distanceEntry(symbol int) (entry uint32, ok bool) {
	if symbol > 29 {
		return 0, false
	}
	base, extra := ranges(symbol, 1)
	return uint32(base+1)<<16 | extra<<8 | kindCopy, true
}

// ranges returns the first value and the extra bits of entry n of the tables of
// section 3.2.5, where each number of extra bits serves 1<<group entries.
func ranges(n int, group uint) (base int, extra uint32) {
	if n < 2<<group {
		return n, 0
	}
	extra = uint32(n>>group) - 1
	return (1<<group + n&(1<<group-1)) << extra, extra
}

// build makes the table of the canonical codes of section 3.2.2, given the
// length of each symbol's code (0: it has none). It is false when the lengths
// are not those of a prefix code that uses up all bit strings, or of a single
// code of one bit. A symbol without a meaning stays without a code.
func (c *codes) build(lengths []uint8, first uint, entry func(symbol int) (uint32, bool)) bool {
	var count [longestCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	var next [longestCode + 2]int // code of each length
	used, longest := 0, 0
	for n := 1; n <= longestCode; n++ {
		next[n+1] = (next[n] + count[n]) << 1
		used += count[n] << (longestCode - n)
		if count[n] > 0 {
			longest = n
		}
	}
	if used != 1<<longestCode && longest > 1 || used > 1<<longestCode {
		return false
	}
	c.first = first
	c.entries = append(c.entries[:0], make([]uint32, 1<<first)...)
	var deepest [1 << literalBits]uint8 // code below each entry of the first table
	codes := next
	for _, n := range lengths {
		if uint(n) > first {
			low := bits.Reverse16(uint16(codes[n])<<(16-n)) & (1<<first - 1)
			deepest[low] = max(deepest[low], n)
		}
		codes[n]++
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		code := int(bits.Reverse16(uint16(next[n]) << (16 - n)))
		next[n]++
		e, ok := entry(symbol)
		if !ok {
			continue
		}
		if uint(n) <= first {
			for i := code; i < 1<<first; i += 1 << n {
				c.entries[i] = e | uint32(n)
			}
			continue
		}
		low := code & (1<<first - 1)
		width := uint(deepest[low]) - first
		if c.entries[low] == 0 {
			c.entries[low] = uint32(len(c.entries))<<16 | kindTable | uint32(width)
			c.entries = append(c.entries, make([]uint32, 1<<width)...)
		}
		// The first bits are used up with those of the second look-up.
		second := c.entries[c.entries[low]>>16:][:1<<width]
		for i := code >> first; i < 1<<width; i += 1 << (uint(n) - first) {
			second[i] = e | uint32(n)
		}
	}
	return true
}
