package dataset

import (
	"context"
	"fmt"
	"path/filepath"

	"filterscope/engine/dataset/picture"
)

// Album is a set of images, of one size or of many, opened one at a time so
// that only one has to be in memory.
type Album struct {
	Items []Item
}

// Item is one image of an album.
type Item struct {
	Name     string
	Geometry Geometry // all items of an album have as many channels
	// Element and FullScale say how samples are stored, as in Dataset. Bytes
	// of FullScale 255 and floats of 65535 may be mixed.
	Element   Element
	FullScale float64
	// Open returns the image as a data set of one example.
	Open func(ctx context.Context) (*Dataset, error)
}

// AlbumOf returns the examples of d, which must be images, as an album; they
// share d's memory.
func AlbumOf(d *Dataset) Album {
	items := make([]Item, d.N)
	for i := range items {
		items[i] = Item{
			Name: fmt.Sprintf("%s image %d", d.Name, i), Geometry: d.Geometry, Element: d.Element(), FullScale: d.FullScale,
			Open: func(context.Context) (*Dataset, error) { return d.example(i), nil },
		}
	}
	return Album{items}
}

// example returns example i as a data set of one; it shares d's memory.
func (d *Dataset) example(i int) *Dataset {
	one := &Dataset{Name: d.Name, N: 1, D: d.D, Geometry: d.Geometry, FullScale: d.FullScale}
	from, to := i*d.D, (i+1)*d.D
	switch {
	case d.Bytes != nil:
		one.Bytes = d.Bytes[from:to]
	case d.Singles != nil:
		one.Singles = d.Singles[from:to]
	default:
		one.Doubles = d.Doubles[from:to]
	}
	return one
}

// imageAlbum reads the headers of image files. Those that are no images
// become warnings.
func imageAlbum(ctx context.Context, root string, files []found, o *LoadOptions) (Album, []Warning, error) {
	var album Album
	var warnings []Warning
	for i, f := range files {
		o.item(i, len(files), "reading headers")
		path := filepath.Join(root, f.name)
		c, err := imageConfig(ctx, path)
		if ctx.Err() != nil {
			return album, warnings, context.Cause(ctx)
		}
		if err != nil {
			warnings = append(warnings, Warning{path, err.Error()})
			continue
		}
		item := Item{
			Name: f.name, Geometry: Geometry{Width: c.Width, Height: c.Height, Channels: 1}, FullScale: 255,
			Open: func(ctx context.Context) (*Dataset, error) { return openImage(ctx, path, o.Colour) },
		}
		if o.Colour {
			item.Geometry.Channels = 3
		}
		if c.Wide {
			item.Element, item.FullScale = Float32, 65535
		}
		album.Items = append(album.Items, item)
	}
	return album, warnings, nil
}

func imageConfig(ctx context.Context, path string) (picture.Config, error) {
	s, err := openSource(ctx, path, nil)
	if err != nil {
		return picture.Config{}, err
	}
	defer s.Close()
	return picture.DecodeConfig(s, 0)
}

// openImage decodes one image file. 16-bit samples become floats.
func openImage(ctx context.Context, path string, colour bool) (*Dataset, error) {
	s, err := openSource(ctx, path, nil)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	p, err := picture.Decode(s, colour, 0)
	if err != nil {
		return nil, err
	}
	d := &Dataset{
		Name: filepath.Base(path), N: 1, D: p.Width * p.Height * p.Channels,
		Geometry: Geometry{Width: p.Width, Height: p.Height, Channels: p.Channels}, FullScale: 255, Bytes: p.Bytes,
	}
	if p.Words != nil {
		d.FullScale = 65535
		d.Singles = make([]float32, len(p.Words))
		for i, v := range p.Words {
			d.Singles[i] = float32(v)
		}
	}
	return d, nil
}
