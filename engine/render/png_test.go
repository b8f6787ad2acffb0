package render_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"strings"
	"testing"

	"filterscope/engine/render"

	"github.com/google/go-cmp/cmp"
)

// texts reads the text chunks of a PNG file, in order, checking every CRC.
func texts(t *testing.T, file []byte) (list []string) {
	t.Helper()
	for b := file[8:]; len(b) > 0; {
		n := int(binary.BigEndian.Uint32(b))
		kind, data := string(b[4:8]), b[8:8+n]
		if crc32.ChecksumIEEE(b[4:8+n]) != binary.BigEndian.Uint32(b[8+n:]) {
			t.Fatalf("CRC of chunk %s is wrong", kind)
		}
		if kind == "tEXt" || kind == "iTXt" {
			list = append(list, kind+" "+string(data))
		}
		b = b[12+n:]
	}
	return list
}

func TestEncodePNG(t *testing.T) {
	w := gabors(6, 5)
	grid := render.NewGrid(6, grey(5, 5), 0, 2, 2)
	c := render.Measure(w, render.Scaling{})
	meta := map[string]string{"Scale": "tile", "Author": "Zoë", "Recipe": "ρ = 0.1", "Step": "9600"}
	for _, m := range render.Maps() {
		t.Run(m.String(), func(t *testing.T) {
			img := render.Indexed(w, grid, c, render.Options{Map: m})
			var a, b bytes.Buffer
			for _, file := range []*bytes.Buffer{&a, &b} {
				if err := render.EncodePNG(file, img, meta); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Error("two encodings differ")
			}
			want := []string{"tEXt Author\x00Zo\xeb", "iTXt Recipe\x00\x00\x00\x00\x00ρ = 0.1", "tEXt Scale\x00tile", "tEXt Step\x009600"}
			if diff := cmp.Diff(want, texts(t, a.Bytes())); diff != "" {
				t.Errorf("texts: -want +got\n%s", diff)
			}
			decoded, err := png.Decode(&a)
			if err != nil {
				t.Fatal(err)
			}
			switch decoded.(type) {
			case *image.Gray:
				if m != render.Grey {
					t.Errorf("%v is written as grey", m)
				}
			case *image.Paletted:
				if m == render.Grey {
					t.Error("grey is written with a palette")
				}
			default:
				t.Errorf("decoded image is %T", decoded)
			}
			if !bytes.Equal(toRGBA(decoded).Pix, toRGBA(img).Pix) {
				t.Error("decoded picture differs")
			}
		})
	}
}

func TestEncodePNGRefusesBadTexts(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	for _, meta := range []map[string]string{
		{"": "x"}, {" a": "x"}, {"ρ": "x"}, {strings.Repeat("k", 80): "x"}, {"a": "\x00"}, {"a": "\xff"},
	} {
		if err := render.EncodePNG(&bytes.Buffer{}, img, meta); err == nil {
			t.Errorf("%q is accepted", meta)
		}
	}
}
