package main

import (
	"context"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// run trains through engine/train, as the window and the command line do, and
// tells the seconds of training alone. A minibatch run's seconds are those of
// one epoch.
func run(ctx context.Context, s settings) (report, error) {
	r, err := patchesRecipe()
	if s.visible == 784 {
		r, err = mnistRecipe(s.mnist)
	}
	if err != nil {
		return nil, err
	}
	r.Precision = s.precision
	r.Data.Count = s.examples
	r.Model.Hidden, r.Model.Lambda, r.Model.Beta, r.Model.Rho = s.hidden, s.lambda, s.beta, s.rho
	r.Optimizer.Iterations = s.iterations
	if s.task == "epoch" {
		r.Optimizer.Method, r.Optimizer.Epochs, r.Optimizer.Batch = recipe.MethodSGD, s.iterations, s.batch
		r.Optimizer.LearningRate, r.Optimizer.Momentum = s.rate, 0.9
	}
	_, result, err := trained(ctx, r)
	if err != nil {
		return nil, err
	}
	seconds := result.Seconds
	if s.task == "epoch" {
		seconds /= float64(s.iterations)
	}
	return report{
		"precision": s.precision, "seconds": []float64{seconds}, "iterations": result.Steps,
		"evaluations": result.Evaluations, "cost": result.Terms.Total(), "reason": result.Reason,
	}, nil
}

// trained checks, prepares and trains a recipe.
func trained(ctx context.Context, r recipe.Recipe) (p *train.Problem, result *train.Result, err error) {
	if err := r.Validate(); err != nil {
		return nil, nil, err
	}
	if p, err = train.Prepare(ctx, r, nil); err != nil {
		return nil, nil, err
	}
	result, err = train.Run(ctx, p, train.Options{})
	return p, result, err
}
