package experiment_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/experiment"
	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
)

// open returns a built-in recipe with changes.
func open(t testing.TB, name string, changes ...string) recipe.Recipe {
	t.Helper()
	r, err := recipe.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		if r, err = r.Set(change); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	return r
}

func prepare(t testing.TB, name string, changes ...string) *experiment.Study {
	t.Helper()
	s, err := experiment.Prepare(t.Context(), open(t, name, changes...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDrawnCurve(t *testing.T) {
	s := prepare(t, "rbf-1d")
	if s.Train.Len() != 100 || s.Test.Len() != 300 || s.Train.X.At(0, 0) != -5 || s.Train.X.At(99, 0) != 10 {
		t.Errorf("%d training and %d test points from %g", s.Train.Len(), s.Test.Len(), s.Train.X.At(0, 0))
	}
	if got := s.Truth([]float64{-3}); math.Abs(got-2.5) > 1e-15 { // its maximum, methods.md E1
		t.Errorf("f(-3) = %g, want 2.5", got)
	}
	noisy := prepare(t, "rbf-1d", "rbf.noise=0.5")
	sum := 0.0
	for i, y := range noisy.Train.Y {
		sum += math.Pow(y-s.Train.Y[i], 2)
	}
	if sigma := math.Sqrt(sum / 100); sigma < 0.35 || sigma > 0.65 {
		t.Errorf("noise of σ = %g, want about 0.5", sigma)
	}
	if !cmp.Equal(noisy.Test.Y, s.Test.Y) {
		t.Error("the test points have noise")
	}
}

func TestFunctions(t *testing.T) {
	for _, test := range []struct {
		name string
		x, y float64
	}{
		{"seed", 1.0 / 3, -2.5},
		{"sine", math.Pi / 2, 1},
		{"step", -0.01, 0},
		{"step", 0, 1},
		{"runge", 0.2, 0.5},
		{"sinc", 0, 1},
		{"sinc", math.Pi, 0},
	} {
		s := prepare(t, "rbf-1d", "rbf.function="+test.name)
		if got := s.Truth([]float64{test.x}); math.Abs(got-test.y) > 1e-15 {
			t.Errorf("%s(%g) = %g, want %g", test.name, test.x, got, test.y)
		}
	}
	for _, test := range []struct {
		name    string
		x, y, z float64
	}{
		{"scipy", 0.5, 0.25, 0.75 * math.Exp(-1.875)},
		{"peaks", 0, 0, 3*math.Exp(-1) - math.Exp(-1)/3},
		{"franke", 2.0 / 9, 2.0 / 9, 0.75 + 0.75*math.Exp(-9.0/49-0.3) + 0.5*math.Exp(-6.5) - 0.2*math.Exp(-29)},
	} {
		s := prepare(t, "rbf-field", "rbf.function="+test.name)
		if got := s.Truth([]float64{test.x, test.y}); math.Abs(got-test.z) > 1e-14 {
			t.Errorf("%s(%g, %g) = %.17g, want %.17g", test.name, test.x, test.y, got, test.z)
		}
	}
}

// The points of a field fill it evenly: every sixteenth of it has some.
func TestDrawnField(t *testing.T) {
	s := prepare(t, "rbf-field", "seed=9")
	var boxes [16]int
	for i := range s.Train.Len() {
		x, y := s.Train.X.At(i, 0), s.Train.X.At(i, 1)
		if x < -1 || x > 1 || y < -1 || y > 1 {
			t.Fatalf("point %d at (%g, %g)", i, x, y)
		}
		boxes[min(3, int(2*(x+1)))+4*min(3, int(2*(y+1)))]++
	}
	for i, n := range boxes {
		if n < 3 || n > 10 {
			t.Errorf("%d points in box %d", n, i)
		}
	}
	if other := prepare(t, "rbf-field", "seed=10"); cmp.Equal(other.Train.X.Data, s.Train.X.Data) {
		t.Error("the seed changes nothing")
	}
}

func TestReadPoints(t *testing.T) {
	var array bytes.Buffer
	if err := npy.Write(&array, npy.New([]float64{0, 1, 1, 2, 3, 4}, 3, 2)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, file, content, recipe string
		want                        []float64 // x, y of the last point
		note                        string
	}{
		{"header", "a.csv", "x,y\n0,1\n2.5,3\n", "rbf-1d", []float64{2.5, 3}, ""},
		{"no header, semicolons", "a.csv", "0;1\n2,5;3\n", "rbf-1d", []float64{2.5, 3}, ""},
		{"target column", "a.csv", "x,target\n0,0.5\n1,0.25\n", "rbf-1d", []float64{1, 0.25}, ""},
		{"target of whole numbers", "a.csv", "x,target\n0,5\n1,7\n", "rbf-1d", []float64{1, 7}, ""},
		{"array", "a.npy", array.String(), "rbf-1d", []float64{3, 4}, ""},
		{"duplicates", "a.csv", "0 1\n2 3\n0 2\n2 2\n0 7\n", "rbf-1d", []float64{0, 7}, "3 of the 5 points lie where another one does, the first are rows 1 and 3"},
		{"field", "a.csv", "x,y,value\n0,1,2\n3,4,5\n", "rbf-field", []float64{3, 4, 5}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := experiment.Prepare(t.Context(), open(t, test.recipe).WithData(write(t, test.file, test.content)), nil)
			if err != nil {
				t.Fatal(err)
			}
			last := s.Train.Len() - 1
			if got := append(s.Train.X.Clone().Row(last), s.Train.Y[last]); !cmp.Equal(got, test.want) {
				t.Errorf("last point %v, want %v", got, test.want)
			}
			if s.Truth != nil || s.Test.Len() != 0 || s.Name != test.file || strings.Join(s.Notes, "") != test.note {
				t.Errorf("%q with %d test points: %q", s.Name, s.Test.Len(), s.Notes)
			}
		})
	}
}

func TestPrepareFaults(t *testing.T) {
	for _, test := range []struct{ name, recipe, file, content, want string }{
		{"columns", "rbf-1d", "a.csv", "1,2,3\n4,5,6\n", "a.csv has 3 columns: want two columns, x and y, for a curve"},
		{"columns of a field", "rbf-field", "a.csv", "1,2\n4,5\n", "a.csv has 2 columns: want three columns, x, y and value, for a field"},
		{"NaN", "rbf-1d", "a.csv", "x,y\n1,2\n3,nan\n", `line 3, column 2 (y): "nan" is not a finite number`},
		{"text as target", "rbf-1d", "a.csv", "x,target\n1,cat\n3,dog\n", `line 2, column 2 (target): "cat" is not a number`},
		{"one place", "rbf-1d", "a.csv", "1,2\n1,3\n", "all 2 points lie in one place"},
		{"all equal in a field", "rbf-field", "a.csv", "1,2,3\n1,2,3\n1,2,3\n", "all 3 points lie in one place"},
		{"no file", "rbf-1d", "", "", "no such file"},
		{"no image", "rbf-image", "a.csv", "1,2\n4,5\n", "a.csv is no image"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "none.csv")
			if test.file != "" {
				path = write(t, test.file, test.content)
			}
			_, err := experiment.Prepare(t.Context(), open(t, test.recipe).WithData(path), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Prepare() = %v, want %q in it", err, test.want)
			}
		})
	}
	for _, test := range []struct{ expression, want string }{
		{"log(x)", "log(x) is NaN at x = -5: choose another rbf.from or rbf.to"},
		{"1/(x+5)", "is +Inf at x = -5"},
		{"sin(x", "rbf.expression: "},
	} {
		r := open(t, "rbf-1d", "rbf.function=expression", "rbf.expression="+test.expression)
		if _, err := experiment.Prepare(t.Context(), r, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Prepare() = %v, want %q in it", test.expression, err, test.want)
		}
	}
	edges, err := recipe.Open("edges")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := experiment.Prepare(t.Context(), edges, nil); err == nil || !strings.Contains(err.Error(), "use filterscope train") {
		t.Errorf("a sparse autoencoder: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("closed")
	cancel(why)
	if _, err := experiment.Prepare(ctx, open(t, "rbf-1d"), nil); !errors.Is(err, why) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWithPoints(t *testing.T) {
	s := prepare(t, "rbf-field")
	x := linalg.MatrixOf(3, 2, []float64{0, 0, 1, 0, 0, 2})
	other, err := s.WithPoints(experiment.Points{X: x, Y: []float64{1, 2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	if other.Truth != nil || !cmp.Equal(other.High, []float64{1, 2}) {
		t.Errorf("domain up to %v", other.High)
	}
	if _, _, err := other.Interpolate(t.Context()); err != nil {
		t.Error(err)
	}
	x.Set(1, 1, math.NaN())
	if _, err := s.WithPoints(experiment.Points{X: x, Y: []float64{1, 2, 3}}); err == nil || !strings.Contains(err.Error(), "point 2") {
		t.Errorf("NaN: %v", err)
	}
}

// An image from a file is grey and at most as large as the recipe says, with
// the same mean.
func TestReadImage(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 50, 30))
	mean := 0.0
	for i := range img.Pix {
		img.Pix[i] = uint8(7 * i)
		mean += float64(img.Pix[i]) / 255 / float64(len(img.Pix))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	path := write(t, "a.png", b.String())
	for _, test := range []struct {
		side          string
		width, height int
	}{{"64", 50, 30}, {"25", 25, 15}, {"16", 16, 10}} {
		s, err := experiment.Prepare(t.Context(), open(t, "rbf-image", "rbf.resolution="+test.side).WithData(path), nil)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for _, v := range s.Image.Pixels {
			got += v / float64(len(s.Image.Pixels))
		}
		if s.Image.Width != test.width || s.Image.Height != test.height || math.Abs(got-mean) > 1e-9 {
			t.Errorf("%d×%d pixels of mean %g, want %d×%d of %g", s.Image.Width, s.Image.Height, got, test.width, test.height, mean)
		}
	}
}

func TestPatch(t *testing.T) {
	whole := prepare(t, "rbf-image").Image
	s := prepare(t, "rbf-image", "rbf.patch=24", "seed=4")
	if s.Image.Width != 24 || s.Image.Height != 24 {
		t.Fatalf("%d×%d pixels", s.Image.Width, s.Image.Height)
	}
	found := 0
	for y := range whole.Height - 23 {
		for x := range whole.Width - 23 {
			same := true
			for i, v := range s.Image.Pixels {
				same = same && v == whole.Pixels[(y+i/24)*whole.Width+x+i%24]
				if !same {
					break
				}
			}
			if same {
				found++
			}
		}
	}
	if found == 0 {
		t.Error("the patch is not of the image")
	}
	_, err := experiment.Prepare(t.Context(), open(t, "rbf-image", "rbf.patch=200"), nil)
	if err == nil || !strings.Contains(err.Error(), "harbour has 128×128 pixels: want an rbf.patch of 128 at the most") {
		t.Errorf("a large patch: %v", err)
	}
}
