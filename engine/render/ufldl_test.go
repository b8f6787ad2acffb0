package render_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// displayNetwork follows the rules of display_network.m as methods.md A5 lists
// them, with MATLAB's one-based column-major arrays: a[k][p] is pixel p of
// column k. It is written from the rules alone, as an oracle for the renderer.
func displayNetwork(a [][]float64) (pixels [][]uint8) {
	m, l := len(a), len(a[0])
	sum := 0.0
	for _, column := range a {
		for _, v := range column {
			sum += v
		}
	}
	mean := sum / float64(m*l)
	sz := int(math.Sqrt(float64(l)))

	var gridRows, gridColumns int
	if r := int(math.Floor(math.Sqrt(float64(m)))); r*r == m {
		gridColumns, gridRows = r, r
	} else {
		n := int(math.Ceil(math.Sqrt(float64(m))))
		for m%n != 0 && float64(n) < 1.2*math.Sqrt(float64(m)) {
			n++
		}
		gridColumns, gridRows = n, int(math.Ceil(float64(m)/float64(n)))
	}
	array := make([][]float64, 1+gridRows*(sz+1))
	for r := range array {
		array[r] = make([]float64, 1+gridColumns*(sz+1))
		for c := range array[r] {
			array[r][c] = -1
		}
	}
	k := 0
	for i := 1; i <= gridRows; i++ {
		for j := 1; j <= gridColumns && k < m; j++ {
			clim := 0.0
			for _, v := range a[k] {
				clim = max(clim, math.Abs(v-mean))
			}
			for p, v := range a[k] { // reshape(…, sz, sz): down the columns
				row, column := p%sz+1, p/sz+1
				array[1+(i-1)*(sz+1)+row-1][1+(j-1)*(sz+1)+column-1] = (v - mean) / clim
			}
			k++
		}
	}
	for _, line := range array {
		var bytes []uint8
		for _, v := range line {
			bytes = append(bytes, uint8(math.Floor((v+1)/2*255+0.5)))
		}
		pixels = append(pixels, bytes)
	}
	return pixels
}

func TestDisplayNetworkFollowsTheRules(t *testing.T) {
	for _, test := range []struct{ n, side, columns, rows int }{
		{1, 3, 1, 1},
		{5, 4, 3, 2},
		{7, 2, 4, 2},
		{25, 8, 5, 5},
		{64, 8, 8, 8},
		{99, 5, 11, 9},
		{196, 28, 14, 14},
		{200, 28, 17, 12},
		{400, 8, 20, 20},
	} {
		t.Run(fmt.Sprint(test.n), func(t *testing.T) {
			w := random(test.n, test.side*test.side, uint64(test.n))
			var a [][]float64
			for i := range w.Rows {
				a = append(a, w.Row(i))
			}
			want := displayNetwork(a)
			if len(want) != 1+test.rows*(test.side+1) || len(want[0]) != 1+test.columns*(test.side+1) {
				t.Fatalf("oracle draws %d×%d pixels", len(want[0]), len(want))
			}
			img := render.DisplayNetwork(w, test.side, true)
			for y, line := range want {
				if got := img.Pix[y*img.Stride : (y+1)*img.Stride]; string(got) != string(line) {
					t.Fatalf("line %d = %v, want %v", y, got, line)
				}
			}
		})
	}
}

func TestDisplayNetworkOfRowsIsUpright(t *testing.T) {
	w := linalg.NewMatrix[float64](2, 9)
	copy(w.Row(0), []float64{1, 1, 0, 1, 0, 0, 0, 0, 0})
	copy(w.Row(1), []float64{0, 0, 0, 0, 0, 0, -1, -1, -1})
	img := render.DisplayNetwork(w, 3, false)
	// Mean 0, so that ±1 are white and black and 0 is 128.
	want := []string{
		"  .  .  .  .  .  .  .  .  .",
		"  .255255128  .128128128  .",
		"  .255128128  .128128128  .",
		"  .128128128  .  .  .  .  .",
		"  .  .  .  .  .  .  .  .  .",
	}
	for y, line := range want {
		var got strings.Builder
		for _, v := range img.Pix[y*img.Stride : (y+1)*img.Stride] {
			if v == 0 {
				got.WriteString("  .")
			} else {
				got.WriteString(fmt.Sprintf("%3d", v))
			}
		}
		if got.String() != line {
			t.Errorf("line %d = %q, want %q", y, got.String(), line)
		}
	}
}

func TestDisplayNetworkOfNothing(t *testing.T) {
	for _, v := range []float64{0, 1, math.NaN(), math.Inf(1)} {
		w := linalg.NewMatrix[float64](3, 4)
		for j := range w.Data {
			w.Data[j] = v
		}
		for i, p := range render.DisplayNetwork(w, 2, false).Pix {
			if p != 0 {
				t.Fatalf("all %v: pixel %d = %d, want black", v, i, p)
			}
		}
	}
	if got := render.DisplayNetwork(linalg.NewMatrix[float64](0, 4), 2, false).Rect.Dy(); got != 1 {
		t.Errorf("no filters: %d lines, want 1", got)
	}
}
