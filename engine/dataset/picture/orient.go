package picture

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// orientation returns how a JPEG file says the camera was held: 1 (upright) to
// 8, as tag 0x0112 of its Exif segment numbers them (Exif 2.3, section 4.6.4).
// A file without one, or with a damaged one, is upright.
func orientation(r io.Reader) int {
	b := bufio.NewReader(r)
	var marker [4]byte
	if _, err := io.ReadFull(b, marker[:2]); err != nil {
		return 1
	}
	const (
		app1       = 0xe1
		startScan  = 0xda
		endOfImage = 0xd9
		maxMarkers = 1000
	)
	for range maxMarkers {
		if _, err := io.ReadFull(b, marker[:]); err != nil || marker[0] != 0xff || marker[1] == startScan || marker[1] == endOfImage {
			return 1
		}
		length := int(binary.BigEndian.Uint16(marker[2:])) - 2
		if length < 0 {
			return 1
		}
		if marker[1] != app1 {
			if _, err := b.Discard(length); err != nil {
				return 1
			}
			continue
		}
		segment := make([]byte, length)
		if _, err := io.ReadFull(b, segment); err != nil {
			return 1
		}
		if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok {
			return orientationTag(tiff)
		}
	}
	return 1
}

// orientationTag finds the tag in the first directory of a TIFF structure.
func orientationTag(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int(order.Uint16(b[at:]))
	const (
		tag   = 0x0112
		short = 3
		size  = 12 // bytes of an entry: tag, type, count, value
	)
	for e := b[at+2:]; entries > 0 && len(e) >= size; entries, e = entries-1, e[size:] {
		if order.Uint16(e) != tag {
			continue
		}
		v := int(order.Uint16(e[8:]))
		if order.Uint16(e[2:]) != short || v < 1 || v > 8 {
			return 1
		}
		return v
	}
	return 1
}

// turned reports whether an orientation swaps width and height.
func turned(orientation int) bool { return orientation >= 5 }

// upright turns and mirrors the picture as its orientation asks for.
func (p *Picture) upright(orientation int) {
	if orientation == 1 {
		return
	}
	w, h := p.Width, p.Height
	if turned(orientation) {
		p.Width, p.Height = h, w
	}
	// from returns the pixel of the file that belongs to x, y of the result.
	from := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	p.Bytes = moved(p, p.Bytes, w, from)
	p.Words = moved(p, p.Words, w, from)
}

// moved returns the samples of p taken from src, w pixels wide.
func moved[T any](p *Picture, src []T, w int, from func(x, y int) (int, int)) []T {
	if src == nil {
		return nil
	}
	dst := make([]T, 0, len(src))
	for y := range p.Height {
		for x := range p.Width {
			sx, sy := from(x, y)
			at := (sy*w + sx) * p.Channels
			dst = append(dst, src[at:at+p.Channels]...)
		}
	}
	return dst
}
