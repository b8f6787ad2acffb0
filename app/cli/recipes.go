package cli

import (
	"context"
	"fmt"
	"runtime/debug"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
)

func jsonFlag(c *call) { c.flags.BoolVar(&c.json, "json", false, "print one JSON object") }

func recipesCommand() *command {
	return &command{
		name: "recipes", args: "[--json]", about: "list the built-in recipes",
		flags: jsonFlag, run: runRecipes,
	}
}

func runRecipes(_ context.Context, t Terminal, c *call) error {
	if len(c.args) > 0 {
		return usagef("want no arguments, got %s", c.args[0])
	}
	all := recipe.Builtin()
	if c.json {
		type entry struct {
			Name    string         `json:"name"`
			Title   string         `json:"title"`
			About   string         `json:"about"`
			LookFor string         `json:"look_for"`
			Recipe  map[string]any `json:"recipe"` // with the keys that --set has
		}
		out := struct {
			Recipes []entry `json:"recipes"`
		}{}
		for _, r := range all {
			out.Recipes = append(out.Recipes, entry{r.Name, r.Title, r.About, r.LookFor, r.Keys()})
		}
		return printJSON(t.Out, out)
	}
	for _, r := range all {
		fmt.Fprintf(t.Out, "%-15s %s. %s\n%15s Look for: %s\n", r.Name, r.Title, r.About, "", r.LookFor)
	}
	return nil
}

func versionCommand() *command {
	return &command{
		name: "version", args: "[--json]", about: "tell the version and the kernels in use",
		flags: jsonFlag,
		run: func(_ context.Context, t Terminal, c *call) error {
			v := struct {
				Version string `json:"version"`
				Kernel  string `json:"kernel"`
				Workers int    `json:"workers"`
			}{Version(), linalg.Kernel(), linalg.Workers()}
			if c.json {
				return printJSON(t.Out, v)
			}
			fmt.Fprintf(t.Out, "filterscope %s, %s kernels, %d workers\n", v.Version, v.Kernel, v.Workers)
			return nil
		},
	}
}

// Version returns the version of the program, with the commit when the build
// knows it.
func Version() string {
	const version = "0.1.0"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + "+" + s.Value[:12]
		}
	}
	return version
}
