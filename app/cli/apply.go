package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

func applyFlags(formats string) func(c *call) {
	return func(c *call) {
		c.flags.StringVar(&c.data, "data", "", "the data at `PATH` (default: those that the model was trained on)")
		c.flags.StringVar(&c.out, "out", "", "write `FILE`: "+formats)
		jsonFlag(c)
	}
}

func encodeCommand() *command {
	return &command{
		name: "encode", args: "MODEL [--data PATH] [--layer K] --out codes.npy|.csv [--json]",
		about: "write the codes of data: the activations of the hidden units, n×hidden",
		flags: func(c *call) {
			applyFlags(".npy or .csv")(c)
			c.flags.IntVar(&c.layer, "layer", -1, "the hidden layer `K`, counted from 0 (default: the codes)")
		},
		run: func(ctx context.Context, t Terminal, c *call) error {
			trained, problem, err := c.apply(ctx, t, ".npy", ".csv")
			if err != nil {
				return err
			}
			codes := trained.Encode(problem, c.layer)
			if err := writeMatrix(c.out, codes, codeNames(trained, c.layer, codes.Cols), nil); err != nil {
				return err
			}
			return c.wrote(t, codes)
		},
	}
}

// checkLayer returns an error unless the model has that layer; -1 stands for one
// of its own choice.
func checkLayer(t *train.Trained, layer int) error {
	if n := len(t.Spec.Layers()); layer < -1 || layer >= n {
		return usagef("--layer %d: this model has the layers 0 to %d", layer, n-1)
	}
	return nil
}

func reconstructCommand() *command {
	return &command{
		name: "reconstruct", args: "MODEL [--data PATH] --out out.npy|.csv|.png [--json]",
		about: "write the reconstructions of data\n" +
			".npy and .csv hold them in the units of the input, as far as the preprocessing can be undone, a .csv with\n" +
			"categories by name. A .png shows the first examples as the network sees them: input, reconstruction,\n" +
			"signed error.",
		flags: applyFlags(".npy, .csv or .png"),
		run: func(ctx context.Context, t Terminal, c *call) error {
			trained, problem, err := c.apply(ctx, t, ".npy", ".csv", ".png")
			if err != nil {
				return err
			}
			out := trained.Reconstruct(problem)
			if strings.EqualFold(filepath.Ext(c.out), ".png") {
				if err := writeSheet(c.out, problem, out); err != nil {
					return err
				}
				return c.wrote(t, out)
			}
			if out, err = trained.Pipeline.Invert(problem.Data, 0, out); err != nil {
				return err
			}
			if err := writeMatrix(c.out, out, reconstructionNames(problem), categories(problem)); err != nil {
				return err
			}
			return c.wrote(t, out)
		},
	}
}

// apply opens the model and prepares the data for it, after a look at --out.
func (c *call) apply(ctx context.Context, t Terminal, endings ...string) (*train.Trained, *train.Problem, error) {
	name, err := c.want("model")
	if err != nil {
		return nil, nil, err
	}
	if err := c.checkOut(endings...); err != nil {
		return nil, nil, err
	}
	trained, err := openModel(name)
	if err != nil {
		return nil, nil, err
	}
	if err := checkLayer(trained, c.layer); err != nil {
		return nil, nil, err
	}
	r := trained.Recipe
	if c.data != "" {
		r = r.WithData(c.data)
		r.Data.Count = 0
	}
	r.Precision = "float64"
	progress := newMeter(t.Err, false)
	defer progress.close()
	problem, err := trained.Prepare(ctx, r, progress.show)
	if err != nil {
		return nil, nil, err
	}
	progress.close()
	for _, w := range problem.Warnings {
		fmt.Fprintf(t.Err, "warning: %s\n", w)
	}
	return trained, problem, nil
}

// checkOut reports whether --out is there, has a known ending, and lies in a
// folder that can be written.
func (c *call) checkOut(endings ...string) error {
	if c.out == "" {
		return usagef("--out FILE is missing")
	}
	for _, e := range endings {
		if !strings.EqualFold(filepath.Ext(c.out), e) {
			continue
		}
		dir := filepath.Dir(c.out)
		if err := modelio.CheckFolder(dir); err != nil {
			return err
		}
		if _, err := os.Stat(dir); err != nil {
			return fmt.Errorf("cannot write %s: there is no folder %s", c.out, dir)
		}
		if info, err := os.Stat(c.out); err == nil && info.IsDir() {
			return fmt.Errorf("cannot write %s: there is a folder of that name", c.out)
		}
		return nil
	}
	return usagef("--out %s: want a file that ends in %s", c.out, strings.Join(endings, " or "))
}

// wrote reports the file that was written.
func (c *call) wrote(t Terminal, m linalg.Matrix[float64]) error {
	if c.json {
		return printJSON(t.Out, struct {
			Rows  int      `json:"rows"`
			Cols  int      `json:"cols"`
			Files []string `json:"files"`
		}{m.Rows, m.Cols, []string{c.out}})
	}
	fmt.Fprintf(t.Out, "%s: %d×%d\n", c.out, m.Rows, m.Cols)
	return nil
}

// writeMatrix writes m as .npy (float64) or as .csv with a header and, of columns
// that have levels, their names.
func writeMatrix(path string, m linalg.Matrix[float64], columns []string, levels [][]string) error {
	return modelio.WriteFile(path, func(w io.Writer) error {
		if strings.EqualFold(filepath.Ext(path), ".npy") {
			return npy.Write(w, npy.New(m.Clone().Data, m.Rows, m.Cols))
		}
		return modelio.WriteCSV(w, columns, m, levels)
	})
}

// sheetExamples is how many examples a picture of reconstructions shows.
const sheetExamples = 24

// writeSheet draws the first examples, their reconstructions and the errors.
func writeSheet(path string, p *train.Problem, out linalg.Matrix[float64]) error {
	g := p.Geometry()
	if !g.IsImage() {
		return fmt.Errorf("what the network sees of %s is no image: write .npy or .csv instead of .png", p.Data.Name)
	}
	n := min(sheetExamples, p.Data.N)
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	input := linalg.NewMatrix[float64](n, p.Visible())
	linalg.Convert(input, p.Examples(rows))
	sheet := render.NewSheet(n, 3, g, 12, 3, 3)
	img := image.NewRGBA(sheet.Bounds())
	render.DrawSheet(img, img.Rect, sheet,
		render.Reconstructions(input, out.Slice(0, n), render.UnitRange(), 1, render.BlueWhiteOrange), render.Options{})
	return modelio.WriteFile(path, func(w io.Writer) error { return render.EncodePNG(w, img, nil) })
}
