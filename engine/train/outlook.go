package train

import (
	"context"
	"slices"

	"filterscope/engine/analysis"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// outlookRows bounds the examples that an outlook is told from.
const outlookRows = 20000

// Outlook is what can be said of a linear network before it is trained: in one
// sentence whether the run that its recipe asks for will learn the identity, in
// how many epochs, and what to do when it will not.
type Outlook struct {
	analysis.Finding

	Rate float64 // half of the largest learning rate that is stable on the data; 0 when that is not known
}

// Foreseeable reports whether there is an outlook on the training of r: gradient
// descent on a linear network. Of valid recipes that is all there is to ask, but
// for the number of features, of which a covariance is to be worth taking.
func Foreseeable(r recipe.Recipe) bool {
	return r.Model.Kind == recipe.KindLinear && r.Optimizer.Method == recipe.MethodSGD && r.Model.Scaling == "mean" && r.Model.Lambda == 0
}

// Outlook looks at the data before training. ok is false where nothing can be
// foretold. It ends early with the cause of ctx when that ends.
func (p *Problem) Outlook(ctx context.Context) (f Outlook, ok bool, err error) {
	r := p.Recipe
	if !Foreseeable(r) || p.Visible() > principalFeatures {
		return f, false, nil
	}
	c, err := p.condition()
	if err != nil {
		return f, false, err
	}
	epochs := float64(r.Optimizer.Epochs)
	f = Outlook{c.Verdict(epochs, nil), c.StableRate() / 2}
	if f.Remedy != analysis.NormalisePerExample {
		return f, true, nil
	}
	r = PerExample(r)
	r.Data.Validation, r.Data.Unlabelled = 0, nil // p.Data has neither any more
	q, err := PrepareData(ctx, r, p.Data, nil, nil)
	if err != nil {
		return f, false, err
	}
	normalised, err := q.condition()
	if err != nil {
		return f, false, err
	}
	f.Finding = c.Verdict(epochs, normalised)
	return f, true, nil
}

// PerExample returns the recipe with one more step, which gives every example the
// mean 0 and the deviation 1.
func PerExample(r recipe.Recipe) recipe.Recipe {
	r.Preprocess = append(slices.Clone(r.Preprocess), preprocess.Spec{Step: preprocess.StandardiseExample})
	return r
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
