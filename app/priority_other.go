//go:build !linux

package app

// yieldToWindow does nothing where one thread's priority cannot be lowered
// without the others'.
func yieldToWindow() {}
