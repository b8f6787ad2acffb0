package picture_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"filterscope/engine/dataset/picture"

	"github.com/google/go-cmp/cmp"
)

// webpOf returns a lossless WebP image of one colour: five codes of one symbol
// each, so that a pixel takes no bits ("WebP Lossless Bitstream", section 6).
func webpOf(w, h int, red, green, blue, alpha byte) []byte {
	var bits []byte
	n := 0
	put := func(v, width int) {
		for i := range width {
			if n%8 == 0 {
				bits = append(bits, 0)
			}
			bits[n/8] |= byte(v>>i&1) << (n % 8)
			n++
		}
	}
	put(0x2f, 8)
	put(w-1, 14)
	put(h-1, 14)
	put(1, 1) // alpha is used
	put(0, 3) // version
	put(0, 3) // no transform, no cache of colours, no groups of codes
	for _, v := range []byte{green, red, blue, alpha, 0} {
		put(1, 1) // a simple code
		put(0, 1) // of one symbol
		put(1, 1) // of 8 bits
		put(int(v), 8)
	}
	bits = append(bits, make([]byte, len(bits)%2)...)
	out := append([]byte("RIFF"), 0, 0, 0, 0)
	out = append(out, "WEBPVP8L"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(bits)))
	out = append(out, bits...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func TestDecodeWebP(t *testing.T) {
	for _, test := range []struct {
		colour bool
		want   picture.Picture
	}{
		{true, picture.Picture{Width: 2, Height: 1, Channels: 3, Bytes: []byte{255, 200, 100, 255, 200, 100}}},
		{false, picture.Picture{Width: 2, Height: 1, Channels: 1, Bytes: []byte{205, 205}}},
	} {
		got, err := picture.Decode(bytes.NewReader(webpOf(2, 1, 255, 200, 100, 255)), test.colour, 0)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&test.want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	clear, err := picture.Decode(bytes.NewReader(webpOf(1, 1, 0, 0, 0, 0)), true, 0)
	if err != nil || !bytes.Equal(clear.Bytes, []byte{255, 255, 255}) {
		t.Errorf("a clear pixel is %v, %v, want white", clear, err)
	}
}
