package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Thumbnail shows a small image at the largest whole number of device pixels an image pixel that fits its room. An image
// larger than the room is shown one to one, cut at the right and the bottom.
type Thumbnail struct {
	widget.BaseWidget
	room   fyne.Size
	source *image.RGBA
	img    *canvas.Image
	mat    *canvas.Rectangle
	clear  bool
}

// NewThumbnail returns an empty thumbnail with room for width×height units.
func NewThumbnail(width, height float32) *Thumbnail {
	t := &Thumbnail{room: fyne.NewSize(width, height), mat: &canvas.Rectangle{FillColor: color.Transparent}}
	t.img = &canvas.Image{ScaleMode: canvas.ImageScalePixels, FillMode: canvas.ImageFillStretch}
	t.img.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// NewClearThumbnail is NewThumbnail without the mat behind the image.
func NewClearThumbnail(width, height float32) *Thumbnail {
	t := NewThumbnail(width, height)
	t.clear = true
	return t
}

// SetImage shows img, which must not be written to while it is shown; nil shows the bare mat.
func (t *Thumbnail) SetImage(img *image.RGBA) {
	t.source = tight(img)
	if t.source == nil {
		t.img.Hide()
		return
	}
	t.img.Image = t.source
	t.place(t.Size())
	t.img.Hidden = false
	t.img.Refresh()
}

// Zoom is the number of device pixels an image pixel takes.
func (t *Thumbnail) Zoom() int {
	if t.source == nil {
		return 1
	}
	k := scaleOf(t)
	w, h := int(t.Size().Width*k+0.01), int(t.Size().Height*k+0.01)
	return max(min(w/t.source.Rect.Dx(), h/t.source.Rect.Dy()), 1)
}

// CreateRenderer implements fyne.Widget.
func (t *Thumbnail) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	dress := func() {
		if !t.clear {
			t.mat.FillColor = lookOf(t).colour(ColorNameMat)
		}
	}
	return &clipFace{newFace(t, func() fyne.Size { return t.room }, t.place, dress, t.mat, t.img)}
}

func (t *Thumbnail) place(s fyne.Size) {
	put(t.mat, 0, 0, s.Width, s.Height)
	if t.source == nil {
		return
	}
	k := scaleOf(t)
	z := t.Zoom()
	w, h := z*t.source.Rect.Dx(), z*t.source.Rect.Dy()
	x := max(int(s.Width*k)-w, 0) / 2
	y := max(int(s.Height*k)-h, 0) / 2
	put(t.img, float32(x)/k, float32(y)/k, float32(w)/k, float32(h)/k)
}

// clipFace is a face whose objects are cut off at the widget's edge.
type clipFace struct{ *face }

// IsClip is what Fyne looks for in a renderer that clips.
func (*clipFace) IsClip() {}
