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
