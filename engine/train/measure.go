package train

import (
	"math/rand/v2"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/rbm"
)

// Measure is a number that is not part of what is minimised, but says how the
// training goes: the objective over the examples held back, the accuracy of a
// read-out, the free energy of a machine.
type Measure struct {
	Name  string
	Value float64
}

// Names of measures.
const (
	MeasureValidation     = "validation"                               // the objective over the examples held back
	MeasureReconstruction = "reconstruction error (not the objective)" // of a machine: squared, summed over features
	MeasurePseudo         = "pseudo-likelihood"                        // of a machine with binary units, in nats
	MeasureFreeTraining   = "free energy, training"                    // of a machine
	MeasureFreeHeld       = "free energy, held back"
	MeasureR2             = "R²"           // of a linear network, over the training examples
	MeasurePCA            = "error ÷ PCA"  // squared, of a linear bottleneck, by that of as many principal components
	MeasurePCAAngle       = "angle to PCA" // largest, in degrees, between the spaces that the two reconstruct in
	MeasureAccuracy       = "accuracy, training"
	MeasureAccuracyHeld   = "accuracy, held back"
	MeasureRate           = "learning rate"
	MeasureUpdate         = "update ratio" // log₁₀ of the size of an epoch's first step, relative to the weights
)

// measureRows bounds the training examples that are measured over while training
// goes on.
const measureRows = 5000

// Measures returns what there is to measure at theta, with the hyper-parameters
// h: over the first 5000 training examples at the most, and over all that are
// held back.
func (p *Problem) Measures(h Hyper, theta []float64) []Measure {
	return p.measures(h, theta, measureRows)
}

// AllMeasures is Measures over all training examples.
func (p *Problem) AllMeasures(h Hyper, theta []float64) []Measure {
	return p.measures(h, theta, p.Data.N)
}

func (p *Problem) measures(h Hyper, theta []float64, rows int) []Measure {
	if p.double != nil {
		return measures(p, p.double, h, theta, rows)
	}
	return measures(p, p.single, h, theta, rows)
}

func measures[T linalg.Float](p *Problem, s *sets[T], h Hyper, theta []float64, rows int) []Measure {
	var all []Measure
	add := func(name string, value float64) { all = append(all, Measure{name, value}) }
	part := s.training.x.Slice(0, min(s.training.x.Rows, rows))
	held := s.held.x
	switch spec := p.spec.(type) {
	case network.RBM:
		params := linalg.Converted[T](theta)
		add(MeasureReconstruction, rbm.ReconstructionError(spec.Model, params, part))
		if spec.Model.VisibleUnit == rbm.Binary {
			add(MeasurePseudo, pseudoLikelihood(spec.Model, params, part, p.Recipe.Seed))
		}
		if held.Rows > 0 {
			add(MeasureFreeTraining, rbm.MeanFreeEnergy(spec.Model, params, part))
			add(MeasureFreeHeld, rbm.MeanFreeEnergy(spec.Model, params, held))
		}
		return all
	case network.Stacked:
		if p.Data.Labels == nil {
			return nil
		}
		params := network.TopOf(spec, linalg.Converted[T](theta))
		add(MeasureAccuracy, accuracy(spec.Top, params, part, p.Data.Labels[:part.Rows]))
		if held.Rows > 0 {
			add(MeasureAccuracyHeld, accuracy(spec.Top, params, held, p.Held.Labels))
		}
		return all
	case network.Linear:
		add(MeasureR2, r2(spec, linalg.Converted[T](theta), part))
	case network.Deep:
		all = besidePCA(p, part, theta)
	}
	if terms := p.Validate(h, theta); terms != nil {
		add(MeasureValidation, terms.Total())
	}
	return all
}

// measureTerms returns what is said of a network that has no single objective.
func measureTerms[T linalg.Float](spec network.Spec, in inputs[T], theta []float64) nn.Terms {
	switch spec := spec.(type) {
	case network.RBM:
		return nn.Terms{{Name: MeasureReconstruction, Value: rbm.ReconstructionError(spec.Model, linalg.Converted[T](theta), in.x)}}
	case network.Stacked:
		if in.y.Rows == 0 { // no labels to compare with
			return nil
		}
		terms := autoencoder.NewNetwork[T](spec.Top).Test(network.TopOf(spec, theta), in.x, in.y)
		return nn.Terms{{Name: nn.TermCrossEntropy, Value: terms.Get(nn.TermCrossEntropy)}, {Name: nn.TermWeightDecay, Value: terms.Get(nn.TermWeightDecay)}}
	}
	return nil
}

// pseudoLikelihood is scikit-learn's score over x rounded to 0 and 1.
func pseudoLikelihood[T linalg.Float](spec rbm.Spec, theta []T, x linalg.Matrix[T], seed uint64) float64 {
	bits := linalg.NewMatrix[T](x.Rows, x.Cols)
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			if v >= 0.5 {
				bits.Set(i, j, 1)
			}
		}
	}
	each := make([]float64, x.Rows)
	rbm.PseudoLikelihood(spec, theta, bits, rand.New(rand.NewPCG(seed, streamMeasure)), each)
	return mean(each)
}

func accuracy[T linalg.Float](top autoencoder.Classifier, theta []T, x linalg.Matrix[T], labels []int) float64 {
	p := linalg.NewMatrix[T](x.Rows, top.Classes)
	autoencoder.NewNetwork[T](top).Reconstruct(theta, x, p)
	return autoencoder.Accuracy(p, labels)
}

// r2 is the share of the variance of x that the outputs explain.
func r2[T linalg.Float](spec network.Linear, theta []T, x linalg.Matrix[T]) float64 {
	out := linalg.NewMatrix[T](x.Rows, x.Cols)
	network.NewNetwork[T](spec).Reconstruct(theta, x, out)
	return analysis.R2(x, out).Total
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(max(len(v), 1))
}
