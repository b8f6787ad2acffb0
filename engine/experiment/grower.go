package experiment

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

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

// inverseNorms returns 1/Σ_q g(q−p)² for p = 0 … n−1, q within 0 … n−1.
func inverseNorms(table []float64, n int) []float64 {
	out := make([]float64, n)
	for p := range out {
		sum := 0.0
		for q := max(0, p-len(table)+1); q < min(n, p+len(table)); q++ {
			v := table[abs(q-p)]
			sum += v * v
		}
		out[p] = 1 / sum
	}
	return out
}

func abs(i int) int { return max(i, -i) }

// multiply computes the products of width k with all others.
func (g *Grower) multiply(k int) {
	a := g.tables[k]
	g.products[k] = make([][]float64, len(g.tables))
	for l, b := range g.tables {
		g.products[k][l] = make([]float64, len(a)+len(b)-1)
		for t := range g.products[k][l] {
			for q := t - len(b) + 1; q < len(a); q++ {
				if q > -len(a) && q < t+len(b) {
					g.products[k][l][t] += a[abs(q)] * b[abs(q-t)]
				}
			}
		}
	}
}

// correlate computes map k from the residual.
func (g *Grower) correlate(k int) {
	w, h, table := g.image.Width, g.image.Height, g.tables[k]
	rows := make([]float64, w*h)
	for y := range h {
		row := g.residual[y*w : (y+1)*w]
		for x := range w {
			sum := 0.0
			for q := max(0, x-len(table)+1); q < min(w, x+len(table)); q++ {
				sum += row[q] * table[abs(q-x)]
			}
			rows[y*w+x] = sum
		}
	}
	clear(g.maps[k])
	for y := range h {
		out := g.maps[k][y*w : (y+1)*w]
		for q := max(0, y-len(table)+1); q < min(h, y+len(table)); q++ {
			v := table[abs(q-y)]
			for x, c := range rows[q*w : (q+1)*w] {
				out[x] += v * c
			}
		}
	}
}

// search finds the best candidate of map k.
func (g *Grower) search(k int) {
	w := g.image.Width
	best := pick{}
	byX, byY := g.inverse[k][0], g.inverse[k][1]
	for y, iy := range byY {
		for x, c := range g.maps[k][y*w : (y+1)*w] {
			if gain := c * c * byX[x] * iy; gain > best.gain {
				best = pick{gain, y*w + x}
			}
		}
	}
	g.best[k] = best
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

// around returns atom i and those that overlap with it most.
func (g *Grower) around(i int) []int {
	type near struct {
		cosine float64
		index  int
	}
	var all []near
	a := g.atoms[i]
	for j, b := range g.atoms {
		s, t := g.widths[a.k], g.widths[b.k]
		sum := s*s + t*t
		dx, dy := float64(a.x-b.x), float64(a.y-b.y)
		if cosine := 2 * s * t / sum * math.Exp(-(dx*dx+dy*dy)/(2*sum)); cosine > leastShared && j != i {
			all = append(all, near{cosine, j})
		}
	}
	slices.SortFunc(all, func(p, q near) int {
		switch {
		case p.cosine > q.cosine:
			return -1
		case p.cosine < q.cosine:
			return 1
		}
		return p.index - q.index
	})
	group := []int{i}
	for _, n := range all[:min(len(all), crowd)] {
		group = append(group, n.index)
	}
	return group
}

// refit gives the atoms of a group the weights that are best together, all
// others as they are.
func (g *Grower) refit(group []int) {
	n := len(group)
	gram, right := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for i, at := range group {
		a := g.atoms[at]
		right.SetVec(i, g.maps[a.k][a.y*g.image.Width+a.x])
		for j := range i + 1 {
			b := g.atoms[group[j]]
			gram.SetSym(i, j, g.inner(a.k, b.k, a.x, b.x, g.image.Width)*g.inner(a.k, b.k, a.y, b.y, g.image.Height))
		}
	}
	for i := range n { // close neighbours are nearly the same
		gram.SetSym(i, i, gram.At(i, i)*(1+1e-6))
	}
	var chol mat.Cholesky
	var change mat.VecDense
	if !chol.Factorize(gram) || chol.SolveVecTo(&change, right) != nil {
		if n > 1 { // the newest alone can always be solved
			g.refit(group[:1])
		}
		return
	}
	for i, at := range group {
		g.weights[at] += change.AtVec(i)
		g.subtract(g.atoms[at], change.AtVec(i))
	}
	linalg.Parallel(len(g.widths), func(k int) {
		for i, at := range group {
			g.change(k, g.atoms[at], change.AtVec(i))
		}
		g.search(k)
	})
}

// inner returns Σ_q g_k(q−p)·g_l(q−r) over the pixels 0 … n−1 of an axis.
func (g *Grower) inner(k, l, p, r, n int) float64 {
	a, b := g.tables[k], g.tables[l]
	first, end := max(p-len(a), r-len(b))+1, min(p+len(a), r+len(b))
	if first >= end {
		return 0
	}
	if first >= 0 && end <= n { // whole
		return g.products[k][l][abs(p-r)]
	}
	sum := 0.0
	for q := max(0, first); q < min(n, end); q++ {
		sum += a[abs(q-p)] * b[abs(q-r)]
	}
	return sum
}

// subtract takes an atom of that weight from the residual.
func (g *Grower) subtract(a atom, weight float64) {
	w, table := g.image.Width, g.tables[a.k]
	for y := max(0, a.y-len(table)+1); y < min(g.image.Height, a.y+len(table)); y++ {
		v := weight * table[abs(y-a.y)]
		for x := max(0, a.x-len(table)+1); x < min(w, a.x+len(table)); x++ {
			g.residual[y*w+x] -= v * table[abs(x-a.x)]
		}
	}
}

// change takes an atom of that weight from map k.
func (g *Grower) change(k int, a atom, weight float64) {
	w, far := g.image.Width, len(g.tables[k])+len(g.tables[a.k])-1
	left, right := max(0, a.x-far+1), min(w, a.x+far)
	along := make([]float64, right-left)
	for i := range along {
		along[i] = g.inner(k, a.k, left+i, a.x, w)
	}
	for y := max(0, a.y-far+1); y < min(g.image.Height, a.y+far); y++ {
		linalg.Blend(1, -weight*g.inner(k, a.k, y, a.y, g.image.Height), along, g.maps[k][y*w+left:y*w+right])
	}
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
