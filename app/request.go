package app

import (
	"image"

	"filterscope/engine/render"
)

// viewID names the view in the centre.
type viewID int

const (
	viewFilters viewID = iota
	viewCurves
	viewReconstruct
	viewCodes
	viewRBF  // which has its own worker
	viewData // which has its own drawer
)

// apart reports whether the view is there without a run.
func (v viewID) apart() bool { return v == viewRBF || v == viewData }

// request is what the UI wants to see, as values that the pump may read while
// the UI goes on. A new request replaces the one before.
type request struct {
	view  viewID
	scale float32 // device pixels per unit
	look  look    // colours of charts

	filters   filterRequest
	selection image.Point // size of the picture of a selection, device pixels; none: it is not shown
	curves    curvesRequest
	sheet     sheetRequest
	codes     codesRequest
	inspector inspectorRequest
	diagnose  bool        // say what is wrong with the training
	spark     image.Point // size of the sparkline, device pixels
}

// filterRequest describes the visible part of the mosaic.
type filterRequest struct {
	grid    render.Grid
	visible image.Rectangle // in pixels of the whole mosaic
	scaling render.Scaling
	lock    bool // keep the contrast of the frame before
	options render.Options
	layer   int  // whose units are shown, an index in the layers of the network
	decoder bool // the decoder's weights instead of the encoder's
	pixels  bool // in pixel space, when the data are whitened
	legend  int  // length of half the scale bar, device pixels
}

// curvesRequest describes the chart of the objective's terms.
type curvesRequest struct {
	size    image.Point
	log     bool
	seconds bool    // x is seconds of training instead of steps
	smooth  float64 // weight of the moving average of the objective and its terms
}

// selection says which examples the reconstructions show.
type selection int

const (
	firstExamples selection = iota
	shuffledExamples
	worstExamples
	theseExamples // selected on the map of the codes
)

// sheetRequest describes the sheet of reconstructions.
type sheetRequest struct {
	view    image.Point     // size of the view, device pixels
	visible image.Rectangle // of the sheet
	choose  selection
	seed    uint64 // of the shuffle
	turn    int    // grows with every press of a button: choose again
	these   []int  // the examples selected
	panel   panelRequest
}

// inspectorRequest describes the pane about one unit.
type inspectorRequest struct {
	unit int // -1: none selected
	tile int // side of the enlarged tiles in device pixels, at the most
	bars image.Point
}
