package app

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"io/fs"
	"slices"

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
	wrap    *wrapLayout
	scroll  *container.Scroll
	object  fyne.CanvasObject
}

func newGallery(recipes []recipe.Recipe, choose func(recipe.Recipe), start, open func()) *gallery {
	g := &gallery{recipes: slices.Clone(recipes), choose: choose}
	slices.SortStableFunc(g.recipes, func(a, b recipe.Recipe) int { return section(a) - section(b) }) // the arrow keys go from card to card
	g.wrap = &wrapLayout{gap: 10, columns: 2}
	learners, fits := container.New(g.wrap), container.New(&wrapLayout{gap: 10, columns: 2})
	for i, r := range g.recipes {
		card := widgets.NewCard(r.Title, r.LookFor, cardTag(r))
		card.SetImage(recipePicture(r.Name, true))
		card.OnTapped = func() { g.pick(i) }
		card.OnActivated = func() {
			g.pick(i)
			start()
		}
		g.cards = append(g.cards, card)
		[]*fyne.Container{learners, fits}[section(r)].Add(card)
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
	titled := func(title string, cards fyne.CanvasObject) fyne.CanvasObject {
		return container.New(columnLayout{gap: 8}, widgets.NewSectionLabel(title), cards)
	}
	g.scroll = widgets.NewVScroll(container.New(insetLayout{16, 10, 10, 16}, container.New(columnLayout{gap: 10},
		titled("Choose something to learn", learners), titled("Or something to fit, by radial basis functions", fits))))
	// The cards scroll beside the chosen recipe, so that Start is always there.
	g.object = container.NewStack(widgets.NewPanel(ColorNameStage), container.New(sideLayout{},
		g.scroll,
		widgets.NewVScroll(container.New(insetLayout{6, 14, 16, 16}, detail))))
	return g
}

// section is the part of the gallery that a recipe belongs to, from 0.
func section(r recipe.Recipe) int {
	if r.IsRBF() {
		return 1
	}
	return 0
}

// pick selects the card of recipe i.
func (g *gallery) pick(i int) {
	if i < 0 || i >= len(g.recipes) {
		return
	}
	g.choose(g.recipes[i])
}

// show shows r as the selected recipe; called is the same under a name that is
// true, with what is still true of it.
func (g *gallery) show(r, called recipe.Recipe) {
	known := false
	for i, other := range g.recipes {
		was := g.cards[i].Selected()
		g.cards[i].SetSelected(other.Name == r.Name)
		if other.Name == r.Name {
			known = true
			if !was {
				g.reveal(g.cards[i])
			}
		}
	}
	g.title.SetText(called.Title)
	g.about.SetText(called.About)
	g.lookFor.SetText("Look for: " + called.LookFor)
	picture := recipePicture(r.Name, false)
	g.picture.SetImage(picture)
	setShown(known && called.About == r.About && picture != nil, g.picture, g.note) // not beside a model of another kind
	setShown(called.LookFor != "", g.lookFor)
}

// reveal scrolls until a card is to be seen.
func (g *gallery) reveal(card *widgets.Card) {
	const air = 12
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(card).Y - driver.AbsolutePositionForObject(g.scroll.Content).Y
	bottom, room := top+card.Size().Height, g.scroll.Size().Height
	offset := g.scroll.Offset
	switch {
	case room <= 0 || card.Size().Height <= 0:
		return // not laid out yet
	case top < offset.Y:
		offset.Y = max(0, top-air)
	case bottom > offset.Y+room:
		offset.Y = bottom - room + air
	default:
		return
	}
	g.scroll.ScrollToOffset(offset)
}

// columns is how many cards are side by side.
func (g *gallery) columns() int { return max(1, g.wrap.now) }

// neighbour returns the recipe delta cards after the one of that name.
func (g *gallery) neighbour(name string, delta int) int {
	for i, r := range g.recipes {
		if r.Name == name {
			return min(max(i+delta, 0), len(g.recipes)-1)
		}
	}
	return 0
}

// cardTag says in a few letters what kind of model a recipe has and what data it
// needs.
func cardTag(r recipe.Recipe) string {
	data := "built in"
	switch {
	case r.IsRBF():
	case r.Data.Source == recipe.SourceMNIST:
		data = "wants MNIST"
	case r.Data.Source == recipe.SourceFiles:
		data = "wants your pictures"
	}
	return cardKinds[r.Model.Kind] + " · " + data
}

// cardKinds are the kinds of models in a word.
var cardKinds = map[string]string{
	recipe.KindSparse: "sparse", recipe.KindDeep: "deep", recipe.KindDenoising: "denoising", recipe.KindVariational: "variational",
	recipe.KindRBM: "RBM", recipe.KindLinear: "linear", recipe.KindStacked: "stacked", recipe.KindSelection: "selection", recipe.KindRBF: "RBF",
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
