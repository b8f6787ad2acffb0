package preprocess

import (
	"math"

	"filterscope/engine/linalg"
)

// removeDC takes the mean of its own features from each example.
type removeDC struct{}

var _ Step = (*removeDC)(nil)

func (*removeDC) Name() string            { return RemoveDC }
func (*removeDC) Fit(Source) error        { return nil }
func (*removeDC) Fitted() bool            { return true }
func (*removeDC) Features() int           { return 0 }
func (*removeDC) Outputs(d int) int       { return d }
func (*removeDC) Parameters() []Param     { return nil }
func (*removeDC) Restore(p []Param) error { return restore(RemoveDC, p) }
func (*removeDC) needsExample()           {}

func (*removeDC) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range rows.Rows {
		row := rows.Row(i)
		dc := mean(row)
		for j := range row {
			row[j] -= dc
		}
	}
	return rows
}

// Invert adds the mean of the example before, when there is one.
func (*removeDC) Invert(rows, before linalg.Matrix[float64]) linalg.Matrix[float64] {
	for i := range before.Rows {
		row := rows.Row(i)
		dc := mean(before.Row(i))
		for j := range row {
			row[j] += dc
		}
	}
	return rows
}

// ufldl is the patch normalisation of the CS294A/UFLDL sparse autoencoder
// exercise: the mean of each patch is removed, the values are clipped at three
// times the standard deviation (N−1) of all values of all training patches,
// and [−3σ, 3σ] is mapped to [0.1, 0.9].
type ufldl struct {
	removeDC
	params []float64 // 3σ
}

var _ Step = (*ufldl)(nil)

func (u *ufldl) Name() string { return UFLDLNormalise }
func (u *ufldl) Fitted() bool { return u.params != nil }

func (u *ufldl) Fit(src Source) error {
	sum, squares := 0.0, 0.0 // of values whose mean is 0 but for rounding
	err := src.Blocks(func(rows linalg.Matrix[float64]) error {
		u.removeDC.Apply(rows)
		for i := range rows.Rows {
			rowSum, rowSquares := 0.0, 0.0
			for _, v := range rows.Row(i) {
				rowSum += v
				rowSquares += v * v
			}
			sum += rowSum
			squares += rowSquares
		}
		return nil
	})
	if err != nil {
		return err
	}
	n, d := src.Size()
	count := float64(n) * float64(d)
	limit := 3 * math.Sqrt(max(squares-sum*sum/count, 0)/max(count-1, 1))
	if limit == 0 {
		limit = 1 // every patch is flat: all values become 0.5
	}
	u.params = []float64{limit}
	return nil
}

func (u *ufldl) Apply(rows linalg.Matrix[float64]) linalg.Matrix[float64] {
	u.removeDC.Apply(rows)
	limit := u.params[0]
	for i := range rows.Rows {
		row := rows.Row(i)
		for j, v := range row {
			row[j] = (min(max(v, -limit), limit)/limit+1)*0.4 + 0.1
		}
	}
	return rows
}

func (u *ufldl) Invert(rows, before linalg.Matrix[float64]) linalg.Matrix[float64] {
	limit := u.params[0]
	for i := range rows.Rows {
		row := rows.Row(i)
		for j, v := range row {
			row[j] = ((v-0.1)/0.4 - 1) * limit
		}
	}
	return u.removeDC.Invert(rows, before)
}

func (u *ufldl) Parameters() []Param { return []Param{{"limit", []int{1}, u.params}} }

func (u *ufldl) Restore(params []Param) error {
	return restore(UFLDLNormalise, params, wanted{"limit", []int{1}, &u.params})
}
