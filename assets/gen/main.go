// Command gen draws the pictures among the assets: what each built-in recipe
// learns, a strip of it for the recipe's card, and the program's icon. It
// trains the recipes, so it takes a minute or two:
//
//	go run ./assets/gen [-mnist FOLDER] [-photographs FOLDER] [-models FOLDER] [-only PREFIX]
//
// Models in FOLDER/NAME/model.safetensors are drawn as they are; those of the large
// recipes take minutes to train.
//
// Recipes whose data are not there keep the pictures they have.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

func main() {
	mnist := flag.String("mnist", "", "the folder of the MNIST files")
	photographs := flag.String("photographs", "", "a folder of photographs")
	models := flag.String("models", "", "a folder of models that are trained already")
	only := flag.String("only", "", "draw the recipes whose names begin so")
	flag.Parse()
	var errs []error
	for _, r := range recipe.Builtin() {
		switch {
		case !strings.HasPrefix(r.Name, *only):
			continue
		case r.IsRBF():
			errs = append(errs, rbfPictures(r))
			continue
		case r.Data.Source == recipe.SourceMNIST && *mnist != "":
			r = r.WithData(*mnist)
		case r.Data.Source == recipe.SourceFiles && *photographs != "":
			r = r.WithData(*photographs)
		}
		errs = append(errs, pictures(r, *models))
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pictures trains r and writes its pictures: what the model does, or its
// filters.
func pictures(r recipe.Recipe, models string) error {
	if r.Name == "relu-nan" { // fails as it is: its cure is shown
		var err error
		for _, change := range []string{"model.initialiser=he", "optimizer.clip_norm=5"} {
			if r, err = r.Set(change); err != nil {
				return err
			}
		}
	}
	problem, trained, err := obtain(context.Background(), r, models)
	if errors.Is(err, train.ErrNoData) || errors.Is(err, dataset.ErrNoMNIST) {
		fmt.Printf("%s: no data, pictures kept\n", r.Name)
		return nil
	}
	if err != nil {
		return err
	}
	if ok, err := learned(problem, trained); ok {
		return err
	}
	w, g := trained.Filters(0), problem.Data.Geometry
	columns := render.UFLDLColumns(w.Rows)
	columns = min(columns, (side-gap)/(g.Width+gap))
	shown := w.Slice(0, min(w.Rows, columns*columns))
	large := render.NewGrid(shown.Rows, g, columns, render.FitZoom(shown.Rows, g, columns, gap, side, side), gap)
	if err := write(r.Name+".png", shown, large, render.Indexed[float64]); err != nil {
		return err
	}
	zoom := max(1, 53/g.Width)
	pitch := g.Width*zoom + gap
	columns, rows := (cardWidth-gap)/pitch, (cardHeight-gap)/pitch
	n := min(columns*rows, w.Rows)
	if err := write(r.Name+"-card.png", w.Slice(0, n), render.NewGrid(n, g, columns, zoom, gap), render.Indexed[float64]); err != nil {
		return err
	}
	if r.Name == recipe.Builtin()[0].Name {
		return icon(w, g)
	}
	return nil
}

type drawer = func(linalg.Matrix[float64], render.Grid, render.Contrast, render.Options) image.Image

func write(name string, w linalg.Matrix[float64], grid render.Grid, draw drawer) error {
	img := draw(w, grid, render.Measure(w, render.Scaling{}), render.Options{})
	return writeImage(name, img)
}

func writeImage(name string, img image.Image) error {
	path := filepath.Join("assets", "recipes", name)
	return modelio.WriteFile(path, func(out io.Writer) error { return render.EncodePNG(out, img, nil) })
}

// icon draws nine filters on a dark ground with round corners.
func icon(w linalg.Matrix[float64], g dataset.Geometry) error {
	const size, radius, tiles = 256, 44, 3
	n := min(tiles*tiles, w.Rows)
	zoom := (size - 40) / (tiles*g.Width + 2)
	grid := render.NewGrid(n, g, tiles, zoom, 6)
	picked := w.Slice(0, n)
	mosaic := render.Indexed(picked, grid, render.Measure(picked, render.Scaling{}), render.Options{Mat: color.RGBA{24, 24, 24, 255}})
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			dx, dy := max(radius-x, x-(size-1-radius), 0), max(radius-y, y-(size-1-radius), 0)
			if dx*dx+dy*dy <= radius*radius {
				img.SetNRGBA(x, y, color.NRGBA{24, 24, 24, 255})
			}
		}
	}
	at := image.Pt((size-grid.Size().X)/2, (size-grid.Size().Y)/2)
	draw.Draw(img, image.Rectangle{at, at.Add(grid.Size())}, mosaic, image.Point{}, draw.Src)
	return modelio.WriteFile(filepath.Join("assets", "icon.png"), func(out io.Writer) error { return render.EncodePNG(out, img, nil) })
}
