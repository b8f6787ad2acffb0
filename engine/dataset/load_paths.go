package dataset

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// join makes one list of Path and Paths: Paths holds all of several, and Path
// the only one or the folder all are in.
func (o *LoadOptions) join() {
	if o.Path != "" && len(o.Paths) > 0 {
		o.Paths = append([]string{o.Path}, o.Paths...)
	}
	switch len(o.Paths) {
	case 0:
	case 1:
		o.Path, o.Paths = o.Paths[0], nil
	default:
		o.Path = commonFolder(o.Paths)
	}
}

// commonFolder returns the deepest folder that holds all paths.
func commonFolder(paths []string) string {
	common := filepath.Dir(filepath.Clean(paths[0]))
	for _, path := range paths[1:] {
		for !inside(common, path) {
			parent := filepath.Dir(common)
			if parent == common {
				return common
			}
			common = parent
		}
	}
	return common
}

func inside(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// loadPaths reads several files and folders: their images, or, where there are
// none, the first that is not the labels of another.
func loadPaths(ctx context.Context, o *LoadOptions) (*Dataset, []Warning, error) {
	images, others, warnings, err := o.collect(ctx)
	if err != nil {
		return nil, warnings, err
	}
	if len(images) > 0 {
		for _, path := range others {
			warnings = append(warnings, noImage(path))
		}
		d, more, err := loadImages(ctx, o.Path, images, o)
		return d, append(warnings, more...), err
	}
	if len(others) == 0 {
		return nil, warnings, nothingIn(nil)
	}
	first := others[0]
	for _, path := range others {
		if h, err := idxHeader(ctx, path); err != nil || len(h.Shape) > 1 {
			first = path
			break
		}
	}
	for _, path := range others {
		labels, _ := besideIDX(first, "labels")
		if path != first && path != labels {
			warnings = append(warnings, Warning{path, "not used; open it by itself to use it"})
		}
	}
	one := *o
	one.Path, one.Paths = first, nil
	d, more, err := load(ctx, &one)
	return d, append(warnings, more...), err
}

func noImage(path string) Warning { return Warning{path, "it is no image; open it by itself"} }

// collect looks at all paths: images, those of folders included, with names
// relative to the common folder, and the rest.
func (o *LoadOptions) collect(ctx context.Context) (images []found, others []string, warnings []Warning, err error) {
	for _, path := range o.Paths {
		info, err := os.Stat(path)
		if err != nil {
			warnings = append(warnings, Warning{path, plainPath(err).Error()})
			continue
		}
		rel, err := filepath.Rel(o.Path, path)
		if err != nil {
			return nil, nil, warnings, err
		}
		if info.IsDir() {
			files, more, err := scan(ctx, path, o)
			if err != nil {
				return nil, nil, warnings, err
			}
			warnings = append(warnings, more...)
			for _, f := range ofKind(files, kindImage, false) {
				f.name = filepath.Join(rel, f.name)
				images = append(images, f)
			}
			continue
		}
		k, err := kindOf(ctx, path, o)
		switch {
		case ctx.Err() != nil:
			return nil, nil, warnings, context.Cause(ctx)
		case err != nil:
			warnings = append(warnings, Warning{path, err.Error()})
		case k == kindImage:
			images = append(images, found{name: rel, kind: kindImage, size: info.Size()})
		default:
			others = append(others, path)
		}
	}
	return images, others, warnings, nil
}
