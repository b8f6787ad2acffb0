package dataset

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filterscope/engine/dataset/idx"
)

// loadIDX reads a file of images (or rows) and the labels beside it.
func loadIDX(ctx context.Context, path string, o *LoadOptions) (*Dataset, []Warning, error) {
	// Patches may come from any image, so all are kept then.
	rows := o.Count
	if o.Patch != nil {
		rows = 0
	}
	header, err := idxHeader(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	if len(header.Shape) == 1 {
		return nil, nil, fmt.Errorf("it holds labels (%d of them) and no images; pass %s, or the folder both are in", header.Shape[0], imagesBeside(path))
	}
	a, err := readIDX(ctx, path, idx.Options{Rows: rows}, o)
	if err != nil {
		return nil, nil, err
	}
	d := &Dataset{
		Name: filepath.Base(path), N: a.Shape[0], D: 1,
		Bytes: a.Bytes, Singles: a.Singles, Doubles: a.Doubles,
	}
	for _, s := range a.Shape[1:] {
		d.D *= s
	}
	if len(a.Shape) == 3 {
		d.Geometry = Geometry{Width: a.Shape[2], Height: a.Shape[1], Channels: 1}
	} else if err := d.setGeometry(o); err != nil {
		return nil, nil, err
	}
	d.FullScale = 255
	if a.Type != idx.Uint8 {
		d.FullScale = d.unitScale()
	}
	labels, ok := besideIDX(path, "labels")
	if !ok {
		return d, nil, nil
	}
	if err := d.addLabels(ctx, labels, header.Shape[0], o); err != nil {
		return nil, nil, fmt.Errorf("its labels %s: %w", filepath.Base(labels), err)
	}
	return d, nil, nil
}

// addLabels reads the label file of a set of n images.
func (d *Dataset) addLabels(ctx context.Context, path string, n int, o *LoadOptions) error {
	a, err := readIDX(ctx, path, idx.Options{}, o)
	if err != nil {
		return err
	}
	if len(a.Shape) != 1 || a.Shape[0] != n {
		return fmt.Errorf("there are %s for %d images; the two files do not belong together", a, n)
	}
	labels, err := a.Ints()
	if err != nil {
		return err
	}
	d.Labels = labels[:d.N:d.N]
	return nil
}

func readIDX(ctx context.Context, path string, opt idx.Options, o *LoadOptions) (*idx.Array, error) {
	s, err := openSource(ctx, path, o)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	opt.Size = s.size
	return idx.Read(s, opt)
}

func idxHeader(ctx context.Context, path string) (idx.Header, error) {
	s, err := openSource(ctx, path, nil)
	if err != nil {
		return idx.Header{}, err
	}
	defer s.Close()
	return idx.ReadHeader(s)
}

// besideIDX returns the partner of an IDX file: its images or its labels,
// named as MNIST names them (train-images-idx3-ubyte and
// train-labels-idx1-ubyte), plain or .gz.
func besideIDX(path, what string) (string, bool) {
	name := partnerName(filepath.Base(path), what)
	if name == filepath.Base(path) {
		return "", false
	}
	plain := strings.TrimSuffix(name, ".gz")
	for _, name := range []string{name, plain, plain + ".gz"} {
		partner := filepath.Join(filepath.Dir(path), name)
		if info, err := os.Stat(partner); err == nil && info.Mode().IsRegular() {
			return partner, true
		}
	}
	return "", false
}

func partnerName(name, what string) string {
	if what == "labels" {
		return strings.NewReplacer("images", "labels", "idx3", "idx1", "idx2", "idx1").Replace(name)
	}
	return strings.NewReplacer("labels", "images", "idx1", "idx3").Replace(name)
}

// imagesBeside names the file of images to pass instead of labels.
func imagesBeside(labels string) string {
	if path, ok := besideIDX(labels, "images"); ok {
		return filepath.Base(path)
	}
	if name := partnerName(filepath.Base(labels), "images"); name != filepath.Base(labels) {
		return "the images, " + name
	}
	return "the file of images"
}

// pickIDX chooses the file of images among the IDX files of a folder.
func pickIDX(ctx context.Context, root string, files []found, o *LoadOptions) (string, []Warning, error) {
	var images, labels []string
	for _, f := range files {
		header, err := idxHeader(ctx, filepath.Join(root, f.name))
		if err == nil && len(header.Shape) == 1 || err != nil && strings.Contains(f.name, "labels") {
			labels = append(labels, f.name)
			continue
		}
		images = append(images, f.name)
	}
	if len(images) == 0 {
		return "", nil, fmt.Errorf("the folder holds labels (%s) and no images; add %s", labels[0], imagesBeside(filepath.Join(root, labels[0])))
	}
	split := func(name string) string {
		switch {
		case strings.Contains(name, "train"):
			return "train"
		case strings.Contains(name, "t10k"), strings.Contains(name, "test"):
			return "test"
		}
		return ""
	}
	want := o.Split
	if want == "" {
		want = "train"
	}
	var chosen []string
	for _, name := range images {
		if split(name) == want {
			chosen = append(chosen, name)
		}
	}
	if len(chosen) == 0 && o.Split != "" {
		return "", nil, fmt.Errorf("the folder has no %s images; it holds %s", o.Split, strings.Join(images, ", "))
	}
	if len(chosen) == 0 {
		chosen = images
	}
	var warnings []Warning
	for _, name := range chosen[1:] {
		// train-images and train-images.gz are the same images twice.
		if strings.TrimSuffix(name, ".gz") != strings.TrimSuffix(chosen[0], ".gz") {
			warnings = append(warnings, Warning{filepath.Join(root, name), "not used; pass the file itself to use it"})
		}
	}
	return filepath.Join(root, chosen[0]), warnings, nil
}
