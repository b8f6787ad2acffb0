package deadleaves

import (
	"math"
	"math/rand/v2"
)

// opaque is the share of light from below at which a pixel counts as covered:
// half a level of 8-bit grey.
const opaque = 1.0 / 512

// edge is the width, in pixels, over which a leaf's coverage falls from full
// to none: smooth enough for the eye, while the whole pixel of an exact box
// filter would take so much from the highest frequencies that the spectrum
// falls faster than that of photographs.
const edge = 0.4

// cell is the width of the squares a page is divided into. Towards the end
// most of the page is covered, and the squares that are need no look at their
// pixels.
const cell = 16

// page is an image while leaves are laid under those already there.
type page struct {
	size    int
	img     []float64
	through []float64 // each pixel's share of light from below
	open    int       // pixels that are not covered yet
	cells   int       // squares in a row
	left    []int     // open pixels of each square
}

func newPage(size int) *page {
	p := &page{
		size:    size,
		img:     make([]float64, size*size),
		through: make([]float64, size*size),
		open:    size * size,
		cells:   (size + cell - 1) / cell,
	}
	p.left = make([]int, p.cells*p.cells)
	for i := range p.through {
		p.through[i] = 1
		p.left[i/size/cell*p.cells+i%size/cell]++
	}
	return p
}

// lay puts a dropped leaf under all others. It chooses the leaf's outline only
// when there may be something of it to see.
func (p *page) lay(l *leaf, straight float64, rng *rand.Rand) {
	x0, x1 := pixels(l.x, l.r, p.size)
	y0, y1 := pixels(l.y, l.r, p.size)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	shaped := false
	for cy := y0 / cell; cy <= (y1-1)/cell; cy++ {
		for cx := x0 / cell; cx <= (x1-1)/cell; cx++ {
			left := &p.left[cy*p.cells+cx]
			if *left == 0 {
				continue
			}
			if !shaped {
				l.shape(straight, rng)
				shaped = true
			}
			covered := p.layCell(l,
				max(x0, cx*cell), min(x1, (cx+1)*cell), max(y0, cy*cell), min(y1, (cy+1)*cell))
			*left -= covered
			p.open -= covered
		}
	}
}

// layCell draws the part of the leaf in columns x0 to x1-1 and rows y0 to
// y1-1, and returns the number of pixels that it closed.
func (p *page) layCell(l *leaf, x0, x1, y0, y1 int) (covered int) {
	for y := y0; y < y1; y++ {
		dy := float64(y) + 0.5 - l.y
		for i := y*p.size + x0; i < y*p.size+x1; i++ {
			if p.through[i] == 0 {
				continue
			}
			cover := l.depth(float64(i-y*p.size)+0.5-l.x, dy)/edge + 0.5
			if cover <= 0 {
				continue
			}
			light := p.through[i] * min(cover, 1)
			p.img[i] += light * l.grey
			if p.through[i] -= light; p.through[i] <= opaque {
				p.img[i] += p.through[i] * l.grey
				p.through[i] = 0
				covered++
			}
		}
	}
	return covered
}

// pixels returns the half-open range of the pixels of a line of that size
// whose centres lie within half a pixel of [centre-r, centre+r].
func pixels(centre, r float64, size int) (first, last int) {
	first = max(int(math.Ceil(centre-r-1)), 0)
	last = min(int(math.Floor(centre+r))+1, size)
	return first, last
}
