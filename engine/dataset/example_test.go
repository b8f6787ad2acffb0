package dataset_test

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"filterscope/engine/dataset"
)

// Patches of a folder of photographs; a file that is no image is named.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "photographs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	f, err := os.Create(filepath.Join(dir, "sea.png"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 640, 480))); err != nil {
		fmt.Println(err)
	}
	if err := f.Close(); err != nil {
		fmt.Println(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "letter.png"), []byte("Dear Mother,"), 0o600); err != nil {
		fmt.Println(err)
	}

	d, warnings, err := dataset.Load(context.Background(), dataset.LoadOptions{
		Path: dir, Seed: 1, Patch: &dataset.PatchOptions{Size: 8, Count: 1000},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.N, "patches of", d.D, "pixels from", d.Sources)
	for _, w := range warnings {
		fmt.Println(filepath.Base(w.Path)+":", w.Reason)
	}
	// Output:
	// 1000 patches of 64 pixels from [sea.png]
	// letter.png: not a readable image: it does not start like a PNG, JPEG, GIF, BMP, TIFF, WebP, PGM or PPM file
}
