package rbf

import (
	"golang.org/x/sys/cpu"

	"filterscope/engine/linalg"
)

// vectorised reports whether the AVX2 kernels can run and none but them are asked
// for.
func vectorised() bool {
	return cpu.X86.HasAVX2 && cpu.X86.HasFMA && linalg.Kernel() != "generic"
}
