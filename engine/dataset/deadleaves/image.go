package deadleaves

import (
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
	img := draw(size, rand.New(rand.NewPCG(seed, streamLeaves)), &o)
	if o.Whiten {
		return Whiten(img, size, size, o.Cutoff)
	}
	return img
}

// Images draws the o.Images images, o.ImageSize pixels wide and high, that
// Patches cuts from with the same seed and options. It panics when the
// options are not valid.
func Images(seed uint64, o Options) [][]float64 {
	imgs := make([][]float64, o.Images)
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range imgs {
		gate <- struct{}{}
		wg.Go(func() {
			imgs[i] = Image(o.ImageSize, imageSeed(seed, i), o)
			<-gate
		})
	}
	wg.Wait()
	return imgs
}

// imageSeed returns the seed of image i of a set: i spread over the word by a
// multiplication with an odd constant, so that neighbouring seeds share no image.
func imageSeed(seed uint64, i int) uint64 {
	return seed ^ (uint64(i)+1)*0x9e3779b97f4a7c15
}

// draw lays leaves under those already there until nothing shows through.
func draw(size int, rng *rand.Rand, o *Options) []float64 {
	p := newPage(size)
	var l leaf
	for p.open > 0 {
		l.drop(size, o, rng)
		p.lay(&l, o.Straight, rng)
	}
	return p.img
}
