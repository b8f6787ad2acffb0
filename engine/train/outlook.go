package train

import (
	"context"
	"slices"

	"filterscope/engine/analysis"
	"filterscope/engine/network"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// outlookRows bounds the examples that an outlook is told from.
const outlookRows = 20000

// Outlook says in one sentence, before a linear network is trained, whether the
// run that its recipe asks for will learn the identity, in how many epochs, and
// what to do when it will not. ok is false where nothing can be foretold: of
// other networks and methods, and of more features than a covariance is worth
// taking of. It ends early with the cause of ctx when that ends.
func (p *Problem) Outlook(ctx context.Context) (f analysis.Finding, ok bool, err error) {
	r := p.Recipe
	_, linear := p.spec.(network.Linear)
	if !linear || r.Optimizer.Method != recipe.MethodSGD || r.Model.Scaling != "mean" || r.Model.Lambda != 0 || p.Visible() > principalFeatures {
		return f, false, nil
	}
	c, err := p.condition()
	if err != nil {
		return f, false, err
	}
	epochs := float64(r.Optimizer.Epochs)
	f = c.Verdict(epochs, nil)
	if f.Remedy != analysis.NormalisePerExample {
		return f, true, nil
	}
	r.Preprocess = append(slices.Clone(r.Preprocess), preprocess.Spec{Step: preprocess.StandardiseExample})
	r.Data.Validation, r.Data.Unlabelled = 0, nil // p.Data has neither any more
	q, err := PrepareData(ctx, r, p.Data, nil, nil)
	if err != nil {
		return f, false, err
	}
	normalised, err := q.condition()
	if err != nil {
		return f, false, err
	}
	return c.Verdict(epochs, normalised), true, nil
}

// condition measures the first examples as the network sees them.
func (p *Problem) condition() (*analysis.Conditioning, error) {
	rows := make([]int, min(outlookRows, p.Data.N))
	for i := range rows {
		rows[i] = i
	}
	m, err := analysis.MomentsOf(p.Examples(rows))
	if err != nil {
		return nil, err
	}
	r, n := p.Recipe, p.Visible()
	variance := 1 / float64(n) // Glorot's
	switch r.Model.Initialiser {
	case "he":
		variance *= 2
	case "normal":
		variance = r.Model.InitScale * r.Model.InitScale
	}
	return analysis.Condition(m, analysis.Descent{
		LearningRate: r.Optimizer.LearningRate / (1 - r.Optimizer.Momentum), Batch: r.Optimizer.Batch, // momentum makes every step as much longer
		Examples: p.Data.N, Outputs: n, Biases: true, InitialVariance: variance,
	})
}
