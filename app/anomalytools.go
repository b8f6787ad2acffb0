package app

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/analysis"
	"filterscope/widgets"
)

// thresholdByHand is the option for a threshold that was dragged or typed.
const thresholdByHand = "by hand"

// thresholdRules are the rules that a threshold of anomalies may follow, as they
// are offered and as the line below the panel calls them.
var thresholdRules = []struct {
	rule      analysis.Threshold
	name, tip string
}{
	{analysis.HighQuantile, "0.99-quantile", "the 0.99-quantile"},
	{analysis.MedianDeviation, "median + 6 MAD", "the median and six median deviations"},
	{analysis.QuantileTimes, "10 × 0.95-quantile", "ten times the 0.95-quantile, as in H2O's example"},
}

// ruleText says how a threshold came about.
func ruleText(rule analysis.Threshold) string {
	for _, r := range thresholdRules {
		if r.rule == rule {
			return r.tip
		}
	}
	return thresholdByHand
}

// anomalyTools set the threshold of anomalies: by a number, or by a rule. The
// number follows the line in the histogram, wherever that is dragged.
type anomalyTools struct {
	limit  *widgets.NumberEntry
	rule   *widgets.Choice
	object fyne.CanvasObject
}

// newAnomalyTools returns the tools; typed gets a threshold, ruled a rule.
func newAnomalyTools(typed func(limit float64), ruled func(rule analysis.Threshold)) *anomalyTools {
	t := &anomalyTools{}
	t.limit = widgets.NewNumberEntry(widgets.NumberSpec{
		Label: "Threshold", MinOpen: true, Max: math.Inf(1),
		Hint: "Examples with a higher score count as anomalies; drag the line in the histogram, or type a score",
	})
	t.limit.OnCommit = typed
	var options []string
	for _, r := range thresholdRules {
		options = append(options, r.name)
	}
	t.rule = widgets.NewChoice(append(options, thresholdByHand), func(name string) {
		for _, r := range thresholdRules {
			if r.name == name {
				ruled(r.rule)
				return
			}
		}
		typed(t.limit.Value()) // it stays where it is
	})
	t.rule.SetTip("The rule that the threshold follows while the network changes: " +
		"a quantile of the scores, the median and six times their median deviation, or H2O's ten times a quantile")
	t.object = container.New(rowLayout{gap: 8, stretch: -1}, container.NewGridWrap(fyne.NewSize(196, t.limit.MinSize().Height), t.limit), t.rule)
	t.object.Hide()
	return t
}

// show tells the threshold in force.
func (t *anomalyTools) show(f *panelFrame) {
	t.limit.SetValue(fourDigits(f.threshold))
	name := thresholdByHand
	if !f.byHand {
		for _, r := range thresholdRules {
			if r.rule == f.rule {
				name = r.name
			}
		}
	}
	t.rule.SetSelected(name)
}

// fourDigits rounds to four significant digits.
func fourDigits(v float64) float64 {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64) // which it can always read
	return short
}
