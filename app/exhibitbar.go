package app

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"filterscope/engine/dataset"
	"filterscope/widgets"
)

// exhibitBar chooses what of a file of weights the Filters view shows.
type exhibitBar struct {
	choose func(c exhibitChoice)

	array     *widgets.Choice
	transpose *widgets.CheckRow
	columns   *widgets.CheckRow
	tile      *widgets.TextField
	through   *widgets.Choice
	label     *widgets.Readout
	object    *fyne.Container

	shown *exhibit
}

// directly is the choice of no whitening matrix.
const directly = "as they are"

func newExhibitBar(choose func(c exhibitChoice)) *exhibitBar {
	b := &exhibitBar{choose: choose}
	b.array = widgets.NewChoice(nil, func(string) {
		for k, option := range b.array.Options() {
			if option == b.array.Selected() && k < len(b.shown.all) {
				b.choose(b.shown.first(k))
			}
		}
	})
	b.array.SetTip("Which array of the file to show, one filter a row")
	b.transpose = widgets.NewCheckRow("Transpose", func(on bool) {
		c := b.shown.choice
		c.transpose, c.tile, c.through = on, dataset.Geometry{}, ""
		b.choose(c)
	})
	b.transpose.SetTip("Take the columns of the matrix as the filters, not its rows")
	b.columns = widgets.NewCheckRow("By columns", func(on bool) {
		b.change(func(c *exhibitChoice) { c.columns = on })
	})
	b.columns.SetTip("The pixels of a tile are stored column by column, as MATLAB and Octave do: tick it when strokes lie on their side")
	b.tile = widgets.NewTextField("W×H or W×H×3")
	b.tile.Check = func(text string) (int, string) {
		if b.shown == nil || text == "" {
			return 0, ""
		}
		if _, err := dataset.ParseGeometry(text); err != nil {
			return 0, "e.g. 28x28"
		}
		return 0, ""
	}
	b.tile.OnCommit = func(text string) {
		b.change(func(c *exhibitChoice) { c.tile, _ = dataset.ParseGeometry(text) })
	}
	b.through = widgets.NewChoice([]string{directly}, func(option string) {
		b.change(func(c *exhibitChoice) {
			c.through = option
			if option == directly {
				c.through = ""
			}
		})
	})
	b.through.SetTip("Multiply the filters by a whitening matrix of the same file: what they see in pixels")
	b.label = widgets.NewMutedReadout(9)
	b.label.SetText("through")
	row := container.New(rowLayout{gap: 8, stretch: 6}, b.array, b.transpose, b.columns, container.New(fixedLayout{96}, b.tile), b.label, b.through, widgets.NewSpace(1, 1))
	b.object = container.NewStack(widgets.NewPanel(ColorNameStage), container.New(insetLayout{12, 0, 12, 4}, row))
	b.object.Hide()
	return b
}

func (b *exhibitBar) change(f func(c *exhibitChoice)) {
	c := b.shown.choice
	f(&c)
	b.choose(c)
}

// show follows the exhibit, nil for none.
func (b *exhibitBar) show(e *exhibit) {
	b.shown = e
	setShown(e != nil, b.object)
	if e == nil {
		return
	}
	seen := map[string]int{}
	var options []string
	for _, f := range e.all {
		name, part, _ := strings.Cut(f.Name, ": ") // of a vector: the encoder or the decoder in it
		text := fmt.Sprintf("%s %d×%d", strings.TrimSpace(middle(arrayName(name), 20)+" "+part), f.Weights.Rows, f.Weights.Cols)
		if seen[text]++; seen[text] > 1 {
			text += fmt.Sprintf(" (%d)", seen[text])
		}
		options = append(options, text)
	}
	b.array.SetOptions(options)
	b.array.SetSelected(options[e.choice.filters])
	b.transpose.SetChecked(e.choice.transpose)
	b.columns.SetChecked(e.choice.columns)
	setShown(e.tile.IsImage(), b.columns)
	text := ""
	if e.tile.IsImage() {
		text = tileText(e.tile)
	}
	b.tile.SetValue(text)
	through := e.throughs(e.choice)
	b.through.SetOptions(append([]string{directly}, through...))
	b.through.SetSelected(directly)
	if e.choice.through != "" {
		b.through.SetSelected(e.choice.through)
	}
	setShown(len(through) > 0, b.through, b.label)
}
