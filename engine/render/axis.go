package render

import (
	"math"
	"strconv"
	"strings"
)

// Axis maps data to a length: Lo to 0 and Hi to 1, evenly or by logarithm.
type Axis struct {
	Lo, Hi float64 // Lo < Hi; both positive when Log
	Log    bool
}

// Fraction returns where v lies: 0 at Lo, 1 at Hi, outside beyond. It is NaN
// for a v that is not positive on a logarithmic axis.
func (a Axis) Fraction(v float64) float64 {
	if a.Log {
		if !(v > 0) {
			return math.NaN()
		}
		return math.Log(v/a.Lo) / math.Log(a.Hi/a.Lo)
	}
	return (v - a.Lo) / (a.Hi - a.Lo)
}

// Value is the inverse of Fraction.
func (a Axis) Value(fraction float64) float64 {
	if a.Log {
		return a.Lo * math.Pow(a.Hi/a.Lo, fraction)
	}
	return a.Lo + fraction*(a.Hi-a.Lo)
}

// Tick is a mark of an axis.
type Tick struct {
	Value float64
	Label string
}

// Ticks returns marks at round numbers inside the axis, at most count of them
// as far as round numbers allow, at least one whenever the axis holds one.
func (a Axis) Ticks(count int) []Tick {
	count = max(count, 2)
	if !a.Log {
		return a.linearTicks(count)
	}
	low, high := int(math.Floor(math.Log10(a.Lo)+1e-9)), int(math.Ceil(math.Log10(a.Hi)-1e-9))
	for _, steps := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		var ticks []Tick
		for power := low; power <= high; power++ {
			for _, m := range steps {
				ticks = a.add(ticks, pow10(m, power))
			}
		}
		if len(ticks) <= count {
			if len(ticks) < 3 && a.Hi/a.Lo < 20 {
				return a.linearTicks(count)
			}
			return ticks
		}
	}
	// Too many decades: every k-th one, counted from the top.
	top, bottom := int(math.Floor(math.Log10(a.Hi)+1e-9)), int(math.Ceil(math.Log10(a.Lo)-1e-9))
	every := (top - bottom + count) / count
	var ticks []Tick
	for power := bottom + (top-bottom)%every; power <= top; power += every {
		ticks = a.add(ticks, pow10(1, power))
	}
	return ticks
}

// add appends a tick if it lies on the axis.
func (a Axis) add(ticks []Tick, v float64) []Tick {
	if f := a.Fraction(v); f < -1e-9 || f > 1+1e-9 {
		return ticks
	}
	return append(ticks, Tick{v, Number(v)})
}

func (a Axis) linearTicks(count int) (ticks []Tick) {
	step := NiceCeil((a.Hi - a.Lo) / float64(count))
	// The range may lie between two multiples of the step: then a finer one.
	for range 2 {
		if step == 0 || len(ticks) > 0 {
			break
		}
		for k := math.Ceil(a.Lo/step - 1e-9); k*step <= a.Hi+1e-9*step && len(ticks) <= 2*count; k++ {
			// k·step is off by a rounding; the tick is the round number.
			v, err := strconv.ParseFloat(strconv.FormatFloat(k*step, 'g', 12, 64), 64)
			if err == nil {
				ticks = append(ticks, Tick{v, Number(v)})
			}
		}
		step = niceFloor(step / 1.5)
	}
	return ticks
}

// Number formats a number for people in few characters, with a true minus
// sign: 0, 12.2, 0.0031, 1500, 25k, 3.2M, 4e−7. Up to four digits are kept.
func Number(v float64) string {
	a := math.Abs(v)
	var s string
	switch {
	case a == 0:
		return "0"
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		s = "∞"
		if v < 0 {
			s = "−∞"
		}
		return s
	case a >= 1e10 || a < 9.5e-4:
		s = strconv.FormatFloat(v, 'e', 3, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		power, _ := strconv.Atoi(exponent)
		s = trimZeros(mantissa) + "e" + strconv.Itoa(power)
	case a >= 999950:
		s = digits(v/1e6) + "M"
	case a >= 9999.5:
		s = digits(v/1e3) + "k"
	default:
		s = digits(v)
	}
	return strings.ReplaceAll(s, "-", "−")
}

// digits formats v with four significant digits at most.
func digits(v float64) string {
	decimals := 3 - int(math.Floor(math.Log10(math.Abs(v))))
	return trimZeros(strconv.FormatFloat(v, 'f', max(0, min(decimals, 6)), 64))
}

func trimZeros(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// roomyCeil returns the end of an axis that grows with its data: a round number
// not below v, finer than 1-2-5, so that at least 70 % of the axis is in use.
func roomyCeil(v float64) float64 {
	if !(v > 0) || !finite(v) {
		return 1
	}
	power := int(math.Floor(math.Log10(v)))
	for _, m := range [...]float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12} {
		if n := pow10(m, power); n >= v {
			return n
		}
	}
	return v
}

// niceFloor is the largest of 1, 2, 5 times a power of ten not above v.
func niceFloor(v float64) float64 {
	c := NiceCeil(v)
	if c == v {
		return v
	}
	// The number below 1·10^k is 5·10^(k−1), below 2 is 1, below 5 is 2.
	below := NiceCeil(c / 2.6)
	if below >= c {
		return v
	}
	return below
}
