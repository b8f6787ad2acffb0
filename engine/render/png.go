package render

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// headerEnd is where the first chunk after IHDR starts: an 8-byte signature
// and a chunk of 13 bytes with its 12 bytes of frame (PNG specification, 5).
const headerEnd = 8 + 12 + 13

// EncodePNG writes img as PNG with the texts of meta in front of the pixels,
// sorted by keyword: as tEXt chunks, or iTXt where a text is not Latin-1. The
// same image and texts give the same bytes. *image.Gray becomes 8-bit grey,
// *image.Paletted 8-bit indexed, an opaque *image.RGBA 8-bit RGB.
//
// A keyword is 1 to 79 printable ASCII characters without spaces at its ends,
// and a text holds no NUL byte and is valid UTF-8; anything else is an error.
func EncodePNG(w io.Writer, img image.Image, meta map[string]string) error {
	var texts []byte
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		chunk, err := textChunk(key, meta[key])
		if err != nil {
			return fmt.Errorf("write PNG: %w", err)
		}
		texts = append(texts, chunk...)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		return fmt.Errorf("write PNG: %w", err)
	}
	b := file.Bytes()
	for _, part := range [][]byte{b[:headerEnd], texts, b[headerEnd:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("write PNG: %w", err)
		}
	}
	return nil
}

// textChunk returns a whole tEXt or iTXt chunk (PNG specification, 11.3.3).
func textChunk(key, text string) ([]byte, error) {
	if len(key) < 1 || len(key) > 79 || strings.TrimSpace(key) != key ||
		strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		return nil, fmt.Errorf("text keyword %q: want 1 to 79 printable ASCII characters", key)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, fmt.Errorf("text %q is not UTF-8 without NUL", key)
	}
	if latin, ok := latin1(text); ok {
		return chunk("tEXt", append([]byte(key+"\x00"), latin...)), nil
	}
	// Not compressed (two zeros), no language, no translated keyword.
	return chunk("iTXt", []byte(key+"\x00\x00\x00\x00\x00"+text)), nil
}

// latin1 returns the text in ISO 8859-1, and whether it can be.
func latin1(text string) ([]byte, bool) {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, true
}

// chunk frames data: length, type, data, CRC of type and data.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}
