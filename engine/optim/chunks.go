package optim

import "filterscope/engine/linalg"

// chunkLen is the number of elements handled at a time: a gradient chunk and a
// history chunk of float64 (16 KB each) fit a 32 KB first-level cache.
const chunkLen = 2048

// serialChunks is the number of chunks below which a second goroutine costs
// more than it saves.
const serialChunks = 8

// chunks runs a function over fixed parts of a vector, in parallel when the
// vector is long. Which goroutine takes which chunk is left to chance, so a
// body writes only to its own chunk and its own partial sums.
type chunks struct {
	n, count int
	body     func(chunk, from, to int)
	part     func(chunk int) // calls body; made once, so that run allocates nothing
}

func newChunks(n int) *chunks {
	c := &chunks{n: n, count: (n + chunkLen - 1) / chunkLen}
	c.part = func(k int) { c.body(k, k*chunkLen, min((k+1)*chunkLen, c.n)) }
	return c
}

// run calls body for each chunk and returns when all are done.
func (c *chunks) run(body func(chunk, from, to int)) {
	c.body = body
	if c.count < serialChunks {
		for k := range c.count {
			c.part(k)
		}
		return
	}
	linalg.Parallel(c.count, c.part)
}
