package experiment

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"filterscope/engine/linalg"
)

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
