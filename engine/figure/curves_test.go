package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/figure"
	"filterscope/engine/render"
)

var update = flag.Bool("update", false, "write the golden images anew")

// example is a figure with everything in it.
func example() figure.CurvesData {
	c := render.Curves{
		LogY: true, XName: "iteration", YName: "objective",
		Events: []render.Event{{X: 60, Mark: "λ = 1e−4"}},
	}
	for j, name := range []string{"total", "reconstruction", "weight decay", "sparsity"} {
		s := render.Series{Name: name}
		for i := range 400 {
			t := float64(i)
			parts := []float64{9.3 + 84*math.Exp(-t/25), 2.77 * (1 - 0.7*math.Exp(-t/40)), 0.12 + 222*math.Exp(-t/6)}
			y := parts[0] + parts[1] + parts[2]
			if j > 0 {
				y = parts[j-1]
			}
			s.X, s.Y = append(s.X, t), append(s.Y, y)
		}
		c.Series = append(c.Series, s)
	}
	c.Series[2].Y[200] = math.NaN() // a gap
	return figure.CurvesData{Title: "Pen strokes: 784–196–784, λ = 3e−3, β = 3, ρ = 0.1", Curves: c}
}

func write(t *testing.T, format string, data figure.CurvesData) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := figure.WriteCurves(&b, format, data); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Pixels are compared with room for processors that fuse multiplications.
func TestCurvesGolden(t *testing.T) {
	linear := example()
	linear.Curves.LogY, linear.Title = false, ""
	linear.Width, linear.Height = 300, 200
	for name, data := range map[string]figure.CurvesData{"curves-log": example(), "curves-linear": linear} {
		got := write(t, "png", data)
		goldenPNG(t, name, got)
	}
}

// goldenPNG compares a PNG file with testdata/name.png.
func goldenPNG(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".png")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (make it with -update)", err)
	}
	a, b := decode(t, got), decode(t, want)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%s is %v, want %v", name, a.Bounds(), b.Bounds())
	}
	for i, p := range pixels(a) {
		if d := int(p) - int(pixels(b)[i]); d < -2 || d > 2 {
			out := filepath.Join(t.ArtifactDir(), name+".got.png")
			if err := os.WriteFile(out, got, 0o644); err != nil {
				t.Error(err)
			}
			t.Fatalf("%s differs at byte %d; see %s", name, i, out)
		}
	}
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func pixels(img image.Image) []uint8 {
	switch img := img.(type) {
	case *image.RGBA:
		return img.Pix
	case *image.NRGBA:
		return img.Pix
	}
	return nil
}

// A figure with nothing cut off has an untouched edge all around.
func TestNothingTouchesTheEdge(t *testing.T) {
	long := example()
	long.Curves.Series[1].Name = "reconstruction error of the held-out examples"
	long.Curves.X = render.Window{Lo: 0, Hi: 1e6}
	for i, data := range []figure.CurvesData{example(), long, {Width: 1, Height: 1}} {
		img := decode(t, write(t, "png", data))
		b := img.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				edge := x-b.Min.X < 8 || b.Max.X-x <= 8 || y-b.Min.Y < 8 || b.Max.Y-y <= 8
				if edge && color.GrayModel.Convert(img.At(x, y)) != (color.Gray{Y: 255}) {
					t.Fatalf("figure %d: pixel (%d,%d) of %v is %v, want white", i, x, y, b, img.At(x, y))
				}
			}
		}
	}
}

func TestSVGEmbedsFontsAndIsXML(t *testing.T) {
	b := write(t, "svg", example())
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"@font-face", "weight decay", "λ = 3e−3", "iteration"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in the SVG", want)
		}
	}
}

func TestPDFEmbedsFonts(t *testing.T) {
	b := write(t, ".PDF", example())
	if !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b, []byte("/FontFile2")) {
		t.Error("no PDF with an embedded TrueType font")
	}
}

func TestSameDataSameBytes(t *testing.T) {
	for _, format := range figure.Formats() {
		if !bytes.Equal(write(t, format, example()), write(t, format, example())) {
			t.Errorf("two %s files differ", format)
		}
	}
}

func TestEmptyAndOddData(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(1), -1, 0}
	for _, format := range figure.Formats() {
		for _, log := range []bool{false, true} {
			write(t, format, figure.CurvesData{Curves: render.Curves{LogY: log}})
			write(t, format, figure.CurvesData{Curves: render.Curves{LogY: log, Series: []render.Series{
				{Name: "<&>", X: []float64{0, 1, 2, 3}, Y: odd}, {Name: "none"},
			}}})
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteCurvesErrors(t *testing.T) {
	if err := figure.WriteCurves(io.Discard, "gif", example()); err == nil || !strings.Contains(err.Error(), "png, svg, pdf") {
		t.Errorf("gif: %v", err)
	}
	for _, format := range figure.Formats() {
		if err := figure.WriteCurves(broken{}, format, example()); err == nil {
			t.Errorf("%s: a failing writer goes unnoticed", format)
		}
	}
}
