package linalg

import "math"

// Function is an element-wise function the fused passes can apply. Its
// derivative is always taken from its value a = f(z).
//
// The generated kernels are off by at most, in units in the last place of the
// value, float32 and float64: logistic 2.1 and 3, tanh 2.4 and 2, softplus 3.2 and 3, the
// derivative of softplus 1.2 and 1; the others are exact. Of softplus and the
// logistic function that holds for |z| ≤ 87 (708 in float64): smaller values than that end
// near the least normal number. NaN stays NaN.
type Function uint8

// The functions, with f'(z) in terms of a = f(z).
const (
	Logistic Function = iota // 1/(1+exp(-z)), a(1-a)
	Identity                 // z, 1
	Tanh                     // tanh z, 1-a²
	ReLU                     // max(0, z), 1 where a > 0
	Softplus                 // log(1+exp z), 1-exp(-a)
)

// apply32 sets every z to f(z).
func apply32(f Function, z []float32) {
	switch f {
	case Logistic:
		for i, v := range z {
			z[i] = logistic32(v)
		}
	case Tanh: // tanh z = 2σ(2z) - 1 loses digits near 0, so go by math
		for i, v := range z {
			z[i] = float32(math.Tanh(float64(v)))
		}
	case ReLU:
		for i, v := range z {
			z[i] = max(v, 0)
		}
	case Softplus:
		for i, v := range z {
			z[i] = float32(softplus(float64(v)))
		}
	}
}

// apply64 sets every z to f(z).
func apply64(f Function, z []float64) {
	switch f {
	case Logistic:
		for i, v := range z {
			z[i] = 1 / (1 + math.Exp(-v))
		}
	case Tanh:
		for i, v := range z {
			z[i] = math.Tanh(v)
		}
	case ReLU:
		for i, v := range z {
			z[i] = max(v, 0)
		}
	case Softplus:
		for i, v := range z {
			z[i] = softplus(v)
		}
	}
}

// softplus returns log(1+exp z) without overflow.
func softplus(z float64) float64 {
	return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z)))
}

// scaleByDerivative multiplies each d by f'(z), given a = f(z).
func scaleByDerivative[T Float](f Function, d, a []T) {
	a = a[:len(d)]
	switch f {
	case Logistic:
		for i, v := range a {
			d[i] *= v * (1 - v)
		}
	case Tanh:
		for i, v := range a {
			d[i] *= 1 - v*v
		}
	case ReLU:
		for i, v := range a {
			if v <= 0 {
				d[i] = 0
			}
		}
	case Softplus:
		for i, v := range a {
			d[i] *= T(-math.Expm1(-float64(v)))
		}
	}
}

// Coefficients of the float32 exponential: x = n ln 2 + r with |r| ≤ ln 2/2,
// ln 2 in two parts so that n*ln2Hi is exact, exp r by its Taylor polynomial
// of degree 7 (remainder |r|^8/8! < 5e-9, a tenth of an ulp).
const (
	log2e  = 1.44269504088896340736
	ln2Hi  = 0.693359375
	ln2Lo  = -2.12194440e-4
	expMax = 87.3 // exp(-expMax) is still a normal float32
)

// logistic32 returns 1/(1+exp(-z)) in float32 arithmetic; z beyond ±expMax
// counts as ±expMax, which leaves 0 < result ≤ 1.
func logistic32(z float32) float32 {
	x := -z
	if x > expMax {
		x = expMax
	}
	if x < -expMax {
		x = -expMax
	}
	t := x * log2e
	n := int32(t + 0.5)
	if t < -0.5 {
		n = int32(t - 0.5)
	}
	r := x - float32(n)*ln2Hi
	r -= float32(n) * ln2Lo
	p := float32(1.0/5040)*r + 1.0/720
	p = p*r + 1.0/120
	p = p*r + 1.0/24
	p = p*r + 1.0/6
	p = p*r + 0.5
	p = p*r + 1
	p = p*r + 1
	return 1 / (1 + p*math.Float32frombits(uint32(n+127)<<23))
}
