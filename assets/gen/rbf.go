package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"

	"filterscope/engine/experiment"
	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
)

// Sizes of a recipe's picture and of the one for its card, in pixels.
const (
	side       = 364
	cardWidth  = 168
	cardHeight = 110
)

// rbfPictures fits r and writes its pictures.
func rbfPictures(r recipe.Recipe) error {
	ctx := context.Background()
	study, err := experiment.Prepare(ctx, r, nil)
	if err != nil {
		return err
	}
	result, err := experiment.Run(ctx, study, nil)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %.2f s\n", r.Name, result.Seconds)
	painter, err := render.NewPainter(nil)
	if err != nil {
		return err
	}
	large, err := rbfPicture(ctx, painter, result, side, side, false)
	if err != nil {
		return err
	}
	card, err := rbfPicture(ctx, painter, result, cardWidth, cardHeight, true)
	if err != nil {
		return err
	}
	if err := writeImage(r.Name+".png", large); err != nil {
		return err
	}
	return writeImage(r.Name+"-card.png", card)
}

// rbfPicture draws what the result shows; with bare without the axes.
func rbfPicture(ctx context.Context, p *render.Painter, r *experiment.Result, width, height int, bare bool) (image.Image, error) {
	var failed error
	paint := func(dst *image.RGBA, theme render.Theme) image.Rectangle { // returns the plot's area
		switch {
		case r.Study.Recipe.RBF.Task == recipe.TaskCurve:
			basis := r.Study.Basis(r.Network, 600)
			view := p.Basis(dst, basis, theme)
			if r.Study.Recipe.Name == "rbf-1d" {
				return view.Basis.Area
			}
			return view.Fit.Area
		case r.Study.Recipe.RBF.Task == recipe.TaskField:
			field, err := r.Field(ctx, 200)
			failed = err
			field.Stretch = bare
			return p.Field(dst, field, theme).Area
		case r.Contour != nil:
			outline, err := outlineOf(ctx, r, float64(width)/float64(height))
			failed = err
			if bare {
				outline.Normals = linalg.Matrix[float64]{}
			}
			return p.Outline(dst, outline, theme).Area
		}
		body := r.Body()
		if !bare {
			body.Points = r.Study.Cloud.Points
		}
		p.Surface(dst, body, theme)
		return dst.Rect
	}
	if r.Study.Recipe.RBF.Task == recipe.TaskImage {
		return grown(r, width, height), nil
	}
	theme := render.DarkTheme()
	if !bare {
		dst := image.NewRGBA(image.Rect(0, 0, width, height))
		paint(dst, theme)
		return dst, failed
	}
	card, err := cutOut(width, height, func(dst *image.RGBA) image.Rectangle { return paint(dst, theme) })
	if err := errors.Join(failed, err); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Study.Recipe.Name, err)
	}
	return card, nil
}

// cutOut draws in other sizes until the plot alone, whose area paint returns,
// has the size wanted, and cuts it out.
func cutOut(width, height int, paint func(dst *image.RGBA) image.Rectangle) (image.Image, error) {
	w, h := 2*width, 2*height
	for range 60 {
		dst := image.NewRGBA(image.Rect(0, 0, w, h))
		area := paint(dst)
		dx, dy := width-area.Dx(), height-area.Dy()
		if dx == 0 && dy == 0 {
			card := image.NewRGBA(image.Rect(0, 0, width, height))
			draw.Draw(card, card.Rect, dst, area.Min, draw.Src)
			return card, nil
		}
		w, h = max(w+dx, 1), max(h+dy, 1)
	}
	return nil, fmt.Errorf("no plot of %d×%d pixels", width, height)
}

// outlineOf returns the outline over a window of that aspect.
func outlineOf(ctx context.Context, r *experiment.Result, aspect float64) (render.Outline, error) {
	o, err := r.Outline(ctx)
	if err != nil {
		return o, err
	}
	half := (o.Y.Hi - o.Y.Lo) / 2
	y, x := (o.Y.Lo+o.Y.Hi)/2, (o.X.Lo+o.X.Hi)/2
	low, high := []float64{x - aspect*half, y - half}, []float64{x + aspect*half, y + half}
	const nodes = 160
	values, err := r.Predict(ctx, experiment.Lattice(low, high, nodes))
	o.Values = linalg.MatrixOf(nodes, nodes, values)
	o.X, o.Y = render.Window{Lo: low[0], Hi: high[0]}, render.Window{Lo: low[1], Hi: high[1]}
	return o, err
}

// grown evaluates the Gaussians of an image at finer places than they were
// fitted to, over as much of it as has the shape of the picture.
func grown(r *experiment.Result, width, height int) image.Image {
	m := r.Study.Image
	scale := float64(m.Width-1) / float64(width-1)
	top := max(0, (float64(m.Height-1)-scale*float64(height-1))/2)
	x := linalg.NewMatrix[float64](width*height, 2)
	for i := range x.Rows {
		x.Set(i, 0, scale*float64(i%width))
		x.Set(i, 1, top+scale*float64(i/width))
	}
	return experiment.Image{Width: width, Height: height, Pixels: r.Network.Predict(x)}.Gray()
}
