package app

import (
	"image"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// frame is one finished picture of a run, ready to be shown. It is immutable
// and belongs to the UI once handed over.
type frame struct {
	run  *activeRun // nil: nothing to show
	snap *train.Snapshot
	view viewID

	answers int // the number of the request

	fault error // why nothing could be drawn

	theta       []float32         // newest parameters
	weights     *analysis.Weights // of the newest parameters, for read-outs
	weightsStep int               // their step

	filters   *filterFrame
	selection *selectionFrame // in the place of filters
	curves    *curvesFrame
	sheet     *sheetFrame
	panel     *panelFrame // in place of the sheet
	codes     *codesFrame
	unit      *unitFrame
	spark     *image.RGBA
	contrast  render.Contrast

	diagnosed bool            // a diagnosis was asked for
	diagnosis *diagnosisFrame // nil for weights from a file
}

// filterFrame is the visible part of a mosaic.
type filterFrame struct {
	image   *image.RGBA
	at      image.Point
	shown   linalg.Matrix[float32] // one filter a row, as drawn
	bars    bool                   // drawn as bars, not as images
	req     filterRequest          // what was asked for
	clipped float64                // share of the weights beyond the scale
	legend  *image.RGBA
	dead    int // units whose mean activation is next to nothing
}

// curvesFrame is a chart and the mapping between its pixels and the data.
type curvesFrame struct {
	image  *image.RGBA
	chart  render.View
	series render.Curves
	parts  []curvesPart // charts of measures below
}

// sheetFrame is the visible part of a sheet of reconstructions.
type sheetFrame struct {
	image    *image.RGBA
	at       image.Point
	layout   render.Sheet
	rows     []sheetRow
	examples []int     // which examples of the data
	errors   []float64 // squared error of each
	mean     float64   // of the squared error over the probe
	probe    int       // examples in the probe
	step     int
}

// unitFrame is what the inspector shows.
type unitFrame struct {
	unit      analysis.Unit
	bare      bool    // weights alone are known
	rhoHat    float64 // over the whole training set
	target    float64
	encoder   *image.RGBA
	decoder   *image.RGBA
	best      *image.RGBA
	bars      *image.RGBA
	strongest *image.RGBA
}
