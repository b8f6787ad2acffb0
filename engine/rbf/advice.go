package rbf

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"filterscope/engine/linalg"
)

// Limits of the traffic light. With a condition number κ, rounding errors of the
// data in the 16th digit reach the weights in the (16 - log κ)th.
const (
	amberCondition = 1e5
	redCondition   = 1e10
	amberWeights   = 1e3 // largest |weight·basis function| over the largest |value|
	learntNoise    = 4   // leave-one-out error over the error on the points
)

// judge sets Light and Advice.
func (r *Report) judge(n *Network, design linalg.Matrix[float64], y []float64) {
	m, parameters := len(n.Weights), len(n.Weights)+len(n.Tail)
	largest := 0.0
	for _, v := range y {
		largest = max(largest, math.Abs(v))
	}
	set := func(l Light, format string, args ...any) { r.Light, r.Advice = l, fmt.Sprintf(format, args...) }
	ridge := r.Lambda > 0
	weakest, share := faintest(design.Columns(0, m))
	switch {
	case r.Singular[0] == 0:
		set(Red, "No basis function reaches any point: make them wider or move their centres to the points.")
	case len(r.Duplicates) > 0 && !ridge:
		set(Red, "The same basis function is there twice (%s), so the weights are one choice of many: move or remove one, or use ridge.",
			pairs("centres", r.Duplicates))
	case parameters > len(y) && !ridge:
		set(Red, "There are %d parameters for %s, so the weights are one choice of many: use fewer centres, or ridge.",
			parameters, count(len(y), "point"))
	case share < 1/amberCondition && r.Condition >= amberCondition:
		light := Amber
		if r.Condition >= redCondition {
			light = Red
		}
		set(light, "Basis function %d hardly reaches any point, so its weight can be anything: make it wider, move its centre to the points, or use %s.",
			weakest+1, more(ridge))
	case math.IsInf(r.Condition, 1):
		set(Red, "Some basis functions are sums of others, so the weights are one choice of many: use fewer or narrower ones, or %s.", more(ridge))
	case r.Condition >= redCondition && ridge:
		set(Red, "Rounding errors are multiplied by up to %s even with this λ: use a larger one, or fewer or narrower basis functions.", brief(r.Condition))
	case r.Condition >= redCondition:
		set(Red, "The basis functions overlap so much that rounding errors are multiplied by up to %s: use fewer or narrower ones, or ridge.", brief(r.Condition))
	case r.MaxWeight > amberWeights*largest && largest > 0:
		set(Amber, "The basis functions overlap so much that weights of up to %s cancel to values of up to %s: use fewer or narrower ones, or %s, if the weights shall mean something.",
			brief(r.MaxWeight), brief(largest), more(ridge))
	case r.Condition >= amberCondition:
		set(Amber, "The basis functions overlap so much that rounding errors are multiplied by up to %s: use fewer or narrower ones, or %s, if the weights shall mean something.",
			brief(r.Condition), more(ridge))
	case len(r.Duplicates) > 0:
		set(Amber, "The same basis function is there twice (%s), and ridge shares its weight between the two: move or remove one.", pairs("centres", r.Duplicates))
	case r.LOO > learntNoise*r.RMSE && r.LOO > 0.01*largest:
		set(Amber, "Points left out are missed by %s, the others by %s: the fit follows its points too closely, so use fewer or wider basis functions, or %s.",
			brief(r.LOO), brief(r.RMSE), more(ridge))
	default:
		set(Green, "The %s are well determined.", count(m, "weight"))
		if m == 1 {
			r.Advice = "The weight is well determined."
		}
	}
}

// faintest returns the column with the smallest norm, and that norm over the
// largest.
func faintest(b linalg.Matrix[float64]) (column int, share float64) {
	squares := make([]float64, b.Cols)
	for i := range b.Rows {
		for j, v := range b.Row(i) {
			squares[j] += v * v
		}
	}
	largest := 0.0
	for j, s := range squares {
		largest = max(largest, s)
		if s < squares[column] {
			column = j
		}
	}
	return column, math.Sqrt(squares[column] / largest)
}

// more says which way to turn ridge.
func more(ridge bool) string {
	if ridge {
		return "a larger λ"
	}
	return "ridge"
}

// brief writes a number with two digits that count: 28000, 0.013, 3.1e12.
func brief(v float64) string {
	v = max(-math.MaxFloat64, min(math.MaxFloat64, v))
	if a := math.Abs(v); a >= 1e6 || (a < 1e-4 && a > 0) {
		s := strconv.FormatFloat(v, 'e', 1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		exponent = strings.TrimPrefix(exponent, "+")
		sign := ""
		if strings.HasPrefix(exponent, "-") {
			sign, exponent = "-", exponent[1:]
		}
		return strings.TrimSuffix(mantissa, ".0") + "e" + sign + strings.TrimLeft(exponent, "0")
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 2, 64), 64)
	if err != nil {
		return fmt.Sprint(v)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
