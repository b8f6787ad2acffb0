package linalg

import "time"

// Peak measures how many multiplications and additions the kernels in use can
// do a second, on Workers goroutines, when all operands are in registers: the
// limit that no product can pass on this machine as it is now. It takes about
// d, and returns the best of many short rounds in units of 10⁹, or 0 where
// there is no kernel but plain Go.
func Peak[T Float](d time.Duration) float64 {
	const rounds = 100_000 // half a millisecond
	kernel := use[T]()
	workers := Workers()
	operations := kernel.peak(rounds)
	if operations == 0 {
		return 0
	}
	best := 0.0
	for start := time.Now(); time.Since(start) < d; {
		began := time.Now()
		Parallel(workers, func(int) { kernel.peak(rounds) })
		best = max(best, float64(workers*operations)/time.Since(began).Seconds()/1e9)
	}
	return best
}
