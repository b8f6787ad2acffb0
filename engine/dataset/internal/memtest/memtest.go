// Package memtest checks, for the fuzz tests of the parsers, that reading a
// file takes no more memory than the file justifies.
package memtest

import (
	"runtime"
	"testing"
)

// Base is the memory any file may take, in bytes, and Ratio what each byte of
// it beyond the first KiB may add: deflate makes 1032 bytes of one, which
// become numbers of 8 bytes in slices that grow to twice of what came.
const (
	Base  = 64 << 20
	Ratio = 1032 * 8 * 3
)

// Bounded calls read and fails t when it allocates, all in all, more than a
// file of size bytes justifies.
func Bounded(t testing.TB, size int, read func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read()
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > Base+Ratio*uint64(max(0, size-1024)) {
		t.Errorf("%d bytes allocated for a file of %d", used, size)
	}
}
