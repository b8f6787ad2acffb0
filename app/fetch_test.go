package app

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"filterscope/engine/dataset/fetch"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// mirrored lets the window fetch a small set from a local server. Requests wait
// until hold is closed, unless it is nil.
func mirrored(t *testing.T, d *desk, name string, wrong bool, hold chan struct{}) (dir string) {
	t.Helper()
	t.Setenv("FILTERSCOPE_DATA", t.TempDir()) // where MNIST is looked for, too
	content := map[string][]byte{}
	files := fetch.Sets()[0].Files[:2]
	images := []byte{0, 0, 8, 3, 0, 0, 0, 30, 0, 0, 0, 6, 0, 0, 0, 6}
	for i := range 30 * 36 {
		images = append(images, byte(i*7))
	}
	content[files[0].Name], content[files[1].Name] = zipped(t, images), zipped(t, append([]byte{0, 0, 8, 1, 0, 0, 0, 30}, make([]byte, 30)...))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hold != nil {
			select {
			case <-hold:
			case <-r.Context().Done():
				return
			}
		}
		_, _ = w.Write(content[filepath.Base(r.URL.Path)])
	}))
	t.Cleanup(server.Close)
	set := fetch.Set{Name: name, Title: "MNIST: a few", Mirrors: []string{server.URL + "/"}}
	for _, f := range files {
		sum := md5.Sum(content[f.Name])
		if wrong {
			sum[0]++
		}
		set.Files = append(set.Files, fetch.File{Name: f.Name, MD5: hex.EncodeToString(sum[:])})
	}
	dir = filepath.Join(t.TempDir(), name)
	if name == "mnist" {
		dir = filepath.Join(os.Getenv("FILTERSCOPE_DATA"), name)
	}
	d.fetcher.sets = func() []fetch.Set { return []fetch.Set{set} }
	d.fetcher.folder = func(string) string { return dir }
	return dir
}

func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pressBanner presses a button of the banner.
func (d *desk) pressBanner(text string) {
	d.t.Helper()
	for _, o := range test.WidgetRenderer(d.banner).Objects() {
		if b, ok := o.(*widgets.ActionButton); ok && b.Visible() && b.Text() == text {
			test.Tap(b)
			return
		}
	}
	d.t.Fatalf("the banner %q has no button %q", d.banner.Text(), text)
}

// wantsMNIST is a quick recipe on MNIST.
func wantsMNIST(t *testing.T) recipe.Recipe {
	r := tiny(t)
	r.Data = recipe.Data{Source: recipe.SourceMNIST}
	return r
}

// TestFetchFromBanner presses the banner's button and finds a run on the data.
func TestFetchFromBanner(t *testing.T) {
	d := newDesk(t)
	mirrored(t, d, "mnist", false, nil)
	d.choose(wantsMNIST(t))
	d.start()
	d.until("the offer", func() bool { return strings.Contains(d.banner.Text(), "MNIST is not on this computer") })
	d.pressBanner("Fetch MNIST")
	d.until("a run", func() bool { return d.session.run != nil && d.session.stage == training })
	if data := d.session.run.problem.Data; data.N != 30 || data.Geometry.Width != 6 {
		t.Errorf("%d examples of %+v", data.N, data.Geometry)
	}
	d.untilEnded()
}

// TestFetchInDataView fetches another set, which the view shows then.
func TestFetchInDataView(t *testing.T) {
	d := dataDesk(t, tiny(t))
	dir := mirrored(t, d, "kmnist", false, nil)
	d.fetchSet(d.fetcher.sets()[0])
	if !d.data.fetch.Disabled() {
		t.Error("a second download can be started from the view")
	}
	d.until("the data", func() bool { return d.session.recipe.Data.Path == dir })
	d.previewed()
	if p := d.data.preview(); p == nil || p.Data.N != 30 {
		t.Errorf("the view says %q", d.data.source.Text())
	}
	if d.data.fetch.Disabled() || d.view != viewData {
		t.Error("the view is not as it was")
	}
}

func TestFetchCancelled(t *testing.T) {
	d := newDesk(t)
	hold := make(chan struct{})
	defer close(hold)
	mirrored(t, d, "kmnist", false, hold)
	d.choose(tiny(t))
	d.fetchSet(d.fetcher.sets()[0])
	d.until("the download", func() bool { return strings.HasPrefix(d.banner.Text(), "Fetching MNIST") })
	turn := d.fetcher.turn
	d.pressBanner("Cancel")
	if d.banner.Visible() || d.fetcher.cancel != nil || d.fetcher.turn == turn {
		t.Errorf("after Cancel %q", d.banner.Text())
	}
	for range 5 { // what came of it since is thrown away
		d.q.drain()
		time.Sleep(10 * time.Millisecond)
	}
	if d.banner.Visible() || d.session.stage != choosing {
		t.Errorf("afterwards %q", d.banner.Text())
	}
}

func TestFetchFails(t *testing.T) {
	d := newDesk(t)
	mirrored(t, d, "kmnist", true, nil)
	d.choose(tiny(t))
	d.fetchSet(d.fetcher.sets()[0])
	d.until("the failure", func() bool { return strings.Contains(d.banner.Text(), "could not be fetched") })
	if text := d.banner.Text(); !strings.Contains(text, "checksum") || strings.Contains(text, "\n") {
		t.Errorf("banner %q", text)
	}
	d.fetcher.folder = func(string) string { return "" }
	d.fetchSet(d.fetcher.sets()[0])
	if !strings.Contains(d.banner.Text(), "FILTERSCOPE_DATA") {
		t.Errorf("without a folder %q", d.banner.Text())
	}
}
