package app

import (
	"image"
	"slices"
	"strings"
	"testing"
)

func TestEncloses(t *testing.T) {
	square := [][2]float64{{0, 0}, {4, 0}, {4, 4}, {0, 4}}
	horseshoe := [][2]float64{{0, 0}, {5, 0}, {5, 5}, {4, 5}, {4, 1}, {1, 1}, {1, 5}, {0, 5}}
	for _, c := range []struct {
		name    string
		outline [][2]float64
		x, y    float64
		want    bool
	}{
		{"inside", square, 2, 2, true},
		{"left of it", square, -1, 2, false},
		{"above", square, 2, 5, false},
		{"in an arm", horseshoe, 0.5, 4, true},
		{"between the arms", horseshoe, 2.5, 4, false},
		{"in the base", horseshoe, 2.5, 0.5, true},
		{"no outline", nil, 0, 0, false},
		{"a line", square[:2], 2, 0.5, false},
	} {
		if got := encloses(c.outline, c.x, c.y); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A drag over the map selects what it goes around; the thumbnails, the outline and the reconstructions are of that.
func TestLasso(t *testing.T) {
	alone(t)
	d := codes(t, digitMap(2))
	v, f := d.codes, d.frame.codes
	area := f.scatter.Area
	middle := image.Pt((area.Min.X+area.Max.X)/2, area.Max.Y)
	corners := []image.Point{area.Min, {X: middle.X, Y: area.Min.Y}, middle, {X: area.Min.X, Y: area.Max.Y}}
	for _, to := range corners[1:] {
		v.picture.OnDrag(corners[0], to, false)
	}
	if got := v.picture.Path(); len(got) != 5 || got[0] != got[4] {
		t.Errorf("the outline being drawn has the points %v", got)
	}
	v.picture.OnDrag(corners[0], corners[3], true)

	var want []int
	for i := range f.plane.x {
		if at, _ := f.scatter.Place(i); at.X < middle.X-1 {
			want = append(want, i)
		}
	}
	got := v.lasso.examples
	for _, i := range want {
		if !slices.Contains(got, i) {
			t.Errorf("example %d lies inside and is not selected", i)
		}
	}
	if len(got) > len(want)+3 || len(got) == len(f.plane.x) { // those on the line itself
		t.Errorf("%d are selected, %d of %d lie inside", len(got), len(want), len(f.plane.x))
	}
	if text := v.lasso.title.Text(); !strings.HasPrefix(text, countOf(len(got), "example")+" selected: ") || !v.lasso.object.Visible() {
		t.Errorf("the strip says %q", text)
	}
	d.settle()
	if n := len(v.picture.Path()); n != len(v.lasso.outline)+1 {
		t.Errorf("the outline that stays has %d points", n)
	}
	shown := v.lasso.picture.Frame()
	if shown == nil {
		t.Fatal("no thumbnails")
	}
	cell := v.lasso.grid.Cell(1)
	tile := tileImage(f.set.probe.tiles.Row(got[1]), f.set.probe.tile, f.set.probe.span, cell.Dx())
	for y := range cell.Dy() {
		for x := range cell.Dx() {
			if a, b := shown.RGBAAt(cell.Min.X+x, cell.Min.Y+y), tile.RGBAAt(x, y); a != b {
				t.Fatalf("the second thumbnail is %v at (%d, %d), example %d is %v", a, x, y, got[1], b)
			}
		}
	}
	v.lasso.picture.OnPick(cell.Min.Add(image.Pt(2, 2)), 0)
	if v.req.chosen[0] != got[1] {
		t.Errorf("a click chooses example %d, want %d", v.req.chosen[0], got[1])
	}

	v.setMode(codesGrid)
	if v.lasso.object.Visible() || v.picture.Path() != nil || v.picture.OnDrag != nil {
		t.Error("the selection shows on the grid")
	}
	v.setMode(codesMap)
	v.lasso.these.OnTapped()
	d.settle()
	if d.view != viewReconstruct || d.frame.sheet == nil || !slices.Equal(d.frame.sheet.examples, got[:len(d.frame.sheet.examples)]) {
		t.Errorf("the reconstructions are not of the selected examples: view %d", d.view)
	}
	d.char('4')
	d.settle()
	d.escape()
	if v.lasso.examples != nil || v.lasso.object.Visible() || v.picture.Path() != nil {
		t.Error("Esc leaves the selection")
	}
	empty := area.Min.Add(image.Pt(2, 2))
	v.picture.OnDrag(area.Min, empty, false)
	v.picture.OnDrag(area.Min, empty, true)
	if v.lasso.object.Visible() {
		t.Error("a strip for nothing")
	}
}
