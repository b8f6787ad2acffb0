package app

import (
	"image"
	"math"
	"time"

	"filterscope/engine/analysis"
	"filterscope/engine/linalg"
	"filterscope/engine/render"
	"filterscope/engine/train"
)

// codesMode is what the Codes view shows.
type codesMode int

const (
	codesMap codesMode = iota
	codesGrid
	codesTraverse
	codesSamples
	codesImportance
)

// String names what is shown in the name of a file.
func (m codesMode) String() string {
	return [...]string{"map", "grid", "traverse", "samples", "importance"}[m]
}

// codesRequest describes what the Codes view wants to see.
type codesRequest struct {
	mode    codesMode
	size    image.Point     // of the view, device pixels
	visible image.Rectangle // of the content
	plane   planeRequest
	images  bool       // at the places of the map
	decode  bool       // decode a place: the one pointed at, at first the middle of the codes
	aimed   bool       // there was pointed at one
	at      [2]float64 // that place, on the plane
	tile    int        // side of the decoded picture beside the map, device pixels
	grid    int        // pictures a side
	turn    int        // of the samples: grows with "Again"
	sorted  bool       // units by their importance
	unit    int        // emphasised, -1 none
	chosen  [2]int     // examples, -1 none
	slide   *slide     // where the sliders stand, nil before they were touched
}

// slide is where the sliders stand. It is immutable.
type slide struct {
	code    []float32
	unit    int  // moved last
	resting bool // not set by anybody yet: the code is the mean of the probe's, whatever it becomes
}

// codesFrame is what the Codes view shows.
type codesFrame struct {
	req     codesRequest
	set     *codeSet
	fault   string // why there is no picture
	image   *image.RGBA
	at      image.Point // of the image in the content
	content image.Point

	plane   codePlane // of the map and the grid
	scatter render.ScatterView
	place   [2]float64  // that is decoded
	aimed   *image.RGBA // what it decodes to, nil for nothing

	grid   render.Grid            // of the grid and the samples
	tiles  linalg.Matrix[float32] // one picture a row
	xs, ys []float64              // codes along the sides of the grid

	slide    slide             // as decoded
	ends     [2]int            // examples that the ways lead from and to
	rows     []render.ImageRow // of the traversals
	rowViews []render.ImageRowView
	decoded  linalg.Matrix[float32] // under the pointer, or of the sliders

	importance *codeImportance
	spectrum   *analysis.Spectrum
	bars       render.ColumnsView // of the importance
	components render.ColumnsView // of the spectrum
	lower      image.Rectangle    // where the spectrum is
	unitOrder  []int              // units in the order of the bars
}

// encodeEvery is the least time between two encodings of the probe while a run
// goes on; one that takes long is done less often still.
const (
	encodeEvery = 300 * time.Millisecond
	encodeShare = 8 // of the time, at the most 1/8 is spent on it
)

// codesPainter draws the Codes view. It belongs to the pump's goroutine.
type codesPainter struct {
	paint *render.Painter

	probe *codeProbe
	set   *codeSet
	at    time.Time
	took  time.Duration

	spectrum   *analysis.Spectrum
	spectrumOf *codeSet
	spectrumAt time.Time
	spectrumIn time.Duration

	windows    [2]render.Window // of the map
	windowsOf  codesRequest     // what they are for
	last       *codesFrame      // drawn last
	lastLook   look
	importance importanceWork
	samples    linalg.Matrix[float32] // normal numbers
	turn       int
}

// fonts makes the painter at first use.
func (c *codesPainter) fonts(l look) {
	for _, ttf := range [][]byte{l.font, nil} {
		if c.paint != nil {
			return
		}
		if paint, err := render.NewPainter(ttf); err == nil {
			c.paint = paint
		}
	}
}

// codesFrame draws what the Codes view wants.
func (p *painter) codesFrame(req request, snap *train.Snapshot) *codesFrame {
	c, q := &p.codeset, req.codes
	f := &codesFrame{req: q}
	if q.size.X < 60 || q.size.Y < 60 || p.full == nil {
		return f
	}
	c.fonts(req.look)
	if c.probe == nil {
		c.probe = newCodeProbe(p.run.problem, p.probe)
	}
	rest := max(encodeEvery, encodeShare*c.took)
	if c.set == nil || c.set.of != p.full && (snap.Phase != train.Running || time.Since(c.at) > rest) {
		start := time.Now()
		c.set = newCodeSet(c.probe, p.net, p.full, p.target(snap))
		c.at, c.took = time.Now(), time.Since(start)
	}
	f.set = c.set
	if !c.set.finite {
		f.fault = "The codes are not finite numbers: the training has diverged. A smaller learning rate helps."
		return f
	}
	switch q.mode {
	case codesMap:
		p.codesMap(f, req, snap)
	case codesGrid:
		p.codesGrid(f, req, snap)
	case codesTraverse:
		p.codesTraverse(f, req)
	case codesSamples:
		p.codesSamples(f, req, snap)
	case codesImportance:
		p.codesImportance(f, req, snap)
	}
	c.last, c.lastLook = f, req.look
	return f
}

// same reports whether the picture drawn last is still what is wanted, whatever
// the pointer does.
func (c *codesPainter) same(q codesRequest, l look) bool {
	if c.last == nil || c.last.set != c.set || c.last.image == nil || !sameLook(l, c.lastLook) {
		return false
	}
	old := c.last.req
	old.decode, old.aimed, old.at, old.tile, old.chosen, old.unit = q.decode, q.aimed, q.at, q.tile, q.chosen, q.unit
	return old == q
}

func sameLook(a, b look) bool {
	return a.dark == b.dark && a.theme == b.theme && a.panel == b.panel && a.mat == b.mat && a.accent == b.accent
}

// decode returns the reconstructions of codes as tiles.
func (p *painter) decode(s *codeSet, z linalg.Matrix[float32], example int) linalg.Matrix[float32] {
	made := linalg.NewMatrix[float32](z.Rows, p.probe.Cols)
	p.net.Decode(s.theta, z, made)
	return s.probe.tilesOf(made, example)
}

// componentsOf returns the principal components of the codes, at most a few times
// a second while the run goes on; nil when there are none.
func (c *codesPainter) componentsOf(phase train.Phase) *analysis.Spectrum {
	if c.spectrumOf == c.set || c.spectrum != nil && phase == train.Running && time.Since(c.spectrumAt) < encodeShare*c.spectrumIn {
		return c.spectrum
	}
	start := time.Now()
	before := c.spectrum
	c.spectrum, c.spectrumOf = nil, c.set
	if m, err := analysis.MomentsOf(c.set.codes); err == nil {
		c.spectrum, _ = m.Spectrum()
	}
	if s := c.spectrum; s != nil && before != nil {
		for k := range min(2, len(s.Variances)) { // a direction and its opposite are the same: keep the one shown
			dot := 0.0
			for j, v := range s.Directions.Row(k) {
				dot += v * before.Directions.At(k, j)
			}
			if dot < 0 {
				linalg.Scale(-1, s.Directions.Row(k))
			}
		}
	}
	c.spectrumAt, c.spectrumIn = time.Now(), time.Since(start)
	return c.spectrum
}

// codesTheme is the colours of the pictures of codes.
func codesTheme(req request) render.Theme {
	t := req.look.theme
	t.Scale, t.Accent = float64(req.scale), req.look.accent
	return t
}

// mapTile is the side of an image on the map in units.
const mapTile = 26

// codesMap draws the probe on a plane, and decodes the place under the pointer.
func (p *painter) codesMap(f *codesFrame, req request, snap *train.Snapshot) {
	c, q := &p.codeset, req.codes
	if c.same(q, req.look) {
		f.plane, f.image, f.content, f.scatter = c.last.plane, c.last.image, c.last.content, c.last.scatter
	} else {
		var components *analysis.Spectrum
		if q.plane.components {
			components = c.componentsOf(snap.Phase)
		}
		f.plane = c.set.plane(q.plane, components)
		if other := c.windowsOf; other.plane != q.plane {
			c.windows = [2]render.Window{}
		}
		c.windowsOf = q
		c.windows[0], c.windows[1] = c.windows[0].Follow(ends(f.plane.x)), c.windows[1].Follow(ends(f.plane.y))
		s := render.Scatter{
			X: f.plane.x, Y: f.plane.y, Class: c.probe.class, Names: c.probe.names,
			WindowX: c.windows[0], WindowY: c.windows[1], XName: f.plane.xName, YName: f.plane.yName,
		}
		if g := c.probe.tile; q.images {
			s.Images, s.Geometry, s.Range = c.probe.tiles, g, c.probe.span
			s.Zoom = max(1, int(mapTile*req.scale)/max(g.Width, g.Height))
		}
		f.image, f.content = image.NewRGBA(image.Rectangle{Max: q.size}), q.size
		f.scatter = c.paint.Scatter(f.image, s, codesTheme(req))
	}
	if !q.decode {
		return
	}
	if f.place = q.at; !q.aimed {
		f.place = f.plane.middle()
	}
	z := linalg.MatrixOf(1, c.set.units(), f.plane.code(f.place[0], f.place[1]))
	tiles := p.decode(c.set, z, q.chosen[0])
	f.decoded = tiles
	f.aimed = tileImage(tiles.Row(0), c.probe.tile, c.probe.span, q.tile)
}

// ends returns the smallest and the largest of some values.
func ends(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range v {
		lo, hi = min(lo, x), max(hi, x)
	}
	return lo, hi
}
