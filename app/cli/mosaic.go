package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// mosaicFlags are the flags of mosaic.
type mosaicFlags struct {
	scale, colours, tensor, tile    string
	zoom, columns, gap              int
	invert, transpose, raw, decoder bool
}

func mosaicCommand() *command {
	return &command{
		name: "mosaic",
		args: "MODEL|WEIGHTS.npy|.npz --out mosaic.png [--scale tile|blend|global|unit|ufldl] [--zoom N] [--json]",
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
			c.flags.StringVar(&m.tensor, "tensor", "", "the array `NAME` in an .npz file")
			c.flags.StringVar(&m.tile, "tile", "", "size of a tile `WxH`, when it is not square")
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
	if c.layer != 0 {
		return usagef("--layer %d: this model has one hidden layer, 0", c.layer)
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
	switch strings.ToLower(filepath.Ext(name)) {
	case ".safetensors":
		trained, err := openModel(name)
		if err != nil {
			return none, g, err
		}
		w, g = filters(trained, c.mosaic), trained.Geometry
	case ".npy", ".npz":
		arrays, err := readArrays(name)
		if err != nil {
			return none, g, err
		}
		if w, err = pickArray(arrays, c.mosaic.tensor); err != nil {
			return none, g, fmt.Errorf("%s: %w", name, err)
		}
	default:
		return none, g, usagef("%s: want a .safetensors model, an .npy or an .npz file", name)
	}
	if c.mosaic.tile != "" {
		width, height, _ := strings.Cut(strings.ToLower(c.mosaic.tile), "x")
		var errs [2]error
		g.Channels = 1
		g.Width, errs[0] = strconv.Atoi(width)
		g.Height, errs[1] = strconv.Atoi(height)
		if errors.Join(errs[:]...) != nil || min(g.Width, g.Height) < 1 || max(g.Width, g.Height) > 1<<20 {
			return none, g, usagef("--tile %s: want WIDTHxHEIGHT, for example 28x28", c.mosaic.tile)
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

// filters returns the weights of a model that the flags ask for.
func filters(t *train.Trained, m mosaicFlags) linalg.Matrix[float64] {
	switch {
	case m.decoder:
		return t.Decoder()
	case m.raw:
		return t.Encoder()
	}
	return t.Filters()
}

// readArrays reads an .npy or .npz file.
func readArrays(path string) ([]npy.Named, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if strings.EqualFold(filepath.Ext(path), ".npz") {
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		arrays, err := npy.ReadZip(f, info.Size())
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		return arrays, nil
	}
	a, err := npy.Read(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return []npy.Named{{Name: filepath.Base(path), Array: a}}, nil
}

// pickArray returns the two-dimensional array of that name; without a name the
// encoder's weights, or the only two-dimensional array.
func pickArray(arrays []npy.Named, name string) (linalg.Matrix[float64], error) {
	var names []string
	var matrices []npy.Named
	for _, a := range arrays {
		if len(a.Array.Shape) != 2 {
			continue
		}
		names, matrices = append(names, a.Name), append(matrices, a)
	}
	pick := -1
	for i, n := range names {
		if n == name || name == "" && n == "encoder.0.weight" {
			pick = i
		}
	}
	if pick < 0 && name == "" && len(matrices) == 1 {
		pick = 0
	}
	switch {
	case pick >= 0 && min(matrices[pick].Array.Shape[0], matrices[pick].Array.Shape[1]) == 0:
		return linalg.Matrix[float64]{}, fmt.Errorf("%s is empty: its shape is %v", names[pick], matrices[pick].Array.Shape)
	case pick >= 0:
		a := matrices[pick].Array
		return linalg.MatrixOf(a.Shape[0], a.Shape[1], a.Float64s()), nil
	case len(matrices) == 0:
		return linalg.Matrix[float64]{}, fmt.Errorf("there is no two-dimensional array in it")
	}
	return linalg.Matrix[float64]{}, fmt.Errorf("give --tensor NAME, one of %s", strings.Join(names, ", "))
}

// writeMosaic draws the rows of w into a PNG file and returns its size.
func writeMosaic(path string, w linalg.Matrix[float64], o render.MosaicOptions, meta map[string]string) (image.Point, error) {
	img := render.Export(w, o)
	err := modelio.WriteFile(path, func(out io.Writer) error { return render.EncodePNG(out, img, meta) })
	return img.Bounds().Size(), err
}
