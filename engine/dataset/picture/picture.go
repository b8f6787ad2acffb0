// Package picture decodes image files into plain grey or colour samples: PNG,
// JPEG, GIF (its first frame), BMP, TIFF, WebP, PGM and PPM. The kind is told
// by the first bytes, never by the name.
//
// Grey is the luma of ITU-R Rec. 601, Y = 0.299 R + 0.587 G + 0.114 B,
// rounded to the depth of the file: 8 bits, or 16 when the file has 16. The
// luma channel of a JPEG or WebP file is that very Y and is taken as it is.
// Transparent pixels are laid over white. A JPEG file is turned upright as its
// Exif orientation says. Colour profiles and gamma are not applied.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"filterscope/engine/dataset/pnm"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Faults callers may want to tell apart; test for them with errors.Is.
var (
	// ErrFormat reports bytes that no decoder here knows or can finish.
	ErrFormat = errors.New("not a readable image")
	// ErrTooLarge reports an image of more pixels than the limit.
	ErrTooLarge = errors.New("too large")
)

// DefaultMaxPixels is the limit used when a caller gives 0: 100 million
// pixels, at most 800 MB while a 16-bit colour image is being decoded.
const DefaultMaxPixels = 100_000_000

// Picture is one image, row by row from the top, channels interleaved.
// Exactly one store is filled.
type Picture struct {
	Width, Height int
	Channels      int // 1 grey, 3 red, green, blue
	Bytes         []uint8
	Words         []uint16 // of files with 16 bits a sample
}

// Config is what a file says of itself before its pixels.
type Config struct {
	Format        string // "PNG"
	Width, Height int    // as Decode returns them: upright
	Colour        bool   // the file can hold colour (it may still be all grey)
	Wide          bool   // 16 bits a sample

	orientation int // 1 to 8, see upright
	pixelBytes  int // of one pixel while it is being decoded
}

// format is one kind of image file.
type format struct {
	name   string
	magic  []string // '?' stands for any byte
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formats() []format {
	return []format{
		{"PNG", []string{"\x89PNG\r\n\x1a\n"}, png.DecodeConfig, decodePNG},
		{"JPEG", []string{"\xff\xd8\xff"}, jpeg.DecodeConfig, jpeg.Decode},
		{"GIF", []string{"GIF87a", "GIF89a"}, gif.DecodeConfig, gif.Decode},
		{"BMP", []string{"BM????\x00\x00\x00\x00"}, bmp.DecodeConfig, bmp.Decode},
		{"TIFF", []string{"II\x2a\x00", "MM\x00\x2a"}, tiff.DecodeConfig, tiff.Decode},
		{"WebP", []string{"RIFF????WEBP"}, webp.DecodeConfig, webp.Decode},
		{"PGM", []string{"P5", "P2"}, pnm.DecodeConfig, pnm.Decode},
		{"PPM", []string{"P6", "P3"}, pnm.DecodeConfig, pnm.Decode},
	}
}

// SniffLength is the number of first bytes Sniff wants to see.
const SniffLength = 16

// Sniff returns the format whose magic the first bytes of a file carry, such
// as "PNG", or "".
func Sniff(start []byte) string { return sniff(start).name }

func sniff(start []byte) format {
	for _, f := range formats() {
		for _, magic := range f.magic {
			if matches(start, magic) {
				// "P5" alone is weak: a blank or a comment must follow.
				if len(magic) == 2 && (len(start) < 3 || !bytes.ContainsRune([]byte(" \t\r\n#"), rune(start[2]))) {
					continue
				}
				return f
			}
		}
	}
	return format{}
}

func matches(start []byte, magic string) bool {
	if len(start) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != start[i] {
			return false
		}
	}
	return true
}

// DecodeConfig reads the header of an image file and refuses one of more than
// maxPixels (0 means DefaultMaxPixels).
func DecodeConfig(r io.ReadSeeker, maxPixels int) (Config, error) {
	_, c, err := open(r, maxPixels)
	return c, err
}

// open finds the decoder, reads the header and rewinds.
func open(r io.ReadSeeker, maxPixels int) (f format, c Config, err error) {
	start := make([]byte, SniffLength)
	n, err := io.ReadFull(r, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return f, c, err
	}
	if f = sniff(start[:n]); f.name == "" {
		if n == 0 {
			return f, c, fmt.Errorf("%w: the file is empty", ErrFormat)
		}
		return f, c, fmt.Errorf("%w: it does not start like a PNG, JPEG, GIF, BMP, TIFF, WebP, PGM or PPM file", ErrFormat)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return f, c, err
	}
	header, err := guard(f.name, func() (image.Config, error) { return f.config(r) })
	if err != nil {
		return f, c, err
	}
	c = Config{Format: f.name, Width: header.Width, Height: header.Height, orientation: 1, pixelBytes: pixelBytes(header.ColorModel)}
	c.Colour = header.ColorModel != color.GrayModel && header.ColorModel != color.Gray16Model
	c.Wide = wide(header.ColorModel)
	if maxPixels <= 0 {
		maxPixels = DefaultMaxPixels
	}
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return f, c, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return f, c, err
	}
	switch {
	case c.Width <= 0 || c.Height <= 0:
		return f, c, fmt.Errorf("%w: its header states a size of %d×%d", ErrFormat, c.Width, c.Height)
	case c.Width > maxPixels/c.Height:
		return f, c, fmt.Errorf("%w: its header states %d×%d pixels, more than the limit of %d: it would take about %.1f GiB to decode; make it smaller or cut it into parts",
			ErrTooLarge, c.Width, c.Height, maxPixels, float64(c.Width)*float64(c.Height)*float64(c.pixelBytes)/(1<<30))
	case c.beyond(size):
		return f, c, fmt.Errorf("%w: its header states %d×%d pixels, and a file of %d bytes cannot hold them; it is damaged or cut off",
			ErrFormat, c.Width, c.Height, size)
	}
	if f.name == "JPEG" {
		c.orientation = orientation(r)
		_, err = r.Seek(0, io.SeekStart)
	}
	if turned(c.orientation) {
		c.Width, c.Height = c.Height, c.Width
	}
	return f, c, err
}

// beyond reports whether a file of size bytes cannot hold the pixels its
// header states: decoders take the memory for all of them before they read
// the first. Deflate, the best of the packings, makes 1032 bytes of one
// (zlib technical details), of up to 8 pixels each where a pixel may be a
// bit. Small images are let through: some formats say "all of one colour".
func (c Config) beyond(size int64) bool {
	const (
		small = 2 << 20
		ratio = 1032
	)
	pixels := int64(c.Width) * int64(c.Height)
	most := ratio * size
	if c.pixelBytes == 1 {
		most *= 8
	}
	return pixels > small && pixels > most
}

// pixelBytes returns the memory one pixel takes in a decoded image.
func pixelBytes(m color.Model) int {
	switch m {
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.YCbCrModel:
		return 3
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, ok := m.(color.Palette); ok {
		return 1
	}
	return 4
}

func wide(m color.Model) bool {
	return m == color.Gray16Model || m == color.RGBA64Model || m == color.NRGBA64Model
}

// Decode reads an image file of at most maxPixels (0 means DefaultMaxPixels)
// as colour when colour is true, else as grey.
func Decode(r io.ReadSeeker, colour bool, maxPixels int) (*Picture, error) {
	f, c, err := open(r, maxPixels)
	if err != nil {
		return nil, err
	}
	img, err := guard(f.name, func() (image.Image, error) { return f.decode(r) })
	if err != nil {
		return nil, err
	}
	width, height := c.Width, c.Height // as the file has them
	if turned(c.orientation) {
		width, height = height, width
	}
	if b := img.Bounds(); b.Dx() > width || b.Dy() > height {
		return nil, fmt.Errorf("%w: the %s header states %d×%d pixels, the data holds %d×%d", ErrFormat, f.name, width, height, b.Dx(), b.Dy())
	}
	p := flatten(img, width, height, colour)
	p.upright(c.orientation)
	return p, nil
}

// guard runs one call of a decoder and words its faults. A decoder that
// panics on a hostile file must not take the program with it: these are not
// ours to mend, so this is a place to recover besides goroutine boundaries.
func guard[T any](name string, call func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: the %s data is damaged (%v)", ErrFormat, name, p)
		}
	}()
	if v, err = call(); err != nil {
		err = fmt.Errorf("%w: the %s data is damaged or cut off (%w)", ErrFormat, name, err)
	}
	return v, err
}
