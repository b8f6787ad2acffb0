package dataset

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// loadImages reads image files: patches from them, or the whole images as
// examples when they have one size.
func loadImages(ctx context.Context, root string, files []found, o *LoadOptions) (*Dataset, []Warning, error) {
	album, warnings, err := imageAlbum(ctx, root, files, o)
	if err != nil {
		return nil, warnings, err
	}
	if len(album.Items) == 0 {
		return nil, warnings, noneLeft(warnings)
	}
	var d *Dataset
	var more []Warning
	if o.Patch != nil {
		d, more, err = SamplePatches(ctx, album, o)
	} else {
		d, more, err = wholeImages(ctx, album, o)
	}
	for i := range more {
		more[i].Path = filepath.Join(root, more[i].Path)
	}
	warnings = append(warnings, more...)
	if err != nil {
		return nil, warnings, err
	}
	d.Name = filepath.Base(o.Path)
	return d, warnings, d.Check()
}

// noneLeft says why no image is left, with the reason of the first.
func noneLeft(warnings []Warning) error {
	if len(warnings) == 1 {
		return fmt.Errorf("%s", warnings[0].Reason)
	}
	return fmt.Errorf("none of the %d images can be used; the first, %s: %s", len(warnings), filepath.Base(warnings[0].Path), warnings[0].Reason)
}

// wholeImages makes an example of every image. Images of another size than
// the rest are named in the warnings when they are few, else they are an error.
func wholeImages(ctx context.Context, album Album, o *LoadOptions) (*Dataset, []Warning, error) {
	items, warnings, err := oneSize(album.Items)
	if err != nil {
		return nil, nil, err
	}
	items = items[:min(len(items), orElse(o.Count, len(items)))]
	d := &Dataset{D: items[0].Geometry.Features(), Geometry: items[0].Geometry}
	element, scale := commonForm(items)
	if int64(len(items)) > maxBytes/(int64(element.Size())*int64(d.D)) {
		return nil, warnings, fmt.Errorf("%d whole images of %d×%d take more than 4 GiB; give a smaller count, or cut patches", len(items), d.Geometry.Width, d.Geometry.Height)
	}
	d.FullScale = scale
	d.allocate(element, len(items)*d.D)
	// Every image has a place of its own; the good ones close up in the end.
	var good []int
	err = eachInOrder(ctx, len(items),
		func(ctx context.Context, i int) error {
			img, err := items[i].Open(ctx)
			if err == nil {
				d.put(img, i*d.D, 0, d.D)
			}
			return err
		},
		func(i int) { o.item(i, len(items), items[i].Name) },
		func(i int, err error) {
			if err != nil {
				warnings = append(warnings, Warning{items[i].Name, err.Error()})
				return
			}
			good = append(good, i)
		})
	if err != nil {
		return nil, warnings, err
	}
	for _, i := range good {
		d.move(d.N*d.D, i*d.D, d.D)
		d.Sources = append(d.Sources, items[i].Name)
		d.N++
	}
	if d.N == 0 {
		return nil, warnings, noneLeft(warnings)
	}
	d.truncate(d.N * d.D)
	o.progress(len(items), len(items), "images")
	d.labelByFolder()
	return d, warnings, nil
}

// oneSize returns the items of the most common size.
func oneSize(items []Item) ([]Item, []Warning, error) {
	counts := make(map[Geometry]int)
	best := items[0].Geometry
	for _, item := range items {
		g := item.Geometry
		if counts[g]++; counts[g] > counts[best] {
			best = g
		}
	}
	if 10*counts[best] < 9*len(items) {
		return nil, nil, fmt.Errorf("the %d images have %d different sizes (%d are %d×%d); set a patch size to cut patches of one size from them",
			len(items), len(counts), counts[best], best.Width, best.Height)
	}
	var same []Item
	var warnings []Warning
	for _, item := range items {
		if g := item.Geometry; g != best {
			warnings = append(warnings, Warning{item.Name, fmt.Sprintf("it is %d×%d, the others are %d×%d", g.Width, g.Height, best.Width, best.Height)})
			continue
		}
		same = append(same, item)
	}
	return same, warnings, nil
}

// labelByFolder labels images by the folder they lie in, when all lie in two
// folders or more below the root: cats/1.png, dogs/1.png.
func (d *Dataset) labelByFolder() {
	names := make([]string, d.N)
	for i, source := range d.Sources {
		folder, _, ok := strings.Cut(filepath.ToSlash(source), "/")
		if !ok {
			return
		}
		names[i] = folder
	}
	classes := slices.Compact(slices.Sorted(slices.Values(names)))
	if len(classes) < 2 {
		return
	}
	d.LabelNames = classes
	d.Labels = make([]int, d.N)
	for i, name := range names {
		d.Labels[i], _ = slices.BinarySearch(classes, name)
	}
}

func orElse(v, otherwise int) int {
	if v == 0 {
		return otherwise
	}
	return v
}
