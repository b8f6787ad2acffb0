package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Choice is a compact drop-down list. Its least width is that of its longest option, so it does not change with the
// choice.
type Choice struct {
	control
	OnChange func(option string)

	options  []string
	selected string
	box      *canvas.Rectangle
	over     *canvas.Rectangle
	focus    *canvas.Rectangle
	label    *canvas.Text
	arrow    *canvas.Image
	badge    *Badge
	narrow   bool // inside a row, which gives it its width
}

var (
	_ fyne.Tappable     = (*Choice)(nil)
	_ fyne.Focusable    = (*Choice)(nil)
	_ desktop.Hoverable = (*Choice)(nil)
)

// NewChoice returns a list with its first option chosen. onChange gets the option the user chooses.
func NewChoice(options []string, onChange func(option string)) *Choice {
	c := &Choice{
		OnChange: onChange, box: &canvas.Rectangle{}, over: &canvas.Rectangle{}, focus: &canvas.Rectangle{},
		label: &canvas.Text{}, arrow: newIcon(nil), badge: NewBadge("", ""),
	}
	c.options = append([]string(nil), options...)
	if len(options) > 0 {
		c.selected = options[0]
	}
	c.init(c)
	return c
}

// SetOptions replaces the options. The choice is kept, even if it is no longer among them.
func (c *Choice) SetOptions(options []string) {
	c.options = append([]string(nil), options...)
	c.Refresh()
}

// Options returns the options; the slice must not be changed.
func (c *Choice) Options() []string { return c.options }

// SetSelected shows option as chosen; it does not call OnChange. It need not be among the options.
func (c *Choice) SetSelected(option string) {
	if option != c.selected {
		c.selected = option
		c.Refresh()
	}
}

// Selected is the chosen option.
func (c *Choice) Selected() string { return c.selected }

func (c *Choice) choose(option string) {
	if c.Disabled() || option == c.selected {
		return
	}
	c.SetSelected(option)
	if c.OnChange != nil {
		c.OnChange(option)
	}
}

// Tapped implements fyne.Tappable: it opens the list.
func (c *Choice) Tapped(*fyne.PointEvent) {
	c.clicked()
	c.open()
}

func (c *Choice) open() {
	cv := canvasOf(c)
	if cv == nil || c.Disabled() || len(c.options) == 0 {
		return
	}
	items := make([]*fyne.MenuItem, len(c.options))
	for i, o := range c.options {
		items[i] = fyne.NewMenuItem(o, func() { c.choose(o) })
		items[i].Checked = o == c.selected
	}
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), cv)
	pop.ShowAtRelativePosition(fyne.NewPos(0, c.Size().Height+1), c)
	least := pop.MinSize()
	pop.Resize(fyne.NewSize(max(least.Width, c.Size().Width), least.Height))
}

// TypedKey implements fyne.Focusable: Space, Enter and down open the list, left and right step through it.
func (c *Choice) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		c.usedKey()
		c.open()
	case fyne.KeyLeft:
		c.step(-1)
	case fyne.KeyRight:
		c.step(1)
	default:
		c.pass(ev)
	}
}

func (c *Choice) step(by int) {
	c.usedKey()
	at := -by // an unknown choice steps to the first option
	for i, o := range c.options {
		if o == c.selected {
			at = i
		}
	}
	if at += by; at >= 0 && at < len(c.options) {
		c.choose(c.options[at])
	}
}

// TypedRune implements fyne.Focusable. Space arrives as a key too, and is used there.
func (c *Choice) TypedRune(r rune) {
	if r != ' ' {
		c.control.TypedRune(r)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Choice) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	return newFace(c, c.least, c.place, c.dress, c.box, c.over, c.label, c.badge, c.arrow, c.focus)
}

const (
	arrowSize   float32 = 14
	choiceInset float32 = 8 // as in a NumberEntry
)

func (c *Choice) least() fyne.Size {
	l := lookOf(c)
	w := hitHeight
	if !c.narrow {
		w = widest(append([]string{c.selected}, c.options...), l.text(), plain)
	}
	return fyne.NewSize(w+choiceInset+l.pad()+arrowSize+l.pad(), hitHeight)
}

func (c *Choice) place(s fyne.Size) {
	l := lookOf(c)
	y := float32(int((s.Height - hitHeight) / 2))
	h := hitHeight - 2
	put(c.box, 0, y+1, s.Width, h)
	put(c.over, 0, y+1, s.Width, h)
	put(c.focus, 0, y+1, s.Width, h)
	ax := s.Width - l.pad() - arrowSize
	put(c.arrow, ax, y+(hitHeight-arrowSize)/2, arrowSize, arrowSize)
	putText(c.label, c.selected, choiceInset, y, ax-choiceInset, hitHeight)
	bw := c.badge.MinSize().Width
	bx := ax - l.pad() - bw
	put(c.badge, bx, y+1, bw, h)
	show(c.badge, bw > 0 && choiceInset+widthOf(c.selected, l.text(), plain)+l.pad() <= bx)
}

func (c *Choice) dress() {
	l := lookOf(c)
	c.box.FillColor, c.box.CornerRadius = l.colour(theme.ColorNameInputBackground), l.radius()
	c.over.FillColor, c.over.CornerRadius = hoverFill(l, c.hovered && !c.Disabled()), l.radius()
	dressRing(c.focus, l, c.ring(), theme.ColorNamePrimary)
	name := theme.ColorNameForeground
	if c.Disabled() {
		name = theme.ColorNameDisabled
	}
	dressText(c.label, l.colour(name), l.text(), plain)
	c.arrow.Resource = theme.NewColoredResource(l.th.Icon(theme.IconNameArrowDropDown), name)
}
