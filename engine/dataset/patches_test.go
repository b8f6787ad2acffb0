package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"filterscope/engine/dataset"
	"filterscope/engine/linalg"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// values compares data sets but for the function that opens their sources.
func values() cmp.Option { return cmpopts.IgnoreFields(dataset.Dataset{}, "SourceImage") }

// ramp returns an image whose pixels all differ.
func ramp(name string, w, h int) dataset.Item {
	d := &dataset.Dataset{N: 1, D: w * h, Geometry: dataset.Geometry{Width: w, Height: h, Channels: 1}, FullScale: 255, Bytes: make([]uint8, w*h)}
	for i := range d.Bytes {
		d.Bytes[i] = uint8(i + len(name))
	}
	return dataset.Item{
		Name: name, Geometry: d.Geometry, Element: dataset.Uint8, FullScale: 255,
		Open: func(context.Context) (*dataset.Dataset, error) { return d, nil },
	}
}

func sample(t testing.TB, album dataset.Album, seed uint64, patch dataset.PatchOptions) (*dataset.Dataset, []dataset.Warning) {
	t.Helper()
	d, warnings, err := dataset.SamplePatches(t.Context(), album, &dataset.LoadOptions{Patch: &patch, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return d, warnings
}

// Every patch holds the pixels of the place its Origin names, and all places
// are reached.
func TestPatchesAreCutWhereTheySay(t *testing.T) {
	album := dataset.Album{Items: []dataset.Item{ramp("a", 10, 7), ramp("bb", 5, 12)}}
	d, warnings := sample(t, album, 3, dataset.PatchOptions{Size: 4, Count: 3000})
	if len(warnings) > 0 || d.N != 3000 || d.D != 16 || d.Bytes == nil || d.FullScale != 255 {
		t.Fatalf("N %d, D %d, %v, full scale %g, warnings %v", d.N, d.D, d.Element(), d.FullScale, warnings)
	}
	places := make(map[dataset.Origin]int)
	for i, at := range d.Origins {
		places[at]++
		img, err := album.Items[at.Source].Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for y := range 4 {
			from := (at.Y+y)*img.Geometry.Width + at.X
			if want, got := img.Bytes[from:from+4], d.Bytes[i*16+4*y:i*16+4*y+4]; !cmp.Equal(want, got) {
				t.Fatalf("patch %d of %+v, row %d: %v, want %v", i, at, y, got, want)
			}
		}
	}
	if want := 7*4 + 2*9; len(places) != want {
		t.Errorf("%d different places, want all %d", len(places), want)
	}
	if img, err := d.SourceImage(t.Context(), 1); err != nil || img.Geometry.Height != 12 || !cmp.Equal(img.Bytes[:3], []byte{2, 3, 4}) {
		t.Errorf("SourceImage() = %+v, %v", img, err)
	}
	if diff := cmp.Diff([]string{"a", "bb"}, d.Sources); diff != "" {
		t.Errorf("sources (-want +got)\n%s", diff)
	}
}

func TestPatchesAreDeterministic(t *testing.T) {
	album := dataset.Album{Items: []dataset.Item{ramp("a", 30, 20), ramp("b", 20, 30)}}
	patch := dataset.PatchOptions{Size: 8, Count: 50, Whiten: true}
	first, _ := sample(t, album, 1, patch)
	again, _ := sample(t, album, 1, patch)
	other, _ := sample(t, album, 2, patch)
	if diff := cmp.Diff(first, again, values()); diff != "" {
		t.Errorf("the same seed gave other patches:\n%s", diff)
	}
	if cmp.Equal(first, other, values()) {
		t.Error("another seed gave the same patches")
	}
}

func TestPatchesOfBadImages(t *testing.T) {
	broken := ramp("broken", 20, 20)
	broken.Open = func(context.Context) (*dataset.Dataset, error) { return nil, errors.New("it is cut off") }
	tiny := ramp("tiny", 1, 1)
	album := dataset.Album{Items: []dataset.Item{tiny, broken, ramp("good", 20, 20)}}
	d, warnings := sample(t, album, 1, dataset.PatchOptions{Size: 8, Count: 100})
	want := []dataset.Warning{{Path: "tiny", Reason: "a 1×1 image cannot give 8×8 patches"}, {Path: "broken", Reason: "it is cut off"}}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
	for i, at := range d.Origins {
		if at.Source != 2 {
			t.Fatalf("patch %d comes from %s", i, d.Sources[at.Source])
		}
	}
	for says, items := range map[string][]dataset.Item{
		"a 1×1 image cannot give 8×8 patches": {tiny},
		"none of the 2 images can be used":    {tiny, broken},
	} {
		_, _, err := dataset.SamplePatches(t.Context(), dataset.Album{Items: items}, &dataset.LoadOptions{Patch: &dataset.PatchOptions{Size: 8}})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("SamplePatches() = %v, want an error that says %q", err, says)
		}
	}
}

// 8-bit samples among 16-bit ones are stretched to their scale.
func TestPatchesOfMixedDepth(t *testing.T) {
	wide := &dataset.Dataset{N: 1, D: 1, Geometry: dataset.Geometry{Width: 1, Height: 1, Channels: 1}, FullScale: 65535, Singles: []float32{1000}}
	narrow := &dataset.Dataset{N: 1, D: 1, Geometry: wide.Geometry, FullScale: 255, Bytes: []uint8{255}}
	album := dataset.Album{Items: append(dataset.AlbumOf(wide).Items, dataset.AlbumOf(narrow).Items...)}
	d, _ := sample(t, album, 1, dataset.PatchOptions{Size: 1, Count: 20})
	if d.FullScale != 65535 || d.Element() != dataset.Float32 {
		t.Errorf("%v of full scale %g", d.Element(), d.FullScale)
	}
	for i, at := range d.Origins {
		if want := []float32{1000, 65535}[at.Source]; d.Singles[i] != want {
			t.Errorf("patch %d is %g, want %g", i, d.Singles[i], want)
		}
	}
}

func TestPatchesOfColour(t *testing.T) {
	img := &dataset.Dataset{
		N: 1, D: 27, Geometry: dataset.Geometry{Width: 3, Height: 3, Channels: 3}, FullScale: 1, Doubles: make([]float64, 27),
	}
	for i := range img.Doubles {
		img.Doubles[i] = float64(i) / 27
	}
	d, _ := sample(t, dataset.AlbumOf(img), 1, dataset.PatchOptions{Size: 2, Count: 9})
	for i, at := range d.Origins {
		for j := range 12 {
			y, x, c := j/6, j%6/3, j%3
			if want := img.Doubles[((at.Y+y)*3+at.X+x)*3+c]; d.Doubles[i*12+j] != want {
				t.Fatalf("patch %d, value %d is %g, want %g", i, j, d.Doubles[i*12+j], want)
			}
		}
	}
}

// Whitened images have the mean variance of the published ones, 0.1, so
// patches of the whole image have it too.
func TestPatchesWhitened(t *testing.T) {
	album := dataset.Album{Items: []dataset.Item{ramp("a", 32, 32), ramp("bbbb", 32, 32)}}
	d, _ := sample(t, album, 1, dataset.PatchOptions{Size: 32, Count: 40, Whiten: true})
	if d.FullScale != 0 || d.Element() != dataset.Float32 {
		t.Errorf("%v of full scale %g", d.Element(), d.FullScale)
	}
	bySource := make(map[int]float64)
	for i, at := range d.Origins {
		sum, square := 0.0, 0.0
		for _, v := range d.Singles[i*d.D : (i+1)*d.D] {
			sum += float64(v)
			square += float64(v) * float64(v)
		}
		if math.Abs(sum/float64(d.D)) > 1e-6 {
			t.Fatalf("patch %d has mean %g", i, sum/float64(d.D))
		}
		bySource[at.Source] = square / float64(d.D)
	}
	if got := (bySource[0] + bySource[1]) / 2; math.Abs(got-0.1) > 1e-6 {
		t.Errorf("mean variance %g, want 0.1", got)
	}
}

func TestPatchesStopWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	o := &dataset.LoadOptions{Patch: &dataset.PatchOptions{Size: 2, Count: 100}, Progress: func(int, int, string) {
		if calls++; calls == 2 {
			cancel()
		}
	}}
	album := dataset.Album{}
	for i := range 20 {
		item := ramp(fmt.Sprint(i), 4, 4)
		open := item.Open
		item.Open = func(ctx context.Context) (*dataset.Dataset, error) {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			return open(ctx)
		}
		album.Items = append(album.Items, item)
	}
	if _, _, err := dataset.SamplePatches(ctx, album, o); !errors.Is(err, context.Canceled) || calls != 2 {
		t.Errorf("SamplePatches() = %v after %d calls of Progress", err, calls)
	}
}

// Pooled, an image gets patches by the number of places in it; borders stay
// untouched.
func TestPatchesPooledWithinBorders(t *testing.T) {
	album := dataset.Album{Items: []dataset.Item{ramp("a", 12, 12), ramp("bb", 36, 34)}}
	const border, size, count = 2, 4, 8000
	d, _ := sample(t, album, 5, dataset.PatchOptions{Size: size, Count: count, Pooled: true, Border: border})
	counts := []float64{0, 0}
	places := make(map[dataset.Origin]bool)
	for _, at := range d.Origins {
		g := album.Items[at.Source].Geometry
		if at.X < border || at.Y < border || at.X+size > g.Width-border || at.Y+size > g.Height-border {
			t.Fatalf("a patch at %+v of %d×%d", at, g.Width, g.Height)
		}
		counts[at.Source]++
		places[at] = true
	}
	small, large := 5.0*5, 29.0*27
	share := small / (small + large)
	if deviation := math.Sqrt(count * share * (1 - share)); math.Abs(counts[0]-count*share) > 4*deviation {
		t.Errorf("%g of %d patches come from the small image, want about %g", counts[0], count, count*share)
	}
	if len(places) < 800 {
		t.Errorf("only %d of %g places were reached", len(places), small+large)
	}
	_, warnings := sample(t, album, 5, dataset.PatchOptions{Size: size, Count: 10, Border: 5})
	want := []dataset.Warning{{Path: "a", Reason: "a 12×12 image with a border of 5 cannot give 4×4 patches"}}
	if diff := cmp.Diff(want, warnings); diff != "" {
		t.Errorf("warnings (-want +got)\n%s", diff)
	}
}

// Flat patches are drawn again in their image; a flat image is given up.
func TestPatchesWithContrast(t *testing.T) {
	half := ramp("half", 64, 32) // its left half is flat
	img, err := half.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range img.Bytes {
		if img.Bytes[i] = 80; i%64 >= 32 {
			img.Bytes[i] = uint8(255 * (i % 2))
		}
	}
	flat := ramp("flat", 32, 32)
	if img, err = flat.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	clear(img.Bytes)
	album := dataset.Album{Items: []dataset.Item{flat, half}}
	const least = 0.1 // of at most 0.25, which stripes of 0 and 1 have
	d, warnings := sample(t, album, 1, dataset.PatchOptions{Size: 8, Count: 400, MinVariance: least})
	if len(warnings) != 1 || warnings[0].Path != "flat" || !strings.Contains(warnings[0].Reason, "all are flatter than 0.1") {
		t.Errorf("warnings %v", warnings)
	}
	for i, at := range d.Origins {
		if at.Source != 1 || at.X < 32-6 {
			t.Fatalf("patch %d is cut at %+v", i, at)
		}
	}
}

// The number of goroutines that open images changes nothing.
func TestPatchesAreTheSameOnAnyNumberOfWorkers(t *testing.T) {
	broken := ramp("broken", 20, 20)
	broken.Open = func(context.Context) (*dataset.Dataset, error) { return nil, errors.New("it is cut off") }
	panics := ramp("panics", 20, 20)
	panics.Open = func(context.Context) (*dataset.Dataset, error) { panic("a bug") }
	album := dataset.Album{Items: []dataset.Item{ramp("a", 30, 20), broken, ramp("b", 20, 30), panics, ramp("c", 25, 25)}}
	patch := dataset.PatchOptions{Size: 8, Count: 200, MinVariance: 0.001, Pooled: true}
	defer linalg.SetWorkers(0)
	linalg.SetWorkers(1)
	one, warnings := sample(t, album, 1, patch)
	linalg.SetWorkers(5)
	five, again := sample(t, album, 1, patch)
	if diff := cmp.Diff(one, five, values()); diff != "" {
		t.Errorf("one worker and five differ:\n%s", diff)
	}
	if len(warnings) != 2 || warnings[0] != again[0] || !strings.Contains(again[1].Reason, "a bug") {
		t.Errorf("warnings %v and %v", warnings, again)
	}
}
