package picture_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"filterscope/engine/dataset/picture"

	"github.com/google/go-cmp/cmp"
)

// withExif returns a JPEG file with an Exif segment that states an orientation.
func withExif(file []byte, order binary.AppendByteOrder, orientation uint16) []byte {
	tiff := map[string][]byte{"LittleEndian": []byte("II*\x00"), "BigEndian": []byte("MM\x00*")}[order.(fmt.Stringer).String()]
	tiff = order.AppendUint32(tiff, 8) // of the first directory
	tiff = order.AppendUint16(tiff, 2) // entries
	for _, e := range [][3]uint16{{0x0100, 3, 640}, {0x0112, 3, orientation}} {
		tiff = order.AppendUint16(order.AppendUint16(tiff, e[0]), e[1])
		tiff = order.AppendUint32(tiff, 1)
		tiff = order.AppendUint16(order.AppendUint16(tiff, e[2]), 0)
	}
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, 0xe0, 0, 4, 'J', 'F') // another segment before it
	out = append(out, 0xff, 0xe1, byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(out, segment...), file[2:]...)
}

// The picture has 2×3 blocks of 8×8 pixels with the levels
//
//	1 2        (times 40)
//	3 4
//	5 6
func TestDecodeOrientation(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 16, 24))
	for y := range 24 {
		for x := range 16 {
			img.SetGray(x, y, color.Gray{Y: uint8(40 * (1 + x/8 + 2*(y/8)))})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		orientation uint16
		want        [][]int // levels by rows of blocks
	}{
		{0, [][]int{{1, 2}, {3, 4}, {5, 6}}}, // not valid
		{1, [][]int{{1, 2}, {3, 4}, {5, 6}}},
		{2, [][]int{{2, 1}, {4, 3}, {6, 5}}},
		{3, [][]int{{6, 5}, {4, 3}, {2, 1}}},
		{4, [][]int{{5, 6}, {3, 4}, {1, 2}}},
		{5, [][]int{{1, 3, 5}, {2, 4, 6}}},
		{6, [][]int{{5, 3, 1}, {6, 4, 2}}},
		{7, [][]int{{6, 4, 2}, {5, 3, 1}}},
		{8, [][]int{{2, 4, 6}, {1, 3, 5}}},
		{9, [][]int{{1, 2}, {3, 4}, {5, 6}}},
	}
	for _, test := range tests {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, colour := range []bool{false, true} {
				t.Run(fmt.Sprint(test.orientation, order, colour), func(t *testing.T) {
					file := withExif(b.Bytes(), order, test.orientation)
					c, err := picture.DecodeConfig(bytes.NewReader(file), 0)
					if err != nil {
						t.Fatal(err)
					}
					p, err := picture.Decode(bytes.NewReader(file), colour, 0)
					if err != nil {
						t.Fatal(err)
					}
					if c.Width != p.Width || c.Height != p.Height {
						t.Errorf("the header says %d×%d, the picture is %d×%d", c.Width, c.Height, p.Width, p.Height)
					}
					var got [][]int
					for y := 4; y < p.Height; y += 8 {
						var row []int
						for x := 4; x < p.Width; x += 8 {
							row = append(row, (int(p.Bytes[(y*p.Width+x)*p.Channels])+10)/40)
						}
						got = append(got, row)
					}
					if diff := cmp.Diff(test.want, got); diff != "" {
						t.Errorf("(-want +got)\n%s", diff)
					}
				})
			}
		}
	}
}

// A header alone must not make a decoder take the memory of the pixels it
// promises.
func TestDecodeAllocatesWhatTheFileJustifies(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	binary.BigEndian.PutUint32(file[16:], 9000) // width and height
	binary.BigEndian.PutUint32(file[20:], 9000)
	// The checksum of the header no longer fits; a liar would mend it.
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := picture.Decode(bytes.NewReader(file), true, 0)
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("Decode() = %v with %d bytes allocated", err, after.TotalAlloc-before.TotalAlloc)
	}
	t.Log(err)
}
