package optim

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// chunkLen is the number of elements handled at a time: a gradient chunk and a
// history chunk of float64 (16 KB each) fit a 32 KB first-level cache.
const chunkLen = 2048

// chunksPerWorker is the work below which a further goroutine costs more than
// it saves (measured: one chunk of ten pairs takes some 20 µs).
const chunksPerWorker = 4

// chunks runs a function over fixed parts of a vector, in parallel when the
// vector is long. Which goroutine takes which chunk is left to chance, so a
// body writes only to its own chunk and its own partial sums.
type chunks struct {
	n, count int
	next     atomic.Int64
	wait     sync.WaitGroup
	body     func(chunk, from, to int)
	helper   func() // made once, so that starting a goroutine allocates nothing
}

func newChunks(n int) *chunks {
	c := &chunks{n: n, count: (n + chunkLen - 1) / chunkLen}
	c.helper = func() {
		defer c.wait.Done()
		c.drain()
	}
	return c
}

// run calls body for each chunk and returns when all are done.
func (c *chunks) run(body func(chunk, from, to int)) {
	c.body = body
	c.next.Store(0)
	for range min(runtime.GOMAXPROCS(0), c.count/chunksPerWorker) - 1 {
		c.wait.Add(1)
		go c.helper()
	}
	c.drain()
	c.wait.Wait()
}

func (c *chunks) drain() {
	for {
		k := int(c.next.Add(1)) - 1
		if k >= c.count {
			return
		}
		c.body(k, k*chunkLen, min((k+1)*chunkLen, c.n))
	}
}
