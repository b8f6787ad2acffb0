package render

import (
	"image"

	"filterscope/engine/linalg"
)

// Export draws all filters of w (n×d, one a row) as the picture that is saved,
// in the smallest kind of image that holds it, as [Indexed] does. ScaleUFLDL on
// square grey tiles is the [DisplayNetwork] preset, whatever the columns, the
// gap and the colours asked for. Every o.Zoom-th pixel of the picture is the
// picture of zoom 1.
func Export[T linalg.Float](w linalg.Matrix[T], o MosaicOptions) image.Image {
	g := o.Geometry
	if o.Scaling.Scale == ScaleUFLDL && g.Width == g.Height && g.Channels == 1 {
		return enlarge(DisplayNetwork(w, g.Width, o.Transpose), max(1, o.Zoom))
	}
	return Indexed(w, o.grid(w.Rows), Measure(w, o.Scaling), o.Options)
}

// enlarge repeats every pixel k times in both directions.
func enlarge(img *image.Gray, k int) *image.Gray {
	if k == 1 {
		return img
	}
	size := img.Rect.Size()
	out := image.NewGray(image.Rect(0, 0, size.X*k, size.Y*k))
	for y := range size.Y * k {
		line := out.Pix[y*out.Stride : y*out.Stride+size.X*k]
		from := img.Pix[y/k*img.Stride:]
		for x := range line {
			line[x] = from[x/k]
		}
	}
	return out
}
