package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// mosaicFlags are the flags of mosaic.
type mosaicFlags struct {
	scale, colours                  string
	tensor, tile, through           string
	zoom, columns, gap              int
	invert, transpose, raw, decoder bool
}

func mosaicCommand() *command {
	return &command{
		name: "mosaic",
		args: "MODEL|WEIGHTS.npy|.npz|.mat|.safetensors --out mosaic.png [--scale tile|blend|global|unit|ufldl] [--zoom N] [--json]",
		about: "draw the filters of a model, or the rows of a matrix, as a PNG\n" +
			"Zero is level 127 of 255, except with --scale ufldl, which is the picture of UFLDL's display_network.",
		flags: func(c *call) {
			m := &c.mosaic
			c.flags.StringVar(&c.out, "out", "", "write the picture to `FILE`.png")
			c.flags.StringVar(&m.scale, "scale", "tile", "the contrast: `tile`, blend, global, unit or ufldl")
			c.flags.StringVar(&m.colours, "map", "grey", "the colours: `grey`, blue-white-orange or blue-black-orange")
			c.flags.IntVar(&m.zoom, "zoom", 1, "enlarge every pixel `N` times, 1 to 16")
			c.flags.IntVar(&m.columns, "columns", 0, "tiles in a row; 0 is UFLDL's rule")
			c.flags.IntVar(&m.gap, "gap", 1, "pixels between tiles, 0 to 8, before zooming")
			c.flags.IntVar(&c.layer, "layer", 0, "the layer `K`, counted from 0")
			c.flags.BoolVar(&m.decoder, "decoder", false, "draw the decoder's weights instead of the encoder's")
			c.flags.BoolVar(&m.raw, "raw", false, "draw weights on whitened data as they are, not in pixel space")
			c.flags.BoolVar(&m.invert, "invert", false, "exchange black and white")
			c.flags.BoolVar(&m.transpose, "transpose", false, "pixels are stored column by column, as MATLAB does")
			c.flags.StringVar(&m.tensor, "tensor", "", "the array `NAME` in a file of several")
			c.flags.StringVar(&m.through, "through", "", "multiply by the whitening matrix `NAME` of the same file")
			c.flags.StringVar(&m.tile, "tile", "", "size of a tile `WxH` or WxHx3, when it is not square")
			jsonFlag(c)
		},
		run: runMosaic,
	}
}

func runMosaic(_ context.Context, t Terminal, c *call) error {
	name, err := c.want("model or weights file")
	if err != nil {
		return err
	}
	if err := c.checkOut(".png"); err != nil {
		return err
	}
	m := c.mosaic
	if m.zoom < 1 || m.zoom > 16 || m.gap < 0 || m.gap > 8 || m.columns < 0 || m.columns > 1<<16 {
		return usagef("want --zoom 1 to 16, --gap 0 to 8, --columns 0 to 65536")
	}
	o := render.MosaicOptions{Columns: m.columns, Zoom: m.zoom, Gap: m.gap}
	if o.Scaling.Scale, err = render.ParseScale(m.scale); err != nil {
		return usageError{err.Error()}
	}
	o.Scaling.Blend = 0.5
	if o.Map, err = render.ParseMap(m.colours); err != nil {
		return usageError{err.Error()}
	}
	o.Invert, o.Transpose = m.invert, m.transpose
	w, g, err := c.weights(name)
	if err != nil {
		return err
	}
	o.Geometry = g
	b := render.NewGrid(w.Rows, g, o.Columns, o.Zoom, o.Gap*o.Zoom).Bounds()
	if b.Dx() > maxPixels/max(b.Dy(), 1) {
		return fmt.Errorf("%d filters of %d×%d at zoom %d make a picture of %d×%d pixels: give a smaller --zoom", w.Rows, g.Width, g.Height, o.Zoom, b.Dx(), b.Dy())
	}
	size, err := writeMosaic(c.out, w, o, map[string]string{"Software": "Filterscope " + Version(), "Scale": m.scale, "Source": filepath.Base(name)})
	if err != nil {
		return err
	}
	if c.json {
		return printJSON(t.Out, struct {
			Filters int      `json:"filters"`
			Width   int      `json:"width"`
			Height  int      `json:"height"`
			Files   []string `json:"files"`
		}{w.Rows, size.X, size.Y, []string{c.out}})
	}
	fmt.Fprintf(t.Out, "%s: %d filters, %d×%d pixels\n", c.out, w.Rows, size.X, size.Y)
	return nil
}

// maxPixels bounds a picture: what other programs still open, and 256 MB of
// grey levels.
const maxPixels = 1 << 28

// weights reads the filters to draw, one a row, and the size of a tile.
func (c *call) weights(name string) (linalg.Matrix[float64], dataset.Geometry, error) {
	var none linalg.Matrix[float64]
	var w linalg.Matrix[float64]
	var g dataset.Geometry
	trained, err := openModel(name)
	switch {
	case err == nil:
		if err := checkLayer(trained, c.layer); err != nil {
			return none, g, err
		}
		w, g = filters(trained, max(c.layer, 0), c.mosaic), trained.Geometry
	case !slices.Contains(modelio.ArrayEndings(), strings.ToLower(filepath.Ext(name))):
		return none, g, usagef("%s: want a .safetensors model, or arrays in one of %s", name, strings.Join(modelio.ArrayEndings(), ", "))
	default:
		if w, g, err = c.arrayFilters(name); err != nil {
			return none, g, err
		}
	}
	if tile, given, err := c.mosaic.geometry(); given || err != nil {
		if g = tile; err != nil {
			return none, g, err
		}
	}
	if !g.IsImage() {
		g = dataset.Geometry{Channels: 1, Width: int(math.Sqrt(float64(w.Cols)) + 0.5)}
		g.Height = g.Width
	}
	if g.Features() != w.Cols {
		return none, g, fmt.Errorf("%s: rows of %d weights are no %d×%d tiles: give --tile WIDTHxHEIGHT", name, w.Cols, g.Width, g.Height)
	}
	return w, g, nil
}

// arrayFilters reads the filters among the arrays of a file.
func (c *call) arrayFilters(name string) (linalg.Matrix[float64], dataset.Geometry, error) {
	var none linalg.Matrix[float64]
	arrays, err := modelio.ReadArrays(name)
	if err != nil {
		return none, dataset.Geometry{}, err
	}
	f, err := modelio.PickFilters(arrays, c.mosaic.tensor)
	if err != nil {
		return none, dataset.Geometry{}, fmt.Errorf("%s: %w", name, err)
	}
	if through := c.mosaic.through; through != "" {
		fits := modelio.Whitenings(arrays, f.Weights.Cols)
		k := slices.IndexFunc(fits, func(a modelio.Array) bool { return a.Name == through })
		if k < 0 {
			return none, dataset.Geometry{}, fmt.Errorf("%s: --through %s: there is no %d×%d matrix of that name in it", name, through, f.Weights.Cols, f.Weights.Cols)
		}
		f = f.Through(linalg.MatrixOf(f.Weights.Cols, f.Weights.Cols, fits[k].Values))
	}
	if tile, given, err := c.mosaic.geometry(); given || err != nil {
		if f.Geometry = tile; err != nil {
			return none, tile, err
		}
		if tile.Features() != f.Weights.Cols {
			return f.Weights, tile, nil // which is refused where models are too
		}
	}
	return f.Arranged(), f.Geometry, nil
}

// geometry returns the size of a tile that the flags give.
func (m mosaicFlags) geometry() (g dataset.Geometry, given bool, err error) {
	if m.tile == "" {
		return g, false, nil
	}
	g, err = dataset.ParseGeometry(m.tile)
	if err != nil {
		return g, true, usagef("--tile %s: %s", m.tile, err)
	}
	return g, true, nil
}

// filters returns the weights of a model that the flags ask for.
func filters(t *train.Trained, layer int, m mosaicFlags) linalg.Matrix[float64] {
	switch {
	case m.decoder:
		return t.Decoder(layer)
	case m.raw:
		return t.Encoder(layer)
	}
	return t.Filters(layer)
}

// writeMosaic draws the rows of w into a PNG file and returns its size.
func writeMosaic(path string, w linalg.Matrix[float64], o render.MosaicOptions, meta map[string]string) (image.Point, error) {
	img := render.Export(w, o)
	err := modelio.WriteFile(path, func(out io.Writer) error { return render.EncodePNG(out, img, meta) })
	return img.Bounds().Size(), err
}
