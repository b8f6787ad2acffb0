package peak

import (
	"testing"
	"time"

	"filterscope/engine/linalg"
)

func TestGFLOPS(t *testing.T) {
	for _, kernel := range append(linalg.Kernels(), "none") {
		for _, size := range []int{4, 8} {
			_, known := find(kernel, size)
			got := GFLOPS(kernel, size, 2, time.Millisecond)
			if known != (got > 0) {
				t.Errorf("GFLOPS(%s, %d) = %v, loop there: %v", kernel, size, got, known)
			}
			t.Logf("%s, %d bytes: %.0f GFLOPS", kernel, size, got)
		}
	}
}
