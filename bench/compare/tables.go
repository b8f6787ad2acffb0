package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// results is what -json writes.
type results struct {
	Groups  []outcome `json:"groups"`
	Figures []figure  `json:"figures"`
}

// put adds a group, in the place of an earlier outcome of it, and computes the
// figures anew.
func (r *results) put(o outcome) {
	r.Groups = slices.DeleteFunc(r.Groups, func(old outcome) bool { return old.Name == o.Name })
	r.Groups = append(r.Groups, o)
	slices.SortFunc(r.Groups, func(a, b outcome) int {
		return slices.Index(groupNames(), a.Name) - slices.Index(groupNames(), b.Name)
	})
	r.Figures = figures(*r)
}

func writeJSON(path string, r results) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o666)
}

// readJSON reads what writeJSON wrote. Groups that there are no more are left out.
func readJSON(path string, r *results) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, r); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	r.Groups = slices.DeleteFunc(r.Groups, func(o outcome) bool { return !slices.Contains(groupNames(), o.Name) })
	r.Figures = figures(*r)
	return nil
}

// The lines of a Markdown file between which the results are.
const (
	beginMark = "<!-- bench/compare -doc writes from here -->\n"
	endMark   = "<!-- to here -->\n"
)

// replaceResults puts text between the marks in the file.
func replaceResults(path string, text []byte) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(old, []byte(beginMark))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !ok || !ended {
		return fmt.Errorf("%s has no place for results: want the lines %q and %q", path, strings.TrimSpace(beginMark), strings.TrimSpace(endMark))
	}
	return os.WriteFile(path, slices.Concat(before, []byte(beginMark), text, []byte(endMark), after), 0o666)
}

// printAll prints the figures first, then the groups.
func printAll(w io.Writer, r results) {
	printFigures(w, r)
	fmt.Fprintf(w, "## Side by side\n\n")
	for _, o := range r.Groups {
		printGroup(w, o)
	}
}

// printTable prints a Markdown table whose columns line up in plain text too.
// All columns but the first are set to the right.
func printTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for k, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				cell, pad = cell+pad, ""
			}
			fmt.Fprintf(w, "| %s%s ", pad, cell)
		}
		fmt.Fprintln(w, "|")
		if k == 0 {
			for i, n := range widths {
				line := strings.Repeat("-", n+1) + ":"
				if i == 0 {
					line = strings.Repeat("-", n+2)
				}
				fmt.Fprintf(w, "|%s", line)
			}
			fmt.Fprintln(w, "|")
		}
	}
	fmt.Fprintln(w)
}

// number prints v with about three significant digits, and what is not known
// as a dash.
func number(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "–"
	case a >= 99.5:
		return fmt.Sprintf("%.0f", v)
	case a >= 9.95:
		return fmt.Sprintf("%.1f", v)
	case a >= 0.995:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

func printGroup(w io.Writer, o outcome) {
	middle, most := o.disturbance()
	fmt.Fprintf(w, "### %s\n\nGroup `%s`, %d round(s). Other work on the machine took %.0f %% of the cores meanwhile (median; %.0f %% at the most).\n%s.\n\n",
		o.Title, o.Name, o.Rounds, 100*middle, 100*most, o.Machine)
	if note := o.group().note; note != "" {
		fmt.Fprintf(w, "%s\n\n", note)
	}
	switch o.Name {
	case "parts":
		printParts(w, o)
	case "growth":
		printGrowth(w, o)
	case "window":
		printTimes(w, o)
		printWindow(w, o)
	default:
		if o.group().pairs {
			printPairs(w, o)
		} else {
			printTimes(w, o)
		}
	}
}

// printPairs prints a row for each task of this program and each peer at it.
func printPairs(w io.Writer, o outcome) {
	rows := [][]string{{"task", "Filterscope ms", "peer", "its ms", "Filterscope ÷ it", "best ÷ best", "memory MB", "its memory MB"}}
	differ := 0.0
	for _, h := range o.Programs {
		if h.Beside != "" || len(h.Samples) == 0 {
			continue
		}
		alone := true
		for _, peer := range o.Programs {
			if peer.Beside != h.ID || len(peer.Samples) == 0 {
				continue
			}
			alone = false
			differ = max(differ, spread([]float64{h.Samples[0].Cost, peer.Samples[0].Cost}))
			rows = append(rows, []string{
				h.Name, number(1e3 * median(h.seconds())), peer.Name + " " + peer.Samples[0].Version, number(1e3 * median(peer.seconds())),
				number(paired(h.seconds(), peer.seconds())), number(h.best() / peer.best()), number(h.memory()), number(peer.memory()),
			})
		}
		if alone {
			rows = append(rows, []string{h.Name, number(1e3 * median(h.seconds())), "–", "–", "–", "–", number(h.memory()), "–"})
		}
	}
	printTable(w, rows)
	fmt.Fprintf(w, "Both sides do the same: their results (%s) differ by %.1e at the most.\n\n", o.group().result, differ)
	printSkipped(w, o)
}

// printWindow tells what the window showed meanwhile.
func printWindow(w io.Writer, o outcome) {
	if h := o.find("window"); h != nil {
		var frames, drawing []float64
		for _, s := range h.Samples {
			frames, drawing = append(frames, s.Frames), append(drawing, s.Drawing)
		}
		fmt.Fprintf(w, "The window showed %s frames a second; drawing took %.0f %% of the cores.", number(median(frames)), 100*median(drawing))
	}
	if h := o.find("latency"); h != nil {
		fmt.Fprintf(w, " While a run went on, 95 %% of the pointer moves reached the drawn read-out within %s ms.", number(h.latency()))
	}
	fmt.Fprint(w, "\n\n")
}

func printTimes(w io.Writer, o outcome) {
	unit, scale := "ms", 1e3
	if o.group().seconds {
		unit, scale = "s", 1
	}
	head := []string{"program", "precision", "median " + unit, "best " + unit, "Filterscope ÷ it", "best ÷ best", "memory MB"}
	if o.group().training {
		head = append(head, "evaluations", "objective")
	} else {
		head = append(head, "of FMA peak", "objective")
	}
	rows := [][]string{head}
	first := o.Programs[0]
	for _, h := range o.Programs {
		if len(h.Samples) == 0 || len(h.Samples[0].Seconds) == 0 {
			continue
		}
		name := h.Name
		if !strings.HasPrefix(name, "Filterscope") { // its version is that of Go
			name += " " + h.Samples[0].Version
		}
		row := []string{
			name, h.Precision, number(scale * median(h.seconds())), number(scale * h.best()),
			number(paired(first.seconds(), h.seconds())), number(first.best() / h.best()), number(h.memory()),
		}
		if o.group().training {
			n := "–"
			if h.Samples[0].Evaluations > 0 {
				n = fmt.Sprint(h.Samples[0].Evaluations)
			}
			row = append(row, n)
		} else {
			share := "–"
			if p := h.ofPeak(); !math.IsNaN(p) {
				share = fmt.Sprintf("%.0f %%", 100*p)
			}
			row = append(row, share)
		}
		rows = append(rows, append(row, fmt.Sprintf("%.7g", h.Samples[0].Cost)))
	}
	printTable(w, rows)
	if !o.group().training {
		cost, gradient := o.disagreement()
		fmt.Fprintf(w, "All programs evaluate at the same point: their costs differ by %.1e of the cost at the most, the norms of their gradients by %.1e.\n\n", cost, gradient)
	}
	printSkipped(w, o)
}

// printSkipped tells what was not measured, and why.
func printSkipped(w io.Writer, o outcome) {
	for _, h := range o.Programs {
		if h.Skipped == "" {
			continue
		}
		name := h.Name
		if task := slices.IndexFunc(o.Programs, func(other *history) bool { return other.ID == h.Beside }); task >= 0 {
			name += " at " + o.Programs[task].Name
		}
		fmt.Fprintf(w, "Not measured: %s, %s: %s.\n\n", name, h.Precision, h.Skipped)
	}
}

func printParts(w io.Writer, o outcome) {
	r := results{Groups: []outcome{o}}
	rows := [][]string{{"part", "time"}}
	if ms := r.overhead(); ms != nil {
		rows = append(rows, []string{"L-BFGS outside the objective, history full, an iteration", number(*ms) + " ms"})
	}
	passes := o.Programs[0].Samples[0].Passes
	var names []string
	for name := range passes {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		var v []float64
		for _, s := range o.Programs[0].Samples {
			v = append(v, 1e9*s.Passes[name])
		}
		rows = append(rows, []string{"pass “" + name + "”, logistic, one core, an activation", number(median(v)) + " ns"})
	}
	printTable(w, rows)
}

func printGrowth(w io.Writer, o outcome) {
	rows := [][]string{{"examples", "hidden units", "ms", "ns per example and unit", "of FMA peak", "zeros too: ms", "ns per example and unit", "of FMA peak"}}
	with, without := o.find("ours"), o.find("dense")
	for i, z := range with.Samples[0].Sizes {
		row := []string{fmt.Sprint(z.Examples), fmt.Sprint(z.Hidden)}
		for _, z := range []size{z, without.Samples[0].Sizes[i]} {
			// 10 operations for each weight of the encoder and each example.
			share := 10 * 784 / z.cycles()
			row = append(row, number(1e3*median(z.Seconds)), number(1e9*z.perUnit()), fmt.Sprintf("%.0f %%", 100*share))
		}
		rows = append(rows, row)
	}
	printTable(w, rows)
}

func printFigures(w io.Writer, r results) {
	fmt.Fprintf(w, "## Targets\n\n“aim” and “must” say which of the two is reached. Where other work took much of the machine (see the groups below), shares of the peak and "+
		"ratios are rough.\n\n")
	rows := [][]string{{"figure", "must", "aim", "measured", "reached"}}
	for _, f := range r.Figures {
		sign, aim, measured := "≤ ", "", "–"
		if f.AtLeast {
			sign = "≥ "
		}
		if f.Aim != 0 {
			aim = sign + number(f.Aim)
		}
		if f.Measured != nil {
			measured = number(*f.Measured)
			if f.Must == 1.002 { // number's three digits would not tell
				measured = fmt.Sprintf("%.5f", *f.Measured)
			}
		}
		must := fmt.Sprintf("%s%v", sign, f.Must)
		if f.Unit != "" {
			must += " " + f.Unit
			if f.Measured != nil {
				measured += " " + f.Unit
			}
		}
		what := f.What
		if f.Note != "" {
			what += " (" + f.Note + ")"
		}
		rows = append(rows, []string{what, must, aim, measured, f.verdict()})
	}
	printTable(w, rows)
}
