package train

import (
	"context"
	"fmt"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/preprocess"
)

// inputs is what a network sees of examples, one a row, and what its outputs
// are compared with.
type inputs[T linalg.Float] struct{ x, y linalg.Matrix[T] }

// sets are the examples of a problem in one precision; those that there are none
// of have no rows.
type sets[T linalg.Float] struct{ training, held, unlabelled inputs[T] }

// prepare applies the pipeline of p to its data.
func prepare[T linalg.Float](ctx context.Context, p *Problem, tell func(done, total int)) (*sets[T], error) {
	s := &sets[T]{}
	for _, part := range []struct {
		data *dataset.Dataset
		to   *inputs[T]
	}{{p.Data, &s.training}, {p.Held, &s.held}, {p.Unlabelled, &s.unlabelled}} {
		if part.data == nil {
			continue
		}
		x, err := preprocess.Apply[T](ctx, p.Pipeline, part.data, tell)
		if err != nil {
			return nil, err
		}
		*part.to = inputs[T]{x, x}
		switch spec := p.spec.(type) {
		case network.Stacked:
			part.to.y = linalg.Matrix[T]{}
			if part.data == p.Unlabelled || part.data.Labels == nil { // a model in use needs none
				break
			}
			if part.to.y, err = autoencoder.OneHot[T](part.data.Labels, spec.Top.Classes); err != nil {
				return nil, err
			}
		case network.Selection:
			part.to.y = network.Targets(spec, x)
		}
	}
	return s, nil
}

// Suits returns an error that names the first value among the examples that
// the loss or the distribution of the network has no sense for. What is to be
// trained has none; a model in use may meet some.
func (p *Problem) Suits() error {
	if p.double != nil {
		return suit(p.spec, p.double)
	}
	return suit(p.spec, p.single)
}

func suit[T linalg.Float](spec network.Spec, s *sets[T]) error {
	for _, in := range []inputs[T]{s.training, s.held, s.unlabelled} {
		if in.x.Rows == 0 {
			continue
		}
		if err := network.Suit(spec, in.x); err != nil {
			return err
		}
	}
	return nil
}

// rows copies rows of x.
func rows[T linalg.Float](x linalg.Matrix[T], indices []int) linalg.Matrix[float32] {
	out := linalg.NewMatrix[float32](len(indices), x.Cols)
	for k, i := range indices {
		for j, v := range x.Row(i) {
			out.Set(k, j, float32(v))
		}
	}
	return out
}

// classes returns how many classes the labels of d are of, 0 without labels.
func classes(d *dataset.Dataset) int {
	n := len(d.LabelNames)
	for _, label := range d.Labels {
		n = max(n, label+1)
	}
	return n
}

// setApart parts d into the examples of the classes that pre-training alone
// sees, and the others.
func setApart(d *dataset.Dataset, unlabelled []int) (alone, labelled *dataset.Dataset, err error) {
	if d.Labels == nil {
		return nil, nil, fmt.Errorf("data.unlabelled sets classes apart, and %s has no labels: leave it out, or choose data with labels", d.Name)
	}
	set := map[int]bool{}
	for _, class := range unlabelled {
		set[class] = true
	}
	var apart, rest []int
	for i, label := range d.Labels {
		if set[label] {
			apart = append(apart, i)
		} else {
			rest = append(rest, i)
		}
	}
	if len(apart) == 0 || len(rest) == 0 {
		return nil, nil, fmt.Errorf("data.unlabelled = %v leaves %d of the %d examples of %s for pre-training and %d with labels: choose some of its %d classes",
			unlabelled, len(apart), d.N, d.Name, len(rest), classes(d))
	}
	return d.Gather(apart), d.Gather(rest), nil
}
