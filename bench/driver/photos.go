package main

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/deadleaves"
	"filterscope/engine/linalg"
	"filterscope/engine/preprocess"
)

// What writePhotos makes in its folder.
const (
	photoCount, photoSide = 8, 1024
	colourPatches         = 100000 // in rgb.u8, of 8×8×3 bytes
	patchSide             = 8
)

// writePhotos draws colour pictures, writes them as PNG and JPEG files, and cuts patches
// from them: dead leaves in two levels that are mixed into three colours, with noise as of a camera.
func writePhotos(ctx context.Context, s settings) (report, error) {
	o := deadleaves.Default()
	o.Whiten = false
	photos := make([]*image.RGBA, photoCount)
	for k := range photos {
		rng := rand.New(rand.NewPCG(2, uint64(k)))
		a, b := deadleaves.Image(photoSide, uint64(2*k), o), deadleaves.Image(photoSide, uint64(2*k+1), o)
		img := image.NewRGBA(image.Rect(0, 0, photoSide, photoSide))
		for i := range a {
			for c, share := range []float64{0, 0.2, 0.4} {
				v := 255*((1-share)*a[i]+share*b[i]) + 4*rng.NormFloat64()
				img.Pix[4*i+c] = uint8(min(max(v, 0), 255))
			}
			img.Pix[4*i+3] = 255
		}
		photos[k] = img
		for kind, encode := range map[string]func(io.Writer, image.Image) error{
			"png":  png.Encode,
			"jpeg": func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 90}) },
		} {
			if err := writePhoto(filepath.Join(s.out, kind, fmt.Sprintf("%d.%s", k, kind)), img, encode); err != nil {
				return nil, err
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	rng := rand.New(rand.NewPCG(3, 1))
	patches := make([]uint8, 0, colourPatches*patchSide*patchSide*3)
	for range colourPatches {
		img := photos[rng.IntN(len(photos))]
		x, y := rng.IntN(photoSide-patchSide+1), rng.IntN(photoSide-patchSide+1)
		for dy := range patchSide {
			for dx := range patchSide {
				at := img.PixOffset(x+dx, y+dy)
				patches = append(patches, img.Pix[at:at+3]...)
			}
		}
	}
	return report{}, os.WriteFile(filepath.Join(s.out, "rgb.u8"), patches, 0o666)
}

func writePhoto(path string, img image.Image, encode func(io.Writer, image.Image) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriter(f)
	if err := encode(w, img); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return w.Flush()
}

// load times what the program does when it opens a file or a folder, up to a data
// set in memory. The cost is the mean value, for the peer to agree with.
func load(ctx context.Context, s settings, o dataset.LoadOptions) (report, error) {
	var d *dataset.Dataset
	seconds, err := timed(s.reps, func() (err error) {
		d, _, err = dataset.Load(ctx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	sum := 0
	for _, v := range d.Bytes {
		sum += int(v)
	}
	return report{"precision": "uint8", "seconds": seconds, "cost": float64(sum) / float64(len(d.Bytes))}, nil
}

// zca times the fit of ZCA whitening on colour patches and its application to them, in T.
func zca[T linalg.Float](ctx context.Context, s settings) (report, error) {
	bytes, err := os.ReadFile(s.data)
	if err != nil {
		return nil, err
	}
	d := &dataset.Dataset{
		Name: "colour patches", N: s.examples, D: s.visible, FullScale: 255, Bytes: bytes,
		Geometry: dataset.Geometry{Width: patchSide, Height: patchSide, Channels: 3},
	}
	var out linalg.Matrix[T]
	seconds, err := timed(s.reps, func() error {
		p, err := preprocess.NewPipeline([]preprocess.Spec{{Step: preprocess.Scale}, {Step: preprocess.ZCA}})
		if err != nil {
			return err
		}
		if err := p.Fit(ctx, d); err != nil {
			return err
		}
		out, err = preprocess.Apply[T](ctx, p, d, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	squares := 0.0
	for _, v := range out.Data {
		squares += float64(v) * float64(v)
	}
	return report{"precision": precisionOf[T](), "seconds": seconds, "cost": math.Sqrt(squares)}, nil
}
