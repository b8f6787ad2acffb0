package linalg

import (
	"runtime"
	"sync/atomic"
	"time"
)

// workerLimit is what SetWorkers was given; 0 means GOMAXPROCS.
var workerLimit atomic.Int32

// SetWorkers limits how many goroutines work on one Parallel call, the caller
// included; 0 means GOMAXPROCS. Results do not depend on it.
func SetWorkers(n int) { workerLimit.Store(int32(max(n, 0))) }

// Workers returns how many goroutines may work on one Parallel call.
func Workers() int {
	if n := int(workerLimit.Load()); n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// Parallel calls f(0) to f(parts-1), on up to Workers goroutines, and returns
// when all calls have. Each goroutine begins with a share of its own, neighbouring parts
// in order, the same share in every call: what it worked on last time may still
// be in its cache. After a moment it takes what is left of the others'. Parts end in
// any order, so f must write to places of its own. A panic in f is raised again in
// the caller once every part has ended. Calls may nest and run concurrently.
// Parallel itself does not allocate in the steady state.
func Parallel(parts int, f func(part int)) {
	workers := min(Workers(), parts)
	if workers <= 1 {
		for p := range parts {
			f(p)
		}
		return
	}
	j := jobs.Get()
	j.f = f
	j.deal(parts, workers)
	j.left.Store(int64(parts))
	j.refs.Store(int64(workers))
	helpers.want(workers - 1)
	for range workers - 1 {
		select {
		case helpers.queue <- j:
		default: // every helper has work queued up: do without
			j.release()
		}
	}
	j.work(0)
	await(j.done)
	failure := j.failure.Swap(nil)
	j.release()
	if failure != nil {
		panic(*failure)
	}
}

// job is one Parallel call. Helpers may find it in the queue after its last
// part was taken, so it goes back to the pool only when refs is 0.
type job struct {
	f       func(int)
	shares  []share      // by goroutine
	left    atomic.Int64 // parts that have not ended
	refs    atomic.Int64 // goroutines that may still look at the job
	done    chan struct{}
	failure atomic.Pointer[any] // first value a part panicked with
}

// jobs are those not in use. There are never many more than the queue holds.
var jobs = FreeList[job]{Make: func() *job { return &job{done: make(chan struct{}, 1)} }}

// share is the parts a goroutine begins with.
type share struct {
	next atomic.Int64 // the next part to hand out
	last int64        // where the share ends
	_    [48]byte     // a line of the cache to itself
}

// deal cuts the parts into shares as even as can be.
func (j *job) deal(parts, workers int) {
	if cap(j.shares) < workers {
		j.shares = make([]share, workers)
	}
	j.shares = j.shares[:workers]
	for i := range j.shares {
		j.shares[i].next.Store(int64(i * parts / workers))
		j.shares[i].last = int64((i + 1) * parts / workers)
	}
}

// courtesy is how long a goroutine that has done its share leaves the others theirs. It begins a
// microsecond before or after them, but a part done on another core than last time costs twice as
// much, and again when it goes back.
const courtesy = 10 * time.Microsecond

// work takes the parts of share first, and then those left of the following ones.
func (j *job) work(first int) {
	var begun time.Time
	for i := range j.shares {
		s := &j.shares[(first+i)%len(j.shares)]
		if i == 1 {
			begun = time.Now()
		}
		for i > 0 && s.next.Load() < s.last && time.Since(begun) < courtesy {
		}
		for {
			p := s.next.Add(1) - 1
			if p >= s.last {
				break
			}
			j.run(int(p))
		}
	}
}

// run does one part and turns its panic into the job's failure.
func (j *job) run(part int) {
	defer func() {
		if v := recover(); v != nil {
			j.fail(v)
		}
		if j.left.Add(-1) == 0 {
			j.done <- struct{}{}
		}
	}()
	j.f(part)
}

// fail keeps the first panic; apart from run, so that only a panic allocates.
func (j *job) fail(v any) { j.failure.CompareAndSwap(nil, &v) }

func (j *job) release() {
	if j.refs.Add(-1) == 0 {
		j.f = nil
		jobs.Put(j)
	}
}

// helpers are the goroutines that wait for jobs; they live as long as the
// program does.
var helpers = helperPool{queue: make(chan *job, 64)}

type helperPool struct {
	queue   chan *job
	started atomic.Int32
	setup   atomic.Pointer[func()]
}

// SetHelperSetup makes every goroutine that helps Parallel, from now on, keep a
// thread of its own and call f on it once before it works: a window lowers the
// priority of those threads, so that it is drawn while they compute. Call it
// before the first Parallel.
func SetHelperSetup(f func()) { helpers.setup.Store(&f) }

// want starts goroutines until there are n.
func (h *helperPool) want(n int) {
	for {
		have := h.started.Load()
		if int(have) >= n {
			return
		}
		if h.started.CompareAndSwap(have, have+1) {
			go func(number int) {
				if f := h.setup.Load(); f != nil {
					runtime.LockOSThread()
					(*f)()
				}
				for {
					j := await(h.queue)
					j.work(number)
					j.release()
				}
			}(int(have) + 1)
		}
	}
}

// patience is how long a goroutine looks for work, or for the end of it, before
// it sleeps. To be woken takes tens of microseconds, on a virtual machine that idles a
// hundred: as long as a product of a small minibatch. So nobody sleeps between the
// stages of a step, and a sleep costs at most as much again as the wait before it.
const patience = 100 * time.Microsecond

// await receives from c, awake at first.
func await[E any](c <-chan E) E {
	for begun := time.Now(); time.Since(begun) < patience; {
		select {
		case v := <-c:
			return v
		default:
		}
	}
	return <-c
}
