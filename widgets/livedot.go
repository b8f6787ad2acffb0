package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// LiveState is the state a LiveDot shows.
type LiveState int

// The states of a LiveDot, and the words that go with their colours.
const (
	StateIdle   LiveState = iota // "ready", muted, hollow
	StateLive                    // "live", green
	StatePaused                  // "paused", amber, hollow
	StateDone                    // "done", accent
	StateFailed                  // "failed", red
)

var liveWords = []string{"ready", "live", "paused", "done", "failed"}

// String is the state's word.
func (s LiveState) String() string {
	if s < 0 || int(s) >= len(liveWords) {
		return ""
	}
	return liveWords[s]
}

func (s LiveState) colour() fyne.ThemeColorName {
	switch s {
	case StateLive:
		return ColorNameLive
	case StatePaused:
		return ColorNameWarn
	case StateDone:
		return theme.ColorNamePrimary
	case StateFailed:
		return ColorNameFault
	}
	return ColorNameMuted
}

// LiveDot is a small coloured dot with a word. Its room does not change with the state's word.
type LiveDot struct {
	widget.BaseWidget
	state LiveState
	text  string
	dot   *canvas.Circle
	label *canvas.Text
}

// NewLiveDot returns a dot that says "ready".
func NewLiveDot() *LiveDot {
	d := &LiveDot{text: StateIdle.String(), dot: &canvas.Circle{}, label: &canvas.Text{}}
	d.ExtendBaseWidget(d)
	return d
}

// Set shows a state. An empty text stands for the state's own word.
func (d *LiveDot) Set(state LiveState, text string) {
	if text == "" {
		text = state.String()
	}
	if state != d.state || text != d.text {
		d.state, d.text = state, text
		d.Refresh()
	}
}

// State is the state shown, with its text.
func (d *LiveDot) State() (LiveState, string) { return d.state, d.text }

// CreateRenderer implements fyne.Widget.
func (d *LiveDot) CreateRenderer() fyne.WidgetRenderer {
	d.ExtendBaseWidget(d)
	const size = 9
	least := func() fyne.Size {
		l := lookOf(d)
		w := widest(append([]string{d.text}, liveWords...), l.text(), plain)
		return fyne.NewSize(size+l.pad()+w, heightOf(l.text(), plain)+4)
	}
	place := func(s fyne.Size) {
		l := lookOf(d)
		put(d.dot, 0, float32(int((s.Height-size)/2)), size, size)
		x := size + l.pad()
		putText(d.label, d.text, x, 0, s.Width-x, s.Height)
	}
	dress := func() {
		l := lookOf(d)
		c := l.colour(d.state.colour())
		d.dot.StrokeColor, d.dot.StrokeWidth, d.dot.FillColor = c, 1.5, c
		if d.state == StateIdle || d.state == StatePaused {
			d.dot.FillColor = l.colour(ColorNamePanel)
		}
		dressText(d.label, c, l.text(), plain)
	}
	return newFace(d, least, place, dress, d.dot, d.label)
}
