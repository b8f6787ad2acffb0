//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// memoryMB returns the largest resident set of a process that has ended.
func memoryMB(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	unit := 1024.0 // the kernels count in KiB, but for macOS, which counts bytes
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return float64(usage.Maxrss) * unit / 1e6
}
