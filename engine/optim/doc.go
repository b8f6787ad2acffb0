// Package optim minimises objectives over one flat parameter vector: L-BFGS and
// nonlinear conjugate gradient for full batches, and the first-order steppers
// (SGD with momentum or Nesterov momentum, Adagrad, RMSprop, Adadelta, Adam) for
// minibatches.
//
// # Full batches
//
// A Search, LBFGS or CG, is pull-based: it never calls the objective. The
// caller reads X, evaluates there, and reports with Tell; so a run can be
// paused, stepped, checkpointed and resumed between any two evaluations, also in
// the middle of a line search. The direction of LBFGS comes from the two-loop
// recursion (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4),
// that of CG from algorithm 5.4, the step length of both from the strong-Wolfe
// bracketing and zoom of algorithms 3.5 and 3.6 with cubic interpolation
// (equation 3.59).
//
// The recursion of LBFGS needs only inner products among the stored pairs and the
// gradient, so it runs on their Gram matrix (Chen, Wang & Zhou 2014,
// "Large-scale L-BFGS using MapReduce"): an iteration reads the history twice,
// once for all new products and once for the direction, instead of four times.
//
// The state is float64 whatever the precision of the objective. Sums run over
// fixed chunks that are added in order, so the bits do not depend on
// GOMAXPROCS. Nothing is allocated after the start.
//
// # Steppers
//
// A Stepper changes the parameters in place from one gradient. The update rules
// and their defaults are those of PyTorch's torch.optim.
//
// What goes with one is data with its state apart: a Scheduler follows a
// Schedule of the learning rate, Ramp gives the momentum, a Clipper bounds the
// gradient as Clip says, and a Stopper has Patience. They advise; the caller
// acts.
//
// No type of this package may be used by two goroutines at once.
package optim
