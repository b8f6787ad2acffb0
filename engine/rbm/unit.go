package rbm

import (
	"fmt"
	"math"
	"strings"

	"filterscope/engine/linalg"
)

// Unit is the kind of the units of a layer; see the package comment for their
// means and samples. It reads and writes itself as text, so recipes can hold it.
type Unit uint8

// The kinds of unit; the zero value is Binary.
const (
	Binary    Unit = iota // 0 or 1
	Gaussian              // any number, variance 1
	Rectified             // 0 or more: noisy rectified linear
)

var unitNames = [...]string{Binary: "binary", Gaussian: "gaussian", Rectified: "rectified"}

// String returns the name used in recipes.
func (u Unit) String() string {
	if int(u) < len(unitNames) {
		return unitNames[u]
	}
	return fmt.Sprintf("unit %d", uint8(u))
}

// ParseUnit returns the kind of that name.
func ParseUnit(name string) (Unit, error) {
	for i, n := range unitNames {
		if n == name {
			return Unit(i), nil
		}
	}
	return 0, fmt.Errorf("unknown kind of unit %q: want one of %s", name, strings.Join(unitNames[:], ", "))
}

// MarshalText returns the name used in recipes.
func (u Unit) MarshalText() ([]byte, error) {
	if int(u) >= len(unitNames) {
		return nil, fmt.Errorf("unknown %s", u)
	}
	return []byte(u.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (u *Unit) UnmarshalText(text []byte) error {
	v, err := ParseUnit(string(text))
	if err == nil {
		*u = v
	}
	return err
}

// mean is the function from a unit's total input to its mean.
func (u Unit) mean() linalg.Function {
	switch u {
	case Gaussian:
		return linalg.Identity
	case Rectified:
		return linalg.Softplus
	}
	return linalg.Logistic
}

// sample draws one value for each mean into dst, which may be mean itself. The mean of a rectified
// unit tells its total input: x = y + log(1-exp(-y)), σ(x) = 1-exp(-y).
func sample[T linalg.Float](u Unit, s *source, mean, dst []T) {
	switch u {
	case Binary:
		pcg, i := s.pcg, 0 // in registers
		for ; i+2 <= len(mean); i += 2 {
			bits := pcg.Uint64()
			dst[i] = below(uint32(bits), mean[i])
			dst[i+1] = below(uint32(bits>>32), mean[i+1])
		}
		if i < len(mean) {
			dst[i] = below(uint32(pcg.Uint64()), mean[i])
		}
		s.pcg = pcg
	case Gaussian:
		for i, v := range mean {
			dst[i] = v + T(s.rng.NormFloat64())
		}
	case Rectified:
		for i, v := range mean {
			variance := -math.Expm1(-float64(v))
			x := float64(v) + math.Log(variance)
			dst[i] = T(max(0, x+s.rng.NormFloat64()*math.Sqrt(variance)))
		}
	}
}

// below returns 1 when bits, taken as a number of [0, 1), lie below p.
func below[T linalg.Float](bits uint32, p T) T {
	var one int32 // an integer, so that the compiler needs no branch
	if T(bits)*(1.0/(1<<32)) < p {
		one = 1
	}
	return T(one)
}
