package preprocess

import "filterscope/engine/linalg"

const (
	// laneFeatures is the number of features up to which every lane has a sum of
	// its own: 2 MB each.
	laneFeatures = 512
	// tileColumns is the number of columns of rows that a part of addSquare takes.
	tileColumns = 64
)

// comoments returns the mean of each feature, of a constant one without
// rounding, and Σ(x−μ)(x−μ)ᵀ on and above the diagonal, in one pass over src.
func comoments(src Source) (centre []float64, squares linalg.Matrix[float64], err error) {
	n, d := src.Size()
	if s, ok := src.(*source); ok && d <= laneFeatures {
		if levels := s.levels(); levels != nil {
			return levelComoments(s.ctx, s.d.Bytes[:n*d], d, levels)
		}
	}
	var parts [lanes]comoment
	if d <= laneFeatures {
		err = src.Lanes(func(lane int, rows linalg.Matrix[float64]) { parts[lane].add(rows, linalg.AddSquare[float64]) })
	} else {
		err = src.Blocks(func(rows linalg.Matrix[float64]) error {
			parts[0].add(rows, addSquare)
			return nil
		})
	}
	if err != nil {
		return nil, squares, err
	}
	base := parts[0].finish()
	centre = append(centre, base...)
	for k := 1; k < lanes && parts[k].n > 0; k++ {
		share := float64(parts[k].n) / float64(n)
		for j, m := range parts[k].finish() {
			centre[j] += share * (m - base[j])
		}
	}
	squares = parts[0].squares
	for k := 0; k < lanes && parts[k].n > 0; k++ {
		if k > 0 {
			linalg.Blend(1, 1, parts[k].squares.Data, squares.Data)
		}
		off := parts[k].shift
		linalg.Blend(1, -1, centre, off)
		addOuter(squares, float64(parts[k].n), off)
	}
	return centre, squares, nil
}

// comoment is what some of the examples add to the covariance. They are
// measured from a place near their mean, so that little is lost where the mean
// is large and the variance small.
type comoment struct {
	n           int
	shift, sums []float64              // d: the place, and Σ(x−shift)
	squares     linalg.Matrix[float64] // d×d: Σ(x−shift)(x−shift)ᵀ
}

// add takes rows in, which it changes.
func (c *comoment) add(rows linalg.Matrix[float64], addSquare func(c, a linalg.Matrix[float64])) {
	if c.shift == nil {
		c.shift, c.sums = roughMean(rows), make([]float64, rows.Cols)
		c.squares = linalg.NewMatrix[float64](rows.Cols, rows.Cols)
	}
	for i := range rows.Rows {
		row := rows.Row(i)
		linalg.Blend(1, -1, c.shift, row)
		linalg.AddWide(c.sums, row)
	}
	addSquare(c.squares, rows)
	c.n += rows.Rows
}

// finish moves shift to the mean of the examples, and returns it.
func (c *comoment) finish() []float64 {
	linalg.Scale(1/float64(c.n), c.sums)
	addOuter(c.squares, -float64(c.n), c.sums)
	for j, v := range c.sums {
		c.shift[j] += v
	}
	return c.shift
}

// addOuter adds f·v·vᵀ to m, on and above the diagonal.
func addOuter(m linalg.Matrix[float64], f float64, v []float64) {
	for i, a := range v {
		row := m.Row(i)[i:]
		for j, b := range v[i:] {
			row[j] += f * a * b
		}
	}
}

// roughMean returns the mean of each column, of a constant one without rounding.
func roughMean(rows linalg.Matrix[float64]) []float64 {
	first := rows.Row(0)
	mean := make([]float64, rows.Cols)
	for i := range rows.Rows {
		for j, v := range rows.Row(i) {
			mean[j] += v - first[j]
		}
	}
	for j, v := range first {
		mean[j] = v + mean[j]/float64(rows.Rows)
	}
	return mean
}

// addSquare adds rowsᵀ·rows to c on and above the diagonal, on all cores.
func addSquare(c, rows linalg.Matrix[float64]) {
	d := rows.Cols
	strips := (d + tileColumns - 1) / tileColumns
	linalg.Parallel(strips*(strips+1)/2, func(part int) {
		i := 0
		for ; part >= strips-i; i++ { // strip i has the tiles (i, i) to (i, strips−1)
			part -= strips - i
		}
		j := i + part
		left, right := rows.Columns(i*tileColumns, min((i+1)*tileColumns, d)), rows.Columns(j*tileColumns, min((j+1)*tileColumns, d))
		tile := c.Slice(i*tileColumns, i*tileColumns+left.Cols).Columns(j*tileColumns, j*tileColumns+right.Cols)
		linalg.MulTrans(tile, left, right, true)
	})
}
