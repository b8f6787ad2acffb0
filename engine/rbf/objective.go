package rbf

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Objective is the mean squared error of a network as a function of everything
// it has: centres (M×d), logarithms of the widths (M), weights (M) and tail (P),
// in one flat vector in this order.
//
//	J = 1/(2N) Σᵢ (f(xᵢ)-yᵢ)² + λ/2 Σⱼ wⱼ²
//
// It works with optim.LBFGS (evaluate at X, Tell) and optim.Stepper alike. It is
// not safe for concurrent use.
type Objective struct {
	network *Network // as it was given
	moved   *Network // at the last theta
	layout  nn.Layout
	x       linalg.Matrix[float64]
	y       []float64
	lambda  float64
	parts   []objectivePart
}

// objectivePart is the memory of one block of points.
type objectivePart struct {
	value        float64
	grad         []float64
	basis, slope []float64
	terms        []float64
}

// objectiveRows is how many points share a part; fixed, so that sums do not
// depend on the number of processors.
const objectiveRows = 512

// The tensors of the flat vector, as model files name them.
const (
	centresName = "centres"
	widthsName  = "log-widths"
	weightsName = "readout.weight"
	tailName    = "readout.tail"
)

// NewObjective returns the objective of a network that has been fitted, or has
// weights of its own, on the points in the rows of x, N×d, with the N values y.
// λ is at least 0. It keeps x and y and copies the network. It fails as Fit does.
func NewObjective(n *Network, x linalg.Matrix[float64], y []float64, lambda float64) (*Objective, error) {
	n.fits(x)
	if err := n.Check(); err != nil {
		return nil, err
	}
	if err := checkData(x, y); err != nil {
		return nil, err
	}
	if !(lambda >= 0) || !finite(lambda) {
		return nil, fmt.Errorf("the weight decay λ is %v: use 0 or more", lambda)
	}
	m := n.Centres.Rows
	if len(n.Weights) != m || len(n.Tail) != n.Terms() {
		panic(fmt.Sprintf("rbf: NewObjective: %d weights and %d tail coefficients for %d centres and %d monomials",
			len(n.Weights), len(n.Tail), m, n.Terms()))
	}
	tensors := []nn.Tensor{
		{Name: centresName, Shape: []int{m, n.Centres.Cols}},
		{Name: widthsName, Shape: []int{m}},
		{Name: weightsName, Shape: []int{m}},
	}
	if len(n.Tail) > 0 {
		tensors = append(tensors, nn.Tensor{Name: tailName, Shape: []int{len(n.Tail)}})
	}
	o := &Objective{network: n.Clone(), moved: n.Clone(), layout: nn.NewLayout(tensors...), x: x, y: y, lambda: lambda}
	o.parts = make([]objectivePart, (x.Rows+objectiveRows-1)/objectiveRows)
	for i := range o.parts {
		o.parts[i] = objectivePart{
			grad:  make([]float64, o.Size()),
			basis: make([]float64, m), slope: make([]float64, m), terms: make([]float64, len(n.Tail)),
		}
	}
	return o, nil
}

// Layout names the parts of the flat vector.
func (o *Objective) Layout() nn.Layout { return o.layout }

// Size returns the length of the flat vector.
func (o *Objective) Size() int { return o.layout.Size() }

// Start returns the flat vector of the network the objective was made with.
func (o *Objective) Start() []float64 {
	n := o.network
	theta := make([]float64, 0, o.Size())
	for j := range n.Centres.Rows {
		theta = append(theta, n.Centres.Row(j)...)
	}
	for _, w := range n.Widths {
		theta = append(theta, math.Log(w))
	}
	theta = append(theta, n.Weights...)
	return append(theta, n.Tail...)
}

// Network returns the network that theta describes; it shares nothing with it.
func (o *Objective) Network(theta []float64) *Network {
	n := o.network.Clone()
	o.read(n, theta)
	return n
}

// read copies theta into n.
func (o *Objective) read(n *Network, theta []float64) {
	if len(theta) != o.Size() {
		panic(fmt.Sprintf("rbf: Objective: %d parameters, want %d", len(theta), o.Size()))
	}
	m, d := n.Centres.Rows, n.Centres.Cols
	copy(n.Centres.Data, theta[:m*d])
	for j, v := range theta[m*d : m*d+m] {
		n.Widths[j] = math.Exp(v)
	}
	copy(n.Weights, theta[m*d+m:m*d+2*m])
	copy(n.Tail, theta[m*d+2*m:])
}

// Evaluate returns J at theta, and fills grad with its gradient unless it is
// nil. It may be NaN or infinite where a width leaves the range of numbers.
func (o *Objective) Evaluate(theta, grad []float64) float64 {
	n := o.moved
	o.read(n, theta)
	tail := n.polynomial()
	linalg.Parallel(len(o.parts), func(i int) {
		first := i * objectiveRows
		o.parts[i].sum(n, tail, o.x.Slice(first, min(first+objectiveRows, o.x.Rows)), o.y[first:], grad != nil)
	})
	value, share := 0.0, 1/float64(len(o.y))
	for i := range o.parts {
		value += share / 2 * o.parts[i].value
	}
	for _, w := range n.Weights {
		value += o.lambda / 2 * w * w
	}
	if grad == nil {
		return value
	}
	clear(grad)
	for i := range o.parts {
		linalg.Axpy(share, o.parts[i].grad, grad)
	}
	linalg.Axpy(o.lambda, n.Weights, grad[len(grad)-len(n.Tail)-len(n.Weights):len(grad)-len(n.Tail)])
	return value
}

// sum adds up (f-y)² and half its gradient over some points.
//
// With s = r²/σ² (the Gaussian: r²/2σ²) and b the basis function, normalised or
// not, ∂f/∂sₗ = (wₗ-g)·φ'(sₗ)/S, where S is the sum that b was divided by and g the
// network without its tail, or S = 1 and g = 0.
func (p *objectivePart) sum(n *Network, tail polynomial, x linalg.Matrix[float64], y []float64, gradient bool) {
	m, d := n.Centres.Rows, n.Centres.Cols
	p.value = 0
	clear(p.grad)
	toCentres, toWidths := p.grad[:m*d], p.grad[m*d:m*d+m]
	toWeights, toTail := p.grad[m*d+m:m*d+2*m], p.grad[m*d+2*m:]
	for i := range x.Rows {
		point := x.Row(i)
		n.arguments(p.basis, point)
		copy(p.slope, p.basis)
		sum := n.apply(p.basis)
		tail.row(p.terms, point)
		g := dot(p.basis, n.Weights)
		e := g + dot(p.terms, n.Tail) - y[i]
		p.value += e * e
		if !gradient {
			continue
		}
		for k, t := range p.terms {
			toTail[k] += e * t
		}
		if !n.Normalised {
			g = 0
		}
		for j, s := range p.slope {
			toWeights[j] += e * p.basis[j]
			var change float64 // of f with s
			switch {
			case n.Kernel == Gaussian:
				change = -p.basis[j]
			case sum != 0:
				change = n.Kernel.slope(s) / sum
			}
			change *= e * (n.Weights[j] - g)
			toWidths[j] -= 2 * s * change
			f := 2 * change / (n.Widths[j] * n.Widths[j])
			if n.Kernel == Gaussian {
				f /= 2
			}
			c := n.Centres.Row(j)
			for k, v := range point {
				toCentres[j*d+k] -= f * (v - c[k])
			}
		}
	}
}
