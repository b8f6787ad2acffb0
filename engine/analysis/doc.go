// Package analysis says what a trained network has learned and what is wrong
// with one that is learning.
//
//   - What hidden units do: Describe, Observe, Pairs.
//   - How much of the data a reconstruction explains, and what the best linear
//     one would: R2, MomentsOf, Spectrum, PrincipalAngles, FromIdentity.
//   - Whether gradient descent can learn given data at all: Condition.
//   - Which units of a code matter: Spectrum of the codes, Ablate, AblateLinear.
//   - What is wrong, with a sentence and a remedy: the Diagnose functions.
//   - From which score on an example is an anomaly: Distribution, Threshold.
//
// Rows are examples everywhere. Functions are pure: they read their arguments,
// keep nothing, and may be called from several goroutines. Shapes that do not
// fit are programming errors and panic with a message that starts with
// "analysis: "; what data can cause is an error. docs/methods.md has the
// formulas and where they come from.
package analysis
