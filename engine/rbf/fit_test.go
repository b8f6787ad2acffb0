package rbf

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"filterscope/engine/linalg"
)

// noisy returns points of the seed's function with noise.
func noisy(n int, seed uint64) (linalg.Matrix[float64], []float64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := linalg.NewMatrix[float64](n, 1)
	y := make([]float64, n)
	for i := range y {
		x.Data[i] = -5 + 15*rng.Float64()
		y[i] = seedFunction(x.Data[i]) + 0.1*rng.NormFloat64()
	}
	return x, y
}

// without returns the points but one.
func without(x linalg.Matrix[float64], y []float64, i int) (linalg.Matrix[float64], []float64) {
	index := make([]int, 0, x.Rows-1)
	var left []float64
	for k, v := range y {
		if k != i {
			index = append(index, k)
			left = append(left, v)
		}
	}
	return rows(x, index), left
}

// TestLeaveOneOut compares the closed form with fitting once for every point.
func TestLeaveOneOut(t *testing.T) {
	for _, c := range []struct {
		name   string
		points int
		n      Network
		r      Readout
	}{
		{"pseudo-inverse", 30, Network{Centres: Grid([]float64{-5}, []float64{10}, 8), Widths: Given(8, 1.5), Degree: -1}, DefaultReadout()},
		{"tail", 30, Network{Kernel: Cubic, Centres: Grid([]float64{-5}, []float64{10}, 6), Widths: Given(6, 2), Degree: 1}, DefaultReadout()},
		{"normalised", 30, Network{Centres: Grid([]float64{-5}, []float64{10}, 8), Widths: Given(8, 1), Normalised: true, Degree: -1}, DefaultReadout()},
		{"cut off", 30, Network{Centres: Grid([]float64{-5}, []float64{10}, 8), Widths: Given(8, 1.5), Degree: -1}, Readout{Cutoff: 0}},
		{"ridge", 30, Network{Centres: Grid([]float64{-5}, []float64{10}, 12), Widths: Given(12, 1.5), Degree: -1}, Readout{Method: Ridge, Lambda: 1e-3}},
		{"ridge and tail", 30, Network{Centres: Grid([]float64{-5}, []float64{10}, 12), Widths: Given(12, 1.5), Degree: 2}, Readout{Method: Ridge, Lambda: 1e-3}},
		{"more centres than points, ridge", 15, Network{Centres: Grid([]float64{-5}, []float64{10}, 20), Widths: Given(20, 0.7), Degree: -1}, Readout{Method: Ridge, Lambda: 1e-3}},
		{"more centres than points", 12, Network{Centres: Grid([]float64{-5}, []float64{10}, 20), Widths: Given(20, 0.7), Degree: -1}, DefaultReadout()},
		{"a point of its own", 12, Network{Centres: column([]float64{-4, -3, 500}), Widths: Given(3, 1), Degree: -1}, DefaultReadout()},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, y := noisy(c.points, 5)
			if c.name == "a point of its own" {
				x.Data[3] = 500
			}
			n := c.n.Clone()
			report, err := n.Fit(x, y, c.r)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for i, v := range y {
				fx, fy := without(x, y, i)
				m := c.n.Clone()
				if _, err := m.Fit(fx, fy, c.r); err != nil {
					t.Fatal(err)
				}
				e := v - m.Predict(x.Slice(i, i+1))[0]
				sum += e * e
			}
			want := math.Sqrt(sum / float64(len(y)))
			if math.Abs(report.LOO/want-1) > 1e-6 {
				t.Errorf("closed form %.10g, one by one %.10g", report.LOO, want)
			}
		})
	}
}

// TestChooseLambda compares with a fine grid of fits.
func TestChooseLambda(t *testing.T) {
	x, y := noisy(60, 9)
	base := Network{Centres: Grid([]float64{-5}, []float64{10}, 25), Widths: Given(25, 1), Degree: 1}
	for _, choose := range []Choice{ByLOO, ByGCV} {
		score := func(r Report) float64 {
			if choose == ByLOO {
				return r.LOO
			}
			return r.GCV
		}
		best := math.Inf(1)
		for p := -12.0; p < 3; p += 0.05 {
			r, err := base.Clone().Fit(x, y, Readout{Method: Ridge, Lambda: math.Pow(10, p)})
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, score(r))
		}
		r, err := base.Clone().Fit(x, y, Readout{Method: Ridge, Choose: choose})
		if err != nil {
			t.Fatal(err)
		}
		if score(r) > best*(1+1e-6) || !(r.Lambda > 0) {
			t.Errorf("choice %d: λ = %g scores %.9g, the grid has %.9g", choose, r.Lambda, score(r), best)
		}
	}
}

// TestRidgeLimits: a vanishing λ is the pseudo-inverse, a huge one is no basis
// functions at all but the tail.
func TestRidgeLimits(t *testing.T) {
	x, y := noisy(40, 3)
	base := Network{Centres: Grid([]float64{-5}, []float64{10}, 6), Widths: Given(6, 1.5), Degree: 1}
	free, small, huge := base.Clone(), base.Clone(), base.Clone()
	for n, r := range map[*Network]Readout{
		free: DefaultReadout(), small: {Method: Ridge, Lambda: 1e-13}, huge: {Method: Ridge, Lambda: 1e13},
	} {
		if _, err := n.Fit(x, y, r); err != nil {
			t.Fatal(err)
		}
	}
	if d := maxDiff(free.Predict(x), small.Predict(x)); d > 1e-8 {
		t.Errorf("vanishing ridge is off by %g", d)
	}
	line := Network{Centres: column([]float64{1e6}), Widths: Given(1, 1), Degree: 1} // its Gaussian is 0 everywhere
	if _, err := line.Fit(x, y, DefaultReadout()); err != nil {
		t.Fatal(err)
	}
	if d := maxDiff(line.Predict(x), huge.Predict(x)); d > 1e-8 {
		t.Errorf("huge ridge is not the line: off by %g", d)
	}
}

func TestNetworkRefuses(t *testing.T) {
	x, y := noisy(10, 1)
	good := Network{Centres: Grid([]float64{-5}, []float64{10}, 4), Widths: Given(4, 1), Degree: -1}
	for _, c := range []struct {
		name   string
		change func(n *Network, x linalg.Matrix[float64], y []float64, r *Readout)
		want   string
	}{
		{"NaN", func(_ *Network, x linalg.Matrix[float64], _ []float64, _ *Readout) { x.Data[4] = math.NaN() }, "point 5 of 10 has the coordinate NaN"},
		{"Inf", func(_ *Network, _ linalg.Matrix[float64], y []float64, _ *Readout) { y[9] = math.Inf(-1) }, "point 10 of 10 has the value -Inf"},
		{"width", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) { n.Widths[1] = 0 }, "centre 2 has the width 0"},
		{"centre", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) { n.Centres.Data[2] = math.Inf(1) }, "centre 3 of 4"},
		{"no centres", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) {
			n.Centres, n.Widths = linalg.NewMatrix[float64](0, 1), nil
		}, "no centres"},
		{"kernel", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) { n.Kernel = 99 }, "there is no kernel 99"},
		{"normalised spline", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) {
			n.Kernel, n.Normalised = ThinPlateSpline, true
		}, "change sign"},
		{"degree", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) { n.Degree = 9 }, "the tail has degree 9"},
		{"lambda", func(_ *Network, _ linalg.Matrix[float64], _ []float64, r *Readout) { r.Method = Ridge; r.Lambda = 0 }, "the ridge λ is 0"},
		{"cutoff", func(_ *Network, _ linalg.Matrix[float64], _ []float64, r *Readout) { r.Cutoff = 2 }, "the cut-off"},
		{"overflow", func(n *Network, _ linalg.Matrix[float64], _ []float64, _ *Readout) {
			n.Kernel = Quintic
			n.Widths[0] = 1e-80
		}, "overflow at point 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, px, py, r := good.Clone(), x.Clone(), append([]float64(nil), y...), DefaultReadout()
			c.change(n, px, py, &r)
			_, err := n.Fit(px, py, r)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	for _, size := range [][2]int{{20000, 20000}, {3000, 3000}} {
		many := Network{Centres: Grid([]float64{-5}, []float64{10}, size[1]), Widths: Given(size[1], 1), Degree: -1}
		_, err := many.Fit(Grid([]float64{-5}, []float64{10}, size[0]), make([]float64, size[0]), DefaultReadout())
		if err == nil || !strings.Contains(err.Error(), "fewer centres") {
			t.Errorf("%d points, %d centres: %v", size[0], size[1], err)
		}
	}
	few := good.Clone()
	few.Degree = 2
	if _, err := few.Fit(x.Slice(0, 2), y[:2], DefaultReadout()); err == nil || !strings.Contains(err.Error(), "at least 3 points, and there are 2") {
		t.Errorf("2 points, degree 2: %v", err)
	}
	if _, err := good.Clone().Fit(x.Slice(0, 0), nil, DefaultReadout()); err == nil || !strings.Contains(err.Error(), "no points") {
		t.Errorf("no points: %v", err)
	}
}

// TestAdvice shows the traffic light for what can go wrong.
func TestAdvice(t *testing.T) {
	x, y := noisy(40, 2)
	grid := func(count int, width float64) Network {
		return Network{Centres: Grid([]float64{-5}, []float64{10}, count), Widths: Given(count, width), Degree: -1}
	}
	twice := grid(5, 1)
	twice.Centres.Data[4] = twice.Centres.Data[1]
	ridge := Readout{Method: Ridge, Lambda: 1e-3}
	for _, c := range []struct {
		name  string
		n     Network
		r     Readout
		light Light
		want  string
	}{
		{"good", grid(8, 1.5), DefaultReadout(), Green, "well determined"},
		{"far away", Network{Centres: column([]float64{1e5}), Widths: Given(1, 1), Degree: -1}, DefaultReadout(), Red, "No basis function reaches"},
		{"twice", twice, DefaultReadout(), Red, "centres 2 and 5"},
		{"twice with ridge", twice, ridge, Amber, "centres 2 and 5"},
		{"too many", grid(50, 1), DefaultReadout(), Red, "50 parameters for 40 points"},
		{"too wide", grid(20, 6), DefaultReadout(), Red, "overlap so much"},
		{"all alike", grid(20, 1e300), DefaultReadout(), Red, "sums of others"},
		{"wide", grid(20, 1.5), DefaultReadout(), Amber, "overlap so much"},
		{"gaps", grid(34, 0.1), DefaultReadout(), Red, "hardly reaches any point"},
		{"too close", Network{Centres: Subset(x, 30, 1), Widths: Given(30, 0.05), Degree: -1}, DefaultReadout(), Amber, "too closely"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := c.n.Clone()
			r, err := n.Fit(x, y, c.r)
			if err != nil {
				t.Fatal(err)
			}
			if r.Light != c.light || !strings.Contains(r.Advice, c.want) {
				t.Errorf("%v: %s\nwant %v: %s (condition %g, max|w| %g, RMSE %g, LOO %g)", r.Light, r.Advice, c.light, c.want, r.Condition, r.MaxWeight, r.RMSE, r.LOO)
			}
			for _, v := range n.Predict(x) {
				if !finite(v) {
					t.Fatal("a prediction is not finite")
				}
			}
			if math.IsNaN(r.Condition) || !finite(r.MaxWeight) || !finite(r.RMSE) {
				t.Errorf("report %+v", r)
			}
			t.Log(r.Advice)
		})
	}
}

// TestOnePoint, and all points in one place: fits of almost nothing do not panic.
func TestOnePoint(t *testing.T) {
	for _, kernel := range Kernels() {
		for degree := -1; degree <= 0; degree++ {
			for _, r := range []Readout{DefaultReadout(), {Method: Ridge, Lambda: 1e-3}, {Method: Ridge, Choose: ByLOO}, {Method: Ridge, Choose: ByGCV}} {
				for _, points := range []int{1, 5} {
					n := &Network{Kernel: kernel, Centres: samePoints(3, 2), Widths: Given(3, 1), Degree: degree}
					x, y := samePoints(points, 2), Given(points, 4)
					report, err := n.Fit(x, y, r)
					if err != nil {
						t.Fatal(err)
					}
					what := fmt.Sprintf("%v degree %d method %d choice %d points %d", kernel, degree, r.Method, r.Choose, points)
					if !finite(report.RMSE) || !finite(report.MaxWeight) || report.Advice == "" || math.IsNaN(report.Condition) {
						t.Errorf("%s: %+v", what, report)
					}
				}
			}
		}
	}
}

// samePoints returns n equal points with d coordinates.
func samePoints(n, d int) linalg.Matrix[float64] { return linalg.MatrixOf(n, d, Given(n*d, 0.5)) }
