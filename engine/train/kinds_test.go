package train_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// ofKind returns a recipe of a kind that trains in milliseconds, and its data.
func ofKind(kind, precision string) (recipe.Recipe, *dataset.Dataset) {
	pretrain := 0
	if kind == pretrained {
		kind, pretrain = recipe.KindDeep, 2
	}
	r := recipe.DefaultOf(kind)
	r.Precision, r.Preprocess, r.Model.Pretrain = precision, nil, pretrain
	data := cloud(100, 8)
	for i := range data.N {
		data.Labels = append(data.Labels, i%3)
	}
	m := &r.Model
	m.Hidden = 5
	if m.Has("layers") {
		m.Layers = []int{6, 3}
	}
	if m.Has("latent") {
		m.DecoderLayers, m.Latent = []int{6}, 2
	}
	m.SoftmaxIterations = 5
	r.Optimizer.Epochs, r.Optimizer.Batch, r.Optimizer.Iterations = 3, 30, 8
	if kind == recipe.KindSelection {
		r.Data.Source, r.Data.Count = recipe.SourcePieces, 60
		data = nil
	}
	return r, data
}

func prepareKind(t *testing.T, kind, precision string) *train.Problem {
	t.Helper()
	r, data := ofKind(kind, precision)
	if data != nil {
		return prepare(t, r, data)
	}
	p, err := train.Prepare(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// pretrained stands for a deep autoencoder that is trained layer by layer first.
const pretrained = "pre-trained"

// networks are the kinds that are trained.
var networks = append(slices.DeleteFunc(recipe.Kinds(), func(kind string) bool { return kind == recipe.KindRBF }), pretrained)

// TestKindsSameBits trains every kind on one processor and on two.
func TestKindsSameBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, kind := range networks {
		for _, precision := range []string{"float32", "float64"} {
			t.Run(kind+"/"+precision, func(t *testing.T) {
				var results [2]*train.Result
				for k := range results {
					runtime.GOMAXPROCS(k + 1)
					var err error
					if results[k], err = train.Run(t.Context(), prepareKind(t, kind, precision), train.Options{}); err != nil {
						t.Fatal(err)
					}
				}
				same(t, "one processor and two", results[0], results[1])
				if slices.Equal(results[0].Parameters, results[0].Problem.InitialParameters()) {
					t.Error("nothing was learned")
				}
			})
		}
	}
}

// TestKindsFiles saves a model of every kind, opens it, and imports its weights:
// the same parameters, the same evaluation.
func TestKindsFiles(t *testing.T) {
	for _, kind := range networks {
		t.Run(kind, func(t *testing.T) {
			p := prepareKind(t, kind, "float64")
			res, err := train.Run(t.Context(), p, train.Options{})
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			model, weights := filepath.Join(dir, "m.safetensors"), filepath.Join(dir, "w.npz")
			if err := modelio.Save(model, res.Model()); err != nil {
				t.Fatal(err)
			}
			if err := modelio.SaveNPZ(weights, res.Model()); err != nil {
				t.Fatal(err)
			}
			saved, err := modelio.Load(model)
			if err != nil {
				t.Fatal(err)
			}
			opened, err := train.Open(saved)
			if err != nil {
				t.Fatal(err)
			}
			foreign, err := modelio.LoadNPZ(weights)
			if err != nil {
				t.Fatal(err)
			}
			imported, err := train.Import(t.Context(), p.Recipe, foreign, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := p.Evaluate(train.HyperOf(p.Recipe), res.Parameters, nil)
			for name, got := range map[string]*train.Trained{"opened": opened, "imported": imported} {
				if !slices.Equal(got.Parameters, res.Parameters) {
					t.Errorf("%s: the parameters differ", name)
				}
				if terms, _ := p.Evaluate(train.HyperOf(got.Recipe), got.Parameters, nil); !slices.Equal(terms, want) {
					t.Errorf("%s: terms %v, want %v", name, terms, want)
				}
				for layer := range got.Spec.Layers() {
					codes, was := got.Encode(p, layer), res.Trained().Encode(p, layer)
					if codes.Cols != got.Spec.Layers()[layer].Units || !slices.Equal(codes.Clone().Data, was.Clone().Data) {
						t.Errorf("%s: the values of layer %d differ", name, layer)
					}
				}
			}
			if again := p.InitialParameters(); !slices.Equal(again, p.InitialParameters()) {
				t.Error("the initial parameters differ from call to call")
			}
		})
	}
}

// Fantasies start at examples of the problem, each once before any comes again,
// or at noise.
func TestFantasiesStart(t *testing.T) {
	p := prepareKind(t, recipe.KindRBM, "float64")
	trained := &train.Trained{Recipe: p.Recipe, Spec: p.Spec(), Parameters: p.InitialParameters()}
	spec, n := p.Spec().(network.RBM), p.Data.N
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	x := linalg.NewMatrix[float64](n, p.Visible())
	linalg.Convert(x, p.Examples(all))
	count := func(of *train.Problem) map[int]int {
		made, err := trained.Fantasies(t.Context(), spec, of, 2*n, 0, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		found := map[int]int{}
		for i := range made.Rows {
			found[slices.IndexFunc(all, func(k int) bool { return slices.Equal(x.Row(k), made.Row(i)) })]++
		}
		return found
	}
	if got := count(p); len(got) != n || got[-1] > 0 || got[0] != 2 {
		t.Errorf("2·%d chains start at %d examples, %d elsewhere", n, len(got), got[-1])
	}
	if got := count(nil); got[-1] != 2*n {
		t.Errorf("chains from noise start at examples: %v", got)
	}
}

// A deep autoencoder whose outputs are the shares of the classes of each pixel
// learns them, says so of data that are no shares, and is the same once opened.
func TestSoftmaxPixels(t *testing.T) {
	const side, classes, n = 4, 3, 60
	rng := rand.New(rand.NewPCG(2, 3))
	data := &dataset.Dataset{
		Name: "classes", N: n, D: side * side * classes, FullScale: 1,
		Geometry: dataset.Geometry{Width: side, Height: side, Channels: classes}, Singles: make([]float32, n*side*side*classes),
	}
	for i := range n {
		split := rng.IntN(side + 1) // what lies above it is of one class, what is below of another
		for p := range side * side {
			class := 0
			if p/side >= split {
				class = 1 + i%2
			}
			data.Singles[(i*side*side+p)*classes+class] = 1
		}
	}
	r := recipe.DefaultOf(recipe.KindDeep)
	r.Model.Layers, r.Model.Decoder, r.Model.Loss, r.Precision, r.Preprocess = []int{8}, recipe.DecoderSoftmax, "cross-entropy", "float64", nil
	r.Optimizer = recipe.DefaultOptimizer(recipe.KindSparse)
	p := prepare(t, r, data)
	if why := p.OutOfReach(); why != "" {
		t.Error(why)
	}
	res, err := train.Run(t.Context(), p, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Terms.Total(); got > 0.1*side*side {
		t.Errorf("cross-entropy %v an image of %d pixels", got, side*side)
	}
	opened, err := train.Open(res.Model())
	if err != nil {
		t.Fatal(err)
	}
	out := opened.Reconstruct(p)
	for i := range out.Rows {
		for px := range side * side {
			share := out.Row(i)[px*classes : (px+1)*classes]
			if sum := share[0] + share[1] + share[2]; math.Abs(sum-1) > 1e-12 {
				t.Fatalf("image %d, pixel %d: the shares %v add up to %v", i, px, share, sum)
			}
		}
	}
	for i := range data.Singles {
		data.Singles[i] += 0.25
	}
	if why := prepare(t, r, data).OutOfReach(); !strings.HasPrefix(why, "at 100 % of the places the 3 values along axis 2 do not add up to 1 (1.75 to 1.75)") {
		t.Error(why)
	}
	data.Singles[5] = -1
	if _, err := train.PrepareData(t.Context(), r, data, nil, nil); err == nil || !strings.Contains(err.Error(), "a softmax gives shares of 0 or more") {
		t.Errorf("a negative value: %v", err)
	}
}

// Salt and pepper are the extremes of the data as the network sees them.
func TestSaltAndPepper(t *testing.T) {
	for _, step := range []string{preprocess.Scale, preprocess.Standardise} {
		r := recipe.DefaultOf(recipe.KindDenoising)
		r.Model.Corruption, r.Model.Level = "salt-and-pepper", 0.5
		r.Model.Decoder, r.Model.Loss = "linear", "squared-error"
		r.Preprocess = []preprocess.Spec{{Step: step}}
		p := prepare(t, r, cloud(100, 8))
		all := make([]int, p.Data.N)
		for i := range all {
			all[i] = i
		}
		x := p.Examples(all)
		low, high := slices.Min(x.Data), slices.Max(x.Data)
		for _, q := range []*train.Problem{p, p.With(train.HyperOf(r))} {
			given := linalg.NewMatrix[float32](x.Rows, x.Cols)
			autoencoder.Corrupt(q.Spec().(network.Deep).Model, 1, 0, x, given)
			counts := map[string]int{}
			for i, v := range given.Data {
				switch v {
				case x.Data[i]:
					counts["clean"]++
				case low:
					counts["pepper"]++
				case high:
					counts["salt"]++
				default:
					t.Fatalf("%s: %v became %v, want %v or %v", step, x.Data[i], v, low, high)
				}
			}
			if counts["clean"] < 300 || counts["salt"] < 100 || counts["pepper"] < 100 {
				t.Errorf("%s: %v of %d", step, counts, len(given.Data))
			}
		}
	}
}
