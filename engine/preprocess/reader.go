package preprocess

import (
	"context"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// roundBlocks is the number of blocks between two looks at the context.
const roundBlocks = 8

// reader prepares the blocks of a round on all cores. It keeps their memory for
// the next round.
type reader struct {
	p     *Pipeline
	d     *dataset.Dataset
	size  int        // rows of a block
	table []float64  // of data in bytes: what each byte becomes in the first steps
	steps []Step     // the steps to apply after the table
	last  *whitening // the step after those, if it is a whitening

	buffers, outputs [roundBlocks]linalg.Matrix[float64] // outputs are of last
	faults           [roundBlocks]error
}

// newReader returns the reader of d as the first steps of p leave it.
func newReader(p *Pipeline, d *dataset.Dataset, steps int) *reader {
	r := &reader{p: p, d: d, size: blockRows(d), steps: p.steps[:steps]}
	if d.Bytes != nil {
		r.tabulate()
	}
	if n := len(r.steps); n > 0 {
		if w, ok := r.steps[n-1].(*whitening); ok {
			r.steps, r.last = r.steps[:n-1], w
		}
	}
	return r
}

// tabulate applies the first steps to each byte there is, as long as they take
// every value for itself.
func (r *reader) tabulate() {
	table := linalg.NewMatrix[float64](1, 256)
	for b := range table.Data {
		table.Data[b] = float64(b)
		if f := r.p.unit(r.d); f != 1 {
			table.Data[b] *= f
		}
	}
	for len(r.steps) > 0 {
		switch s := r.steps[0].(type) {
		case *scale, *binarise:
			s.Apply(table)
			r.steps = r.steps[1:]
			continue
		}
		break
	}
	r.table = table.Data
}

// round reads examples first to last-1, at most roundBlocks blocks of them,
// applies the steps and hands each block to done, on any goroutine and in
// any order. It returns the error of the first block that has one.
func (r *reader) round(first, last int, done func(k int, rows linalg.Matrix[float64])) error {
	blocks := (last - first + r.size - 1) / r.size
	linalg.Parallel(blocks, func(k int) {
		from := first + k*r.size
		if r.buffers[k].Data == nil {
			r.buffers[k] = linalg.NewMatrix[float64](r.size, r.d.D)
		}
		rows := r.buffers[k].Slice(0, min(r.size, last-from))
		if r.faults[k] = r.read(from, rows); r.faults[k] != nil {
			return
		}
		for _, s := range r.steps {
			rows = s.Apply(rows)
		}
		if r.last != nil {
			if r.outputs[k].Data == nil {
				r.outputs[k] = linalg.NewMatrix[float64](r.size, r.last.Outputs(rows.Cols))
			}
			out := r.outputs[k].Slice(0, rows.Rows)
			r.last.write(out, rows)
			rows = out
		}
		done(k, rows)
	})
	for _, err := range r.faults[:blocks] {
		if err != nil {
			return err
		}
	}
	return nil
}

// read copies examples from first on into rows.
func (r *reader) read(first int, rows linalg.Matrix[float64]) error {
	if r.table == nil {
		return r.p.read(r.d, first, rows)
	}
	table := (*[256]float64)(r.table)
	from := r.d.Bytes[first*r.d.D:]
	for i, b := range from[:len(rows.Data)] {
		rows.Data[i] = table[b]
	}
	return nil
}

// source is a data set as the first steps of a pipeline leave it.
type source struct {
	ctx   context.Context
	p     *Pipeline
	d     *dataset.Dataset
	steps int
}

func (s *source) Size() (n, d int) {
	d = s.d.D
	for _, step := range s.p.steps[:s.steps] {
		d = step.Outputs(d)
	}
	return s.d.N, d
}

func (s *source) FullScale() float64 {
	if s.steps > 0 {
		return 0
	}
	return s.d.FullScale
}

func (s *source) Levels() [][]string {
	if s.steps > 0 {
		return nil
	}
	return s.d.Levels
}

func (s *source) Indicators() int {
	n := 0
	for _, step := range s.p.steps[:s.steps] {
		switch t := step.(type) {
		case *oneHot:
			n = t.indicators()
		case *whitening:
			n = 0 // mixtures of all features
		}
	}
	return n
}

// levels returns what the bytes 0 to 255 are, nil unless the data are bytes and
// every step only scales them.
func (s *source) levels() []float64 {
	for _, step := range s.p.steps[:s.steps] {
		if _, ok := step.(*scale); !ok {
			return nil
		}
	}
	return newReader(s.p, s.d, s.steps).table
}

func (s *source) Blocks(f func(rows linalg.Matrix[float64]) error) error {
	var ready [roundBlocks]linalg.Matrix[float64]
	return s.rounds(func(k int, rows linalg.Matrix[float64]) { ready[k] = rows }, func(blocks int) error {
		for _, rows := range ready[:blocks] {
			if err := f(rows); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *source) Lanes(f func(lane int, rows linalg.Matrix[float64])) error {
	return s.rounds(f, func(int) error { return nil })
}

// rounds calls block with all blocks, those of a round on all cores, and round
// after each round with their number.
func (s *source) rounds(block func(k int, rows linalg.Matrix[float64]), round func(blocks int) error) error {
	r := newReader(s.p, s.d, s.steps)
	for first := 0; first < s.d.N; first += roundBlocks * r.size {
		if s.ctx.Err() != nil {
			return context.Cause(s.ctx)
		}
		last := min(first+roundBlocks*r.size, s.d.N)
		if err := r.round(first, last, block); err != nil {
			return err
		}
		if err := round((last - first + r.size - 1) / r.size); err != nil {
			return err
		}
	}
	return nil
}
