package analysis

import (
	"fmt"
	"math"
)

// Kind says what a finding is about.
type Kind uint8

// The kinds of findings.
const (
	DeadUnits         Kind = iota // units that carry nothing
	SaturatedUnits                // units stuck at the bounds of their activation
	DuplicateUnits                // units that repeat another
	OppositeUnits                 // units that are the negative of another
	Collapse                      // most units dead
	PosteriorCollapse             // most latent units of a variational autoencoder inactive
	LargeUpdates                  // steps too long for the weights
	SmallUpdates                  // steps too short
	NotFinite                     // the objective is no longer a number
	Divergence                    // the objective rises
	Plateau                       // the objective stays
	RateTooHigh                   // gradient descent would diverge
	RateTooLow                    // it would learn in time at a higher rate
	IllConditioned                // it would not learn in time at any rate
	NoVariance                    // all examples are the same
	Learnable                     // it will learn
	ActiveLatent                  // the latent units are in use
	kinds                         // how many there are
)

var kindNames = [kinds]string{
	"dead units", "saturated units", "duplicate units", "opposite units", "collapse", "posterior collapse",
	"large updates", "small updates", "not finite", "divergence", "plateau",
	"rate too high", "rate too low", "ill-conditioned", "no variance", "learnable", "active latent units",
}

// String returns the kind in words.
func (k Kind) String() string {
	if k < kinds {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// Good reports whether such a finding says that all is well.
func (k Kind) Good() bool { return k == Learnable || k == ActiveLatent }

// Remedy is what a finding proposes to do.
type Remedy uint8

// The remedies.
const (
	None                Remedy = iota
	HalveRate                  // halve the learning rate
	RaiseRate                  // raise the learning rate
	LowerBeta                  // lower β: the weight of the sparsity or KL term
	ReinitialiseDead           // draw new weights for the units of the finding
	RestoreGood                // go back to the last good parameters
	NormalisePerExample        // subtract each example's mean and divide by its deviation
	ClipGradients              // bound the norm of the gradient
	StopTraining               // end the run and keep what it has learned
	remedies                   // how many there are
)

var remedyNames = [remedies]string{
	"none", "halve the learning rate", "raise the learning rate", "lower β", "re-initialise dead units",
	"restore the last good state", "normalise per example", "clip gradients", "stop training",
}

// String returns the remedy in words, as on a button.
func (r Remedy) String() string {
	if r < remedies {
		return remedyNames[r]
	}
	return fmt.Sprintf("remedy %d", uint8(r))
}

// Finding is one thing that a diagnosis found.
type Finding struct {
	Kind     Kind
	Count    int    // of the units it is about, 0 when it is about none
	Units    []int  // which, ascending
	Sentence string // what is the matter and what to do, with the numbers it rests on
	Remedy   Remedy // None when there is nothing to do or only the user can
}

// Diagnosis is a list of findings; those of several functions are appended to
// one another. One that is empty, or of good kinds only, says that nothing is wrong.
type Diagnosis []Finding

// Find returns the first finding of that kind.
func (d Diagnosis) Find(k Kind) (f Finding, ok bool) {
	for _, f := range d {
		if f.Kind == k {
			return f, true
		}
	}
	return Finding{}, false
}

// number writes a number for a sentence: three digits, without an exponent where
// people would not write one.
func number(x float64) string {
	switch a := math.Abs(x); {
	case a >= 100 && a < 1e6:
		return fmt.Sprintf("%.0f", x)
	case a >= 1e6 || a < 1e-3 && a > 0:
		return fmt.Sprintf("%.2g", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// share writes a fraction as a percentage.
func share(x float64) string { return number(100*x) + " %" }

// counted writes "1 of 8 units is" or "3 of 8 units are".
func counted(k, of int, one, many string) string {
	noun, verb := "units", many
	if of == 1 {
		noun = "unit"
	}
	if k == 1 {
		verb = one
	}
	return fmt.Sprintf("%d of %d %s %s", k, of, noun, verb)
}

// about returns a finding about units.
func about(k Kind, units []int, r Remedy, sentence string) Finding {
	return Finding{Kind: k, Count: len(units), Units: units, Sentence: sentence, Remedy: r}
}
