package app

import (
	"image"
	"image/draw"
	"math"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
	"filterscope/engine/surface"
)

// rbfPanels is where the parts of a picture lie, and how their pixels and the
// data belong together. A part that is not shown has an empty rectangle; the
// pixels of its view are counted from the corner of its rectangle.
type rbfPanels struct {
	basis    render.BasisView // of a curve: the whole picture
	field    render.FieldView
	fieldAt  image.Rectangle
	relief   render.SurfaceView
	reliefAt image.Rectangle
	images   [3]render.FieldView // original, reconstruction, error
	imagesAt [3]image.Rectangle
	chart    render.View
	chartAt  image.Rectangle
	curves   render.Curves // of the chart
}

// rbfPainter draws the frames of the RBF view. It belongs to the worker's
// goroutine.
type rbfPainter struct {
	paint *render.Painter
	chart *render.Chart
	small *render.Chart
}

// fonts makes the painters at first use, as charts.fonts does.
func (p *rbfPainter) fonts(l look) {
	if p.paint != nil {
		return
	}
	for _, ttf := range [][]byte{l.font, nil} {
		paint, err := render.NewPainter(ttf)
		if err != nil {
			continue
		}
		chart, _ := render.NewChart(ttf)
		small, _ := render.NewChart(ttf)
		p.paint, p.chart, p.small = paint, chart, small
		return
	}
}

// theme returns the colours for a ground.
func (r *rbfRequest) theme() render.Theme {
	t := r.look.theme
	t.Scale, t.Accent = float64(r.scale), r.look.accent
	return t
}

// gap is the space between panels in units.
const gap = 8

// draw draws the picture of a frame.
func (p *rbfPainter) draw(f *rbfFrame) {
	if f.req.size.X < 40 || f.req.size.Y < 40 {
		return
	}
	p.fonts(f.req.look)
	f.image = image.NewRGBA(image.Rectangle{Max: f.req.size})
	s := f.solution
	switch {
	case s == nil:
		p.paint.Basis(f.image, render.Basis{Message: f.message(), Selected: -1}, f.req.theme())
	case s.key.rbf.Task == recipe.TaskCurve:
		f.panels.basis = p.paint.Basis(f.image, s.basis(f.req), f.req.theme())
	case s.key.rbf.Task == recipe.TaskField:
		p.field(f)
	case s.key.rbf.Task == recipe.TaskImage:
		p.image(f)
	case s.implicit != nil && s.implicit.Dim() == 3:
		f.panels.reliefAt = f.image.Rect
		f.panels.relief = p.paint.Surface(f.image, s.body(f.req), f.req.theme())
	default:
		f.panels.fieldAt = f.image.Rect
		f.panels.field = p.paint.Outline(f.image, s.outline(), f.req.theme())
	}
	if s != nil && len(s.selection.Reduction) > 0 && f.req.reduction.X > 0 {
		f.reduction = image.NewRGBA(image.Rectangle{Max: f.req.reduction})
		theme := f.req.theme()
		theme.Background = f.req.look.panel
		curves := render.ReductionCurves(s.selection.Reduction, f.req.look.dark)
		curves.Labels, curves.XName, curves.YName = render.LabelNone, "", ""
		p.small.Draw(f.reduction, curves, theme)
	}
}

// message says why there is no picture.
func (f *rbfFrame) message() string {
	switch {
	case f.fault != nil:
		return "No picture: " + oneLine(f.fault)
	case f.what != "":
		return capital(f.what) + "…"
	}
	return "Computing…"
}

// basis is the picture of a curve.
func (s *rbfSolution) basis(r rbfRequest) render.Basis {
	n := s.network
	b := render.Basis{
		X: s.x, Phi: s.phi, Weights: n.Weights, Fit: s.fit, Target: s.target, PointFit: s.pointFit,
		PointX: column(s.study.Train.X, 0), PointY: s.study.Train.Y, Centres: column(n.Centres, 0), Widths: n.Widths,
		Selected: r.selected, Weighted: r.weighted,
	}
	if r.selected >= n.Centres.Rows {
		b.Selected = -1
	}
	return b
}

// column returns a copy of column j of m.
func column(m linalg.Matrix[float64], j int) []float64 {
	out := make([]float64, m.Rows)
	for i := range out {
		out[i] = m.At(i, j)
	}
	return out
}

// fieldOf is the map of a field.
func (s *rbfSolution) fieldOf(r rbfRequest) render.Field {
	low, high := s.study.Low, s.study.High
	f := render.Field{
		Values: s.values, X: render.Window{Lo: low[0], Hi: high[0]}, Y: render.Window{Lo: low[1], Hi: high[1]},
		Points: s.study.Train.X, PointValues: s.study.Train.Y, Selected: -1,
	}
	if s.network != nil {
		f.Centres, f.Widths = s.network.Centres, s.network.Widths
		if r.selected < s.network.Centres.Rows {
			f.Selected = r.selected
		}
	}
	return f
}

// field draws the map, the relief, or both side by side.
func (p *rbfPainter) field(f *rbfFrame) {
	all := f.image.Rect
	left, right := all, all
	if f.req.mode == fieldBoth {
		space := int(gap * f.req.scale)
		left.Max.X = (all.Max.X - space) / 2
		right.Min.X = left.Max.X + space
		draw.Draw(f.image, all, image.NewUniform(f.req.theme().Background), image.Point{}, draw.Src)
	}
	s := f.solution
	field := s.fieldOf(f.req)
	if f.req.mode != fieldRelief {
		f.panels.fieldAt = left
		part := image.NewRGBA(image.Rectangle{Max: left.Size()})
		f.panels.field = p.paint.Field(part, field, f.req.theme())
		draw.Draw(f.image, left, part, image.Point{}, draw.Src)
	}
	if f.req.mode != fieldMap {
		f.panels.reliefAt = right
		part := image.NewRGBA(image.Rectangle{Max: right.Size()})
		body := render.Surface{
			Heights: s.values, X: field.X, Y: field.Y, Camera: f.req.camera, Draft: f.req.draft || f.req.key.draft,
		}
		body.Points = linalg.NewMatrix[float64](field.Points.Rows, 3)
		for i := range body.Points.Rows {
			copy(body.Points.Row(i), field.Points.Row(i))
			body.Points.Set(i, 2, field.PointValues[i])
		}
		f.panels.relief = p.paint.Surface(part, body, f.req.theme())
		draw.Draw(f.image, right, part, image.Point{}, draw.Src)
	}
}

// imagePanels are the three pictures of an image.
func (s *rbfSolution) imagePanels(ellipses bool) [3]render.Field {
	img := s.study.Image
	of := func(pixels []float64) render.Field {
		return render.Field{
			Values: linalg.MatrixOf(img.Height, img.Width, pixels), Pixels: true, Contours: -1, Selected: -1,
			Ramp: render.RampGrey, Limits: render.Window{Lo: 0, Hi: 1}, Message: "nothing yet",
		}
	}
	panels := [3]render.Field{of(img.Pixels), of(s.picture), of(s.residual)}
	sum := 0.0
	for _, v := range s.residual {
		sum += v * v
	}
	reach := render.NiceCeil(max(0.02, 4*math.Sqrt(sum/float64(max(1, len(s.residual)))))) // so that what is left is seen
	panels[2].Ramp, panels[2].Limits = render.RampSigned, render.Window{Lo: -reach, Hi: reach}
	if ellipses && s.network != nil {
		panels[1].Centres, panels[1].Widths = s.network.Centres, s.network.Widths
	}
	return panels
}

// image draws original, reconstruction and error side by side, and the course of
// the PSNR below.
func (p *rbfPainter) image(f *rbfFrame) {
	theme := f.req.theme()
	draw.Draw(f.image, f.image.Rect, image.NewUniform(theme.Background), image.Point{}, draw.Src)
	s := f.solution
	cells := imageCells(f.req.size, s.study.Image.Width, s.study.Image.Height, f.req.scale)
	for i, panel := range s.imagePanels(f.req.ellipses) {
		part := image.NewRGBA(image.Rectangle{Max: cells[i].Size()})
		f.panels.images[i] = p.paint.Field(part, panel, theme)
		f.panels.imagesAt[i] = cells[i]
		draw.Draw(f.image, cells[i], part, image.Point{}, draw.Src)
	}
	if len(s.psnr) < 2 {
		return
	}
	part := image.NewRGBA(image.Rectangle{Max: cells[3].Size()})
	f.panels.curves = s.psnrCurves(f.req.look.dark)
	f.panels.chart = p.chart.Draw(part, f.panels.curves, theme)
	f.panels.chartAt = cells[3]
	draw.Draw(f.image, cells[3], part, image.Point{}, draw.Src)
}

// imageCells divides a view among original, reconstruction, error and chart: the
// pictures in a row above the chart, or all in two rows, whichever shows the
// pictures larger.
func imageCells(view image.Point, width, height int, scale float32) [4]image.Rectangle {
	space := int(gap * scale)
	margin := image.Pt(int(72*scale), int(28*scale)) // axes and colour bar
	zoom := func(cell image.Point) float64 {
		return min(float64(cell.X-margin.X)/float64(max(1, width)), float64(cell.Y-margin.Y)/float64(max(1, height)))
	}
	row := image.Pt((view.X-2*space)/3, view.Y*2/3)
	square := image.Pt((view.X-space)/2, (view.Y-space)/2)
	cell := func(x, y int, size image.Point) image.Rectangle {
		at := image.Pt(x*(size.X+space), y*(size.Y+space))
		return image.Rectangle{Min: at, Max: at.Add(size)}
	}
	if zoom(square) > zoom(row) {
		return [4]image.Rectangle{cell(0, 0, square), cell(1, 0, square), cell(0, 1, square), cell(1, 1, square)}
	}
	row.Y = min(row.Y, int(zoom(row)*float64(height))+margin.Y)
	below := image.Rect(0, row.Y+space, view.X, view.Y)
	return [4]image.Rectangle{cell(0, 0, row), cell(1, 0, row), cell(2, 0, row), below}
}

// psnrCurves is the PSNR against the number of Gaussians.
func (s *rbfSolution) psnrCurves(dark bool) render.Curves {
	curves := render.PSNRCurves(s.psnr[1:], dark)
	curves.X = render.Window{Lo: 0, Hi: float64(s.key.rbf.Count)}
	return curves
}

// body is the surface of a cloud in space.
func (s *rbfSolution) body(r rbfRequest) render.Surface {
	b := render.Surface{Camera: r.camera, Draft: r.draft, Message: "the function has no zero here: there is no surface"}
	if s.mesh != nil {
		b.Vertices, b.Normals, b.Triangles = s.mesh.Vertices, s.mesh.Normals, s.mesh.Triangles
	}
	if r.points {
		b.Points = s.implicit.Cloud.Points
	}
	return b
}

// outline is the curve of a cloud in the plane.
func (s *rbfSolution) outline() render.Outline {
	o := render.Outline{Points: s.implicit.Cloud.Points, Normals: s.implicit.Cloud.Normals, Curves: closedLines(s.contour)}
	if g := s.grid; g != nil {
		o.Values = g.Values
		o.X = render.Window{Lo: g.Low[0], Hi: g.Low[0] + g.Step*float64(g.Values.Cols-1)}
		o.Y = render.Window{Lo: g.Low[1], Hi: g.Low[1] + g.Step*float64(g.Values.Rows-1)}
	}
	return o
}

// closedLines gives closed lines their first point again at the end, as render
// wants them.
func closedLines(lines []surface.Polyline) []render.Polyline {
	out := make([]render.Polyline, len(lines))
	for i, l := range lines {
		out[i] = render.Polyline(l.Points)
		if l.Closed && len(l.Points) > 0 {
			out[i] = append(out[i][:len(out[i]):len(out[i])], l.Points[0])
		}
	}
	return out
}
