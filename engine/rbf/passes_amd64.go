package rbf

import (
	"golang.org/x/sys/cpu"

	"filterscope/engine/linalg"
)

// vectorised reports whether the AVX2 kernels run: the processor has what they
// need, and FILTERSCOPE_KERNEL does not ask for plain Go.
func vectorised() bool {
	return cpu.X86.HasAVX2 && cpu.X86.HasFMA && linalg.Kernel() != "generic"
}
