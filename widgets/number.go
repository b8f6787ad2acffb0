package widgets

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// NumberSpec describes a numeric field.
type NumberSpec struct {
	Label  string // shown on the left; its first word names the quantity in messages ("ρ target" gives ρ)
	Unit   string // shown inside the field, after the number; may be empty
	Hint   string // the tooltip while the field is valid
	Symbol string // names the quantity in messages instead of the label's first word

	// Min and Max bound the value; MinOpen and MaxOpen exclude the bound itself. Max ≤ Min means that there is no upper
	// bound, as Max = +Inf does; Min = −Inf means that there is no lower one.
	Min, Max         float64
	MinOpen, MaxOpen bool
	Integer          bool   // only whole numbers
	Badge            string // "live", "new run" or "": when a change takes effect
}

// Parse reads a number the way people write them: 0.003, 0,003, 3e-3, −2. A whole number may not contain a comma or a
// point, so that "10,000" is refused rather than taken for ten. The error says what is wanted.
func (s NumberSpec) Parse(text string) (float64, error) {
	t := strings.NewReplacer("−", "-", " ", "", "\u00a0", "", "\u202f", "", "\t", "").Replace(text)
	if t == "" {
		return 0, errors.New("want a number")
	}
	if s.Integer && strings.ContainsAny(t, ".,") {
		return 0, errors.New("want a whole number, without separators")
	}
	if strings.Count(t, ",")+strings.Count(t, ".") > 1 {
		return 0, errors.New("want one decimal sign, no separators")
	}
	t = strings.Replace(t, ",", ".", 1)
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || strings.ContainsAny(t, "xXpP_nN") || math.IsInf(v, 0) {
		return 0, errors.New("want a number, such as 0.003 or 3e-3")
	}
	return v, s.Check(v)
}

// Check returns nil if v is allowed, else an error that states the bounds.
func (s NumberSpec) Check(v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return errors.New("want a finite number")
	}
	if s.Integer && v != math.Trunc(v) {
		return errors.New("want a whole number")
	}
	low := v < s.Min || (s.MinOpen && v == s.Min)
	high := s.bounded() && (v > s.Max || (s.MaxOpen && v == s.Max))
	if low || high {
		return fmt.Errorf("want %s", s.Range())
	}
	return nil
}

func (s NumberSpec) bounded() bool { return s.Max > s.Min && !math.IsInf(s.Max, 1) }

// Range states the bounds, such as "0 < ρ < 1" or "λ ≥ 0".
func (s NumberSpec) Range() string {
	name := s.Symbol
	if name == "" {
		if f := strings.Fields(s.Label); len(f) > 0 {
			name = f[0]
		} else {
			name = "value"
		}
	}
	less := func(open bool) string {
		if open {
			return "<"
		}
		return "≤"
	}
	lo, hi := FormatNumber(s.Min), FormatNumber(s.Max)
	switch {
	case math.IsInf(s.Min, -1) && s.bounded():
		return name + " " + less(s.MaxOpen) + " " + hi
	case math.IsInf(s.Min, -1):
		return "any number"
	case s.bounded():
		return lo + " " + less(s.MinOpen) + " " + name + " " + less(s.MaxOpen) + " " + hi
	case s.MinOpen:
		return name + " > " + lo
	}
	return name + " ≥ " + lo
}

// FormatNumber writes v the short way, so that typing the result gives v again: 3e-3, 0.01, 0.1, 196, 1.2e-4. A float32
// widened to float64 is written with float32's digits.
func FormatNumber(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	if v == 0 {
		return "0"
	}
	bits := 64
	if float64(float32(v)) == v {
		bits = 32
	}
	point := strconv.FormatFloat(v, 'f', -1, bits)
	power := shortExponent(strconv.FormatFloat(v, 'e', -1, bits))
	limit := len(power)
	if math.Abs(v) >= 1 {
		limit = max(limit, 7) // 400, 10000 and 1000000 are easier to read as they are
	}
	if len(point) <= limit {
		return point
	}
	return power
}

// shortExponent turns 3e-03 into 3e-3 and 1e+10 into 1e10.
func shortExponent(s string) string {
	mantissa, exp, ok := strings.Cut(s, "e")
	if !ok {
		return s
	}
	sign := ""
	if strings.HasPrefix(exp, "-") {
		sign = "-"
	}
	exp = strings.TrimLeft(exp, "+-0")
	if exp == "" {
		return mantissa
	}
	return mantissa + "e" + sign + exp
}
