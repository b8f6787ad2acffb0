package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"

	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// sampleFlags say what a model is asked to make up.
type sampleFlags struct {
	side, steps int
	seed        uint64
	grid        bool
	from        string
}

// Where the Gibbs chains of sample may start.
const fromNoise, fromExamples = "noise", "examples"

// Limits of what sample makes.
const (
	maxSampleSide  = 200
	maxSampleSteps = 1_000_000
)

func sampleCommand() *command {
	return &command{
		name: "sample", args: "MODEL --out FILE.png|.npy|.csv [--n N] [--grid] [--steps K] [--from noise|examples] [--data PATH] [--seed S] [--json]",
		about: "let a variational autoencoder or a Boltzmann machine make up N×N examples\n" +
			"A variational autoencoder decodes codes drawn from the prior, or with --grid a map of its first two units at\n" +
			"the quantiles of the normal distribution, the second one upwards. A Boltzmann machine shows the means of its\n" +
			"visible units after K Gibbs steps, from noise of their biases or from examples of its training data, which --data may\n" +
			"replace. .png shows them as the network does, .npy and .csv hold\n" +
			"them in the units of the training data.",
		flags: func(c *call) {
			f := &c.sample
			c.flags.StringVar(&c.out, "out", "", "write `FILE`: .png, .npy or .csv")
			c.flags.IntVar(&f.side, "n", 8, "`N` rows of N examples")
			c.flags.BoolVar(&f.grid, "grid", false, "a map of the codes")
			c.flags.IntVar(&f.steps, "steps", 1000, "`K` Gibbs steps")
			c.flags.StringVar(&f.from, "from", fromNoise, "start the chains from `noise` or examples")
			c.flags.StringVar(&c.data, "data", "", "the examples at `PATH`, for --from examples")
			c.flags.Uint64Var(&f.seed, "seed", 1, "`S`, of what is drawn")
			jsonFlag(c)
		},
		run: runSample,
	}
}

func runSample(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("model")
	if err != nil {
		return err
	}
	if err := c.checkOut(".png", ".npy", ".csv"); err != nil {
		return err
	}
	f := c.sample
	if f.side < 1 || f.side > maxSampleSide || f.steps < 1 || f.steps > maxSampleSteps {
		return usagef("want --n 1 to %d and --steps 1 to %d", maxSampleSide, maxSampleSteps)
	}
	if f.from != fromNoise && f.from != fromExamples {
		return usagef("want --from %s or --from %s", fromNoise, fromExamples)
	}
	if c.data != "" && f.from != fromExamples {
		return usagef("--data is where chains start: add --from %s", fromExamples)
	}
	trained, err := openModel(name)
	if err != nil {
		return err
	}
	var made linalg.Matrix[float64]
	switch s := trained.Spec.(type) {
	case network.Variational:
		if f.from != fromNoise {
			return usagef("--from is of Boltzmann machines: a variational autoencoder draws its codes from the prior")
		}
		if f.grid && s.Model.Latent < 2 {
			return fmt.Errorf("%s has a code of one unit, and --grid wants two: leave it out", name)
		}
		made = trained.Imagine(s, f.side, f.grid, f.seed)
	case network.RBM:
		if f.grid {
			return usagef("--grid is of variational autoencoders: a Boltzmann machine has no map of codes")
		}
		progress := newMeter(t.Err, c.json)
		defer progress.close()
		var examples *train.Problem
		if f.from == fromExamples {
			if examples, err = c.examples(ctx, trained, progress.show); err != nil {
				return err
			}
		}
		if made, err = trained.Fantasies(ctx, s, examples, f.side*f.side, f.steps, f.seed, progress.show); err != nil {
			return err
		}
		progress.close()
	default:
		return fmt.Errorf("%s is of kind %s: only a variational autoencoder and a Boltzmann machine make examples up", name, trained.Recipe.Model.Kind)
	}
	if strings.EqualFold(filepath.Ext(c.out), ".png") {
		if err := writeSamples(c.out, trained, made, f.side); err != nil {
			return err
		}
		return c.wrote(t, made)
	}
	if made, err = trained.Pipeline.Invert(nil, 0, made); err != nil {
		return err
	}
	if err := writeMatrix(c.out, made, columnNames("x", made.Cols), nil); err != nil {
		return err
	}
	return c.wrote(t, made)
}

// examples loads what --data names, or without it the data of the model's recipe.
func (c *call) examples(ctx context.Context, t *train.Trained, progress train.Progress) (*train.Problem, error) {
	r, err := c.change(t.Recipe)
	if err != nil {
		return nil, err
	}
	return t.Prepare(ctx, r, progress)
}

// writeSamples draws examples as the network sees them, or in the units of the
// data where those alone are images: from black to white the range 0 to 1, or
// their own when they leave it.
func writeSamples(path string, t *train.Trained, made linalg.Matrix[float64], side int) error {
	if !t.Geometry.IsImage() {
		return fmt.Errorf("what the model makes is no image: write .npy or .csv instead of .png")
	}
	if made.Cols != t.Geometry.Features() {
		var err error
		if made, err = t.Pipeline.Invert(nil, 0, made); err != nil {
			return err
		}
	}
	low, high := 0.0, 1.0
	for i := range made.Rows {
		for _, v := range made.Row(i) {
			low, high = min(low, v), max(high, v)
		}
	}
	contrast := render.Contrast{Scales: make([]float64, made.Rows), Centres: make([]float64, made.Rows)}
	for i := range contrast.Scales {
		contrast.Scales[i], contrast.Centres[i] = (high-low)/2, (high+low)/2
	}
	grid := render.NewGrid(made.Rows, t.Geometry, side, 2, 2)
	img := image.NewRGBA(grid.Bounds())
	render.Draw(img, img.Rect, made, grid, contrast, render.Options{})
	return modelio.WriteFile(path, func(w io.Writer) error {
		return render.EncodePNG(w, img, map[string]string{"Software": "Filterscope " + Version(), "Source": t.Recipe.Name})
	})
}
