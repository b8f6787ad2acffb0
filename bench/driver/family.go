package main

import (
	"context"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// family trains a model of a built-in recipe through engine/train for -iterations
// epochs, with the settings of the peers, and tells the seconds of one of them:
//
//	pcd   the Boltzmann machine of scikit-learn: PCD-1, as many chains as examples in a minibatch
//	vae   784-400-20-400-784 of PyTorch's examples, Adam
//	deep  784-1000-500-250-30 and back, tanh, Bernoulli outputs, Adam
func family(ctx context.Context, s settings) (report, error) {
	r, err := recipe.Open(map[string]string{"pcd": "rbm-pcd15", "vae": "vae-mnist", "deep": "deep-hinton"}[s.task])
	if err != nil {
		return nil, err
	}
	r = r.WithData(s.mnist)
	r.Precision, r.Data.Count, r.Model.Pretrain = s.precision, s.examples, 0 // epochs of all layers together
	o := &r.Optimizer
	o.Epochs, o.Batch, o.LearningRate, o.Schedule = s.iterations, s.batch, s.rate, recipe.Schedule{}
	if s.task == "pcd" {
		r.Model.K, r.Model.Chains, r.Model.Hidden = 1, s.batch, s.hidden
		r.Model.Initialiser = "normal"
	}
	p, result, err := trained(ctx, r)
	if err != nil {
		return nil, err
	}
	cost := result.Terms.Total()
	for _, m := range p.AllMeasures(train.HyperOf(r), result.Parameters) {
		if m.Name == train.MeasurePseudo {
			cost = m.Value
		}
	}
	return report{
		"precision": s.precision, "seconds": []float64{result.Seconds / float64(s.iterations)},
		"iterations": result.Steps, "evaluations": result.Evaluations, "cost": cost,
	}, nil
}
