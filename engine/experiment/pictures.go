package experiment

import (
	"context"
	"image"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/surface"
)

// Basis returns the picture of a curve's network at so many places: of a fitted
// one, or with its centres and widths alone.
func (s *Study) Basis(n *rbf.Network, samples int) render.Basis {
	x := Lattice(s.Low, s.High, samples)
	b := render.Basis{
		X: x.Data, Phi: n.Basis(x), Weights: n.Weights, PointX: s.Train.X.Clone().Data, PointY: s.Train.Y,
		Centres: n.Centres.Clone().Data, Widths: n.Widths, Selected: -1,
	}
	if len(n.Weights) == n.Centres.Rows && len(n.Tail) == n.Terms() {
		b.Fit, b.PointFit = n.Predict(x), n.Predict(s.Train.X)
	}
	if s.Truth != nil {
		b.Target = make([]float64, samples)
		for i := range b.Target {
			b.Target[i] = s.Truth(x.Row(i))
		}
	}
	return b
}

// Field returns the picture of a field's fit, side by side places, or of an
// image.
func (r *Result) Field(ctx context.Context, side int) (render.Field, error) {
	s := r.Study
	if s.Recipe.RBF.Task == recipe.TaskImage {
		values, err := r.Reconstruction(ctx)
		if err != nil {
			return render.Field{}, err
		}
		return render.Field{
			Values: linalg.MatrixOf(s.Image.Height, s.Image.Width, values.Pixels), Pixels: true, Contours: -1,
			Limits: render.Window{Lo: 0, Hi: 1}, Selected: -1,
		}, nil
	}
	values, err := r.Predict(ctx, Lattice(s.Low, s.High, side))
	if err != nil {
		return render.Field{}, err
	}
	f := render.Field{
		Values: linalg.MatrixOf(side, side, values), Selected: -1,
		X: render.Window{Lo: s.Low[0], Hi: s.High[0]}, Y: render.Window{Lo: s.Low[1], Hi: s.High[1]},
		Points: s.Train.X, PointValues: s.Train.Y,
	}
	if r.Network != nil {
		f.Centres, f.Widths = r.Network.Centres, r.Network.Widths
	}
	return f, nil
}

// Reconstruction returns what the network makes of its image.
func (r *Result) Reconstruction(ctx context.Context) (Image, error) {
	m := r.Study.Image
	places := linalg.NewMatrix[float64](m.Width*m.Height, 2)
	for i := range places.Rows {
		places.Set(i, 0, float64(i%m.Width))
		places.Set(i, 1, float64(i/m.Width))
	}
	values, err := r.Predict(ctx, places)
	return Image{Width: m.Width, Height: m.Height, Pixels: values}, err
}

// Gray returns the image with 0 as black and 1 as white; what is beyond is cut
// off.
func (m Image) Gray() *image.Gray {
	img := image.NewGray(image.Rect(0, 0, m.Width, m.Height))
	for i, v := range m.Pixels {
		img.Pix[i] = uint8(255*max(0, min(1, v)) + 0.5)
	}
	return img
}

// Outline returns the picture of a curve through a cloud, over the sign of its
// function.
func (r *Result) Outline(ctx context.Context) (render.Outline, error) {
	grid, err := r.Implicit.Grid(ctx, 0)
	if err != nil {
		return render.Outline{}, err
	}
	window := func(low float64, cells int) render.Window {
		return render.Window{Lo: low, Hi: low + float64(cells-1)*grid.Step}
	}
	o := render.Outline{
		Values: grid.Values, X: window(grid.Low[0], grid.Values.Cols), Y: window(grid.Low[1], grid.Values.Rows),
		Points: r.Implicit.Cloud.Points, Normals: r.Implicit.Cloud.Normals,
	}
	for _, c := range r.Contour {
		o.Curves = append(o.Curves, polyline(c))
	}
	return o, nil
}

// polyline repeats the first point of a closed line, as render wants it.
func polyline(c surface.Polyline) render.Polyline {
	line := append(render.Polyline(nil), c.Points...)
	if c.Closed && len(line) > 0 {
		line = append(line, line[0])
	}
	return line
}

// Body returns the picture of a mesh in space.
func (r *Result) Body() render.Surface {
	return render.Surface{Vertices: r.Mesh.Vertices, Normals: r.Mesh.Normals, Triangles: r.Mesh.Triangles}
}
