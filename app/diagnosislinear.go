package app

import (
	"context"
	"slices"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// verdict says of a recipe whether a linear network will learn the identity.
type verdict struct {
	key     string // of the recipe
	finding analysis.Finding
	rate    float64 // half of what is stable on the data; 0 when that is not known
}

// foreseeAfter is how long a recipe has to stay the same before its data are
// looked at, and foreseeRows how many examples are at the most.
const (
	foreseeAfter = 300 * time.Millisecond
	foreseeRows  = 20000
)

// foreseeable reports whether the training of r can be predicted: gradient
// descent on a linear network.
func foreseeable(r recipe.Recipe) bool {
	return r.Model.Kind == recipe.KindLinear && r.Optimizer.Method == recipe.MethodSGD && r.Model.Scaling == "mean" &&
		r.Model.Lambda == 0 && r.Validate() == nil
}

// foresee returns the verdict on r.
func foresee(ctx context.Context, cache *dataCache, r recipe.Recipe) (*verdict, error) {
	c, err := condition(ctx, cache, r)
	if err != nil {
		return nil, err
	}
	epochs := float64(r.Optimizer.Epochs)
	v := &verdict{key: string(r.Encode()), finding: c.Verdict(epochs, nil), rate: c.StableRate() / 2}
	if v.finding.Remedy == analysis.NormalisePerExample {
		normalised, err := condition(ctx, cache, perExample(r))
		if err != nil {
			return nil, err
		}
		v.finding = c.Verdict(epochs, normalised)
	}
	return v, nil
}

// condition measures the data of r as its network will see them.
func condition(ctx context.Context, cache *dataCache, r recipe.Recipe) (*analysis.Conditioning, error) {
	p, err := cache.prepare(ctx, r, func(int, int, string) {})
	if err != nil {
		return nil, err
	}
	rows := make([]int, min(foreseeRows, p.Data.N))
	for i := range rows {
		rows[i] = i
	}
	m, err := analysis.MomentsOf(p.Examples(rows))
	if err != nil {
		return nil, err
	}
	return analysis.Condition(m, descentOf(p))
}

// descentOf returns how the network of a linear recipe is trained. Momentum
// makes every step as much longer.
func descentOf(p *train.Problem) analysis.Descent {
	r, n := p.Recipe, p.Visible()
	variance := 1 / float64(n) // Glorot's
	switch r.Model.Initialiser {
	case "he":
		variance *= 2
	case "normal":
		variance = r.Model.InitScale * r.Model.InitScale
	}
	return analysis.Descent{
		LearningRate: r.Optimizer.LearningRate / (1 - r.Optimizer.Momentum), Batch: r.Optimizer.Batch,
		Examples: p.Data.N, Outputs: n, Biases: true, InitialVariance: variance,
	}
}

// perExample returns the recipe with one more step, which gives every example the
// mean 0 and the deviation 1.
func perExample(r recipe.Recipe) recipe.Recipe {
	r.Preprocess = append(slices.Clone(r.Preprocess), preprocess.Spec{Step: preprocess.StandardiseExample})
	return r
}

// foreseeNow looks at the data of a linear recipe before it is trained, away
// from the UI, and shows the verdict when there is one.
func (w *Window) foreseeNow() {
	r := w.session.recipe
	key := ""
	if foreseeable(r) && w.diagnosis.watching() {
		key = string(r.Encode())
	}
	if key == w.foreseen {
		return
	}
	w.foreseen = key
	if w.unforesee != nil {
		w.unforesee()
	}
	w.diagnosis.foresaw(nil)
	if key == "" {
		return
	}
	var ctx context.Context
	cache := w.session.cache
	ctx, w.unforesee = context.WithCancel(context.Background())
	go func() {
		select {
		case <-time.After(foreseeAfter):
		case <-ctx.Done():
			return
		}
		v, err := guarded(func() (*verdict, error) { return foresee(ctx, cache, r) })
		if err != nil {
			return // starting says why
		}
		w.do(func() {
			if w.foreseen == key {
				w.diagnosis.foresaw(v)
			}
		})
	}()
}
