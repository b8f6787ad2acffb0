package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"filterscope/engine/experiment"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
)

func rbfCommand() *command {
	return &command{
		name: "rbf",
		args: "RECIPE|MODEL [--data PATH] [--set key=value]... [--out DIR] [--json] [--quiet]",
		about: "fit radial basis functions: a curve, a field, an image, or a surface through points\n" +
			"RECIPE is a built-in name (see filterscope recipes) or a .toml file; --data gives it points (.csv, .npy,\n" +
			".ply, .xyz) or an image. --out gets the model, its predictions and figures, and of a surface the mesh.\n" +
			"A saved MODEL (.safetensors) is evaluated at the places in --data; without --data its files are written.\n" +
			"Ctrl-C ends a training or the growth of an image with what was reached.",
		flags: func(c *call) {
			c.flags.StringVar(&c.data, "data", "", "the points or the image at `PATH`; of a model, the places to evaluate")
			c.flags.Var(&c.set, "set", "change a value of the recipe: `key=value`, e.g. rbf.count=40")
			c.flags.StringVar(&c.out, "out", "", "write the results into the folder `DIR`")
			jsonFlag(c)
			c.flags.BoolVar(&c.quiet, "quiet", false, "show no progress")
		},
		run: runRBF,
	}
}

// number is a float that JSON shows as null when it is NaN or infinite.
type number float64

// MarshalJSON writes the number, or null.
func (n number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return strconv.AppendFloat(nil, v, 'g', -1, 64), nil
	}
	return []byte("null"), nil
}

func runRBF(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("recipe or model")
	if err != nil {
		return err
	}
	if c.out != "" { // before the work, not after it
		if err := modelio.CheckFolder(c.out); err != nil {
			return err
		}
	}
	progress := newMeter(t.Err, c.quiet)
	defer progress.close()
	if isModel(name) {
		return runRBFModel(ctx, t, c, name, progress)
	}
	r, err := recipe.Open(name)
	if err != nil {
		return err
	}
	if err := r.WantRBF(); err != nil {
		return usageError{err.Error()}
	}
	if r, err = c.change(r); err != nil {
		return err
	}
	study, err := experiment.Prepare(ctx, r, progress.show)
	if err != nil {
		return err
	}
	result, err := experiment.Run(ctx, study, progress.show)
	if err != nil {
		return err
	}
	progress.close()
	for _, note := range study.Notes {
		fmt.Fprintf(t.Err, "note: %s\n", note)
	}
	return c.reportRBF(t, result)
}

// runRBFModel evaluates a saved model, or writes its files again.
func runRBFModel(ctx context.Context, t Terminal, c *call, name string, progress *meter) error {
	if len(c.set) > 0 {
		return usagef("--set: a model is as it was fitted; fit its recipe again instead")
	}
	model, err := modelio.Load(name)
	if err != nil {
		return err
	}
	result, err := experiment.Open(ctx, model, progress.show)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.data == "" {
		progress.close()
		return c.reportRBF(t, result)
	}
	query, err := result.Answer(ctx, c.data, progress.show)
	if err != nil {
		return err
	}
	progress.close()
	rep := struct {
		Of     string   `json:"of"`
		Data   string   `json:"data"`
		Points int      `json:"points"`
		RMSE   number   `json:"rmse"`
		Lowest number   `json:"lowest"`
		Most   number   `json:"highest"`
		Files  []string `json:"files"`
	}{name, c.data, query.Len(), number(query.RMSE), number(slices.Min(query.Predicted)), number(slices.Max(query.Predicted)), []string{}}
	if c.out != "" {
		if rep.Files, err = query.Write(c.out); err != nil {
			return err
		}
	}
	if c.json {
		return printJSON(t.Out, rep)
	}
	fmt.Fprintf(t.Out, "%s at %d places of %s: %.6g to %.6g\n", name, rep.Points, rep.Data, rep.Lowest, rep.Most)
	if query.Y != nil {
		fmt.Fprintf(t.Out, "RMSE %.6g against their values\n", query.RMSE)
	}
	printFiles(t.Out, rep.Files)
	return nil
}

// reportRBF writes the files and says what was found. The files are also
// written when the work was interrupted, and so not with its context.
func (c *call) reportRBF(t Terminal, result *experiment.Result) error {
	rep := newRBFReport(result)
	if c.out != "" {
		var err error
		if rep.head().Files, err = result.Write(context.Background(), c.out); err != nil {
			return err
		}
	}
	if c.json {
		return printJSON(t.Out, rep)
	}
	h := rep.head()
	fmt.Fprintf(t.Out, "%s  %s  %s  %s  %d points  %.3f s\n", h.Recipe, h.Task, h.Data, h.Kernel, h.Points, h.Seconds)
	rep.print(t.Out)
	if h.Reason != "" {
		fmt.Fprintf(t.Out, "ended: %s\n", h.Reason)
	}
	printFiles(t.Out, h.Files)
	return nil
}

func printFiles(w io.Writer, files []string) {
	for _, f := range files {
		fmt.Fprintln(w, f)
	}
}
