package app

import (
	"strconv"

	"fyne.io/fyne/v2"

	"filterscope/widgets"
)

// columnLayout stacks objects with a gap of its own choosing: Fyne's VBox
// takes the theme's padding. Hidden objects take no room.
type columnLayout struct{ gap float32 }

func (c columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		least.Width = max(least.Width, m.Width)
		least.Height += m.Height
		n++
	}
	least.Height += c.gap * float32(max(0, n-1))
	return least
}

func (c columnLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + c.gap
	}
}

// rowLayout puts objects side by side at their least width, in the middle of
// the height. The object at index stretch takes what is left.
type rowLayout struct {
	gap     float32
	stretch int // -1: none
}

func (r rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		least.Width += m.Width
		least.Height = max(least.Height, m.Height)
		n++
	}
	least.Width += r.gap * float32(max(0, n-1))
	return least
}

func (r rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	spare := size.Width - r.MinSize(objects).Width
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if i == r.stretch {
			m.Width = max(0, m.Width+spare)
		}
		o.Move(fyne.NewPos(x, float32(int((size.Height-m.Height)/2))))
		o.Resize(m)
		x += m.Width + r.gap
	}
}

// rowTopLayout puts objects side by side at their least size, at the top.
type rowTopLayout struct{ gap float32 }

func (r rowTopLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return rowLayout{gap: r.gap, stretch: -1}.MinSize(objects)
}

func (r rowTopLayout) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	x := float32(0)
	for _, o := range objects {
		if o.Visible() {
			o.Move(fyne.NewPos(x, 0))
			o.Resize(o.MinSize())
			x += o.MinSize().Width + r.gap
		}
	}
}

// sideLayout puts its second object at the right, at its least width, and gives
// the first the rest.
type sideLayout struct{}

func (sideLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return rowLayout{stretch: -1}.MinSize(objects)
}

func (sideLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := objects[1].MinSize().Width
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(size.Width-side, size.Height))
	objects[1].Move(fyne.NewPos(size.Width-side, 0))
	objects[1].Resize(fyne.NewSize(side, size.Height))
}

// statusLayout is the strip at the foot of the window: the exact values at the
// left, and facts, or a banner in their place, at the right. The strip is as
// high with a banner as without, so that nothing else moves when there is one;
// a banner with much to say takes the room of the exact values as well. Objects:
// values, facts, banner.
type statusLayout struct{}

// Height of the strip, and width of the exact values beside a banner, in units.
const (
	statusHeight = 34
	statusValues = 400
)

func (statusLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, statusHeight) }

func (statusLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const inset, gap = 12, 12
	values, facts, banner := objects[0], objects[1], objects[2].(*widgets.Banner)
	row := func(o fyne.CanvasObject, x, width float32) {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(x, float32(int((size.Height-height)/2))))
		o.Resize(fyne.NewSize(max(0, width), height))
	}
	beside := facts.MinSize().Width
	setShown(!banner.Visible(), facts)
	row(facts, size.Width-inset-beside, beside)
	left := float32(inset + statusValues + gap)
	if banner.Visible() {
		if !banner.Fits(size.Width - left) {
			left = 0
		}
		banner.Move(fyne.NewPos(left, 0))
		banner.Resize(fyne.NewSize(size.Width-left, size.Height))
		beside = size.Width - inset - left
	}
	setShown(left > 0, values)
	row(values, inset, size.Width-2*inset-gap-beside)
}

// insetLayout keeps space free around its objects, which lie on each other.
type insetLayout struct{ left, top, right, bottom float32 }

func (i insetLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		least = least.Max(o.MinSize())
	}
	return least.AddWidthHeight(i.left+i.right, i.top+i.bottom)
}

func (i insetLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	inner := size.SubtractWidthHeight(i.left+i.right, i.top+i.bottom)
	for _, o := range objects {
		o.Move(fyne.NewPos(i.left, i.top))
		o.Resize(inner)
	}
}

// deskLayout gives the two side columns their fixed width and the centre the
// rest. A hidden column takes no room; the right one also gives way when the
// window is too narrow for all three. Objects: left, centre, right.
type deskLayout struct{ left, right float32 }

// centreWidth is the least width of the centre beside both columns.
const centreWidth = 690

func (d deskLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := objects[1].MinSize()
	if objects[0].Visible() {
		least.Width += d.left
	}
	return least
}

func (d deskLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, right := d.left, d.right
	if !objects[0].Visible() {
		left = 0
	}
	if !objects[2].Visible() || size.Width-left-right < centreWidth {
		right = 0
	}
	put := func(o fyne.CanvasObject, x, width float32) {
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, size.Height))
	}
	put(objects[0], 0, left)
	put(objects[1], left, size.Width-left-right)
	put(objects[2], size.Width-right, right)
}

// wrapLayout puts objects side by side, in as many rows as the width needs; a
// row is as high as its highest object needs to be at that width. It is as high
// as the rows of the width that it was given last.
type wrapLayout struct {
	gap     float32
	columns int       // in the least size
	now     int       // in the size given last
	rows    []float32 // heights of the rows at that size
}

// tall is an object whose height depends on its width.
type tall interface {
	HeightAt(width float32) float32
}

// arrange parts the visible objects into rows of a number of columns, as wide as
// the width allows.
func (w *wrapLayout) arrange(visible []fyne.CanvasObject, cell fyne.Size, columns int, total float32) (width float32, rows []float32) {
	width = float32(int(min((total+w.gap)/float32(columns)-w.gap, cell.Width*1.3)))
	for i, o := range visible {
		if i%columns == 0 {
			rows = append(rows, cell.Height)
		}
		if t, ok := o.(tall); ok {
			rows[len(rows)-1] = max(rows[len(rows)-1], t.HeightAt(width))
		}
	}
	return width, rows
}

func (w *wrapLayout) visible(objects []fyne.CanvasObject) (visible []fyne.CanvasObject, cell fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			cell = cell.Max(o.MinSize())
			visible = append(visible, o)
		}
	}
	return visible, cell
}

// MinSize implements fyne.Layout.
func (w *wrapLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	visible, cell := w.visible(objects)
	columns := max(1, min(w.columns, len(visible)))
	least := float32(columns)*(cell.Width+w.gap) - w.gap
	rows := w.rows
	if rows == nil { // not laid out yet
		_, rows = w.arrange(visible, cell, columns, least)
	}
	height := -w.gap
	for _, h := range rows {
		height += h + w.gap
	}
	return fyne.NewSize(least, max(0, height))
}

// Layout implements fyne.Layout.
func (w *wrapLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	visible, cell := w.visible(objects)
	w.now = max(1, int((size.Width+w.gap)/(cell.Width+w.gap)))
	columns := max(1, min(w.now, len(visible)))
	width, rows := w.arrange(visible, cell, columns, size.Width)
	w.rows = rows
	y := float32(0)
	for i, o := range visible {
		row := i / columns
		if i > 0 && i%columns == 0 {
			y += rows[row-1] + w.gap
		}
		o.Move(fyne.NewPos(float32(i%columns)*(width+w.gap), y))
		o.Resize(fyne.NewSize(width, rows[row]))
	}
}

// fixedLayout gives its one object a fixed width.
type fixedLayout struct{ width float32 }

func (f fixedLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(f.width, objects[0].MinSize().Height)
}

func (f fixedLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(size)
}

// noteWidth is the width of a note in units.
const noteWidth = 420

// newNote returns a hidden sentence for the middle of a picture that has nothing
// to show.
func newNote() *widgets.Paragraph {
	note := widgets.NewParagraph("", noteWidth)
	note.Hide()
	return note
}

// setNote shows a note, "" hides it.
func setNote(note *widgets.Paragraph, text string) {
	setShown(text != "", note)
	if text != note.Text() {
		note.SetText(text)
	}
}

// thousands writes n with a space between groups of three digits: 10 000.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
