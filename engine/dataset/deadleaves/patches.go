package deadleaves

import (
	"context"
	"fmt"
	"math/rand/v2"

	"filterscope/engine/dataset"
)

const (
	// MaxValues bounds the numbers Patches makes: 1 GB.
	MaxValues = 1 << 27

	// margin keeps the patches of whitened images off the border, where the
	// periodic filter sees an edge that is not there.
	margin = 4
)

// Patches cuts n patches of size×size pixels from o.Images dead-leaves images,
// each at a place drawn uniformly among all images and positions. The data set
// remembers the places; its values are those of Image, FullScale 1 or, when
// whitened, 0. Patch i does not depend on n. When ctx ends, its cause is
// returned within a fraction of a second. Options out of range, patches
// that do not fit into the images and more than MaxValues numbers are errors.
func Patches(ctx context.Context, n, size int, seed uint64, o Options) (*dataset.Dataset, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	border := 0
	fullScale := 1.0
	if o.Whiten {
		border, fullScale = margin, 0
	}
	places := o.ImageSize - 2*border - size + 1
	switch {
	case size < 1 || places < 1:
		return nil, fmt.Errorf("dead leaves: patches of %d×%d pixels: want 1 to %d in images of %d×%d",
			size, size, o.ImageSize-2*border, o.ImageSize, o.ImageSize)
	case n < 1 || n > MaxValues/(size*size):
		return nil, fmt.Errorf("dead leaves: %d patches: want 1 to %d of %d×%d pixels",
			n, MaxValues/(size*size), size, size)
	}
	d := &dataset.Dataset{
		Name:      "dead leaves",
		N:         n,
		D:         size * size,
		Geometry:  dataset.Geometry{Width: size, Height: size, Channels: 1},
		Sources:   make([]string, o.Images),
		Origins:   make([]dataset.Origin, n),
		FullScale: fullScale,
		Doubles:   make([]float64, n*size*size),
	}
	for i := range d.Sources {
		d.Sources[i] = fmt.Sprintf("dead leaves %d", i+1)
	}
	d.SourceImage = func(ctx context.Context, source int) (*dataset.Dataset, error) {
		img := drawn(ctx, o.ImageSize, imageSeed(seed, source), &o)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return &dataset.Dataset{
			Name: d.Sources[source], N: 1, D: len(img), FullScale: fullScale, Doubles: img,
			Geometry: dataset.Geometry{Width: o.ImageSize, Height: o.ImageSize, Channels: 1},
		}, nil
	}
	imgs, err := images(ctx, seed, &o)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(seed, streamPatches))
	for i := range d.Origins {
		at := dataset.Origin{
			Source: rng.IntN(o.Images),
			X:      border + rng.IntN(places),
			Y:      border + rng.IntN(places),
		}
		d.Origins[i] = at
		patch := d.Doubles[i*d.D : (i+1)*d.D]
		for y := range size {
			from := (at.Y+y)*o.ImageSize + at.X
			copy(patch[y*size:(y+1)*size], imgs[at.Source][from:from+size])
		}
	}
	return d, nil
}
