// Package rbm trains restricted Boltzmann machines and samples from them.
//
// v visible units and h hidden units are joined by weights W (h×v), with
// biases a (visible) and b (hidden) and the energy (Smolensky 1986; Hinton,
// "A Practical Guide to Training Restricted Boltzmann Machines", 2010)
//
//	E(v, h) = -h·W v - b·h - a·v            binary units
//	          -a·v becomes ½‖v-a‖²          Gaussian (unit variance) or rectified visible units
//	          -b·h becomes ½‖h‖² - b·h      Gaussian or rectified hidden units
//
// With the total input x of a unit (b + W v, or a + Wᵀh) its mean and a sample
// are, given the other layer,
//
//	binary     σ(x)            1 with that probability, else 0
//	Gaussian   x               x + N(0, 1)
//	rectified  log(1+exp x)    max(0, x + N(0, σ(x)))     Nair & Hinton 2010, NReLU
//
// and the free energy F(v) = -log Σ_h exp(-E(v, h)), up to a constant, is
//
//	F(v) = -a·v or ½‖v-a‖²  -  Σ_j f(b_j + W_j·v)
//	f(x) = log(1+exp x)        binary
//	     = x²/2                Gaussian
//	     = -Li₂(-exp x)        rectified: the integral of its mean, so that F is
//	                           what training follows
//
// A step of contrastive divergence (Hinton 2002) or of persistent contrastive
// divergence (Tieleman 2008) goes down the gradient of
//
//	mean F(data) - mean F(samples)  +  λ/2 ‖W‖² + λ₁ Σ|W|  +  β Σ_j KL(ρ ‖ q_j)
//
// with the samples held: K Gibbs steps from the data, or from where the
// chains were left. Its first part is the gradient of the log-likelihood
// only when the samples come from the model; its value is not an objective, and
// neither is the reconstruction error, which can fall while the model gets worse.
//
// # Conventions
//
// Rows are examples. Parameters are one flat vector: weight (hidden × visible),
// visible.bias, hidden.bias. Energies are in nats, the reconstruction
// error is in squared units of the data.
//
// Nothing here keeps a slice it is given: a Stepper and a Chain have copies of the
// parameters, in an order of their own. Both are for one goroutine at a time and
// use up to linalg.Workers goroutines inside. Every part of a stage draws from
// a random stream of its own, made from the seed, the count of stages and the part: the
// same seed and kernel give the same bits however many there are.
package rbm
