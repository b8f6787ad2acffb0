package main

import (
	"fmt"
	"math"
)

// figure is one line of the acceptance table.
type figure struct {
	What     string   `json:"what"`
	Must     float64  `json:"must"`
	Aim      float64  `json:"aim,omitempty"`
	Measured *float64 `json:"measured"` // nil: not measured in this run
	Unit     string   `json:"unit,omitempty"`
	AtLeast  bool     `json:"at_least,omitempty"` // the measured value should be no less, not no more
	Note     string   `json:"note,omitempty"`
}

// verdict says whether the figure is reached.
func (f figure) verdict() string {
	reached := func(limit float64) bool {
		if f.AtLeast {
			return *f.Measured >= limit
		}
		return *f.Measured <= limit
	}
	switch {
	case f.Measured == nil:
		return "not measured"
	case f.Aim != 0 && reached(f.Aim):
		return "aim"
	case reached(f.Must):
		return "must"
	}
	return "missed"
}

// figures computes the lines of the acceptance table from what was measured.
func figures(r results) []figure {
	ratio := func(group, a, b string) float64 {
		x, y := r.history(group, a), r.history(group, b)
		if x == nil || y == nil {
			return math.NaN()
		}
		return paired(x.seconds(), y.seconds())
	}
	const short, long = "lbfgs50", "lbfgs400"
	quote := func(group string) string {
		for _, o := range r.Groups {
			if o.Name == group {
				_, most := o.disturbance()
				return fmt.Sprintf("%d round(s), other work up to %.0f %%", o.Rounds, 100*most)
			}
		}
		return ""
	}
	return []figure{
		{What: "784-196-784 cost and gradient ÷ NumPy float64", Must: 0.28, Aim: 0.16, Measured: known(ratio("eval", "ours", "numpy"))},
		{What: "the same, zeros multiplied too", Must: 0.28, Aim: 0.16, Measured: known(ratio("eval", "dense", "numpy"))},
		{What: "… ÷ PyTorch float32 forward and backward", Must: 0.50, Aim: 0.30, Measured: known(ratio("eval", "ours", "torch"))},
		{What: "the same, zeros multiplied too", Must: 0.50, Aim: 0.30, Measured: known(ratio("eval", "dense", "torch"))},
		{What: "… ÷ Octave double", Must: 0.15, Aim: 0.08, Measured: known(ratio("eval", "ours", "octave"))},
		{What: "dense path, share of the FMA peak of the same run", Must: 0.65, Aim: 0.75, AtLeast: true, Measured: r.peak("eval", "dense")},
		{What: "AVX2 forced ÷ AVX-512", Must: 1.9, Aim: 1.7, Measured: known(ratio("eval", "avx2", "ours"))},
		{What: "the same, zeros multiplied too", Must: 1.9, Aim: 1.7, Measured: known(ratio("eval", "avx2-dense", "dense"))},
		{What: "64-25-64 cost and gradient ÷ NumPy float64", Must: 0.12, Aim: 0.08, Measured: known(ratio("patches", "ours", "numpy"))},
		{What: "L-BFGS, 400 iterations, MNIST ÷ SciPy float64", Must: 0.30, Aim: 0.17, Measured: known(ratio(long, "ours", "numpy")), Note: quote(long)},
		{What: "… ÷ torch.optim.LBFGS float32", Must: 0.60, Aim: 0.35, Measured: known(ratio(long, "ours", "torch")), Note: quote(long)},
		{What: "L-BFGS, 50 iterations, MNIST ÷ SciPy float64", Must: 0.30, Aim: 0.17, Measured: known(ratio(short, "ours", "numpy")), Note: quote(short)},
		{What: "… ÷ torch.optim.LBFGS float32", Must: 0.60, Aim: 0.35, Measured: known(ratio(short, "ours", "torch")), Note: quote(short)},
		{What: "final objective ÷ SciPy's, 400 iterations", Must: 1.002, Measured: r.costs(long, "ours", "numpy"), Note: quote(long)},
		{What: "SGD epoch, batch 100 ÷ PyTorch", Must: 0.30, Aim: 0.20, Measured: known(ratio("epoch", "ours", "torch"))},
		{What: "peak memory of the MNIST run ÷ NumPy's", Must: 0.30, Aim: 0.20, Measured: r.memories(short, "ours", "numpy"), Note: quote(short)},
		{What: "time per example, 1,000 to 60,000: largest ÷ least − 1", Must: 0.15, Measured: r.growth("ours", true)},
		{What: "the same, zeros multiplied too", Must: 0.15, Measured: r.growth("dense", true)},
		{What: "time per hidden unit, 25 to 1,024: largest ÷ least − 1", Must: 0.15, Measured: r.growth("ours", false)},
		{What: "the same, zeros multiplied too", Must: 0.15, Measured: r.growth("dense", false)},
		{What: "training with the window open ÷ headless", Must: 1.15, Measured: known(ratio("window", "window", "headless"))},
		{What: "pointer to drawn read-out, 95 %, while training", Must: 100, Unit: "ms", Measured: r.latency()},
		{What: "L-BFGS outside the objective, an iteration", Must: 5, Unit: "ms", Measured: r.overhead()},
		{What: "logistic activation with bias and column sum, one core", Must: 2, Unit: "ns", Measured: r.activation()},
		{What: "RBF, 500 points, 40,000 queries ÷ SciPy, thin-plate spline", Must: 0.5, Measured: known(ratio("rbf", "thin-plate", "thin-plate/scipy"))},
		{What: "… linear", Must: 0.5, Measured: known(ratio("rbf", "linear", "linear/scipy"))},
		{What: "… cubic", Must: 0.5, Measured: known(ratio("rbf", "cubic", "cubic/scipy"))},
		{What: "… Gaussian", Must: 0.5, Measured: known(ratio("rbf", "gaussian", "gaussian/scipy"))},
		{What: "height field of 200×200 from 500 points, drawn", Must: 0.5, Unit: "s", Measured: r.took("rbf", "field")},
		{What: "RBF, 10,000 points, 50 neighbours: peak memory (1 GiB)", Must: 1074, Unit: "MB", Measured: r.memory("rbf", "neighbours")},
		{What: "MNIST, 60,000 images, gzip IDX ÷ NumPy and gzip", Must: 1, Measured: known(ratio("data", "idx", "idx/numpy"))},
		{What: "ZCA of 100,000 8×8×3 patches, fit and apply ÷ NumPy float64", Must: 1, Measured: known(ratio("data", "zca", "zca/numpy"))},
		{What: "the same, written as float32 ÷ NumPy float32", Must: 1, Measured: known(ratio("data", "zca-single", "zca-single/numpy"))},
		{What: "8 PNG photographs ÷ Pillow", Must: 1, Measured: known(ratio("data", "png", "png/pillow"))},
		{What: "8 JPEG photographs ÷ Pillow", Must: 1, Measured: known(ratio("data", "jpeg", "jpeg/pillow"))},
		{What: "Boltzmann machine, PCD-1, batch 10, epoch ÷ scikit-learn", Must: 0.1, Measured: known(ratio("family", "pcd", "pcd/sklearn"))},
		{What: "variational 784-400-20, epoch ÷ PyTorch", Must: 0.5, Measured: known(ratio("family", "vae", "vae/torch"))},
		{What: "deep tanh 784-1000-500-250-30, epoch ÷ PyTorch", Must: 0.5, Measured: known(ratio("family", "deep", "deep/torch"))},
	}
}

// known returns a pointer to v, or nil when it is not a number.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func (r results) history(group, id string) *history {
	for i := range r.Groups {
		if r.Groups[i].Name == group {
			return r.Groups[i].find(id)
		}
	}
	return nil
}

func (r results) peak(group, id string) *float64 {
	h := r.history(group, id)
	if h == nil {
		return nil
	}
	return known(h.ofPeak())
}

func (r results) costs(group, a, b string) *float64 {
	x, y := r.history(group, a), r.history(group, b)
	if x == nil || y == nil {
		return nil
	}
	return known(x.Samples[0].Cost / y.Samples[0].Cost)
}

func (r results) memories(group, a, b string) *float64 {
	x, y := r.history(group, a), r.history(group, b)
	if x == nil || y == nil || y.memory() == 0 {
		return nil
	}
	return known(x.memory() / y.memory())
}

// took returns the median seconds of a program's rounds.
func (r results) took(group, id string) *float64 {
	h := r.history(group, id)
	if h == nil {
		return nil
	}
	return known(median(h.seconds()))
}

// memory returns the largest resident set of a program in MB.
func (r results) memory(group, id string) *float64 {
	h := r.history(group, id)
	if h == nil {
		return nil
	}
	return known(h.memory())
}

// growth returns the spread of the time per example, or per hidden unit. Each time is taken in units of the FMA peak of its moment:
// what the machine did meanwhile is no growth.
func (r results) growth(id string, examples bool) *float64 {
	h := r.history("growth", id)
	if h == nil {
		return nil
	}
	var v []float64
	byExamples, byHidden := split(h.Samples[0].Sizes)
	points := byHidden
	if examples {
		points = byExamples
	}
	for _, z := range points {
		v = append(v, z.cycles())
	}
	return known(spread(v))
}

// split tells the points of the curve over examples from those over hidden
// units: the hidden units of the first point stay until the examples are through.
func split(sizes []size) (examples, hidden []size) {
	for i, z := range sizes {
		if z.Hidden != sizes[0].Hidden || i > 0 && z.Examples < sizes[i-1].Examples {
			return sizes[:i], sizes[i:]
		}
	}
	return sizes, nil
}

// perUnit returns the median seconds of an evaluation per example and hidden
// unit.
func (z size) perUnit() float64 {
	return median(z.Seconds) / float64(z.Examples) / float64(z.Hidden)
}

// cycles returns the operations that the machine could have done at its peak,
// per example and hidden unit.
func (z size) cycles() float64 {
	var v []float64
	for i, s := range z.Seconds {
		if z.Peaks[i] == 0 {
			return z.perUnit() // no peak known on this processor: take the clock
		}
		v = append(v, s*z.Peaks[i]*1e9)
	}
	return median(v) / float64(z.Examples) / float64(z.Hidden)
}

func (r results) latency() *float64 {
	h := r.history("window", "latency")
	if h == nil {
		return nil
	}
	return known(h.latency())
}

func (r results) overhead() *float64 {
	h := r.history("parts", "ours")
	if h == nil {
		return nil
	}
	var v []float64
	for _, s := range h.Samples {
		v = append(v, 1e3*median(s.LBFGS))
	}
	return known(median(v))
}

func (r results) activation() *float64 {
	h := r.history("parts", "ours")
	if h == nil {
		return nil
	}
	var v []float64
	for _, s := range h.Samples {
		v = append(v, 1e9*s.Passes["activate"])
	}
	return known(median(v))
}
