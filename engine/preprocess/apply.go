package preprocess

import (
	"context"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Apply returns all examples of d as the pipeline prepares them, one a row,
// p.Outputs(d.D) features each. It tells progress now and then how many are done, unless that is
// nil, and ends with the cause of ctx when that ends. It returns an error when
// the pipeline is not fitted, was fitted on another number of features, or
// meets a value that is not finite.
func Apply[T linalg.Float](ctx context.Context, p *Pipeline, d *dataset.Dataset, progress func(done, total int)) (linalg.Matrix[T], error) {
	return apply[T](ctx, p, d, 0, d.N, progress)
}

// ApplyRows is Apply for the n examples from first on.
func ApplyRows[T linalg.Float](p *Pipeline, d *dataset.Dataset, first, n int) (linalg.Matrix[T], error) {
	return apply[T](context.Background(), p, d, first, n, nil)
}

func apply[T linalg.Float](ctx context.Context, p *Pipeline, d *dataset.Dataset, first, n int, progress func(done, total int)) (linalg.Matrix[T], error) {
	if err := p.check(d, first, n); err != nil {
		return linalg.Matrix[T]{}, err
	}
	out := linalg.NewMatrix[T](n, p.Outputs(d.D))
	r := newReader(p, d, len(p.steps))
	r.size = min(r.size, max(n, 1))
	wide, direct := any(out).(linalg.Matrix[float64])
	direct = direct && r.last != nil
	for start := 0; start < n; start += roundBlocks * r.size {
		if ctx.Err() != nil {
			return linalg.Matrix[T]{}, context.Cause(ctx)
		}
		end := min(start+roundBlocks*r.size, n)
		for k := 0; direct && start+k*r.size < end; k++ { // no copy
			r.outputs[k] = wide.Slice(start+k*r.size, min(start+(k+1)*r.size, end))
		}
		err := r.round(first+start, first+end, func(k int, rows linalg.Matrix[float64]) {
			from := start + k*r.size
			if !direct {
				linalg.Convert(out.Slice(from, from+rows.Rows), rows)
			}
		})
		if err != nil {
			return linalg.Matrix[T]{}, err
		}
		if progress != nil {
			progress(end, n)
		}
	}
	return out, nil
}

// lossy is a step that needs to see an example to undo what it did to it.
type lossy interface{ needsExample() }

// Invert turns rows from what the network sees back into the units of the
// data and returns them; it may change rows. Row i is about example first+i of
// d, from which the steps take back what they threw away: so the
// reconstruction of a patch gets the patch's own mean. With d nil that stays
// lost, and the units are those of the training data. It returns an error as
// Apply does.
func (p *Pipeline) Invert(d *dataset.Dataset, first int, rows linalg.Matrix[float64]) (linalg.Matrix[float64], error) {
	before := make([]linalg.Matrix[float64], len(p.steps))
	if d == nil {
		return p.undo(rows, before), nil
	}
	if err := p.check(d, first, rows.Rows); err != nil {
		return linalg.Matrix[float64]{}, err
	}
	out := linalg.NewMatrix[float64](rows.Rows, d.D)
	size := min(blockRows(d), max(rows.Rows, 1))
	for start := 0; start < rows.Rows; start += size {
		end := min(start+size, rows.Rows)
		forward := linalg.NewMatrix[float64](end-start, d.D)
		if err := p.read(d, first+start, forward); err != nil {
			return linalg.Matrix[float64]{}, err
		}
		for k, s := range p.steps {
			if _, ok := s.(lossy); ok {
				before[k] = forward.Clone()
			}
			forward = s.Apply(forward)
		}
		part := out.Slice(start, end)
		linalg.Convert(part, p.undo(rows.Slice(start, end), before))
		if f := p.unit(d); f != 1 {
			for i := range part.Rows {
				for j := range part.Row(i) {
					part.Row(i)[j] /= f
				}
			}
		}
	}
	return out, nil
}

// undo inverts the steps, last to first.
func (p *Pipeline) undo(rows linalg.Matrix[float64], before []linalg.Matrix[float64]) linalg.Matrix[float64] {
	for k := len(p.steps) - 1; k >= 0; k-- {
		rows = p.steps[k].Invert(rows, before[k])
	}
	return rows
}

// Stages returns what the steps make of the given examples of d, one a row:
// first as they are read, in the units of the training data, then after each
// step. The pipeline must be fitted.
func (p *Pipeline) Stages(d *dataset.Dataset, examples []int) ([]linalg.Matrix[float64], error) {
	if err := p.check(d, 0, d.N); err != nil {
		return nil, err
	}
	rows := linalg.NewMatrix[float64](len(examples), d.D)
	for k, i := range examples {
		if err := p.read(d, i, rows.Slice(k, k+1)); err != nil {
			return nil, err
		}
	}
	stages := []linalg.Matrix[float64]{rows}
	for _, s := range p.steps {
		stages = append(stages, s.Apply(stages[len(stages)-1].Clone()))
	}
	return stages, nil
}
