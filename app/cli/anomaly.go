package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// anomalyFlags say when a row is an anomaly, and what is written of it.
type anomalyFlags struct {
	perFeature      bool
	threshold       string
	times, quantile float64
}

func anomalyCommand() *command {
	return &command{
		name: "anomaly", args: "MODEL [--data PATH] [--per-feature] --out scores.npy|.csv [--threshold T | --times N --quantile Q] [--json]",
		about: "score rows by how badly they are reconstructed, and count the anomalies\n" +
			"The score is the mean over the features, as the network sees them, of the squared error: H2O's\n" +
			"Reconstruction.MSE. --per-feature writes the squared error of each feature, reconstr_NAME.SE. A row is an\n" +
			"anomaly above 10 times the 0.95-quantile of the scores of the training data, if they can be had, or of\n" +
			"these data.",
		flags: func(c *call) {
			applyFlags(".npy or .csv")(c)
			f := &c.anomaly
			c.flags.BoolVar(&f.perFeature, "per-feature", false, "write the squared error of each feature instead")
			c.flags.StringVar(&f.threshold, "threshold", "", "a row with a score above `T` is an anomaly")
			c.flags.Float64Var(&f.times, "times", analysis.QuantileTimes.Factor(), "… above `N` times the quantile")
			c.flags.Float64Var(&f.quantile, "quantile", 0.95, "`Q`, 0 to 1, of the scores")
		},
		run: runAnomaly,
	}
}

// anomalies is what anomaly --json prints.
type anomalies struct {
	Rows      int      `json:"rows"`
	Features  int      `json:"features"` // as the network sees them
	Mean      float64  `json:"mean"`     // of the scores
	Threshold float64  `json:"threshold"`
	Of        string   `json:"threshold_of"` // the data whose scores set it; "--threshold" if it was given
	Above     int      `json:"above"`
	Worst     []scored `json:"worst"`
	Files     []string `json:"files"`
}

// scored is a row, counted from 0, with its score.
type scored struct {
	Row   int     `json:"row"`
	Score float64 `json:"score"`
}

// worstRows is how many of the worst rows are shown.
const worstRows = 10

func runAnomaly(ctx context.Context, t Terminal, c *call) error {
	f := c.anomaly
	fixed, err := strconv.ParseFloat(f.threshold, 64)
	if f.threshold != "" && (err != nil || !(fixed >= 0) || math.IsInf(fixed, 0)) {
		return usagef("--threshold %s: want a number of 0 or more", f.threshold)
	}
	if !(f.times > 0) || math.IsInf(f.times, 0) || !(f.quantile >= 0 && f.quantile <= 1) {
		return usagef("want --times above 0 and --quantile 0 to 1")
	}
	trained, problem, err := c.apply(ctx, t, ".npy", ".csv")
	if err != nil {
		return err
	}
	if trained.Recipe.Model.Kind == recipe.KindSelection {
		return fmt.Errorf("a selection learns a function and reconstructs nothing: there are no anomalies to find")
	}
	scores, each := trained.Anomalies(problem, f.perFeature)
	names := []string{"Reconstruction.MSE"}
	if f.perFeature {
		names = affix("reconstr_", featureNames(problem), ".SE")
	}
	if err := writeMatrix(c.out, each, names, nil); err != nil {
		return err
	}
	a := anomalies{Rows: problem.Data.N, Features: problem.Visible(), Files: []string{c.out}, Worst: []scored{}}
	for _, s := range scores {
		a.Mean += s / float64(len(scores))
	}
	if a.Threshold, a.Of = fixed, "--threshold"; f.threshold == "" {
		var normal []float64
		if normal, a.Of, err = normalScores(ctx, t, trained, problem, scores); err != nil {
			return err
		}
		a.Threshold = autoencoder.Threshold(normal, f.quantile, f.times)
	}
	a.Above = analysis.Distribute(scores).Above(a.Threshold)
	for _, row := range analysis.Rank(scores)[:min(worstRows, len(scores))] {
		a.Worst = append(a.Worst, scored{row, scores[row]})
	}
	if c.json {
		return printJSON(t.Out, a)
	}
	a.print(t)
	return nil
}

// normalScores returns the scores of the data that the model was trained on,
// and their name; those of the data at hand when they cannot be had.
func normalScores(ctx context.Context, t Terminal, trained *train.Trained, p *train.Problem, scores []float64) ([]float64, string, error) {
	r := trained.Recipe
	r.Precision = "float64"
	progress := newMeter(t.Err, false)
	defer progress.close()
	normal, err := trained.Prepare(ctx, r, progress.show)
	if ctx.Err() != nil {
		return nil, "", context.Cause(ctx)
	}
	if err != nil {
		return scores, p.Data.Name, nil
	}
	all, _ := trained.Anomalies(normal, false)
	return all, normal.Data.Name + ", the training data", nil
}

func (a anomalies) print(t Terminal) {
	fmt.Fprintf(t.Out, "%s: %d rows\n", a.Files[0], a.Rows)
	fmt.Fprintf(t.Out, "mean score %.6g, threshold %.6g (%s)\n%d above it\n", a.Mean, a.Threshold, a.Of, a.Above)
	fmt.Fprintln(t.Out, "the worst rows, counted from 0:")
	for _, w := range a.Worst {
		mark := ""
		if w.Score > a.Threshold {
			mark = "  above"
		}
		fmt.Fprintf(t.Out, "%8d  %.6g%s\n", w.Row, w.Score, mark)
	}
}
