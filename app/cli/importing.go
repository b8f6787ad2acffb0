package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/modelio"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

func importCommand() *command {
	return &command{
		name: "import", args: "WEIGHTS.npz|.mat|.json --recipe RECIPE --out MODEL.safetensors [--data PATH] [--set key=value]... [--json]",
		about: "make a model of weights that another program has learned\n" +
			"The .npz has encoder.0.weight (hidden×visible), encoder.0.bias, decoder.0.weight (visible×hidden) and\n" +
			"decoder.0.bias; the .json has W1, b1, W2 and b2 of the same shapes, and so has the .mat, or one vector\n" +
			"[W1(:); W2(:); b1(:); b2(:)] as UFLDL's exercises save it. Preprocessing that must be fitted\n" +
			"is fitted on --data, or on the recipe's own data, unless the .npz holds its numbers.",
		flags: func(c *call) {
			c.flags.StringVar(&c.recipe, "recipe", "", "the `RECIPE` that says how the network is defined")
			c.flags.StringVar(&c.data, "data", "", "fit the preprocessing on the data at `PATH`")
			c.flags.Var(&c.set, "set", "change a value of the recipe: `key=value`")
			c.flags.StringVar(&c.out, "out", "", "write the model to `FILE`.safetensors")
			jsonFlag(c)
		},
		run: runImport,
	}
}

func runImport(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("file of weights")
	if err != nil {
		return err
	}
	if c.recipe == "" {
		return usagef("--recipe RECIPE is missing")
	}
	r, err := c.openRecipe(c.recipe)
	if err != nil {
		return err
	}
	if err := c.checkOut(".safetensors"); err != nil {
		return err
	}
	weights, err := readWeights(name, r.Model.Hidden)
	if err != nil {
		return err
	}
	r.Precision = "float64" // the weights as they are, without rounding
	progress := newMeter(t.Err, false)
	defer progress.close()
	var data *dataset.Dataset
	if c.data != "" {
		if data, _, err = train.LoadData(ctx, r, progress.show); err != nil {
			return err
		}
	}
	trained, err := train.Import(ctx, r, weights, data)
	if errors.Is(err, train.ErrNotFitted) && r.Data.Source != recipe.SourceFiles {
		if data, _, err = train.LoadData(ctx, r, progress.show); err != nil {
			return err
		}
		trained, err = train.Import(ctx, r, weights, data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := modelio.Save(c.out, trained.Model()); err != nil {
		return err
	}
	progress.close()
	if c.json {
		return printJSON(t.Out, struct {
			Features int      `json:"features"`
			Hidden   int      `json:"hidden"`
			Files    []string `json:"files"`
		}{trained.Spec.Visible(), codesOf(trained.Spec), []string{c.out}})
	}
	fmt.Fprintf(t.Out, "%s: %d–%d–%d\n", c.out, trained.Spec.Visible(), codesOf(trained.Spec), trained.Spec.Outputs())
	return nil
}

// readWeights reads foreign weights from an .npz, a .mat or a .json file; of a
// vector of parameters hidden says how many hidden units it has, where there is
// a choice.
func readWeights(path string, hidden int) (*modelio.Model, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npz":
		return modelio.LoadNPZ(path)
	case ".mat":
		arrays, err := modelio.ReadArrays(path)
		if err != nil {
			return nil, err
		}
		m, err := modelio.FromArrays(arrays, hidden)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return m, nil
	case ".json":
		return readJSONWeights(path)
	}
	return nil, usagef("%s: want a .npz, a .mat or a .json file", path)
}

// readJSONWeights reads W1 (hidden×visible), b1, W2 (visible×hidden) and b2.
func readJSONWeights(path string) (*modelio.Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var w struct {
		W1, W2 [][]float64
		B1     []float64 `json:"b1"`
		B2     []float64 `json:"b2"`
	}
	if err := json.NewDecoder(f).Decode(&w); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(w.W1) == 0 || len(w.W1[0]) == 0 {
		return nil, fmt.Errorf("read %s: there is no matrix W1", path)
	}
	hidden, visible := len(w.W1), len(w.W1[0])
	layout := nn.NewLayout(
		nn.Tensor{Name: "encoder.0.weight", Shape: []int{hidden, visible}}, nn.Tensor{Name: "encoder.0.bias", Shape: []int{hidden}},
		nn.Tensor{Name: "decoder.0.weight", Shape: []int{visible, hidden}}, nn.Tensor{Name: "decoder.0.bias", Shape: []int{visible}},
	)
	m := &modelio.Model{Precision: "float64", Layout: layout}
	for k, part := range [][][]float64{w.W1, {w.B1}, w.W2, {w.B2}} {
		name, shape := [...]string{"W1", "b1", "W2", "b2"}[k], layout[k].Shape
		if len(shape) == 2 && len(part) != shape[0] {
			return nil, fmt.Errorf("read %s: %s has %d rows, want %d×%d numbers", path, name, len(part), shape[0], shape[1])
		}
		for i, row := range part {
			if want := shape[len(shape)-1]; len(row) != want {
				return nil, fmt.Errorf("read %s: row %d of %s has %d numbers, want %d", path, i, name, len(row), want)
			}
			m.Theta = append(m.Theta, row...)
		}
	}
	return m, nil
}
