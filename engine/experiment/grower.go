package experiment

import (
	"errors"
	"math"
	"slices"

	"filterscope/engine/linalg"
	"filterscope/engine/rbf"
	"filterscope/engine/recipe"
)

// Constants of the growth.
const (
	leastWidth  = 0.8 // pixels
	widthRatio  = 1.7 // from one candidate width to the next
	mostWidth   = 40.0
	widthShare  = 6.0  // candidates reach up to the longer side over this
	reach       = 5.5  // widths; a Gaussian is 3e-7 there
	crowd       = 8    // Gaussians that are refitted with a new one
	leastShared = 0.05 // cosine between Gaussians that are worth refitting together
)

// atom is one Gaussian: its place in whole pixels and its candidate width.
type atom struct{ x, y, k int }

// Grower approximates an image by a sum of Gaussians, one more at every step:
// matching pursuit (Mallat & Zhang 1993) with the weights around the newest one
// solved anew. For every candidate width k it keeps the map
//
//	c_k(p) = ⟨residual, g_k,p⟩, g_k,p(q) = exp(−‖q−p‖²/(2σ_k²)),
//
// so that the best Gaussian is where c²/‖g‖² is largest: a smoothed error, and
// exactly the squared error that it takes away. A Gaussian is a product over x
// and y, so an added one changes each map by a product of two vectors.
type Grower struct {
	image    Image
	limit    int
	mean     float64
	widths   []float64
	tables   [][]float64    // of each width: exp(−t²/(2σ²)) at t = 0, 1, … up to its reach
	maps     [][]float64    // c_k
	inverse  [][2][]float64 // 1/Σg² along x and along y, by place
	residual []float64
	atoms    []atom
	weights  []float64
	taken    map[atom]int
	psnr     []float64
	best     []pick        // of each map, as it is now
	products [][][]float64 // of each pair of widths: Σ_q g_k(q)·g_l(q−t) at t = 0, 1, … up to their reach
}

// pick is a candidate.
type pick struct {
	gain float64
	at   int
}

// Growth is what one step added.
type Growth struct {
	Count               int     // Gaussians now
	X, Y, Width, Weight float64 // in pixels; the middle of the first pixel is (0, 0)
	PSNR                float64 // decibels, after the step
}

// Grower returns a grower for the study's image, at its mean grey and without
// Gaussians.
func (s *Study) Grower() (*Grower, error) {
	if s.Recipe.RBF.Task != recipe.TaskImage {
		return nil, errors.New("only an image is grown from Gaussians")
	}
	m := s.Image
	g := &Grower{image: m, limit: s.Recipe.RBF.Count, residual: slices.Clone(m.Pixels), taken: map[atom]int{}}
	for _, v := range m.Pixels {
		g.mean += v / float64(len(m.Pixels))
	}
	for i := range g.residual {
		g.residual[i] -= g.mean
	}
	side := float64(max(m.Width, m.Height))
	for w := leastWidth; w <= max(leastWidth, min(mostWidth, side/widthShare)); w *= widthRatio {
		table := make([]float64, int(reach*w)+1)
		for t := range table {
			table[t] = math.Exp(-float64(t*t) / (2 * w * w))
		}
		g.widths, g.tables = append(g.widths, w), append(g.tables, table)
		g.maps = append(g.maps, make([]float64, len(m.Pixels)))
		g.inverse = append(g.inverse, [2][]float64{inverseNorms(table, m.Width), inverseNorms(table, m.Height)})
	}
	g.best, g.products = make([]pick, len(g.widths)), make([][][]float64, len(g.widths))
	linalg.Parallel(len(g.widths), func(k int) {
		g.multiply(k)
		g.correlate(k)
		g.search(k)
	})
	g.psnr = []float64{g.measure()}
	return g, nil
}

// Step adds the Gaussian that reduces the squared error most and refits those
// around it. Done is true, and nothing changes, when there are rbf.count of
// them or nothing is left to gain.
func (g *Grower) Step() (growth Growth, done bool) {
	const least = 1e-12 // of the squared error of a whole pixel
	for len(g.atoms) < g.limit {
		k := 0
		for i, b := range g.best {
			if b.gain > g.best[k].gain {
				k = i
			}
		}
		if g.best[k].gain < least {
			return Growth{}, true
		}
		w := g.image.Width
		a := atom{g.best[k].at % w, g.best[k].at / w, k}
		i, again := g.taken[a]
		if !again {
			i = len(g.atoms)
			g.taken[a] = i
			g.atoms, g.weights = append(g.atoms, a), append(g.weights, 0)
		}
		g.refit(g.around(i))
		if again { // its weight was not the best one any more
			continue
		}
		g.psnr = append(g.psnr, g.measure())
		return Growth{
			Count: len(g.atoms), X: float64(a.x), Y: float64(a.y), Width: g.widths[k], Weight: g.weights[i],
			PSNR: g.psnr[len(g.psnr)-1],
		}, false
	}
	return Growth{}, true
}

// measure returns the peak signal-to-noise ratio for a peak of 1.
func (g *Grower) measure() float64 {
	sum := 0.0
	for _, v := range g.residual {
		sum += v * v
	}
	return -10 * math.Log10(sum/float64(len(g.residual)))
}

// Count returns the number of Gaussians.
func (g *Grower) Count() int { return len(g.atoms) }

// Limit returns the largest number of Gaussians: rbf.count.
func (g *Grower) Limit() int { return g.limit }

// PSNR returns the peak signal-to-noise ratio in decibels with 0, 1, 2, …
// Gaussians; +Inf where nothing differs. The slice grows and is never written
// to again.
func (g *Grower) PSNR() []float64 { return g.psnr[:len(g.psnr):len(g.psnr)] }

// Picture returns the approximation as it is now.
func (g *Grower) Picture() Image {
	out := Image{Width: g.image.Width, Height: g.image.Height, Pixels: slices.Clone(g.image.Pixels)}
	for i, v := range g.residual {
		out.Pixels[i] -= v
	}
	return out
}

// Residual returns a copy of the image less the approximation, row by row.
func (g *Grower) Residual() []float64 { return slices.Clone(g.residual) }

// Network returns the Gaussians as a network over pixel coordinates (x, y); its
// tail is the mean grey.
func (g *Grower) Network() *rbf.Network {
	n := &rbf.Network{
		Kernel: rbf.Gaussian, Centres: linalg.NewMatrix[float64](len(g.atoms), 2), Widths: make([]float64, len(g.atoms)),
		Weights: slices.Clone(g.weights), Degree: 0, Tail: []float64{g.mean},
	}
	for i, a := range g.atoms {
		n.Centres.Set(i, 0, float64(a.x))
		n.Centres.Set(i, 1, float64(a.y))
		n.Widths[i] = g.widths[a.k]
	}
	return n
}
