package app

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// rbfReadout is the right column of the RBF view: how far the fit can be
// trusted, its errors, the selected centre, and what is under the pointer.
type rbfReadout struct {
	light  *widgets.TrafficLight
	advice *widgets.Paragraph
	facts  []*widgets.ValueRow

	reductionTitle *widgets.SectionLabel
	reduction      *widgets.Thumbnail

	centreTitle *widgets.SectionLabel
	centre      *fyne.Container
	at          [2]*widgets.NumberEntry
	width       *widgets.NumberEntry
	weight      *widgets.ValueRow
	add, remove *widgets.ActionButton

	nearTitle *widgets.SectionLabel
	near      []*widgets.ValueRow

	column *fyne.Container
	object fyne.CanvasObject
	shape  string // which parts are shown
}

// How many rows there are at the most.
const (
	factRows = 12
	nearRows = 6
)

// newRBFReadout builds the column. move and widen change the selected centre,
// add and remove centres or points.
func newRBFReadout(move func(axis int, v float64), widen func(v float64), add, remove func(), refused func(string)) *rbfReadout {
	v := &rbfReadout{}
	v.light = widgets.NewTrafficLight()
	v.light.SetTip("How well the system of equations determines the weights: green below about 10⁷, amber up to where rounding shows")
	v.advice = widgets.NewParagraph("", rightWidth-26)
	v.column = container.New(columnLayout{gap: 3}, widgets.NewSectionLabel("Fit"), v.light, v.advice)
	for range factRows {
		row := widgets.NewValueRow("")
		v.facts = append(v.facts, row)
		v.column.Add(row)
	}
	v.reductionTitle = widgets.NewSectionLabel("Unexplained, by centres")
	v.reduction = widgets.NewClearThumbnail(barsWidth, reductionHeight)
	v.column.Add(v.reductionTitle)
	v.column.Add(v.reduction)

	number := func(label, symbol, tip string, set func(float64)) *widgets.NumberEntry {
		spec := widgets.NumberSpec{Label: label, Symbol: symbol, Hint: tip, Min: -1e12, Max: 1e12}
		if symbol == "σ" {
			spec.Min, spec.MinOpen = 0, true
		}
		e := widgets.NewNumberEntry(spec)
		e.OnCommit = set
		e.OnRefused = func(text string) { refused(label + ", " + text) }
		e.OnMessage = func(text string) {
			if text == "" {
				refused("")
			}
		}
		return e
	}
	v.centreTitle = widgets.NewSectionLabel("Centre")
	v.at[0] = number("μ", "μ", "Where the basis function sits", func(x float64) { move(0, x) })
	v.at[1] = number("μ, y", "μ", "Where the basis function sits, second coordinate", func(x float64) { move(1, x) })
	v.width = number("σ", "σ", "How wide the basis function is", widen)
	v.weight = widgets.NewValueRow("w")
	v.weight.SetTip("Its weight in the fit")
	v.add = widgets.NewActionButton("Add", theme.ContentAddIcon(), add)
	v.add.SetTip("Another centre (Insert, or a double click on the picture)")
	v.remove = widgets.NewActionButton("Remove", theme.ContentRemoveIcon(), remove)
	v.remove.SetTip("Take the selected one away (Delete)")
	v.centre = container.New(columnLayout{gap: 3}, v.at[0], v.at[1], v.width, v.weight,
		container.New(insetLayout{0, 3, 0, 0}, container.New(rowLayout{gap: 8, stretch: -1}, v.add, v.remove)))
	v.column.Add(v.centreTitle)
	v.column.Add(v.centre)

	v.nearTitle = widgets.NewSectionLabel("φ under the pointer")
	v.column.Add(v.nearTitle)
	for range nearRows {
		row := widgets.NewValueRow("")
		v.near = append(v.near, row)
		v.column.Add(row)
	}
	v.object = newColumnScroll(container.New(insetLayout{13, 4, 13, 8}, v.column))
	return v
}

// reductionHeight is the height of the small chart in units.
const reductionHeight = 92

// fact is a line of the read-out.
type fact struct {
	name, value string
	colour      fyne.ThemeColorName
}

// show writes the read-out of a frame.
func (v *rbfReadout) show(f *rbfFrame, selected int) {
	light, word, advice := judgement(f)
	v.light.Set(light, word)
	v.advice.SetText(advice)
	facts := factsOf(f)
	for i, row := range v.facts {
		if i < len(facts) {
			row.SetName(facts[i].name)
			row.SetValue(facts[i].value)
			row.SetColour(facts[i].colour)
		}
	}
	v.reduction.SetImage(f.reduction)
	n := networkOf(f)
	if n != nil && selected < n.Centres.Rows && selected >= 0 {
		v.centreTitle.SetText(fmt.Sprintf("Centre %d of %d", selected+1, n.Centres.Rows))
		v.at[0].SetValue(tidy(n.Centres.At(selected, 0)))
		if n.Centres.Cols > 1 {
			v.at[1].SetValue(tidy(n.Centres.At(selected, 1)))
		}
		v.width.SetValue(tidy(n.Widths[selected]))
		v.weight.SetValue(plainPowers(fmt.Sprintf("%.6g", n.Weights[selected])))
	} else if n != nil {
		v.centreTitle.SetText(fmt.Sprintf("Centres: %d", n.Centres.Rows))
		selected = -1
	}
	own := n != nil && f.solution.key.rbf.Task != recipe.TaskImage
	curve := f.solution != nil && f.solution.key.rbf.Task == recipe.TaskCurve
	one := own && selected >= 0
	setShown(own, v.centreTitle, v.centre)
	setShown(one, v.at[0], v.width, v.weight)
	setShown(one && n.Centres.Cols > 1, v.at[1])
	v.remove.SetEnabled(one && n.Centres.Rows > 1)
	setShown(f.reduction != nil, v.reductionTitle, v.reduction)
	setShown(advice != "", v.advice)
	setShown(curve, v.nearTitle)
	for _, row := range v.near {
		setShown(curve, row)
	}
	for i, row := range v.facts {
		setShown(i < len(facts), row)
	}
	if shape := fmt.Sprint(own, one, curve, len(facts), f.reduction != nil, v.advice.MinSize().Height); shape != v.shape {
		v.shape = shape
		v.object.Refresh()
	}
}

// tidy rounds a value for a field: a drag gives no more digits than pixels.
func tidy(v float64) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// networkOf returns the network of a frame, nil when there is none.
func networkOf(f *rbfFrame) *rbf.Network {
	if f == nil || f.solution == nil {
		return nil
	}
	return f.solution.network
}

// judgement is the light of a frame, its word and one sentence.
func judgement(f *rbfFrame) (light widgets.Light, word, advice string) {
	s := f.solution
	switch {
	case f.fault == errCancelled:
		return widgets.LightOff, "given up", "Press Compute to work it out after all."
	case f.fault != nil:
		return widgets.LightRed, "cannot be fitted", capital(oneLine(f.fault)) + "."
	case s == nil:
		return widgets.LightOff, "computing", ""
	case s.implicit != nil:
		return surfaceJudgement(s)
	case s.key.rbf.Task == recipe.TaskImage:
		return widgets.LightOff, "greedy growth", "Each Gaussian is placed where the error is largest, and refitted with its neighbours."
	case s.interp != nil:
		return widgets.LightGreen, "interpolated", "Every point is a centre; smoothing 0 goes through all of them."
	case f.run.begun:
		advice = "Centres, widths and weights move downhill together."
		if f.run.ended && f.run.reason != "" {
			advice = "Training ended: " + f.run.reason + "."
		}
		return widgets.LightOff, "trained by gradient", advice
	case s.trained:
		return widgets.LightOff, "as it was saved", "The weights are those of the file; moving a centre fits them again."
	}
	words := map[rbf.Light]string{rbf.Green: "well conditioned", rbf.Amber: "ill conditioned", rbf.Red: "next to singular"}
	lights := map[rbf.Light]widgets.Light{rbf.Green: widgets.LightGreen, rbf.Amber: widgets.LightAmber, rbf.Red: widgets.LightRed}
	r := s.outcome.Report
	return lights[r.Light], words[r.Light], r.Advice
}

// surfaceJudgement says whether a surface is whole.
func surfaceJudgement(s *rbfSolution) (light widgets.Light, word, advice string) {
	switch {
	case s.mesh != nil && len(s.mesh.Triangles) == 0, s.mesh == nil && len(s.contour) == 0:
		return widgets.LightRed, "nothing found", "The function has no zero near the points: try more points, another offset or less smoothing."
	case s.mesh != nil && s.openEdges > 0:
		return widgets.LightAmber, "open", fmt.Sprintf("%s edges have one triangle only: the surface leaves the box, or the resolution is too coarse.", thousands(s.openEdges))
	case s.mesh != nil:
		return widgets.LightGreen, "closed surface", ""
	}
	for _, l := range s.contour {
		if !l.Closed {
			return widgets.LightAmber, "open curve", "The curve leaves the box around the points."
		}
	}
	return widgets.LightGreen, "closed curve", ""
}

// factsOf are the numbers of a frame, at most factRows.
func factsOf(f *rbfFrame) []fact {
	s := f.solution
	if s == nil {
		return nil
	}
	var out []fact
	add := func(name, format string, args ...any) {
		out = append(out, fact{name: name, value: plainPowers(fmt.Sprintf(format, args...))})
	}
	number := func(name string, v float64) {
		if !math.IsNaN(v) {
			add(name, "%.5g", v)
		}
	}
	o := s.outcome
	switch {
	case s.implicit != nil:
		return surfaceFacts(s)
	case s.key.rbf.Task == recipe.TaskImage:
		if s.network != nil {
			add("Gaussians", "%d of %d", s.network.Centres.Rows, s.key.rbf.Count)
		}
		if n := len(s.psnr); n > 0 {
			add("PSNR", "%.2f dB", s.psnr[n-1])
		}
		worst, sum := 0.0, 0.0
		for _, v := range s.residual {
			worst = max(worst, math.Abs(v))
			sum += v * v
		}
		add("largest |error|", "%.4f", worst)
		add("RMSE", "%.5f", math.Sqrt(sum/float64(max(1, len(s.residual)))))
		add("numbers kept", "%s of %s", thousands(4*centresOf(s)), thousands(len(s.residual)))
		return out
	case s.interp == nil && !f.run.begun && !s.trained:
		add("condition number", "%.4g", o.Condition)
		add("rank", "%d of %d", o.Rank, len(o.Singular))
		add("largest |w|", "%.4g", o.MaxWeight)
		if o.Lambda > 0 {
			add("λ", "%.4g", o.Lambda)
		}
	case s.network != nil:
		largest := 0.0
		for _, w := range s.network.Weights {
			largest = max(largest, math.Abs(w))
		}
		add("largest |w|", "%.4g", largest)
	}
	if s.key.rbf.Task == recipe.TaskField {
		add("points", "%s", thousands(s.study.Train.Len()))
	}
	number("train RMSE", o.TrainRMSE)
	number("test RMSE", o.TestRMSE)
	number("largest |error|", o.MaxError)
	if s.interp == nil && !f.run.begun && !s.trained {
		number("leave-one-out RMSE", o.LOO)
		if len(o.Duplicates) > 0 {
			d := o.Duplicates[0]
			text := fmt.Sprintf("%d and %d", d[0]+1, d[1]+1)
			if len(o.Duplicates) > 1 {
				text = fmt.Sprintf("%d pairs, %d and %d", len(o.Duplicates), d[0]+1, d[1]+1)
			}
			out = append(out, fact{"same centres", text, ColorNameWarn})
		}
	}
	if f.run.begun {
		add("objective", "%.6g", f.run.value)
	}
	return out
}

// powers finds the exponents that Go writes: e+05, e-07.
var powers = regexp.MustCompile(`(\d)e([+-])0*(\d+)`)

// plainPowers writes 2.85e4 and 1e-7 for 2.85e+04 and 1e-07.
func plainPowers(s string) string {
	return strings.ReplaceAll(powers.ReplaceAllString(s, "${1}e$2$3"), "e+", "e")
}

func centresOf(s *rbfSolution) int {
	if s.network == nil {
		return 0
	}
	return s.network.Centres.Rows
}

func surfaceFacts(s *rbfSolution) []fact {
	var out []fact
	add := func(name, format string, args ...any) {
		out = append(out, fact{name: name, value: plainPowers(fmt.Sprintf(format, args...))})
	}
	r := s.implicit.Report
	add("points", "%s", thousands(s.implicit.Cloud.Points.Rows))
	if r.Duplicates > 0 {
		add("repeated, left out", "%s", thousands(r.Duplicates))
	}
	normals := "given"
	if r.Estimated {
		normals = "estimated"
	}
	add("normals", "%s", normals)
	add("centres", "%s of %s", thousands(r.Centres), thousands(r.Constraints))
	add("noise, estimated", "%.3g", r.Noise)
	add("RMS distance", "%.3g", r.RMSE)
	add("largest distance", "%.3g", r.MaxError)
	if s.mesh != nil {
		add("triangles", "%s", thousands(len(s.mesh.Triangles)))
		add("separate parts", "%d", s.parts)
	} else {
		add("curves", "%d", len(s.contour))
	}
	add("worked out in", "%.2f s", s.seconds)
	return out
}

// hover shows the basis functions that count most at sample i of a curve, -1 for
// none.
func (v *rbfReadout) hover(s *rbfSolution, i int) {
	if s == nil || i < 0 || i >= len(s.x) || s.phi.Rows == 0 {
		v.nearTitle.SetText("φ under the pointer")
		for _, row := range v.near {
			row.SetName("")
			row.SetValue("")
		}
		return
	}
	v.nearTitle.SetText(fmt.Sprintf("φ at x = %.4g", s.x[i]))
	phi := s.phi.Row(i)
	order := make([]int, len(phi))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := math.Abs(phi[a]), math.Abs(phi[b])
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for k, row := range v.near {
		if k >= len(order) {
			row.SetName("")
			row.SetValue("")
			continue
		}
		j := order[k]
		row.SetName(fmt.Sprintf("φ%d", j+1))
		row.SetValue(plainPowers(fmt.Sprintf("%.4f  ·w %.4g", phi[j], phi[j]*s.network.Weights[j])))
	}
}
