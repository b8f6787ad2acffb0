package deadleaves

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
)

// The second words of the generators, by purpose.
const (
	streamLeaves  uint64 = 0x6c6561766573
	streamPatches uint64 = 0x70617463686573
)

// Image draws one dead-leaves image of size×size pixels, row by row: grey
// levels from 0 to 1 when o.Whiten is false, else whitened, with mean 0 and
// variance 1. Images and ImageSize are not used. It panics when size is not
// positive or the other options are not valid.
func Image(size int, seed uint64, o Options) []float64 {
	if err := o.Validate(); err != nil || size < 1 {
		panic(fmt.Sprintf("deadleaves: Image: size %d: %v", size, err))
	}
	return drawn(context.Background(), size, seed, &o)
}

// drawn draws one image; it is not whole when ctx has ended.
func drawn(ctx context.Context, size int, seed uint64, o *Options) []float64 {
	img := draw(ctx, size, rand.New(rand.NewPCG(seed, streamLeaves)), o)
	if o.Whiten && ctx.Err() == nil {
		return Whiten(img, size, size, o.Cutoff)
	}
	return img
}

// Images draws the o.Images images, o.ImageSize pixels wide and high, that
// Patches cuts from with the same seed and options. It panics when the
// options are not valid.
func Images(seed uint64, o Options) [][]float64 {
	if err := o.Validate(); err != nil {
		panic(fmt.Sprintf("deadleaves: Images: %v", err))
	}
	imgs, _ := images(context.Background(), seed, &o) // which does not end
	return imgs
}

func images(ctx context.Context, seed uint64, o *Options) ([][]float64, error) {
	imgs := make([][]float64, o.Images)
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range imgs {
		gate <- struct{}{}
		wg.Go(func() {
			imgs[i] = drawn(ctx, o.ImageSize, imageSeed(seed, i), o)
			<-gate
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return imgs, nil
}

// imageSeed returns the seed of image i of a set: i spread over the word by a
// multiplication with an odd constant, so that neighbouring seeds share no image.
func imageSeed(seed uint64, i int) uint64 {
	return seed ^ (uint64(i)+1)*0x9e3779b97f4a7c15
}

// draw lays leaves under those already there until nothing shows through, or
// ctx ends.
func draw(ctx context.Context, size int, rng *rand.Rand, o *Options) []float64 {
	p := newPage(size)
	var l leaf
	const look = 1024 // leaves between two looks at ctx: a few milliseconds
	for n := 0; p.open > 0 && (n%look != 0 || ctx.Err() == nil); n++ {
		l.drop(size, o, rng)
		p.lay(&l, o.Straight, rng)
	}
	return p.img
}
