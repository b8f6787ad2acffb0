// Package network gives every kind of model that a recipe can name one face:
// what training, files and views need of a network, whatever it is.
//
// A Spec is the [model] of a recipe bound to the width of its data. From a Spec
// come an Objective to minimise (NewObjective) and a Network to use
// (NewNetwork), each over float32 or float64. A Boltzmann machine has no
// objective whose gradient a minimiser could follow, and the stages of a stacked
// autoencoder have one each; package train knows both.
//
// The hidden layers that can be looked at are Spec.Layers, in the order in which
// they are computed. Filters and Outgoing say what their units look for in the
// input and what they put into the output.
//
// Objectives and networks own their workspace and are for one goroutine at a
// time. Specs are plain values. Shapes that do not fit panic.
package network
