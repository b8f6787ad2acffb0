package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewVScroll returns content in an area that scrolls up and down. A tooltip goes when the area moves: what it was about
// is elsewhere then.
func NewVScroll(content fyne.CanvasObject) *container.Scroll {
	return dropsTip(container.NewVScroll(content))
}

// NewHScroll is NewVScroll for an area that scrolls sideways.
func NewHScroll(content fyne.CanvasObject) *container.Scroll {
	return dropsTip(container.NewHScroll(content))
}

func dropsTip(s *container.Scroll) *container.Scroll {
	s.OnScrolled = func(fyne.Position) {
		if o := overlayOf(s); o != nil {
			o.hideTip()
		}
	}
	return s
}
