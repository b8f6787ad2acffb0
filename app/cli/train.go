package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// report is what train --json prints.
type report struct {
	Recipe      string             `json:"recipe"`
	Seed        uint64             `json:"seed"`
	Precision   string             `json:"precision"`
	Kernel      string             `json:"kernel"`
	Data        string             `json:"data"`
	Examples    int                `json:"examples"`
	Features    int                `json:"features"`
	Hidden      int                `json:"hidden"`
	Parameters  int                `json:"parameters"`
	Iterations  int                `json:"iterations"`
	Evaluations int                `json:"evaluations"`
	Seconds     float64            `json:"seconds"` // training alone, not loading
	Terms       map[string]float64 `json:"terms"`
	Objective   float64            `json:"objective"`
	Measures    map[string]float64 `json:"measures,omitempty"`   // over all training examples; see measured
	Validation  *validation        `json:"validation,omitempty"` // over the examples held back
	RhoHat      *spread            `json:"rho_hat,omitempty"`    // of the units that a penalty is on
	Reason      string             `json:"reason"`
	Warnings    []string           `json:"warnings,omitempty"`
	Files       []string           `json:"files"`
}

// validation is the objective over examples that were not trained on, and what
// else is measured over them.
type validation struct {
	Examples  int                `json:"examples"`
	Terms     map[string]float64 `json:"terms"`
	Objective float64            `json:"objective"`
	Measures  map[string]float64 `json:"measures,omitempty"`
}

// spread summarises the numbers of many units.
type spread struct {
	Min  float64 `json:"min"`
	Mean float64 `json:"mean"`
	Max  float64 `json:"max"`
}

func spreadOf(v []float64) *spread {
	if len(v) == 0 {
		return nil
	}
	s := &spread{Min: v[0], Max: v[0]}
	for _, x := range v {
		s.Min, s.Max, s.Mean = min(s.Min, x), max(s.Max, x), s.Mean+x/float64(len(v))
	}
	return s
}

func trainCommand() *command {
	return &command{
		name: "train",
		args: "RECIPE [--data PATH] [--set key=value]... [--precision float32|float64] [--out DIR [--h2o]] [--json] [--quiet]",
		about: "train a recipe and write what it has learned\n" +
			"RECIPE is a built-in name (see filterscope recipes) or a .toml file. --out gets model.safetensors,\n" +
			"weights.npz, mosaic.png, curves.csv and, when there is more to measure than the objective, measures.csv.\n" +
			"Ctrl-C ends the training cleanly with what was learned.",
		flags: func(c *call) {
			c.flags.StringVar(&c.data, "data", "", "train on the data at `PATH` instead of the recipe's")
			c.flags.Var(&c.set, "set", "change a value of the recipe: `key=value`, e.g. model.lambda=1e-4")
			c.flags.StringVar(&c.precision, "precision", "", "`float32` or float64")
			c.flags.StringVar(&c.out, "out", "", "write the results into the folder `DIR`")
			c.flags.BoolVar(&c.json, "json", false, "print one JSON object")
			c.flags.BoolVar(&c.h2o, "h2o", false, "also write weights and biases as export does, into --out")
			c.flags.BoolVar(&c.quiet, "quiet", false, "show no progress")
		},
		run: runTrain,
	}
}

func runTrain(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("recipe")
	if err != nil {
		return err
	}
	r, err := c.openRecipe(name)
	if err != nil {
		return err
	}
	if c.h2o && c.out == "" {
		return usagef("--h2o wants --out DIR to write into")
	}
	if c.h2o && !slices.Contains([]string{recipe.KindSparse, recipe.KindDeep, recipe.KindDenoising, recipe.KindLinear}, r.Model.Kind) {
		return usagef("--h2o: a model of kind %s has no layers that H2O knows", r.Model.Kind)
	}
	c.warnUnused(t, r)
	if c.out != "" { // before an hour of training, not after it
		if err := modelio.CheckFolder(c.out); err != nil {
			return err
		}
	}
	progress := newMeter(t.Err, c.quiet)
	defer progress.close()
	problem, err := train.Prepare(ctx, r, progress.show)
	if err != nil {
		return err
	}
	progress.close()
	for _, w := range problem.Warnings {
		fmt.Fprintf(t.Err, "warning: %s\n", w)
	}
	if why := problem.OutOfReach(); why != "" {
		fmt.Fprintf(t.Err, "warning: %s\n", why)
	}
	if err := c.foretell(ctx, t, problem); err != nil {
		return err
	}
	box := train.NewMailbox[train.Snapshot]()
	watch, stop := context.WithCancel(context.Background())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			s, err := box.Take(watch)
			if err != nil {
				return
			}
			what := fmt.Sprintf("J %.6g  %.1f evaluations/s", s.Terms.Total(), s.PerSecond)
			if s.Left > 0 {
				what += fmt.Sprintf("  %s left", s.Left.Round(time.Second))
			}
			progress.show(s.Step, s.Steps, what)
		}
	}()
	result, runErr := train.Run(ctx, problem, train.Options{Mailbox: box})
	stop()
	<-watched
	progress.close()

	files := []string{}
	if c.out != "" { // also after Ctrl-C and after a failure: what was learned is kept
		if files, err = writeResults(c.out, result); err == nil && c.h2o {
			var more []string
			more, err = writeLayers(c.out, result.Trained(), featureNames(problem))
			files = append(files, more...)
		}
		if err != nil {
			return errors.Join(runErr, err)
		}
		if runErr != nil {
			return fmt.Errorf("%w in %s", runErr, c.out)
		}
	}
	if runErr != nil {
		return runErr
	}
	rep, err := newReport(problem, result)
	if err != nil {
		return err
	}
	rep.Files = files
	if c.json {
		return printJSON(t.Out, rep)
	}
	printReport(t.Out, rep)
	return nil
}

// openRecipe opens the recipe of that name with the changes that the flags
// ask for.
func (c *call) openRecipe(name string) (recipe.Recipe, error) {
	r, err := recipe.Open(name)
	if err != nil {
		return r, err
	}
	if err := r.RefuseRBF(); err != nil {
		return r, usageError{err.Error()}
	}
	return c.change(r)
}

// foretell says whether a linear network will learn the identity, if that can be
// known: a warning when it will not.
func (c *call) foretell(ctx context.Context, t Terminal, p *train.Problem) error {
	f, ok, err := p.Outlook(ctx)
	switch {
	case err != nil || !ok:
		return err
	case !f.Kind.Good():
		fmt.Fprintf(t.Err, "warning: %s\n", f.Sentence)
	case !c.quiet:
		fmt.Fprintln(t.Err, f.Sentence)
	}
	return nil
}

// warnUnused says which of the flags' changes have no effect.
func (c *call) warnUnused(t Terminal, r recipe.Recipe) {
	for _, assignment := range c.set {
		key, _, _ := strings.Cut(assignment, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if why := r.Unused(key); why != "" {
			fmt.Fprintf(t.Err, "warning: %s has no effect: %s\n", key, why)
		}
	}
}

// change returns the recipe with the changes that the flags ask for. The
// recipe was valid: a fault now is one of the command line.
func (c *call) change(r recipe.Recipe) (recipe.Recipe, error) {
	if c.data != "" {
		r = r.WithData(c.data)
	}
	if c.precision != "" {
		r.Precision = c.precision
	}
	var err error
	for _, assignment := range c.set {
		if r, err = r.Set(assignment); err != nil {
			return r, usageError{err.Error()}
		}
	}
	if err := r.Validate(); err != nil {
		return r, usageError{err.Error()}
	}
	return r, nil
}

func newReport(p *train.Problem, res *train.Result) (report, error) {
	rep := report{
		Recipe: res.Recipe.Name, Seed: res.Recipe.Seed, Precision: res.Recipe.Precision, Kernel: linalg.Kernel(),
		Data: p.Data.Name, Examples: p.Data.N, Features: p.Data.D, Hidden: codesOf(p.Spec()),
		Parameters: len(res.Parameters), Iterations: res.Steps, Evaluations: res.Evaluations,
		Seconds: res.Seconds, Terms: map[string]float64{}, Objective: res.Terms.Total(),
		RhoHat: spreadOf(res.RhoHat), Reason: res.Reason,
	}
	for _, term := range res.Terms {
		rep.Terms[term.Name] = term.Value
	}
	measures, held, err := measured(p, res.Parameters)
	if err != nil {
		return rep, err
	}
	rep.Measures, rep.Validation = measures, validationOf(p, res.Parameters, held)
	for _, w := range p.Warnings {
		rep.Warnings = append(rep.Warnings, w.String())
	}
	return rep, nil
}

func printReport(w io.Writer, rep report) {
	fmt.Fprintf(w, "%s  seed %d  %s  %s\n", rep.Recipe, rep.Seed, rep.Precision, rep.Kernel)
	fmt.Fprintf(w, "%s: %d examples of %d features, %d parameters\n", rep.Data, rep.Examples, rep.Features, rep.Parameters)
	fmt.Fprintf(w, "%s: %d iterations, %d evaluations, %.2f s\n", rep.Reason, rep.Iterations, rep.Evaluations, rep.Seconds)
	printTerms(w, rep.Terms, rep.Objective)
	printMeasures(w, rep.Measures)
	printValidation(w, rep.Validation)
	if a := rep.RhoHat; a != nil {
		fmt.Fprintf(w, "mean activation of the units %.4g to %.4g\n", a.Min, a.Max)
	}
	for _, f := range rep.Files {
		fmt.Fprintln(w, f)
	}
}

// writeResults writes what was learned into dir and returns the files' paths.
func writeResults(dir string, res *train.Result) ([]string, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("make the folder for the results: %w", err)
	}
	model := res.Model()
	files := []string{}
	write := func(name string, save func(path string) error) error {
		path := filepath.Join(dir, name)
		if err := save(path); err != nil {
			return err
		}
		files = append(files, path)
		return nil
	}
	steps := []struct {
		name string
		save func(path string) error
	}{
		{"model.safetensors", func(p string) error { return modelio.Save(p, model) }},
		{"weights.npz", func(p string) error { return modelio.SaveNPZ(p, model) }},
		{"mosaic.png", func(p string) error { return writeModelMosaic(p, model) }},
		{"curves.csv", func(p string) error { return writeHistory(p, res.History) }},
		{"measures.csv", func(p string) error { return writeMeasures(p, res.History) }},
	}
	for _, s := range steps {
		if s.name == "mosaic.png" && model.Geometry == (dataset.Geometry{}) || s.name == "measures.csv" && res.History.Measures == nil {
			continue // a table has no picture, and not every model has measures
		}
		if err := write(s.name, s.save); err != nil {
			return files, err
		}
	}
	return files, nil
}

// writeModelMosaic writes the mosaic of the encoder's filters, in pixel space.
func writeModelMosaic(path string, m *modelio.Model) error {
	trained, err := train.Open(m)
	if err != nil {
		return err
	}
	_, err = writeMosaic(path, trained.Filters(0), render.MosaicOptions{Geometry: m.Geometry, Gap: 1},
		map[string]string{"Software": "Filterscope " + Version(), "Scale": "tile", "Source": trained.Recipe.Name})
	return err
}

// writeHistory writes the course of a run as CSV.
func writeHistory(path string, h train.History) error {
	return modelio.WriteFile(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		if err := out.Write(append([]string{"step", "seconds", "objective"}, h.Names...)); err != nil {
			return err
		}
		for i := range h.Steps {
			row := []string{number(h.Steps[i]), number(h.Seconds[i]), number(h.Total[i])}
			for k := range h.Names {
				row = append(row, number(h.Terms[k][i]))
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	})
}
