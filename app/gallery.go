package app

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"io/fs"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"filterscope/assets"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// Widths in units: of the text about the selected recipe, and of the picture
// of what it learns.
const (
	detailWidth  = 300
	pictureWidth = 364
)

// gallery is the first thing to see: a card for each recipe, the selected
// one's picture, and one big Start.
type gallery struct {
	recipes []recipe.Recipe
	cards   []*widgets.Card
	choose  func(r recipe.Recipe)

	title   *widgets.Heading
	about   *widgets.Paragraph
	lookFor *widgets.Paragraph
	note    *widgets.Caption
	picture *widgets.Thumbnail
	start   *widgets.ActionButton
	object  fyne.CanvasObject
}

func newGallery(recipes []recipe.Recipe, choose func(recipe.Recipe), start, open func()) *gallery {
	g := &gallery{recipes: recipes, choose: choose}
	learners, fits := container.New(wrapLayout{gap: 10, columns: 2}), container.New(wrapLayout{gap: 10, columns: 2})
	for i, r := range recipes {
		card := widgets.NewCard(r.Title, r.LookFor, cardTag(r))
		card.SetImage(recipePicture(r.Name, true))
		card.OnTapped = func() { g.pick(i) }
		card.OnActivated = func() {
			g.pick(i)
			start()
		}
		g.cards = append(g.cards, card)
		if r.IsRBF() {
			fits.Add(card)
		} else {
			learners.Add(card)
		}
	}
	g.title = widgets.NewHeading("")
	g.about, g.lookFor = widgets.NewParagraph("", detailWidth), widgets.NewParagraph("", detailWidth)
	g.note = widgets.NewCaption("As it came out when the recipe was made; yours grows before your eyes")
	g.picture = widgets.NewClearThumbnail(pictureWidth, pictureWidth)
	g.start = widgets.NewPrimaryButton("Start", theme.MediaPlayIcon(), start)
	g.start.SetTip("Load the data and begin (Space)")
	openButton := widgets.NewActionButton("Open your own…", theme.FolderOpenIcon(), open)
	openButton.SetTip("Images, a folder, IDX, NPY or CSV files, a point cloud, a model or a recipe (Ctrl+O); dropping them on the window does the same")
	text := container.New(columnLayout{gap: 12}, g.title, g.about, g.lookFor,
		container.New(fixedLayout{150}, g.start), openButton)
	detail := container.New(columnLayout{gap: 16}, text, g.picture, g.note)
	section := func(title string, cards fyne.CanvasObject) fyne.CanvasObject {
		return container.New(columnLayout{gap: 8}, widgets.NewSectionLabel(title), cards)
	}
	// The cards scroll beside the chosen recipe, so that Start is always there.
	g.object = container.NewStack(widgets.NewPanel(ColorNameStage), container.New(sideLayout{},
		container.NewVScroll(container.New(insetLayout{16, 10, 10, 16}, container.New(columnLayout{gap: 10},
			section("Choose something to learn", learners), section("Or something to fit, by radial basis functions", fits)))),
		container.NewVScroll(container.New(insetLayout{6, 14, 16, 16}, detail))))
	return g
}

// pick selects the card of recipe i.
func (g *gallery) pick(i int) {
	if i < 0 || i >= len(g.recipes) {
		return
	}
	g.choose(g.recipes[i])
}

// show shows r as the selected recipe.
func (g *gallery) show(r recipe.Recipe) {
	known := false
	for i, other := range g.recipes {
		g.cards[i].SetSelected(other.Name == r.Name)
		known = known || other.Name == r.Name
	}
	g.title.SetText(r.Title)
	g.about.SetText(r.About)
	g.lookFor.SetText("Look for: " + r.LookFor)
	g.picture.SetImage(recipePicture(r.Name, false))
	setShown(known, g.picture, g.note)
	setShown(r.LookFor != "", g.lookFor)
}

// neighbour returns the recipe delta cards after the one of that name.
func (g *gallery) neighbour(name string, delta int) int {
	for i, r := range g.recipes {
		if r.Name == name {
			return min(max(i+delta, 0), len(g.recipes)-1)
		}
	}
	return 0
}

// cardTag says in a few letters what a recipe needs.
func cardTag(r recipe.Recipe) string {
	switch r.Data.Source {
	case recipe.SourceMNIST:
		return "wants MNIST"
	case recipe.SourceFiles:
		return "wants your pictures"
	}
	return "built in"
}

// recipePicture returns the picture of what a built-in recipe learned, nil
// when there is none. The small one is for a card.
func recipePicture(name string, small bool) *image.RGBA {
	file := "recipes/" + name + ".png"
	if small {
		file = "recipes/" + name + "-card.png"
	}
	data, err := fs.ReadFile(assets.Recipes, file)
	if err != nil {
		return nil
	}
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	img := image.NewRGBA(image.Rectangle{Max: decoded.Bounds().Size()})
	draw.Draw(img, img.Rect, decoded, decoded.Bounds().Min, draw.Src)
	return img
}
