package rbf

import "math"

// logEntry is a number c in an interval, with 1/c and ln c.
type logEntry struct{ c, inverse, log float64 }

// logTable covers [0.6875, 1.375) by 128 intervals. Those that touch 1 have c = 1,
// so that the logarithm keeps its relative precision there.
var logTable = makeLogTable()

// logStart is the bits of 0.6875, where the intervals begin: they are of equal
// width below 1, and of twice that above it.
const logStart = 0x3fe6000000000000

func makeLogTable() *[128]logEntry {
	var t [128]logEntry
	for i := range t {
		low := math.Float64frombits(logStart + uint64(i)<<45)
		high := math.Float64frombits(logStart + uint64(i+1)<<45)
		c := (low + high) / 2
		if low == 1 || high == 1 {
			c = 1
		}
		t[i] = logEntry{c, 1 / c, math.Log(c)}
	}
	return &t
}

// thinPlateGeneric is thinPlate in plain Go: v = 2ᵉ·z with z in [0.6875, 1.375), and
// ln z = ln c + ln(1+r) with r = (z-c)/c, |r| ≤ 2⁻⁷, by its Taylor polynomial of degree
// 7. That takes less than half the time of math.Log.
func thinPlateGeneric(v []float64) {
	table := logTable
	for i, s := range v {
		if s < 0x1p-1000 { // nothing that far down can be told from 0
			v[i] = 0
			continue
		}
		bits := math.Float64bits(s)
		t := bits - logStart
		c := &table[t>>45&127]
		r := (math.Float64frombits(bits-t&(0xfff<<52)) - c.c) * c.inverse
		q := r * r
		p := (1.0/3 - r*(1.0/4)) + q*((1.0/5-r*(1.0/6))+q*(1.0/7))
		v[i] = 0.5 * s * (float64(int64(t)>>52)*math.Ln2 + c.log + (r + q*(r*p-0.5)))
	}
}
