package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/picture"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

func encoded(t testing.TB, img image.Image, encode func(io.Writer, image.Image) error) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func writeTIFF(w io.Writer, img image.Image) error { return tiff.Encode(w, img, nil) }

func writeGIF(w io.Writer, img image.Image) error { return gif.Encode(w, img, nil) }

func TestDecode(t *testing.T) {
	grey := &image.Gray{Pix: []byte{0, 100, 255, 7}, Stride: 2, Rect: image.Rect(0, 0, 2, 2)}
	grey16 := &image.Gray16{Pix: []byte{1, 2, 0xff, 0xfe}, Stride: 4, Rect: image.Rect(0, 0, 2, 1)}
	colour := &image.NRGBA{Pix: []byte{255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0}, Stride: 16, Rect: image.Rect(0, 0, 4, 1)}
	wide := &image.NRGBA64{Pix: []byte{0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0x80, 0x00}, Stride: 16, Rect: image.Rect(0, 0, 2, 1)}
	palette := &image.Paletted{
		Pix: []byte{0, 1, 2}, Stride: 3, Rect: image.Rect(0, 0, 3, 1),
		Palette: color.Palette{color.Gray{Y: 9}, color.RGBA{R: 255, A: 255}, color.RGBA{}},
	}
	tests := []struct {
		name   string
		in     *bytes.Reader
		colour bool
		want   picture.Picture
	}{
		{"grey PNG", encoded(t, grey, png.Encode), false, picture.Picture{Width: 2, Height: 2, Channels: 1, Bytes: []byte{0, 100, 255, 7}}},
		{"grey PNG as colour", encoded(t, grey, png.Encode), true, picture.Picture{
			Width: 2, Height: 2, Channels: 3,
			Bytes: []byte{0, 0, 0, 100, 100, 100, 255, 255, 255, 7, 7, 7},
		}},
		{"16-bit PNG", encoded(t, grey16, png.Encode), false, picture.Picture{Width: 2, Height: 1, Channels: 1, Words: []uint16{0x102, 0xfffe}}},
		{"16-bit TIFF", encoded(t, grey16, writeTIFF), false, picture.Picture{Width: 2, Height: 1, Channels: 1, Words: []uint16{0x102, 0xfffe}}},
		// 255 × (0.299, 0.587, 0.114) and a clear pixel over white
		{"colour PNG to grey", encoded(t, colour, png.Encode), false, picture.Picture{Width: 4, Height: 1, Channels: 1, Bytes: []byte{76, 150, 29, 255}}},
		{"colour PNG", encoded(t, colour, png.Encode), true, picture.Picture{
			Width: 4, Height: 1, Channels: 3,
			Bytes: []byte{255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255},
		}},
		{"16-bit colour, half clear", encoded(t, wide, png.Encode), true, picture.Picture{
			Width: 2, Height: 1, Channels: 3,
			Words: []uint16{0xffff, 0, 0, 0x7fff, 0x7fff, 0x7fff},
		}},
		{"BMP", encoded(t, colour.SubImage(image.Rect(0, 0, 2, 1)), bmp.Encode), true, picture.Picture{
			Width: 2, Height: 1, Channels: 3, Bytes: []byte{255, 0, 0, 0, 255, 0},
		}},
		{"GIF", encoded(t, palette, writeGIF), true, picture.Picture{
			Width: 3, Height: 1, Channels: 3, Bytes: []byte{9, 9, 9, 255, 0, 0, 255, 255, 255},
		}},
		{"PPM", bytes.NewReader([]byte("P6 1 1 255\n\xff\x00\x00")), false, picture.Picture{Width: 1, Height: 1, Channels: 1, Bytes: []byte{76}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := picture.Decode(test.in, test.colour, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A GIF frame that covers a part of its canvas keeps its place.
func TestDecodeSmallFrame(t *testing.T) {
	frame := image.NewPaletted(image.Rect(1, 1, 2, 2), color.Palette{color.Black, color.White})
	r := encoded(t, frame, func(w io.Writer, _ image.Image) error {
		return gif.EncodeAll(w, &gif.GIF{
			Image: []*image.Paletted{frame}, Delay: []int{0},
			Config: image.Config{Width: 3, Height: 2, ColorModel: frame.Palette},
		})
	})
	got, err := picture.Decode(r, false, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]byte{255, 255, 255, 255, 0, 255}, got.Bytes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDecodeFaults(t *testing.T) {
	whole := encoded(t, image.NewGray(image.Rect(0, 0, 300, 300)), func(w io.Writer, img image.Image) error { return jpeg.Encode(w, img, nil) })
	cut := make([]byte, whole.Len()-40)
	if _, err := whole.Read(cut); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		kind       error
		says       string
	}{
		{"empty", "", picture.ErrFormat, "empty"},
		{"text", "hello, this is no image", picture.ErrFormat, "does not start like"},
		{"cut JPEG", string(cut), picture.ErrFormat, "the JPEG data is damaged or cut off"},
		{"PNG header only", "\x89PNG\r\n\x1a\n", picture.ErrFormat, "the PNG data"},
		{"huge", "P5 30000 30000 255 ", picture.ErrTooLarge, "30000×30000 pixels, more than the limit of 100000000"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := picture.Decode(strings.NewReader(test.file), false, 0)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Decode() = %v, want %v that says %q", err, test.kind, test.says)
			}
		})
	}
}

func TestDecodeReal(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real photographs to read")
	}
	tests := []struct {
		name          string
		width, height int
		colour        bool
	}{
		{"bsd68/test001.png", 321, 481, false},
		{"kodak/kodim05.png", 500, 500, true},
		{"bsds500/100075.jpg", 481, 321, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := os.Open(filepath.Join(shared, "data", "natural", test.name))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			c, err := picture.DecodeConfig(f, 0)
			if err != nil || c.Width != test.width || c.Height != test.height || c.Colour != test.colour {
				t.Errorf("DecodeConfig() = %+v, %v", c, err)
			}
			means := make([]float64, 2)
			for i, colour := range []bool{false, true} {
				if _, err := f.Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				p, err := picture.Decode(f, colour, 0)
				if err != nil {
					t.Fatal(err)
				}
				for j, v := range p.Bytes {
					weight := 1.0
					if colour {
						weight = []float64{0.299, 0.587, 0.114}[j%3]
					}
					means[i] += weight * float64(v) / float64(p.Width*p.Height)
				}
			}
			// Rounding alone cannot move the mean by half a level.
			if math.Abs(means[0]-means[1]) > 0.5 {
				t.Errorf("mean grey %v, mean luma of the colours %v", means[0], means[1])
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	small := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for _, encode := range []func(io.Writer, image.Image) error{png.Encode, bmp.Encode, writeTIFF, writeGIF} {
		b, err := io.ReadAll(encoded(f, small, encode))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, colour := range []bool{false, true} {
			var p *picture.Picture
			var err error
			memtest.Bounded(t, len(b), func() { p, err = picture.Decode(bytes.NewReader(b), colour, 0) })
			if err == nil && len(p.Bytes)+len(p.Words) != p.Width*p.Height*p.Channels {
				t.Errorf("%d samples for %d×%d×%d", len(p.Bytes)+len(p.Words), p.Width, p.Height, p.Channels)
			}
		}
	})
}
