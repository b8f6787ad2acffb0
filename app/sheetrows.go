package app

import (
	"math"
	"math/rand/v2"

	"filterscope/engine/analysis"
	"filterscope/engine/autoencoder"
	"filterscope/engine/autoencoder/variational"
	"filterscope/engine/linalg"
	"filterscope/engine/network"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// sheetRow is one row of a sheet of reconstructions.
type sheetRow struct {
	render.SheetRow[float32]
	name  string // of the row
	value string // of one of its numbers, in the line of exact values
}

// matrices returns what render draws of the rows.
func (f *sheetFrame) matrices() []render.SheetRow[float32] {
	out := make([]render.SheetRow[float32], len(f.rows))
	for i, r := range f.rows {
		out[i] = r.SheetRow
	}
	return out
}

// Draws from the codes of a variational autoencoder: how many are shown, and how
// many the deviation of the pixels is measured over.
const (
	shownDraws    = 3
	measuredDraws = 12
)

// sheetKind is which rows a sheet has.
type sheetKind struct {
	rows      int
	corrupted *autoencoder.Deep    // not nil: inputs are corrupted as it says
	draws     *network.Variational // not nil: there are draws of its codes
}

// sheetKind returns the rows that the network of the run calls for; the level of
// the corruption is the one in force.
func (p *painter) sheetKind(snap *train.Snapshot) sheetKind {
	switch spec := p.run.problem.Spec().(type) {
	case network.Deep:
		d := spec.Model
		d.Level = snap.Hyper.Level
		if d.Corruption != autoencoder.NoCorruption && d.Level > 0 {
			return sheetKind{rows: 4, corrupted: &d}
		}
	case network.Variational:
		return sheetKind{rows: 4 + shownDraws, draws: &spec}
	}
	return sheetKind{rows: 3}
}

// corruptedInputs returns the inputs corrupted as in training. What an example
// is given depends on nothing but its number, so that the row does not flicker.
func corruptedInputs(d autoencoder.Deep, x linalg.Matrix[float32], examples []int) linalg.Matrix[float32] {
	out := linalg.NewMatrix[float32](x.Rows, x.Cols)
	for k, i := range examples {
		autoencoder.Corrupt(d, 0, i, x.Slice(k, k+1), out.Slice(k, k+1))
	}
	return out
}

// fillSheet makes the rows of the sheet and the errors of its examples, which
// are of the reconstruction of what the network is given against the clean input.
func (p *painter) fillSheet(f *sheetFrame, kind sheetKind, m render.Map) error {
	in, r := p.sheetInputs(p.inputs, p.examples)
	add := func(name, value string, x linalg.Matrix[float32], r render.Range) {
		f.rows = append(f.rows, sheetRow{render.SheetRow[float32]{X: x, Range: r}, name, value})
	}
	add("input", "input", in, r)
	given := p.inputs
	if kind.corrupted != nil {
		given = corruptedInputs(*kind.corrupted, p.inputs, p.examples)
		x, err := p.sheetPicture(given, p.examples)
		if err != nil {
			return err
		}
		add("corrupted input", "corrupted", x, r)
	}
	out := p.reconstruct(given)
	f.errors = analysis.SquaredErrors(p.inputs, out)
	made, err := p.sheetPicture(out, p.examples)
	if err != nil {
		return err
	}
	add("reconstruction", "output", made, r)
	if kind.draws != nil {
		f.rows[1].name = "reconstruction from the mean of the code"
		if err := p.drawRows(*kind.draws, r, add); err != nil {
			return err
		}
	}
	f.rows = append(f.rows, sheetRow{render.SheetRow[float32]{X: made, Minus: in, Scale: r.Hi - r.Lo, Map: m}, "error", "error"})
	return nil
}

// drawRows adds rows of reconstructions from draws z = μ + σ·ε of the codes, always
// the same ε, and the standard deviation of the pixels over such draws.
func (p *painter) drawRows(spec network.Variational, r render.Range, add func(name, value string, x linalg.Matrix[float32], r render.Range)) error {
	n, latent := p.inputs.Rows, spec.Model.Latent
	o := variational.NewObjective[float32](spec.Model)
	mean, logVar := linalg.NewMatrix[float32](n, latent), linalg.NewMatrix[float32](n, latent)
	o.Encode(p.theta, p.inputs, mean, logVar)
	z, out := linalg.NewMatrix[float32](n, latent), linalg.NewMatrix[float32](n, p.inputs.Cols)
	rng := rand.New(rand.NewPCG(p.run.problem.Recipe.Seed, 0x5eed))
	var sum, squares []float64
	var deviation linalg.Matrix[float32]
	for k := range measuredDraws {
		for i := range z.Rows {
			for j, v := range mean.Row(i) {
				z.Set(i, j, v+float32(math.Exp(0.5*float64(logVar.At(i, j)))*rng.NormFloat64()))
			}
		}
		o.Decode(p.theta, z, out)
		x, err := p.sheetPicture(out.Clone(), p.examples)
		if err != nil {
			return err
		}
		if k < shownDraws {
			add("reconstruction from a draw of the code", "draw", x, r)
		}
		if sum == nil {
			sum, squares = make([]float64, len(x.Data)), make([]float64, len(x.Data))
			deviation = linalg.NewMatrix[float32](x.Rows, x.Cols)
		}
		for i, v := range x.Data {
			sum[i] += float64(v)
			squares[i] += float64(v) * float64(v)
		}
	}
	for i := range deviation.Data {
		m := sum[i] / measuredDraws
		deviation.Data[i] = float32(math.Sqrt(max(squares[i]/measuredDraws-m*m, 0)))
	}
	add("standard deviation over draws", "deviation", deviation, render.Range{Lo: 0, Hi: (r.Hi - r.Lo) / 2})
	return nil
}
