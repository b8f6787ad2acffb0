package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/train"
)

func exportCommand() *command {
	return &command{
		name: "export", args: "MODEL --out DIR [--json]",
		about: "write weights and biases as tables, named as H2O names them\n" +
			"weights_layerK.csv has a row for each unit of layer K and a column for each of its inputs, biases_layerK.csv\n" +
			"one column; K counts from 1 to the output layer. A maxout unit has two rows. train --h2o writes them too.",
		flags: func(c *call) {
			c.flags.StringVar(&c.out, "out", "", "write into the folder `DIR`")
			jsonFlag(c)
		},
		run: runExport,
	}
}

func runExport(_ context.Context, t Terminal, c *call) error {
	name, err := c.want("model")
	if err != nil {
		return err
	}
	if c.out == "" {
		return usagef("--out DIR is missing")
	}
	if err := modelio.CheckFolder(c.out); err != nil {
		return err
	}
	trained, err := openModel(name)
	if err != nil {
		return err
	}
	files, err := writeLayers(c.out, trained, nil)
	if err != nil {
		return err
	}
	if c.json {
		return printJSON(t.Out, struct {
			Files []string `json:"files"`
		}{files})
	}
	for _, f := range files {
		fmt.Fprintln(t.Out, f)
	}
	return nil
}

// writeLayers writes the layers of a model into dir as H2O's frames of weights
// and biases; inputs names what the network sees, nil for C1, C2, …
func writeLayers(dir string, t *train.Trained, inputs []string) (files []string, err error) {
	layers, ok := network.DenseLayers(t.Spec, t.Parameters)
	if !ok {
		return nil, fmt.Errorf("a model of kind %s has no layers that H2O knows: weights.npz holds its tensors", t.Recipe.Model.Kind)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("make the folder for the weights: %w", err)
	}
	write := func(name string, columns []string, m linalg.Matrix[float64]) error {
		path := filepath.Join(dir, name)
		files = append(files, path)
		return modelio.WriteFile(path, func(w io.Writer) error { return modelio.WriteCSV(w, columns, m, nil) })
	}
	for k, layer := range layers {
		if k > 0 || inputs == nil {
			inputs = h2oNames("C", layer.Weight.Cols)
		}
		if err := write(fmt.Sprintf("weights_layer%d.csv", k+1), inputs, layer.Weight); err != nil {
			return files, err
		}
		bias := linalg.MatrixOf(len(layer.Bias), 1, layer.Bias)
		if err := write(fmt.Sprintf("biases_layer%d.csv", k+1), []string{"C1"}, bias); err != nil {
			return files, err
		}
	}
	return files, nil
}
