package render

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"slices"

	"filterscope/engine/linalg"
)

// heatBand is the number of pixel rows that one goroutine draws at a time.
const heatBand = 32

// heat colours the map from v.Low to v.High.
func (p *Painter) heat(dst *image.RGBA, f *Field, v FieldView, table *[Levels]color.RGBA, theme Theme) {
	s, area, cols := &p.field, v.Area, f.Values.Cols
	s.column, s.part = s.column[:0], s.part[:0]
	for i := range area.Dx() {
		if f.Pixels {
			s.column = append(s.column, int32(i*cols/area.Dx()))
			s.part = append(s.part, 0)
			continue
		}
		at := (v.ValueX(float64(area.Min.X+i)+0.5) - f.X.Lo) / (f.X.Hi - f.X.Lo) * float64(cols-1)
		c := min(max(int(at), 0), cols-2)
		s.column = append(s.column, int32(c))
		s.part = append(s.part, float32(min(max(at-float64(c), 0), 1)))
	}
	var colours words
	for l := range table {
		colours[l] = word(table[l])
	}
	bands := (area.Dy() + heatBand - 1) / heatBand
	if n := bands * (cols + 1); cap(s.lines) < n {
		s.lines = make([]float32, n)
	}
	linalg.Parallel(bands, func(band int) {
		line := s.lines[:cap(s.lines)][band*(cols+1) : (band+1)*(cols+1)]
		for y := area.Min.Y + band*heatBand; y < min(area.Max.Y, area.Min.Y+(band+1)*heatBand); y++ {
			f.levelRow(line, v, y)
			p.heatRow(dst, area, y, line, &colours, theme.Background)
		}
	})
}

// levelRow writes the values of the grid at a pixel row as levels; the one
// behind the last column repeats it.
func (f *Field) levelRow(line []float32, v FieldView, y int) {
	k := (Levels - 1) / (v.High - v.Low)
	cols := f.Values.Cols
	if f.Pixels {
		row := f.Values.Row(min((y-v.Area.Min.Y)*f.Values.Rows/v.Area.Dy(), f.Values.Rows-1))
		for c, value := range row {
			line[c] = float32((value - v.Low) * k)
		}
	} else {
		at := (v.ValueY(float64(y)+0.5) - f.Y.Lo) / (f.Y.Hi - f.Y.Lo) * float64(f.Values.Rows-1)
		r := min(max(int(at), 0), f.Values.Rows-2)
		part := min(max(at-float64(r), 0), 1)
		low, high := f.Values.Row(r), f.Values.Row(r+1)
		for c, a := range low {
			line[c] = float32((a + part*(high[c]-a) - v.Low) * k)
		}
	}
	line[cols] = line[cols-1]
}

// heatRow interpolates a row of levels between columns and colours it.
func (p *Painter) heatRow(dst *image.RGBA, area image.Rectangle, y int, line []float32, colours *words, background color.RGBA) {
	blank := word(background)
	to := dst.Pix[dst.PixOffset(area.Min.X, y):][:4*area.Dx()]
	part := p.field.part
	for i, c := range p.field.column {
		a, b := line[c], line[c+1]
		l := a + part[i]*(b-a) + 0.5
		w := blank
		switch {
		case l >= 0 && l < Levels:
			w = colours[int(l)]
		case l >= Levels && l < math.MaxFloat32:
			w = colours[Levels-1]
		case l < 0 && l > -math.MaxFloat32:
			w = colours[0]
		}
		binary.LittleEndian.PutUint32(to[4*i:], w)
	}
}

// levels chooses round contour levels inside the range of the values.
func (p *Painter) levels(f *Field, v FieldView) {
	s := &p.field
	s.levels = s.levels[:0]
	if f.Contours < 0 {
		return
	}
	count := f.Contours
	if count == 0 {
		count = 8
	}
	s.levels = ContourLevels(v.Low, v.High, count)
}

// ContourLevels returns about count round numbers strictly between low and
// high: multiples of 1, 2 or 5 times a power of ten.
func ContourLevels(low, high float64, count int) []float64 {
	if !(low < high) || !finite(high-low) {
		return nil
	}
	var levels []float64
	for _, t := range (Axis{Lo: low, Hi: high}).Ticks(count + 1) {
		if t.Value > low && t.Value < high {
			levels = append(levels, t.Value)
		}
	}
	return levels
}

// contours draws the lines of every level, with a label where a line has room
// for one.
func (p *Painter) contours(dst *image.RGBA, f *Field, v FieldView, ramp Ramp, theme Theme) {
	s := &p.field
	s.labels, s.obstacles = s.labels[:0], s.obstacles[:0]
	for i := range min(f.Points.Rows, 500) {
		x, y := v.PixelX(f.Points.At(i, 0)), v.PixelY(f.Points.At(i, 1))
		if q := image.Pt(clampInt(x, v.Area.Max.X), clampInt(y, v.Area.Max.Y)); finite(x+y) && q.In(v.Area) {
			s.obstacles = append(s.obstacles, q.Sub(v.Area.Min))
		}
	}
	table := ramp.table(theme.dark())
	small := p.typeface.size(theme.px(theme.TextSize * 0.88))
	at := v.Area.Min
	for _, level := range s.levels {
		p.traceInPixels(f, v, level)
		under := table[clampInt((level-v.Low)/(v.High-v.Low)*Levels, Levels)]
		ink := contrast(under)
		width := 0.5
		if level == 0 && ramp == RampSigned {
			width = 0.9
		}
		label := Number(level)
		p.stroke.reset(v.Area.Dx(), v.Area.Dy())
		for i := range s.trace.lines() {
			line := s.trace.line(i)
			gap := p.labelPlace(line, small, label, v.Area, theme)
			if !gap.Empty() {
				s.labels = append(s.labels, gap)
			}
			p.strokeAround(line, gap, theme.px(width))
			if !gap.Empty() {
				c := ink
				c.A = 230
				small.draw(dst, float64(at.X+gap.Min.X)+theme.px(3), at.Y+(gap.Min.Y+gap.Max.Y+small.ascent)/2, label, c)
			}
		}
		ink.A = 130
		p.stroke.paint(dst, at, ink)
	}
}

// traceInPixels finds the lines of a level, in pixels of the map.
func (p *Painter) traceInPixels(f *Field, v FieldView, level float64) {
	t := &p.field.trace
	t.trace(f.Values, level)
	kx := float64(v.Area.Dx()-1) / float64(f.Values.Cols-1) * (f.X.Hi - f.X.Lo) / (v.X.Hi - v.X.Lo)
	ky := float64(v.Area.Dy()-1) / float64(f.Values.Rows-1) * (f.Y.Hi - f.Y.Lo) / (v.Y.Hi - v.Y.Lo)
	x0, y0 := v.PixelX(f.X.Lo)-float64(v.Area.Min.X), v.PixelY(f.Y.Lo)-float64(v.Area.Min.Y)
	for i := range t.points {
		q := &t.points[i]
		q[0], q[1] = x0+kx*q[0], y0-ky*q[1]
	}
}

// contrast returns near-black or white, whichever stands out on c.
func contrast(c color.RGBA) color.RGBA {
	if 2126*int(c.R)+7152*int(c.G)+722*int(c.B) > 10000*115 {
		return color.RGBA{0x10, 0x12, 0x16, 255}
	}
	return color.RGBA{255, 255, 255, 255}
}

// strokeAround strokes a line except inside a rectangle.
func (p *Painter) strokeAround(line [][2]float64, gap image.Rectangle, half float64) {
	inside := func(q [2]float64) bool { return image.Pt(int(q[0]), int(q[1])).In(gap) }
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if gap.Empty() || !inside(a) && !inside(b) {
			p.stroke.line(a[0], a[1], b[0], b[1], half)
		}
	}
}

// labelPlace finds a place for a label on a line: where the line runs most
// evenly from left to right, inside the map, and away from other labels. The
// rectangle is relative to the map, empty for none.
func (p *Painter) labelPlace(line [][2]float64, text *face, label string, area image.Rectangle, theme Theme) image.Rectangle {
	w, h := text.width(label)+2*theme.px(3), float64(text.ascent)+2*theme.px(2)
	length := 0.0
	for i := 1; i < len(line); i++ {
		length += math.Hypot(line[i][0]-line[i-1][0], line[i][1]-line[i-1][1])
	}
	if length < 5*w {
		return image.Rectangle{}
	}
	best, place := 0.45*w, image.Rectangle{}
	bounds := image.Rectangle{Max: area.Size()}.Inset(int(theme.px(4)))
	for i := 0; i < len(line); i += max(1, len(line)/64) {
		q := line[i]
		box := image.Rect(int(q[0]-w/2), int(q[1]-h/2), int(q[0]+w/2), int(q[1]+h/2))
		if !box.In(bounds) || p.field.crowded(box, int(theme.px(14))) {
			continue
		}
		// How far the line strays from the middle of the label on its way
		// through it.
		stray := 0.0
		for _, step := range [2]int{-1, 1} {
			for k := i; k >= 0 && k < len(line) && math.Abs(line[k][0]-q[0]) < w/2; k += step {
				if stray = max(stray, math.Abs(line[k][1]-q[1])); stray > best {
					break
				}
			}
		}
		if stray < best {
			best, place = stray, box
		}
	}
	return place
}

// crowded reports whether a label would cover a point or stand too near to
// another one.
func (s *fieldScratch) crowded(box image.Rectangle, distance int) bool {
	for _, q := range s.obstacles {
		if q.In(box) {
			return true
		}
	}
	wide := box.Inset(-distance)
	return slices.ContainsFunc(s.labels, wide.Overlaps)
}

// drawCentres draws a cross at each centre and a circle of its width around.
func (p *Painter) drawCentres(dst *image.RGBA, f *Field, v FieldView, ink color.RGBA, theme Theme) {
	if f.Centres.Rows == 0 {
		return
	}
	p.stroke.reset(v.Area.Dx(), v.Area.Dy())
	for j := range f.Centres.Rows {
		if j != f.Selected {
			p.centre(f, v, j, theme.px(0.55), theme)
		}
	}
	faint := ink
	faint.A = 150
	if f.Selected >= 0 {
		faint.A = 85
	}
	p.stroke.paint(dst, v.Area.Min, faint)
	if f.Selected < 0 {
		return
	}
	for _, layer := range [2]struct {
		half float64
		c    color.RGBA
	}{{2.1, ink}, {1.2, theme.accent()}} {
		p.stroke.reset(v.Area.Dx(), v.Area.Dy())
		p.centre(f, v, f.Selected, theme.px(layer.half), theme)
		p.stroke.paint(dst, v.Area.Min, layer.c)
	}
}

// centre strokes the mark of one centre.
func (p *Painter) centre(f *Field, v FieldView, j int, half float64, theme Theme) {
	cx, cy := f.Centres.At(j, 0), f.Centres.At(j, 1)
	px, py := v.PixelX(cx)-float64(v.Area.Min.X), v.PixelY(cy)-float64(v.Area.Min.Y)
	if !finite(px + py) {
		return
	}
	arm := theme.px(3.5)
	p.stroke.line(px-arm, py, px+arm, py, half)
	p.stroke.line(px, py-arm, px, py+arm, half)
	if f.Widths == nil || !finite(f.Widths[j]) {
		return
	}
	rx := math.Abs(v.PixelX(cx+f.Widths[j]) - v.PixelX(cx))
	ry := math.Abs(v.PixelY(cy+f.Widths[j]) - v.PixelY(cy))
	if max(rx, ry) > 1e5 {
		return
	}
	n := max(16, min(int(max(rx, ry)), 240))
	lastX, lastY := px+rx, py
	for k := 1; k <= n; k++ {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		x, y := px+rx*cos, py+ry*sin
		p.stroke.line(lastX, lastY, x, y, half)
		lastX, lastY = x, y
	}
}

// drawPoints draws the samples as discs with a rim, in the colour of their
// values, so that one that the field meets all but vanishes in it.
func (p *Painter) drawPoints(dst *image.RGBA, f *Field, v FieldView, ramp Ramp, ink color.RGBA, theme Theme) {
	if f.Points.Rows == 0 {
		return
	}
	r := theme.px(3)
	if n := float64(f.Points.Rows); n > 300 {
		r = max(theme.px(1.1), r*math.Pow(300/n, 0.3))
	}
	at := v.Area.Min
	rim := color.RGBA{0x10, 0x12, 0x16, 255}
	if ink.R < 128 {
		rim = color.RGBA{255, 255, 255, 255}
	}
	switch {
	case f.PointValues != nil:
		rim = ink
	case f.Values.Rows == 0:
		rim = theme.Background
	}
	p.stroke.reset(v.Area.Dx(), v.Area.Dy())
	each := func(draw func(i int, px, py float64)) {
		for i := range f.Points.Rows {
			px, py := v.PixelX(f.Points.At(i, 0))-float64(at.X), v.PixelY(f.Points.At(i, 1))-float64(at.Y)
			if px > -2*r && py > -2*r && px < float64(v.Area.Dx())+2*r && py < float64(v.Area.Dy())+2*r {
				draw(i, px, py)
			}
		}
	}
	each(func(_ int, px, py float64) { p.stroke.line(px, py, px, py, r) })
	p.stroke.paint(dst, at, rim)
	hole := r - theme.px(1)
	if f.PointValues == nil {
		p.stroke.reset(v.Area.Dx(), v.Area.Dy())
		each(func(_ int, px, py float64) { p.stroke.line(px, py, px, py, hole) })
		p.stroke.paint(dst, at, ink)
		return
	}
	table := ramp.table(theme.dark())
	clip := dst.SubImage(v.Area).(*image.RGBA)
	each(func(i int, px, py float64) {
		level := (f.PointValues[i] - v.Low) / (v.High - v.Low) * (Levels - 1)
		c := theme.Background
		if finite(level) {
			c = table[clampInt(level+0.5, Levels)]
		}
		drawDisc(clip, px+float64(at.X), py+float64(at.Y), hole, c)
	})
}

// drawDisc draws a disc of radius r.
func drawDisc(dst *image.RGBA, cx, cy, r float64, c color.RGBA) {
	box := image.Rect(int(cx-r-1), int(cy-r-1), int(cx+r+2), int(cy+r+2)).Intersect(dst.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			if cover := r + 0.5 - math.Sqrt(dx*dx+dy*dy); cover > 0 {
				blend(dst.Pix[dst.PixOffset(x, y):], c, uint32(255*min(cover, 1)))
			}
		}
	}
}
