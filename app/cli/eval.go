package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
	"filterscope/engine/train"
)

// evaluation is what eval --json prints.
type evaluation struct {
	Of        string             `json:"of"`
	Data      string             `json:"data"`
	Precision string             `json:"precision"`
	Examples  int                `json:"examples"`
	Features  int                `json:"features"`
	Hidden    int                `json:"hidden"`
	Terms     map[string]float64 `json:"terms"`
	Objective float64            `json:"objective"`
	// SquaredError is the mean over examples of the squared error summed over
	// features, in the units the network sees.
	SquaredError float64            `json:"squared_error"`
	Measures     map[string]float64 `json:"measures,omitempty"`   // over all examples; see measured
	Validation   *validation        `json:"validation,omitempty"` // over the examples held back
	RhoHat       *spread            `json:"rho_hat,omitempty"`
	// Likelihoods are of a variational autoencoder with a distribution.
	Likelihoods *train.Likelihoods `json:"likelihoods,omitempty"`
}

func evalCommand() *command {
	return &command{
		name: "eval", args: "MODEL|RECIPE [--data PATH] [--set key=value]... [--precision float32|float64] [--samples K] [--json]",
		about: "evaluate the objective's terms on data, at a model's parameters or a recipe's initial ones\n" +
			"Of a variational autoencoder also the reconstruction log-probability, ln p(x) by importance sampling with K\n" +
			"codes an example, and the active units.",
		flags: func(c *call) {
			c.flags.StringVar(&c.data, "data", "", "evaluate on the data at `PATH`")
			c.flags.Var(&c.set, "set", "change a value of the recipe: `key=value`")
			c.flags.StringVar(&c.precision, "precision", "", "`float32` or float64")
			c.flags.IntVar(&c.samples, "samples", 10, "`K` codes an example, of a variational autoencoder")
			jsonFlag(c)
		},
		run: runEval,
	}
}

// isModel reports whether the name is a model file rather than a recipe.
func isModel(name string) bool { return strings.EqualFold(filepath.Ext(name), ".safetensors") }

func runEval(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("model or recipe")
	if err != nil {
		return err
	}
	if c.samples < 1 || c.samples > variational.MaxSamples {
		return usagef("want --samples 1 to %d", variational.MaxSamples)
	}
	var problem *train.Problem
	var theta []float64
	progress := newMeter(t.Err, false)
	defer progress.close()
	if isModel(name) {
		trained, err := openModel(name)
		if err != nil {
			return err
		}
		r, err := c.change(trained.Recipe)
		if err != nil {
			return err
		}
		if !trained.Keeps(r) {
			return usagef("--set: a model keeps its kind, its units and its preprocessing")
		}
		if problem, err = trained.Prepare(ctx, r, progress.show); err != nil {
			return err
		}
		theta = trained.Parameters
	} else {
		r, err := c.openRecipe(name)
		if err != nil {
			return err
		}
		if problem, err = train.Prepare(ctx, r, progress.show); err != nil {
			return err
		}
		theta = problem.InitialParameters()
	}
	if err := problem.Suits(); err != nil {
		return err
	}
	terms, rhoHat := problem.Evaluate(train.HyperOf(problem.Recipe), theta, nil)
	if len(terms) == 0 {
		return fmt.Errorf("%s has no labels to compare the read-out's answers with: give --data with labels", problem.Data.Name)
	}
	e := evaluation{
		Of: name, Data: problem.Data.Name, Precision: problem.Recipe.Precision,
		Examples: problem.Data.N, Features: problem.Data.D, Hidden: codesOf(problem.Spec()),
		Terms: map[string]float64{}, Objective: terms.Total(),
		SquaredError: problem.SquaredError(theta), RhoHat: spreadOf(rhoHat),
	}
	for _, term := range terms {
		if math.IsNaN(term.Value) || math.IsInf(term.Value, 0) {
			return fmt.Errorf("the %s term is %v", term.Name, term.Value)
		}
		e.Terms[term.Name] = term.Value
	}
	measures, held, err := measured(problem, theta)
	if err != nil {
		return err
	}
	e.Measures, e.Validation = measures, validationOf(problem, theta, held)
	if s, ok := problem.Spec().(network.Variational); ok {
		l, err := problem.Likelihoods(ctx, s, theta, c.samples)
		if err == nil {
			e.Likelihoods = &l
		} else if !errors.Is(err, variational.ErrNoProbability) {
			return err
		}
	}
	progress.close()
	for _, w := range problem.Warnings {
		fmt.Fprintf(t.Err, "warning: %s\n", w)
	}
	if c.json {
		return printJSON(t.Out, e)
	}
	fmt.Fprintf(t.Out, "%s on %s: %d examples of %d features\n", e.Of, e.Data, e.Examples, e.Features)
	printTerms(t.Out, e.Terms, e.Objective)
	printMeasures(t.Out, e.Measures)
	printValidation(t.Out, e.Validation)
	fmt.Fprintf(t.Out, "squared error per example %.6g\n", e.SquaredError)
	if a := e.RhoHat; a != nil {
		fmt.Fprintf(t.Out, "mean activation of the units %.4g to %.4g, mean %.4g\n", a.Min, a.Max, a.Mean)
	}
	if l := e.Likelihoods; l != nil {
		fmt.Fprintf(t.Out, "with %d codes an example: ln p(x|z) %.6g, ln p(x) %.6g nats\n%d of %d units of the code active\n",
			l.Samples, l.Reconstruction, l.Importance, l.Active, l.Latent)
	}
	return nil
}

// codesOf returns the number of units of the codes.
func codesOf(s network.Spec) int { return s.Layers()[s.Code()].Units }

// openModel reads a model file. Another file of that name, or none, is an error
// that names it.
func openModel(path string) (*train.Trained, error) {
	model, err := modelio.Load(path)
	if err != nil {
		return nil, err
	}
	trained, err := train.Open(model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return trained, nil
}

func printTerms(w io.Writer, terms map[string]float64, total float64) {
	names := make([]string, 0, len(terms))
	for name := range terms {
		names = append(names, name)
	}
	slices.Sort(names)
	_, machine := terms[rbm.TermFreeEnergyGap]
	_, measured := terms[train.MeasureReconstruction]
	switch {
	case measured: // of a machine: no term that it minimises
	case machine:
		fmt.Fprintf(w, "what the steps go down, not an objective: %.10g\n", total)
	default:
		fmt.Fprintf(w, "objective %.10g\n", total)
	}
	for _, name := range names {
		fmt.Fprintf(w, "  %-15s %.10g\n", name, terms[name])
	}
}

func gradcheckCommand() *command {
	return &command{
		name: "gradcheck", args: "RECIPE [--data PATH] [--set key=value]... [--json]",
		about: "compare the analytic gradient with central differences, per tensor, in float64",
		flags: func(c *call) {
			c.flags.StringVar(&c.data, "data", "", "use the data at `PATH`")
			c.flags.Var(&c.set, "set", "change a value of the recipe: `key=value`")
			jsonFlag(c)
		},
		run: runGradcheck,
	}
}

// A gradient check costs two evaluations a component, and more about kinks: it
// uses this many examples and components a tensor.
const (
	gradcheckExamples   = 100
	gradcheckFew        = 20
	gradcheckComponents = 200
	gradcheckLimit      = 1e-7
)

func runGradcheck(ctx context.Context, t Terminal, c *call) error {
	name, err := c.want("recipe")
	if err != nil {
		return err
	}
	r, err := c.openRecipe(name)
	if err != nil {
		return err
	}
	r.Precision = "float64"
	examples := gradcheckExamples
	if r.Model.Has("activation") { // the larger models, and those with kinks
		examples = gradcheckFew
	}
	if r.Data.Count == 0 || r.Data.Count > examples {
		r.Data.Count = examples
	}
	progress := newMeter(t.Err, false)
	defer progress.close()
	problem, err := train.Prepare(ctx, r, progress.show)
	if err != nil {
		return err
	}
	progress.close()
	config := nn.DefaultCheck()
	config.MaxPerTensor = gradcheckComponents
	checks, err := problem.GradCheck(config)
	if err != nil {
		return err
	}
	unit := nn.UFLDLCheck()
	worst := 0.0
	for _, check := range checks {
		if !(check.RelError <= worst) { // NaN is the worst of all
			worst = check.RelError
		}
		if math.IsNaN(worst) {
			return fmt.Errorf("the gradient of %s is not finite", check.Tensor)
		}
	}
	if c.json {
		if err := printJSON(t.Out, struct {
			Recipe    string           `json:"recipe"`
			Examples  int              `json:"examples"`
			Tensors   []nn.TensorCheck `json:"tensors"`
			Worst     float64          `json:"worst"`
			Limit     float64          `json:"limit"`
			UnitCheck float64          `json:"unit_check"`
		}{r.Name, problem.Data.N, checks, worst, gradcheckLimit, unit}); err != nil {
			return err
		}
	} else {
		for _, check := range checks {
			fmt.Fprintf(t.Out, "%-20s %5d of %6d components  ‖numeric−analytic‖/‖numeric+analytic‖ = %.3g\n",
				check.Tensor, check.Checked, check.Size, check.RelError)
		}
		fmt.Fprintf(t.Out, "UFLDL unit check, x1²+3x1x2 at (4, 10): %.4e\n", unit)
	}
	if worst > gradcheckLimit {
		return fmt.Errorf("the gradient is wrong: %.3g is above %g", worst, gradcheckLimit)
	}
	return nil
}
