package render_test

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

var update = flag.Bool("update", false, "write the golden images anew")

// golden compares img with testdata/name.png; RGBA throughout.
func golden(t *testing.T, name string, img image.Image) {
	t.Helper()
	got := toRGBA(img)
	path := filepath.Join("testdata", name+".png")
	if *update {
		writePNG(t, path, got)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v (make it with -update)", err)
	}
	defer f.Close()
	decoded, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := toRGBA(decoded)
	if got.Rect != want.Rect {
		t.Fatalf("%s is %v, want %v", name, got.Rect.Max, want.Rect.Max)
	}
	for i := range got.Pix {
		// Text and lines go through floating point that other processors
		// may fuse: one step of 255 is not a difference.
		if d := int(got.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
			out := filepath.Join(t.ArtifactDir(), name+".got.png")
			writePNG(t, out, got)
			t.Fatalf("%s differs at byte %d: %d, want %d; see %s", name, i, got.Pix[i], want.Pix[i], out)
		}
	}
}

// goldenFrames draws two frames of w×h pixels, the second from what draw keeps:
// they have to be the same, without a hole, and testdata/name.png.
func goldenFrames(t *testing.T, name string, w, h int, draw func(img *image.RGBA)) {
	t.Helper()
	img, again := image.NewRGBA(image.Rect(0, 0, w, h)), image.NewRGBA(image.Rect(0, 0, w, h))
	draw(img)
	opaque(t, img)
	golden(t, name, img)
	draw(again)
	if string(again.Pix) != string(img.Pix) {
		t.Error("the second frame, from what is kept, differs")
	}
}

func writePNG(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func toRGBA(img image.Image) *image.RGBA {
	rgba := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(rgba, rgba.Rect, img, img.Bounds().Min, draw.Src)
	return rgba
}

// opaque fails the test unless img can go to the screen as it is.
func opaque(t *testing.T, img *image.RGBA) {
	t.Helper()
	if img.Rect.Min != (image.Point{}) || img.Stride != 4*img.Rect.Dx() {
		t.Fatalf("bounds %v, stride %d: not tight", img.Rect, img.Stride)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] != 255 {
			t.Fatalf("alpha %d at pixel %d", img.Pix[i], i/4)
		}
	}
}

func grey(width, height int) dataset.Geometry {
	return dataset.Geometry{Width: width, Height: height, Channels: 1}
}

// gabors returns n filters of side×side pixels that look like learned ones.
func gabors(n, side int) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(1, 2))
	w := linalg.NewMatrix[float64](n, side*side)
	for i := range n {
		fillGabor(w.Row(i), side, rng)
	}
	return w
}

func random(n, d int, seed uint64) linalg.Matrix[float64] {
	rng := rand.New(rand.NewPCG(seed, 0))
	w := linalg.NewMatrix[float64](n, d)
	for i := range w.Data {
		w.Data[i] = rng.NormFloat64()
	}
	return w
}
