package network

import (
	"filterscope/engine/autoencoder"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
	"filterscope/engine/selection"
)

// Objective is what training minimises, over examples x (m×visible) with
// targets y (m×outputs; x itself for an autoencoder). The terms it returns hold
// until its next evaluation.
type Objective[T linalg.Float] interface {
	// Evaluate returns the terms at theta over all examples and writes the gradient
	// to grad unless it is nil. Noise, if the model has any, is the same at every
	// call, so that a line search can follow the values.
	Evaluate(theta []float64, x, y linalg.Matrix[T], grad []float64) nn.Terms
	// Batch does so for the minibatch of a step, counted from 0, with the noise of
	// that step.
	Batch(theta []T, x, y linalg.Matrix[T], step int, grad []T) nn.Terms
	// Test returns the terms of the network in use: without corruption and dropout.
	Test(theta []float64, x, y linalg.Matrix[T]) nn.Terms
	// Activity returns the mean activations of the units that a penalty is on, in
	// the last evaluation, and nil when there is no penalty.
	Activity() []float64
	// Running returns a copy of what Batch remembers of the minibatches before, the
	// running mean activations of a sparsity target, and nil when that is nothing;
	// SetRunning puts it back.
	Running() []float64
	SetRunning(mean []float64)
	SetHyper(h Hyper)
	// Hold says that x will be evaluated often and does not change.
	Hold(x linalg.Matrix[T])
	// Constrain puts parameters back within the limits of the model after a step.
	Constrain(theta []T)
}

// NewObjective returns the objective of s, which must be valid, and nil when s
// has no single one.
func NewObjective[T linalg.Float](s Spec) Objective[T] {
	switch s := s.(type) {
	case Sparse:
		return &sparse[T]{o: autoencoder.NewObjective[T](s.Model)}
	case Deep:
		return deepObjective[T](s.Model)
	case Linear:
		return &layered[T]{n: autoencoder.NewNetwork[T](s.Model)}
	case Variational:
		return &bound[T]{o: variational.NewObjective[T](s.Model), seed: s.Seed}
	case Selection:
		return selectionObjective[T]{selection.NewObjective[T](s.Model)}
	}
	return nil
}

// OfAutoencoder returns the objective of a deep autoencoder, such as one that
// pre-training trains.
func OfAutoencoder[T linalg.Float](d autoencoder.Deep) Objective[T] { return deepObjective[T](d) }

// OfClassifier returns the objective of a softmax read-out.
func OfClassifier[T linalg.Float](c autoencoder.Classifier) Objective[T] {
	return &layered[T]{n: autoencoder.NewNetwork[T](c)}
}

// sparse is the objective of a sparse autoencoder.
type sparse[T linalg.Float] struct{ o *autoencoder.Objective[T] }

func (s *sparse[T]) Evaluate(theta []float64, x, _ linalg.Matrix[T], grad []float64) nn.Terms {
	return s.o.Evaluate(theta, x, grad)
}

func (s *sparse[T]) Batch(theta []T, x, _ linalg.Matrix[T], _ int, grad []T) nn.Terms {
	return s.o.Batch(theta, x, grad)
}

func (s *sparse[T]) Test(theta []float64, x, _ linalg.Matrix[T]) nn.Terms {
	return s.o.Evaluate(theta, x, nil)
}
func (s *sparse[T]) Activity() []float64     { return s.o.RhoHat(nil) }
func (s *sparse[T]) Running() []float64      { return s.o.RunningRho() }
func (s *sparse[T]) SetRunning(v []float64)  { s.o.SetRunningRho(v) }
func (s *sparse[T]) SetHyper(h Hyper)        { s.o.SetHyper(h.Lambda, h.Beta, h.Rho) }
func (s *sparse[T]) Hold(x linalg.Matrix[T]) { s.o.Hold(x) }
func (s *sparse[T]) Constrain([]T)           {}

// layered is the objective of a network of dense layers.
type layered[T linalg.Float] struct {
	n           *autoencoder.Network[T]
	first, last int // units of the code among all hidden ones; none without a penalty
}

func deepObjective[T linalg.Float](d autoencoder.Deep) *layered[T] {
	l := &layered[T]{n: autoencoder.NewNetwork[T](d)}
	if d.Sparsity != autoencoder.NoSparsity {
		for _, units := range d.Hidden[:d.Code] {
			l.first += units
		}
		l.last = l.first + d.Hidden[d.Code]
	}
	return l
}

func (l *layered[T]) Evaluate(theta []float64, x, y linalg.Matrix[T], grad []float64) nn.Terms {
	l.n.SetStep(0)
	return l.n.Evaluate(theta, x, y, grad)
}

func (l *layered[T]) Batch(theta []T, x, y linalg.Matrix[T], step int, grad []T) nn.Terms {
	l.n.SetStep(uint64(step))
	return l.n.Batch(theta, x, y, grad)
}

func (l *layered[T]) Test(theta []float64, x, y linalg.Matrix[T]) nn.Terms {
	return l.n.Test(theta, x, y)
}

func (l *layered[T]) Activity() []float64 {
	if l.last == 0 {
		return nil
	}
	return l.n.Activity(nil)[l.first:l.last]
}

func (l *layered[T]) Running() []float64     { return l.n.RunningActivity() }
func (l *layered[T]) SetRunning(v []float64) { l.n.SetRunningActivity(v) }

func (l *layered[T]) SetHyper(h Hyper) {
	l.n.SetHyper(autoencoder.Hyper{Lambda: h.Lambda, L1: h.L1, Beta: h.Beta, Rho: h.Rho, Level: h.Level})
}
func (l *layered[T]) Hold(linalg.Matrix[T]) {}
func (l *layered[T]) Constrain(theta []T)   { l.n.Constrain(theta) }

// bound is the objective of a variational autoencoder.
type bound[T linalg.Float] struct {
	o    *variational.Objective[T]
	seed uint64
}

func (b *bound[T]) Evaluate(theta []float64, x, _ linalg.Matrix[T], grad []float64) nn.Terms {
	return b.o.Evaluate(theta, x, variational.Noise{Seed: b.seed}, grad)
}

func (b *bound[T]) Batch(theta []T, x, _ linalg.Matrix[T], step int, grad []T) nn.Terms {
	return b.o.Batch(theta, x, variational.Noise{Seed: b.seed, Step: uint64(step)}, grad)
}

func (b *bound[T]) Test(theta []float64, x, y linalg.Matrix[T]) nn.Terms {
	return b.Evaluate(theta, x, y, nil)
}
func (b *bound[T]) Activity() []float64   { return nil }
func (b *bound[T]) Running() []float64    { return nil }
func (b *bound[T]) SetRunning([]float64)  {}
func (b *bound[T]) SetHyper(h Hyper)      { b.o.SetHyper(h.KLWeight, h.Lambda) }
func (b *bound[T]) Hold(linalg.Matrix[T]) {}
func (b *bound[T]) Constrain([]T)         {}
