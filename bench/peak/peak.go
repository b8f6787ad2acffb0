// Package peak measures the floating-point limit of the machine: what the
// processor reaches on chains of fused multiply-adds that touch no memory.
// What an evaluation reaches is compared with it, in the same process and the
// same moment, because shared machines change their speed every few seconds.
package peak

import (
	"sync"
	"time"
)

//go:generate go run ./internal/gen

// flopsPerLane is what one iteration of a generated loop does in each lane:
// 12 chains of 4 fused multiply-adds, two operations each.
const flopsPerLane = 12 * 4 * 2

// loop is one instruction set at one element size.
type loop struct {
	run   func(n int, a, b float64)
	lanes int
}

// GFLOPS returns what the given number of goroutines reach together in about
// the time d, with the instruction set of the kernel ("avx512" or "avx2") on
// elements of size bytes (4 or 8). It returns 0 when it has no loop for that.
func GFLOPS(kernel string, size, threads int, d time.Duration) float64 {
	l, ok := find(kernel, size)
	if !ok {
		return 0
	}
	const n = 20000 // around 0.1 ms: short beside d, long beside a look at the clock
	var total float64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			start, loops := time.Now(), 0
			var took time.Duration
			for took < d {
				l.run(n, 0.75, 1e-3)
				loops++
				took = time.Since(start)
			}
			speed := float64(loops*n*flopsPerLane*l.lanes) / took.Seconds() / 1e9
			mu.Lock()
			total += speed
			mu.Unlock()
		})
	}
	wg.Wait()
	return total
}
