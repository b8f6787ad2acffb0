package train

import (
	"slices"

	"filterscope/engine/nn"
)

// maxPoints bounds the history: when it is full every second point goes and
// the distance between points doubles, so an overnight run keeps its whole
// course in a few megabytes.
const maxPoints = 8192

// History is the course of a run: for each recorded step its number, the
// seconds of training so far and every term of the objective. The slices of a
// published History are prefixes that never change.
type History struct {
	Names   []string    // of the terms
	Steps   []float64   // iteration or minibatch number
	Seconds []float64   // training time alone, pauses left out
	Terms   [][]float64 // Terms[k][i] is term Names[k] at Steps[i]
	Total   []float64   // the objective, the sum of the terms
	// Measures are the courses of what is measured besides, once an epoch or every
	// few iterations.
	Measures []Series
}

// Series is the course of one measure.
type Series struct {
	Name          string
	Steps, Values []float64
}

// Measure returns the course of the named measure, and whether there is one.
func (h *History) Measure(name string) (Series, bool) {
	for _, s := range h.Measures {
		if s.Name == name {
			return s, true
		}
	}
	return Series{}, false
}

// Len returns the number of points.
func (h *History) Len() int { return len(h.Steps) }

// recorder appends to a history.
type recorder struct {
	h      History
	stride int // record every stride-th step
}

func newRecorder() *recorder { return &recorder{stride: 1} }

// due reports whether the step is one to record.
func (r *recorder) due(step int) bool { return step%r.stride == 0 }

// add appends a point, thinning the history first when it is full.
func (r *recorder) add(step int, seconds float64, terms nn.Terms) {
	if r.h.Names == nil {
		for _, t := range terms {
			r.h.Names = append(r.h.Names, t.Name)
			r.h.Terms = append(r.h.Terms, nil)
		}
	}
	if n := r.h.Len(); n > 0 && r.h.Steps[n-1] == float64(step) {
		return
	}
	if r.h.Len() >= maxPoints {
		r.thin()
	}
	r.h.Steps = append(r.h.Steps, float64(step))
	r.h.Seconds = append(r.h.Seconds, seconds)
	r.h.Total = append(r.h.Total, terms.Total())
	for k, t := range terms {
		r.h.Terms[k] = append(r.h.Terms[k], t.Value)
	}
}

// measure appends measures. A series that is full loses every second point.
func (r *recorder) measure(step int, all []Measure) {
	for _, m := range all {
		i := slices.IndexFunc(r.h.Measures, func(s Series) bool { return s.Name == m.Name })
		if i < 0 {
			i = len(r.h.Measures)
			r.h.Measures = append(r.h.Measures, Series{Name: m.Name})
		}
		s := &r.h.Measures[i]
		if n := len(s.Steps); n > 0 && s.Steps[n-1] == float64(step) {
			continue
		}
		if len(s.Steps) >= maxPoints {
			s.Steps, s.Values = half(s.Steps), half(s.Values)
		}
		s.Steps, s.Values = append(s.Steps, float64(step)), append(s.Values, m.Value)
	}
}

// half returns every second value in a new slice.
func half(s []float64) []float64 {
	kept := make([]float64, 0, maxPoints)
	for i := 0; i < len(s); i += 2 {
		kept = append(kept, s[i])
	}
	return kept
}

// thin keeps every second point, in new slices: published ones stay as they
// are.
func (r *recorder) thin() {
	r.h.Steps, r.h.Seconds, r.h.Total = half(r.h.Steps), half(r.h.Seconds), half(r.h.Total)
	terms := make([][]float64, len(r.h.Terms))
	for k, s := range r.h.Terms {
		terms[k] = half(s)
	}
	r.h.Terms = terms
	r.stride *= 2
}

// snapshot returns the history so far as prefixes that later points cannot
// reach.
func (r *recorder) snapshot() History {
	cut := func(s []float64) []float64 { return s[:len(s):len(s)] }
	h := History{Names: r.h.Names, Steps: cut(r.h.Steps), Seconds: cut(r.h.Seconds), Total: cut(r.h.Total)}
	h.Terms = make([][]float64, len(r.h.Terms))
	for k, s := range r.h.Terms {
		h.Terms[k] = cut(s)
	}
	for _, m := range r.h.Measures {
		h.Measures = append(h.Measures, Series{m.Name, cut(m.Steps), cut(m.Values)})
	}
	return h
}
