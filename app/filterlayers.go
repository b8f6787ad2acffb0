package app

import (
	"fmt"
	"slices"

	"filterscope/engine/dataset"
	"filterscope/engine/network"
)

// begin prepares the view for a network with those layers. The layer that was
// looked at stays when the network has the same ones.
func (v *filtersView) begin(layers []network.Layer, g dataset.Geometry, bars bool) {
	names := make([]string, len(layers))
	for i, y := range layers {
		names[i] = layerName(y)
	}
	if same := slices.EqualFunc(v.layers, layers, func(a, b network.Layer) bool { return a.Name == b.Name }); !same {
		v.req.layer = 0
	}
	v.layers = layers
	v.layer.SetOptions(names)
	v.layer.SetSelected(names[v.req.layer])
	if several := len(layers) > 1; several != v.several.Visible() {
		setShown(several, v.several)
		v.object.Refresh()
	}
	v.reset(layers[v.req.layer].Units, g, bars)
}

// layerName is the option of a layer.
func layerName(y network.Layer) string { return fmt.Sprintf("%s: %d units", y.Name, y.Units) }

// setLayer shows the units of another layer.
func (v *filtersView) setLayer(i int) {
	if i < 0 || i >= len(v.layers) || i == v.req.layer {
		return
	}
	v.req.layer = i
	v.method.SetText(v.way())
	v.layer.SetSelected(layerName(v.layers[i]))
	v.setLock(false)
	v.choose(-1)
	v.reset(v.layers[i].Units, v.geometry, v.bars)
}

// nextLayer shows the units of the next layer, after the last one of the first.
func (v *filtersView) nextLayer() {
	if len(v.layers) > 0 {
		v.setLayer((v.req.layer + 1) % len(v.layers))
	}
}

// way says how the filters of a layer are made of the weights of several; ""
// where they are the weights themselves.
func (v *filtersView) way() string {
	switch i := v.req.layer; {
	case v.req.decoder && i < len(v.layers)-1:
		return "decoder: weighted sums of the filters of the layers behind"
	case !v.req.decoder && i > 0:
		return "weighted sums of the filters below"
	}
	return "the weights themselves"
}

// layerText names the layer where there are several.
func (v *filtersView) layerText() string {
	if len(v.layers) < 2 {
		return ""
	}
	return v.layers[v.req.layer].Name + " · "
}
