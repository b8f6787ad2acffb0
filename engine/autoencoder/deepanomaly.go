package autoencoder

import (
	"fmt"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// Anomalies sets score[i] to the mean over the features of the squared
// difference between row i of the examples x and of their reconstructions, both
// m×n and as the network sees them (normalised): H2O's Reconstruction.MSE. It
// panics when shapes do not fit.
func Anomalies[T linalg.Float](x, reconstruction linalg.Matrix[T], score []float64) {
	checkPair("Anomalies", x, reconstruction, len(score))
	for i := range x.Rows {
		sum, out := 0.0, reconstruction.Row(i)
		for j, v := range x.Row(i) {
			e := float64(out[j]) - float64(v)
			sum += e * e
		}
		score[i] = sum / float64(x.Cols)
	}
}

// FeatureAnomalies sets dst (m×n, may be either of the others) to the squared
// differences of examples and reconstructions: H2O's reconstr_NAME.SE, which
// are not averaged. It panics when shapes do not fit.
func FeatureAnomalies[T linalg.Float](x, reconstruction, dst linalg.Matrix[T]) {
	checkPair("FeatureAnomalies", x, reconstruction, x.Rows)
	checkPair("FeatureAnomalies", x, dst, x.Rows)
	for i := range x.Rows {
		to, out := dst.Row(i), reconstruction.Row(i)
		for j, v := range x.Row(i) {
			e := out[j] - v
			to[j] = e * e
		}
	}
}

func checkPair[T linalg.Float](name string, x, y linalg.Matrix[T], rows int) {
	if x.Rows != y.Rows || x.Cols != y.Cols || rows != x.Rows {
		panic(fmt.Sprintf("autoencoder: %s: %d×%d with %d×%d and %d scores", name, x.Rows, x.Cols, y.Rows, y.Cols, rows))
	}
}

// Threshold returns times the q-quantile of the scores of normal examples, 0 ≤
// q ≤ 1, interpolated linearly; H2O's own test calls a row anomalous above 10
// times the 0.95-quantile of the training scores. It is NaN without scores.
func Threshold(score []float64, q, times float64) float64 {
	if len(score) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(score))
	at := min(max(q, 0), 1) * float64(len(sorted)-1)
	k := int(at)
	low := sorted[k]
	high := sorted[min(k+1, len(sorted)-1)]
	return times * (low + (at-float64(k))*(high-low))
}
