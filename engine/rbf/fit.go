package rbf

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

// Fit finds the weights and the tail of the network by least squares on the
// points in the rows of x, N×d, with the N values y. Centres and widths stay.
// On an error the network is as it was. It fails, in one sentence, when there
// are no points or no centres, when an input is NaN or infinite, when a width is
// not above 0, or when there are fewer points than the tail has coefficients.
// It panics when the shapes do not fit.
func (n *Network) Fit(x linalg.Matrix[float64], y []float64, r Readout) (Report, error) {
	n.fits(x)
	if err := errors.Join(n.Check(), r.Check()); err != nil {
		return Report{}, err
	}
	if err := checkData(x, y); err != nil {
		return Report{}, err
	}
	if err := checkTail(x.Rows, x.Cols, n.Degree); err != nil {
		return Report{}, err
	}
	if err := CheckSize(x.Rows, n.Centres.Rows+n.Terms()); err != nil {
		return Report{}, err
	}
	next := *n
	next.Shift, next.Scale = nil, nil
	if n.Degree >= 0 {
		next.Shift, next.Scale = box(x)
	}
	design := next.Design(x)
	for i := range design.Rows {
		for _, v := range design.Row(i) {
			if !finite(v) {
				return Report{}, fmt.Errorf("the basis functions overflow at point %d: use wider ones, or scale the coordinates", i+1)
			}
		}
	}
	report, err := next.solve(design, y, r)
	if err != nil {
		return Report{}, err
	}
	report.Duplicates = n.duplicates()
	report.judge(&next, design, y)
	*n = next
	return report, nil
}

// Check says what is wrong with the settings.
func (r Readout) Check() error {
	switch {
	case r.Method != PseudoInverse && r.Method != Ridge:
		return fmt.Errorf("there is no read-out %d: use the pseudo-inverse or ridge", r.Method)
	case r.Method == PseudoInverse && !(r.Cutoff >= 0 && r.Cutoff < 1):
		return fmt.Errorf("the cut-off of singular values is %v: use at least 0 and less than 1", r.Cutoff)
	case r.Method == Ridge && r.Choose == ByHand && (!(r.Lambda > 0) || !finite(r.Lambda)):
		return fmt.Errorf("the ridge λ is %v: use a number above 0", r.Lambda)
	}
	return nil
}

// solve sets Weights and Tail and reports how well they fit.
func (n *Network) solve(design linalg.Matrix[float64], y []float64, r Readout) (Report, error) {
	m := n.Centres.Rows
	var report Report
	var d *spectrum
	var g []float64 // see spectrum.loo
	if r.Method == PseudoInverse {
		var err error
		if d, err = decompose(design, y, nil, 0); err != nil {
			return report, err
		}
		report.Rank = d.rank(max(r.Cutoff, math.SmallestNonzeroFloat64))
		g = d.truncate(report.Rank)
		all := d.weights(g)
		n.Weights, n.Tail = all[:m:m], all[m:]
		report.Condition = condition(d.s, design, 0)
	} else {
		t, err := withoutTail(design, m, y)
		if err != nil {
			return report, err
		}
		d = t.rest
		report.Lambda = r.Lambda
		switch r.Choose {
		case ByLOO:
			report.Lambda = d.chooseLambda(d.loo)
		case ByGCV:
			report.Lambda = d.chooseLambda(d.gcv)
		}
		g = d.ridge(report.Lambda)
		n.Weights = d.ridgeWeights(report.Lambda)
		n.Tail = t.coefficients(design.Columns(0, m), n.Weights, y)
		report.Rank = t.rank + d.rank(DefaultCutoff)
		report.Condition = condition(d.s, design.Columns(0, m), report.Lambda)
	}
	report.Singular = d.s
	report.LOO, report.GCV = d.loo(g), d.gcv(g)
	for _, w := range n.Weights {
		report.MaxWeight = max(report.MaxWeight, math.Abs(w))
	}
	sum := 0.0
	for i, v := range y {
		row := design.Row(i)
		e := v - dot(row[:m], n.Weights) - dot(row[m:], n.Tail)
		sum += e * e
	}
	report.RMSE = math.Sqrt(sum / float64(len(y)))
	return report, nil
}

// condition returns √((s₁²+λ)/(sₙ²+λ)), where sₙ is 0 when there are fewer rows
// than columns.
func condition(s []float64, b linalg.Matrix[float64], lambda float64) float64 {
	least := s[len(s)-1]
	if b.Rows < b.Cols {
		least = 0
	}
	if lambda == 0 && least == 0 {
		return math.Inf(1)
	}
	return math.Hypot(s[0], math.Sqrt(lambda)) / math.Hypot(least, math.Sqrt(lambda))
}

// untailed is a problem whose tail is not shrunk: what the tail can fit is taken
// out of the basis functions and of y.
type untailed struct {
	rest *spectrum
	tail *spectrum // of the monomials
	rank int
}

func withoutTail(design linalg.Matrix[float64], m int, y []float64) (*untailed, error) {
	b := design.Columns(0, m)
	if design.Cols == m {
		d, err := decompose(b, y, nil, 0)
		return &untailed{rest: d}, err
	}
	t, ok := singular(design.Columns(m, design.Cols))
	if !ok {
		return nil, errors.New("the polynomial tail could not be fitted: lower its degree")
	}
	rank := t.rank(1e-12)
	n, _ := t.u.Dims()
	q := t.u.Slice(0, n, 0, rank)
	free := make([]float64, n)
	for i := range free {
		row := t.u.RawRowView(i)[:rank]
		free[i] = dot(row, row)
	}
	var proj, b2 mat.Dense
	basis := dense(b.Clone())
	proj.Mul(q.T(), basis)
	b2.Mul(q, &proj)
	b2.Sub(basis, &b2)
	var py, y2 mat.VecDense
	target := mat.NewVecDense(len(y), y)
	py.MulVec(q.T(), target)
	y2.MulVec(q, &py)
	y2.SubVec(target, &y2)
	raw := b2.RawMatrix()
	d, err := decompose(linalg.MatrixOf(n, m, raw.Data), y2.RawVector().Data, free, rank)
	return &untailed{rest: d, tail: t, rank: rank}, err
}

// coefficients returns the tail that fits what the weights leave of y.
func (t *untailed) coefficients(b linalg.Matrix[float64], w, y []float64) []float64 {
	if t.tail == nil {
		return nil
	}
	t.tail.c = make([]float64, len(t.tail.s))
	for i, v := range y {
		e := v - dot(b.Row(i), w)
		for k, u := range t.tail.u.RawRowView(i) {
			t.tail.c[k] += u * e
		}
	}
	return t.tail.weights(t.tail.truncate(t.rank))
}

// duplicates lists pairs of centres at the same place with the same width.
func (n *Network) duplicates() [][2]int {
	return twins(n.Centres.Rows, func(j int, dst []byte) []byte {
		return append(appendFloats(dst, n.Centres.Row(j)), appendFloats(nil, n.Widths[j:j+1])...)
	})
}
