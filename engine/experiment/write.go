package experiment

import (
	"context"
	"image"
	"io"
	"math"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/figure"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/render"
)

// Write writes the files of the result into the folder dir, which is made if it
// is not there, and returns their paths: docs/formats.md lists them.
func (r *Result) Write(ctx context.Context, dir string) ([]string, error) {
	f := newFolder(dir)
	f.write("model.safetensors", func(w io.Writer) error { return modelio.Write(w, r.Model()) })
	f.write("recipe.toml", func(w io.Writer) error { _, err := w.Write(r.Study.Recipe.Encode()); return err })
	if f.err == nil {
		switch r.Study.Recipe.RBF.Task {
		case recipe.TaskImage:
			r.writeImage(ctx, f)
		case recipe.TaskSurface:
			r.writeSurface(ctx, f)
		case recipe.TaskField:
			r.writeField(ctx, f)
		default:
			r.writeCurve(ctx, f)
		}
	}
	return f.files, f.err
}

// curveSamples is how many places a drawn curve has.
const curveSamples = 600

func (r *Result) writeCurve(ctx context.Context, f *folder) {
	s := r.Study
	r.writePredictions(ctx, f, Lattice(s.Low, s.High, max(s.Test.Len(), 300)))
	basis := s.Basis(r.Network, curveSamples)
	for _, weighted := range []bool{false, true} {
		name := "basis"
		if basis.Weighted = weighted; weighted { // times their weights: their sum is the fit
			name = "weighted"
		}
		f.figures(name, func(w io.Writer, format string) error {
			return figure.WriteBasis(w, format, figure.BasisData{Title: s.Recipe.Title, Basis: basis})
		})
	}
	r.writeCourse(f)
}

// writePredictions writes the fit at places, beside the truth where it is
// known.
func (r *Result) writePredictions(ctx context.Context, f *folder, x linalg.Matrix[float64]) {
	if f.err != nil {
		return
	}
	values, err := r.Predict(ctx, x)
	if err != nil {
		f.err = err
		return
	}
	var truth []float64
	if r.Study.Truth != nil {
		for i := range x.Rows {
			truth = append(truth, r.Study.Truth(x.Row(i)))
		}
	}
	f.predictions(x, values, truth)
}

// writeCourse writes how centres were selected, and how a training went.
func (r *Result) writeCourse(f *folder) {
	if n := len(r.Selection.Reduction); n > 0 {
		m := linalg.NewMatrix[float64](n, 2)
		for i, v := range r.Selection.Reduction {
			m.Data[2*i], m.Data[2*i+1] = float64(i+1), v
		}
		f.csv("selection.csv", []string{"centres", "error_reduction"}, m)
		f.figures("selection", func(w io.Writer, format string) error {
			return figure.WriteCurves(w, format, figure.CurvesData{
				Title: "Orthogonal least squares", Curves: render.ReductionCurves(r.Selection.Reduction, false),
			})
		})
	}
	if n := len(r.Objectives); n > 0 {
		m := linalg.NewMatrix[float64](n, 2)
		for i, v := range r.Objectives {
			m.Data[2*i], m.Data[2*i+1] = float64(i), v
		}
		f.csv("training.csv", []string{"step", "objective"}, m)
	}
}

func (r *Result) writeField(ctx context.Context, f *folder) {
	s, side := r.Study, r.Study.Recipe.RBF.Resolution
	field, err := r.Field(ctx, side)
	if err != nil {
		f.err = err
		return
	}
	x := Lattice(s.Low, s.High, side)
	var truth []float64
	if s.Truth != nil {
		for i := range x.Rows {
			truth = append(truth, s.Truth(x.Row(i)))
		}
	}
	f.predictions(x, field.Values.Data, truth)
	f.figures("field", func(w io.Writer, format string) error {
		return figure.WriteField(w, format, figure.FieldData{Title: s.Recipe.Title, Field: field})
	})
	f.paint("surface.png", 960, 720, func(p *render.Painter, dst *image.RGBA) {
		p.Surface(dst, render.Surface{Heights: field.Values, X: field.X, Y: field.Y, Ramp: field.Ramp}, export())
	})
	r.writeCourse(f)
}

func (r *Result) writeImage(ctx context.Context, f *folder) {
	picture, err := r.Reconstruction(ctx)
	if err != nil {
		f.err = err
		return
	}
	original := r.Study.Image
	f.write("original.png", func(w io.Writer) error { return render.EncodePNG(w, original.Gray(), nil) })
	f.write("reconstruction.png", func(w io.Writer) error { return render.EncodePNG(w, picture.Gray(), nil) })
	f.write("reconstruction.npy", func(w io.Writer) error {
		return npy.Write(w, npy.New(picture.Pixels, picture.Height, picture.Width))
	})
	n := r.Network
	m := linalg.NewMatrix[float64](n.Centres.Rows, 4)
	for i := range m.Rows {
		m.Data[4*i], m.Data[4*i+1] = n.Centres.At(i, 0), n.Centres.At(i, 1)
		m.Data[4*i+2], m.Data[4*i+3] = n.Widths[i], n.Weights[i]
	}
	f.csv("gaussians.csv", []string{"x", "y", "width", "weight"}, m)
	psnr := linalg.NewMatrix[float64](len(r.PSNR), 2)
	for i, v := range r.PSNR {
		psnr.Data[2*i], psnr.Data[2*i+1] = float64(i), v
	}
	f.csv("psnr.csv", []string{"gaussians", "psnr"}, psnr)
	if len(r.PSNR) > 1 && !math.IsInf(r.PSNR[len(r.PSNR)-1], 0) {
		f.figures("psnr", func(w io.Writer, format string) error {
			return figure.WriteCurves(w, format, figure.CurvesData{
				Title: r.Study.Recipe.Title, Curves: render.PSNRCurves(r.PSNR[1:], false),
			})
		})
	}
}

func (r *Result) writeSurface(ctx context.Context, f *folder) {
	if r.Mesh != nil {
		f.write("mesh.ply", r.Mesh.WritePLY)
		f.write("mesh.obj", r.Mesh.WriteOBJ)
		f.paint("surface.png", 960, 960, func(p *render.Painter, dst *image.RGBA) { p.Surface(dst, r.Body(), export()) })
		return
	}
	outline, err := r.Outline(ctx)
	if err != nil {
		f.err = err
		return
	}
	count := 0
	for _, c := range outline.Curves {
		count += len(c)
	}
	m := linalg.NewMatrix[float64](count, 3)
	i := 0
	for k, c := range outline.Curves {
		for _, p := range c {
			m.Data[3*i], m.Data[3*i+1], m.Data[3*i+2] = float64(k), p[0], p[1]
			i++
		}
	}
	f.csv("contour.csv", []string{"curve", "x", "y"}, m)
	f.paint("outline.png", 960, 960, func(p *render.Painter, dst *image.RGBA) { p.Outline(dst, outline, export()) })
}

// Write writes the answers into the folder dir and returns the files' paths.
func (q *Query) Write(dir string) ([]string, error) {
	f := newFolder(dir)
	f.predictions(q.X, q.Predicted, q.Y)
	return f.files, f.err
}
