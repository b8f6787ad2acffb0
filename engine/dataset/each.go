package dataset

import (
	"context"
	"fmt"
	"runtime/debug"

	"filterscope/engine/linalg"
)

// eachInOrder calls work(0) to work(n-1) on several goroutines, a few ahead of
// the caller, which is told of each result in order: before(i) when it starts
// to wait for i, after(i, err) when i is done. work must write to places of
// its own. It ends early with the cause of ctx; no work is running when it
// returns.
func eachInOrder(ctx context.Context, n int, work func(ctx context.Context, i int) error, before func(i int), after func(i int, err error)) error {
	workers := max(1, linalg.Workers())
	var running []chan error // from the one waited for on
	started := 0
	defer func() {
		for _, c := range running {
			<-c
		}
	}()
	for i := range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for len(running) < workers && started < n {
			running = append(running, start(ctx, started, work))
			started++
		}
		before(i)
		err := <-running[0]
		running = running[1:]
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		after(i, err)
	}
	return nil
}

// start runs work on a goroutine of its own; a panic there becomes an error.
func start(ctx context.Context, i int, work func(ctx context.Context, i int) error) chan error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("the program failed on it: %v\n%s", p, debug.Stack())
			}
		}()
		done <- work(ctx, i)
	}()
	return done
}
