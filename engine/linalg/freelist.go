package linalg

import "sync"

// FreeList keeps objects for reuse, by several goroutines; unlike sync.Pool it
// never drops one, so that there are as many as were in use at once. The zero
// value is ready.
type FreeList[E any] struct {
	Make func() *E // of an object when there is none to reuse; nil: a zero one

	mu   sync.Mutex
	free []*E
}

// Get returns an object that nobody uses.
func (l *FreeList[E]) Get() *E {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.free); n > 0 {
		e := l.free[n-1]
		l.free = l.free[:n-1]
		return e
	}
	if l.Make == nil {
		return new(E)
	}
	return l.Make()
}

// Put takes an object back.
func (l *FreeList[E]) Put(e *E) {
	l.mu.Lock()
	l.free = append(l.free, e)
	l.mu.Unlock()
}

// Idle returns the objects that nobody uses: all of them when no goroutine is
// between Get and Put. The slice holds until the next Get or Put.
func (l *FreeList[E]) Idle() []*E { return l.free }
