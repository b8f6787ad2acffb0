package dataset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// Span is the range of values and their mean: on the 0 to 1 scale (divided by
// FullScale) when FullScale is not 0, else as they are.
type Span struct {
	Minimum float64 `json:"min"`
	Maximum float64 `json:"max"`
	Mean    float64 `json:"mean"`
}

// Info describes a data set for people and scripts.
type Info struct {
	Path      string  `json:"path,omitempty"`
	Name      string  `json:"name"`
	Examples  int     `json:"examples"`
	Features  int     `json:"features"` // 0 for images of different sizes
	Width     int     `json:"width,omitempty"`
	Height    int     `json:"height,omitempty"`
	Channels  int     `json:"channels,omitempty"`
	Element   string  `json:"element"` // uint8, float32, float64
	FullScale float64 `json:"full_scale"`
	Span
	Columns  []string     `json:"columns,omitempty"`
	Levels   [][]string   `json:"levels,omitempty"` // of each column: the names of its categories, or null
	Arrays   []Variable   `json:"arrays,omitempty"` // of a .mat or .npz file, with their ranges
	Labels   []LabelCount `json:"labels,omitempty"`
	Files    []FileInfo   `json:"files,omitempty"`
	Warnings []Warning    `json:"warnings,omitempty"`
}

// LabelCount is the number of examples of one class.
type LabelCount struct {
	Label int    `json:"label"`
	Name  string `json:"name,omitempty"`
	Count int    `json:"count"`
}

// FileInfo describes one file of a folder.
type FileInfo struct {
	Name    string `json:"name"`
	Bytes   int64  `json:"bytes"`
	What    string `json:"what,omitempty"`    // "481×321 grey", "60000×28×28 uint8"
	Problem string `json:"problem,omitempty"` // why it cannot be used
	Span    *Span  `json:"span,omitempty"`    // of an image
}

// Info describes d. It reads every value once.
func (d *Dataset) Info() Info {
	info := Info{
		Name: d.Name, Examples: d.N, Features: d.D,
		Width: d.Geometry.Width, Height: d.Geometry.Height, Channels: d.Geometry.Channels,
		Element: d.Element().String(), FullScale: d.FullScale, Columns: d.Columns, Levels: d.Levels,
	}
	info.Span = d.span()
	counts := make(map[int]int)
	for _, label := range d.Labels {
		counts[label]++
	}
	for label, count := range counts {
		l := LabelCount{Label: label, Count: count}
		if label >= 0 && label < len(d.LabelNames) {
			l.Name = d.LabelNames[label]
		}
		info.Labels = append(info.Labels, l)
	}
	slices.SortFunc(info.Labels, func(a, b LabelCount) int { return a.Label - b.Label })
	return info
}

func (d *Dataset) span() Span {
	s := Span{Minimum: math.Inf(1), Maximum: math.Inf(-1)}
	row := make([]float64, d.D)
	for i := range d.N {
		d.Read(row, i)
		sum := 0.0
		for _, v := range row {
			s.Minimum, s.Maximum = min(s.Minimum, v), max(s.Maximum, v)
			sum += v
		}
		s.Mean += (sum/float64(d.D) - s.Mean) / float64(i+1)
	}
	if d.FullScale > 0 {
		s.Minimum, s.Maximum, s.Mean = s.Minimum/d.FullScale, s.Maximum/d.FullScale, s.Mean/d.FullScale
	}
	return s
}

// Inspect describes what is at o.Path as Load would read it; images of a
// folder are described one by one and may have different sizes. With o.Patch
// it describes the patches.
func Inspect(ctx context.Context, o LoadOptions) (Info, error) {
	if err := o.validate(); err != nil {
		return Info{}, err
	}
	o.join()
	stat, err := os.Stat(o.Path)
	if err == nil && (stat.IsDir() || len(o.Paths) > 0) {
		info, whole, err := inspectFolder(ctx, &o)
		switch {
		case ctx.Err() != nil:
			return Info{}, context.Cause(ctx)
		case err != nil:
			return Info{}, fmt.Errorf("read %s: %w", o.Path, err)
		case whole:
			return info, nil
		}
		return addLoaded(ctx, o, info)
	}
	if err == nil {
		if arrays, err := inspectArrays(ctx, &o); err != nil {
			return Info{}, err
		} else if len(arrays) > 0 {
			return addLoaded(ctx, o, Info{Arrays: arrays})
		}
	}
	return addLoaded(ctx, o, Info{})
}

// addLoaded describes the data set as Load reads it, with the lists of what.
// A file of several arrays of which none is plainly the data is described by
// its list alone.
func addLoaded(ctx context.Context, o LoadOptions, what Info) (Info, error) {
	d, warnings, err := Load(ctx, o)
	if choose, ok := errors.AsType[*ChooseError](err); ok && len(what.Arrays) > 0 && o.Variable == "" {
		info := Info{Path: o.Path, Name: filepath.Base(o.Path), Arrays: what.Arrays}
		info.Warnings = []Warning{{o.Path, choose.Error()}}
		return info, nil
	}
	if err != nil {
		return Info{}, err
	}
	info := d.Info()
	info.Path, info.Files, info.Arrays, info.Warnings = o.Path, what.Files, what.Arrays, warnings
	return info, nil
}

// inspectFolder lists the files of a folder. For a folder of images, not to
// be cut into patches, it also describes them all, and returns true.
func inspectFolder(ctx context.Context, o *LoadOptions) (info Info, whole bool, err error) {
	var files []found
	var warnings []Warning
	if len(o.Paths) > 0 {
		var others []string
		files, others, warnings, err = o.collect(ctx)
		for _, path := range others {
			warnings = append(warnings, noImage(path))
		}
	} else {
		files, warnings, err = scan(ctx, o.Path, o)
	}
	if err != nil {
		return info, false, err
	}
	if len(o.Paths) > 0 && len(files) == 0 {
		return info, false, nil // several files without an image: Load finds out
	}
	if arrays := ofKind(files, kindIDX, true); len(arrays) > 0 {
		for _, f := range arrays {
			line := FileInfo{Name: f.name, Bytes: f.size}
			if header, err := idxHeader(ctx, filepath.Join(o.Path, f.name)); err != nil {
				line.Problem = err.Error()
			} else {
				line.What = header.String()
			}
			info.Files = append(info.Files, line)
		}
		return info, false, nil
	}
	images := ofKind(files, kindImage, false)
	if len(images) == 0 {
		return info, false, nothingIn(files)
	}
	info = Info{
		Path: o.Path, Name: filepath.Base(o.Path), Element: Uint8.String(), FullScale: 255,
		Span: Span{Minimum: math.Inf(1), Maximum: math.Inf(-1)}, Warnings: warnings,
	}
	var values float64
	for i, f := range images {
		o.item(i, len(images), f.name)
		line := FileInfo{Name: f.name, Bytes: f.size}
		img, err := openImage(ctx, filepath.Join(o.Path, f.name), o.Colour)
		if ctx.Err() != nil {
			return info, false, context.Cause(ctx)
		}
		if err != nil {
			line.Problem = err.Error()
			info.Warnings = append(info.Warnings, Warning{filepath.Join(o.Path, f.name), err.Error()})
			info.Files = append(info.Files, line)
			continue
		}
		line.describe(img)
		info.addImage(img, line, &values)
		info.Files = append(info.Files, line)
	}
	if info.Examples == 0 {
		return info, false, noneLeft(info.Warnings)
	}
	return info, o.Patch == nil, nil
}

func (f *FileInfo) describe(img *Dataset) {
	f.What = fmt.Sprintf("%d×%d %s", img.Geometry.Width, img.Geometry.Height, map[int]string{1: "grey", 3: "colour"}[img.Geometry.Channels])
	if img.FullScale == 65535 {
		f.What += ", 16 bits"
	}
	span := img.span()
	f.Span = &span
}

// addImage takes one image into the whole. values counts the samples so far.
func (i *Info) addImage(img *Dataset, line FileInfo, values *float64) {
	i.Examples++
	g := img.Geometry
	if i.Examples == 1 {
		i.Width, i.Height, i.Channels, i.Features = g.Width, g.Height, g.Channels, img.D
	} else if i.Width != g.Width || i.Height != g.Height {
		i.Width, i.Height, i.Features = 0, 0, 0
	}
	if img.FullScale > i.FullScale {
		i.FullScale, i.Element = img.FullScale, img.Element().String()
	}
	*values += float64(img.D)
	i.Minimum, i.Maximum = min(i.Minimum, line.Span.Minimum), max(i.Maximum, line.Span.Maximum)
	i.Mean += (line.Span.Mean - i.Mean) * float64(img.D) / *values
}
