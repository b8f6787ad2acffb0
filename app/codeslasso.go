package app

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/render"
	"filterscope/widgets"
)

// lasso selects the examples inside an outline that is drawn on the map of the
// codes, and shows them as thumbnails below it. The examples stay selected while
// the codes move; the outline stays where it was drawn on the plane.
type lasso struct {
	v *codesView

	examples []int        // of the probe, ascending
	outline  [][2]float64 // on the plane
	plane    planeRequest // that the outline lies on
	drawn    []image.Point

	title   *widgets.Readout
	these   *widgets.ActionButton
	clear   *widgets.ActionButton
	picture *widgets.Picture
	grid    render.Grid
	object  fyne.CanvasObject
}

// Size of the thumbnails of selected examples, and of the strip that shows them,
// in units; larger selections are panned through.
const (
	lassoTile   = 28
	lassoHeight = 96
	lassoStep   = 5 // device pixels between two corners of the outline
)

func newLasso(v *codesView) *lasso {
	l := &lasso{v: v}
	l.title = widgets.NewReadout(30)
	l.these = widgets.NewActionButton("Reconstruct these", nil, func() { v.w.reconstructThese(l.examples) })
	l.these.SetTip("Show what the network makes of these examples")
	l.clear = widgets.NewActionButton("Clear", nil, l.drop)
	l.clear.SetTip("Select none (Esc)")
	l.picture = widgets.NewPicture()
	l.picture.SetMinSize(fyne.NewSize(120, lassoHeight))
	l.picture.OnView = func(image.Rectangle, image.Point) { l.lay() }
	l.picture.OnHover = l.hover
	l.picture.OnPick = func(p image.Point, m fyne.KeyModifier) {
		if i, _, _, ok := l.grid.At(p); ok && i < len(l.examples) {
			k := 0
			if m&fyne.KeyModifierShift != 0 {
				k = 1
			}
			v.chooseExample(k, l.examples[i])
		}
	}
	head := container.New(rowLayout{gap: 8, stretch: 0}, l.title, l.these, l.clear)
	l.object = container.NewStack(widgets.NewPanel(ColorNameStage), container.NewBorder(container.New(insetLayout{12, 4, 12, 4}, head), nil, nil, nil, l.picture))
	l.object.Hide()
	return l
}

// drag follows the pointer, which draws the outline; where it is let go the
// outline closes.
func (l *lasso) drag(from, to image.Point, done bool) {
	s, c := l.v.set(), l.v.frame
	if s == nil || c.codes.image == nil || c.codes.req.mode != codesMap {
		return
	}
	if len(l.drawn) == 0 {
		l.drawn = []image.Point{from}
	}
	if last := l.drawn[len(l.drawn)-1]; dist(last, to) >= lassoStep || done {
		l.drawn = append(l.drawn, to)
	}
	if !done {
		l.v.picture.SetPath(append(slices.Clone(l.drawn), from))
		return
	}
	f, path := c.codes, l.drawn
	l.drawn, l.outline, l.plane = nil, nil, f.req.plane
	for _, p := range path {
		l.outline = append(l.outline, [2]float64{f.scatter.ValueX(float64(p.X) + 0.5), f.scatter.ValueY(float64(p.Y) + 0.5)})
	}
	var in []int
	for i, x := range f.plane.x {
		if encloses(l.outline, x, f.plane.y[i]) {
			in = append(in, i)
		}
	}
	l.choose(in)
}

func dist(a, b image.Point) float64 { return math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)) }

// encloses reports whether a place lies inside a closed outline: whether a ray
// from it crosses the outline an odd number of times.
func encloses(outline [][2]float64, x, y float64) bool {
	in := false
	for i, a := range outline {
		b := outline[(i+1)%len(outline)]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in
}

// choose selects examples, none when there are none.
func (l *lasso) choose(examples []int) {
	if len(examples) == 0 {
		l.drop()
		return
	}
	l.examples = examples
	l.title.SetText(selectedText(l.v.set().probe, examples))
	if !l.object.Visible() {
		l.object.Show()
		l.v.object.Refresh()
		l.v.changed() // the map is smaller now
	}
	l.picture.ScrollTo(image.Point{})
	l.lay()
	l.trace()
}

// drop selects none.
func (l *lasso) drop() {
	l.examples, l.outline, l.drawn = nil, nil, nil
	l.trace()
	if l.object.Visible() {
		l.object.Hide()
		l.v.object.Refresh()
	}
}

// selectedText counts selected examples, and their classes, the most frequent
// first.
func selectedText(p *codeProbe, examples []int) string {
	text := countOf(len(examples), "example") + " selected"
	if p.class == nil {
		return text
	}
	count, order := map[string]int{}, []string(nil)
	for _, i := range examples {
		label := p.label(i)
		if count[label] == 0 {
			order = append(order, label)
		}
		count[label]++
	}
	slices.SortStableFunc(order, func(a, b string) int { return count[b] - count[a] })
	parts := []string{}
	for i, label := range order {
		if i == mostNamed {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, fmt.Sprintf("%s ×%d", label, count[label]))
	}
	return text + ": " + strings.Join(parts, ", ")
}

// mostNamed is how many classes of a selection are named.
const mostNamed = 3

// lay draws the thumbnails for the present width.
func (l *lasso) lay() {
	s := l.v.set()
	_, view := l.picture.View()
	if s == nil || len(l.examples) == 0 || view.X < 2 {
		l.picture.SetContent(0, 0)
		l.picture.SetFrame(nil, image.Point{})
		return
	}
	const gap = 2
	g := s.probe.tile
	zoom := max(1, int(lassoTile*l.v.w.asked.scale)/max(g.Width, g.Height))
	columns := max(1, (view.X-gap)/(g.Width*zoom+gap))
	l.grid = render.NewGrid(len(l.examples), g, columns, zoom, gap)
	size := l.grid.Size()
	l.picture.SetContent(size.X, size.Y)
	visible, _ := l.picture.View()
	if visible.Empty() {
		return
	}
	img := image.NewRGBA(image.Rectangle{Max: visible.Size()})
	render.DrawImages(img, visible, s.probe.tiles, l.grid, s.probe.span, render.Options{Order: l.examples})
	l.picture.SetFrame(img, visible.Min)
}

// hover tells about the thumbnail under the pointer.
func (l *lasso) hover(p image.Point, inside bool) {
	s := l.v.set()
	if i, _, _, ok := l.grid.At(p); inside && ok && s != nil && i < len(l.examples) {
		l.v.card.setNear(s, l.examples[i])
		l.v.w.hovered(s.aboutExample(l.examples[i]))
		return
	}
	l.v.w.hovered("")
}

// trace draws the outline where it lies on the present map, if that shows its
// plane.
func (l *lasso) trace() {
	if len(l.drawn) > 0 {
		return // being drawn
	}
	f := l.v.frame
	if len(l.outline) == 0 || l.v.req.mode != codesMap || f == nil || f.codes == nil || f.codes.image == nil || f.codes.req.plane != l.plane {
		l.v.picture.SetPath(nil)
		return
	}
	path := make([]image.Point, len(l.outline)+1)
	for i := range path {
		q := l.outline[i%len(l.outline)]
		path[i] = image.Pt(int(f.codes.scatter.PixelX(q[0])), int(f.codes.scatter.PixelY(q[1])))
	}
	l.v.picture.SetPath(path)
}
