package widgets_test

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"filterscope/widgets"
)

// framed is a picture that renders its content, letterF(40), as the app does: only what is visible.
type framed struct {
	*widgets.Picture
	source *image.RGBA
	views  []image.Rectangle
}

func newFramed() *framed {
	f := &framed{Picture: widgets.NewPicture(), source: letterF(40)} // 160×200
	f.OnView = func(v image.Rectangle, _ image.Point) {
		f.views = append(f.views, v)
		f.SetFrame(f.source.SubImage(v).(*image.RGBA), v.Min)
	}
	f.SetContent(160, 200)
	return f
}

// place puts the picture at a position of a window of 400×300 units.
func place(t *testing.T, f *framed, at fyne.Position, size fyne.Size, scale float32) fyne.Canvas {
	t.Helper()
	c := show(t, container.NewWithoutLayout(f.Picture), 400, 300, scale)
	f.Move(at)
	f.Resize(size)
	f.Poll()
	return c
}

func TestPictureShowsEveryPixelOnce(t *testing.T) {
	for _, c := range []struct {
		name  string
		at    fyne.Position
		size  fyne.Size
		scale float32
		off   image.Point // device position of content pixel (0, 0), by hand
	}{
		{"centred", fyne.NewPos(20, 10), fyne.NewSize(200, 240), 1, image.Pt(20+20, 10+20)},
		{"fractional position", fyne.NewPos(20.3, 10.6), fyne.NewSize(200, 240), 1, image.Pt(21+19, 11+19)},
		{"odd remainder", fyne.NewPos(0, 0), fyne.NewSize(201, 203), 1, image.Pt(20, 1)},
		{"scale 2", fyne.NewPos(7, 9), fyne.NewSize(120, 130), 2, image.Pt(14+40, 18+30)},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFramed()
			cv := place(t, f, c.at, c.size, c.scale)
			got := cv.Capture()
			for y := range 200 {
				for x := range 160 {
					want := f.source.RGBAAt(x, y)
					if g := color.RGBAModel.Convert(got.At(c.off.X+x, c.off.Y+y)); g != want {
						t.Fatalf("content pixel (%d,%d) = %v, want %v", x, y, g, want)
					}
				}
			}
		})
	}
}

func TestPictureCoordinates(t *testing.T) {
	for _, c := range []struct {
		name   string
		at     fyne.Position
		size   fyne.Size
		scale  float32
		scroll image.Point
		mouse  fyne.Position // on the canvas
		want   image.Point
		inside bool
	}{
		{"top left", fyne.NewPos(20, 10), fyne.NewSize(200, 240), 1, image.Point{}, fyne.NewPos(40, 30), image.Pt(0, 0), true},
		{"last pixel", fyne.NewPos(20, 10), fyne.NewSize(200, 240), 1, image.Point{}, fyne.NewPos(199.9, 229.9), image.Pt(159, 199), true},
		{"left of it", fyne.NewPos(20, 10), fyne.NewSize(200, 240), 1, image.Point{}, fyne.NewPos(39.5, 30), image.Pt(-1, 0), false},
		{"below it", fyne.NewPos(20, 10), fyne.NewSize(200, 240), 1, image.Point{}, fyne.NewPos(40, 230), image.Pt(0, 200), false},
		{"panned", fyne.NewPos(20, 10), fyne.NewSize(100, 80), 1, image.Pt(30, 110), fyne.NewPos(25, 17), image.Pt(35, 117), true},
		{"panned too far", fyne.NewPos(20, 10), fyne.NewSize(100, 80), 1, image.Pt(999, 999), fyne.NewPos(20, 10), image.Pt(60, 120), true},
		{"panned in one direction", fyne.NewPos(20, 10), fyne.NewSize(200, 80), 1, image.Pt(5, 50), fyne.NewPos(40, 10), image.Pt(0, 50), true},
		{"scale 2", fyne.NewPos(7, 9), fyne.NewSize(120, 130), 2, image.Point{}, fyne.NewPos(27.6, 24.1), image.Pt(1, 0), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFramed()
			cv := place(t, f, c.at, c.size, c.scale)
			f.ScrollTo(c.scroll)
			var got image.Point
			var inside bool
			f.OnHover = func(p image.Point, in bool) { got, inside = p, in }
			test.MoveMouse(cv, c.mouse)
			if got != c.want || inside != c.inside {
				t.Errorf("OnHover(%v, %v), want %v, %v", got, inside, c.want, c.inside)
			}
		})
	}
}

func TestPictureHoverFollowsContent(t *testing.T) {
	f := newFramed()
	cv := place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	var got []image.Point
	f.OnHover = func(p image.Point, in bool) {
		if in {
			got = append(got, p)
		}
	}
	test.MoveMouse(cv, fyne.NewPos(10, 10))
	f.ScrollTo(image.Pt(20, 5))
	f.Poll()
	want := []image.Point{{X: 10, Y: 10}, {X: 30, Y: 15}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hover (-want +got):\n%s", diff)
	}
	test.MoveMouse(cv, fyne.NewPos(300, 200))
	f.Poll()
	if len(got) != 2 {
		t.Errorf("OnHover after the pointer left: %v", got[2:])
	}
}

func TestPictureView(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 80), 1)
	v, size := f.View()
	if v != image.Rect(0, 0, 100, 80) || size != image.Pt(100, 80) {
		t.Errorf("View() = %v, %v", v, size)
	}
	f.views = nil
	f.ScrollTo(image.Pt(10, 20))
	f.ScrollTo(image.Pt(10, 20)) // nothing new
	f.Resize(fyne.NewSize(300, 80))
	f.Move(fyne.NewPos(3, 3)) // no other view
	f.Poll()
	want := []image.Rectangle{image.Rect(10, 20, 110, 100), image.Rect(0, 20, 160, 100)}
	if diff := cmp.Diff(want, f.views); diff != "" {
		t.Errorf("views (-want +got):\n%s", diff)
	}
	f.SetContent(0, 0)
	if v, _ := f.View(); !v.Empty() {
		t.Errorf("View() of no content = %v", v)
	}
}

func TestPictureNoticesScale(t *testing.T) {
	f := newFramed()
	cv := place(t, f, fyne.NewPos(0, 0), fyne.NewSize(50, 40), 1)
	f.views = nil
	cv.(test.WindowlessCanvas).SetScale(2)
	f.Poll()
	if diff := cmp.Diff([]image.Rectangle{image.Rect(0, 0, 100, 80)}, f.views); diff != "" {
		t.Errorf("views (-want +got):\n%s", diff)
	}
}

func TestPicturePick(t *testing.T) {
	for _, c := range []struct {
		name     string
		down, up fyne.Position
		want     []image.Point
	}{
		{"still", fyne.NewPos(10, 20), fyne.NewPos(10, 20), []image.Point{{X: 40, Y: 70}}},
		{"wobble takes where it went down", fyne.NewPos(10, 20), fyne.NewPos(13, 17), []image.Point{{X: 40, Y: 70}}},
		{"too far", fyne.NewPos(10, 20), fyne.NewPos(15, 20), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFramed()
			cv := place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
			f.ScrollTo(image.Pt(30, 50))
			var got []image.Point
			var mods fyne.KeyModifier
			f.OnPick = func(p image.Point, m fyne.KeyModifier) { got, mods = append(got, p), m }
			press(f, c.down, c.up, fyne.KeyModifierControl)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("picked (-want +got):\n%s", diff)
			}
			if got != nil && mods != fyne.KeyModifierControl {
				t.Errorf("modifiers = %v", mods)
			}
			if cv.Focused() != f.Picture {
				t.Error("a click did not take the focus")
			}
		})
	}
}

func TestPictureDrag(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	f.OnPick = func(p image.Point, _ fyne.KeyModifier) { t.Errorf("picked %v at the end of a drag", p) }
	drag := func(x, y float32) *fyne.DragEvent {
		return &fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
	}
	f.MouseDown(mouse(50, 50))
	f.Dragged(drag(48, 50)) // within the slop of a click
	if v, _ := f.View(); v.Min != (image.Point{}) {
		t.Errorf("panned to %v within the slop", v.Min)
	}
	f.Dragged(drag(30, 40))
	f.MouseUp(mouse(30, 40))
	f.DragEnd()
	if v, _ := f.View(); v.Min != image.Pt(20, 10) {
		t.Errorf("panned to %v, want (20,10)", v.Min)
	}
}

func TestPictureWheel(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	f.ScrollTo(image.Pt(7, 9))
	type zoom struct {
		Steps int
		About image.Point
	}
	var got []zoom
	f.OnZoom = func(s int, p image.Point) { got = append(got, zoom{s, p}) }
	wheel := func(dy float32) {
		f.Scrolled(&fyne.ScrollEvent{
			PointEvent: fyne.PointEvent{Position: fyne.NewPos(3, 4)}, Scrolled: fyne.NewDelta(0, dy),
		})
	}
	for _, dy := range []float32{25, 10, 10, 10, -25, 75} { // a notch, a touchpad's crumbs, back, three at once
		wheel(dy)
	}
	at := image.Pt(10, 13)
	want := []zoom{{1, at}, {1, at}, {-1, at}, {3, at}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("zoom (-want +got):\n%s", diff)
	}
	f.OnZoom = nil
	wheel(-20)
	if v, _ := f.View(); v.Min != image.Pt(7, 29) {
		t.Errorf("scrolled to %v, want (7,29)", v.Min)
	}
}

func TestPictureZoomToKeepsThePoint(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	f.ScrollTo(image.Pt(30, 50))
	f.ZoomTo(320, 400, image.Pt(80, 90), image.Pt(160, 180)) // the pixel 50, 40 into the view
	if v, _ := f.View(); v.Min != image.Pt(110, 140) {
		t.Errorf("view begins at %v, want (110,140)", v.Min)
	}
}

func TestPictureReveal(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	for _, c := range []struct {
		r    image.Rectangle
		want image.Point
	}{
		{image.Rect(10, 10, 20, 20), image.Pt(0, 0)},
		{image.Rect(120, 150, 130, 160), image.Pt(30, 60)},
		{image.Rect(40, 50, 60, 70), image.Pt(30, 50)},
	} {
		f.Reveal(c.r)
		if v, _ := f.View(); v.Min != c.want {
			t.Errorf("Reveal(%v) begins at %v, want %v", c.r, v.Min, c.want)
		}
	}
}

func TestPictureKeys(t *testing.T) {
	f := newFramed()
	cv := place(t, f, fyne.NewPos(0, 0), fyne.NewSize(100, 100), 1)
	var window []fyne.KeyName
	var runes []rune
	cv.SetOnTypedKey(func(ev *fyne.KeyEvent) { window = append(window, ev.Name) })
	cv.SetOnTypedRune(func(r rune) { runes = append(runes, r) })
	f.OnKey = func(ev *fyne.KeyEvent) bool { return ev.Name == fyne.KeyReturn }
	key(f, fyne.KeyReturn, fyne.KeyEscape, fyne.KeyDown)
	f.TypedRune('n')
	if diff := cmp.Diff([]fyne.KeyName{fyne.KeyEscape}, window); diff != "" {
		t.Errorf("keys that reached the window (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]rune{'n'}, runes); diff != "" {
		t.Errorf("runes that reached the window (-want +got):\n%s", diff)
	}
	if v, _ := f.View(); v.Min != image.Pt(0, 48) {
		t.Errorf("the arrow scrolled to %v, want (0,48)", v.Min)
	}
}

// A frame that Fyne would upload askew, because it is a part of another image, is straightened.
func TestPictureStraightensFrames(t *testing.T) {
	p := widgets.NewPicture()
	show(t, p, 100, 100, 1)
	src := letterF(10)
	p.SetFrame(src.SubImage(image.Rect(20, 0, 40, 10)).(*image.RGBA), image.Point{})
	f := p.Frame()
	if f.Rect != image.Rect(0, 0, 20, 10) || f.Stride != 80 {
		t.Fatalf("frame %v, stride %d", f.Rect, f.Stride)
	}
	if got := f.RGBAAt(15, 5); got != (color.RGBA{R: 0xff, A: 0xff}) {
		t.Errorf("pixel (15,5) = %v, want red", got)
	}
	p.SetFrame(nil, image.Point{})
	if p.Frame() != nil {
		t.Error("a nil frame left an image")
	}
}

// A change that View saw first is still reported.
func TestPictureViewLeavesChangesToPoll(t *testing.T) {
	f := newFramed()
	place(t, f, fyne.NewPos(20, 10), fyne.NewSize(100, 100), 1)
	n := len(f.views)
	f.Move(fyne.NewPos(20.5, 10.5)) // one whole pixel less in each direction
	if v, size := f.View(); v.Size() != image.Pt(99, 99) || size != image.Pt(99, 99) {
		t.Errorf("View() = %v, %v, want 99×99", v, size)
	}
	f.Poll()
	if len(f.views) != n+1 || f.views[n].Size() != image.Pt(99, 99) {
		t.Errorf("Poll reported %v", f.views[n:])
	}
}

// A path is drawn over the content, moves with it, and goes again.
func TestPicturePath(t *testing.T) {
	f := newFramed()
	c := place(t, f, fyne.NewPos(0, 0), fyne.NewSize(200, 240), 1)
	f.SetPath([]image.Point{{X: 10, Y: 150}, {X: 150, Y: 150}, {X: 150, Y: 190}})
	with := c.Capture()
	f.SetPath(nil)
	without := c.Capture()
	corner := image.Pt(20, 20) // of the content, which is centred
	changed := func(x, y int) bool { return with.At(corner.X+x, corner.Y+y) != without.At(corner.X+x, corner.Y+y) }
	if !changed(80, 150) || !changed(150, 170) {
		t.Error("the line is not drawn")
	}
	if changed(80, 140) || changed(150, 140) || changed(5, 150) {
		t.Error("something else is drawn")
	}
	for y, want := range map[int]uint8{150: 228, 152: 16, 148: 16} { // light, in a dark rim
		got := color.GrayModel.Convert(with.At(corner.X+80, corner.Y+y)).(color.Gray).Y
		if max(got, want)-min(got, want) > 40 {
			t.Errorf("%d px from the middle of the line its grey is %d, want about %d", y-150, got, want)
		}
	}
	if f.Path() != nil {
		t.Errorf("the path is %v", f.Path())
	}
}
