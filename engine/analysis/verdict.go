package analysis

import (
	"fmt"
	"math"
)

// LearnedShare is the share of the variance from which on the identity counts
// as learned.
const LearnedShare = 0.99

// Verdict says in one sentence whether a run of that many epochs will learn the
// identity, and what to do when not. normalised is the prediction for the same
// examples after each had its mean subtracted and was divided by its standard
// deviation; nil when that was not measured. The finding's kind is Learnable,
// RateTooHigh, RateTooLow, IllConditioned or NoVariance.
func (c *Conditioning) Verdict(epochs float64, normalised *Conditioning) Finding {
	largest := c.LargestRate()
	switch {
	case c.Smallest == 0 || c.Variance == 0:
		return Finding{Kind: NoVariance, Sentence: "All examples are the same, so there is nothing to learn: choose other data."}
	case c.LearningRate >= largest:
		return Finding{
			Kind: RateTooHigh, Remedy: HalveRate,
			Sentence: fmt.Sprintf("Training would diverge at the rate %s: on this data the largest stable rate is %s.", number(c.LearningRate), number(largest)),
		}
	}
	if need := c.EpochsTo(LearnedShare); need <= epochs {
		return Finding{
			Kind:     Learnable,
			Sentence: fmt.Sprintf("The identity is learned in %s: then %s of the variance is explained.", inEpochs(need), share(LearnedShare)),
		}
	}
	faster := c.at(c.StableRate() / 2)
	if faster.EpochsTo(LearnedShare) <= epochs {
		return Finding{
			Kind: RateTooLow, Remedy: RaiseRate,
			Sentence: fmt.Sprintf("At the rate %s, %s explain %s of the variance: raise the rate to %s, half of what is stable.",
				number(c.LearningRate), inEpochs(epochs), share(max(c.Explained(epochs), 0)), number(faster.LearningRate)),
		}
	}
	shrinks := fmt.Sprintf("in %s W−I shrinks by %s", inEpochs(epochs), share(1-c.Remaining(epochs)))
	f := Finding{Kind: IllConditioned, Remedy: NormalisePerExample}
	f.Sentence = fmt.Sprintf("This data cannot be learned at this rate (%s, and higher rates diverge from %s on): normalise per example", shrinks, number(largest))
	if normalised == nil {
		f.Sentence += "."
		return f
	}
	need := normalised.EpochsTo(LearnedShare)
	if need > epochs {
		f.Remedy = None
		f.Sentence = fmt.Sprintf("This data cannot be learned at this rate (%s), nor after normalising per example: whiten it, or choose Adam or L-BFGS.", shrinks)
		return f
	}
	f.Sentence += fmt.Sprintf(", then it takes %s.", inEpochs(need))
	return f
}

// inEpochs writes a number of epochs.
func inEpochs(n float64) string {
	switch whole := math.Ceil(n - 1e-9); {
	case whole <= 1:
		return "1 epoch"
	case whole < 1e6:
		return fmt.Sprintf("%.0f epochs", whole)
	}
	return "over a million epochs"
}
