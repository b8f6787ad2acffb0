package train

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// GradCheck compares the analytic gradient at the initial parameters with
// central differences, per tensor; the recipe must ask for float64. A stacked
// autoencoder is checked stage by stage: each layer of pre-training, the
// softmax, fine-tuning. Of a model with kinks config.Kinks is set, and the biases
// are moved a little from where they start.
func (p *Problem) GradCheck(config nn.CheckConfig) ([]nn.TensorCheck, error) {
	if p.double == nil {
		return nil, errors.New("a gradient check wants precision = float64")
	}
	config.Kinks = config.Kinks || network.Kinks(p.spec)
	switch spec := p.spec.(type) {
	case network.RBM:
		return nil, errors.New("a Boltzmann machine is trained by contrastive divergence, which is not the gradient of any value that could be computed: there is nothing to compare")
	case network.Stacked:
		return p.checkStages(spec, config)
	}
	theta := p.InitialParameters()
	if config.Kinks {
		unbalance(p.spec.Layout(), theta)
	}
	return checkObjective(p.spec.Layout(), theta, network.NewObjective[float64](p.spec), p.double.training, config), nil
}

// unbalance moves the biases away from 0. An example that silences a layer would
// set the next one exactly on its kinks, where a central difference is half the
// sum of two slopes and the analytic gradient one of them.
func unbalance(layout nn.Layout, theta []float64) {
	rng := rand.New(rand.NewPCG(1, streamInit))
	for _, t := range layout {
		if len(t.Shape) > 1 {
			continue
		}
		for i := range t.Len() {
			theta[t.Offset+i] += 0.1 * rng.NormFloat64()
		}
	}
}

func checkObjective(layout nn.Layout, theta []float64, o network.Objective[float64], in inputs[float64], config nn.CheckConfig) []nn.TensorCheck {
	return nn.CheckGradient(layout, theta, func(theta, grad []float64) float64 {
		return o.Evaluate(theta, in.x, in.y, grad).Total()
	}, config)
}

// checkStages checks what every stage minimises, at the initial parameters.
func (p *Problem) checkStages(spec network.Stacked, config nn.CheckConfig) ([]nn.TensorCheck, error) {
	r := p.Recipe
	r.Optimizer = recipe.DefaultOptimizer(recipe.KindStacked) // on all examples
	m := newStages(r, spec, p.double, p.InitialParameters())
	var all []nn.TensorCheck
	for m.at = range m.count() {
		note, err := m.begin()
		if err != nil {
			return nil, err
		}
		stage := m.inner.(*fullBatch[float64])
		checks := checkObjective(nn.NewLayout(m.parts...), m.own, stage.objective, stage.in, config)
		for i := range checks {
			checks[i].Tensor = fmt.Sprintf("%s: %s", note, checks[i].Tensor)
		}
		all = append(all, checks...)
	}
	return all, nil
}
