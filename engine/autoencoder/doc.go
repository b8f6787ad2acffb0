// Package autoencoder computes the objectives of autoencoders and their
// gradients.
//
// Sparse is the sparse autoencoder of UFLDL and CS294A: one hidden layer of
// sigmoid units, a sigmoid or linear decoder, and a penalty on the mean
// activation of each hidden unit. For m examples x of v visible units,
//
//	a    = σ(W1 x + b1)                        codes, h hidden units
//	y    = f(W2 a + b2)                        reconstruction
//	ρ̂_j  = 1/m Σ a_j                           mean activation
//	J    = 1/(2m) Σ ‖y-x‖²                     reconstruction
//	     + λ/2 (‖W1‖² + ‖W2‖²)                 weight decay (not on biases)
//	     + β Σ_j KL(ρ ‖ ρ̂_j)                   sparsity
//	KL   = ρ log(ρ/ρ̂) + (1-ρ) log((1-ρ)/(1-ρ̂))
//
// and the gradient is that of the UFLDL tutorial, "Backpropagation Algorithm"
// and "Autoencoders and Sparsity". ρ̂ is kept within [1e-12, 1-1e-12], so that
// a unit which never or always fires leaves the objective finite.
//
// Deep is an autoencoder of any number of layers: H2O's deep autoencoder, UFLDL's
// stacked one and DL4J's denoising one. Classifier is the softmax read-out on
// codes and the network of fine-tuning. Network computes both, with
//
//	J = c/m Σ l(y, x)                          reconstruction, c by Scaling
//	  + λ/2 Σ w² + λ₁ Σ |w|                    weight decay, L1
//	  + β Σ_j KL(ρ ‖ ρ̂_j)  or  β/m Σ |a|       sparsity
//
// An Objective or Network owns its workspace, keeps no slice it is given, and is for one
// goroutine at a time; inside, it uses up to linalg.Workers goroutines. Its
// results do not depend on how many.
package autoencoder
