package app

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/widgets"
)

// mostSliders bounds the units that have a slider: the most active ones.
const mostSliders = 64

// codeSliders is a slider for each unit of the code, and buttons that set them
// all.
type codeSliders struct {
	v       *codesView
	sliders *widgets.Sliders
	note    *widgets.Caption
	object  fyne.CanvasObject

	order []int // units of the rows, as they were when the run came
	of    *codeProbe
	drawn uint64
	shown *codeSet
}

// slidersWidth is the width of the column in units.
const slidersWidth = 318

func newCodeSliders(v *codesView) *codeSliders {
	c := &codeSliders{v: v}
	c.sliders = widgets.NewSliders(c.moved)
	c.note = widgets.NewCaption("")
	example := widgets.NewActionButton("Example", nil, c.fromExample)
	example.SetTip("The code of example A; choose it on the map")
	zero := widgets.NewActionButton("Zero", nil, func() { c.put(make([]float32, len(c.v.req.slide.code)), c.v.req.slide.unit) })
	zero.SetTip("All units at 0, the middle of the prior")
	random := widgets.NewActionButton("Random", nil, c.random)
	random.SetTip("A code from the prior; without one, as far from the mean as codes are")
	sort := widgets.NewActionButton("Sort", nil, func() {
		c.of = nil
		c.show(c.v.set())
	})
	sort.SetTip("The most active units first, as they are now; the order rests until then")
	buttons := container.New(rowLayout{gap: 5, stretch: -1}, example, zero, random, sort)
	c.object = container.New(fixedLayout{slidersWidth}, container.New(insetLayout{8, 4, 6, 6},
		container.NewBorder(container.New(columnLayout{gap: 3}, buttons, c.note), nil, nil, nil, c.sliders)))
	return c
}

// show follows the codes of a frame.
func (c *codeSliders) show(s *codeSet) {
	if s == nil || c.shown == s && c.of == s.probe {
		return
	}
	if c.of != s.probe || len(c.order) != min(s.units(), mostSliders) {
		c.order = slices.Clone(s.order[:min(s.units(), mostSliders)])
		if c.of != nil || c.v.req.slide == nil {
			c.v.req.slide = &slide{code: s.code(-1), unit: c.order[0], resting: true}
		}
		c.of = s.probe
	}
	if now := c.v.req.slide; now.resting {
		c.v.req.slide = &slide{code: s.code(-1), unit: now.unit, resting: true}
	}
	c.shown = s
	c.refresh()
}

// refresh writes the rows.
func (c *codeSliders) refresh() {
	s, now := c.shown, c.v.req.slide
	if s == nil || now == nil || len(now.code) != s.units() {
		return
	}
	rows := make([]widgets.Slider, len(c.order))
	for i, j := range c.order {
		low, high := s.reach(j)
		note := fmt.Sprintf("σ %.2g", s.deviation[j])
		if s.kl != nil {
			note = fmt.Sprintf("KL %.2f", s.kl[j])
		}
		rows[i] = widgets.Slider{
			Name: fmt.Sprintf("unit %d", j), Note: note, Low: low, High: high,
			Value: float64(now.code[j]), Rest: min(max(s.mean[j], low), high), Muted: s.silent[j],
		}
	}
	c.sliders.SetRows(rows)
	text := "each ±3σ around its mean; grey: carries nothing"
	if len(c.order) < s.units() {
		text = fmt.Sprintf("the %d most active of %d units, each ±3σ", len(c.order), s.units())
	}
	c.note.SetText(text)
}

// moved takes the value of a slider.
func (c *codeSliders) moved(i int, value float64) {
	if c.v.req.slide == nil || i >= len(c.order) {
		return
	}
	code := slices.Clone(c.v.req.slide.code)
	code[c.order[i]] = float32(value)
	c.v.req.slide = &slide{code: code, unit: c.order[i]}
	c.v.aim()
}

// put sets all sliders.
func (c *codeSliders) put(code []float32, unit int) {
	c.v.req.slide = &slide{code: code, unit: unit}
	c.refresh()
	c.v.aim()
}

func (c *codeSliders) fromExample() {
	if s := c.shown; s != nil && c.v.req.slide != nil {
		c.put(s.code(s.ends(c.v.req.chosen)[0]), c.v.req.slide.unit)
	}
}

// random draws a code.
func (c *codeSliders) random() {
	s := c.shown
	if s == nil || c.v.req.slide == nil {
		return
	}
	c.drawn++
	rng := rand.New(rand.NewPCG(s.probe.problem.Recipe.Seed, 1<<32+c.drawn))
	code := s.code(-1)
	least, most := s.bounds.Range()
	for j := range code {
		if e := rng.NormFloat64(); s.probe.prior {
			code[j] = float32(e)
		} else {
			code[j] = float32(min(max(s.mean[j]+e*s.deviation[j], least), most))
		}
	}
	c.put(code, c.v.req.slide.unit)
}

// clear forgets the run.
func (c *codeSliders) clear() {
	c.of, c.shown, c.order = nil, nil, nil
	c.sliders.SetRows(nil)
	c.note.SetText("")
}
