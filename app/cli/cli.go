// Package cli is the command line: every command of the program that needs no
// window. It uses the same engine and gives the same numbers.
//
// Results go to standard output and progress to standard error. With --json
// exactly one JSON object is printed. The exit code is 0 when the work is
// done, 1 when it failed or was interrupted (one line says why) and 2 when the
// command was not understood: an unknown command, flag, key or value. A
// training that is interrupted is done: it ends with what it has learned.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// Exit codes.
const (
	ExitDone   = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// Terminal is where a command reads and writes.
type Terminal struct {
	Out io.Writer // results
	Err io.Writer // progress and errors
}

// command is one entry of the command table.
type command struct {
	name  string
	args  string // after the name, in usage
	about string
	run   func(ctx context.Context, t Terminal, c *call) error
	flags func(*call)
}

// call is one parsed command line.
type call struct {
	command *command
	flags   *flag.FlagSet
	args    []string

	data, out, precision, recipe string
	set                          list
	json, quiet, h2o             bool
	mosaic                       mosaicFlags
	anomaly                      anomalyFlags
	sample                       sampleFlags
	layer, samples               int
	split                        string
	dataset                      dataFlags
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

// usageError is a mistake in the command line, not in the work.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

func commands() []*command {
	return []*command{
		recipesCommand(), trainCommand(), evalCommand(), gradcheckCommand(),
		encodeCommand(), reconstructCommand(), anomalyCommand(), sampleCommand(), importCommand(), exportCommand(),
		mosaicCommand(), rbfCommand(),
		dataCommand(), versionCommand(),
	}
}

// Is reports whether name is a command or a request for help.
func Is(name string) bool { return isHelp(name) || find(name) != nil }

func isHelp(name string) bool {
	return name == "help" || name == "-h" || name == "-help" || name == "--help"
}

func find(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// Main runs the command that args name and returns the exit code. When ctx
// ends, a training ends cleanly with what it has learned, and any other work is
// given up.
func Main(ctx context.Context, args []string, t Terminal) int {
	if len(args) == 0 || isHelp(args[0]) && len(args) == 1 {
		printUsage(t.Out)
		return ExitDone
	}
	if isHelp(args[0]) {
		args = []string{args[1], "--help"}
	}
	c := find(args[0])
	if c == nil {
		fmt.Fprintf(t.Err, "filterscope: there is no command %s; see filterscope help\n", args[0])
		return ExitUsage
	}
	parsed := newCall(c, t.Out)
	if err := parsed.parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			parsed.flags.Usage()
			return ExitDone
		}
		fmt.Fprintf(t.Err, "filterscope %s: %s\n", c.name, oneLine(err))
		return ExitUsage
	}
	err := c.run(ctx, t, parsed)
	if err == nil {
		return ExitDone
	}
	if ctx.Err() != nil && (errors.Is(err, context.Cause(ctx)) || errors.Is(err, ctx.Err())) {
		err = errors.New("interrupted; nothing was written")
	}
	fmt.Fprintf(t.Err, "filterscope %s: %s\n", c.name, oneLine(err))
	if _, ok := errors.AsType[usageError](err); ok {
		return ExitUsage
	}
	return ExitFailed
}

func newCall(c *command, out io.Writer) *call {
	p := &call{command: c, flags: flag.NewFlagSet(c.name, flag.ContinueOnError)}
	if c.flags != nil {
		c.flags(p)
	}
	p.flags.SetOutput(io.Discard)
	p.flags.Usage = func() {
		fmt.Fprintf(out, "usage: filterscope %s %s\n\n%s\n", c.name, c.args, c.about)
		any := false
		p.flags.VisitAll(func(f *flag.Flag) {
			if !any {
				fmt.Fprintln(out)
			}
			any = true
			value, text := flag.UnquoteUsage(f)
			fmt.Fprintf(out, "  %-22s %s\n", strings.TrimSpace("--"+f.Name+" "+value), text)
		})
	}
	return p
}

// parse reads flags and arguments in any order: flag.Parse alone would stop
// at the first argument.
func (c *call) parse(args []string) error {
	usage := c.flags.Usage
	c.flags.Usage = func() {}
	defer func() { c.flags.Usage = usage }()
	for {
		if err := c.flags.Parse(args); err != nil {
			return err
		}
		rest := c.flags.Args()
		if len(rest) == 0 {
			return nil
		}
		c.args, args = append(c.args, rest[0]), rest[1:]
	}
}

// want returns the only argument, or says what was wanted.
func (c *call) want(what string) (string, error) {
	if len(c.args) != 1 {
		return "", usagef("want one %s, got %d arguments; see filterscope help %s", what, len(c.args), c.command.name)
	}
	return c.args[0], nil
}

func printUsage(w io.Writer) {
	fmt.Fprint(w, "Filterscope trains small unsupervised networks and shows what they learn.\n\n"+
		"usage: filterscope [PATH]           open the window, with that image, data set, model or recipe\n"+
		"       filterscope COMMAND ...\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, strings.SplitN(c.about, "\n", 2)[0])
	}
	fmt.Fprint(w, "\nfilterscope help COMMAND tells more. docs/formats.md describes the files.\n")
}

// oneLine joins the lines of an error, as errors.Join writes them.
func oneLine(err error) string {
	return strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
