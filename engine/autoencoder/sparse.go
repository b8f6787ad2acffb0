package autoencoder

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/nn"
)

// Sparse describes a sparse autoencoder; see the package comment for what the
// hyper-parameters weigh.
type Sparse struct {
	Visible int           // units of the input and the reconstruction, ≥ 1
	Hidden  int           // hidden units, ≥ 1
	Decoder nn.Activation // nn.Sigmoid, or nn.Linear for data outside [0, 1]
	Lambda  float64       // weight decay λ ≥ 0, default 1e-4
	Beta    float64       // weight of the sparsity term β ≥ 0, default 3
	Rho     float64       // wanted mean activation 0 < ρ < 1, default 0.01
}

// DefaultSparse returns the settings of the UFLDL sparse autoencoder exercise
// (train.m): sigmoid decoder, λ = 1e-4, β = 3, ρ = 0.01.
func DefaultSparse(visible, hidden int) Sparse {
	return Sparse{Visible: visible, Hidden: hidden, Decoder: nn.Sigmoid, Lambda: 1e-4, Beta: 3, Rho: 0.01}
}

// Validate returns every fault of s, joined, or nil.
func (s Sparse) Validate() error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("sparse: "+format, args...))
	}
	if s.Visible < 1 {
		fault("Visible = %d: want at least 1", s.Visible)
	}
	if s.Hidden < 1 {
		fault("Hidden = %d: want at least 1", s.Hidden)
	}
	if s.Decoder != nn.Sigmoid && s.Decoder != nn.Linear {
		fault("Decoder = %s: want sigmoid or linear", s.Decoder)
	}
	if !(s.Lambda >= 0) || math.IsInf(s.Lambda, 0) {
		fault("Lambda = %g: want Lambda ≥ 0", s.Lambda)
	}
	if !(s.Beta >= 0) || math.IsInf(s.Beta, 0) {
		fault("Beta = %g: want Beta ≥ 0", s.Beta)
	}
	if !(s.Rho > 0 && s.Rho < 1) {
		fault("Rho = %g: want 0 < Rho < 1", s.Rho)
	}
	return errors.Join(faults...)
}

// Layout returns the tensors of the parameter vector: encoder.0.weight
// (hidden × visible), encoder.0.bias, decoder.0.weight (visible × hidden),
// decoder.0.bias.
func (s Sparse) Layout() nn.Layout {
	return nn.NewLayout(
		nn.Tensor{Name: "encoder.0.weight", Shape: []int{s.Hidden, s.Visible}},
		nn.Tensor{Name: "encoder.0.bias", Shape: []int{s.Hidden}},
		nn.Tensor{Name: "decoder.0.weight", Shape: []int{s.Visible, s.Hidden}},
		nn.Tensor{Name: "decoder.0.bias", Shape: []int{s.Visible}},
	)
}

// Init returns a new parameter vector: weights from U[-r, r] with the UFLDL
// radius, biases 0.
func (s Sparse) Init(rng *rand.Rand) []float64 {
	theta := make([]float64, s.size())
	r := nn.UFLDLRadius(s.Visible, s.Hidden)
	p := s.split()
	nn.FillUniform(rng, theta[:p.b1], r)
	nn.FillUniform(rng, theta[p.w2:p.b2], r)
	return theta
}

// offsets says where the tensors after the first start.
type offsets struct{ b1, w2, b2 int }

func (s Sparse) split() offsets {
	n := s.Hidden * s.Visible
	return offsets{b1: n, w2: n + s.Hidden, b2: 2*n + s.Hidden}
}

func (s Sparse) size() int { return 2*s.Hidden*s.Visible + s.Hidden + s.Visible }

// penalty returns Σ_j KL(ρ‖ρ̂_j) and, unless dst is nil, sets dst to
// β dKL/dρ̂_j.
func (s Sparse) penalty(rhoHat, dst []float64) float64 { return divergence(s.Beta, s.Rho, rhoHat, dst) }

// divergence returns Σ_j KL(ρ‖ρ̂_j) and, unless dst is nil, sets dst to
// β dKL/dρ̂_j = β(-ρ/ρ̂_j + (1-ρ)/(1-ρ̂_j)).
func divergence(beta, rho float64, rhoHat, dst []float64) float64 {
	const tiny = 1e-12
	sum := 0.0
	for j, r := range rhoHat {
		r = min(max(r, tiny), 1-tiny)
		sum += rho*math.Log(rho/r) + (1-rho)*math.Log((1-rho)/(1-r))
		if dst != nil {
			dst[j] = beta * (-rho/r + (1-rho)/(1-r))
		}
	}
	return sum
}
