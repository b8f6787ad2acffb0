package picture

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"

	"filterscope/engine/dataset/internal/inflate"
)

// rgb is an image of three bytes a pixel, without alpha.
type rgb struct {
	pix           []uint8
	width, height int
}

func (m *rgb) ColorModel() color.Model { return color.RGBAModel }
func (m *rgb) Bounds() image.Rectangle { return image.Rect(0, 0, m.width, m.height) }

func (m *rgb) At(x, y int) color.Color {
	if !(image.Point{x, y}).In(m.Bounds()) {
		return color.RGBA{}
	}
	r, g, b := m.at(x, y)
	return color.RGBA{r, g, b, 0xff}
}

func (m *rgb) at(x, y int) (r, g, b uint8) {
	p := m.pix[3*(y*m.width+x):]
	return p[0], p[1], p[2]
}

// maxWholePNG is the largest PNG file that is decoded in one go.
const maxWholePNG = 64 << 20

// decodePNG decodes the most common files itself, in some half of the time: 8 bits
// of grey or of red, green and blue, not interlaced, without a transparent colour.
// image/png decodes the others, and words what is wrong with a file.
func decodePNG(r io.Reader) (image.Image, error) {
	var buffer bytes.Buffer
	if s, ok := r.(io.Seeker); ok { // as Decode gives it: at its start
		size, err := s.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, err
		}
		if _, err := s.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		buffer.Grow(int(min(size, maxWholePNG)) + bytes.MinRead)
	}
	if _, err := buffer.ReadFrom(io.LimitReader(r, maxWholePNG)); err != nil {
		return nil, err
	}
	file := buffer.Bytes()
	if len(file) == maxWholePNG {
		return png.Decode(io.MultiReader(bytes.NewReader(file), r))
	}
	if img, ok := plainPNG(file); ok {
		return img, nil
	}
	return png.Decode(bytes.NewReader(file))
}

// plainPNG decodes a whole file of the most common kinds; ok is false when it is
// another one, or when anything is wrong with it.
func plainPNG(file []byte) (img image.Image, ok bool) {
	header, packed, ok := pngChunks(file)
	if !ok {
		return nil, false
	}
	// Width, height, depth, kind of colour, compression, filter, interlace.
	width, height := int64(binary.BigEndian.Uint32(header)), int64(binary.BigEndian.Uint32(header[4:]))
	pixel := map[byte]int{0: 1, 2: 3}[header[9]]
	if header[8] != 8 || pixel == 0 || header[10] != 0 || header[11] != 0 || header[12] != 0 || width > 1<<24 || height > 1<<24 {
		return nil, false
	}
	// A zlib stream (RFC 1950) without a dictionary; deflate makes at most 1032
	// bytes of one.
	size := (width*int64(pixel) + 1) * height
	if len(packed) < 6 || size == 0 || size > 1032*int64(len(packed)) || packed[0]&15 != 8 || packed[0]>>4 > 7 || packed[1]&32 != 0 ||
		binary.BigEndian.Uint16(packed)%31 != 0 {
		return nil, false
	}
	raw := make([]byte, size)
	used, ok := inflate.Into(raw, packed[2:])
	if !ok || len(packed)-2-used != 4 || binary.BigEndian.Uint32(packed[2+used:]) != adler32.Checksum(raw) {
		return nil, false
	}
	if !unfilter(raw, int(width)*pixel, int(height), pixel) {
		return nil, false
	}
	raw = raw[: width*height*int64(pixel) : width*height*int64(pixel)]
	if pixel == 1 {
		return &image.Gray{Pix: raw, Stride: int(width), Rect: image.Rect(0, 0, int(width), int(height))}, true
	}
	return &rgb{pix: raw, width: int(width), height: int(height)}, true
}

// pngChunks returns the header of 13 bytes and the compressed pixels of a file; ok
// is false when a chunk is damaged, missing, out of order or not known here.
func pngChunks(file []byte) (header, packed []byte, ok bool) {
	const (
		signature = 8
		around    = 12 // bytes of a chunk besides its data: length, name, checksum
	)
	file = file[min(signature, len(file)):]
	pieces, closed := 0, false // of packed; whether another chunk followed them
	for len(file) >= around {
		n := int64(binary.BigEndian.Uint32(file))
		if n > int64(len(file)-around) {
			return nil, nil, false
		}
		name, data, rest := string(file[4:8]), file[8:8+n], file[8+n:]
		if crc32.ChecksumIEEE(file[4:8+n]) != binary.BigEndian.Uint32(rest) {
			return nil, nil, false
		}
		file = rest[4:]
		switch {
		case (header == nil) != (name == "IHDR"), name == "tRNS", name == "IHDR" && n != 13:
			return nil, nil, false
		case name == "IHDR":
			header = data
		case name == "IDAT" && !closed:
			switch pieces++; pieces {
			case 1:
				packed = data
			case 2: // the rest of the file holds no more than the rest of the pieces
				all := make([]byte, 0, len(packed)+len(data)+len(file))
				packed = append(append(all, packed...), data...)
			default:
				packed = append(packed, data...)
			}
		case name == "IEND":
			return header, packed, n == 0 && pieces > 0
		case name[0]&32 == 0: // a chunk that one must know
			return nil, nil, false
		default:
			closed = pieces > 0
		}
	}
	return nil, nil, false
}

// unfilter undoes the filters of the rows of raw, a byte with the kind of filter
// and then n bytes each, and moves the rows together. pixel is the bytes of a
// pixel. PNG specification, 2nd edition, section 9.
func unfilter(raw []byte, n, height, pixel int) bool {
	above := make([]byte, n)
	for y := range height {
		kind := raw[y*(n+1)]
		row := raw[y*n : (y+1)*n : (y+1)*n]
		copy(row, raw[y*(n+1)+1:])
		switch kind {
		case 0:
		case 1:
			for i := pixel; i < n; i++ {
				row[i] += row[i-pixel]
			}
		case 2:
			for i, v := range above {
				row[i] += v
			}
		case 3:
			for i := range min(pixel, n) {
				row[i] += above[i] / 2
			}
			for i := pixel; i < n; i++ {
				row[i] += uint8((int(row[i-pixel]) + int(above[i])) / 2)
			}
		case 4:
			for i := range min(pixel, n) {
				row[i] += above[i]
			}
			for i := pixel; i < n; i++ {
				row[i] += nearest(row[i-pixel], above[i], above[i-pixel])
			}
		default:
			return false
		}
		above = row
	}
	return true
}

// nearest returns which of the bytes to the left, above, and above to the left
// is nearest to left + above − corner (Paeth).
func nearest(left, above, corner uint8) uint8 {
	toLeft, toAbove := int(above)-int(corner), int(left)-int(corner)
	toCorner := toLeft + toAbove
	toLeft, toAbove, toCorner = max(toLeft, -toLeft), max(toAbove, -toAbove), max(toCorner, -toCorner)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return left
	case toAbove <= toCorner:
		return above
	}
	return corner
}
