package widgets

import (
	"image"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// pictureFace is the renderer. All state is the widget's.
type pictureFace struct {
	p       *Picture
	objects []fyne.CanvasObject
}

func (f *pictureFace) Destroy()           {}
func (f *pictureFace) MinSize() fyne.Size { return f.p.minSize }

func (f *pictureFace) Layout(size fyne.Size) {
	f.p.focus.Resize(size)
	f.p.update(true)
}

func (f *pictureFace) Objects() []fyne.CanvasObject {
	if len(f.objects) == 0 {
		f.list()
	}
	return f.objects
}

// list rebuilds the object list: mat, image, hair lines, frames, focus ring.
func (f *pictureFace) list() {
	p := f.p
	f.objects = f.objects[:0]
	for _, m := range p.mat {
		f.objects = append(f.objects, m)
	}
	f.objects = append(f.objects, p.img, p.crossV, p.crossH)
	for _, r := range p.lines {
		f.objects = append(f.objects, r)
	}
	for _, l := range p.strokes {
		f.objects = append(f.objects, l)
	}
	f.objects = append(f.objects, p.focus)
}

// objectCount is how many objects the list has to have.
func (p *Picture) objectCount() int { return len(p.mat) + 4 + len(p.lines) + len(p.strokes) }

func (f *pictureFace) Refresh() {
	f.p.dress()
	f.p.placeMarks()
	f.p.placePath()
	for _, m := range f.p.mat {
		m.Refresh()
	}
	f.p.focus.Refresh()
	canvas.Refresh(f.p)
}

// tight returns img itself if Fyne can upload it as it is, else an opaque copy with zero origin and no padding between
// rows.
func tight(img *image.RGBA) *image.RGBA {
	if img == nil || img.Rect.Empty() {
		return nil
	}
	if img.Rect.Min == (image.Point{}) && img.Stride == 4*img.Rect.Dx() {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}
