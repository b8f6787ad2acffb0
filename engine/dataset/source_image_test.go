package dataset_test

import (
	"slices"
	"testing"

	"filterscope/engine/dataset/deadleaves"
)

// Every patch of dead leaves is in the image it names, at the place it names.
func TestSourceImage(t *testing.T) {
	options := deadleaves.Default()
	options.Images, options.ImageSize = 2, 64
	d, err := deadleaves.Patches(t.Context(), 20, 8, 3, options)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range d.Origins {
		img, err := d.SourceImage(t.Context(), at.Source)
		if err != nil {
			t.Fatal(err)
		}
		patch, pixels := make([]float64, d.D), make([]float64, img.D)
		d.Read(patch, i)
		img.Read(pixels, 0)
		w := d.Geometry.Width
		for y := range d.Geometry.Height {
			from := (at.Y+y)*img.Geometry.Width + at.X
			if !slices.Equal(patch[y*w:(y+1)*w], pixels[from:from+w]) {
				t.Fatalf("patch %d is not at (%d, %d) of image %d", i, at.X, at.Y, at.Source)
			}
		}
	}
}
