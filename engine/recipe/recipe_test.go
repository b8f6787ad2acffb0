package recipe_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

func TestBuiltin(t *testing.T) {
	all := recipe.Builtin()
	var names []string
	for _, r := range all {
		names = append(names, r.Name)
		t.Run(r.Name, func(t *testing.T) {
			if err := r.Validate(); err != nil {
				t.Error(err)
			}
			if r.Title == "" || r.About == "" || r.LookFor == "" {
				t.Error("a card wants title, about and look_for")
			}
			roundTrip(t, r)
			opened, err := recipe.Open(r.Name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r, opened); diff != "" {
				t.Error(diff)
			}
		})
	}
	if want := []string{
		"edges", "strokes", "dl4j-denoising", "vae-2d", "rbm-digits", "rbf-1d",
		"ufldl-patches", "ufldl-mnist", "ufldl-colour", "ufldl-stacked", "self-taught",
		"h2o-deep-features", "code-importance", "deep-hinton", "linear-30", "denoising-mnist", "dl4j-vae", "vae-mnist", "rbm-pcd15",
		"keras-identity", "keras-narrow", "keras-identity-normalised", "relu-nan", "soft-selection",
		"rbf-sinc", "rbf-train", "rbf-field", "rbf-image", "rbf-star", "rbf-sphere", "rbf-torus",
	}; !slices.Equal(names, want) {
		t.Errorf("Builtin() = %q, want the order of the gallery %q", names, want)
	}
}

// roundTrip encodes r, parses that and wants the same recipe and the same text.
func roundTrip(t *testing.T, r recipe.Recipe) {
	t.Helper()
	text := r.Encode()
	again, err := recipe.Parse(text)
	if err != nil {
		t.Fatalf("Parse(Encode()): %v\n%s", err, text)
	}
	if !bytes.Equal(again.Encode(), text) {
		t.Errorf("the text changed: %s", cmp.Diff(string(text), string(again.Encode())))
	}
	if len(r.Preprocess) == 0 {
		r.Preprocess = again.Preprocess // nil or empty, both mean none
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("the recipe changed: %s", diff)
	}
}

// The numbers of UFLDL's exercises: sparse autoencoder, and vectorisation.
func TestUFLDL(t *testing.T) {
	patches, err := recipe.Open("ufldl-patches")
	if err != nil {
		t.Fatal(err)
	}
	mnist, err := recipe.Open("ufldl-mnist")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		r           recipe.Recipe
		count, side int
		want        recipe.Model
	}{
		{patches, 10000, 8, recipe.Model{Kind: "sparse", Hidden: 25, Decoder: "sigmoid", Lambda: 1e-4, Beta: 3, Rho: 0.01}},
		{mnist, 10000, 0, recipe.Model{Kind: "sparse", Hidden: 196, Decoder: "sigmoid", Lambda: 3e-3, Beta: 3, Rho: 0.1}},
	} {
		if !cmp.Equal(test.r.Model, test.want) || test.r.Data.Count != test.count || test.r.Data.PatchSize != test.side ||
			test.r.Optimizer.Method != "lbfgs" || test.r.Optimizer.Iterations != 400 {
			t.Errorf("%s = %+v", test.r.Name, test.r)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	epsilon := 1e-300
	r := recipe.Default()
	r.Name, r.About = "a \"b\" \\ c", "line\nbreak, λ and 日本"
	r.Seed = math.MaxInt64
	r.Data = recipe.Data{Source: "files", Path: `C:\new\x y=z#`, Count: 0, PatchSize: 12, Whiten: true}
	r.Preprocess = []preprocess.Spec{{Step: "remove-dc"}, {Step: "zca", Epsilon: &epsilon}}
	r.Model.Lambda, r.Model.Rho = math.SmallestNonzeroFloat64, math.Nextafter(1, 0)
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	roundTrip(t, r)
	roundTrip(t, recipe.Default())
}

func TestParseDefaults(t *testing.T) {
	got, err := recipe.Parse([]byte("version = 1\n[model]\nhidden = 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := recipe.Default()
	want.Model.Hidden = 7
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "version is missing"},
		{"no version", "seed = 3\n", "version is missing: a recipe starts with version = 1"},
		{"later version", "version = 2\n", "version = 2: want 1"},
		{"unknown key", "version = 1\nsped = 3\n", "unknown key sped"},
		{"unknown keys", "version = 1\nsped = 3\n[model]\nhiden = 2\n", "unknown key sped, model.hiden"},
		{"unknown section", "version = 1\n[modell]\nhidden = 2\n", "unknown key modell"},
		{"syntax", "version = 1\nseed = 1\n[model\nhidden = 3\n", "line 3:"},
		{"syntax in value", "version = 1\n\nseed = 1x\n", "line 3:"},
		{"twice", "version = 1\nseed = 1\nseed = 2\n", "line 3:"},
		{"text for number", "version = 1\n[model]\nhidden = 'x'\n", "line 3: model.hidden: want a whole number, not text"},
		{"fraction", "version = 1\n[model]\nhidden = 2.5\n", "model.hidden: want a whole number, not a number with a fraction"},
		{"not UTF-8", "version = 1\nabout = \"\xff\"\n", "line 2:"},
		{"binary", "\x00\x01\x02", "line 1:"},
		{"rho", "version = 1\n[model]\nrho = 1.2\n", "model.rho = 1.2: want a number between 0 and 1"},
		{"rho 0", "version = 1\n[model]\nrho = 0\n", "model.rho = 0: want a number between 0 and 1"},
		{"nan", "version = 1\n[model]\nlambda = nan\n", "model.lambda = NaN"},
		{"infinite", "version = 1\n[model]\nbeta = inf\n", "model.beta = +Inf"},
		{"negative seed", "version = 1\nseed = -1\n", "seed = "},
		{"precision", "version = 1\nprecision = 'float16'\n", `precision = "float16": want one of float32, float64`},
		{"source", "version = 1\n[data]\nsource = 'web'\n", `data.source = "web": want one of digits, dead-leaves, mnist, files`},
		{"kind", "version = 1\n[model]\nkind = 'shallow'\n", `model.kind = "shallow": want one of sparse, deep, denoising`},
		{"hidden", "version = 1\n[model]\nhidden = 0\n", "model.hidden = 0: want 1 to 100000000"},
		{"step", "version = 1\n[[preprocess]]\nstep = 'blur'\n", `preprocess.0: step = "blur": want one of one-hot, scale`},
		{"epsilon", "version = 1\n[[preprocess]]\nstep='scale'\n[[preprocess]]\nstep = 'zca'\nepsilon = -1.0\n", "preprocess.1: zca: epsilon = -1"},
		{"momentum", "version = 1\n[optimizer]\nmethod = 'sgd'\nmomentum = 1.0\n", "optimizer.momentum = 1"},
		{"floor", "version = 1\n[optimizer]\nmethod = 'sgd'\n[optimizer.schedule]\nname = 'cosine'\nfloor = 0.5\n", "optimizer.schedule.floor = 0.5: want at most the learning rate, 0.01"},
		{"patience", "version = 1\n[optimizer]\nmethod = 'lbfgs'\npatience = -1\n", "optimizer.patience = -1"},
		{"least gain", "version = 1\n[optimizer]\nmethod = 'cg'\nmin_delta = -0.5\n", "optimizer.min_delta = -0.5"},
		{"whitened digits", "version = 1\n[data]\nsource = 'digits'\nwhiten = true\n", "data.whiten = true"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := recipe.Parse([]byte(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse() = %v, want %q in it", err, test.want)
			}
		})
	}
}

// A recipe of an RBF network has an [rbf] table in place of data, preprocessing
// and hidden units.
func TestRBF(t *testing.T) {
	r, err := recipe.Parse([]byte("version = 1\n[model]\nkind = 'rbf'\n[rbf]\ncount = 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := recipe.DefaultRBF()
	want.Count = 7
	if r.RBF != want || !r.IsRBF() || r.Precision != "float64" || r.WantRBF() != nil {
		t.Errorf("%+v", r)
	}
	roundTrip(t, r)
	if text := string(r.Encode()); strings.Contains(text, "[data]") || strings.Contains(text, "hidden") {
		t.Error(text)
	}
	const surface = "version = 1\n[model]\nkind = 'rbf'\n[rbf]\ntask = 'surface'\nfunction = 'star'\ncentres = 'all'\n"
	for text, want := range map[string]float64{surface: recipe.AutoSmoothing, surface + "smoothing = 0\n": 0, surface + "smoothing = 0.5\n": 0.5} {
		s, err := recipe.Parse([]byte(text))
		if err != nil || s.RBF.Smoothing != want {
			t.Errorf("Parse(%q) has smoothing %v and the error %v, want %v", text, s.RBF.Smoothing, err, want)
		}
	}
	if got, err := r.Set("rbf.task=surface"); err != nil || got.RBF.Smoothing != recipe.AutoSmoothing {
		t.Errorf("Set() = %+v, %v", got.RBF, err)
	} else if got, err = got.Set("rbf.task=field"); err != nil || got.RBF.Smoothing != 0 {
		t.Errorf("Set() = %+v, %v", got.RBF, err)
	}
	if got := r.WithData("a.csv"); got.RBF.Path != "a.csv" || r.RBF.Path != "" {
		t.Errorf("WithData() = %+v, of %+v", got.RBF, r.RBF)
	}
	if err := r.RefuseRBF(); err == nil || err.Error() != "untitled is an RBF network: use filterscope rbf" {
		t.Errorf("RefuseRBF() = %v", err)
	}
	plain := recipe.Default()
	if err := plain.WantRBF(); err == nil || plain.RefuseRBF() != nil || err.Error() != "untitled is no RBF network but of kind sparse: use filterscope train" {
		t.Errorf("WantRBF() = %v", err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"table of another kind", "[rbf]\ncount = 3\n", `model.kind = "sparse": want rbf where there is an [rbf] table`},
		{"data", "[data]\ncount = 3\n[model]\nkind = 'rbf'\n", "data does not belong in a recipe of kind rbf"},
		{"hidden", "[model]\nkind = 'rbf'\nhidden = 3\n", "model.hidden does not belong"},
		{"preprocess", "[[preprocess]]\nstep = 'zca'\n[model]\nkind = 'rbf'\n", "preprocess does not belong"},
		{"task", "task = 'volume'\n", `rbf.task = "volume": want one of curve, field, image, surface`},
		{"function", "function = 'peaks'\n", `rbf.function = "peaks": want one of seed, sine`},
		{"expression", "function = 'expression'\n", `rbf.expression = "": want a formula in x`},
		{"domain", "from = 3\nto = 3\n", "rbf.to = 3: want more than rbf.from"},
		{"train", "train = 0\n", "rbf.train = 0: want 1 to 1000000"},
		{"noise", "noise = -1\n", "rbf.noise = -1: want 0 or more"},
		{"centres", "centres = 'greedy'\n", `rbf.centres = "greedy": want one of grid`},
		{"centres of a surface", "task = 'surface'\nfunction = 'star'\n", `rbf.centres = "grid": want one of all, greedy`},
		{"widths", "widths = 'thin'\n", `rbf.widths = "thin": want one of given`},
		{"neighbours", "widths = 'nearest'\nwidth_neighbours = 0\n", "rbf.width_neighbours = 0: want 1 to 100"},
		{"degree", "degree = 9\n", "rbf.degree = 9: want -2 to 8"},
		{"readout", "readout = 'loud'\n", `rbf.readout = "loud": want one of pseudo-inverse`},
		{"cutoff", "cutoff = 1.0\n", "rbf.cutoff = 1: want 0 to below 1"},
		{"lambda", "readout = 'ridge'\nlambda = 0\n", "rbf.lambda = 0: want more than 0"},
		{"smoothing", "smoothing = -1\n", "rbf.smoothing = -1: want 0 or more"},
		{"resolution", "resolution = 2000\n", "rbf.resolution = 2000: want 8 to 1024"},
		{"gradient", "train_by_gradient = true\n[optimizer]\nmethod = 'adam'\nlearning_rate = 0.0\n", "optimizer.learning_rate = 0"},
		{"gradient of an image", "task = 'image'\nfunction = 'face'\ncentres = 'greedy'\ntrain_by_gradient = true\n", "rbf.train_by_gradient = true: want false"},
		{"kernel of an image", "task = 'image'\nfunction = 'face'\ncentres = 'greedy'\nkernel = 'cubic'\n", `rbf.kernel = "cubic": want gaussian`},
		{"normalised interpolation", "task = 'field'\nfunction = 'franke'\ncentres = 'all'\nnormalised = true\n", "rbf.normalised = true: want false"},
	} {
		text := "version = 1\n" + test.text
		if !strings.Contains(test.text, "[model]") && !strings.HasPrefix(test.text, "[rbf]") {
			text = "version = 1\n[model]\nkind = 'rbf'\n[rbf]\n" + test.text
		}
		if _, err := recipe.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Parse() = %v, want %q in it", test.name, err, test.want)
		}
	}
}

// All faults are named at once.
func TestValidateAll(t *testing.T) {
	r := recipe.Default()
	r.Precision, r.Data.Count, r.Model.Rho, r.Optimizer.Memory = "x", -1, 1.2, 0
	err := r.Validate()
	if err == nil {
		t.Fatal("Validate() = nil")
	}
	for _, key := range []string{"precision", "data.count", "model.rho", "optimizer.memory"} {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("Validate() = %v, want %s in it", err, key)
		}
	}
}

func TestSet(t *testing.T) {
	base, err := recipe.Open("edges")
	if err != nil {
		t.Fatal(err)
	}
	base.Preprocess = []preprocess.Spec{{Step: "zca"}}
	epsilon := 0.25
	for _, test := range []struct {
		set  string
		want func(r *recipe.Recipe)
	}{
		{"seed=7", func(r *recipe.Recipe) { r.Seed = 7 }},
		{"model.lambda=1e-5", func(r *recipe.Recipe) { r.Model.Lambda = 1e-5 }},
		{"model.beta = 2", func(r *recipe.Recipe) { r.Model.Beta = 2 }},
		{"Model.Hidden=9", func(r *recipe.Recipe) { r.Model.Hidden = 9 }},
		{"model.decoder=linear", func(r *recipe.Recipe) { r.Model.Decoder = "linear" }},
		{"optimizer.iterations=50", func(r *recipe.Recipe) { r.Optimizer.Iterations = 50 }},
		{"optimizer.schedule.name=plateau", func(r *recipe.Recipe) { r.Optimizer.Schedule.Name = "plateau" }},
		{"optimizer.schedule.warm_up=5", func(r *recipe.Recipe) { r.Optimizer.Schedule.WarmUp = 5 }},
		{"preprocess.0.epsilon=0.25", func(r *recipe.Recipe) { r.Preprocess = []preprocess.Spec{{Step: "zca", Epsilon: &epsilon}} }},
		{"preprocess.0.step=scale", func(r *recipe.Recipe) { r.Preprocess = []preprocess.Spec{{Step: "scale"}} }},
		{"data.path=my photos/2024 = best", func(r *recipe.Recipe) { r.Data.Path = "my photos/2024 = best" }},
		{"data.path=2024", func(r *recipe.Recipe) { r.Data.Path = "2024" }},
		{`data.path="quoted"`, func(r *recipe.Recipe) { r.Data.Path = "quoted" }},
		{"data.whiten=false", func(r *recipe.Recipe) { r.Data.Whiten = false }},
		{"name=true", func(r *recipe.Recipe) { r.Name = "true" }},
	} {
		t.Run(test.set, func(t *testing.T) {
			before := string(base.Encode())
			got, err := base.Set(test.set)
			if err != nil {
				t.Fatal(err)
			}
			want, err := recipe.Parse(base.Encode())
			if err != nil {
				t.Fatal(err)
			}
			test.want(&want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if string(base.Encode()) != before {
				t.Error("Set changed its receiver")
			}
		})
	}
}

func TestSetRBF(t *testing.T) {
	base, err := recipe.Open("rbf-1d")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		set  string
		want func(r *recipe.Recipe)
	}{
		{"rbf.count=40", func(r *recipe.Recipe) { r.RBF.Count = 40 }},
		{"rbf.width=2", func(r *recipe.Recipe) { r.RBF.Width = 2 }},
		{"rbf.expression=x^2 = 1", func(r *recipe.Recipe) { r.RBF.Expression = "x^2 = 1" }},
		{"rbf.path=2024", func(r *recipe.Recipe) { r.RBF.Path = "2024" }},
		{"optimizer.method=adam", func(r *recipe.Recipe) { r.Optimizer.Method = "adam" }},
		{"rbf.train_by_gradient=true", func(r *recipe.Recipe) { r.RBF.TrainByGradient = true }},
	} {
		got, err := base.Set(test.set)
		if err != nil {
			t.Fatal(err)
		}
		want := base
		test.want(&want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", test.set, diff)
		}
	}
}

func TestSetErrors(t *testing.T) {
	r, err := recipe.Open("strokes")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ set, want string }{
		{"seed", "want key=value"},
		{"=3", "want key=value"},
		{"sped=3", "there is no key sped"},
		{"model.hiden=3", "there is no key model.hiden"},
		{"modell.hidden=3", "there is no section modell"},
		{"model.lambda.x=3", "there is no section lambda"},
		{"schedule.name=step", "there is no key schedule"},
		{"optimizer.schedule.nam=step", "there is no key optimizer.schedule.nam"},
		{"model=5", "not a value for this key"},
		{"model.hidden=many", "want a whole number"},
		{"model.hidden=2.5", "want a whole number"},
		{"model.rho=", "want a number"},
		{"preprocess.1.epsilon=1", "preprocess has 1 steps"},
		{"preprocess.x.epsilon=1", "preprocess has 1 steps"},
		{"preprocess.0=1", "preprocess has 1 steps"},
		{"preprocess.0.sigma=1", "there is no key preprocess.0.sigma"},
	} {
		t.Run(test.set, func(t *testing.T) {
			got, err := r.Set(test.set)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "--set "+test.set) {
				t.Errorf("Set() = %v, want %q in it", err, test.want)
			}
			if diff := cmp.Diff(r, got); diff != "" {
				t.Errorf("after an error: %s", diff)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	r, err := recipe.Open(write("good.toml", "version = 1\nname = 'mine'\n"))
	if err != nil || r.Name != "mine" {
		t.Errorf("Open() = %q, %v", r.Name, err)
	}
	for _, test := range []struct{ name, open, want string }{
		{"unknown name", "edgs", "there is no recipe edgs: want one of edges, strokes"},
		{"no file", filepath.Join(dir, "none.toml"), "none.toml"},
		{"a folder", dir + "/sub.toml", "is a directory"},
		{"broken", write("broken.toml", "version = 1\n[model\n"), "broken.toml: line 2"},
		{"too large", write("large.toml", strings.Repeat("#\n", 1<<20)), "too large for a recipe"},
	} {
		if test.name == "a folder" {
			if err := os.Mkdir(test.open, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := recipe.Open(test.open); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: Open() = %v, want %q in it", test.name, err, test.want)
		}
	}
}

func TestWithData(t *testing.T) {
	for _, test := range []struct{ recipe, want string }{
		{"edges", recipe.SourceFiles}, {"strokes", recipe.SourceFiles}, {"ufldl-mnist", recipe.SourceMNIST},
	} {
		r, err := recipe.Open(test.recipe)
		if err != nil {
			t.Fatal(err)
		}
		got := r.WithData("x")
		if got.Data.Source != test.want || got.Data.Path != "x" || got.Data.Count != r.Data.Count {
			t.Errorf("%s: WithData() = %+v", test.recipe, got.Data)
		}
		if err := got.Validate(); err != nil {
			t.Errorf("%s: %v", test.recipe, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range recipe.Builtin() {
		f.Add(string(r.Encode()))
	}
	f.Add("version = 1\n[[preprocess]]\nstep = 'zca'\nepsilon = 1e-3\n[model]\nrho = 1.2\n")
	f.Add("version = 1\nseed = -1")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := recipe.Parse([]byte(text))
		if err != nil {
			if strings.Contains(err.Error(), "%!") || err.Error() == "" {
				t.Errorf("error text %q", err)
			}
			return
		}
		roundTrip(t, r)
	})
}

// TestPaths reads several files together.
func TestPaths(t *testing.T) {
	r, err := recipe.Parse([]byte("version = 1\n[data]\nsource = 'files'\npaths = ['a.png', 'b']\n"))
	if err != nil || !slices.Equal(r.Data.Paths, []string{"a.png", "b"}) {
		t.Fatalf("%v, paths %q", err, r.Data.Paths)
	}
	again, err := recipe.Parse(r.Encode())
	if err != nil || !slices.Equal(again.Data.Paths, r.Data.Paths) {
		t.Errorf("%v, paths %q after writing", err, again.Data.Paths)
	}
	if one := r.WithData("c.png"); one.Data.Paths != nil || one.Data.Path != "c.png" {
		t.Errorf("one file makes %+v", one.Data)
	}
}
