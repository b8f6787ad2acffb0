package experiment

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Streams of random numbers by purpose: changing one leaves the others.
const (
	streamNoise = 0x52424641 + iota
	streamPlaces
)

// linspace returns n evenly spaced numbers from low to high, as NumPy's does;
// one alone is low.
func linspace(low, high float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = low + float64(i)*((high-low)/float64(max(n-1, 1)))
	}
	if n > 1 {
		out[n-1] = high
	}
	return out
}

// drawn returns n points of the truth: evenly spaced on a line; in a rectangle
// the members first to first+n-1 of a sequence that fills it evenly, turned by
// the seed.
func drawn(truth func([]float64) float64, low, high []float64, first, n int, seed uint64) Points {
	d := len(low)
	p := Points{X: linalg.NewMatrix[float64](n, d), Y: make([]float64, n)}
	if d == 1 {
		copy(p.X.Data, linspace(low[0], high[0], n))
	} else {
		rng := rand.New(rand.NewPCG(seed, streamPlaces))
		start := make([]float64, d)
		for j := range start {
			start[j] = rng.Float64()
		}
		for i := range n {
			for j, base := range []int{2, 3}[:d] { // Halton 1960, turned (Cranley & Patterson 1976)
				_, u := math.Modf(start[j] + radicalInverse(first+i+1, base))
				p.X.Set(i, j, low[j]+(high[j]-low[j])*u)
			}
		}
	}
	for i := range n {
		p.Y[i] = truth(p.X.Row(i))
	}
	return p
}

// radicalInverse mirrors the digits of n in that base at the point.
func radicalInverse(n, base int) float64 {
	v, scale := 0.0, 1/float64(base)
	for ; n > 0; n /= base {
		v += float64(n%base) * scale
		scale /= float64(base)
	}
	return v
}

// addNoise adds normal noise to the values.
func (p Points) addNoise(sigma float64, seed uint64) {
	if sigma == 0 {
		return
	}
	rng := rand.New(rand.NewPCG(seed, streamNoise))
	for i := range p.Y {
		p.Y[i] += sigma * rng.NormFloat64()
	}
}

// check names the first point that is not finite.
func (p Points) check() error {
	for i := range p.Len() {
		for _, v := range append([]float64{p.Y[i]}, p.X.Row(i)...) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("point %d (counted from 1) holds %v: every number must be finite", i+1, v)
			}
		}
	}
	return nil
}

// duplicates counts the points that lie where an earlier one does, and returns
// the first such pair, counted from 1.
func (p Points) duplicates() (count int, first [2]int) {
	at := make(map[[2]float64]int, p.Len())
	for i := range p.Len() {
		var key [2]float64
		for j, v := range p.X.Row(i) {
			key[j] = v + 0 // −0 is 0
		}
		before, known := at[key]
		switch {
		case !known:
			at[key] = i
		case count == 0:
			first = [2]int{before + 1, i + 1}
			fallthrough
		default:
			count++
		}
	}
	return count, first
}

// bounds returns the smallest box around the places.
func (p Points) bounds() (low, high []float64) {
	d := p.X.Cols
	low, high = make([]float64, d), make([]float64, d)
	for j := range d {
		low[j], high[j] = math.Inf(1), math.Inf(-1)
		for i := range p.Len() {
			low[j], high[j] = min(low[j], p.X.At(i, j)), max(high[j], p.X.At(i, j))
		}
	}
	return low, high
}

// readPoints reads a table or an array of d coordinates and one value a row.
func readPoints(ctx context.Context, path string, d int, progress Progress) (Points, error) {
	rows, err := readTable(ctx, path, progress)
	if err != nil {
		return Points{}, err
	}
	return splitPoints(rows, d, filepath.Base(path))
}

// splitPoints takes d coordinates and one value from each row.
func splitPoints(rows linalg.Matrix[float64], d int, name string) (Points, error) {
	if rows.Cols != d+1 {
		want := "two columns, x and y, for a curve"
		if d == 2 {
			want = "three columns, x, y and value, for a field"
		}
		return Points{}, fmt.Errorf("%s has %s: want %s", name, count(rows.Cols, "column"), want)
	}
	p := Points{X: rows.Columns(0, d).Clone(), Y: make([]float64, rows.Rows)}
	for i := range p.Y {
		p.Y[i] = rows.At(i, d)
	}
	return p, p.check()
}

// count writes a number with its noun: "1 column", "3 columns".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// readTable reads the numbers of a .csv, a .npy and their kin. No column holds
// classes here, also not one called target.
func readTable(ctx context.Context, path string, progress Progress) (linalg.Matrix[float64], error) {
	set, _, err := dataset.Load(ctx, dataset.LoadOptions{Path: path, Label: "none", Progress: progress.tell})
	if err != nil {
		return linalg.Matrix[float64]{}, err
	}
	rows := linalg.NewMatrix[float64](set.N, set.D)
	set.Read(rows.Data, 0)
	return rows, nil
}
