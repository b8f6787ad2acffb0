// Package selection learns which of some given operations to use where. A
// network g of one hidden layer looks at x and mixes the operations by a softmax
// of its outputs:
//
//	p(x) = softmax(g(x)/τ)          g(x) = W2 f(W1 u + b1) + b2
//	y(x) = Σ_k p_k(x) op_k(x)       soft selection
//	y(x) = op_k(x), k = argmax p    hard selection
//
// with u = x moved to [-1, 1] from the domain, h hidden units and K operations.
// The target is a function in pieces, each one of the operations. For n examples
//
//	J = 1/(2n) Σ (y(x)-t)²                        squared error
//	  + β/(2n) Σ Σ_k p_k (op_k(x)-y(x))²          spread of what is mixed
//	  + α/n Σ H(p(x)),  H = -Σ p_k ln p_k         entropy
//
// The soft selection has a gradient. The hard one is constant in the parameters but
// for jumps: its gradient is 0, and training by gradients leaves it where it
// started.
//
// The squared error alone does not say which operation is used where, as a mixture
// of others can give the same value: between 0 and 1, x² lies between 2x and x+1. The
// spread and the entropy are 0 for mixtures of one operation and single those out.
// With β = 1 the first two terms are 1/(2n) Σ Σ_k p_k (op_k(x)-t)², where operations
// compete and do not work together (Jacobs, Jordan, Nowlan & Hinton 1991); a little of
// it is enough, as training starts best from mixtures.
//
// An Objective owns its workspace, keeps no slice it is given, and is for one
// goroutine at a time.
package selection
