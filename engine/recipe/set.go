package recipe

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// Set returns the recipe with one value changed, named by its dotted key:
// "model.lambda=1e-4", "optimizer.iterations=50", "preprocess.1.epsilon=0.1".
// A value that is not TOML, or of the wrong kind where text is wanted (a path, a
// bare word), is taken as text. Another model.kind brings a model and an
// optimiser of its own, another rbf.task its own default of rbf.smoothing. The caller validates the result once all values are set.
func (r Recipe) Set(assignment string) (Recipe, error) {
	key, text, ok := strings.Cut(assignment, "=")
	key, text = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(text)
	if !ok || key == "" {
		return r, fmt.Errorf("--set %s: want key=value, for example model.lambda=1e-4", assignment)
	}
	value := parseValue(text)
	changed, err := r.with(key, value)
	if _, isText := value.(string); err != nil && !isText { // a file may be called 2024
		if again, textErr := r.with(key, text); textErr == nil {
			return again, nil
		}
	}
	if err != nil {
		return r, fmt.Errorf("--set %s: %w", assignment, err)
	}
	return changed, nil
}

// with returns the recipe with the value of the dotted key changed.
func (r Recipe) with(key string, value any) (Recipe, error) {
	if kind, ok := value.(string); ok && key == "model.kind" && slices.Contains(Kinds(), kind) {
		return r.WithKind(kind), nil
	}
	if name, ok := strings.CutPrefix(key, "model."); ok && isModelKey(name) && !r.Model.Has(name) {
		return r, foreignKey(key, r.Model.Kind)
	}
	tree := r.Keys()
	if err := assign(tree, strings.Split(key, "."), value); err != nil {
		return r, err
	}
	var b bytes.Buffer
	if err := toml.NewEncoder(&b).Encode(tree); err != nil {
		return r, err
	}
	var changed Recipe
	if r.IsRBF() { // whose text is without the tables that it does not use
		changed = DefaultOf(KindRBF)
	}
	meta, err := toml.NewDecoder(&b).Decode(&changed)
	if err != nil {
		if found := typeFault.FindStringSubmatch(strings.TrimPrefix(err.Error(), "toml: ")); found != nil {
			return r, fmt.Errorf("want %s", kindNames[found[4]])
		}
		return r, fmt.Errorf("%v is not a value for this key", value)
	}
	if len(meta.Undecoded()) > 0 {
		return r, fmt.Errorf("there is no key %s", key)
	}
	if changed.RBF.Task != r.RBF.Task && r.RBF.Smoothing == smoothingOf(r.RBF.Task) {
		changed.RBF.Smoothing = smoothingOf(changed.RBF.Task)
	}
	return changed, nil
}

// Keys returns the recipe as a tree of its keys, which Set takes with dots
// between them.
func (r Recipe) Keys() map[string]any {
	var tree map[string]any
	if _, err := toml.Decode(string(r.Encode()), &tree); err != nil {
		panic("recipe: Keys: " + err.Error()) // Encode writes TOML
	}
	return tree
}

// parseValue reads text as a TOML value, or as a string when it is none.
func parseValue(text string) any {
	var one struct{ V any }
	if _, err := toml.Decode("V = "+text, &one); err == nil {
		return one.V
	}
	return text
}

// assign stores value at the path of keys below tree.
func assign(tree map[string]any, path []string, value any) error {
	for len(path) > 1 {
		switch child := tree[path[0]].(type) {
		case map[string]any:
			tree, path = child, path[1:]
		case []map[string]any:
			i, err := strconv.Atoi(path[1])
			if err != nil || i < 0 || i >= len(child) || len(path) < 3 {
				return fmt.Errorf("%s has %d steps: name one as %s.0.key", path[0], len(child), path[0])
			}
			tree, path = child[i], path[2:]
		default:
			if child != nil || path[0] != "schedule" { // which is left out where the rate is constant
				return fmt.Errorf("there is no section %s", path[0])
			}
			section := map[string]any{}
			tree[path[0]] = section
			tree, path = section, path[1:]
		}
	}
	tree[path[0]] = value
	return nil
}
