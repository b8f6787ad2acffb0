package app

import (
	"strings"
	"testing"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/recipe"
)

// trained starts a quick run of a recipe on a few small drawn digits in a desk and
// waits until it has ended.
func trained(t *testing.T, name string, change func(r *recipe.Recipe)) *desk {
	t.Helper()
	r, err := recipe.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	r.Data = recipe.Data{Source: recipe.SourceDigits, Count: 240, Validation: r.Data.Validation}
	if change != nil {
		change(&r)
	}
	d := newDesk(t)
	d.choose(r)
	d.start()
	if text := d.banner.Text(); text != "" {
		t.Fatal(text)
	}
	d.untilEnded()
	if err := d.session.run.err; err != nil {
		t.Fatal(err)
	}
	return d
}

// The corrupted inputs of a sheet are those of the network in training, they stay from frame to frame, and what is
// reconstructed is them, while errors are against the clean input.
func TestCorruptedRow(t *testing.T) {
	alone(t)
	d := trained(t, "dl4j-denoising", func(r *recipe.Recipe) { r.Optimizer.Epochs, r.Model.Hidden = 1, 12 })
	d.char('3')
	d.settle()
	f := d.frame.sheet
	if got, want := rowsText(f), "rows: input, corrupted, output, error ±1"; got != want {
		t.Fatalf("%q, want %q", got, want)
	}
	run := d.session.run
	deep := run.problem.Spec().(network.Deep).Model
	if deep.Level == 0 {
		t.Fatal("the recipe corrupts nothing")
	}
	clean := run.problem.Examples(f.examples)
	given := linalg.NewMatrix[float32](clean.Rows, clean.Cols)
	autoencoder.Corrupt(deep, 0, 0, clean, given)
	differ := 0
	for i, v := range given.Row(2) {
		if got := f.rows[1].Value(2, i); got != float64(v) {
			t.Fatalf("feature %d of example 2 is %v, want %v", i, got, v)
		}
		if v != clean.At(2, i) {
			differ++
		}
	}
	if differ == 0 {
		t.Error("nothing was corrupted")
	}
	out := linalg.NewMatrix[float32](clean.Rows, clean.Cols)
	network.NewNetwork[float32](run.problem.Spec()).Reconstruct(d.frame.theta, given, out)
	for k, want := range analysis.SquaredErrors(clean, out) {
		if f.errors[k] != want {
			t.Fatalf("the error of example %d is %v, want %v", k, f.errors[k], want)
		}
	}
}

// A click on an example selects it: its exact error is in the line below.
func TestSelectExample(t *testing.T) {
	alone(t)
	d := finished(t)
	d.char('3')
	d.settle()
	f := d.frame.sheet
	d.reconstruct.pick(pixelOf3(f.layout, 3, 1, 0, 0))
	if got := d.reconstruct.caption.Text(); !strings.HasPrefix(got, "example 3 selected: squared error ") {
		t.Errorf("the line says %q", got)
	}
	d.reconstruct.choose(worstExamples)
	d.settle()
	if k := d.reconstruct.shown(); k >= 0 && d.frame.sheet.examples[k] != 3 {
		t.Errorf("the selection moved to example %d", d.frame.sheet.examples[k])
	}
}

// The draws of a variational autoencoder's codes are the same in every frame.
func TestDrawRows(t *testing.T) {
	alone(t)
	d := trained(t, "dl4j-vae", func(r *recipe.Recipe) {
		r.Optimizer.Epochs, r.Model.Latent, r.Model.Layers, r.Model.DecoderLayers = 1, 2, []int{16}, []int{16}
	})
	d.char('3')
	d.settle()
	f := d.frame.sheet
	if got, want := rowsText(f), "rows: input, output, 3 draws, deviation, error ±1"; got != want {
		t.Fatalf("%q, want %q", got, want)
	}
	one, two := f.rows[2], f.rows[3]
	same := true
	for j := range one.X.Cols {
		same = same && one.Value(0, j) == two.Value(0, j)
	}
	if same {
		t.Error("two draws are the same")
	}
	before := one.Value(1, 300)
	d.reconstruct.changed()
	d.settle()
	if now := d.frame.sheet.rows[2].Value(1, 300); now != before {
		t.Errorf("a draw changed from %v to %v", before, now)
	}
}
