package train

import (
	"errors"
	"fmt"

	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/recipe"
)

// GradCheck compares the analytic gradient at the initial parameters with
// central differences, per tensor; the recipe must ask for float64. A stacked
// autoencoder is checked stage by stage: each layer of pre-training, the
// softmax, fine-tuning. Of a model with kinks config.Kinks is set.
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
	return checkObjective(p.spec.Layout(), p.InitialParameters(), network.NewObjective[float64](p.spec), p.double.training, config), nil
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
