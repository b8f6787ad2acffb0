package app

import (
	"fmt"
	"slices"
	"strings"

	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// stale reports whether the form asks for something that the present run was
// not started with and cannot change any more.
func (s *session) stale() bool {
	if s.run == nil || s.run.exhibit != nil {
		return false
	}
	a, b := s.recipe, s.run.recipe()
	if s.active() || s.canTrainOn() { // the live ones reach the run that goes on
		forgetLive(&a)
		forgetLive(&b)
	}
	return string(a.Encode()) != string(b.Encode())
}

// forgetLive takes the live values out of a recipe.
func forgetLive(r *recipe.Recipe) {
	dropout := r.Model.InputDropout // live only in a run that began with one
	*r = train.Hyper{Rho: 0.5}.In(*r)
	r.Model.InputDropout = dropout
}

// differences names the keys of two recipes that differ, "hidden 196 → 64";
// the live ones only when live is false.
func differences(from, to recipe.Recipe, live bool) string {
	if live {
		forgetLive(&from)
		forgetLive(&to)
	}
	var changes []string
	if from.Model.Kind != to.Model.Kind { // whose keys are others
		changes = append(changes, kindName(from.Model.Kind)+" → "+kindName(to.Model.Kind))
		from.Model, from.Optimizer = to.Model, to.Optimizer
	}
	same := func(x, y preprocess.Spec) bool { return x.Step == y.Step }
	if !slices.EqualFunc(from.Preprocess, to.Preprocess, same) { // whose keys are others then
		changes = append(changes, "the steps of the preprocessing changed")
		from.Preprocess, to.Preprocess = nil, nil
	}
	a, before := valuesOf(from)
	b, now := valuesOf(to)
	name := func(key string) string {
		return strings.ReplaceAll(key[strings.LastIndex(key, "]")+1:], "_", " ")
	}
	for _, key := range b {
		old, had := before[key]
		switch value := now[key]; {
		case had && old != value:
			changes = append(changes, fmt.Sprintf("%s %s → %s", name(key), old, value))
		case !had && value == "true":
			changes = append(changes, name(key)+" on")
		case !had:
			changes = append(changes, name(key)+" "+value)
		}
	}
	for _, key := range a {
		if _, has := now[key]; !has {
			changes = append(changes, "no "+name(key))
		}
	}
	if n := len(changes); n > mostChanges+1 {
		changes = append(changes[:mostChanges], fmt.Sprintf("and %d more", n-mostChanges))
	}
	return strings.Join(changes, ", ")
}

// valuesOf returns the keys of a recipe in the order of its file, and their
// values.
func valuesOf(r recipe.Recipe) (keys []string, values map[string]string) {
	values = map[string]string{}
	section, sections := "", 0
	for line := range strings.Lines(string(r.Encode())) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			sections++
			section = line
			if strings.HasPrefix(line, "[[") { // there may be several
				section = fmt.Sprintf("%d%s", sections, line)
			}
		}
		if key, value, ok := strings.Cut(line, " = "); ok {
			keys = append(keys, section+key)
			values[section+key] = strings.Trim(value, `"`)
		}
	}
	return keys, values
}
