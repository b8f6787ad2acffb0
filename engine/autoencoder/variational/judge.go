package variational

import (
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// band is the place of a distribution among the outputs of the decoder.
type band struct {
	Distribution
	first  int // feature, and column of the outputs
	logVar int // column of the first log-variance; Gaussian only
}

func (s Spec) bands() []band {
	bands := make([]band, len(s.Outputs))
	at, logVar := 0, s.Visible
	for i, d := range s.Outputs {
		bands[i] = band{Distribution: d, first: at, logVar: logVar}
		at += d.Features
		if d.Kind == Gaussian {
			logVar += d.Features
		}
	}
	return bands
}

// judge sets losses to what each reconstruction costs, and the delta of the
// last layer unless no gradient is wanted.
func (o *Objective[T]) judge() {
	l := &o.layers[len(o.layers)-1]
	o.losses = resize(o.losses, l.act.Rows)
	reshape(&l.delta, l.act.Rows, l.out)
	o.serial = l.act.Rows*l.out < stageSerial/64
	o.stage(stageParts(l.act.Rows, judgeRows), o.run.judge)
}

// judgePart judges some rows.
func (o *Objective[T]) judgePart(part int) {
	l := &o.layers[len(o.layers)-1]
	first, last := span(part, l.act.Rows, judgeRows)
	clear(o.losses[first:last])
	for i := range o.bands {
		b := &o.bands[i]
		columns := func(m linalg.Matrix[T], at int) linalg.Matrix[T] {
			return m.Slice(first, last).Columns(at, at+b.Features)
		}
		act, delta := columns(l.act, b.first), columns(l.delta, b.first)
		if b.Kind == Bernoulli {
			o.judgeLogits(b, act, delta, first)
			continue
		}
		o.activate(b, act)
		if b.Kind == Gaussian {
			logVar, logDelta := columns(l.act, b.logVar), columns(l.delta, b.logVar)
			o.activate(b, logVar)
			o.judgeGaussian(b, act, logVar, delta, logDelta, first)
			o.derive(b, logDelta, logVar)
		} else {
			for i := range act.Rows {
				o.losses[first+i] += judgeRow(b, o.target(b, first+i), act.Slice(i, i+1), delta.Slice(i, i+1))
			}
		}
		o.derive(b, delta, act)
	}
}

// target returns what row i of the reconstructions should be.
func (o *Objective[T]) target(b *band, i int) []T {
	return o.x.Row(i % o.x.Rows)[b.first : b.first+b.Features]
}

// activate applies the activation of a distribution to its outputs.
func (o *Objective[T]) activate(b *band, act linalg.Matrix[T]) {
	if f := b.Activation; f != nn.Linear {
		nn.Activate(f, act, o.zeros[:b.Features], nil)
	}
}

// derive multiplies delta by the derivative of the activation and by the share
// of a sample in the objective, so that whatever follows from it is a part of
// the gradient as it is.
func (o *Objective[T]) derive(b *band, delta, act linalg.Matrix[T]) {
	if o.grad == nil {
		return
	}
	if f := b.Activation; f != nn.Linear {
		nn.HiddenDelta(f, delta, act, o.zeros[:b.Features], nil)
	}
	for i := range delta.Rows {
		linalg.Blend(o.share[1], 0, delta.Row(i), delta.Row(i))
	}
}

// judgeLogits takes p = σ(a) without computing it: the loss ln(1+exp a) - xa
// stays finite where p is rounded to 0 or 1, and its delta is a share of σ(a) - x.
func (o *Objective[T]) judgeLogits(b *band, act, delta linalg.Matrix[T], first int) {
	zeros := o.zeros[:b.Features]
	for i := range act.Rows {
		copy(delta.Row(i), act.Row(i))
	}
	linalg.Activate(linalg.Softplus, delta, zeros, nil)
	for i := range act.Rows {
		x, a := o.target(b, first+i), act.Row(i)
		even, odd := 0.0, 0.0
		soft := delta.Row(i)
		x, a = x[:len(soft)], a[:len(soft)]
		for j := 0; j+1 < len(soft); j += 2 {
			even += float64(soft[j]) - float64(x[j])*float64(a[j])
			odd += float64(soft[j+1]) - float64(x[j+1])*float64(a[j+1])
		}
		if j := len(soft) - 1; j%2 == 0 {
			even += float64(soft[j]) - float64(x[j])*float64(a[j])
		}
		o.losses[first+i] += even + odd
	}
	if o.grad == nil {
		return
	}
	for i := range act.Rows {
		copy(delta.Row(i), act.Row(i))
	}
	linalg.Activate(linalg.Logistic, delta, zeros, nil)
	for i := range act.Rows {
		linalg.Blend(o.share[1], -o.share[1], o.target(b, first+i), delta.Row(i))
	}
}

// log2Pi is ln 2π.
const log2Pi = 1.83787706640934548356

func (o *Objective[T]) judgeGaussian(b *band, act, logVar, delta, logDelta linalg.Matrix[T], first int) {
	for i := range act.Rows {
		x, mean, d, dLog := o.target(b, first+i), act.Row(i), delta.Row(i), logDelta.Row(i)
		sum := 0.0
		for j, v := range logVar.Row(i) {
			s := float64(v)
			off := float64(mean[j]) - float64(x[j])
			precision := math.Exp(-s)
			square := off * off * precision
			sum += s + square
			d[j] = T(off * precision)
			dLog[j] = T(0.5 * (1 - square))
		}
		o.losses[first+i] += 0.5 * (sum + float64(b.Features)*log2Pi)
	}
}

// judgeRow returns the loss of the outputs of one example, of the simpler
// kinds, and writes its derivative with respect to them to delta.
func judgeRow[T linalg.Float](b *band, x []T, act, delta linalg.Matrix[T]) float64 {
	a, d := act.Row(0), delta.Row(0)
	sum := 0.0
	switch b.Kind {
	case FixedGaussian:
		precision := 1 / b.Variance
		for j, v := range a {
			off := float64(v) - float64(x[j])
			sum += off * off
			d[j] = T(off * precision)
		}
		return 0.5 * (sum*precision + float64(b.Features)*(log2Pi+math.Log(b.Variance)))
	case Exponential:
		for j, v := range a {
			product := math.Exp(float64(v)) * float64(x[j])
			sum += product - float64(v)
			d[j] = T(product - 1)
		}
		return sum
	default:
		copy(d, a)
		return nn.LossDelta(b.Loss, b.Huber, delta, linalg.MatrixOf(1, len(x), x))
	}
}
