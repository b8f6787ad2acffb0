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
	for py := range s.rows / n {
		at := py * n * s.width
		row := s.top/n + py
		for px := range s.width / n {
			var c color.RGBA
			covered := uint32(n * n)
			id, nearest := s.band.id[at], s.band.depth[at]
			switch {
			case n == 1:
				if id != none {
					c = s.shade(id, float32(px)+0.5, float32(row)+0.5)
				} else {
					covered = 0
				}
			case id == s.band.id[at+1] && id == s.band.id[at+s.width] && id == s.band.id[at+s.width+1]:
				if id != none {
					c = s.shade(id, float32(2*px)+1, float32(2*row)+1)
				} else {
					covered = 0
				}
			default:
				c, nearest, covered = s.mixed(at, 2*px, 2*row)
			}
			at += n
			if s.blow > 1 {
				s.blowUp(dst, depth, px, row, c, nearest, covered)
				continue
			}
			depth[row*dst.Rect.Dx()+px] = nearest
			if covered == 0 {
				continue
			}
			p := dst.Pix[row*dst.Stride+4*px:][:4:4]
			if covered == uint32(n*n) {
				p[0], p[1], p[2] = c.R, c.G, c.B
			} else {
				blend(p, c, covered*255/4)
			}
		}
	}
}

// mixed returns the mean colour of the four samples of a pixel that do not all
// show the same, the nearest depth, and how many show anything.
func (s *stripe) mixed(at, x, y int) (c color.RGBA, nearest float32, covered uint32) {
	places := [4]int{at, at + 1, at + s.width, at + s.width + 1}
	var ids [4]int32
	for i, place := range places {
		ids[i] = s.band.id[place]
		nearest = max(s.band.depth[place], nearest)
		if i == 0 {
			nearest = s.band.depth[place]
		}
	}
	var r, g, b uint32
	for i := range ids {
		id := ids[i]
		if id == none {
			continue
		}
		var sumX, sumY float32
		count := uint32(0)
		for j := i; j < 4; j++ {
			if ids[j] == id {
				sumX += float32(x+j&1) + 0.5
				sumY += float32(y+j>>1) + 0.5
				ids[j] = none
				count++
			}
		}
		part := 1 / float32(count)
		one := s.shade(id, sumX*part, sumY*part)
		r, g, b = r+count*uint32(one.R), g+count*uint32(one.G), b+count*uint32(one.B)
		covered += count
	}
	half := covered / 2
	return color.RGBA{uint8((r + half) / covered), uint8((g + half) / covered), uint8((b + half) / covered), 255}, nearest, covered
}

// blowUp writes one drawn pixel to blow×blow pixels of dst.
func (s *stripe) blowUp(dst *image.RGBA, depth []float32, px, py int, c color.RGBA, nearest float32, covered uint32) {
	size := dst.Rect.Size()
	for y := py * s.blow; y < min((py+1)*s.blow, size.Y); y++ {
		for x := px * s.blow; x < min((px+1)*s.blow, size.X); x++ {
			depth[y*size.X+x] = nearest
			if covered > 0 {
				p := dst.Pix[y*dst.Stride+4*x:][:3]
				p[0], p[1], p[2] = c.R, c.G, c.B
			}
		}
	}
}

// facet is what the pixels of one triangle share.
type facet struct {
	id             int32
	a, b, c        *vertex
	bx, by, cx, cy float32 // b and c seen from a
	k              float32 // 1/area
	front          bool
	slopeU, slopeV float32 // of the grid coordinates, a sample
}

// facet prepares a triangle for shading, unless it was the last one.
func (s *stripe) facet(id int32) *facet {
	f := &s.last
	if f.id == id && f.a != nil {
		return f
	}
	t := s.body.triangles[id]
	f.id = id
	f.a, f.b, f.c = &s.body.vertices[t[0]], &s.body.vertices[t[1]], &s.body.vertices[t[2]]
	f.bx, f.by = f.b.x-f.a.x, f.b.y-f.a.y
	f.cx, f.cy = f.c.x-f.a.x, f.c.y-f.a.y
	area := f.bx*f.cy - f.cx*f.by
	f.k = 1 / area
	f.front = s.front(f.a, f.b, f.c, area)
	if s.body.table != nil {
		f.slopeU = f.slope(f.b.u-f.a.u, f.c.u-f.a.u)
		f.slopeV = f.slope(f.b.v-f.a.v, f.c.v-f.a.v)
	}
	return f
}

// slope is how fast a quantity changes with a step of one sample.
func (f *facet) slope(db, dc float32) float32 {
	x, y := (db*f.cy-dc*f.by)*f.k, (dc*f.bx-db*f.cx)*f.k
	return float32(math.Sqrt(float64(x*x + y*y)))
}

// shade returns the colour of a triangle or a dot at a place in samples.
func (s *stripe) shade(id int32, x, y float32) color.RGBA {
	if id < none {
		return s.shadeDot(int(-2-id), x, y)
	}
	f := s.facet(id)
	a, b, c := f.a, f.b, f.c
	dx, dy := x-a.x, y-a.y
	// Perspective-correct weights, kept inside the triangle.
	wb, wc := inUnit((dx*f.cy-f.cx*dy)*f.k), inUnit((f.bx*dy-dx*f.by)*f.k)
	wa := inUnit(1-wb-wc) * a.q
	wb, wc = wb*b.q, wc*c.q
	sum := 1 / (wa + wb + wc)
	wa, wb, wc = wa*sum, wb*sum, wc*sum

	n := [3]float32{
		wa*a.normal[0] + wb*b.normal[0] + wc*c.normal[0],
		wa*a.normal[1] + wb*b.normal[1] + wc*c.normal[1],
		wa*a.normal[2] + wb*b.normal[2] + wc*c.normal[2],
	}
	ambient := float32(0.34)
	if !f.front {
		n[0], n[1], n[2] = -n[0], -n[1], -n[2]
		ambient = 0.5
	}
	if s.body.table == nil {
		colour := s.body.plain
		if !f.front {
			colour = s.body.back
		}
		return shine(colour, n, ambient, 0.17)
	}
	level := 0
	if l := wa*a.level + wb*b.level + wc*c.level + 0.5; l > 0 {
		level = int(min(l, Levels-1))
	}
	shaded := shine(s.body.table[level], n, ambient, 0.10)
	line := max(gridLine(wa*a.u+wb*b.u+wc*c.u, f.slopeU, s.body.line), gridLine(wa*a.v+wb*b.v+wc*c.v, f.slopeV, s.body.line))
	if line > 0 {
		p := [3]uint8{shaded.R, shaded.G, shaded.B}
		blend(p[:], s.body.ink, uint32(line*72))
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

// gridLine returns how much of a line of the given half width there is where u
// is near a whole number; slope is that of u. Lines too dense to be told apart
// fade away.
func gridLine(u, slope, half float32) float32 {
	if slope > 0.25 || slope == 0 {
		return 0
	}
	u -= float32(math.Floor(float64(u) + 0.5))
	if u < 0 {
		u = -u
	}
	line := half + 0.5 - u/slope
	if line <= 0 {
		return 0
	}
	return min(line, 1) * (1 - 4*slope)
}

// shadeDot returns the colour of a small sphere.
func (s *stripe) shadeDot(k int, x, y float32) color.RGBA {
	p, r := s.body.dots[k], 1/s.body.radius
	n := [3]float32{(x - p.x) * r, (p.y - y) * r, 0}
	n[2] = float32(math.Sqrt(float64(max(0.05, 1-n[0]*n[0]-n[1]*n[1]))))
	return shine(s.body.dot, n, 0.4, 0.35)
}

// shine lights a colour: ambient, diffuse and a little specular light, darker
// towards the silhouette, which keeps it crisp on any ground.
func shine(c color.RGBA, n [3]float32, ambient, specular float32) color.RGBA {
	if n[2] < 0.02 {
		n[2] = 0.02
	}
	k := 1 / float32(math.Sqrt(float64(n[0]*n[0]+n[1]*n[1]+n[2]*n[2])))
	x, y, z := n[0]*k, n[1]*k, n[2]*k
	power := ambient
	// A quarter of the light wraps around, so that no side is flat.
	if diffuse := 0.75*(x*lightFrom[0]+y*lightFrom[1]+z*lightFrom[2]) + 0.25; diffuse > 0 {
		power += 0.72 * diffuse
	}
	if rim := 2.5 * z; rim < 1 {
		power *= 0.72 + 0.28*rim
	}
	add := float32(0)
	if h := x*lightHalf[0] + y*lightHalf[1] + z*lightHalf[2]; h > 0 {
		h *= h
		h *= h
		h *= h
		h *= h
		h *= h // to the 32nd
		add = 255 * specular * h
	}
	return color.RGBA{toByte(float32(c.R)*power + add), toByte(float32(c.G)*power + add), toByte(float32(c.B)*power + add), 255}
}

// toByte cuts a positive number to a byte.
func toByte(v float32) uint8 {
	if v > 255 {
		return 255
	}
	return uint8(int32(v))
}

// inUnit clamps to [0, 1]; min and max, which mind the sign of zero, take
// longer.
func inUnit(v float32) float32 {
	if v < 0 {
		return 0
	}
	if v > 1 {
		return 1
	}
	return v
}
