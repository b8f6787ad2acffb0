package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"filterscope/app/cli"
)

// What a model cannot do with its data ends in one clear sentence.
func TestModelMistakes(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	toml := func(name string) string { return filepath.Join("testdata", name+".toml") }
	people := table(t, dir)
	narrow := write(t, dir, "narrow.csv", []byte("a,b\n1,2\n3,4\n"))
	negative := write(t, dir, "negative.csv", []byte("height,weight,age\n1,-2,3\n3,4,5\n"))
	deep, vae, machine := in("deep/model.safetensors"), in("vae/model.safetensors"), in("rbm/model.safetensors")
	done(t, nil, "train", "--quiet", toml("h2o"), "--data", people, "--out", in("deep"))
	done(t, nil, "train", "--quiet", toml("variational"), "--set", "model.latent=1", "--out", in("vae"))
	done(t, nil, "train", "--quiet", toml("rbm"), "--out", in("rbm"))
	positive := in("positive/model.safetensors")
	done(t, nil, "train", "--quiet", toml("variational"), "--data", people, "--set", "model.distribution=exponential", "--set", "model.decoder=linear", "--out", in("positive"))
	const memory = " GiB of memory to train: want at most 134.2 million parameters"
	stacked := []string{"train", toml("tiny"), "--set", "model.kind=stacked"}
	selection := []string{"train", "soft-selection", "--data", people}

	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"10⁷ sparse units", []string{"train", toml("tiny"), "--set", "model.hidden=10000000"}, 1, memory},
		{"10⁷ units of a machine", []string{"train", toml("rbm"), "--set", "model.hidden=10000000"}, 1, memory},
		{"10⁷ units of a code", []string{"train", toml("variational"), "--set", "model.latent=10000000"}, 1, memory},
		{"10⁷ deep units", []string{"train", "h2o-deep-features", "--set", "data.count=50", "--set", "model.layers=[10000000, 5]"}, 1, memory},
		{"10⁷ stacked units", append(stacked, "--set", "model.layers=[10000000]"), 1, memory},
		{"drawn examples beyond memory", []string{"train", "keras-identity", "--set", "data.count=10000000", "--set", "data.features=100000"}, 1, "10000000 examples of 100000 features take about "},
		{
			"bits beyond 0 and 1",
			[]string{"train", toml("rbm"), "--data", negative, "--set", "preprocess=[]"},
			1,
			"example 0, feature 1 is -2: binary visible units need values from 0 to 1; scale the data or choose gaussian ones",
		},
		{
			"cross-entropy beyond 0 and 1",
			[]string{"train", toml("h2o"), "--data", negative, "--set", "preprocess=[]", "--set", "model.decoder=sigmoid", "--set", "model.loss=cross-entropy"},
			1,
			"example 0, feature 1 is -2: cross-entropy needs values from 0 to 1; scale the data or choose another loss",
		},
		{"no units", []string{"train", toml("h2o"), "--data", people, "--set", "model.layers=[3, 0]"}, 2, "model.layers[1] = 0: want 1 to "},
		{"a decoder that mirrors nothing", []string{"train", toml("h2o"), "--data", people, "--set", "model.mirror=false", "--set", "model.tied=true"}, 2, "the decoder must mirror the encoder"},
		{"shares of other layers", []string{"train", toml("h2o"), "--data", people, "--set", "model.dropout=[0.1, 0.1]"}, 2, "one for each of 3 hidden layers"},
		{"another number of features", []string{"reconstruct", deep, "--data", narrow, "--out", in("x.csv")}, 1, "the model takes 3 features, narrow.csv has 2"},
		{
			"a distribution of too few columns",
			[]string{"train", toml("variational"), "--data", people, "--set", "model.decoder=linear", "--set", "model.distribution=gaussian:1+fixed-gaussian:1"},
			1, `model.distribution = "gaussian:1+fixed-gaussian:1" describes 2 features, and the network sees 3: make the numbers add up to that`,
		},
		{
			"a distribution that cannot have made the data",
			[]string{"train", toml("variational"), "--data", negative, "--set", "preprocess=[]", "--set", "model.distribution=exponential"},
			1, "the data do not suit the distribution of the model",
		},
		{"a distribution that is none", []string{"train", toml("variational"), "--set", "model.distribution=normal"}, 2, `"normal": want one of bernoulli, `},
		{"no labels for a softmax", append(stacked, "--data", people), 1, "have no labels: choose data with labels"},
		{"classes that are not there", append(stacked, "--set", "data.unlabelled=[10, 11]"), 1, "leaves 0 of the 200 examples"},
		{"no labels to set apart", []string{"train", toml("h2o"), "--data", people, "--set", "data.unlabelled=[1]"}, 1, "has no labels: leave it out"},
		{"selection of a table", selection, 2, "data.source"},
		{"gradients of a machine", []string{"gradcheck", toml("rbm")}, 1, "contrastive divergence"},
		{"a minimiser for a machine", []string{"train", toml("rbm"), "--set", "optimizer.method=lbfgs"}, 2, "optimizer.method"},
		{"H2O and a machine", []string{"train", toml("rbm"), "--h2o", "--out", in("o")}, 2, "has no layers that H2O knows"},
		{"H2O and nowhere", []string{"train", toml("h2o"), "--data", people, "--h2o"}, 2, "--h2o wants --out DIR"},
		{"export of a machine", []string{"export", machine, "--out", in("o")}, 1, "has no layers that H2O knows"},
		{"export nowhere", []string{"export", deep}, 2, "--out DIR is missing"},
		{"threshold", []string{"anomaly", deep, "--data", people, "--out", in("s.csv"), "--threshold", "high"}, 2, "--threshold high: want a number"},
		{"times", []string{"anomaly", deep, "--data", people, "--out", in("s.csv"), "--times", "0"}, 2, "want --times above 0"},
		{"scores of narrow rows", []string{"anomaly", deep, "--data", narrow, "--out", in("s.csv")}, 1, "the model takes 3 features"},
		{"samples of a deep one", []string{"sample", deep, "--out", in("s.npy")}, 1, "only a variational autoencoder and a Boltzmann machine"},
		{"a map of one unit", []string{"sample", vae, "--grid", "--out", in("s.npy")}, 1, "a code of one unit"},
		{"a map of a machine", []string{"sample", machine, "--grid", "--out", in("s.npy")}, 2, "has no map of codes"},
		{"too many samples", []string{"sample", machine, "--n", "1000", "--out", in("s.npy")}, 2, "want --n 1 to 200"},
		{"chains from nowhere", []string{"sample", machine, "--from", "dreams", "--out", in("s.npy")}, 2, "want --from noise or --from examples"},
		{"chains of a decoder", []string{"sample", vae, "--from", "examples", "--out", in("s.npy")}, 2, "--from is of Boltzmann machines"},
		{"chains from noise and data", []string{"sample", machine, "--data", people, "--out", in("s.npy")}, 2, "add --from examples"},
		{"a likelihood of what cannot be", []string{"eval", positive, "--data", negative}, 1, "the data do not suit the distribution of the model: example 0, feature 0 is -"},
		{"no codes", []string{"eval", vae, "--samples", "0"}, 2, "want --samples 1 to 1000"},
		{"a layer that is not there", []string{"encode", deep, "--layer", "4", "--data", people, "--out", in("c.csv")}, 2, "the layers 0 to 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errors := filterscope(t.Context(), append(tt.args, quiet(tt.args)...)...)
			if code != tt.code || out != "" {
				t.Errorf("exit %d, want %d; standard output %q", code, tt.code, out)
			}
			line := errors[strings.LastIndex(strings.TrimSuffix(errors, "\n"), "\n")+1:]
			if !strings.HasPrefix(line, "filterscope "+tt.args[0]+": ") || !strings.Contains(line, tt.want) {
				t.Errorf("got %q, want %q", line, tt.want)
			}
			if strings.Contains(line, "goroutine") || strings.Contains(line, "%!") {
				t.Errorf("got %q", line)
			}
		})
	}
}

// quiet returns the flag against progress, for the command that has it.
func quiet(args []string) []string {
	if args[0] == "train" {
		return []string{"--quiet"}
	}
	return nil
}

// A stacked autoencoder that is trained needs no labels any more.
func TestStackedWithoutLabels(t *testing.T) {
	dir := t.TempDir()
	model, codes := filepath.Join(dir, "s", "model.safetensors"), filepath.Join(dir, "codes.npy")
	done(t, nil, "train", "--quiet", filepath.Join("testdata", "tiny.toml"), "--set", "model.kind=stacked", "--set", "model.layers=[6, 4]",
		"--set", "model.softmax_iterations=3", "--out", filepath.Join(dir, "s"))
	rows := write(t, dir, "rows.csv", []byte(strings.Repeat(strings.Repeat("0.5,", 783)+"0.25\n", 3)))
	done(t, nil, "encode", model, "--data", rows, "--out", codes)
	if a := readNPY(t, codes); a.Shape[0] != 3 || a.Shape[1] != 4 {
		t.Errorf("codes of shape %v, want 3×4", a.Shape)
	}
	if code, _, errors := filterscope(t.Context(), "eval", model, "--data", rows); code != cli.ExitFailed || !strings.Contains(errors, "labels") {
		t.Errorf("eval without labels: exit %d, %q", code, errors)
	}
}

// What has no effect, and what cannot be learnt, is said, and the training goes on.
func TestWarnings(t *testing.T) {
	args := []string{
		"train", filepath.Join("testdata", "h2o.toml"), "--data", table(t, t.TempDir()), "--quiet",
		"--set", "optimizer.iterations=3", "--set", "optimizer.epochs=3", "--set", "optimizer.nesterov=true", "--set", "model.decoder=relu",
	}
	code, _, errors := filterscope(t.Context(), args...)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errors)
	}
	for _, want := range []string{
		"warning: optimizer.iterations has no effect: it is of method lbfgs and cg, and this recipe has adam\n",
		"warning: optimizer.nesterov has no effect: it is of method sgd, and this recipe has adam\n",
		" % of the values cannot be reconstructed: they go from -",
	} {
		if !strings.Contains(errors, want) {
			t.Errorf("%q, want %q in it", errors, want)
		}
	}
	if strings.Contains(errors, "epochs") {
		t.Errorf("%q: epochs count", errors)
	}
}
