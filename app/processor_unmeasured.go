//go:build !linux

package app

import "time"

// drawingTime returns the processor time that drawing has taken, as far as it
// can be told where a thread's time cannot: the pump's own painting. There
// OpenGL is a graphics card's.
func drawingTime(painting time.Duration) time.Duration { return painting }
