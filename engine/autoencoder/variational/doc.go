// Package variational computes the objective of variational autoencoders
// (Kingma & Welling 2014, "Auto-encoding variational Bayes") and its gradient,
// as Deeplearning4j's VariationalAutoencoder defines it, and what is read from
// a trained one: codes, log-probabilities, active units, latent grids.
//
// An encoder of hidden layers with one activation ends in two heads, the mean
// μ(x) and the log-variance ln σ²(x) of q(z|x) = N(μ, diag σ²); the
// activation Latent is applied to both (DL4J's pzx activation, linear by
// default). A decoder turns a code z into the parameters of p(x|z). For m
// examples and L samples of noise ε ~ N(0, 1),
//
//	z_il = μ_i + σ_i ∘ ε_il
//	J    = 1/(mL) Σ_il -ln p(x_i|z_il)                         reconstruction
//	     + β 1/m Σ_i Σ_j ½ (μ_ij² + σ_ij² - 1 - ln σ_ij²)      KL divergence
//	     + λ/2 Σ‖W‖²                                           weight decay (not on biases)
//
// which for β = 1, λ = 0 is the negative lower bound of ln p(x), in nats an
// example. The features are described by one distribution, or by several side by
// side, or by a plain loss in the place of -ln p(x|z); see Kind.
//
// Noise is drawn from a seed, the step, the number of the sample and the place
// of the example among those evaluated, so that an evaluation can be repeated,
// whatever GOMAXPROCS.
//
// An Objective owns its workspace, keeps no slice it is given, and is for one
// goroutine at a time; inside, it uses up to linalg.Workers goroutines. Shapes
// that do not fit panic. The functions on codes are pure.
package variational
