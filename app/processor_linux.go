package app

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// ledger knows the threads that compute and how much processor time they have
// taken.
type ledger struct {
	mu      sync.Mutex
	threads map[int]time.Duration // time of each when it was last looked at
	total   time.Duration         // since each joined
}

// computing are the threads that yield to the window.
var computing = ledger{threads: map[int]time.Duration{}}

// join adds a thread; what it did before does not count.
func (l *ledger) join(thread int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.threads[thread] = threadTime(thread)
}

// taken returns the processor time of all threads since they joined. A thread
// that has ended counts up to the last call before its end.
func (l *ledger) taken() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	for thread, before := range l.threads {
		now := threadTime(thread)
		if now < before { // ended, and perhaps its number is another thread's
			delete(l.threads, thread)
			continue
		}
		l.total += now - before
		l.threads[thread] = now
	}
	return l.total
}

// threadTime returns the processor time of a thread of this process, less than
// 0 when there is none of that number. The clock of a thread is named by the
// complement of its number and the bits CPUCLOCK_PERTHREAD_MASK and
// CPUCLOCK_SCHED (linux/include/linux/posix-timers.h).
func threadTime(thread int) time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(int32(^thread<<3|4|2), &t) != nil {
		return -1
	}
	return time.Duration(t.Nano())
}

// drawingTime returns the processor time that drawing has taken: all that this
// process has used, but for the threads that compute. With software OpenGL that
// has the threads of the rasteriser in it, which paint most of a frame.
func drawingTime(time.Duration) time.Duration {
	return processorTime() - computing.taken()
}
