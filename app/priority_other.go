//go:build !linux

package app

// computingNice is of use on Linux.
var computingNice = 0

// yieldToWindow does nothing where one thread's priority cannot be lowered
// without the others'.
func yieldToWindow() {}
