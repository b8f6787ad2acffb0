package cli_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/app/cli"
	"filterscope/engine/dataset/npy"
)

// filterscope runs a command line and returns what it did.
func filterscope(ctx context.Context, args ...string) (code int, out, errors string) {
	var o, e bytes.Buffer
	code = cli.Main(ctx, args, cli.Terminal{Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// done runs a command line that must succeed and decodes what it prints.
func done(t *testing.T, into any, args ...string) {
	t.Helper()
	code, out, errors := filterscope(t.Context(), args...)
	if code != cli.ExitDone {
		t.Fatalf("%s: exit %d: %s", strings.Join(args, " "), code, errors)
	}
	if into == nil {
		return
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v in %s", strings.Join(args, " "), err, out)
	}
	if d.More() {
		t.Errorf("%s: more than one JSON object: %s", strings.Join(args, " "), out)
	}
}

// write makes a file below dir and returns its path.
func write(t *testing.T, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// idx returns an IDX file of bytes.
func idx(shape ...int) []byte {
	b := []byte{0, 0, 8, byte(len(shape))}
	n := 1
	for _, s := range shape {
		b = binary.BigEndian.AppendUint32(b, uint32(s))
		n *= s
	}
	for i := range n {
		b = append(b, byte(i*37%251))
	}
	return b
}

func gzipped(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(b)
	_ = w.Close()
	return z.Bytes()
}

// picture returns a PNG of side×side grey pixels.
func picture(side int) []byte {
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Set(i%side, i/side, color.Gray{uint8(i * 7919 % 256)})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// array returns an .npy file.
func array(values []float64, shape ...int) []byte {
	var b bytes.Buffer
	if err := npy.Write(&b, npy.New(values, shape...)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"-h"}, {"--help"}} {
		code, out, errors := filterscope(t.Context(), args...)
		if code != cli.ExitDone || errors != "" {
			t.Errorf("%q: exit %d, %q", args, code, errors)
		}
		for _, name := range []string{"recipes", "train", "eval", "gradcheck", "encode", "reconstruct", "import", "mosaic", "data"} {
			if !strings.Contains(out, "\n  "+name) {
				t.Errorf("%q does not list %s", args, name)
			}
		}
	}
	for _, args := range [][]string{{"help", "train"}, {"train", "-h"}, {"train", "edges", "--help"}} {
		code, out, errors := filterscope(t.Context(), args...)
		if code != cli.ExitDone || errors != "" || !strings.HasPrefix(out, "usage: filterscope train RECIPE") || !strings.Contains(out, "--precision float32    float32 or float64") {
			t.Errorf("%q: exit %d, %q, %q", args, code, out, errors)
		}
	}
}

func TestIs(t *testing.T) {
	for name, want := range map[string]bool{
		"train": true, "recipes": true, "help": true, "--help": true, "anomaly": true, "rbf": true,
		"photo.png": false, "": false, "shots": false, "smoke": false,
	} {
		if cli.Is(name) != want {
			t.Errorf("Is(%q) = %v", name, !want)
		}
	}
}

func TestVersionAndRecipes(t *testing.T) {
	var version struct {
		Version, Kernel string
		Workers         int
	}
	done(t, &version, "version", "--json")
	if version.Version != cli.Version() || version.Kernel == "" || version.Workers < 1 {
		t.Errorf("version = %+v", version)
	}
	var list struct {
		Recipes []struct {
			Name, Title, About string
			LookFor            string `json:"look_for"`
			Recipe             map[string]any
		}
	}
	done(t, &list, "recipes", "--json")
	names := map[string]bool{}
	for _, r := range list.Recipes {
		names[r.Name] = true
		_, rbf := r.Recipe["rbf"]
		if _, data := r.Recipe["data"]; rbf == data || r.LookFor == "" || r.Recipe["name"] != r.Name {
			t.Errorf("recipe %s: %v", r.Name, r.Recipe)
		}
	}
	if list.Recipes[0].Name != "edges" || !names["rbf-1d"] || !names["rbf-torus"] {
		t.Errorf("recipes = %v", names)
	}
	_, out, _ := filterscope(t.Context(), "recipes")
	for _, r := range list.Recipes {
		if !strings.Contains(out, r.Name) || !strings.Contains(out, r.LookFor) {
			t.Errorf("recipes does not tell of %s", r.Name)
		}
	}
}

// Every mistake is one line that says what is wrong, with the exit code of its
// kind: 2 for a command line that is not understood, 1 for work that fails.
func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string { return write(t, dir, name, content) }
	tiny := filepath.Join("testdata", "tiny.toml")
	model := filepath.Join(dir, "m", "model.safetensors")
	done(t, nil, "train", tiny, "--out", filepath.Join(dir, "m"), "--quiet")

	plain := file("plain.txt", []byte("not a folder"))
	images := idx(4, 28, 28)
	truncated := file("cut/train-images-idx3-ubyte", images[:len(images)-5])
	oversized := file("big/train-images-idx3-ubyte", append(bytes.Clone(images), 1, 2, 3))
	truncatedZip := gzipped(images)
	cutZip := file("cutgz/train-images-idx3-ubyte.gz", truncatedZip[:len(truncatedZip)/2])
	huge := file("huge/train-images-idx3-ubyte", binary.BigEndian.AppendUint32([]byte{0, 0, 8, 3}, 1<<31))
	magic := file("magic/train-images-idx3-ubyte", append([]byte{1, 2, 3, 4}, images[4:]...))
	labels := filepath.Dir(file("labels/train-labels-idx1-ubyte", idx(4)))
	noPicture := file("no.png", []byte("\x89PNG\r\n\x1a\nbut no more"))
	dot := file("dot.png", picture(1))
	text := file("pictures/text.png", []byte("hello"))
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	zero := file("zero.npy", nil)
	nan := file("nan.npy", array([]float64{1, 2, 3, zeroDivided(), 5, 6}, 3, 2))
	narrow := file("narrow.npy", array(make([]float64, 30), 3, 10))
	words := file("words.csv", []byte("a,b\n1,2\n3,x\n"))
	unknown := file("unknown.toml", []byte("version = 1\nsped = 3\n"))
	rho := file("rho.toml", []byte("version = 1\n[model]\nrho = 1.2\n"))
	syntax := file("syntax.toml", []byte("version = 1\n[model\nrho = 0.1\n"))
	noVersion := file("noversion.toml", []byte("seed = 1\n"))
	fakeModel := file("fake.safetensors", []byte("\x05\x00\x00\x00\x00\x00\x00\x00hello"))
	oneRow := file("row.json", []byte(`{"W1": [[1,2],[3]], "b1": [1,2], "W2": [[1,2],[3,4]], "b2": [1,2]}`))
	noWeights := file("none.json", []byte(`{"weights": 3}`))
	out := filepath.Join(dir, "out.npy")

	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"trian"}, 2, "filterscope: there is no command trian; see filterscope help"},
		{[]string{"rbf"}, 2, "filterscope rbf: want one recipe or model, got 0 arguments; see filterscope help rbf"},
		{[]string{"help", "trian"}, 2, "there is no command trian"},
		{[]string{"data", "fetch"}, 2, "want data fetch mnist, kmnist or fashion-mnist"},
		{[]string{"data", "fetch", "cifar"}, 2, "there is no set cifar"},
		{[]string{"data"}, 2, "want data info PATH"},
		{[]string{"data", "info"}, 2, "want data info PATH"},
		{[]string{"data", "info", dir, "--layout", "diagonal"}, 2, "want rows, planes or columns"},
		{[]string{"data", "info", dir, "--split", "all"}, 2, "--split all: want train or test"},
		{[]string{"recipes", "edges"}, 2, "want no arguments, got edges"},
		{[]string{"train"}, 2, "want one recipe, got 0 arguments; see filterscope help train"},
		{[]string{"train", "edges", "strokes"}, 2, "want one recipe, got 2 arguments"},
		{[]string{"train", "edges", "--fast"}, 2, "flag provided but not defined: -fast"},
		{[]string{"train", "edges", "--set"}, 2, "flag needs an argument: -set"},
		{[]string{"train", "edges", "--json=maybe"}, 2, "invalid boolean value"},
		{[]string{"train", "edges", "--set", "model.hiden=3"}, 2, "--set model.hiden=3: there is no key model.hiden"},
		{[]string{"train", "edges", "--set", "model.rho=1.2"}, 2, "model.rho = 1.2: want a number between 0 and 1"},
		{[]string{"train", "edges", "--set", "seed"}, 2, "want key=value"},
		{[]string{"train", "edges", "--precision", "float16"}, 2, `precision = "float16": want one of float32, float64`},
		{[]string{"train", "edgs"}, 1, "there is no recipe edgs: want one of edges, strokes, dl4j-denoising, "},
		{[]string{"train", unknown}, 1, "unknown.toml: unknown key sped"},
		{[]string{"train", rho}, 1, "rho.toml: model.rho = 1.2: want a number between 0 and 1"},
		{[]string{"train", syntax}, 1, "syntax.toml: line 2: "},
		{[]string{"train", noVersion}, 1, "version is missing"},
		{[]string{"train", filepath.Join(dir, "none.toml")}, 1, "read recipe: open "},
		{[]string{"train", "ufldl-patches"}, 1, "this recipe wants data of yours"},
		{[]string{"train", tiny, "--out", filepath.Join(plain, "sub")}, 1, "plain.txt/sub: not a directory"},
		{[]string{"train", tiny, "--data", filepath.Join(dir, "nowhere")}, 1, "no such file or directory"},
		{[]string{"train", tiny, "--data", truncated}, 1, "train-images-idx3-ubyte"},
		{[]string{"train", tiny, "--data", oversized}, 1, "train-images-idx3-ubyte"},
		{[]string{"train", tiny, "--data", cutZip}, 1, "train-images-idx3-ubyte.gz"},
		{[]string{"train", tiny, "--data", huge}, 1, "train-images-idx3-ubyte"},
		{[]string{"train", tiny, "--data", magic}, 1, "train-images-idx3-ubyte"},
		{[]string{"train", tiny, "--data", labels}, 1, "labels"},
		{[]string{"train", tiny, "--data", noPicture}, 1, "no.png"},
		{[]string{"train", "ufldl-patches", "--data", dot}, 1, "dot.png"},
		{[]string{"train", "ufldl-patches", "--data", filepath.Dir(text)}, 1, "pictures"},
		{[]string{"train", "ufldl-patches", "--data", empty}, 1, "empty"},
		{[]string{"train", tiny, "--data", zero}, 1, "zero.npy: the file is empty"},
		{[]string{"train", tiny, "--data", nan}, 1, "NaN"},
		{[]string{"train", tiny, "--data", words}, 1, "words.csv"},
		{[]string{"eval", "none.safetensors"}, 1, "none.safetensors: no such file"},
		{[]string{"eval", fakeModel}, 1, "fake.safetensors"},
		{[]string{"eval", dir + "/m"}, 1, "there is no recipe"},
		{[]string{"eval", model, "--data", narrow}, 1, "the model takes 784 features, narrow.npy has 10"},
		{[]string{"eval", model, "--set", "model.hidden=6"}, 2, "a model keeps its kind, its units"},
		{[]string{"eval", model, "--set", "preprocess.0.step=remove-dc"}, 2, "a model keeps its kind, its units and its preprocessing"},
		{[]string{"gradcheck", "edgs"}, 1, "there is no recipe edgs"},
		{[]string{"encode", model}, 2, "--out FILE is missing"},
		{[]string{"encode", model, "--data", dir}, 2, "--out FILE is missing"},
		{[]string{"encode", model, "--data", dir, "--out", "codes.txt"}, 2, "--out codes.txt: want a file that ends in .npy or .csv"},
		{[]string{"encode", model, "--data", dir, "--out", filepath.Join(plain, "codes.npy")}, 1, "plain.txt is not a folder"},
		{[]string{"encode", model, "--data", dir, "--out", filepath.Join(dir, "new", "codes.npy")}, 1, "there is no folder"},
		{[]string{"encode", model, "--layer", "1", "--data", dir, "--out", out}, 2, "--layer 1: this model has the layers 0 to 0"},
		{[]string{"reconstruct", model, "--data", narrow, "--out", out}, 1, "the model takes 784 features"},
		{[]string{"reconstruct", fakeModel, "--data", narrow, "--out", out}, 1, "fake.safetensors"},
		{[]string{"mosaic", model}, 2, "--out FILE is missing"},
		{[]string{"mosaic", model, "--out", filepath.Join(plain, "m.png")}, 1, "plain.txt is not a folder"},
		{[]string{"mosaic", model, "--out", out}, 2, "want a file that ends in .png"},
		{[]string{"mosaic", model, "--out", filepath.Join(dir, "m.png"), "--zoom", "17"}, 2, "want --zoom 1 to 16"},
		{[]string{"mosaic", model, "--out", filepath.Join(dir, "m.png"), "--scale", "loud"}, 2, "loud"},
		{[]string{"mosaic", model, "--out", filepath.Join(dir, "m.png"), "--map", "rainbow"}, 2, "rainbow"},
		{[]string{"mosaic", narrow, "--out", filepath.Join(dir, "m.png")}, 1, "rows of 10 weights are no 3×3 tiles: give --tile WIDTHxHEIGHT"},
		{[]string{"mosaic", narrow, "--out", filepath.Join(dir, "m.png"), "--tile", "5x2x"}, 2, "--tile 5x2x: want WIDTHxHEIGHT"},
		{[]string{"mosaic", plain, "--out", filepath.Join(dir, "m.png")}, 2, "want a .safetensors model, or arrays in one of .npy, .npz, .mat, .safetensors"},
		{[]string{"mosaic", zero, "--out", filepath.Join(dir, "m.png")}, 1, "zero.npy"},
		{[]string{"import", oneRow, "--out", "m.safetensors"}, 2, "--recipe RECIPE is missing"},
		{[]string{"import", oneRow, "--recipe", tiny, "--out", "m.npz"}, 2, "want a file that ends in .safetensors"},
		{[]string{"import", plain, "--recipe", tiny, "--out", filepath.Join(dir, "i.safetensors")}, 2, "want a .npz, a .mat or a .json file"},
		{[]string{"import", oneRow, "--recipe", tiny, "--out", filepath.Join(dir, "i.safetensors")}, 1, "row 1 of W1 has 1 numbers, want 2"},
		{[]string{"import", noWeights, "--recipe", tiny, "--out", filepath.Join(dir, "i.safetensors")}, 1, "there is no matrix W1"},
		{[]string{"import", narrow, "--recipe", rho, "--out", filepath.Join(dir, "i.safetensors")}, 1, "model.rho = 1.2"},
		{[]string{"data", "info", truncated}, 1, "train-images-idx3-ubyte"},
		{[]string{"data", "info", empty}, 1, "empty"},
	} {
		t.Run(strings.ReplaceAll(strings.Join(test.args, " "), dir, "DIR"), func(t *testing.T) {
			code, out, errors := filterscope(t.Context(), test.args...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			if out != "" {
				t.Errorf("standard output %q", out)
			}
			line := strings.TrimSuffix(errors, "\n")
			if !strings.HasPrefix(line, "filterscope") || strings.Contains(line, "\n") || !strings.Contains(line, test.want) {
				t.Errorf("got %q, want one line with %q", errors, test.want)
			}
			if strings.Contains(line, "goroutine") || strings.Contains(line, "%!") || strings.Contains(line, ".tmp") {
				t.Errorf("got %q", errors)
			}
			if testing.Verbose() {
				t.Log(line)
			}
		})
	}
}

func zeroDivided() float64 {
	var zero float64
	return zero / zero
}

// A folder with one bad file among good ones: the good ones load, the bad one
// is named.
func TestBadFileAmongGood(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "pictures/a.png", picture(40))
	write(t, dir, "pictures/b.png", picture(50))
	bad := picture(60)
	write(t, dir, "pictures/bad.png", bad[:len(bad)/2])
	args := []string{
		"train", "ufldl-patches", "--data", filepath.Join(dir, "pictures"), "--json",
		"--set", "data.count=200", "--set", "optimizer.iterations=2",
	}
	code, out, errors := filterscope(t.Context(), args...)
	if code != cli.ExitDone || !strings.Contains(errors, "warning: ") || !strings.Contains(errors, "bad.png") {
		t.Fatalf("exit %d: %s", code, errors)
	}
	var rep struct {
		Examples int
		Warnings []string
	}
	if err := json.Unmarshal([]byte(out), &rep); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if rep.Examples != 200 || len(rep.Warnings) != 1 || !strings.Contains(rep.Warnings[0], "bad.png") {
		t.Errorf("report %+v", rep)
	}
}
