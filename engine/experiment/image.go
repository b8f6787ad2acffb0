package experiment

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
)

// Image is a grey picture.
type Image struct {
	Width, Height int
	Pixels        []float64 // row by row from the top, 0 black to 1 white
}

// prepareImage draws or reads the picture.
func (s *Study) prepareImage(ctx context.Context, progress Progress) error {
	b := s.Recipe.RBF
	if b.Path == "" {
		return s.keep(drawImage(b.Function, b.Resolution))
	}
	set, _, err := dataset.Load(ctx, dataset.LoadOptions{Path: b.Path, Count: 1, Progress: progress.tell})
	if err != nil {
		return err
	}
	if !set.Geometry.IsImage() || set.N == 0 {
		return fmt.Errorf("%s is no image", s.Name)
	}
	g := set.Geometry
	values := make([]float64, set.D)
	set.Read(values, 0)
	img := Image{Width: g.Width, Height: g.Height, Pixels: make([]float64, g.Width*g.Height)}
	low, high := 0.0, set.FullScale
	if high == 0 { // no natural scale
		low, high = math.Inf(1), math.Inf(-1)
		for _, v := range values {
			low, high = min(low, v), max(high, v)
		}
	}
	if high <= low {
		high = low + 1
	}
	for i := range img.Pixels {
		for c := range g.Channels { // the mean of the colours
			img.Pixels[i] += (values[i*g.Channels+c] - low) / (high - low) / float64(g.Channels)
		}
	}
	return s.keep(img)
}

// keep takes the image, or the patch of it that the recipe asks for, as large
// as the recipe allows.
func (s *Study) keep(img Image) error {
	b := s.Recipe.RBF
	if b.Patch > 0 {
		if b.Patch > min(img.Width, img.Height) {
			return fmt.Errorf("%s has %d×%d pixels: want an rbf.patch of %d at the most", s.Name, img.Width, img.Height, min(img.Width, img.Height))
		}
		rng := rand.New(rand.NewPCG(s.Recipe.Seed, streamPlaces))
		img = img.cut(rng.IntN(img.Width-b.Patch+1), rng.IntN(img.Height-b.Patch+1), b.Patch)
	}
	s.Image = img.reduced(b.Resolution)
	if n := s.Image; n.Width != img.Width || n.Height != img.Height {
		s.Notes = append(s.Notes, fmt.Sprintf("%s is reduced from %d×%d to %d×%d pixels (rbf.resolution = %d)",
			s.Name, img.Width, img.Height, n.Width, n.Height, b.Resolution))
	}
	return nil
}

// cut returns the square of that side with its corner at (x, y).
func (m Image) cut(x, y, side int) Image {
	out := Image{Width: side, Height: side}
	for row := range side {
		from := (y+row)*m.Width + x
		out.Pixels = append(out.Pixels, m.Pixels[from:from+side]...)
	}
	return out
}

// reduced returns the image with its longer side at most that long: every new
// pixel is the mean of the area it covers.
func (m Image) reduced(side int) Image {
	if max(m.Width, m.Height) <= side {
		return m
	}
	scale := float64(max(m.Width, m.Height)) / float64(side)
	out := Image{Width: max(1, int(float64(m.Width)/scale+0.5)), Height: max(1, int(float64(m.Height)/scale+0.5))}
	rows := make([]float64, out.Width*m.Height) // first along x, then along y
	shrink(rows, m.Pixels, out.Width, m.Width, m.Height, 1, out.Width, 1, m.Width)
	out.Pixels = make([]float64, out.Width*out.Height)
	shrink(out.Pixels, rows, out.Height, m.Height, out.Width, out.Width, 1, out.Width, 1)
	return out
}

// shrink averages lines of from values to lines of to values. Consecutive
// values of a line lie step apart, lines lie pitch apart, in dst and in src.
func shrink(dst, src []float64, to, from, lines, dstStep, dstPitch, srcStep, srcPitch int) {
	scale := float64(from) / float64(to)
	for line := range lines {
		for i := range to {
			start, end := float64(i)*scale, min(float64(i+1)*scale, float64(from))
			sum := 0.0
			for j := int(start); j < from && float64(j) < end; j++ {
				share := min(end, float64(j+1)) - max(start, float64(j))
				sum += share * src[line*srcPitch+j*srcStep]
			}
			dst[line*dstPitch+i*dstStep] = sum / (end - start)
		}
	}
}

// drawImage draws the built-in picture of that name, side×side pixels, with
// four by four samples a pixel.
func drawImage(name string, side int) Image {
	at := harbour
	if name == "face" {
		at = face
	}
	img := Image{Width: side, Height: side, Pixels: make([]float64, side*side)}
	const samples = 4
	linalg.Parallel(side, func(row int) {
		for i := row * side; i < (row+1)*side; i++ {
			for k := range samples * samples {
				x := (float64(i%side) + (float64(k%samples)+0.5)/samples) / float64(side)
				y := (float64(row) + (float64(k/samples)+0.5)/samples) / float64(side)
				img.Pixels[i] += at(x, y) / (samples * samples)
			}
		}
	})
	return img
}

// harbour is a sailing boat before hills, at (x, y) of the unit square, y down.
func harbour(x, y float64) float64 {
	const horizon = 0.62
	v := 0.93 - 0.45*y // the sky
	sun := math.Hypot(x-0.74, y-0.2)
	v += 0.25 * math.Exp(-sun*sun/0.02)
	if sun < 0.075 {
		v = 1
	}
	if y > 0.5-0.06*math.Sin(5*x+0.4)-0.03*math.Sin(13*x) {
		v = 0.42 - 0.12*math.Sin(9*x)*y
	}
	if y > horizon {
		depth := (y - horizon) / (1 - horizon)
		v = 0.62 - 0.42*depth + 0.06*math.Sin(60*depth*(1+depth)+3*math.Sin(9*x))
		v += 0.3 * math.Exp(-math.Pow((x-0.74)/(0.04+0.06*depth), 2)) * (1 - depth)
	}
	boat := y - 0.66
	switch {
	case boat > 0 && boat < 0.085 && math.Abs(x-0.4) < 0.17-0.9*boat: // hull
		v = 0.08 + 0.6*max(0, 0.012-boat)/0.012
	case boat <= 0 && math.Abs(x-0.41) < 0.006 && y > 0.18: // mast
		v = 0.1
	case boat <= -0.02 && x < 0.4 && y > 0.2 && (0.4-x) < 0.42*(y-0.2): // mainsail
		v = 0.97 - 0.35*(0.4-x)/0.2
	case boat <= -0.03 && x > 0.42 && y > 0.26 && (x-0.42) < 0.36*(y-0.26): // jib
		v = 0.8 - 0.3*(x-0.42)/0.13
	}
	return max(0, min(1, v))
}

// face is a smiling face with glasses, at (x, y) of the unit square, y down.
func face(x, y float64) float64 {
	v := 0.25 + 0.2*x
	dx, dy := (x-0.5)/0.34, (y-0.52)/0.42
	if dx*dx+dy*dy < 1 {
		v = 0.9 - 0.3*(dx*dx+dy*dy) - 0.12*dx
	}
	if hx, hy := (x-0.5)/0.37, (y-0.3)/0.24; hx*hx+hy*hy < 1 && y < 0.33-0.1*math.Cos(9*(x-0.5)) {
		v = 0.12 + 0.06*math.Sin(40*x)
	}
	for _, centre := range []float64{0.36, 0.64} {
		r := math.Hypot(x-centre, y-0.46)
		switch {
		case r < 0.03:
			v = 0.05
		case r < 0.085:
			v = 0.97
		case r < 0.1:
			v = 0.15
		}
	}
	if math.Abs(y-0.45) < 0.008 && math.Abs(x-0.5) < 0.05 {
		v = 0.15
	}
	nose := math.Hypot((x-0.5)/0.035, (y-0.59)/0.06)
	v -= 0.2 * math.Exp(-nose*nose*nose)
	if r := math.Hypot(x-0.5, (y-0.6)*1.25); r > 0.175 && r < 0.2 && y > 0.67 {
		v = 0.2
	}
	return max(0, min(1, v))
}
