//go:build !amd64

package rbf

func vectorised() bool { return false }

func squaresAVX2(_, _ []float64, _ float64)    {}
func addSquaresAVX2(_, _ []float64, _ float64) {}
func thinPlateAVX2(_ []float64)                {}
func gaussianAVX2(_ []float64)                 {}
func linearAVX2(_ []float64)                   {}
func cubicAVX2(_ []float64)                    {}
func quinticAVX2(_ []float64)                  {}
func multiquadricAVX2(_ []float64)             {}
func inverseMultiquadricAVX2(_ []float64)      {}
