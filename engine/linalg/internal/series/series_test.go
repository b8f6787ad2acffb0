package series

import (
	"math"
	"testing"
)

func TestExp(t *testing.T) {
	tests := []struct {
		degree int
		most   float64 // error of 1 + s·p(s)
	}{
		{5, 6e-9}, {10, 3e-16}, // the second is that of this test's arithmetic
	}
	const radius = math.Ln2 / 2
	for _, tt := range tests {
		p := Exp(tt.degree, radius)
		worst := 0.0
		for i := range 2001 {
			s := radius * (float64(i)/1000 - 1)
			v := 0.0
			for k := len(p) - 1; k >= 0; k-- {
				v = v*s + p[k]
			}
			worst = max(worst, math.Abs(1+v*s-math.Exp(-s)))
		}
		if len(p) != tt.degree+1 || worst > tt.most {
			t.Errorf("degree %d: %d coefficients, error %g, want at most %g", tt.degree, len(p), worst, tt.most)
		}
	}
}
