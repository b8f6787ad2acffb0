package analysis

import (
	"fmt"
	"math"

	"filterscope/engine/linalg"
)

// Pair is a unit and the earlier one its filter is most like, or most unlike.
type Pair struct {
	Unit, Of int     // Of < Unit
	Cosine   float64 // of the angle of the two filters
}

// Pairs returns the units whose filter repeats that of an earlier unit, with a
// cosine above DuplicateCosine, and those whose filter is about the negative of
// an earlier one, below OppositeCosine; each with the closest of them, by
// ascending unit. So leaving out the units of duplicates leaves one of each
// kind. w is h×d, a filter a row; filters of length 0, or not finite, are like
// nothing. It takes one product of h·h·d.
func Pairs[T linalg.Float](w linalg.Matrix[T]) (duplicates, opposites []Pair) {
	h := w.Rows
	unit := linalg.NewMatrix[T](h, w.Cols)
	for i := range h {
		sum := 0.0
		for _, v := range w.Row(i) {
			sum += float64(v) * float64(v)
		}
		if !(sum > 0) || math.IsInf(sum, 1) {
			continue
		}
		scale, to := 1/math.Sqrt(sum), unit.Row(i)
		for j, v := range w.Row(i) {
			to[j] = T(float64(v) * scale)
		}
	}
	cosines := linalg.NewMatrix[T](min(h, pairRows), h)
	for from := 0; from < h; from += pairRows {
		to := min(from+pairRows, h)
		c := cosines.Slice(0, to-from)
		earlier := c.Columns(0, to)
		linalg.Gemm(false, true, 1, unit.Slice(from, to), unit.Slice(0, to), 0, earlier)
		for i := range earlier.Rows {
			same, opposite := Pair{Unit: from + i}, Pair{Unit: from + i}
			for j, v := range earlier.Row(i)[:from+i] {
				if cos := float64(v); cos > same.Cosine {
					same.Of, same.Cosine = j, cos
				} else if cos < opposite.Cosine {
					opposite.Of, opposite.Cosine = j, cos
				}
			}
			if same.Cosine > DuplicateCosine {
				same.Cosine = min(same.Cosine, 1)
				duplicates = append(duplicates, same)
			}
			if opposite.Cosine < OppositeCosine {
				opposite.Cosine = max(opposite.Cosine, -1)
				opposites = append(opposites, opposite)
			}
		}
	}
	return duplicates, opposites
}

// pairRows is the number of filters whose cosines are computed at a time.
const pairRows = 512

// DiagnosePairs says which units repeat others, as Pairs found them among h.
func DiagnosePairs(duplicates, opposites []Pair, h int) Diagnosis {
	var d Diagnosis
	if len(duplicates) > 0 {
		p := closest(duplicates)
		d = append(d, about(DuplicateUnits, unitsOf(duplicates), None, fmt.Sprintf(
			"%s a filter that an earlier unit has (cosine above %v; %d and %d: %.3f): fewer units would do, or ask for sparser ones.",
			counted(len(duplicates), h, "has", "have"), DuplicateCosine, p.Of, p.Unit, p.Cosine,
		)))
	}
	if len(opposites) > 0 {
		p := closest(opposites)
		d = append(d, about(OppositeUnits, unitsOf(opposites), None, fmt.Sprintf(
			"%s about the negative of an earlier unit's filter (cosine below %v; %d and %d: %.3f): common, and harmless, where units are never negative.",
			counted(len(opposites), h, "has", "have"), OppositeCosine, p.Of, p.Unit, p.Cosine,
		)))
	}
	return d
}

func closest(pairs []Pair) Pair {
	best := pairs[0]
	for _, p := range pairs {
		if math.Abs(p.Cosine) > math.Abs(best.Cosine) {
			best = p
		}
	}
	return best
}

func unitsOf(pairs []Pair) []int {
	units := make([]int, len(pairs))
	for i, p := range pairs {
		units[i] = p.Unit
	}
	return units
}
