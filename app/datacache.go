package app

import (
	"context"
	"fmt"
	"os"

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
}

func newDataCache() *dataCache {
	c := &dataCache{turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// dataKey tells apart the recipes whose data differ.
func dataKey(r recipe.Recipe) string {
	r.Data.Validation, r.Data.ValidationRandom = 0, false
	changed := int64(0) // a file that was written anew is read anew
	if info, err := os.Stat(r.Data.Path); r.Data.Path != "" && err == nil {
		changed = info.ModTime().UnixNano()
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
	c.key, c.data, c.warnings = "", nil, nil // two data sets at once may be too much
	data, warnings, err := train.LoadData(ctx, r, progress)
	if err != nil {
		return nil, nil, err
	}
	c.key, c.data, c.warnings = key, data, warnings
	return data, warnings, nil
}

// prepare is train.Prepare with the data of the cache.
func (c *dataCache) prepare(ctx context.Context, r recipe.Recipe, progress train.Progress) (*train.Problem, error) {
	data, warnings, err := c.load(ctx, r, progress)
	if err != nil {
		return nil, err
	}
	return train.PrepareData(ctx, r, data, warnings, progress)
}
