package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// strip is a row of exclusive choices: the behaviour that TabBar and Segmented share.
type strip struct {
	control
	labels   []string
	tips     []string
	off      []bool // disabled items
	selected int
	hover    int
	changed  func(int)
	width    func(i int) float32
	inset    float32 // where the first item begins
}

func (s *strip) setup(labels []string, changed func(int), width func(int) float32) {
	s.labels = append([]string(nil), labels...)
	s.tips = make([]string, len(labels))
	s.off = make([]bool, len(labels))
	s.hover = -1
	s.changed = changed
	s.width = width
}

// Select shows item i as chosen; it does not call the callback. An index out of range chooses nothing.
func (s *strip) Select(i int) {
	if i < 0 || i >= len(s.labels) {
		i = -1
	}
	if i != s.selected {
		s.selected = i
		s.Refresh()
	}
}

// Selected is the index of the chosen item, -1 if there is none.
func (s *strip) Selected() int { return s.selected }

// SetItemEnabled makes item i available or greys it out.
func (s *strip) SetItemEnabled(i int, on bool) {
	if i >= 0 && i < len(s.off) && s.off[i] == on {
		s.off[i] = !on
		s.Refresh()
	}
}

// SetItemTip sets the tooltip of item i.
func (s *strip) SetItemTip(i int, text string) {
	if i >= 0 && i < len(s.tips) {
		s.tips[i] = text
	}
}

// choose is what the user does.
func (s *strip) choose(i int) {
	if i < 0 || i >= len(s.labels) || s.off[i] || s.Disabled() || i == s.selected {
		return
	}
	s.Select(i)
	if s.changed != nil {
		s.changed(i)
	}
}

func (s *strip) itemAt(x float32) int {
	left := s.inset
	for i := range s.labels {
		w := s.width(i)
		if x >= left && x < left+w {
			return i
		}
		left += w
	}
	return -1
}

func (s *strip) length() float32 {
	w := s.inset
	for i := range s.labels {
		w += s.width(i)
	}
	return w
}

// Tapped implements fyne.Tappable.
func (s *strip) Tapped(ev *fyne.PointEvent) {
	s.clicked()
	s.choose(s.itemAt(ev.Position.X))
}

// MouseIn implements desktop.Hoverable.
func (s *strip) MouseIn(ev *desktop.MouseEvent) {
	s.hovered = true
	s.setHover(ev)
}

// MouseMoved implements desktop.Hoverable.
func (s *strip) MouseMoved(ev *desktop.MouseEvent) {
	s.control.MouseMoved(ev)
	s.setHover(ev)
}

// MouseOut implements desktop.Hoverable.
func (s *strip) MouseOut() {
	s.hover = -1
	s.control.MouseOut()
}

func (s *strip) setHover(ev *desktop.MouseEvent) {
	i := s.itemAt(ev.Position.X)
	if i == s.hover {
		return
	}
	s.hover = i
	s.Refresh()
	s.stopTip()
	if i >= 0 && s.tips[i] != "" {
		tip := s.tips[i]
		s.tip = func() string { return tip }
		s.startTip(ev)
	}
}

// TypedKey implements fyne.Focusable: the arrows move to the next item that is not greyed out.
func (s *strip) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyUp:
		s.step(s.selected-1, -1)
	case fyne.KeyRight, fyne.KeyDown:
		s.step(s.selected+1, 1)
	case fyne.KeyHome:
		s.step(0, 1)
	case fyne.KeyEnd:
		s.step(len(s.labels)-1, -1)
	default:
		s.pass(ev)
		return
	}
	s.usedKey()
}

func (s *strip) step(from, by int) {
	for i := from; i >= 0 && i < len(s.labels); i += by {
		if !s.off[i] {
			s.choose(i)
			return
		}
	}
}
