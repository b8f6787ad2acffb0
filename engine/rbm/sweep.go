package rbm

import "filterscope/engine/linalg"

// lists are what is not 0 in a part of v. Binary samples are mostly 0, and so are pictures of digits:
// a quarter of the entries, for three rows each, are there. Where nothing is 0, a product still
// reads each weight only once for three rows.
type lists[T linalg.Float] struct {
	examples, chains linalg.Entries[T]   // by rows
	columns          []linalg.Entries[T] // of all rows, by listColumns
	_                [64]byte
}

// sweep says what to do in a stage of the visible units and in one of the hidden ones.
type sweep[T linalg.Float] struct {
	fall  bool             // make the chains from the hidden samples
	draw  bool             // sample them, which otherwise become the means
	means linalg.Matrix[T] // where to keep the means, if anywhere
	data  linalg.Matrix[T] // what the examples become, if anything

	rise, columns bool // go up from the rows first to last-1 of v, list the columns of v
	first, last   int
	sample        bool // sample the hidden units of the rows from chain on
	chain         int
	measure       bool // add up the hidden part of the free energies

	// What else to do, if anything, with visible units when they are ready, and with hidden
	// units when their means are; on any goroutine.
	seen, then func(first, last int)
}

// sweep does what s says. With measure set it returns Σ f(b + W v) over the rows that
// go up before s.chain, and over the others.
func (g *gibbs[T]) sweep(s sweep[T]) (data, chains float64) {
	g.job = s
	g.stage(len(g.down)/g.together, g.v.Rows*g.spec.size(), g.visible)
	if !s.rise {
		return 0, 0
	}
	g.stage(len(g.hRows), g.v.Rows*g.spec.size(), g.hidden)
	if s.measure {
		for i := range g.hRows {
			data += g.energy[2*i]
			chains += g.energy[2*i+1]
		}
	}
	return data, chains
}

// visibleTask does some parts of the visible units.
func (g *gibbs[T]) visibleTask(i int) {
	for part := i * g.together; part < (i+1)*g.together; part++ {
		g.visiblePart(part, g.sum(i), part > i*g.together)
	}
}

// visiblePart makes the values of some visible units, and the sums z of the way up over these.
func (g *gibbs[T]) visiblePart(i int, z linalg.Matrix[T], add bool) {
	j, l := &g.job, &g.lists[i]
	first, last := g.part(i)
	all := g.v.Columns(first, last)
	examples, chains := all.Slice(0, g.examples), all.Slice(g.examples, all.Rows)
	if j.fall {
		out := window(g.v.Slice(g.examples, g.v.Rows), first, last-first)
		for k := range g.hRows {
			g.hRows[k].Mul(out, g.down[i], k > 0)
		}
		g.draw(i, chains, g.vBias[first:last], first)
	}
	for r := range j.data.Rows {
		copy(examples.Row(r), j.data.Row(r)[first:last])
	}
	if j.rise {
		w := g.up.Slice(first, last)
		if j.first < g.examples {
			l.examples.Columns(examples, 0)
			l.examples.Mul(z.Slice(0, g.examples), w, add)
		}
		if j.last > g.examples {
			l.chains.Columns(chains, 0)
			l.chains.Mul(z.Slice(g.examples, z.Rows), w, add)
		}
	}
	if j.columns {
		for c := range l.columns {
			from, to := span(c, last-first, listColumns)
			l.columns[c].Rows(all.Columns(from, to), 0)
		}
	}
	if j.seen != nil {
		j.seen(first, last)
	}
}

// draw makes means and then samples of sums of the way down.
func (g *gibbs[T]) draw(part int, v linalg.Matrix[T], bias []T, first int) {
	j := &g.job
	linalg.Activate(g.spec.VisibleUnit.mean(), v, bias, nil)
	for r := range j.means.Rows {
		copy(j.means.Row(r)[first:first+v.Cols], v.Row(r))
	}
	if j.draw {
		s := g.source(part)
		for r := range v.Rows {
			sample(g.spec.VisibleUnit, s, v.Row(r), v.Row(r))
		}
	}
}

// sum is where a task of the way up puts its sums: the first in place.
func (g *gibbs[T]) sum(task int) linalg.Matrix[T] {
	z := g.z
	if task > 0 {
		z.Data = g.sums[(task-1)*len(z.Data) : task*len(z.Data)]
	}
	return z
}

// hiddenPart adds up the sums of some hidden units and makes means and samples of them.
func (g *gibbs[T]) hiddenPart(i int) {
	j := &g.job
	first, last := part(i, len(g.hRows), g.spec.Hidden)
	bias := g.hBias[first:last]
	z := g.z.Slice(j.first, j.last).Columns(first, last)
	for task := 1; task < len(g.down)/g.together; task++ {
		sum := g.sum(task).Slice(j.first, j.last).Columns(first, last)
		for r := range z.Rows {
			linalg.Blend(1, 1, sum.Row(r), z.Row(r))
		}
	}
	if j.measure {
		copied := linalg.MatrixOf(z.Rows, z.Cols, g.work[first*z.Rows:])
		for r := range z.Rows {
			copy(copied.Row(r), z.Row(r))
		}
		g.energy[2*i] = hiddenEnergy(g.spec.HiddenUnit, copied.Slice(0, j.chain-j.first), bias)
		g.energy[2*i+1] = hiddenEnergy(g.spec.HiddenUnit, copied.Slice(j.chain-j.first, z.Rows), bias)
	}
	linalg.Activate(g.spec.HiddenUnit.mean(), z, bias, nil)
	if j.sample {
		s, h := g.source(i), g.h.Columns(first, last)
		for r := range h.Rows {
			sample(g.spec.HiddenUnit, s, z.Row(j.chain-j.first+r), h.Row(r))
		}
		g.hRows[i].Columns(h, first)
	}
	if j.then != nil {
		j.then(first, last)
	}
}
