package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// pngFile returns a PNG file of noise, with every kind of filter in turn and its
// pixels in several chunks.
func pngFile(t testing.TB, width, height int, kind byte, chunk int) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	n := width * map[byte]int{0: 1, 2: 3}[kind]
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for y := range height {
		row := make([]byte, n+1)
		for i := range row {
			row[i] = byte(rng.Uint32())
		}
		row[0] = byte(y % 5)
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := []byte("\x89PNG\r\n\x1a\n")
	add := func(name string, data []byte) {
		file = binary.BigEndian.AppendUint32(file, uint32(len(data)))
		file = append(append(file, name...), data...)
		file = binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[len(file)-len(data)-4:]))
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(width))
	add("IHDR", append(binary.BigEndian.AppendUint32(header, uint32(height)), 8, kind, 0, 0, 0))
	add("tEXt", []byte("Comment\x00noise"))
	for b := packed.Bytes(); len(b) > 0; b = b[min(chunk, len(b)):] {
		add("IDAT", b[:min(chunk, len(b))])
	}
	add("IEND", nil)
	return file
}

// same compares an image with what image/png makes of the file.
func same(t *testing.T, file []byte, got image.Image) {
	t.Helper()
	want, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("image/png does not take it: %v", err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("bounds %v, want %v", got.Bounds(), want.Bounds())
	}
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			a, b := color.RGBAModel.Convert(got.At(x, y)), color.RGBAModel.Convert(want.At(x, y))
			if a != b {
				t.Fatalf("pixel %d, %d: %v, want %v", x, y, a, b)
			}
		}
	}
}

func TestPlainPNG(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 9}, {31, 12}, {100, 40}} {
		for _, kind := range []byte{0, 2} {
			for _, chunk := range []int{50, 1 << 20} {
				file := pngFile(t, size[0], size[1], kind, chunk)
				got, ok := plainPNG(file)
				if !ok {
					t.Fatalf("%v, colour %d, chunks of %d: not taken", size, kind, chunk)
				}
				same(t, file, got)
			}
		}
	}
}

// Files with one bit wrong: nothing is taken that image/png refuses.
func TestDamagedPNG(t *testing.T) {
	file := pngFile(t, 5, 6, 2, 60)
	for i := range file {
		for bit := range 8 {
			damaged := bytes.Clone(file)
			damaged[i] ^= 1 << bit
			if got, ok := plainPNG(damaged); ok && i >= 8 { // the signature was looked at before
				same(t, damaged, got)
			}
		}
		if _, ok := plainPNG(file[:i]); ok {
			t.Errorf("the first %d of %d bytes were taken", i, len(file))
		}
	}
}

func FuzzPlainPNG(f *testing.F) {
	f.Add(pngFile(f, 3, 5, 0, 1<<20))
	f.Add(pngFile(f, 2, 5, 2, 10))
	f.Fuzz(func(t *testing.T, file []byte) {
		if got, ok := plainPNG(file); ok && bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")) {
			same(t, file, got)
		}
	})
}

// Every conversion is that of color.YCbCrToRGB.
func TestColours(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		m := image.NewYCbCr(image.Rect(0, 0, 101, 67), ratio)
		for _, plane := range [][]uint8{m.Y, m.Cb, m.Cr} {
			for i := range plane {
				plane[i] = uint8(rng.Uint32())
			}
		}
		p := flatten(m, 101, 67, true)
		for y := range 67 {
			for x := range 101 {
				c := m.COffset(x, y)
				r, g, b := color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[c], m.Cr[c])
				if got, want := [3]uint8(p.Bytes[3*(101*y+x):]), [3]uint8{r, g, b}; got != want {
					t.Fatalf("%v: pixel %d, %d is %v, want %v", ratio, x, y, got, want)
				}
			}
		}
	}
}
