package autoencoder

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// Corruption names how inputs are changed while training.
type Corruption uint8

// The corruptions; the zero value is NoCorruption.
const (
	NoCorruption  Corruption = iota
	Masking                  // each input is 0 with probability Level; the others stay: DL4J, H2O's input_dropout_ratio
	GaussianNoise            // Level times a standard normal number is added to each input
	SaltAndPepper            // each input is with probability Level replaced by Low or High, as likely
)

var corruptionNames = [...]string{"none", "masking", "gaussian", "salt-and-pepper"}

// String returns the name used in recipes.
func (c Corruption) String() string {
	if int(c) < len(corruptionNames) {
		return corruptionNames[c]
	}
	return fmt.Sprintf("corruption %d", uint8(c))
}

// ParseCorruption returns the corruption of that name.
func ParseCorruption(name string) (Corruption, error) {
	return nn.ParseName[Corruption]("corruption", name, corruptionNames[:])
}

// MarshalText returns the name used in recipes.
func (c Corruption) MarshalText() ([]byte, error) {
	if int(c) >= len(corruptionNames) {
		return nil, fmt.Errorf("unknown %s", c)
	}
	return []byte(c.String()), nil
}

// UnmarshalText parses the name used in recipes.
func (c *Corruption) UnmarshalText(text []byte) error {
	v, err := ParseCorruption(string(text))
	if err == nil {
		*c = v
	}
	return err
}

// noise is the stream of random numbers of one layer at one step. Each element
// has a number of its own (the output function of SplitMix64 over a counter),
// so that what an example is given depends on neither the partition of the work
// nor the order.
type noise struct{ key uint64 }

const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio

// mix is the output function of SplitMix64 (Steele, Lea & Flood 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// noiseOf returns the stream of a layer: 0 is the input.
func noiseOf(seed, step uint64, layer int) noise {
	return noise{mix(mix(mix(seed+golden)+step+golden) + uint64(layer+1)*golden)}
}

// row returns where the numbers of example i start.
func (s noise) row(i int) uint64 { return mix(s.key + uint64(i+1)*golden) }

// number returns number j of a row, all 64 bits of it random.
func number(row uint64, j int) uint64 { return mix(row + uint64(j+1)*golden) }

// share returns the threshold below which that share of all numbers lies.
func share(p float64) uint64 {
	if p >= 1 {
		return math.MaxUint64
	}
	return uint64(math.Ldexp(p, 64))
}

// unit returns x as a number in (0, 1).
func unit(x uint64) float64 { return (float64(x>>11) + 0.5) * 0x1p-53 }

// corrupt writes the corrupted examples x to dst, of the same shape; base is
// the number of the first.
func corrupt[T linalg.Float](p *plan, step uint64, base int, x, dst linalg.Matrix[T]) {
	s := noiseOf(p.seed, step, 0)
	level := p.hyper.Level
	limit := share(level)
	for i := range x.Rows {
		key, from, to := s.row(base+i), x.Row(i), dst.Row(i)
		switch p.corruption {
		case Masking:
			for j, v := range from {
				if number(key, j) < limit {
					v = 0
				}
				to[j] = v
			}
		case SaltAndPepper:
			for j, v := range from {
				if u := number(key, j); u < limit {
					if v = T(p.low); u < limit/2 {
						v = T(p.high)
					}
				}
				to[j] = v
			}
		case GaussianNoise: // Box & Muller 1958, two at a time
			for j := 0; j < len(from); j += 2 {
				r := level * math.Sqrt(-2*math.Log(unit(number(key, j))))
				sin, cos := math.Sincos(2 * math.Pi * unit(number(key, j+1)))
				to[j] = from[j] + T(r*cos)
				if j+1 < len(from) {
					to[j+1] = from[j+1] + T(r*sin)
				}
			}
		default:
			copy(to, from)
		}
	}
}

// silence sets to 0 what dropout silences in columns of the values m of layer l, of
// which first is the first.
func silence[T linalg.Float](p *plan, step uint64, l, base int, m linalg.Matrix[T], first int) {
	s := noiseOf(p.seed, step, l+1)
	limit := p.layers[l].threshold
	for i := range m.Rows {
		key, row := s.row(base+i), m.Row(i)
		for j := range row {
			if number(key, first+j) < limit {
				row[j] = 0
			}
		}
	}
}

// Corrupt writes to dst (m×visible) what d makes of the examples x (m×visible)
// at that step, when the first of them has number base in the minibatch or data
// set: the very input that Network trains on. dst may be x. It panics when the
// shapes do not fit.
func Corrupt[T linalg.Float](d Deep, step uint64, base int, x, dst linalg.Matrix[T]) {
	if x.Cols != d.Visible || dst.Rows != x.Rows || dst.Cols != x.Cols {
		panic(fmt.Sprintf("autoencoder: Corrupt: %d×%d into %d×%d for %d visible units", x.Rows, x.Cols, dst.Rows, dst.Cols, d.Visible))
	}
	p := d.plan()
	corrupt(&p, step, base, x, dst)
}
