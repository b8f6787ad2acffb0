package network

import (
	"errors"
	"fmt"
	"math"

	"filterscope/engine/recipe"
)

// Hyper holds the numbers that may change while a network is trained. They
// change at the next step, without a reset. What a model or a method does not
// have, it ignores.
type Hyper struct {
	Lambda, L1, Beta, Rho float64
	Level                 float64 // of the corruption
	KLWeight              float64
	LearningRate          float64 // of minibatch methods
	Momentum              float64
}

// HyperOf returns those of a recipe.
func HyperOf(r recipe.Recipe) Hyper {
	m := r.Model
	h := Hyper{
		Lambda: m.Lambda, L1: m.L1, Beta: m.Beta, Rho: m.Rho, Level: m.Level, KLWeight: m.KLWeight,
		LearningRate: r.Optimizer.LearningRate, Momentum: r.Optimizer.Momentum,
	}
	if m.InputDropout > 0 {
		h.Level = m.InputDropout
	}
	return h
}

// In returns the recipe with the numbers h in it.
func (h Hyper) In(r recipe.Recipe) recipe.Recipe {
	m := &r.Model
	m.Lambda, m.L1, m.Beta, m.Rho, m.KLWeight = h.Lambda, h.L1, h.Beta, h.Rho, h.KLWeight
	if m.Has("level") {
		m.Level = h.Level
	} else if m.InputDropout > 0 {
		m.InputDropout = h.Level
	}
	r.Optimizer.LearningRate, r.Optimizer.Momentum = h.LearningRate, h.Momentum
	return r
}

// Number is one of the numbers, with what errors and people call it.
type Number struct {
	Name, Symbol string
	Value        float64
}

// Numbers lists the numbers, always in the same order.
func (h Hyper) Numbers() []Number {
	return []Number{
		{"lambda", "λ", h.Lambda},
		{"l1", "λ₁", h.L1},
		{"beta", "β", h.Beta},
		{"rho", "ρ", h.Rho},
		{"corruption level", "corruption", h.Level},
		{"KL weight", "KL weight", h.KLWeight},
		{"learning rate", "learning rate", h.LearningRate},
		{"momentum", "momentum", h.Momentum},
	}
}

// Validate returns an error that names every number no recipe may have.
func (h Hyper) Validate() error {
	var faults []error
	for _, n := range h.Numbers() {
		ok, limits := n.Value >= 0, "0 or more"
		switch n.Name {
		case "rho":
			ok, limits = (n.Value > 0 || n.Value == 0 && h.Beta == 0) && n.Value < 1, "a number between 0 and 1"
		case "momentum":
			ok, limits = n.Value >= 0 && n.Value < 1, "0 to below 1"
		}
		if !ok || !finite(n.Value) {
			faults = append(faults, fmt.Errorf("%s = %v: want %s", n.Name, n.Value, limits))
		}
	}
	return errors.Join(faults...)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
