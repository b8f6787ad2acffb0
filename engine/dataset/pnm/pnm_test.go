package pnm_test

import (
	"bytes"
	"errors"
	"image"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/pnm"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		name, file string
		want       image.Image
	}{
		{"PGM", "P5\n2 1\n255\n\x07\xff", &image.Gray{Pix: []byte{7, 255}, Stride: 2, Rect: image.Rect(0, 0, 2, 1)}},
		{"PGM as text", "P2 # a comment\n2 1\n# another\n255\n7 255\n", &image.Gray{Pix: []byte{7, 255}, Stride: 2, Rect: image.Rect(0, 0, 2, 1)}},
		{"small maximum", "P5 3 1 2 \x00\x01\x02", &image.Gray{Pix: []byte{0, 128, 255}, Stride: 3, Rect: image.Rect(0, 0, 3, 1)}},
		{"16 bits", "P5 1 2 65535 \x01\x02\x03\x04", &image.Gray16{Pix: []byte{1, 2, 3, 4}, Stride: 2, Rect: image.Rect(0, 0, 1, 2)}},
		{"12 bits", "P5 1 2 4095 \x0f\xff\x00\x00", &image.Gray16{Pix: []byte{255, 255, 0, 0}, Stride: 2, Rect: image.Rect(0, 0, 1, 2)}},
		{"PPM", "P6 1 1 255\n\x01\x02\x03", &image.RGBA{Pix: []byte{1, 2, 3, 255}, Stride: 4, Rect: image.Rect(0, 0, 1, 1)}},
		{"PPM as text", "P3 1 1 255 1 2 3", &image.RGBA{Pix: []byte{1, 2, 3, 255}, Stride: 4, Rect: image.Rect(0, 0, 1, 1)}},
		{
			"PPM of 16 bits", "P6 1 1 65535\n\x01\x02\x03\x04\x05\x06",
			&image.RGBA64{Pix: []byte{1, 2, 3, 4, 5, 6, 255, 255}, Stride: 8, Rect: image.Rect(0, 0, 1, 1)},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := pnm.Decode(strings.NewReader(test.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			c, err := pnm.DecodeConfig(strings.NewReader(test.file))
			if err != nil || c.ColorModel != got.ColorModel() || image.Pt(c.Width, c.Height) != got.Bounds().Size() {
				t.Errorf("DecodeConfig() = %v, %v", c, err)
			}
		})
	}
}

func TestDecodeFaults(t *testing.T) {
	for file, says := range map[string]string{
		"":                         "first 2 bytes",
		"P4 1 1 \x00":              "P4",
		"P5 0 1 255 ":              "its width is 0",
		"P5 1 x":                   "height: byte 'x'",
		"P5 1 1 70000 \x00":        "maximum: more than 65535",
		"P5 2000000 1 255 \x00":    "width: more than",
		"P5 30000 30000 255 \x00":  "900000000 bytes, but only 1 follow",
		"P2 2 1 255 1":             "sample 1 of 2: unexpected EOF",
		"P2 1 1 15 16":             "sample 0 of 1: more than 15",
		"P5 #" + string([]byte{0}): "unexpected EOF",
	} {
		if _, err := pnm.Decode(strings.NewReader(file)); !errors.Is(err, pnm.ErrFormat) || !strings.Contains(err.Error(), says) {
			t.Errorf("Decode(%q) = %v, want ErrFormat that says %q", file, err, says)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("P5 2 1 255 \x01\x02"))
	f.Add([]byte("P3 1 1 65535 1 2 3"))
	f.Add([]byte("P6 30000 30000 255 "))
	f.Fuzz(func(t *testing.T, b []byte) {
		var img image.Image
		var err error
		memtest.Bounded(t, len(b), func() { img, err = pnm.Decode(bytes.NewReader(b)) })
		if err != nil {
			return
		}
		r := img.Bounds()
		img.At(r.Max.X-1, r.Max.Y-1)
	})
}
