package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/surface"
)

// Names of the tensors beside the network's: the data that were fitted.
const (
	tensorPoints  = "data.points"  // n×d
	tensorValues  = "data.values"  // n
	tensorNormals = "data.normals" // n×d, when the cloud came with them
	tensorImage   = "data.image"   // height×width
)

// Keys of the metadata.
const (
	keyTask   = "task"
	keyData   = "data"   // its name
	keyReason = "reason" // why a training ended
)

// Model returns the result in the form that is saved. The data are in it, so
// that it opens without its files; an interpolator and a surface are solved
// again from them, to the same bits.
func (r *Result) Model() *modelio.Model {
	s := r.Study
	m := &modelio.Model{Recipe: s.Recipe.Encode(), Precision: "float64", Metadata: map[string]string{}}
	if r.Network != nil {
		m = modelio.FromNetwork(r.Network, m.Recipe)
	}
	m.Metadata[keyTask], m.Metadata[keyData] = s.Recipe.RBF.Task, s.Name
	if r.Reason != "" {
		m.Metadata[keyReason] = r.Reason
	}
	add := func(name string, x linalg.Matrix[float64]) { m.Add(name, x.Clone().Data, x.Rows, x.Cols) }
	switch s.Recipe.RBF.Task {
	case recipe.TaskImage:
		m.Add(tensorImage, s.Image.Pixels, s.Image.Height, s.Image.Width)
		m.Geometry = dataset.Geometry{Width: s.Image.Width, Height: s.Image.Height, Channels: 1}
		m.Add(tensorPSNR, r.PSNR, len(r.PSNR))
	case recipe.TaskSurface:
		add(tensorPoints, s.Cloud.Points)
		if s.Cloud.HasNormals() {
			add(tensorNormals, s.Cloud.Normals)
		}
	default:
		add(tensorPoints, s.Train.X)
		m.Add(tensorValues, s.Train.Y, s.Train.Len())
	}
	return m
}

// tensorPSNR is the course of a growth.
const tensorPSNR = "data.psnr"

// IsModel reports whether a loaded model is one for Open: its recipe is of an
// RBF network.
func IsModel(m *modelio.Model) bool {
	r, err := recipe.Parse(m.Recipe)
	return len(m.Recipe) > 0 && err == nil && r.IsRBF()
}

// Open makes a saved model usable: with its data, as it was when it was
// fitted.
func Open(ctx context.Context, m *modelio.Model, progress Progress) (*Result, error) {
	if len(m.Recipe) == 0 {
		return nil, fmt.Errorf("%w: there is no recipe in it", modelio.ErrFormat)
	}
	rec, err := recipe.Parse(m.Recipe)
	if err == nil {
		err = rec.WantRBF()
	}
	if err != nil {
		return nil, fmt.Errorf("the recipe in the model: %w", err)
	}
	r := &Result{Study: &Study{Recipe: rec, Name: m.Metadata[keyData]}, Reason: m.Metadata[keyReason]}
	if rec.RBF.Task == recipe.TaskImage || !rec.RBF.Interpolates() && rec.RBF.Task != recipe.TaskSurface {
		if r.Network, err = m.Network(); err != nil {
			return nil, err
		}
	}
	switch rec.RBF.Task {
	case recipe.TaskImage:
		err = r.openImage(m)
	case recipe.TaskSurface:
		err = r.openSurface(ctx, m, progress)
	default:
		err = r.openPoints(ctx, m)
	}
	return r, err
}

// rows returns a tensor as a matrix, nil rows when there is none.
func rows(m *modelio.Model, name string) (linalg.Matrix[float64], error) {
	values, shape, ok := m.Tensor(name)
	if !ok {
		return linalg.Matrix[float64]{}, nil
	}
	if len(shape) != 2 || shape[1] < 1 || shape[1] > 1<<20 {
		return linalg.Matrix[float64]{}, fmt.Errorf("%w: tensor %s of shape %v: want rows and columns", modelio.ErrFormat, name, shape)
	}
	return linalg.MatrixOf(shape[0], shape[1], slices.Clone(values)), nil
}

func (r *Result) openImage(m *modelio.Model) error {
	pixels, err := rows(m, tensorImage)
	if err != nil {
		return err
	}
	if pixels.Rows == 0 || r.Network.Inputs() != 2 {
		return fmt.Errorf("%w: there is no image in it", modelio.ErrFormat)
	}
	r.Study.Image = Image{Width: pixels.Cols, Height: pixels.Rows, Pixels: pixels.Data}
	psnr, _, _ := m.Tensor(tensorPSNR)
	r.PSNR = slices.Clone(psnr)
	return nil
}

func (r *Result) openSurface(ctx context.Context, m *modelio.Model, progress Progress) error {
	points, err := rows(m, tensorPoints)
	if err != nil {
		return err
	}
	normals, err := rows(m, tensorNormals)
	if err != nil {
		return err
	}
	r.Study.Cloud = surface.Cloud{Points: points, Normals: normals, Source: r.Study.Name}
	if err := r.Study.Cloud.Check(); err != nil {
		return err
	}
	return r.enclose(ctx, progress)
}

// openPoints puts the points back. Where they were drawn, the truth and the
// test points are drawn again.
func (r *Result) openPoints(ctx context.Context, m *modelio.Model) error {
	points, err := rows(m, tensorPoints)
	if err != nil {
		return err
	}
	values, _, _ := m.Tensor(tensorValues)
	s := r.Study
	if points.Cols != s.dimensions() || len(values) != points.Rows {
		return fmt.Errorf("%w: %d×%d places and %d values are no points of a %s",
			modelio.ErrFormat, points.Rows, points.Cols, len(values), s.Recipe.RBF.Task)
	}
	if r.Network != nil && r.Network.Inputs() != s.dimensions() {
		return fmt.Errorf("%w: its network takes %d coordinates, a %s has %d",
			modelio.ErrFormat, r.Network.Inputs(), s.Recipe.RBF.Task, s.dimensions())
	}
	p := Points{X: points, Y: slices.Clone(values)}
	if s.Recipe.RBF.Path == "" {
		again, err := Prepare(ctx, s.Recipe, nil)
		if err == nil && again.Train.equal(p) {
			r.Study = again
		} else if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	if r.Study == s {
		if err := s.take(p); err != nil {
			return err
		}
	}
	if r.Network == nil {
		return r.interpolate(ctx)
	}
	r.Outcome = r.Study.Measure(r.Network)
	return nil
}

// equal compares points as far as another processor's rounding allows.
func (p Points) equal(q Points) bool {
	if p.Len() != q.Len() || p.X.Cols != q.X.Cols {
		return false
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a), math.Abs(b)) }
	for i := range p.Len() {
		if !near(p.Y[i], q.Y[i]) {
			return false
		}
		for j, v := range p.X.Row(i) {
			if !near(v, q.X.At(i, j)) {
				return false
			}
		}
	}
	return true
}
