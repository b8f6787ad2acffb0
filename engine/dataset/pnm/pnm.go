// Package pnm decodes the grey and colour images of the Netpbm family: PGM
// (P2, P5) and PPM (P3, P6), with 8 or 16 bits a sample (the pgm(5) and
// ppm(5) manual pages). Samples are stretched from the file's own maximum to
// the full range of their width. Memory grows with the bytes that arrive, not
// with the size a header claims.
package pnm

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
)

// ErrFormat reports a file that is not a PGM or PPM image.
var ErrFormat = errors.New("not a PGM or PPM image")

// maxSide bounds width and height, so that their product cannot overflow.
const maxSide = 1 << 20

// header is the part of the file in front of the samples.
type header struct {
	text          bool // samples as decimal numbers
	channels      int
	width, height int
	max           int // the sample value of full intensity, 1 to 65535
}

// DecodeConfig returns size and colour model without reading the samples.
func DecodeConfig(r io.Reader) (image.Config, error) {
	h, err := readHeader(bufio.NewReader(r))
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{Width: h.width, Height: h.height, ColorModel: h.model()}, nil
}

func (h header) model() color.Model {
	switch {
	case h.channels == 1 && h.max < 256:
		return color.GrayModel
	case h.channels == 1:
		return color.Gray16Model
	case h.max < 256:
		return color.RGBAModel
	}
	return color.RGBA64Model
}

// Decode reads an image: an *image.Gray, *image.Gray16, *image.RGBA or
// *image.RGBA64. Bytes behind the last sample are left unread.
func Decode(r io.Reader) (image.Image, error) {
	b := bufio.NewReader(r)
	h, err := readHeader(b)
	if err != nil {
		return nil, err
	}
	samples, err := h.samples(b)
	if err != nil {
		return nil, err
	}
	bounds := image.Rect(0, 0, h.width, h.height)
	switch h.model() {
	case color.GrayModel:
		return &image.Gray{Pix: samples, Stride: h.width, Rect: bounds}, nil
	case color.Gray16Model:
		return &image.Gray16{Pix: samples, Stride: 2 * h.width, Rect: bounds}, nil
	case color.RGBAModel:
		return &image.RGBA{Pix: opaque(samples, 1), Stride: 4 * h.width, Rect: bounds}, nil
	}
	return &image.RGBA64{Pix: opaque(samples, 2), Stride: 8 * h.width, Rect: bounds}, nil
}

// opaque puts a full alpha behind every three samples of size bytes.
func opaque(samples []byte, size int) []byte {
	out := make([]byte, 0, len(samples)/3*4)
	for ; len(samples) > 0; samples = samples[3*size:] {
		out = append(out, samples[:3*size]...)
		for range size {
			out = append(out, 0xff)
		}
	}
	return out
}

func readHeader(r *bufio.Reader) (header, error) {
	var magic [2]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return header{}, fmt.Errorf("%w: the file ends inside its first 2 bytes", ErrFormat)
	}
	var h header
	switch string(magic[:]) {
	case "P2":
		h = header{text: true, channels: 1}
	case "P3":
		h = header{text: true, channels: 3}
	case "P5":
		h = header{channels: 1}
	case "P6":
		h = header{channels: 3}
	default:
		return h, fmt.Errorf("%w: it starts with %q, not P2, P3, P5 or P6", ErrFormat, magic[:])
	}
	for _, field := range []struct {
		name  string
		value *int
		most  int
	}{{"width", &h.width, maxSide}, {"height", &h.height, maxSide}, {"maximum", &h.max, 65535}} {
		v, err := number(r, field.most)
		if err != nil {
			return h, fmt.Errorf("%w: %s: %w", ErrFormat, field.name, err)
		}
		if v == 0 {
			return h, fmt.Errorf("%w: its %s is 0", ErrFormat, field.name)
		}
		*field.value = v
	}
	return h, nil
}

// number skips blanks and comments and reads one decimal number of at most
// most, with the one blank behind it.
func number(r *bufio.Reader, most int) (int, error) {
	v, digits := 0, 0
	for {
		c, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && digits > 0:
			return v, nil
		case errors.Is(err, io.EOF):
			return 0, io.ErrUnexpectedEOF
		case err != nil:
			return 0, err
		case c == '#' && digits == 0:
			for c != '\n' {
				if c, err = r.ReadByte(); err != nil {
					return 0, io.ErrUnexpectedEOF
				}
			}
		case c >= '0' && c <= '9':
			digits++
			if v = 10*v + int(c-'0'); v > most {
				return 0, fmt.Errorf("more than %d", most)
			}
		case c != ' ' && (c < '\t' || c > '\r'):
			return 0, fmt.Errorf("byte %q where a number should be", c)
		case digits > 0:
			return v, nil
		}
	}
}

// samples reads all samples, stretched to the full range of 8 or 16 bits.
func (h header) samples(r *bufio.Reader) ([]byte, error) {
	n := h.width * h.height * h.channels
	wide := h.max > 255
	if h.text {
		var out []byte
		for i := range n {
			v, err := number(r, h.max)
			if err != nil {
				return nil, fmt.Errorf("%w: sample %d of %d: %w", ErrFormat, i, n, err)
			}
			if wide {
				out = binary.BigEndian.AppendUint16(out, uint16(stretch(v, h.max, 65535)))
			} else {
				out = append(out, uint8(stretch(v, h.max, 255)))
			}
		}
		return out, nil
	}
	size := 1
	if wide {
		size = 2
	}
	// ReadAll grows with what arrives.
	out, err := io.ReadAll(io.LimitReader(r, int64(n*size)))
	if err != nil {
		return nil, err
	}
	if len(out) < n*size {
		return nil, fmt.Errorf("%w: %d×%d pixels take %d bytes, but only %d follow: %w", ErrFormat, h.width, h.height, n*size, len(out), io.ErrUnexpectedEOF)
	}
	switch {
	case wide && h.max < 65535:
		for i := 0; i < len(out); i += 2 {
			v := stretch(min(int(binary.BigEndian.Uint16(out[i:])), h.max), h.max, 65535)
			binary.BigEndian.PutUint16(out[i:], uint16(v))
		}
	case !wide && h.max < 255:
		for i, v := range out {
			out[i] = uint8(stretch(min(int(v), h.max), h.max, 255))
		}
	}
	return out, nil
}

// stretch maps v in 0..from to 0..to, rounded.
func stretch(v, from, to int) int { return (v*to + from/2) / from }
