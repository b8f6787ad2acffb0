package recipe

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Default returns a complete recipe: UFLDL's sparse autoencoder with 25 hidden
// units on 8×8 patches of synthetic images. Keys that a recipe file leaves out
// keep these values, or those of DefaultOf its kind of model.
func Default() Recipe { return DefaultOf(KindSparse) }

// DefaultOf returns a complete recipe with a model of that kind.
func DefaultOf(kind string) Recipe {
	data := Data{Source: SourceDeadLeaves, Count: 10000}
	if kind == KindSelection {
		data = Data{Source: SourcePieces, Count: 300}
	}
	return Recipe{
		Version:   Version,
		Name:      "untitled",
		Title:     "Untitled",
		Seed:      1,
		Precision: "float32",
		Data:      data,
		Model:     DefaultModel(kind),
		Optimizer: DefaultOptimizer(kind),
	}
}

// WithKind returns the recipe with a model of another kind in place of its own,
// by the defaults of that kind, and an optimiser that suits it. The data stay,
// unless only one of the kinds is a selection.
func (r Recipe) WithKind(kind string) Recipe {
	if kind == r.Model.Kind {
		return r
	}
	if (kind == KindSelection) != (r.Data.Source == SourcePieces) {
		r.Data, r.Preprocess = DefaultOf(kind).Data, nil
	}
	r.Model, r.Optimizer = DefaultModel(kind), DefaultOptimizer(kind)
	return r
}

// kindIn returns the model.kind of a recipe's text, KindSparse when there is
// none or the text has a fault, which the full reading will find.
func kindIn(text []byte) string {
	var head struct {
		Model struct {
			Kind string `toml:"kind"`
		} `toml:"model"`
	}
	_, err := toml.Decode(string(text), &head)
	if err != nil || !slices.Contains(Kinds(), head.Model.Kind) {
		return KindSparse
	}
	return head.Model.Kind
}

func foreignKey(key, kind string) error {
	return fmt.Errorf("%s does not belong in a recipe of kind %s, which has model.%s", key, kind, strings.Join(modelKeys[kind], ", model."))
}

// written returns the recipe as it is written: without the keys that mean
// nothing for its kind.
func (r Recipe) written() any {
	model := pick(r.Model, r.Model.Has, nil)
	return pick(r, func(key string) bool {
		switch key {
		case "rbf":
			return r.IsRBF()
		case "data", "preprocess":
			return !r.IsRBF()
		}
		return true
	}, map[string]any{"model": model})
}

// pick returns a struct with only those fields of the struct v whose TOML key is
// wanted, some of them with other values.
func pick(v any, wanted func(key string) bool, other map[string]any) any {
	from := reflect.ValueOf(v)
	var fields []reflect.StructField
	var values []reflect.Value
	for i := range from.NumField() {
		f, value := from.Type().Field(i), from.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		if !wanted(key) {
			continue
		}
		if o, ok := other[key]; ok {
			value = reflect.ValueOf(o)
			f.Type = value.Type()
		}
		fields, values = append(fields, f), append(values, value)
	}
	out := reflect.New(reflect.StructOf(fields)).Elem()
	for k, value := range values {
		out.Field(k).Set(value)
	}
	return out.Interface()
}
