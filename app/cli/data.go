package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/fetch"
)

// dataFlags are the flags of the data command alone.
type dataFlags struct {
	to, mirror              string // of fetch
	variable, label, layout string // of info
	columns, colour         bool
	categories              bool
	missing                 string
}

func dataCommand() *command {
	return &command{
		name: "data", args: "info PATH... | fetch mnist|kmnist|fashion-mnist",
		about: "describe a data set (shapes, range, labels), or download one",
		flags: func(c *call) {
			d := &c.dataset
			c.flags.StringVar(&c.split, "split", "", "of a file or folder with both, the `train` or the test part")
			c.flags.StringVar(&d.variable, "variable", "", "the `array` of a .mat or .npz file with the examples")
			c.flags.StringVar(&d.label, "label", "", "the `column` of a table with the classes: its name, its number from 1, or none")
			c.flags.StringVar(&d.layout, "layout", "", "the `order` of an image's values in a row: rows, planes or columns (MATLAB)")
			c.flags.BoolVar(&d.columns, "columns", false, "take the columns of an array as the examples")
			c.flags.BoolVar(&d.categories, "categories", false, "take text in a table for categories")
			c.flags.StringVar(&d.missing, "missing", "", "what becomes of a table's empty cells: `refuse`, mean (of the column) or skip (the line)")
			c.flags.BoolVar(&d.colour, "colour", false, "keep the colours of image files")
			c.flags.StringVar(&d.to, "to", "", "the `folder` to fetch into, instead of the user's data folder")
			c.flags.StringVar(&d.mirror, "mirror", "", "the `address` of a folder with the files, instead of the public mirrors")
			jsonFlag(c)
		},
		run: runData,
	}
}

func runData(ctx context.Context, t Terminal, c *call) error {
	if len(c.args) > 0 && c.args[0] == "fetch" {
		return runFetch(ctx, t, c)
	}
	if len(c.args) < 2 || c.args[0] != "info" {
		return usagef("want data info PATH, or data fetch mnist")
	}
	if c.split != "" && c.split != "train" && c.split != "test" {
		return usagef("--split %s: want train or test", c.split)
	}
	d := c.dataset
	layout, err := dataset.ParseLayout(d.layout)
	if err != nil {
		return usagef("--%s", err)
	}
	progress := newMeter(t.Err, false)
	defer progress.close()
	info, err := dataset.Inspect(ctx, dataset.LoadOptions{
		Paths: c.args[1:], Split: c.split, Variable: d.variable, Label: d.label, Layout: layout, Columns: d.columns, Colour: d.colour, Categories: d.categories, Missing: d.missing, Progress: progress.show,
	})
	if err != nil {
		return err
	}
	progress.close()
	if c.json {
		return printJSON(t.Out, info)
	}
	printInfo(t, info)
	return nil
}

func printInfo(t Terminal, i dataset.Info) {
	if i.Examples > 0 {
		fmt.Fprintf(t.Out, "%s: %d examples of %d features\n", i.Name, i.Examples, i.Features)
		if i.Width > 0 {
			fmt.Fprintf(t.Out, "images of %d×%d pixels, %d channel(s)\n", i.Width, i.Height, i.Channels)
		}
		fmt.Fprintf(t.Out, "values %.6g to %.6g, mean %.6f (%s)\n", i.Minimum, i.Maximum, i.Mean, i.Element)
	}
	for _, l := range i.Labels {
		fmt.Fprintf(t.Out, "label %d %s: %d\n", l.Label, l.Name, l.Count)
	}
	for _, a := range i.Arrays {
		if a.Span == nil {
			fmt.Fprintf(t.Out, "array %s: %s\n", a, a.Fault)
			continue
		}
		fmt.Fprintf(t.Out, "array %s: values %.6g to %.6g, mean %.6f\n", a, a.Span.Minimum, a.Span.Maximum, a.Span.Mean)
	}
	for _, f := range i.Files {
		fmt.Fprintf(t.Out, "%s: %s\n", f.Name, f.What)
	}
	for _, w := range i.Warnings {
		fmt.Fprintf(t.Err, "warning: %s\n", w)
	}
}

// fetched is what data fetch --json prints.
type fetched struct {
	Set     string   `json:"set"`
	Title   string   `json:"title"`
	Licence string   `json:"licence"`
	Folder  string   `json:"folder"`
	Files   []string `json:"files"`
	Fetched int      `json:"fetched"` // files that were not there before
}

func runFetch(ctx context.Context, t Terminal, c *call) error {
	var names []string
	for _, s := range fetch.Sets() {
		names = append(names, s.Name)
	}
	last := len(names) - 1
	choice := strings.Join(names[:last], ", ") + " or " + names[last]
	if len(c.args) != 2 {
		return usagef("want data fetch %s", choice)
	}
	set, ok := fetch.Find(c.args[1])
	if !ok {
		return usagef("there is no set %s to fetch; want %s", c.args[1], choice)
	}
	if m := c.dataset.mirror; m != "" {
		set.Mirrors = []string{strings.TrimSuffix(m, "/") + "/"}
	}
	dir := c.dataset.to
	if dir == "" {
		if dir = dataset.Folder(set.Name); dir == "" {
			return errors.New("this computer has no data folder for its user; say where to put the files with --to FOLDER")
		}
	}
	progress := newMeter(t.Err, false)
	defer progress.close()
	n, err := fetch.Fetch(ctx, set, fetch.Options{Dir: dir, Progress: progress.show})
	if err != nil {
		return err
	}
	progress.close()
	result := fetched{Set: set.Name, Title: set.Title, Licence: set.Licence, Folder: dir, Fetched: n}
	for _, f := range set.Files {
		result.Files = append(result.Files, f.Name)
	}
	if c.json {
		return printJSON(t.Out, result)
	}
	fmt.Fprintf(t.Out, "%s\n%s\n", set.Title, set.Licence)
	if n == 0 {
		fmt.Fprintf(t.Out, "all %d files are in %s already\n", len(set.Files), dir)
		return nil
	}
	fmt.Fprintf(t.Out, "fetched %d of %d files into %s\n", n, len(set.Files), dir)
	return nil
}
