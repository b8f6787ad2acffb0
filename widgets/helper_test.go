package widgets_test

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"filterscope/widgets"
)

// fixedTheme has the compact sizes and dark grounds of the app, independent of the app's own theme, so that the golden
// pictures do not follow it.
type fixedTheme struct{ fyne.Theme }

func (f fixedTheme) Size(n fyne.ThemeSizeName) float32 {
	sizes := map[fyne.ThemeSizeName]float32{
		theme.SizeNameText: 13, theme.SizeNameCaptionText: 11, theme.SizeNamePadding: 4, theme.SizeNameInnerPadding: 6,
		theme.SizeNameLineSpacing: 3, theme.SizeNameInlineIcon: 16, theme.SizeNameInputBorder: 1, theme.SizeNameInputRadius: 4,
	}
	if s, ok := sizes[n]; ok {
		return s
	}
	return f.Theme.Size(n)
}

func (f fixedTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	grey := func(l uint8) color.Color { return color.NRGBA{R: l, G: l, B: l + 4, A: 0xff} }
	colours := map[fyne.ThemeColorName]color.Color{
		theme.ColorNameBackground: grey(30), theme.ColorNameForeground: grey(228), theme.ColorNameButton: grey(43),
		theme.ColorNameInputBackground: grey(43), theme.ColorNameInputBorder: grey(43), theme.ColorNameSeparator: grey(45),
		theme.ColorNameDisabled: grey(104), theme.ColorNameDisabledButton: grey(36), theme.ColorNameMenuBackground: grey(38),
		theme.ColorNamePrimary:             color.NRGBA{R: 0x4a, G: 0x90, B: 0xe2, A: 0xff},
		theme.ColorNameForegroundOnPrimary: color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff},
		theme.ColorNameHover:               color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0x12},
		widgets.ColorNameLive:              color.NRGBA{R: 0x56, G: 0xb8, B: 0x81, A: 0xff},
		widgets.ColorNameWarn:              color.NRGBA{R: 0xe0, G: 0xa0, B: 0x50, A: 0xff},
		widgets.ColorNameFault:             color.NRGBA{R: 0xef, G: 0x6a, B: 0x6a, A: 0xff},
		widgets.ColorNameMuted:             grey(155), widgets.ColorNamePanel: grey(30), widgets.ColorNameStage: grey(23),
		widgets.ColorNameMat: grey(16), widgets.ColorNameRaised: grey(60),
	}
	if c, ok := colours[n]; ok {
		return c
	}
	return f.Theme.Color(n, v)
}

// begin starts a test app with the fixed theme.
func begin(t *testing.T) {
	t.Helper()
	test.NewTempApp(t)
	test.ApplyTheme(t, fixedTheme{test.Theme()})
}

// window puts o alone into an unpadded window of the given size, at a scale of device pixels a unit.
func window(t *testing.T, o fyne.CanvasObject, width, height, scale float32) fyne.Canvas {
	t.Helper()
	w := test.NewTempWindow(t, o)
	w.SetPadded(false)
	w.Canvas().(test.WindowlessCanvas).SetScale(scale)
	w.Resize(fyne.NewSize(width, height))
	return w.Canvas()
}

// show is begin and window.
func show(t *testing.T, o fyne.CanvasObject, width, height, scale float32) fyne.Canvas {
	t.Helper()
	begin(t)
	return window(t, o, width, height, scale)
}

// press clicks the primary button at a position inside m, without moving.
func press(m desktop.Mouseable, down, up fyne.Position, mods fyne.KeyModifier) {
	ev := func(p fyne.Position) *desktop.MouseEvent {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mods}
		e.Position = p
		return e
	}
	m.MouseDown(ev(down))
	m.MouseUp(ev(up))
}

func key(f fyne.Focusable, names ...fyne.KeyName) {
	for _, n := range names {
		f.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// letterF is an image without any symmetry, so that a flip or a transposition cannot hide: a white F of 3×5 on black,
// each of its cells k pixels wide, and one red cell at the top right.
func letterF(k int) *image.RGBA {
	rows := []string{"##.r", "#...", "##..", "#...", "#..."}
	img := image.NewRGBA(image.Rect(0, 0, 4*k, 5*k))
	for y := range 5 * k {
		for x := range 4 * k {
			c := color.RGBA{A: 0xff}
			switch rows[y/k][x/k] {
			case '#':
				c = color.RGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
			case 'r':
				c = color.RGBA{R: 0xff, A: 0xff}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func mouse(x, y float32) *desktop.MouseEvent {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(x, y)
	return e
}
