package render_test

import (
	"bytes"
	"fmt"
	"image"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
)

// Draw two filters of 2×1 pixels and find the pixel under the pointer.
func ExampleDraw() {
	w := linalg.MatrixOf(2, 2, []float32{1, -1, 0, 0.5})
	grid := render.NewGrid(2, dataset.Geometry{Width: 2, Height: 1, Channels: 1}, 2, 3, 1)
	contrast := render.Measure(w, render.Scaling{Scale: render.ScaleGlobal})

	img := image.NewRGBA(grid.Bounds())
	render.Draw(img, img.Rect, w, grid, contrast, render.Options{})

	pointer := image.Pt(11, 2)
	unit, px, py, _ := grid.At(pointer)
	fmt.Println("size", img.Rect.Max, "scale", contrast.Global)
	fmt.Printf("unit %d, pixel (%d,%d), level %d\n", unit, px, py, img.RGBAAt(11, 2).R)
	// Output:
	// size (15,5) scale 1
	// unit 1, pixel (1,0), level 190
}

// Export a mosaic as an 8-bit grey PNG that says what it shows.
func ExampleEncodePNG() {
	w := linalg.NewMatrix[float64](4, 9)
	grid := render.NewGrid(w.Rows, dataset.Geometry{Width: 3, Height: 3, Channels: 1}, 0, 4, 4)
	img := render.Indexed(w, grid, render.Measure(w, render.Scaling{}), render.Options{})
	var file bytes.Buffer
	if err := render.EncodePNG(&file, img, map[string]string{"Recipe": "sparse"}); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%T %v\n", img, img.Bounds().Size())
	// Output: *image.Gray (36,36)
}

// The zero line of x² + y² − 1 on a coarse grid is a closed polygon near the
// unit circle.
func ExampleContours() {
	w := render.Window{Lo: -2, Hi: 2}
	v := linalg.NewMatrix[float64](9, 9)
	for r := range 9 {
		for c := range 9 {
			x, y := -2+float64(c)/2, -2+float64(r)/2
			v.Set(r, c, x*x+y*y-1)
		}
	}
	for _, line := range render.Contours(v, w, w, 0) {
		fmt.Println(len(line), line[0] == line[len(line)-1])
	}
	// Output: 13 true
}
