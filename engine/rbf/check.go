package rbf

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"filterscope/engine/linalg"
)

// maxDuplicates bounds how many pairs of duplicates are listed.
const maxDuplicates = 100

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// checkRows names the first row of x that is not finite; what says what the rows
// are, in the singular. Rows are counted from 1 in sentences for people.
func checkRows(x linalg.Matrix[float64], what string) error {
	for i := range x.Rows {
		for _, v := range x.Row(i) {
			if !finite(v) {
				return fmt.Errorf("%s %d of %d has the coordinate %v: remove it or give it a number", what, i+1, x.Rows, v)
			}
		}
	}
	return nil
}

// checkData does for points and values what checkRows does for points.
func checkData(x linalg.Matrix[float64], y []float64) error {
	if x.Rows != len(y) {
		panic(fmt.Sprintf("rbf: %d points with %d values", x.Rows, len(y)))
	}
	if x.Rows == 0 {
		return errors.New("there are no points to fit: add some")
	}
	if x.Cols == 0 {
		return errors.New("the points have no coordinates: give each at least one")
	}
	if err := checkRows(x, "point"); err != nil {
		return err
	}
	for i, v := range y {
		if !finite(v) {
			return fmt.Errorf("point %d of %d has the value %v: remove it or give it a number", i+1, len(y), v)
		}
	}
	return nil
}

// Check says what keeps the network from being evaluated: an unknown kernel, no
// centres, a centre or width that is not usable, or a normalised thin-plate
// spline.
func (n *Network) Check() error {
	if !n.Kernel.valid() {
		return fmt.Errorf("there is no %v: use one of 0 to %d", n.Kernel, len(kernels)-1)
	}
	if n.Centres.Rows == 0 {
		return errors.New("the network has no centres: add at least one")
	}
	if len(n.Widths) != n.Centres.Rows {
		panic(fmt.Sprintf("rbf: %d widths for %d centres", len(n.Widths), n.Centres.Rows))
	}
	if err := checkRows(n.Centres, "centre"); err != nil {
		return err
	}
	for j, w := range n.Widths {
		if !(w > 0) || !finite(w) {
			return fmt.Errorf("centre %d has the width %v: every width must be above 0", j+1, w)
		}
	}
	if n.Degree < -1 || n.Degree > maxDegree {
		return fmt.Errorf("the tail has degree %d: use -1 for none, or 0 to %d", n.Degree, maxDegree)
	}
	if n.Normalised && n.Kernel == ThinPlateSpline {
		return errors.New("thin-plate splines change sign, so dividing by their sum can divide by 0: use another kernel or do not normalise")
	}
	return nil
}

// maxDegree bounds polynomial tails; monomials of more say nothing that a basis
// function does not say better, and their number explodes.
const maxDegree = 8

// checkTail says when n points cannot determine a tail.
func checkTail(n, d, degree int) error {
	if p := monomials(d, degree); n < p {
		return fmt.Errorf("a tail of degree %d in %s needs at least %s, and there %s %d: add points or lower the degree",
			degree, count(d, "dimension"), count(p, "point"), verb(n), n)
	}
	return nil
}

// Limits of one fit: 400 MB of design matrix, and about a minute of singular
// values.
const (
	maxDesign = 5e7
	maxWork   = 1.5e10
)

// CheckSize says when Fit refuses a least-squares problem of that size, since it
// would take too much memory or time. Parameters are the centres and the
// coefficients of the tail.
func CheckSize(points, parameters int) error {
	n, p := float64(points), float64(parameters)
	switch {
	case n*p > maxDesign:
		return fmt.Errorf("%d points with %d basis functions need a matrix of %.1f GB: use fewer centres, or fewer points", points, parameters, 8e-9*n*p)
	case n*p*min(n, p) > maxWork:
		return fmt.Errorf("%d points with %d basis functions take minutes to fit: use fewer centres, or interpolate", points, parameters)
	}
	return nil
}

// twins lists pairs of equal rows among those keys describe, each row with the
// first one equal to it.
func twins(n int, key func(i int, dst []byte) []byte) [][2]int {
	first := make(map[string]int, n)
	var pairs [][2]int
	var buffer []byte
	for i := range n {
		buffer = key(i, buffer[:0])
		if j, ok := first[string(buffer)]; ok {
			pairs = append(pairs, [2]int{j, i})
			if len(pairs) == maxDuplicates {
				break
			}
			continue
		}
		first[string(buffer)] = i
	}
	return pairs
}

// Duplicates lists pairs of equal rows of x, each row with the first one equal
// to it, counted from 0; at most 100 pairs.
func Duplicates(x linalg.Matrix[float64]) [][2]int {
	return twins(x.Rows, func(i int, dst []byte) []byte { return appendFloats(dst, x.Row(i)) })
}

// appendFloats appends the bits of v; 0 and -0 become the same.
func appendFloats(dst []byte, v []float64) []byte {
	for _, f := range v {
		b := math.Float64bits(f + 0)
		dst = append(dst, byte(b), byte(b>>8), byte(b>>16), byte(b>>24), byte(b>>32), byte(b>>40), byte(b>>48), byte(b>>56))
	}
	return dst
}

// pairs names pairs of duplicates: "points 3 and 17, 4 and 9 and 5 more pairs".
func pairs(what string, all [][2]int) string {
	var b strings.Builder
	b.WriteString(what)
	for i, p := range all {
		if i == 3 {
			more := len(all) - i
			plural := "s"
			if more == 1 {
				plural = ""
			}
			fmt.Fprintf(&b, " (and %d more pair%s)", more, plural)
			break
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %d and %d", p[0]+1, p[1]+1)
	}
	return b.String()
}

// count writes a number with its noun: "1 point", "3 points".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func verb(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
