package cli

import (
	"context"
	"fmt"

	"filterscope/engine/dataset"
)

func dataCommand() *command {
	return &command{
		name: "data", args: "info PATH [--split train|test] [--json]",
		about: "describe a data set: shapes, range, labels",
		flags: func(c *call) {
			c.flags.StringVar(&c.split, "split", "", "of a folder with both, the `train` or the test files")
			jsonFlag(c)
		},
		run: runData,
	}
}

func runData(ctx context.Context, t Terminal, c *call) error {
	if len(c.args) > 0 && c.args[0] == "fetch" {
		return usagef("data fetch is not part of this version yet: download the MNIST files yourself and give --data FOLDER")
	}
	if len(c.args) != 2 || c.args[0] != "info" {
		return usagef("want data info PATH")
	}
	if c.split != "" && c.split != "train" && c.split != "test" {
		return usagef("--split %s: want train or test", c.split)
	}
	progress := newMeter(t.Err, false)
	defer progress.close()
	info, err := dataset.Inspect(ctx, dataset.LoadOptions{Path: c.args[1], Split: c.split, Progress: progress.show})
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
	fmt.Fprintf(t.Out, "%s: %d examples of %d features\n", i.Name, i.Examples, i.Features)
	if i.Width > 0 {
		fmt.Fprintf(t.Out, "images of %d×%d pixels, %d channel(s)\n", i.Width, i.Height, i.Channels)
	}
	fmt.Fprintf(t.Out, "values %.6g to %.6g, mean %.6f (%s)\n", i.Minimum, i.Maximum, i.Mean, i.Element)
	for _, l := range i.Labels {
		fmt.Fprintf(t.Out, "label %d %s: %d\n", l.Label, l.Name, l.Count)
	}
	for _, f := range i.Files {
		fmt.Fprintf(t.Out, "%s: %s\n", f.Name, f.What)
	}
	for _, w := range i.Warnings {
		fmt.Fprintf(t.Err, "warning: %s\n", w)
	}
}
