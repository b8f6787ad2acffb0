package render

// PSNRCurves returns the picture of a peak signal-to-noise ratio in dB against
// the number of basis functions, counted from 1; draw it with a [Chart] or
// write it with package figure.
func PSNRCurves(psnr []float64, dark bool) Curves {
	return progressCurves(psnr, "PSNR", "PSNR in dB", "basis functions", dark)
}

// ReductionCurves returns the picture of an error-reduction curve: ratio[i] is
// the share of the energy of the target that the centre chosen i-th explains,
// what is left after it is drawn on a logarithmic axis.
func ReductionCurves(ratio []float64, dark bool) Curves {
	left := make([]float64, len(ratio))
	rest := 1.0
	for i, r := range ratio {
		rest -= r
		left[i] = rest
	}
	c := progressCurves(left, "unexplained", "unexplained share", "centres", dark)
	c.LogY = true
	return c
}

// progressCurves is one curve against a count from 1.
func progressCurves(y []float64, name, yName, xName string, dark bool) Curves {
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i + 1)
	}
	s := Series{Name: name, Colour: SeriesColours(dark)[6], X: x, Y: y}
	return Curves{Series: []Series{s}, XName: xName, YName: yName}
}
