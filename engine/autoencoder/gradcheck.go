package autoencoder

import (
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// GradCheck compares the analytic gradient of s at theta over the examples x
// with central differences in float64, tensor by tensor. Each component costs
// two evaluations: bound cfg.MaxPerTensor, and pass few examples, for nets of
// any size. theta is restored.
func GradCheck(s Sparse, theta []float64, x linalg.Matrix[float64], cfg nn.CheckConfig) []nn.TensorCheck {
	o := NewObjective[float64](s)
	return nn.CheckGradient(s.Layout(), theta, func(theta, grad []float64) float64 {
		return o.Evaluate(theta, x, grad).Total()
	}, cfg)
}

// GradCheckModel does the same for m, whose targets are y, with the random
// numbers of one step. Activations and losses with a kink, at 0 or where
// |error| is δ, differ from central differences when a value is within
// cfg.Epsilon of it: choose that small.
func GradCheckModel(m Model, theta []float64, x, y linalg.Matrix[float64], cfg nn.CheckConfig) []nn.TensorCheck {
	n := NewNetwork[float64](m)
	return nn.CheckGradient(m.Layout(), theta, func(theta, grad []float64) float64 {
		return n.Evaluate(theta, x, y, grad).Total()
	}, cfg)
}
