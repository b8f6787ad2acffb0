package widgets_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"filterscope/widgets"
)

func TestNumberSpecParse(t *testing.T) {
	rho := widgets.NumberSpec{Label: "ρ target", Max: 1, MinOpen: true, MaxOpen: true}
	hidden := widgets.NumberSpec{Label: "Hidden", Min: 1, Max: 4096, Integer: true}
	lambda := widgets.NumberSpec{Label: "λ decay"}
	any := widgets.NumberSpec{Label: "Shift", Min: math.Inf(-1), Max: math.Inf(1)}
	for _, c := range []struct {
		name string
		spec widgets.NumberSpec
		text string
		want float64
		err  string
	}{
		{"point", lambda, "0.003", 0.003, ""},
		{"comma", lambda, "0,003", 0.003, ""},
		{"exponent", lambda, "3e-3", 0.003, ""},
		{"capital exponent", lambda, "3E-3", 0.003, ""},
		{"spaces", lambda, " 3 ", 3, ""},
		{"zero at a closed bound", lambda, "0", 0, ""},
		{"true minus", any, "−2.5", -2.5, ""},
		{"open lower bound", rho, "0", 0, "want 0 < ρ < 1"},
		{"open upper bound", rho, "1", 0, "want 0 < ρ < 1"},
		{"inside", rho, "0.1", 0.1, ""},
		{"below", lambda, "-1", 0, "want λ ≥ 0"},
		{"closed bounds", hidden, "0", 0, "want 1 ≤ Hidden ≤ 4096"},
		{"whole by exponent", hidden, "1e3", 1000, ""},
		{"fraction", hidden, "15e-1", 0, "want a whole number"},
		{"thousands", hidden, "1,000", 0, "want a whole number, without separators"},
		{"two signs", lambda, "1,000.5", 0, "want one decimal sign, no separators"},
		{"empty", lambda, "", 0, "want a number"},
		{"word", lambda, "abc", 0, "want a number, such as 0.003 or 3e-3"},
		{"infinite", lambda, "1e999", 0, "want a number, such as 0.003 or 3e-3"},
		{"nan", lambda, "NaN", 0, "want a number, such as 0.003 or 3e-3"},
		{"hexadecimal", lambda, "0x10", 0, "want a number, such as 0.003 or 3e-3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := c.spec.Parse(c.text)
			if c.err != "" {
				if err == nil || err.Error() != c.err {
					t.Fatalf("Parse(%q) error = %v, want %q", c.text, err, c.err)
				}
				return
			}
			if err != nil || v != c.want {
				t.Fatalf("Parse(%q) = %v, %v, want %v", c.text, v, err, c.want)
			}
		})
	}
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"},
		{3e-3, "3e-3"},
		{0.01, "0.01"},
		{0.1, "0.1"},
		{196, "196"},
		{10000, "10000"},
		{1e-4, "1e-4"},
		{1.2e-4, "1.2e-4"},
		{0.035, "0.035"},
		{float64(float32(0.1)), "0.1"},
		{-2.5, "-2.5"},
		{1e12, "1e12"},
	} {
		if got := widgets.FormatNumber(c.v); got != c.want {
			t.Errorf("FormatNumber(%v) = %q, want %q", c.v, got, c.want)
		}
	}
}

// What is written can be read again, and is the same number; a float32 comes back within its own precision.
func TestFormatNumberRoundTrip(t *testing.T) {
	spec := widgets.NumberSpec{Min: math.Inf(-1), Max: math.Inf(1)}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-1e30, 1e30).Draw(t, "v")
		got, err := spec.Parse(widgets.FormatNumber(v))
		if err != nil || (got != v && float32(got) != float32(v)) {
			t.Fatalf("Parse(FormatNumber(%v)) = %v, %v", v, got, err)
		}
	})
}
