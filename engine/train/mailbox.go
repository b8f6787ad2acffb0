package train

import (
	"context"
	"sync/atomic"
)

// Mailbox hands the newest value from one goroutine to one other. Put never
// blocks: a value that was not taken in time is replaced, so the reader always
// gets the latest.
type Mailbox[T any] struct {
	newest atomic.Pointer[T]
	wake   chan struct{}
}

// NewMailbox returns an empty mailbox.
func NewMailbox[T any]() *Mailbox[T] {
	return &Mailbox[T]{wake: make(chan struct{}, 1)}
}

// Put stores v, which nobody may change from now on, and wakes the reader.
func (m *Mailbox[T]) Put(v *T) {
	m.newest.Store(v)
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Take waits for a value that was not taken before and returns the newest, or
// the reason why ctx ended.
func (m *Mailbox[T]) Take(ctx context.Context) (*T, error) {
	select {
	case <-m.wake:
		return m.newest.Load(), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Newest returns the newest value without waiting, nil before the first Put.
func (m *Mailbox[T]) Newest() *T { return m.newest.Load() }
