// Package nn holds what the models share: the layout of a flat parameter
// vector with named tensors in it, activations, initialisers, and the named
// terms of an objective.
package nn
