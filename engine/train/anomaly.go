package train

import (
	"filterscope/engine/autoencoder"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
)

// Anomalies returns the scores of the examples, each the mean over the features,
// as the network sees them, of the squared error of its reconstruction. each
// holds what is written of them: the scores again (n×1), or per feature the
// squared errors (n×visible).
func (t *Trained) Anomalies(p *Problem, perFeature bool) (scores []float64, each linalg.Matrix[float64]) {
	const block = 1000 // rows at a time, so that no second copy of the data is needed
	x, net := p.rows64(), network.NewNetwork[float64](t.Spec)
	scores = make([]float64, x.Rows)
	if perFeature {
		each = linalg.NewMatrix[float64](x.Rows, x.Cols)
	}
	for first := 0; first < x.Rows; first += block {
		part := x.Slice(first, min(first+block, x.Rows))
		out := linalg.NewMatrix[float64](part.Rows, part.Cols)
		net.Reconstruct(t.Parameters, part, out)
		autoencoder.Anomalies(part, out, scores[first:first+part.Rows])
		if perFeature {
			autoencoder.FeatureAnomalies(part, out, each.Slice(first, first+part.Rows))
		}
	}
	if !perFeature {
		each = linalg.MatrixOf(len(scores), 1, scores)
	}
	return scores, each
}
