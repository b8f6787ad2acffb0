package ply

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"
)

// maxSkip bounds what one header may ask to skip, in bytes or values, so that
// products of it do not overflow.
const maxSkip = 1 << 50

// binarySource reads values as they lie in memory.
type binarySource struct {
	r     *bufio.Reader
	order binary.ByteOrder
	buf   [8]byte
}

func (s *binarySource) next(t scalar) (float64, error) {
	b := s.buf[:t.size]
	if _, err := io.ReadFull(s.r, b); err != nil {
		return 0, err
	}
	switch {
	case t.size == 1 && t.signed:
		return float64(int8(b[0])), nil
	case t.size == 1:
		return float64(b[0]), nil
	case t.size == 2 && t.signed:
		return float64(int16(s.order.Uint16(b))), nil
	case t.size == 2:
		return float64(s.order.Uint16(b)), nil
	case t.size == 4 && t.floating:
		return float64(math.Float32frombits(s.order.Uint32(b))), nil
	case t.size == 4 && t.signed:
		return float64(int32(s.order.Uint32(b))), nil
	case t.size == 4:
		return float64(s.order.Uint32(b)), nil
	}
	return math.Float64frombits(s.order.Uint64(b)), nil
}

func (s *binarySource) discard(t scalar, n uint64) error {
	if n > maxSkip/8 {
		return io.ErrUnexpectedEOF
	}
	return s.skipBytes(n * uint64(t.size))
}

func (s *binarySource) skipBytes(n uint64) error {
	_, err := io.CopyN(io.Discard, s.r, int64(n))
	return err
}

func (s *binarySource) endRow() error { return nil }

// textSource reads values parted by blanks, one row a line.
type textSource struct {
	r       *bufio.Reader
	line    int  // lines that have ended
	started bool // a row has
	word    []byte
}

// maxWord is the longest number read.
const maxWord = 400

// read reads the next word.
func (s *textSource) read() error {
	s.word = s.word[:0]
	for {
		c, err := s.r.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && len(s.word) > 0 {
				return nil
			}
			return err
		}
		switch c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
			switch {
			case len(s.word) > 0:
				s.started = true
				return s.r.UnreadByte() // it may end the row
			case c == '\n' && s.started:
				return faultf("line %d has fewer numbers than the header says", s.line+1)
			case c == '\n':
				s.line++
			}
			continue
		}
		if s.word = append(s.word, c); len(s.word) > maxWord {
			return faultf("line %d: a number has more than %d digits", s.line+1, maxWord)
		}
	}
}

// endRow reads to the end of the line, where nothing may follow.
func (s *textSource) endRow() error {
	s.started = false
	for {
		switch c, err := s.r.ReadByte(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case c == '\n':
			s.line++
			return nil
		case c != ' ' && (c < '\t' || c > '\r'):
			return faultf("line %d has more numbers than the header says", s.line+1)
		}
	}
}

func (s *textSource) next(scalar) (float64, error) {
	if err := s.read(); err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(string(s.word), 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, faultf("line %d: %.40s is out of the range of 64-bit numbers", s.line+1, s.word)
	case err != nil:
		return 0, faultf("line %d: %.40q is not a number", s.line+1, s.word)
	}
	return v, nil
}

func (s *textSource) discard(_ scalar, n uint64) error {
	for range n {
		if err := s.read(); err != nil {
			return err
		}
	}
	return nil
}
