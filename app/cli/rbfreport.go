package cli

import (
	"fmt"
	"io"
	"math"
	"strings"

	"filterscope/engine/experiment"
	"filterscope/engine/recipe"
)

// rbfReport is what rbf --json prints: a head, and what the task has.
type rbfReport interface {
	head() *rbfHead
	print(w io.Writer)
}

// rbfHead is what every task has.
type rbfHead struct {
	Recipe  string   `json:"recipe"`
	Seed    uint64   `json:"seed"`
	Task    string   `json:"task"`
	Data    string   `json:"data"`
	Points  int      `json:"points"` // pixels of an image
	Kernel  string   `json:"kernel"`
	Seconds float64  `json:"seconds"` // of fitting alone; 0 of a model that was opened
	Reason  string   `json:"reason,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Files   []string `json:"files"`
}

func (h *rbfHead) head() *rbfHead { return h }

// fitReport is of a curve or a field. What was not measured is null.
type fitReport struct {
	rbfHead
	Centres    int      `json:"centres"`
	Degree     int      `json:"degree"`
	TestPoints int      `json:"test_points"`
	TrainRMSE  number   `json:"train_rmse"`
	TestRMSE   number   `json:"test_rmse"`
	MaxError   number   `json:"max_error"`
	Condition  number   `json:"condition"`
	MaxWeight  number   `json:"max_weight"`
	Rank       int      `json:"rank,omitempty"`
	Lambda     number   `json:"lambda"`
	LOO        number   `json:"loo"`
	GCV        number   `json:"gcv"`
	Light      string   `json:"light,omitempty"`
	Advice     string   `json:"advice,omitempty"`
	Duplicates [][2]int `json:"duplicates,omitempty"`
	Steps      int      `json:"steps,omitempty"` // of the training by gradient
	Objective  *number  `json:"objective,omitempty"`
}

// imageReport is of an image.
type imageReport struct {
	rbfHead
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Gaussians int    `json:"gaussians"`
	PSNR      number `json:"psnr"`
}

// surfaceReport is of a surface. Distances are in the cloud's units.
type surfaceReport struct {
	rbfHead
	Dimensions  int    `json:"dimensions"`
	Centres     int    `json:"centres"`
	Constraints int    `json:"constraints"`
	Estimated   bool   `json:"normals_estimated"`
	Noise       number `json:"noise"`
	RMSE        number `json:"rmse"`
	MaxError    number `json:"max_error"`
	Components  int    `json:"components"`
	Vertices    int    `json:"vertices"`
	Triangles   int    `json:"triangles,omitempty"`
	Watertight  bool   `json:"watertight,omitempty"`
}

func newRBFReport(r *experiment.Result) rbfReport {
	s := r.Study
	h := rbfHead{
		Recipe: s.Recipe.Name, Seed: s.Recipe.Seed, Task: s.Recipe.RBF.Task, Data: s.Name, Points: s.Train.Len(),
		Kernel: s.Recipe.RBF.Kernel, Seconds: r.Seconds, Reason: r.Reason, Notes: s.Notes, Files: []string{},
	}
	switch s.Recipe.RBF.Task {
	case recipe.TaskImage:
		h.Points = len(s.Image.Pixels)
		rep := &imageReport{rbfHead: h, Width: s.Image.Width, Height: s.Image.Height, Gaussians: r.Network.Centres.Rows, PSNR: notMeasured()}
		if n := len(r.PSNR); n > 0 {
			rep.PSNR = number(r.PSNR[n-1])
		}
		return rep
	case recipe.TaskSurface:
		h.Points = s.Cloud.Points.Rows
		return newSurfaceReport(h, r)
	}
	return newFitReport(h, r)
}

func notMeasured() number { return number(math.NaN()) }

func newFitReport(h rbfHead, r *experiment.Result) *fitReport {
	o := r.Outcome
	f := &fitReport{
		rbfHead: h, Centres: r.Study.Train.Len(), Degree: r.Study.Degree(), TestPoints: r.Study.Test.Len(),
		TrainRMSE: number(o.TrainRMSE), TestRMSE: number(o.TestRMSE), MaxError: number(o.MaxError),
		Condition: notMeasured(), Lambda: notMeasured(), LOO: notMeasured(), GCV: notMeasured(), MaxWeight: notMeasured(),
	}
	if o.Advice != "" { // the system was solved, and not trained since
		f.Condition, f.Lambda, f.LOO, f.GCV, f.MaxWeight = number(o.Condition), number(o.Lambda), number(o.LOO), number(o.GCV), number(o.MaxWeight)
		f.Rank, f.Light, f.Advice, f.Duplicates = o.Rank, o.Light.String(), o.Advice, o.Duplicates
	}
	if r.Network == nil {
		return f
	}
	largest := 0.0
	for _, w := range r.Network.Weights {
		largest = max(largest, math.Abs(w))
	}
	f.Centres, f.MaxWeight = r.Network.Centres.Rows, number(largest)
	if n := len(r.Objectives); n > 0 {
		last := number(r.Objectives[n-1])
		f.Steps, f.Objective = n-1, &last
	}
	return f
}

func newSurfaceReport(h rbfHead, r *experiment.Result) *surfaceReport {
	rep := r.Implicit.Report
	s := &surfaceReport{
		rbfHead: h, Dimensions: r.Implicit.Dim(), Centres: rep.Centres, Constraints: rep.Constraints, Estimated: rep.Estimated,
		Noise: number(rep.Noise), RMSE: number(rep.RMSE), MaxError: number(rep.MaxError), Components: len(r.Contour),
	}
	for _, c := range r.Contour {
		s.Vertices += len(c.Points)
	}
	if r.Mesh != nil {
		s.Components, s.Vertices, s.Triangles = r.Mesh.Components(), len(r.Mesh.Vertices), len(r.Mesh.Triangles)
		s.Watertight = r.Mesh.OpenEdges() == 0
	}
	return s
}

func (f *fitReport) print(w io.Writer) {
	fmt.Fprintf(w, "%d centres, train RMSE %.6g", f.Centres, f.TrainRMSE)
	if f.TestPoints > 0 {
		fmt.Fprintf(w, ", test RMSE %.6g at %d points", f.TestRMSE, f.TestPoints)
	}
	fmt.Fprintf(w, ", largest error %.4g\n", f.MaxError)
	if f.Light != "" {
		known := []string{fmt.Sprintf("rank %d", f.Rank)}
		for _, part := range []struct {
			name  string
			value number
		}{{"condition", f.Condition}, {"λ", f.Lambda}, {"leave-one-out", f.LOO}, {"largest weight", f.MaxWeight}} {
			if !math.IsNaN(float64(part.value)) {
				known = append(known, fmt.Sprintf("%s %.4g", part.name, part.value))
			}
		}
		fmt.Fprintf(w, "%s\n%s: %s\n", strings.Join(known, ", "), f.Light, f.Advice)
	}
	if f.Steps > 0 {
		fmt.Fprintf(w, "%d steps, J %.6g, largest weight %.4g\n", f.Steps, *f.Objective, f.MaxWeight)
	}
}

func (r *imageReport) print(w io.Writer) {
	fmt.Fprintf(w, "%d×%d pixels by %d Gaussians: PSNR %.2f dB\n", r.Width, r.Height, r.Gaussians, r.PSNR)
}

func (s *surfaceReport) print(w io.Writer) {
	fmt.Fprintf(w, "%d components, %d vertices, %d triangles from %d centres\nRMSE %.4g, largest error %.4g, noise about %.4g\n",
		s.Components, s.Vertices, s.Triangles, s.Centres, s.RMSE, s.MaxError, s.Noise)
}
