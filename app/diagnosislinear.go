package app

import (
	"context"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// verdict says of a recipe whether a linear network will learn the identity.
type verdict struct {
	key     string // of the recipe
	finding analysis.Finding
	rate    float64 // half of what is stable on the data; 0 when that is not known
}

// foreseeAfter is how long a recipe has to stay the same before its data are looked at.
const foreseeAfter = 300 * time.Millisecond

// foresee returns the verdict on r, or nil when there is none.
func foresee(ctx context.Context, cache *dataCache, r recipe.Recipe) (*verdict, error) {
	p, err := cache.prepare(ctx, r, func(int, int, string) {})
	if err != nil {
		return nil, err
	}
	o, ok, err := p.Outlook(ctx)
	if err != nil || !ok {
		return nil, err
	}
	return &verdict{key: string(r.Encode()), finding: o.Finding, rate: o.Rate}, nil
}

// foreseeNow looks at the data of a linear recipe before it is trained, away
// from the UI, and shows the verdict when there is one.
func (w *Window) foreseeNow() {
	r := w.session.recipe
	key := ""
	if train.Foreseeable(r) && r.Validate() == nil && w.diagnosis.watching() {
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
