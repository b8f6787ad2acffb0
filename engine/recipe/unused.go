package recipe

import (
	"slices"
	"strings"
)

// Unused says in a few words why a key of [model] or [optimizer] changes nothing
// in r, "" when it does, or for another key.
func (r Recipe) Unused(key string) string {
	if name, ok := strings.CutPrefix(key, "model."); ok && r.Model.Has(name) {
		return r.Model.unused(name)
	}
	name, ok := strings.CutPrefix(key, "optimizer.")
	if !ok {
		return ""
	}
	o := r.Optimizer
	only := func(methods ...string) string {
		if slices.Contains(methods, o.Method) {
			return ""
		}
		return "it is of method " + strings.Join(methods, " and ") + ", and this recipe has " + o.Method
	}
	switch name {
	case "method", "patience":
		return ""
	case "iterations":
		return only(MethodLBFGS, MethodCG)
	case "memory":
		return only(MethodLBFGS)
	case "min_delta", "restore_best":
		if o.Patience == 0 {
			return "it goes with optimizer.patience, which is 0"
		}
		return ""
	}
	if !o.Minibatch() {
		return "it is of the minibatch methods, and this recipe has " + o.Method
	}
	schedule, inSchedule := strings.CutPrefix(name, "schedule.")
	switch {
	case inSchedule:
		return o.Schedule.unused(schedule)
	case slices.Contains([]string{"momentum", "momentum_start", "momentum_ramp", "nesterov"}, name):
		if r.Model.Kind == KindRBM && name == "nesterov" {
			return "a Boltzmann machine has plain momentum"
		}
		return only(MethodSGD)
	case name == "decay":
		return only(MethodRMSprop, MethodAdadelta)
	case strings.HasPrefix(name, "beta"):
		return only(MethodAdam)
	case name == "epsilon":
		return only(MethodAdagrad, MethodRMSprop, MethodAdadelta, MethodAdam)
	case strings.HasPrefix(name, "clip_") && r.Model.Kind == KindRBM:
		return "a Boltzmann machine has no gradient to clip"
	}
	return ""
}

// unused says why a key of a model changes nothing.
func (m Model) unused(key string) string {
	needs := func(key, value, has string, ok bool) string {
		if ok {
			return ""
		}
		return "it goes with " + key + " = " + value + ", and this recipe has " + has
	}
	switch key {
	case "loss", "huber":
		if judged := m.Kind != KindVariational || strings.Contains(m.Distribution, "loss"); !judged {
			return needs("model.distribution", `"loss"`, `"`+m.Distribution+`"`, false)
		}
		if key == "huber" {
			return needs("model.loss", `"huber"`, `"`+m.Loss+`"`, m.Loss == "huber")
		}
	case "softmax_axis":
		return needs("model.decoder", `"softmax"`, `"`+m.Decoder+`"`, m.Decoder == DecoderSoftmax)
	case "init_scale":
		return needs("model.initialiser", `"normal"`, `"`+m.Initialiser+`"`, m.Initialiser == "normal")
	case "level":
		return needs("model.corruption", "another than none", "none", m.Corruption != "none")
	case "chains":
		return needs("model.persistent", "true", "false", m.Persistent)
	case "beta", "sparse_all":
		return needs("model.sparsity", `"kl" or "l1"`, `"none"`, !m.Has("sparsity") || m.Sparsity != "none")
	case "rho":
		if m.Has("sparsity") {
			return needs("model.sparsity", `"kl"`, `"`+m.Sparsity+`"`, m.Sparsity == "kl")
		}
		return needs("model.beta", "above 0", "0", m.Beta > 0)
	}
	return ""
}

// unused says why a key of a schedule changes nothing.
func (s Schedule) unused(key string) string {
	of := map[string][]string{
		"factor": {"step", "exponential", "plateau"}, "every": {"step"}, "floor": {"cosine", "plateau"},
		"warm_up": {"cosine"}, "anneal": {"h2o"}, "patience": {"plateau"}, "cooldown": {"plateau"},
	}[key]
	if of == nil || slices.Contains(of, s.Name) {
		return ""
	}
	name := s.Name
	if name == "" {
		name = "constant"
	}
	return "it is of schedule " + strings.Join(of, " and ") + ", and this recipe has " + name
}
