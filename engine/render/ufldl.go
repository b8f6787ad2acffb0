package render

import (
	"fmt"
	"image"
	"math"

	"filterscope/engine/linalg"
)

// DisplayNetwork draws filters by the rules of UFLDL's display_network.m, so
// that the picture can be compared with published ones pixel by pixel:
//
//   - the mean of all weights is subtracted;
//   - the grid has [UFLDLColumns] columns, a border of one black pixel around
//     each tile, tiles row by row;
//   - a tile is divided by its largest |a|;
//   - a is written as round(255·(a+1)/2), as MATLAB's imwrite does. Zero is
//     grey value 128 here, not level 127.
//
// w is n×side², one filter a row. With columnMajor the pixels of a filter run
// down the columns as MATLAB has them, else along the rows, which is how this
// program stores images: data sets laid out the one way or the other give the
// same picture. A tile of one value equal to the mean is black, since MATLAB
// writes 0/0 as 0; a matrix that is not finite throughout has no mean and is
// black altogether.
//
// It panics when w has not side² columns.
func DisplayNetwork[T linalg.Float](w linalg.Matrix[T], side int, columnMajor bool) *image.Gray {
	if w.Cols != side*side {
		panic(fmt.Sprintf("render: DisplayNetwork: %d×%d matrix for tiles of %d×%d", w.Rows, w.Cols, side, side))
	}
	columns := UFLDLColumns(w.Rows)
	rows := (w.Rows + columns - 1) / columns
	img := image.NewGray(image.Rect(0, 0, 1+columns*(side+1), 1+rows*(side+1)))

	mean := 0.0
	for i := range w.Rows {
		for _, v := range w.Row(i) {
			mean += float64(v)
		}
	}
	mean /= float64(w.Rows * w.Cols)

	for i := range w.Rows {
		row, most := w.Row(i), 0.0
		for _, v := range row {
			most = math.Max(most, math.Abs(float64(v)-mean))
		}
		left, top := 1+i%columns*(side+1), 1+i/columns*(side+1)
		for j, v := range row {
			x, y := j%side, j/side
			if columnMajor {
				x, y = y, x
			}
			a := (float64(v) - mean) / most
			img.Pix[img.PixOffset(left+x, top+y)] = matlabByte((a + 1) / 2)
		}
	}
	return img
}

// matlabByte converts an intensity as imwrite does a double image: 255·v,
// rounded half away from zero, clamped; NaN is 0.
func matlabByte(v float64) uint8 {
	if !(v > 0) {
		return 0
	}
	return uint8(math.Min(math.Round(255*v), 255))
}
