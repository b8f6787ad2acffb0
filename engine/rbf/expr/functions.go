package expr

import (
	"math"
	"slices"
)

// functions1 take one argument, functions2 two.
var functions1 = map[string]func(float64) float64{
	"sin": math.Sin, "cos": math.Cos, "tan": math.Tan,
	"asin": math.Asin, "acos": math.Acos, "atan": math.Atan,
	"sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
	"exp": math.Exp, "log": math.Log, "ln": math.Log, "log2": math.Log2, "log10": math.Log10,
	"sqrt": math.Sqrt, "cbrt": math.Cbrt, "abs": math.Abs,
	"floor": math.Floor, "ceil": math.Ceil, "round": math.Round,
	"sign": sign, "step": step, "sinc": sinc, "erf": math.Erf,
}

var functions2 = map[string]func(a, b float64) float64{
	"min": math.Min, "max": math.Max, "pow": math.Pow, "mod": mod, "atan2": math.Atan2,
}

var constants = map[string]float64{"pi": math.Pi, "π": math.Pi, "e": math.E}

// Functions lists the names of all functions, in alphabetical order. Some that are
// not what one would guess: log is the natural logarithm, step(x) is 1 from 0 on
// and 0 before, sinc(x) is sin(πx)/(πx), and mod has the sign of its second argument.
func Functions() []string {
	var names []string
	for name := range functions1 {
		names = append(names, name)
	}
	for name := range functions2 {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x // 0, -0 and NaN
}

func step(x float64) float64 {
	switch {
	case x >= 0:
		return 1
	case x < 0:
		return 0
	}
	return x
}

// sinc is NumPy's.
func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func mod(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}
