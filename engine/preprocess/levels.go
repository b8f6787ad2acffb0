package preprocess

import (
	"context"
	"math"

	"filterscope/engine/linalg"
)

// exactRows is the number of rows of which float32 holds every sum of products
// exactly: 258·255² is below 2²⁴.
const exactRows = 256

// levelComoments is comoments of data in bytes that were only scaled. The sums
// are those of whole numbers, in float32 for some rows and in float64 for all,
// and exact: half the work, and no rounding before the last step.
// levels are what the bytes 0 to 255 became.
func levelComoments(ctx context.Context, bytes []uint8, d int, levels []float64) (centre []float64, squares linalg.Matrix[float64], err error) {
	n := len(bytes) / d
	shift := make([]float32, d) // near the mean, and whole
	for j := range shift {
		sum := 0
		for i := range min(n, exactRows) {
			sum += int(bytes[i*d+j])
		}
		shift[j] = float32(sum / min(n, exactRows))
	}
	var parts [lanes]comoment
	linalg.Parallel(lanes, func(lane int) {
		p := &parts[lane]
		p.sums, p.squares = make([]float64, d), linalg.NewMatrix[float64](d, d)
		some, rows := linalg.NewMatrix[float32](d, d), linalg.NewMatrix[float32](exactRows, d)
		for first := lane * exactRows; first < n && ctx.Err() == nil; first += lanes * exactRows {
			rows = rows.Slice(0, min(exactRows, n-first))
			for i := range rows.Rows {
				row := rows.Row(i)
				for j, b := range bytes[(first+i)*d:][:d] {
					row[j] = float32(b) - shift[j]
				}
				linalg.AddWide(p.sums, row)
			}
			some.Zero()
			linalg.AddSquare(some, rows)
			linalg.AddWide(p.squares.Data, some.Data)
		}
	})
	if ctx.Err() != nil {
		return nil, squares, context.Cause(ctx)
	}
	squares, sums := parts[0].squares, parts[0].sums
	for _, p := range parts[1:] {
		linalg.Blend(1, 1, p.squares.Data, squares.Data)
		linalg.Blend(1, 1, p.sums, sums)
	}
	addOuter(squares, -1/float64(n), sums)
	unit := (levels[255] - levels[0]) / 255
	linalg.Scale(unit*unit, squares.Data)
	centre = make([]float64, d)
	for j, sum := range sums {
		whole, rest := math.Modf(float64(shift[j]) + sum/float64(n))
		centre[j] = levels[int(whole)] + rest*unit
	}
	return centre, squares, nil
}
