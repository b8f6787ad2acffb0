package selection

import (
	"fmt"
	"math"
	"strings"
)

// operation is a function of one number that a network can select.
type operation struct {
	name string
	f    func(x float64) float64
}

// operations are all continuous, and on any interval largest and smallest at its
// ends or bounded by 1.
var operations = [...]operation{
	{"x+1", func(x float64) float64 { return x + 1 }},
	{"x-1", func(x float64) float64 { return x - 1 }},
	{"2x", func(x float64) float64 { return 2 * x }},
	{"x/2", func(x float64) float64 { return x / 2 }},
	{"-x", func(x float64) float64 { return -x }},
	{"x^2", func(x float64) float64 { return x * x }},
	{"x^3", func(x float64) float64 { return x * x * x }},
	{"|x|", math.Abs},
	{"sin x", math.Sin},
	{"cos x", math.Cos},
	{"exp x", math.Exp},
	{"1", func(float64) float64 { return 1 }},
	{"0", func(float64) float64 { return 0 }},
}

// Operations lists the names of all operations, as recipes write them.
func Operations() []string {
	names := make([]string, len(operations))
	for i, o := range operations {
		names[i] = o.name
	}
	return names
}

// find returns the operation of that name.
func find(name string) (operation, error) {
	for _, o := range operations {
		if o.name == name {
			return o, nil
		}
	}
	return operation{}, fmt.Errorf("unknown operation %q: want one of %s", name, strings.Join(Operations(), ", "))
}

// Title returns the name of an operation as pictures write it: x², −x.
func Title(name string) string {
	return strings.NewReplacer("^2", "²", "^3", "³", "-", "−").Replace(name)
}
