package figure_test

import (
	"bytes"
	"fmt"

	"filterscope/engine/figure"
	"filterscope/engine/render"
)

func ExampleWriteCurves() {
	total := render.Series{Name: "total", X: []float64{0, 1, 2}, Y: []float64{316, 52, 12.2}}
	var file bytes.Buffer
	err := figure.WriteCurves(&file, "svg", figure.CurvesData{
		Title:  "Pen strokes",
		Curves: render.Curves{Series: []render.Series{total}, LogY: true, XName: "iteration"},
	})
	fmt.Println(err, bytes.Contains(file.Bytes(), []byte("</svg>")))
	// Output: <nil> true
}
