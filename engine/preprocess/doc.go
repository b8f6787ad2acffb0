// Package preprocess prepares examples for a network, in steps that are data:
// a recipe names them (Spec), Fit measures what they need on the training
// data, and the fitted numbers are saved with the model (Parameters, Restore).
//
//	step             forward                              inverse
//	one-hot          a feature for each category of a     exact
//	                 column (H2O-3, DataInfo)
//	scale            (x−offset)/divisor, by full scale    exact
//	                 or by the range of the data
//	remove-dc        x − mean of the example              exact with the example at hand,
//	                                                      else the example without its mean
//	ufldl-normalise  remove-dc, clip at ±3σ, map to       as remove-dc; clipped values stay clipped
//	                 [0.1, 0.9] (CS294A sparse
//	                 autoencoder exercise)
//	subtract-mean    x − mean of each feature             exact
//	standardise      (x−mean)/σ of each feature           exact
//	standardise-     (x−mean)/σ of each example           as remove-dc
//	  example
//	h2o-normalise    (x−mean)/(max−min) of each feature   exact
//	                 (H2O-3, DataInfo NORMALIZE)
//	zca              (x−mean)·U·diag(1/√(s+ε))·Uᵀ         exact for ε > 0; for ε = 0 the part of x
//	                 with U, s of the covariance          along directions without variance is lost
//	pca              (x−mean)·U·diag(1/√(s+ε)), of the    as zca, within the components kept
//	                 components that keep a share of
//	                 the variance
//	binarise         1 where x ≥ threshold, else 0        none: the values stay
//
// A feature that is constant in the training data is only shifted, never
// divided. Everything is computed in float64 and in a fixed order: the numbers
// do not depend on GOMAXPROCS.
//
// Data are read in blocks, so that no float64 copy of a whole data set is made.
// A fitted Pipeline is safe for concurrent use.
package preprocess
