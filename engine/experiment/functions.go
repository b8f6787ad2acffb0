package experiment

import (
	"math"

	"filterscope/engine/rbf/expr"
	"filterscope/engine/recipe"
)

// curve returns the function of one variable that the recipe names.
func curve(b recipe.RBF) (func(x []float64) float64, error) {
	of := func(f func(float64) float64) func([]float64) float64 {
		return func(x []float64) float64 { return f(x[0]) }
	}
	switch b.Function {
	case "sine":
		return of(math.Sin), nil
	case "step":
		return of(func(x float64) float64 {
			if x < 0 {
				return 0
			}
			return 1
		}), nil
	case "runge": // Runge 1901: equally spaced polynomials fail on it
		return of(func(x float64) float64 { return 1 / (1 + 25*x*x) }), nil
	case "sinc":
		return of(func(x float64) float64 {
			if x == 0 {
				return 1
			}
			return math.Sin(x) / x
		}), nil
	case recipe.FunctionExpression:
		e, err := expr.Parse(b.Expression)
		if err != nil {
			return nil, err
		}
		return of(e.At), nil
	}
	return of(func(x float64) float64 { return (x - 2) * (2*x + 1) / (1 + x*x) }), nil
}

// field returns the function of two variables of that name.
func field(name string) func(p []float64) float64 {
	switch name {
	case "peaks": // three hills and three hollows, for [-3, 3]²
		return func(p []float64) float64 {
			x, y := p[0], p[1]
			return 3*(1-x)*(1-x)*math.Exp(-x*x-(y+1)*(y+1)) -
				10*(x/5-x*x*x-math.Pow(y, 5))*math.Exp(-x*x-y*y) -
				math.Exp(-(x+1)*(x+1)-y*y)/3
		}
	case "franke": // Franke 1979, for [0, 1]²
		return func(p []float64) float64 {
			x, y := 9*p[0], 9*p[1]
			return 0.75*math.Exp(-((x-2)*(x-2)+(y-2)*(y-2))/4) +
				0.75*math.Exp(-(x+1)*(x+1)/49-(y+1)/10) +
				0.5*math.Exp(-((x-7)*(x-7)+(y-3)*(y-3))/4) -
				0.2*math.Exp(-(x-4)*(x-4)-(y-7)*(y-7))
		}
	}
	return func(p []float64) float64 { // the example of SciPy's RBFInterpolator, for [-1, 1]²
		x, y := p[0], p[1]
		return (x + y) * math.Exp(-6*(x*x+y*y))
	}
}
