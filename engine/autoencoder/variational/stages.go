package variational

import (
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// A minibatch is small and its weights change with every step. So a stage is
// cut into columns of its result, and each part packs the weights it alone
// needs just before it multiplies with them; stages between layers are cut
// into rows.
const (
	stageCols   = 32      // columns of the result a part computes
	outerRows   = 28      // rows of a gradient a part computes: two strips of 14
	sampleRows  = 32      // examples whose codes a part draws
	judgeRows   = 8       // reconstructions a part judges
	stageSerial = 1 << 18 // multiplications not worth a second core
)

func stageParts(n, size int) int { return (n + size - 1) / size }

// span returns what part i of n columns or rows works on.
func span(i, n, size int) (first, last int) {
	return i * size, min((i+1)*size, n)
}

// stage runs parts, on this goroutine alone when the work is small.
func (o *Objective[T]) stage(parts int, f func(int)) {
	if !o.serial {
		linalg.Parallel(parts, f)
		return
	}
	for i := range parts {
		f(i)
	}
}

// weights returns W of a layer.
func (o *Objective[T]) weights(l *layer[T]) linalg.Matrix[T] {
	return linalg.MatrixOf(l.out, l.in, o.theta[l.weight:l.bias])
}

// input returns what layer k reads.
func (o *Objective[T]) input(k int) linalg.Matrix[T] {
	switch k {
	case 0:
		return o.x
	case o.heads + 1:
		return o.z
	}
	return o.layers[k-1].act
}

// encode computes mean and log-variance of the codes of o.x.
func (o *Objective[T]) encode() {
	for k := range o.heads + 1 {
		o.forward(k)
	}
}

// decode computes the outputs of the decoder for the codes o.z.
func (o *Objective[T]) decode() {
	for k := o.heads + 1; k < len(o.layers); k++ {
		o.forward(k)
	}
}

func (o *Objective[T]) forward(k int) {
	l := &o.layers[k]
	o.at = k
	rows := o.input(k).Rows
	reshape(&l.act, rows, l.out)
	l.forward.Reset(o.weights(l), true)
	o.serial = rows*l.in*l.out < stageSerial
	o.stage(stageParts(l.out, stageCols), o.run.forward)
}

// forwardPart computes some columns of a layer.
func (o *Objective[T]) forwardPart(i int) {
	l := &o.layers[o.at]
	first, last := span(i, l.out, stageCols)
	w, act := o.weights(l), l.act.Columns(first, last)
	l.forward.PackColumns(first, last, w, true)
	linalg.MulPackedColumns(act, o.input(o.at), &l.forward, first)
	nn.Activate(l.f, act, o.theta[l.bias+first:l.bias+last], nil)
	if o.lambda != 0 {
		l.squares[i] = linalg.Squares(w.Slice(first, last).Data)
	}
}

// sample draws so many codes for each example from what encode has computed,
// and adds the unit KL.
func (o *Objective[T]) sample(d draw, samples int) {
	m, n := o.x.Rows, o.spec.Latent
	o.draw, o.samples = d, samples
	reshape(&o.z, samples*m, n)
	reshape(&o.eps, samples*m, n)
	reshape(&o.spread, m, n)
	parts := stageParts(m, sampleRows)
	o.partKL = resize(o.partKL, parts*n)
	o.noise.ready(parts)
	o.serial = parts == 1
	o.stage(parts, o.run.sample)
	for i := range parts {
		for j, v := range o.partKL[i*n : (i+1)*n] {
			o.unitKL[j] += v
		}
	}
}

// samplePart draws the codes of some examples.
func (o *Objective[T]) samplePart(part int) {
	m, n := o.x.Rows, o.spec.Latent
	first, last := span(part, m, sampleRows)
	kl := o.partKL[part*n : (part+1)*n]
	clear(kl)
	for i := first; i < last; i++ {
		heads, spread := o.layers[o.heads].act.Row(i), o.spread.Row(i)
		for j, v := range heads[n : 2*n] {
			mean, logVar := float64(heads[j]), float64(v)
			s := math.Exp(logVar / 2)
			spread[j] = T(s)
			kl[j] += 0.5 * (mean*mean + s*s - 1 - logVar)
		}
	}
	for l := range o.samples {
		fill(&o.noise, &o.draw, part, l, o.eps.Slice(l*m+first, l*m+last), first)
		for i := first; i < last; i++ {
			mean, spread, eps, z := o.layers[o.heads].act.Row(i), o.spread.Row(i), o.eps.Row(l*m+i), o.z.Row(l*m+i)
			for j, s := range spread {
				z[j] = mean[j] + s*eps[j]
			}
		}
	}
}

// backward computes the gradient from the delta of the last layer.
func (o *Objective[T]) backward() {
	reshape(&o.delta, o.z.Rows, o.z.Cols)
	work := 0
	for k := len(o.layers) - 1; k >= 0; k-- {
		l := &o.layers[k]
		rows := l.act.Rows
		clear(l.sums)
		work += rows * l.in * l.out
		if k == 0 {
			break
		}
		if k != o.heads+1 {
			reshape(&o.layers[k-1].delta, rows, l.in)
		}
		o.at = k
		l.back.Reset(o.weights(l), false)
		o.serial = rows*l.in*l.out < stageSerial
		o.stage(stageParts(l.in, stageCols), o.run.back)
		if k == o.heads+1 {
			reshape(&o.layers[o.heads].delta, o.x.Rows, 2*o.spec.Latent)
			o.serial = o.x.Rows <= sampleRows
			o.stage(stageParts(o.x.Rows, sampleRows), o.run.code)
		}
	}
	parts := 0
	for k := range o.layers {
		parts += stageParts(o.layers[k].out, outerRows)
	}
	o.serial = work < stageSerial
	o.stage(parts, o.run.outer)
}

// backPart computes some columns of the delta below a layer.
func (o *Objective[T]) backPart(i int) {
	l := &o.layers[o.at]
	first, last := span(i, l.in, stageCols)
	below := o.delta
	if o.at != o.heads+1 {
		below = o.layers[o.at-1].delta
	}
	below = below.Columns(first, last)
	l.back.PackColumns(first, last, o.weights(l), false)
	linalg.MulPackedColumns(below, l.delta, &l.back, first)
	if o.at != o.heads+1 {
		under := &o.layers[o.at-1]
		nn.HiddenDelta(under.f, below, under.act.Columns(first, last), o.zeros[:last-first], nil)
	}
}

// codePart computes some rows of the delta of the heads:
//
//	∂J/∂μ = Σ_l ∂J/∂z_l + βμ/m,  ∂J/∂ln σ² = Σ_l ½ ∂J/∂z_l σε_l + β ½(σ²-1)/m
func (o *Objective[T]) codePart(part int) {
	m, n := o.x.Rows, o.spec.Latent
	heads := &o.layers[o.heads]
	first, last := span(part, m, sampleRows)
	beta := o.beta * o.share[0]
	for i := first; i < last; i++ {
		d, act, spread := heads.delta.Row(i), heads.act.Row(i), o.spread.Row(i)
		clear(d)
		for l := range o.samples {
			delta, eps := o.delta.Row(l*m+i), o.eps.Row(l*m+i)
			for j, v := range delta {
				d[j] += v
				d[n+j] += v * eps[j]
			}
		}
		for j, s := range spread {
			d[j] += beta * act[j]
			d[n+j] = 0.5 * (s*d[n+j] + beta*(s*s-1))
		}
	}
	nn.HiddenDelta(heads.f, heads.delta.Slice(first, last), heads.act.Slice(first, last), o.zeros[:2*n], nil)
}

// outerPart computes some rows of ∂J/∂W of one layer, and their biases.
func (o *Objective[T]) outerPart(i int) {
	k := 0
	for parts := stageParts(o.layers[k].out, outerRows); i >= parts; parts = stageParts(o.layers[k].out, outerRows) {
		i -= parts
		k++
	}
	l := &o.layers[k]
	first, last := span(i, l.out, outerRows)
	delta, w := l.delta.Columns(first, last), o.weights(l).Slice(first, last)
	linalg.HiddenDelta(linalg.Identity, delta, delta, o.zeros[:last-first], l.sums[first:last])
	g := linalg.MatrixOf(last-first, l.in, o.grad[l.weight+first*l.in:])
	linalg.MulTrans(g, delta, o.input(k), false)
	if o.lambda != 0 {
		linalg.Blend(1, o.lambda, w.Data, g.Data)
	}
	copy(o.grad[l.bias+first:l.bias+last], l.sums[first:last])
}
