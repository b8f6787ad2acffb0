package train

import (
	"math"
	"slices"
	"sync"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
)

// principalFeatures bounds the examples whose principal components are found
// while a linear network is trained: eigenvectors of more features take too long.
const principalFeatures = 1024

// spectra keeps the principal components of the first examples of a problem, by
// how many.
type spectra struct {
	mu     sync.Mutex
	byRows map[int]*analysis.Spectrum
}

func newSpectra() *spectra { return &spectra{byRows: map[int]*analysis.Spectrum{}} }

// spectrum returns the principal components of x, the first examples of p, nil
// when they cannot be found.
func spectrum[T linalg.Float](p *Problem, x linalg.Matrix[T]) *analysis.Spectrum {
	p.spectra.mu.Lock()
	defer p.spectra.mu.Unlock()
	found, known := p.spectra.byRows[x.Rows]
	if !known {
		if m, err := analysis.MomentsOf(x); err == nil {
			found, _ = m.Spectrum()
		}
		p.spectra.byRows[x.Rows] = found
	}
	return found
}

// bottleneck returns the units of the narrowest layer of a network that PCA is
// the best of: linear throughout, judged by squared error.
func bottleneck(s network.Spec) (units int, ok bool) {
	d, ok := s.(network.Deep)
	if !ok || d.Model.Activation != nn.Linear || d.Model.Output != nn.Linear || d.Model.Loss != nn.SquaredError {
		return 0, false
	}
	units = slices.Min(d.Model.Hidden)
	return units, units < d.Visible() && d.Visible() <= principalFeatures
}

// besidePCA compares a linear bottleneck with the principal components of the
// same examples x: its squared error divided by theirs, at least 1, and the largest
// angle, in degrees, between what the decoder spans and what they span.
func besidePCA[T linalg.Float](p *Problem, x linalg.Matrix[T], theta []float64) []Measure {
	units, ok := bottleneck(p.spec)
	if !ok {
		return nil
	}
	s := spectrum(p, x)
	if s == nil || !(s.Discarded(units) > 1e-9*s.Total()) {
		return nil
	}
	all := []Measure{{MeasurePCA, squaredError(p.spec, x, theta) / s.Discarded(units)}}
	code := p.spec.Code()
	if p.spec.Layers()[code].Units != units {
		return all
	}
	out := network.Outgoing(p.spec, theta, code) // units × visible
	decoder := linalg.NewMatrix[float64](out.Cols, out.Rows)
	linalg.Transpose(decoder, out, 0, out.Rows)
	angles, err := analysis.PrincipalAngles(decoder, s)
	if err != nil {
		return all
	}
	return append(all, Measure{MeasurePCAAngle, angles[len(angles)-1] * 180 / math.Pi})
}
