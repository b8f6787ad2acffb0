package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
)

// MarkKind says how a Mark is drawn.
type MarkKind int

// The kinds of marks. They differ in shape as well as in colour.
const (
	Selected MarkKind = iota // a two-pixel accent frame within a dark hair line
	Hovered                  // a one-pixel light frame within a dark hair line
	Focused                  // a one-pixel frame set off by two pixels, around a Selected one if there is one
)

// Mark frames the rectangle Rect of a Picture's content, in content pixels. The frame lies outside the rectangle.
type Mark struct {
	Rect image.Rectangle
	Kind MarkKind
}

// Picture shows a part of a larger image, its content, with one image pixel on exactly one device pixel.
//
// The content's size is set by SetContent, in device pixels. The owner renders only what is visible: OnView tells the
// visible rectangle whenever it changes, SetFrame shows an image of it. Until a new frame comes the last one moves with
// the content. Content smaller than the view is centred on the mat; larger content is panned by dragging, and by the
// arrow keys unless OnKey takes them.
//
// Points and rectangles are content pixels throughout, x to the right and y down.
type Picture struct {
	control

	OnView  func(visible image.Rectangle, size image.Point) // visible content, and the view's size in device pixels
	OnHover func(p image.Point, inside bool)                // the pixel under the pointer; inside is false off the content
	OnPick  func(p image.Point, modifiers fyne.KeyModifier) // a click on the content
	OnOpen  func(p image.Point)                             // a second click on the same place within the double-click time
	OnZoom  func(steps int, about image.Point)              // the wheel: positive is in, about stays where it is
	OnDrag  func(from, to image.Point, done bool)           // if set, a drag reports itself here instead of panning
	OnKey   func(ev *fyne.KeyEvent) (used bool)             // a key while focused
	OnRune  func(r rune) (used bool)                        // a character while focused

	content image.Point // size of the whole, device pixels
	off     image.Point // content pixel at the view's top left, where the content exceeds the view
	frame   *image.RGBA
	at      image.Point // content pixel of the frame's top left
	marks   []Mark
	path    []image.Point // a line over the content

	geo      geometry
	lastView image.Rectangle
	lastSize image.Point

	img        *canvas.Image
	mat        [4]*canvas.Rectangle // above, below, left and right of the image
	focus      *canvas.Rectangle
	lines      []*canvas.Rectangle // frames of marks, reused
	strokes    []*canvas.Line      // pieces of the path and of its rim, reused
	crossV     *canvas.Rectangle
	crossH     *canvas.Rectangle
	cross      image.Point
	onV, onH   bool
	body       *pictureFace
	pointer    fyne.Position
	gesture    gesture
	wheel      float32
	lastClick  click
	minSize    fyne.Size
	cursorKind desktop.Cursor
}

var (
	_ fyne.Widget        = (*Picture)(nil)
	_ fyne.Focusable     = (*Picture)(nil)
	_ fyne.Scrollable    = (*Picture)(nil)
	_ fyne.Draggable     = (*Picture)(nil)
	_ desktop.Hoverable  = (*Picture)(nil)
	_ desktop.Mouseable  = (*Picture)(nil)
	_ desktop.Cursorable = (*Picture)(nil)
)

// NewPicture returns an empty picture.
func NewPicture() *Picture {
	p := &Picture{minSize: fyne.NewSize(64, 64), cursorKind: desktop.CrosshairCursor}
	p.img = &canvas.Image{ScaleMode: canvas.ImageScalePixels, FillMode: canvas.ImageFillStretch}
	for i := range p.mat {
		p.mat[i] = &canvas.Rectangle{}
	}
	p.focus = &canvas.Rectangle{}
	p.crossV, p.crossH = &canvas.Rectangle{}, &canvas.Rectangle{}
	p.img.Hide()
	p.crossV.Hide()
	p.crossH.Hide()
	p.init(p)
	return p
}

// SetMinSize sets the least size of the view in units; 64×64 at first.
func (p *Picture) SetMinSize(size fyne.Size) {
	p.minSize = size
	p.Refresh()
}

// SetContent sets the size of the whole content in device pixels. The visible part stays where it is as far as the new
// size allows. OnView is called if the visible rectangle changed.
func (p *Picture) SetContent(w, h int) {
	if size := image.Pt(max(w, 0), max(h, 0)); size != p.content {
		p.content = size
		p.update(true)
	}
}

// ZoomTo changes the content's size and scrolls so that pixel to of the new content is where pixel about of the old one
// was, as far as the new size allows.
func (p *Picture) ZoomTo(w, h int, about, to image.Point) {
	size := image.Pt(max(w, 0), max(h, 0))
	off := to.Sub(about.Sub(p.off))
	if size != p.content || off != p.off {
		p.content, p.off = size, off
		p.update(true)
	}
}

// Content returns the size of the content in device pixels.
func (p *Picture) Content() image.Point { return p.content }

// SetFrame shows img, whose pixel (0, 0) is the content's pixel at. The picture keeps img, which must not be written to
// while it is shown; an image that is not opaque is laid on black. A nil img shows the bare mat.
func (p *Picture) SetFrame(img *image.RGBA, at image.Point) {
	p.frame, p.at = tight(img), at
	if p.frame == nil {
		p.img.Image = nil
		p.img.Hide()
		p.placeMat()
		return
	}
	p.img.Image = p.frame
	p.img.Hidden = false
	p.update(false)
	p.img.Refresh()
}

// Frame returns the image shown, nil if there is none.
func (p *Picture) Frame() *image.RGBA { return p.frame }

// View returns the visible rectangle of the content, and the size of the view, both in device pixels, as they are now.
// What it finds changed is left for Poll to report.
func (p *Picture) View() (visible image.Rectangle, size image.Point) {
	size = p.measure().size
	return p.part(p.clamp(p.off, size), size), size
}

// ScrollTo moves the content, where it exceeds the view, so that content pixel at is at the view's top left, or as near
// to that as the content allows.
func (p *Picture) ScrollTo(at image.Point) {
	if at != p.off {
		p.off = at
		p.update(true)
	}
}

// Reveal moves the content as little as needed to make r visible.
func (p *Picture) Reveal(r image.Rectangle) {
	v, _ := p.View()
	at := v.Min
	at.X += shift(v.Min.X, v.Max.X, r.Min.X, r.Max.X)
	at.Y += shift(v.Min.Y, v.Max.Y, r.Min.Y, r.Max.Y)
	p.ScrollTo(at)
}

// SetMarks replaces the frames drawn over the picture. The image is not rendered again.
func (p *Picture) SetMarks(marks []Mark) {
	if sameMarks(marks, p.marks) {
		return
	}
	p.marks = append(p.marks[:0:0], marks...)
	p.placeMarks()
	canvas.Refresh(p)
}

// SetCrosshair shows or hides a vertical hair line at content column x, for charts.
func (p *Picture) SetCrosshair(x int, on bool) {
	p.cross.X, p.onV = x, on
	p.placeCross()
}

// SetCrosshairY shows or hides a horizontal hair line at content row y.
func (p *Picture) SetCrosshairY(y int, on bool) {
	p.cross.Y, p.onH = y, on
	p.placeCross()
}

// SetCursor replaces the crosshair pointer.
func (p *Picture) SetCursor(c desktop.Cursor) { p.cursorKind = c }

// Poll is to be called now and then, for instance once a frame: it notices a change of scale or position that no layout
// reported, and sends OnHover again for a pointer that rests over changed content.
func (p *Picture) Poll() {
	if g := p.measure(); g != p.geo {
		p.update(true)
	}
	if p.hovered {
		p.sendHover()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	p.body = &pictureFace{p: p}
	p.dress()
	p.placeMarks()
	p.placePath()
	return p.body
}

// update measures the view again, places everything, and reports a changed view.
func (p *Picture) update(relayout bool) {
	g := p.measure()
	if !relayout && g == p.geo {
		p.placeImage()
		return
	}
	p.geo = g
	p.clampOffset()
	p.placeImage()
	p.placeMarks()
	p.placePath()
	p.placeCross()
	canvas.Refresh(p)
	v := p.visible()
	if v == p.lastView && g.size == p.lastSize {
		return
	}
	p.lastView, p.lastSize = v, g.size
	if p.OnView != nil && g.size.X > 0 && g.size.Y > 0 {
		p.OnView(v, g.size)
	}
}

func (p *Picture) dress() {
	l := lookOf(p)
	for _, m := range p.mat {
		m.FillColor = l.colour(ColorNameMat)
	}
	dressRing(p.focus, l, p.ring(), theme.ColorNamePrimary)
	p.focus.CornerRadius = 0
	hair := l.faded(theme.ColorNameForeground, 0.45)
	p.crossV.FillColor, p.crossH.FillColor = hair, hair
}
