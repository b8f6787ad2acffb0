// Command compare times this program and what a user would run instead, one
// after the other in turns, on the same data, and prints tables (Markdown) and,
// with -json, every single measurement.
//
//	go run ./bench/compare                        everything, five rounds, about twenty minutes
//	go run ./bench/compare -only eval,patches     some groups of it
//	go run ./bench/compare -only window           what the window costs; needs no data
//	go run ./bench/compare -only rbf,data         against SciPy, NumPy and Pillow; half a minute a round
//
// Machines change their speed while one looks; a virtual one by half within
// seconds. So the programs take turns, a round at a time, and what counts is the
// median over the rounds of the ratio within a round. Every program runs as a
// process of its own, and its peak memory is what the kernel accounted to it.
// docs/benchmarks.md explains the groups and has the results.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filterscope/engine/dataset"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "compare: %s\n", err)
		os.Exit(1)
	}
}

// setup is what all processes of a comparison share.
type setup struct {
	root    string // of the module
	work    string // folder for the driver and the data
	mnist   string // folder of the MNIST files
	python  string
	octave  string
	threads int
	rounds  int
	long    int // rounds of the groups that take minutes
	reps    int // measurements in one process
	count   int // examples of the large data file

	wait     time.Duration // for a quiet moment
	patience int           // how often a disturbed process is repeated
}

func compare(ctx context.Context, args []string) error {
	var s setup
	flags := flag.NewFlagSet("compare", flag.ExitOnError)
	only := flags.String("only", "", "comma-separated `groups` to run: "+strings.Join(groupNames(), ", ")+"; default all")
	jsonFile := flags.String("json", "", "write every measurement to `FILE`; with -only, the groups that are not measured now stay in it")
	doc := flags.String("doc", "", "replace the results in the Markdown `FILE`")
	again := flags.Bool("again", false, "measure nothing, print what -json FILE holds")
	flags.IntVar(&s.rounds, "rounds", 5, "rounds")
	flags.IntVar(&s.long, "long-rounds", 1, "rounds of the groups that take minutes: "+strings.Join(longGroups(), ", "))
	flags.IntVar(&s.reps, "reps", 5, "measurements in one process; their median is the round's")
	flags.IntVar(&s.threads, "threads", 2, "threads each program may use")
	flags.IntVar(&s.count, "count", 60000, "examples at the end of the growth curve")
	flags.DurationVar(&s.wait, "wait", 10*time.Second, "wait at most so long for other work on the machine to pause, before each process")
	flags.IntVar(&s.patience, "patience", 1, "repeat a process so often when other work disturbed it")
	flags.StringVar(&s.mnist, "data", "", "folder of the MNIST files; default mnist in $FILTERSCOPE_SHARED/data or the user's data folder")
	flags.StringVar(&s.python, "python", "/usr/bin/python3", "Python that has the peers' packages")
	flags.StringVar(&s.octave, "octave", "octave-cli", "Octave")
	_ = flags.Parse(args) // exits on errors
	if s.rounds < 1 || s.long < 1 || s.reps < 1 || s.threads < 1 {
		return errors.New("-rounds, -long-rounds, -reps and -threads must be 1 or more")
	}
	chosen := groups()
	if *only != "" {
		wanted := strings.Split(*only, ",")
		for _, name := range wanted {
			if !slices.Contains(groupNames(), name) {
				return fmt.Errorf("no group %s: want some of %s", name, strings.Join(groupNames(), ", "))
			}
		}
		chosen = slices.DeleteFunc(chosen, func(g group) bool { return !slices.Contains(wanted, g.name) })
	}
	var res results
	if *again || *only != "" && *jsonFile != "" {
		if err := readJSON(*jsonFile, &res); err != nil && (*again || !errors.Is(err, os.ErrNotExist)) {
			return err
		}
	}
	if *again {
		chosen = nil
	} else {
		if err := s.prepare(ctx, chosen); err != nil {
			return err
		}
		defer os.RemoveAll(s.work)
	}
	return s.measure(ctx, chosen, &res, *jsonFile, *doc)
}

// measure runs the groups, adds what they did to res, prints all of it and
// writes the files.
func (s *setup) measure(ctx context.Context, chosen []group, res *results, jsonFile, doc string) error {
	skipped := s.missing(ctx, chosen)
	for _, reason := range skipped {
		fmt.Fprintf(os.Stderr, "skipped: %s\n", reason)
	}
	where := describe(ctx, *s)
	for _, g := range chosen {
		outcome, err := s.runGroup(ctx, g, skipped)
		if err != nil {
			return err
		}
		outcome.Machine = where
		res.put(outcome)
		printGroup(os.Stderr, outcome)
		if jsonFile != "" { // after every group: an interrupted comparison keeps what it has
			if err := writeJSON(jsonFile, *res); err != nil {
				return err
			}
		}
	}
	var text bytes.Buffer
	printAll(&text, *res)
	if doc != "" {
		if err := replaceResults(doc, text.Bytes()); err != nil {
			return err
		}
	}
	_, err := os.Stdout.Write(text.Bytes())
	return err
}

// prepare builds what the groups run and writes the files that they read.
func (s *setup) prepare(ctx context.Context, chosen []group) error {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return fmt.Errorf("find the module (run this inside it): %w", err)
	}
	s.root = strings.TrimSpace(string(root))
	if s.work, err = os.MkdirTemp("", "filterscope-compare-"); err != nil {
		return err
	}
	if slices.ContainsFunc(chosen, func(g group) bool { return g.name == "window" }) {
		if err := s.build(ctx, "filterscope-cli", "./cmd/filterscope-cli", "CGO_ENABLED=0"); err != nil {
			return err
		}
		if err := s.build(ctx, "filterscope", ".", "CGO_ENABLED=1", "-tags", "no_metadata,migrated_fynedo"); err != nil {
			return err
		}
	}
	var files []string // tasks of the driver
	for _, g := range chosen {
		if g.files != "" && !slices.Contains(files, g.files) {
			files = append(files, g.files)
		}
	}
	if len(files) == 0 {
		return nil
	}
	if err := s.build(ctx, "driver", "./bench/driver", "CGO_ENABLED=0"); err != nil {
		return err
	}
	if !slices.Equal(files, []string{"points"}) {
		if err := s.findMNIST(); err != nil {
			return err
		}
	}
	for _, task := range files {
		fmt.Fprintf(os.Stderr, "preparing the data (%s)\n", task)
		if _, err := s.execute(ctx, program{kind: ours, args: []string{
			"-task", task, "-mnist", s.mnist, "-out", s.work, "-count", fmt.Sprint(s.count),
		}}); err != nil {
			return err
		}
	}
	return nil
}

// findMNIST finds the folder of the MNIST files, unless it is given, and makes its path absolute.
func (s *setup) findMNIST() (err error) {
	if s.mnist == "" {
		if shared := os.Getenv("FILTERSCOPE_SHARED"); shared != "" {
			s.mnist = filepath.Join(shared, "data", "mnist")
		} else if dir, ok := dataset.FindMNIST(); ok {
			s.mnist = dir
		} else {
			return errors.New("the comparison wants MNIST: give its folder with -data")
		}
	}
	s.mnist, err = filepath.Abs(s.mnist)
	return err
}

// build builds a package of the module into the folder for the work.
func (s *setup) build(ctx context.Context, name, pkg, env string, flags ...string) error {
	args := slices.Concat([]string{"build", "-o", s.program(name)}, flags, []string{pkg})
	build := exec.CommandContext(ctx, "go", args...)
	build.Dir, build.Env, build.Stderr = s.root, append(os.Environ(), env), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build %s: %w", pkg, err)
	}
	return nil
}

// driver is the path of this program's side.
func (s *setup) driver() string { return s.program("driver") }

// program is the path of a program that was built.
func (s *setup) program(name string) string { return filepath.Join(s.work, name+".exe") }
