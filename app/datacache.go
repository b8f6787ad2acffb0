package app

import (
	"context"
	"fmt"
	"os"
	"sync"

	"filterscope/engine/dataset"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// dataCache keeps the data that were loaded last, so that the Data view and the
// runs of one recipe load them once. It is safe for several goroutines.
type dataCache struct {
	turn     chan struct{} // holds one token: who has it may use the rest
	key      string
	data     *dataset.Dataset
	warnings []dataset.Warning

	large   int64 // bytes from which on a load has to be allowed
	mu      sync.Mutex
	allowed map[string]bool // by key
}

// largeLoad is the memory that is not taken without a question.
const largeLoad = 1 << 30

// largeError says that a load would take much memory and was not allowed.
type largeError struct {
	recipe   recipe.Recipe
	estimate dataset.Estimate
}

// Error tells the estimate.
func (e *largeError) Error() string { return "loading them makes " + e.estimate.String() }

func newDataCache() *dataCache {
	c := &dataCache{turn: make(chan struct{}, 1), large: largeLoad, allowed: map[string]bool{}}
	c.turn <- struct{}{}
	return c
}

// dataKey tells apart the recipes whose data differ.
func dataKey(r recipe.Recipe) string {
	r.Data.Validation, r.Data.ValidationRandom = 0, false
	changed := int64(0) // a file that was written anew is read anew
	for _, path := range append([]string{r.Data.Path}, r.Data.Paths...) {
		if info, err := os.Stat(path); path != "" && err == nil {
			changed = max(changed, info.ModTime().UnixNano())
		}
	}
	return fmt.Sprintf("%d %d %+v", r.Seed, changed, r.Data)
}

// load returns the data of r, loaded or drawn if they are not there.
func (c *dataCache) load(ctx context.Context, r recipe.Recipe, progress train.Progress) (*dataset.Dataset, []dataset.Warning, error) {
	select {
	case <-c.turn:
		defer func() { c.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	key := dataKey(r)
	if c.key == key {
		return c.data, c.warnings, nil
	}
	if err := c.weigh(ctx, r, key); err != nil {
		return nil, nil, err
	}
	c.key, c.data, c.warnings = "", nil, nil // two data sets at once may be too much
	data, warnings, err := train.LoadData(ctx, r, progress)
	if err != nil {
		return nil, nil, err
	}
	c.key, c.data, c.warnings = key, data, warnings
	return data, warnings, nil
}

// allow lets the data of r be loaded, however much memory that takes.
func (c *dataCache) allow(r recipe.Recipe) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.allowed[dataKey(r)] = true
}

// weigh returns a largeError when the data of r take much memory to load and
// nobody has allowed it. Faults are left for the load to find.
func (c *dataCache) weigh(ctx context.Context, r recipe.Recipe, key string) error {
	c.mu.Lock()
	allowed := c.allowed[key]
	c.mu.Unlock()
	options, err := train.FileOptions(r)
	if allowed || err != nil {
		return nil
	}
	e, err := dataset.EstimateLoad(ctx, options)
	if err != nil || e.Peak < c.large {
		return nil
	}
	return &largeError{r, e}
}

// prepare is train.Prepare with the data of the cache.
func (c *dataCache) prepare(ctx context.Context, r recipe.Recipe, progress train.Progress) (*train.Problem, error) {
	data, warnings, err := c.load(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	return train.PrepareData(ctx, r, data, warnings, progress)
}
