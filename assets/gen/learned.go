package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"math/rand/v2"
	"os"
	"path/filepath"

	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/network"
	"filterscope/engine/rbm"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// gap is the space between the tiles of a sheet, in pixels.
const gap = 2

// obtain returns the trained model of r: the one in models, if it is there, or
// one that is trained now.
func obtain(ctx context.Context, r recipe.Recipe, models string) (*train.Problem, *train.Trained, error) {
	problem, err := train.Prepare(ctx, r, nil)
	if err != nil {
		return nil, nil, err
	}
	if models != "" {
		model, err := modelio.Load(filepath.Join(models, r.Name, "model.safetensors"))
		if err == nil {
			trained, err := train.Open(model)
			return problem, trained, err
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, nil, err
		}
	}
	result, err := train.Run(ctx, problem, train.Options{})
	if err != nil {
		return nil, nil, err
	}
	fmt.Printf("%s: J %.5g after %.1f s\n", r.Name, result.Terms.Total(), result.Seconds)
	return problem, result.Trained(), nil
}

// learned writes the picture of what the model does, where that is not its
// filters; ok is false where it is.
func learned(p *train.Problem, t *train.Trained) (ok bool, err error) {
	theta := linalg.Converted[float32](t.Parameters)
	rng := rand.New(rand.NewPCG(p.Recipe.Seed, 'g'))
	switch spec := t.Spec.(type) {
	case network.Variational:
		return true, sheets(p, func(columns, rows int) linalg.Matrix[float32] {
			codes := linalg.NewMatrix[float32](columns*rows, spec.Layers()[spec.Code()].Units)
			if codes.Cols == 2 {
				codes = variational.Grid(make([]float32, 2), 0, 1, variational.Quantiles(columns), variational.Quantiles(rows))
			} else { // from the prior
				for i := range codes.Data {
					codes.Data[i] = float32(rng.NormFloat64())
				}
			}
			out := linalg.NewMatrix[float32](codes.Rows, spec.Visible())
			network.NewNetwork[float32](spec).Decode(theta, codes, out)
			return out
		})
	case network.RBM:
		return true, sheets(p, func(columns, rows int) linalg.Matrix[float32] {
			chain := rbm.NewChain(spec.Model, theta, p.Examples(some(rng, p.Data.N, columns*rows)), p.Recipe.Seed)
			chain.Step(100) // far from the examples that they began at
			return chain.Means()
		})
	case network.Linear:
		return true, square(p.Recipe.Name, t.Encoder(0))
	case network.Selection:
		return true, selected(p.Recipe.Name, spec, t.Parameters)
	case network.Deep:
		if p.Recipe.Model.Kind != recipe.KindDeep || p.Recipe.Name == "linear-30" {
			return false, nil
		}
		return true, returned(p, t)
	}
	return false, nil
}

// returned writes examples, and below each what comes back of it.
func returned(p *train.Problem, t *train.Trained) error {
	const most = 100 // more than a picture has room for
	head := p.Data.Head(most)
	all := make([]int, head.N)
	for i := range all {
		all[i] = i
	}
	x := p.Examples(all)
	seen, out := linalg.NewMatrix[float64](x.Rows, x.Cols), linalg.NewMatrix[float64](x.Rows, x.Cols)
	linalg.Convert(seen, x)
	network.NewNetwork[float64](t.Spec).Reconstruct(t.Parameters, seen, out)
	var pixels [2]linalg.Matrix[float32]
	for k, rows := range []linalg.Matrix[float64]{seen, out} {
		back, err := t.Pipeline.Invert(head, 0, rows)
		if err != nil {
			return err
		}
		pixels[k] = linalg.NewMatrix[float32](back.Rows, back.Cols)
		for i, v := range back.Data {
			pixels[k].Data[i] = float32(v / head.FullScale)
		}
	}
	return sheets(p, func(columns, rows int) linalg.Matrix[float32] {
		both := linalg.NewMatrix[float32](columns*(rows/2*2), pixels[0].Cols)
		for i := range both.Rows {
			copy(both.Row(i), pixels[i/columns%2].Row(i/columns/2*columns+i%columns))
		}
		return both
	})
}

// some draws count of n indices.
func some(rng *rand.Rand, n, count int) []int { return rng.Perm(n)[:count] }

// sheets writes both pictures of a recipe whose result is images between 0 and
// 1, of which make draws so many.
func sheets(p *train.Problem, make func(columns, rows int) linalg.Matrix[float32]) error {
	g := p.Data.Geometry
	zoom := max(1, 53/g.Width)
	pitch := g.Width*zoom + gap
	for name, size := range map[string]image.Point{".png": {side, side}, "-card.png": {cardWidth, cardHeight}} {
		columns, rows := (size.X-gap)/pitch, (size.Y-gap)/pitch
		img := render.Images(make(columns, rows), render.UnitRange(), render.MosaicOptions{Geometry: g, Columns: columns, Zoom: zoom, Gap: gap})
		if err := writeImage(p.Recipe.Name+name, img); err != nil {
			return err
		}
	}
	return nil
}

// square writes a square matrix, zero in middle grey: whole, and the upper half
// of it for the card.
func square(name string, w linalg.Matrix[float64]) error {
	flat := linalg.MatrixOf(1, w.Rows*w.Cols, w.Clone().Data)
	g := dataset.Geometry{Width: w.Cols, Height: w.Rows, Channels: 1}
	picture := func(size int) image.Image {
		grid := render.NewGrid(1, g, 1, max(1, size/w.Cols), 0)
		return render.Indexed(flat, grid, render.Measure(flat, render.Scaling{Centre: render.CentreZero}), render.Options{})
	}
	if err := writeImage(name+".png", picture(side)); err != nil {
		return err
	}
	card := image.NewRGBA(image.Rect(0, 0, cardWidth, cardHeight))
	draw.Draw(card, card.Rect, picture(cardWidth), image.Point{}, draw.Src)
	return writeImage(name+"-card.png", card)
}

// selected writes where which operation is selected, and what comes out.
func selected(name string, spec network.Selection, theta []float64) error {
	s := spec.Model
	x := s.Grid(600)
	shown := render.Selection{
		X: x, Names: s.Operations, Shares: s.Probabilities(theta, x), Soft: s.Output(theta, x), Hard: s.HardOutput(theta, x),
	}
	for i, place := range x {
		y, k := s.Target(place)
		shown.Target = append(shown.Target, y)
		if n := len(shown.Pieces); n > 0 && shown.Pieces[n-1].Operation == k {
			shown.Pieces[n-1].To = place
			continue
		}
		from := place
		if i > 0 {
			from = x[i-1]
		}
		shown.Pieces = append(shown.Pieces, render.Piece{From: from, To: place, Operation: k})
	}
	painter, err := render.NewPainter(nil)
	if err != nil {
		return err
	}
	large := image.NewRGBA(image.Rect(0, 0, side, side))
	painter.Selection(large, shown, render.DarkTheme())
	if err := writeImage(name+".png", large); err != nil {
		return err
	}
	card, err := cutOut(cardWidth, cardHeight, func(dst *image.RGBA) image.Rectangle {
		return painter.Selection(dst, shown, render.DarkTheme()).Shares.Area
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return writeImage(name+"-card.png", card)
}
