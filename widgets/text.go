package widgets

import (
	"image/color"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

var (
	plain = fyne.TextStyle{}
	bold  = fyne.TextStyle{Bold: true}
	mono  = fyne.TextStyle{Monospace: true}
)

func widthOf(s string, size float32, style fyne.TextStyle) float32 {
	return measured.of(s, size, style).Width
}

func heightOf(size float32, style fyne.TextStyle) float32 {
	return measured.of("Ag", size, style).Height
}

// measured are the sizes of texts. Fyne keeps them as well, but forgets them all
// with every theme override that is made, shown or refreshed, and each field has
// one: most of the time of opening a window went into shaping the same words again.
var measured = measure{sizes: map[textKey]fyne.Size{}}

// mostMeasured is how many sizes are kept; numbers that change fill any store.
const mostMeasured = 8192

type measure struct {
	mu    sync.Mutex
	sizes map[textKey]fyne.Size
}

type textKey struct {
	text, font string
	size       float32
	style      fyne.TextStyle
}

func (m *measure) of(text string, size float32, style fyne.TextStyle) fyne.Size {
	font := fyne.CurrentApp().Settings().Theme().Font(style)
	if font == nil {
		return fyne.MeasureText(text, size, style)
	}
	key := textKey{text, font.Name(), size, style}
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sizes[key]
	if !ok {
		if len(m.sizes) >= mostMeasured {
			clear(m.sizes)
		}
		s = fyne.MeasureText(text, size, style)
		m.sizes[key] = s
	}
	return s
}

// widest is the width of the widest of some strings.
func widest(ss []string, size float32, style fyne.TextStyle) float32 {
	w := float32(0)
	for _, s := range ss {
		w = max(w, widthOf(s, size, style))
	}
	return w
}

// fit shortens s with an ellipsis until it is no wider than width units.
func fit(s string, width, size float32, style fyne.TextStyle) string {
	const slack = 0.5 // rounding of measured widths
	if width <= 0 {
		return ""
	}
	if widthOf(s, size, style) <= width+slack {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if widthOf(string(runes[:mid])+"…", size, style) <= width+slack {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return strings.TrimRight(string(runes[:lo]), " ") + "…"
}

// wrap breaks s at spaces into at most lines lines no wider than width; the last one is shortened when text is left.
func wrap(s string, width, size float32, style fyne.TextStyle, lines int) []string {
	words := strings.Fields(s)
	out := make([]string, 0, lines)
	for len(words) > 0 && len(out) < lines {
		n := 1
		for n < len(words) && widthOf(strings.Join(words[:n+1], " "), size, style) <= width {
			n++
		}
		if len(out) == lines-1 {
			n = len(words)
		}
		out = append(out, fit(strings.Join(words[:n], " "), width, size, style))
		words = words[n:]
	}
	return out
}

func dressText(t *canvas.Text, c color.Color, size float32, style fyne.TextStyle) {
	t.Color, t.TextSize, t.TextStyle = c, size, style
}

// putText places t in the rectangle x, w of a row of height h, centred vertically, shortened to w.
func putText(t *canvas.Text, s string, x, y, w, h float32) {
	t.Text = fit(s, w, t.TextSize, t.TextStyle)
	th := heightOf(t.TextSize, t.TextStyle)
	put(t, x, y+float32(int((h-th)/2+0.5)), w, th)
}

// icon is an SVG image that is never blurred by a fractional position.
func newIcon(r fyne.Resource) *canvas.Image {
	i := canvas.NewImageFromResource(r)
	i.FillMode = canvas.ImageFillContain
	return i
}
