package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// found is one file of a folder.
type found struct {
	name string // relative to the folder
	kind kind
	size int64
}

// maxFiles bounds the files of one folder tree.
const maxFiles = 1_000_000

// scan lists the files of a folder tree in the order of their names, with
// what they hold. Hidden files and folders are left out; links to folders are
// not followed. What cannot be opened becomes a warning when its name says
// that it is data.
func scan(ctx context.Context, root string, o *LoadOptions) ([]found, []Warning, error) {
	var files []found
	var warnings []Warning
	real, err := filepath.EvalSymlinks(root) // WalkDir does not follow a link
	if err != nil {
		return nil, nil, plainPath(err)
	}
	err = filepath.WalkDir(real, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil && path == real:
			return plainPath(err)
		case err != nil:
			warnings = append(warnings, Warning{path, plainPath(err).Error()})
			return nil
		case path != real && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		case len(files) == maxFiles:
			return fmt.Errorf("the folder holds more than %d files", maxFiles)
		}
		f := found{kind: kindOfName(entry.Name())}
		if f.name, err = filepath.Rel(real, path); err != nil {
			return err
		}
		s, err := openSource(ctx, path, nil)
		if err != nil {
			if f.kind != kindUnknown {
				warnings = append(warnings, Warning{path, plainPath(err).Error()})
			}
			return nil
		}
		defer s.Close()
		f.size = s.size
		if f.kind, err = s.sniff(); err != nil {
			return err
		}
		files = append(files, f)
		if len(files)%256 == 0 {
			o.progress(len(files), 0, "looking through "+filepath.Base(root))
		}
		return nil
	})
	return files, warnings, err
}

// ofKind returns the files of one kind; top restricts them to the folder
// itself.
func ofKind(files []found, k kind, top bool) []found {
	var out []found
	for _, f := range files {
		if f.kind == k && !(top && strings.ContainsRune(f.name, filepath.Separator)) {
			out = append(out, f)
		}
	}
	return out
}

// loadFolder reads the IDX pair of a folder, else the images of its tree.
func loadFolder(ctx context.Context, o *LoadOptions) (*Dataset, []Warning, error) {
	files, warnings, err := scan(ctx, o.Path, o)
	if err != nil {
		return nil, warnings, err
	}
	if pairs := ofKind(files, kindIDX, true); len(pairs) > 0 {
		path, more, err := pickIDX(ctx, o.Path, pairs, o)
		warnings = append(warnings, more...)
		if err != nil {
			return nil, warnings, err
		}
		d, more, err := loadIDX(ctx, path, o)
		if err != nil {
			err = fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		return cutAndCheck(ctx, d, append(warnings, more...), err, o)
	}
	images := ofKind(files, kindImage, false)
	if len(images) == 0 {
		return nil, warnings, nothingIn(files)
	}
	d, more, err := loadImages(ctx, o.Path, images, o)
	return d, append(warnings, more...), err
}

// nothingIn says what a folder should have held.
func nothingIn(files []found) error {
	const wanted = "want IDX files (train-images-idx3-ubyte and train-labels-idx1-ubyte) or images (PNG, JPEG, GIF, BMP, TIFF, WebP, PGM, PPM)"
	if len(files) == 0 {
		return errors.New("the folder is empty; " + wanted)
	}
	for _, k := range []kind{kindNPZ, kindNPY, kindTable} {
		// A readme full of numbers is no table.
		for _, f := range ofKind(files, k, true) {
			if kindOfName(f.name) == k {
				return fmt.Errorf("the folder holds no IDX files and no images; pass %s itself if that is the data", f.name)
			}
		}
	}
	return fmt.Errorf("none of the %d files of the folder can be used; %s", len(files), wanted)
}
