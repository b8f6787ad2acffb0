package peak

import (
	"slices"

	"filterscope/engine/linalg"
)

// find returns the loop for the kernel and the element size, if this
// processor can run it.
func find(kernel string, size int) (loop, bool) {
	if !slices.Contains(linalg.Kernels(), kernel) {
		return loop{}, false
	}
	switch {
	case kernel == "avx512" && size == 4:
		return loop{fma32AVX512, 16}, true
	case kernel == "avx512" && size == 8:
		return loop{fma64AVX512, 8}, true
	case kernel == "avx2" && size == 4:
		return loop{fma32AVX2, 8}, true
	case kernel == "avx2" && size == 8:
		return loop{fma64AVX2, 4}, true
	}
	return loop{}, false
}
