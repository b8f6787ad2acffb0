package render

import (
	"image"
	"image/color"
	"math"
)

// The light stands left above the camera and turns with it; half is half-way
// between the light and the viewer, for the highlight.
var (
	lightFrom = unit([3]float32{-0.45, 0.62, 0.75})
	lightHalf = unit([3]float32{-0.45, 0.62, 1.75})
)

func unit(v [3]float32) [3]float32 {
	k := 1 / float32(math.Sqrt(float64(v[0]*v[0]+v[1]*v[1]+v[2]*v[2])))
	return [3]float32{v[0] * k, v[1] * k, v[2] * k}
}

// resolve colours the pixels of a stripe. Samples of one pixel that show the
// same triangle are shaded once, at their mean position.
func (s *stripe) resolve(dst *image.RGBA, depth []float32) {
	n := s.samples
	whole := uint32(n * n)
	for py := range s.rows / n {
		for px := range s.width / n {
			var ids [4]int32
			var sumX, sumY [4]float32
			var counts [4]uint32
			kinds, nearest := 0, float32(far)
			for j := range n {
				y := py*n + j
				for i := range n {
					x := px*n + i
					at := y*s.width + x
					id := s.band.id[at]
					if id == none {
						continue
					}
					nearest = max(nearest, s.band.depth[at])
					k := 0
					for k < kinds && ids[k] != id {
						k++
					}
					if k == kinds {
						kinds++
						ids[k] = id
					}
					counts[k]++
					sumX[k] += float32(x) + 0.5
					sumY[k] += float32(y+s.top) + 0.5
				}
			}
			var r, g, b, covered uint32
			for k := range kinds {
				part := 1 / float32(counts[k])
				c := s.shade(ids[k], sumX[k]*part, sumY[k]*part)
				r += uint32(c.R) * counts[k]
				g += uint32(c.G) * counts[k]
				b += uint32(c.B) * counts[k]
				covered += counts[k]
			}
			s.put(dst, depth, px, s.top/n+py, nearest, [3]uint32{r, g, b}, covered, whole)
		}
	}
}

// put writes one drawn pixel, which is blow×blow pixels of dst.
func (s *stripe) put(dst *image.RGBA, depth []float32, px, py int, nearest float32, sum [3]uint32, covered, whole uint32) {
	for y := py * s.blow; y < min((py+1)*s.blow, dst.Rect.Dy()); y++ {
		for x := px * s.blow; x < min((px+1)*s.blow, dst.Rect.Dx()); x++ {
			depth[y*dst.Rect.Dx()+x] = nearest
			if covered == 0 {
				continue
			}
			p := dst.Pix[y*dst.Stride+4*x:][:3]
			for k := range p {
				p[k] = uint8((sum[k] + uint32(p[k])*(whole-covered) + whole/2) / whole)
			}
		}
	}
}

// shade returns the colour of a triangle or a dot at a place in samples.
func (s *stripe) shade(id int32, x, y float32) color.RGBA {
	if id < none {
		return s.shadeDot(int(-2-id), x, y)
	}
	t := s.body.triangles[id]
	a, b, c := &s.body.vertices[t[0]], &s.body.vertices[t[1]], &s.body.vertices[t[2]]
	bx, by, cx, cy := b.x-a.x, b.y-a.y, c.x-a.x, c.y-a.y
	area := bx*cy - cx*by
	k := 1 / area
	dx, dy := x-a.x, y-a.y
	wb, wc := (dx*cy-cx*dy)*k, (bx*dy-dx*by)*k
	// Perspective-correct weights, kept inside the triangle.
	wb, wc = min(max(wb, 0), 1), min(max(wc, 0), 1)
	wa := max(1-wb-wc, 0)
	wa, wb, wc = wa*a.q, wb*b.q, wc*c.q
	sum := 1 / (wa + wb + wc)
	wa, wb, wc = wa*sum, wb*sum, wc*sum

	var n [3]float32
	for i := range n {
		n[i] = wa*a.normal[i] + wb*b.normal[i] + wc*c.normal[i]
	}
	front := s.front(a, b, c, area)
	if !front {
		n[0], n[1], n[2] = -n[0], -n[1], -n[2]
	}
	if s.body.table == nil {
		colour := s.body.plain
		if !front {
			colour = s.body.back
		}
		return shine(colour, n, 0.22)
	}
	level := wa*a.level + wb*b.level + wc*c.level
	colour := s.body.table[clampInt(float64(level)+0.5, Levels)]
	line := max(gridLine(a.u, b.u, c.u, wa, wb, wc, bx, by, cx, cy, k), gridLine(a.v, b.v, c.v, wa, wb, wc, bx, by, cx, cy, k))
	if s.samples == 1 {
		line *= 0.8
	}
	shaded := shine(colour, n, 0.10)
	if line > 0 {
		p := [3]uint8{shaded.R, shaded.G, shaded.B}
		blend(p[:], contrast(colour), uint32(line*70))
		shaded = color.RGBA{p[0], p[1], p[2], 255}
	}
	return shaded
}

// front reports whether the side that the normals point to is seen. The sign of
// the area says which way round the corners run in the picture; the normals
// say which side is meant.
func (s *stripe) front(a, b, c *vertex, area float32) bool {
	// The face's own normal in camera space, scaled by its size: from x and y
	// in the picture and the depth.
	k := 1 / s.pixelDepth
	dbz, dcz := (b.depth-a.depth)*k, (c.depth-a.depth)*k
	bx, by, cx, cy := b.x-a.x, a.y-b.y, c.x-a.x, a.y-c.y
	face := [3]float32{by*dcz - dbz*cy, dbz*cx - bx*dcz, bx*cy - by*cx}
	dot := float32(0)
	for i := range face {
		dot += face[i] * (a.normal[i] + b.normal[i] + c.normal[i])
	}
	// face z is positive when the corners run anticlockwise: towards us.
	return (dot >= 0) == (area <= 0)
}

// gridLine returns how much of a line there is where u, interpolated over a
// triangle, is near a whole number.
func gridLine(ua, ub, uc, wa, wb, wc, bx, by, cx, cy, k float32) float32 {
	du, dv := ub-ua, uc-ua
	gx, gy := (du*cy-dv*by)*k, (dv*bx-du*cx)*k
	slope := float32(math.Sqrt(float64(gx*gx + gy*gy))) // of u, a sample
	if slope > 0.25 {
		return 0
	}
	u := wa*ua + wb*ub + wc*uc
	u -= float32(math.Floor(float64(u) + 0.5))
	if u < 0 {
		u = -u
	}
	line := 1.2*slope - u // a line of a good sample to both sides
	if line <= 0 {
		return 0
	}
	return min(line/slope, 1) * (1 - 4*slope)
}

// shadeDot returns the colour of a small sphere.
func (s *stripe) shadeDot(k int, x, y float32) color.RGBA {
	p, r := s.body.dots[k], 1/s.body.radius
	n := [3]float32{(x - p.x) * r, (p.y - y) * r, 0}
	n[2] = float32(math.Sqrt(float64(max(0.05, 1-n[0]*n[0]-n[1]*n[1]))))
	return shine(s.body.dot, n, 0.35)
}

// shine lights a colour: ambient, diffuse and a little specular light, darker
// towards the silhouette, which keeps it crisp on any ground.
func shine(c color.RGBA, n [3]float32, specular float32) color.RGBA {
	n[2] = max(n[2], 0.02)
	k := 1 / float32(math.Sqrt(float64(n[0]*n[0]+n[1]*n[1]+n[2]*n[2])))
	n[0], n[1], n[2] = n[0]*k, n[1]*k, n[2]*k
	diffuse := n[0]*lightFrom[0] + n[1]*lightFrom[1] + n[2]*lightFrom[2]
	// Half of the light wraps around, so that no side is flat.
	wrap := max(0, 0.75*diffuse+0.25)
	h := max(0, n[0]*lightHalf[0]+n[1]*lightHalf[1]+n[2]*lightHalf[2])
	h *= h
	h *= h
	h *= h
	h *= h
	h *= h // to the 32nd
	power := (0.34 + 0.72*wrap) * (0.72 + 0.28*min(1, 2.5*n[2]))
	add := 255 * specular * h
	to := func(v uint8) uint8 { return uint8(min(255, float32(v)*power+add)) }
	return color.RGBA{to(c.R), to(c.G), to(c.B), 255}
}
