package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// WheelCover lies over a column of fields and takes the wheel, nothing else: a text field under the pointer keeps the
// wheel to itself, and the column would stand still.
type WheelCover struct {
	widget.BaseWidget
	to func(ev *fyne.ScrollEvent)
}

var _ fyne.Scrollable = (*WheelCover)(nil)

// NewWheelCover returns a cover that gives the wheel to a function.
func NewWheelCover(to func(ev *fyne.ScrollEvent)) *WheelCover {
	c := &WheelCover{to: to}
	c.ExtendBaseWidget(c)
	return c
}

// Scrolled implements fyne.Scrollable.
func (c *WheelCover) Scrolled(ev *fyne.ScrollEvent) { c.to(ev) }

// CreateRenderer implements fyne.Widget: there is nothing to see.
func (c *WheelCover) CreateRenderer() fyne.WidgetRenderer { return wheelFace{} }

type wheelFace struct{}

func (wheelFace) Destroy()                     {}
func (wheelFace) Layout(fyne.Size)             {}
func (wheelFace) MinSize() fyne.Size           { return fyne.Size{} }
func (wheelFace) Objects() []fyne.CanvasObject { return nil }
func (wheelFace) Refresh()                     {}
