package app

import (
	"filterscope/engine/render"
)

func (v *filtersView) setLock(on bool) {
	v.req.lock = on
	v.lock.SetChecked(on)
}

func (v *filtersView) pickMap() {
	for i, option := range v.maps.Options() {
		if option == v.maps.Selected() {
			v.req.options.Map = render.Map(i)
		}
	}
	v.changed()
}

// restore takes the colours and the contrast of an earlier session; numbers
// that mean nothing are left out.
func (v *filtersView) restore(colours, scale int) {
	if options := v.maps.Options(); colours > 0 && colours < len(options) {
		v.maps.SetSelected(options[colours])
		v.pickMap()
	}
	if scale > 0 && scale <= int(render.ScaleUFLDL) {
		v.scale.Select(scale)
		v.req.scaling = render.Scaling{Scale: render.Scale(scale), Blend: 0.5}
	}
}

// cycleMap takes the next colour map.
func (v *filtersView) cycleMap() {
	options := v.maps.Options()
	v.maps.SetSelected(options[(int(v.req.options.Map)+1)%len(options)])
	v.pickMap()
}

// cycleScale takes the next contrast.
func (v *filtersView) cycleScale() {
	i := (v.scale.Selected() + 1) % 5
	v.scale.Select(i)
	v.req.scaling = render.Scaling{Scale: render.Scale(i), Blend: 0.5}
	v.setLock(false)
	v.changed()
}

func (v *filtersView) toggleLock() {
	v.setLock(!v.req.lock)
	v.changed()
}

func (v *filtersView) toggleInvert() {
	v.req.options.Invert = !v.req.options.Invert
	v.changed()
}

func (v *filtersView) toggleDecoder() {
	if v.exhibit.shown != nil && !v.req.decoder {
		return // weights from a file have none
	}
	v.req.decoder = !v.req.decoder
	v.which.SetSelected(map[bool]string{false: "encoder", true: "decoder"}[v.req.decoder])
	v.changed()
}

func (v *filtersView) togglePixels() {
	v.req.pixels = !v.req.pixels
	v.changed()
}

// cycleGap takes the next width of the gaps.
func (v *filtersView) cycleGap() {
	v.gap = map[int]int{0: 1, 1: 2, 2: 4, 4: 8, 8: 0}[v.gap]
	v.arrange()
}

func (v *filtersView) setColumns(n int) {
	v.columns = n
	v.arrange()
}
