package dataset

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// streamPatches is the second half of the generator's seed, so that other
// uses of the same seed draw other numbers.
const (
	streamPatches = 0x70617463686573 // "patches"
	streamRedraw  = 0x726564726177   // "redraw", for places that replace flat patches
)

// maxTries is how often a place is drawn for one patch that is to have some
// contrast, before its image is given up.
const maxTries = 1000

// whitenedVariance is the mean variance of the whitened images of Olshausen
// and Field (the IMAGES of their sparsenet, which UFLDL uses).
const whitenedVariance = 0.1

// SamplePatches cuts o.Patch.Count square patches from the images of an
// album: for each patch an image is drawn uniformly, then a position in it
// uniformly, as in UFLDL's sparse autoencoder exercise, or a position among
// those of all images (PatchOptions.Pooled). The same album, options and seed
// always give the same patches. Images that are too small, cannot be opened or
// are flat everywhere are named in the warnings; patches drawn from the latter
// two are drawn again from the rest. Sources names all images of the album,
// Origins the place of every patch.
//
// Whitened patches are floats without a natural scale; others are stored as
// their images are. Each image is opened once, a few at the same time, and let
// go when its patches are cut: memory holds the patches and as many images as
// there are processors.
func SamplePatches(ctx context.Context, album Album, o *LoadOptions) (*Dataset, []Warning, error) {
	p := &sampler{album: album, o: o, patch: *o.Patch}
	p.patch.Count = orElse(p.patch.Count, orElse(o.Count, defaultPatches))
	usable, err := p.usable()
	if err != nil {
		return nil, p.warnings, err
	}
	if err := p.prepare(usable); err != nil {
		return nil, p.warnings, err
	}
	rng := rand.New(rand.NewPCG(o.Seed, streamPatches))
	missing := make([]int, p.patch.Count) // patches still to be cut
	for i := range missing {
		missing[i] = i
	}
	for len(missing) > 0 {
		if len(usable) == 0 {
			return nil, p.warnings, noneLeft(p.warnings)
		}
		bySource := p.draw(rng, usable, missing)
		missing = missing[:0]
		var good []int
		err := eachInOrder(ctx, len(usable),
			func(ctx context.Context, n int) error { return p.cut(ctx, usable[n], bySource[usable[n]]) },
			func(n int) { o.item(n, len(usable), album.Items[usable[n]].Name) },
			func(n int, err error) {
				source := usable[n]
				if err != nil {
					p.warnings = append(p.warnings, Warning{album.Items[source].Name, err.Error()})
					missing = append(missing, bySource[source]...)
					return
				}
				good = append(good, source)
			})
		if err != nil {
			return nil, p.warnings, err
		}
		usable = good
	}
	o.progress(len(album.Items), len(album.Items), "images")
	p.scale()
	return p.out, p.warnings, p.out.Check()
}

// sampler cuts patches into one data set.
type sampler struct {
	album    Album
	o        *LoadOptions
	patch    PatchOptions
	warnings []Warning
	out      *Dataset
	variance []float64 // of each whitened image, 0 before it is opened
}

// usable returns the images that are large enough for a patch.
func (p *sampler) usable() ([]int, error) {
	var usable []int
	for i, item := range p.album.Items {
		g := item.Geometry
		if w, h := p.places(g); w < 1 || h < 1 {
			if p.patch.Border > 0 {
				p.warnings = append(p.warnings, Warning{item.Name, fmt.Sprintf("a %d×%d image with a border of %d cannot give %d×%d patches",
					g.Width, g.Height, p.patch.Border, p.patch.Size, p.patch.Size)})
				continue
			}
			p.warnings = append(p.warnings, Warning{item.Name, fmt.Sprintf("a %d×%d image cannot give %d×%d patches", g.Width, g.Height, p.patch.Size, p.patch.Size)})
			continue
		}
		usable = append(usable, i)
	}
	if len(usable) == 0 {
		return nil, noneLeft(p.warnings)
	}
	return usable, nil
}

// places returns how many columns and rows a patch of an image can start at.
func (p *sampler) places(g Geometry) (columns, rows int) {
	taken := p.patch.Size - 1 + 2*p.patch.Border
	return g.Width - taken, g.Height - taken
}

// prepare makes the data set the patches go into.
func (p *sampler) prepare(usable []int) error {
	items := make([]Item, len(usable))
	for i, source := range usable {
		items[i] = p.album.Items[source]
	}
	g := Geometry{Width: p.patch.Size, Height: p.patch.Size, Channels: items[0].Geometry.Channels}
	n := p.patch.Count
	p.out = &Dataset{N: n, D: g.Features(), Geometry: g}
	for _, item := range p.album.Items {
		p.out.Sources = append(p.out.Sources, item.Name)
	}
	p.out.SourceImage = func(ctx context.Context, source int) (*Dataset, error) { return p.album.Items[source].Open(ctx) }
	element, scale := commonForm(items)
	if p.patch.Whiten {
		element, scale = Float32, 0
		p.variance = make([]float64, len(p.album.Items))
	}
	const origin = 40 // bytes for a patch's place and its number in the drawing
	if int64(n) > maxBytes/(int64(element.Size())*int64(g.Features())+origin) {
		return fmt.Errorf("%d patches of %d×%d take more than 4 GiB; give a smaller count or size", n, g.Width, g.Height)
	}
	p.out.FullScale = scale
	p.out.Origins = make([]Origin, n)
	p.out.allocate(element, n*g.Features())
	return nil
}

// draw draws a place for each of the missing patches, and returns them by
// image.
func (p *sampler) draw(rng *rand.Rand, usable, missing []int) map[int][]int {
	var ends []int64 // of each usable image among all places, when pooled
	total := int64(0)
	if p.patch.Pooled {
		for _, source := range usable {
			columns, rows := p.places(p.album.Items[source].Geometry)
			total += int64(columns) * int64(rows)
			ends = append(ends, total)
		}
	}
	bySource := make(map[int][]int)
	for _, i := range missing {
		n := 0
		if p.patch.Pooled {
			n, _ = slices.BinarySearch(ends, rng.Int64N(total)+1)
		} else {
			n = rng.IntN(len(usable))
		}
		source := usable[n]
		p.out.Origins[i] = p.place(rng, source)
		bySource[source] = append(bySource[source], i)
	}
	return bySource
}

// place draws a place in one image.
func (p *sampler) place(rng *rand.Rand, source int) Origin {
	columns, rows := p.places(p.album.Items[source].Geometry)
	return Origin{Source: source, X: p.patch.Border + rng.IntN(columns), Y: p.patch.Border + rng.IntN(rows)}
}

// cut opens one image and copies its patches. It is called for several images
// at the same time.
func (p *sampler) cut(ctx context.Context, source int, patches []int) error {
	if len(patches) == 0 {
		return nil
	}
	img, err := p.album.Items[source].Open(ctx)
	if err != nil {
		return err
	}
	if err := p.avoidFlat(img, source, patches); err != nil {
		return err
	}
	if p.patch.Whiten {
		if img, err = p.whiten(ctx, source, img); err != nil {
			return err
		}
	}
	row := p.patch.Size * img.Geometry.Channels
	for _, i := range patches {
		at := p.out.Origins[i]
		for y := range p.patch.Size {
			from := ((at.Y+y)*img.Geometry.Width + at.X) * img.Geometry.Channels
			p.out.put(img, i*p.out.D+y*row, from, row)
		}
	}
	return nil
}

// avoidFlat moves the patches that lie where the image is flatter than
// MinVariance. Which places it tries depends on the seed and the image alone.
func (p *sampler) avoidFlat(img *Dataset, source int, patches []int) error {
	if p.patch.MinVariance == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(p.o.Seed^uint64(source+1)*0x9e3779b97f4a7c15, streamRedraw))
	least := p.patch.MinVariance
	if img.FullScale > 0 {
		least *= img.FullScale * img.FullScale
	}
	for _, i := range patches {
		for try := 0; p.contrast(img, p.out.Origins[i]) < least; try++ {
			if try == maxTries {
				return fmt.Errorf("%d places in it were tried, and all are flatter than %g; lower the least variance of a patch", maxTries, p.patch.MinVariance)
			}
			p.out.Origins[i] = p.place(rng, source)
		}
	}
	return nil
}

// contrast returns the variance of the samples of a patch about the mean of
// their channel, in the units of the image.
func (p *sampler) contrast(img *Dataset, at Origin) float64 {
	g := img.Geometry
	all := 0.0
	n := float64(p.patch.Size * p.patch.Size)
	for c := range g.Channels {
		sum, squares := 0.0, 0.0
		for y := range p.patch.Size {
			from := ((at.Y+y)*g.Width+at.X)*g.Channels + c
			for x := range p.patch.Size {
				v := img.at(from + x*g.Channels)
				sum += v
				squares += v * v
			}
		}
		all += max(0, squares/n-sum/n*sum/n)
	}
	return all / float64(g.Channels)
}

// whiten returns the image filtered, channel by channel, and notes its
// variance.
func (p *sampler) whiten(ctx context.Context, source int, img *Dataset) (*Dataset, error) {
	g := img.Geometry
	out := &Dataset{Name: img.Name, N: 1, D: img.D, Geometry: g, Doubles: make([]float64, img.D)}
	scale := 1.0
	if img.FullScale > 0 {
		scale = 1 / img.FullScale
	}
	plane := make([]float64, g.Width*g.Height)
	sum := 0.0
	for c := range g.Channels {
		for i := range plane {
			plane[i] = scale * img.at(i*g.Channels+c)
		}
		if err := Whiten(ctx, plane, g.Width, g.Height, OlshausenFieldCutoff); err != nil {
			return nil, err
		}
		for i, v := range plane {
			out.Doubles[i*g.Channels+c] = v
			sum += v * v // the mean is 0
		}
	}
	p.variance[source] = sum / float64(img.D)
	return out, nil
}

// scale brings whitened patches to the variance of the published ones.
func (p *sampler) scale() {
	sum, images := 0.0, 0
	for _, v := range p.variance {
		if v > 0 {
			sum += v
			images++
		}
	}
	if sum == 0 {
		return // not whitened, or images without any contrast
	}
	factor := float32(math.Sqrt(whitenedVariance * float64(images) / sum))
	for i := range p.out.Singles {
		p.out.Singles[i] *= factor
	}
}
