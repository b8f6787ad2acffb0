package app

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/widgets"
)

// Sides of the pictures beside the map in units, and the width of their column.
const (
	cardTile  = 140
	smallTile = 67
	cardWidth = 140
)

// codeCard tells about the place under the pointer, the example there, and the
// examples chosen.
type codeCard struct {
	aimed   *widgets.Thumbnail
	place   *widgets.Paragraph
	near    *widgets.Thumbnail
	about   *widgets.Paragraph
	chosen  [2]*widgets.Thumbnail
	caption [2]*widgets.Caption
	object  fyne.CanvasObject

	nearest int // whose picture is shown
	picked  [2]int
	of      *codeProbe
}

func newCodeCard() *codeCard {
	c := &codeCard{nearest: -1, picked: [2]int{-1, -1}}
	c.aimed, c.near = widgets.NewThumbnail(cardTile, cardTile), widgets.NewThumbnail(cardTile/2, cardTile/2)
	c.place, c.about = widgets.NewParagraph("", cardWidth), widgets.NewParagraph("", cardWidth)
	pair := []fyne.CanvasObject{}
	for k := range c.chosen {
		c.chosen[k], c.caption[k] = widgets.NewThumbnail(smallTile, smallTile), widgets.NewCaption("")
		pair = append(pair, container.New(columnLayout{gap: 2}, c.chosen[k], c.caption[k]))
	}
	column := container.New(columnLayout{gap: 3},
		widgets.NewSectionLabel("Decoded here"), c.aimed, c.place,
		widgets.NewSectionLabel("Nearest example"), container.New(rowLayout{stretch: -1}, c.near), c.about,
		widgets.NewSectionLabel("Chosen"), container.New(rowLayout{gap: 6, stretch: -1}, pair...))
	c.object = widgets.NewVScroll(container.New(insetLayout{10, 2, 10, 8}, column))
	c.object.(*container.Scroll).SetMinSize(fyne.NewSize(cardWidth+20, 0))
	c.clear()
	return c
}

// clear forgets everything.
func (c *codeCard) clear() {
	c.aimed.SetImage(nil)
	c.place.SetText("Point at the map: every place is a code, and decodes to a picture.")
	c.setNear(nil, -1)
	for k := range c.chosen {
		c.choose(nil, k, -1)
	}
}

// show takes the pictures of a frame.
func (c *codeCard) show(f *codesFrame) {
	c.of = f.set.probe
	if f.req.mode != codesMap || f.aimed == nil {
		return
	}
	c.aimed.SetImage(f.aimed)
	text := fmt.Sprintf("at (%s, %s)", short(f.place[0]), short(f.place[1]))
	if f.plane.line {
		text = "at " + short(f.place[0])
	}
	if !f.req.aimed {
		text = "the mean code; point at the map to decode other places"
		c.setNear(f.set, f.plane.nearest(f.place))
	}
	if text != c.place.Text() {
		c.place.SetText(text)
	}
}

// picture draws an example of the probe.
func (c *codeCard) picture(p *codeProbe, example int, side float32) *image.RGBA {
	return tileImage(p.tiles.Row(example), p.tile, p.span, int(side))
}

// setNear shows the example under the pointer, -1 for none.
func (c *codeCard) setNear(s *codeSet, example int) {
	if s == nil || example < 0 {
		if c.nearest >= 0 || s == nil {
			c.nearest = -1
			c.near.SetImage(nil)
			c.about.SetText("none near the place")
		}
		return
	}
	if example != c.nearest || c.of != s.probe {
		c.near.SetImage(c.picture(s.probe, example, cardTile/2))
	}
	c.nearest, c.of = example, s.probe
	if text := s.aboutExample(example); text != c.about.Text() {
		c.about.SetText(text)
	}
}

// aboutExample names an example, its class, and the first values of its code.
func (s *codeSet) aboutExample(example int) string {
	text := "example " + thousands(example)
	if label := s.probe.label(example); label != "" {
		text += ", class " + label
	}
	most := 6
	if s.units() > most { // the card is narrow
		most = 3
	}
	var values []string
	for i, j := range s.order {
		if i == most {
			values = append(values, "…")
			break
		}
		if s.units() <= most {
			j = i
		}
		values = append(values, fmt.Sprintf("z%d %s", j, short(float64(s.codes.At(example, j)))))
	}
	return text + ": " + strings.Join(values, ", ")
}

// choose shows the first or the second example chosen, -1 for none.
func (c *codeCard) choose(p *codeProbe, k, example int) {
	name := [2]string{"A", "B"}[k]
	if p == nil || example < 0 {
		c.chosen[k].SetImage(nil)
		c.chosen[k].Hide()
		c.caption[k].SetText([2]string{"A: click", "B: Shift+click"}[k])
		c.picked[k] = -1
		return
	}
	if c.picked[k] == example && c.of == p {
		return
	}
	c.picked[k] = example
	c.chosen[k].SetImage(c.picture(p, example, smallTile))
	c.chosen[k].Show()
	if label := p.label(example); label != "" {
		name += " · " + label
	}
	c.caption[k].SetText(name)
}
