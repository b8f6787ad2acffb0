package widgets_test

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"filterscope/widgets"
)

// scene is a small panel of widgets in chosen states, with its size in units.
type scene struct {
	name          string
	width, height float32
	scale         float32
	build         func() (content fyne.CanvasObject, focus fyne.Focusable)
}

func column(o ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(0), o...)
}

func scenes() []scene {
	return []scene{
		{"form", 236, 310, 1, form},
		{"transport", 620, 110, 1, transport},
		{"tools", 560, 90, 1, tools},
		{"picture", 200, 240, 1, picture},
		{"picture-scale2", 120, 130, 2, picture},
		{"cards", 450, 220, 1, cards},
		{"banners", 460, 120, 1, banners},
		{"toasts", 420, 160, 1, toasts},
		{"sliders", 340, 120, 1, sliderRows},
	}
}

func form() (fyne.CanvasObject, fyne.Focusable) {
	number := func(s widgets.NumberSpec, v float64) *widgets.NumberEntry {
		e := widgets.NewNumberEntry(s)
		e.SetValue(v)
		return e
	}
	off := number(widgets.NumberSpec{Label: "Iterations", Integer: true}, 400)
	off.Disable()
	on := widgets.NewCheckRow("invert", nil)
	on.SetChecked(true)
	decay := number(widgets.NumberSpec{Label: "λ decay", Badge: "live"}, 3e-3)
	value := widgets.NewValueRow("cos(encoder, decoder), rather long")
	value.SetValue("0.97")
	return column(
		widgets.NewSectionLabel("Training of ρ"),
		widgets.NewSelectRow("Optimiser", []string{"L-BFGS", "SGD"}, nil),
		number(widgets.NumberSpec{Label: "Hidden", Integer: true, Badge: "new run"}, 196), decay,
		number(widgets.NumberSpec{Label: "Patch", Unit: "px", Badge: "new run"}, 8),
		number(widgets.NumberSpec{Label: "ρ target", Max: 1, MinOpen: true, MaxOpen: true, Badge: "live"}, 1.5),
		off, on, widgets.NewCheckRow("pixel space", nil), value,
	), on
}

func transport() (fyne.CanvasObject, fyne.Focusable) {
	run := widgets.NewPrimaryButton("Pause", theme.MediaPauseIcon(), nil)
	stop := widgets.NewActionButton("Stop", theme.MediaStopIcon(), nil)
	stop.Disable()
	step := widgets.NewActionButton("Step", theme.MediaSkipNextIcon(), nil)
	line := widgets.NewProgressLine()
	line.SetFraction(0.53)
	read, rate := widgets.NewReadout(20), widgets.NewMutedReadout(12).AlignRight()
	read.SetText("iteration 212 / 400 and more")
	rate.SetText("12 s left")
	dots := container.NewHBox()
	for s := widgets.StateIdle; s <= widgets.StateFailed; s++ {
		d := widgets.NewLiveDot()
		d.Set(s, "")
		dots.Add(d)
	}
	buttons := container.NewHBox(run, step, stop, widgets.NewFlatButton("+ New…", nil, nil),
		widgets.NewActionButton("", theme.InfoIcon(), nil))
	return column(buttons, dots, container.NewHBox(read, container.NewGridWrap(fyne.NewSize(130, 20), line), rate)), step
}

func tools() (fyne.CanvasObject, fyne.Focusable) {
	tabs := widgets.NewTabBar([]string{"Filters", "Curves", "RBF"}, nil)
	tabs.Select(1)
	tabs.SetItemEnabled(2, false)
	segments := widgets.NewSegmented([]string{"Tile", "Blend", "Global"}, nil)
	segments.Select(2)
	zoom := widgets.NewStepper("Fit 2×", "Fit 16×", nil, func() {})
	zoom.SetRange(false, true)
	return column(tabs, container.NewHBox(segments, widgets.NewChoice([]string{"grey", "viridis"}, nil), zoom)), segments
}

func picture() (fyne.CanvasObject, fyne.Focusable) {
	p := widgets.NewPicture()
	src := letterF(40)
	p.OnView = func(v image.Rectangle, _ image.Point) { p.SetFrame(src.SubImage(v).(*image.RGBA), v.Min) }
	p.SetContent(160, 200)
	p.SetMarks([]widgets.Mark{
		{Rect: image.Rect(10, 10, 50, 50), Kind: widgets.Selected},
		{Rect: image.Rect(70, 10, 110, 50), Kind: widgets.Hovered},
		{Rect: image.Rect(10, 70, 50, 110), Kind: widgets.Focused},
		{Rect: image.Rect(70, 70, 110, 110), Kind: widgets.Selected},
		{Rect: image.Rect(70, 70, 110, 110), Kind: widgets.Focused},
	})
	p.SetCrosshair(140, true)
	p.SetCrosshairY(150, true)
	return p, p
}

func cards() (fyne.CanvasObject, fyne.Focusable) {
	a := widgets.NewCard("Pen strokes", "Each hidden unit learns a stroke, and the picture is a sum of a few of them.", "MNIST · 784–196")
	a.SetImage(letterF(9))
	a.SetSelected(true)
	b := widgets.NewCard("Bumps", "A sum of Gaussians.", "RBF · 1-D")
	return container.NewHBox(a, b), b
}

func banners() (fyne.CanvasObject, fyne.Focusable) {
	box := column()
	for kind := widgets.Notice; kind <= widgets.Failure; kind++ {
		b := widgets.NewBanner()
		text := []string{"A newer model is open", "Viewing step 9 600", "Training stopped: the objective became NaN at step 812"}
		actions := []widgets.Action{{Label: "Back to live"}, {Label: "Fork"}, {Label: "one too many"}}
		b.Set(kind, text[kind], actions[:kind]...)
		box.Add(b)
	}
	return box, nil
}

func toasts() (fyne.CanvasObject, fyne.Focusable) {
	o := widgets.NewOverlay(canvas.NewRectangle(color.NRGBA{R: 0x20, G: 0x28, B: 0x30, A: 0xff}))
	o.Toast("Saved sparse196_x4.png", widgets.Action{Label: "Open folder"})
	o.Toast("Copied")
	return o, nil
}

func TestGolden(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			begin(t)
			content, focus := s.build()
			c := window(t, content, s.width, s.height, s.scale)
			if p, ok := content.(*widgets.Picture); ok {
				p.Poll()
			}
			if focus != nil {
				c.Focus(focus)
			}
			test.AssertImageMatches(t, s.name+".png", c.Capture())
		})
	}
}

// invertedTheme swaps light and dark, so that whatever keeps an old colour shows.
type invertedTheme struct{ fyne.Theme }

func (i invertedTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	c := color.NRGBAModel.Convert(i.Theme.Color(n, v)).(color.NRGBA)
	return color.NRGBA{R: 255 - c.R, G: 255 - c.G, B: 255 - c.B, A: c.A}
}

// After a change of theme every widget looks as if it had been made under the new one.
func TestThemeSwitchRepaints(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			begin(t)
			content, _ := s.build()
			c := window(t, content, s.width, s.height, s.scale)
			next := invertedTheme{fixedTheme{test.Theme()}}
			fyne.CurrentApp().Settings().SetTheme(next)
			switched := c.Capture()

			content, _ = s.build()
			fresh := window(t, content, s.width, s.height, s.scale).Capture()
			if n := differing(switched, fresh); n != 0 {
				t.Errorf("%d pixels differ between a switched and a fresh window", n)
			}
		})
	}
}

func differing(a, b image.Image) int {
	if a.Bounds() != b.Bounds() {
		return -1
	}
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func sliderRows() (fyne.CanvasObject, fyne.Focusable) {
	s := widgets.NewSliders(nil)
	s.SetRows([]widgets.Slider{
		{Name: "unit 3", Note: "KL 2.31", Low: -3, High: 3, Value: 1.27},
		{Name: "unit 0", Note: "KL 0.84", Low: -3, High: 3, Value: -0.5},
		{Name: "unit 11", Note: "KL 0.00", Low: -3, High: 3, Muted: true},
		{Name: "unit 4", Note: "KL 0.00", Low: -3, High: 3, Muted: true},
		{Name: "unit 5", Low: 0, High: 0},
		{Name: "unit 6", Low: 0, High: 1, Value: 0.0012},
	})
	return s, s
}
