package recipe

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"filterscope/assets"
)

// order is the order of the cards in the gallery; recipes that it does not
// name follow by name.
var order = []string{
	"edges", "strokes", "dl4j-denoising", "vae-2d", "rbm-digits", "rbf-1d",
	"ufldl-patches", "ufldl-mnist", "ufldl-colour", "ufldl-stacked", "self-taught",
	"h2o-deep-features", "code-importance", "deep-hinton", "linear-30", "denoising-mnist", "dl4j-vae", "vae-mnist", "rbm-pcd15",
	"keras-identity", "keras-narrow", "keras-identity-normalised", "relu-nan", "soft-selection",
	"rbf-sinc", "rbf-train", "rbf-field", "rbf-image", "rbf-star", "rbf-sphere", "rbf-torus",
}

// Builtin returns the recipes that come with the program, in the order of the
// gallery. They are part of the program and tested with it: a fault in one is
// a panic.
func Builtin() []Recipe {
	files, err := fs.Glob(assets.Recipes, "recipes/*.toml")
	if err != nil {
		panic("recipe: Builtin: " + err.Error())
	}
	all := make([]Recipe, 0, len(files))
	for _, file := range files {
		text, err := fs.ReadFile(assets.Recipes, file)
		if err == nil {
			var r Recipe
			r, err = Parse(text)
			all = append(all, r)
		}
		if err != nil {
			panic(fmt.Sprintf("recipe: Builtin: %s: %v", path.Base(file), err))
		}
	}
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b Recipe) int {
		if d := rank(a.Name) - rank(b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// Open returns the built-in recipe of that name, or reads the .toml file at
// that path.
func Open(name string) (Recipe, error) {
	if !strings.HasSuffix(name, ".toml") {
		all := Builtin()
		names := make([]string, len(all))
		for i, r := range all {
			if r.Name == name {
				return r, nil
			}
			names[i] = r.Name
		}
		return Recipe{}, fmt.Errorf("there is no recipe %s: want one of %s, or a .toml file", name, strings.Join(names, ", "))
	}
	text, err := readSmall(name)
	if err != nil {
		return Recipe{}, fmt.Errorf("read recipe: %w", err)
	}
	r, err := Parse(text)
	if err != nil {
		return Recipe{}, fmt.Errorf("recipe %s: %w", name, err)
	}
	return r, nil
}

// readSmall reads a whole file that is at most 1 MiB: a recipe is a page of
// text, and anything larger is some other file.
func readSmall(name string) ([]byte, error) {
	const limit = 1 << 20
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && len(text) > limit {
		err = fmt.Errorf("%s is too large for a recipe: more than 1 MiB", name)
	}
	return text, err
}
