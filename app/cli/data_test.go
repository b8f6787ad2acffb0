package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/app/cli"

	"github.com/google/go-cmp/cmp"
)

// fetchedFiles is what data fetch --json prints.
type fetchedFiles struct {
	Set, Title, Licence, Folder string
	Files                       []string
	Fetched                     int
}

// Real MNIST, served by a local server, is fetched into a folder that then
// can be described; the second time nothing is asked for.
func TestDataFetch(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real MNIST to serve")
	}
	asked := 0
	files := http.FileServer(http.Dir(filepath.Join(shared, "data", "mnist")))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	dir := t.TempDir()
	t.Setenv("FILTERSCOPE_DATA", dir)
	for _, want := range []int{4, 0} {
		var got fetchedFiles
		done(t, &got, "data", "fetch", "mnist", "--mirror", server.URL, "--json")
		if got.Fetched != want || asked != 4 || got.Folder != filepath.Join(dir, "mnist") || len(got.Files) != 4 || got.Licence == "" {
			t.Errorf("%+v after %d requests, want %d fetched", got, asked, want)
		}
	}
	to := filepath.Join(dir, "elsewhere")
	server.Config.Handler = http.NotFoundHandler()
	code, _, text := filterscope(t.Context(), "data", "fetch", "mnist", "--mirror", server.URL+"/", "--to", to)
	if code != cli.ExitFailed || !strings.Contains(text, "404") || !strings.Contains(text, "put the files into "+to) {
		t.Errorf("exit %d: %s", code, text)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("Ctrl-C"))
	if code, _, text := filterscope(ctx, "data", "fetch", "mnist", "--mirror", server.URL, "--to", to); code != cli.ExitFailed || !strings.Contains(text, "interrupted") {
		t.Errorf("exit %d: %s", code, text)
	}
	code, _, text = filterscope(t.Context(), "data", "fetch", "mnist", "--mirror", server.URL)
	if code != cli.ExitDone || text != "" {
		t.Errorf("exit %d: %s", code, text)
	}
}

// dataInfo is what data info --json prints, as far as it is compared.
type dataInfo struct {
	Name                    string
	Examples, Features      int
	Width, Height, Channels int
	Element                 string
	FullScale               float64 `json:"full_scale"`
	Min, Max, Mean          float64
	Labels                  []struct{ Label, Count int }
	Files, Arrays, Warnings []map[string]any
	Path                    string
	Columns                 []string
}

// data info --json tells of everything in shared/data what its README.md says.
func TestDataInfoReal(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real data to describe")
	}
	mnist := []int{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}
	thousand := []int{1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}
	digits := []int{376, 389, 380, 389, 387, 376, 377, 387, 380, 382}
	test := []int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}
	tests := []struct {
		args                   []string
		examples               int
		width, height, channel int // 0 for images of several sizes, and for tables
		min, max, mean         float64
		counts                 []int
		files                  map[string]int // what, and how often
		arrays                 []string
	}{
		{args: []string{"mnist"}, examples: 60000, width: 28, height: 28, channel: 1, max: 1, mean: 0.130660, counts: mnist, files: map[string]int{
			"60000×28×28 uint8": 1, "60000 uint8": 1, "10000×28×28 uint8": 1, "10000 uint8": 1,
		}},
		{args: []string{"mnist", "--split", "test"}, examples: 10000, width: 28, height: 28, channel: 1, max: 1, mean: 0.132515, counts: []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, files: map[string]int{
			"60000×28×28 uint8": 1, "60000 uint8": 1, "10000×28×28 uint8": 1, "10000 uint8": 1,
		}},
		{args: []string{"kmnist"}, examples: 10000, width: 28, height: 28, channel: 1, max: 1, counts: thousand, files: map[string]int{"10000×28×28 uint8": 1, "10000 uint8": 1}},
		{args: []string{"optdigits/optdigits-train-images-idx3-ubyte.gz"}, examples: 3823, width: 8, height: 8, channel: 1, max: 1, counts: digits},
		{args: []string{"optdigits/optdigits-test-images-idx3-ubyte.gz"}, examples: 1797, width: 8, height: 8, channel: 1, max: 1, counts: test},
		{args: []string{"optdigits/optdigits.tra"}, examples: 3823, width: 8, height: 8, channel: 1, max: 16, counts: digits},
		{args: []string{"optdigits/optdigits.tes"}, examples: 1797, width: 8, height: 8, channel: 1, max: 16, counts: test},
		{args: []string{"natural/bsd68"}, examples: 68, channel: 1, max: 1, files: map[string]int{"481×321 grey": 53, "321×481 grey": 15}},
		{args: []string{"natural/kodak", "--colour"}, examples: 6, width: 500, height: 500, channel: 3, max: 1, files: map[string]int{"500×500 colour": 6}},
		{args: []string{"natural/bsds500", "--colour"}, examples: 12, channel: 3, max: 1, files: map[string]int{"481×321 colour": 9, "321×481 colour": 3}},
		{args: []string{"reference/ufldl-octave/layer1.mat"}, examples: 314584, min: -12.71132861769726, max: 3.3011277497662004, arrays: []string{"sae1OptTheta 314584×1 double"}},
		{args: []string{"reference/ufldl-octave/STL10Features.mat", "--variable", "optTheta"}, examples: 154192, min: -3.9641809021154177, max: 0.8560837976570411, arrays: []string{
			"meanPatch 192×1 double", "ZCAWhite 192×192 double", "optTheta 154192×1 double",
		}},
		{args: []string{"reference/ucm2-201080.mat"}, examples: 963, max: 0.999977151342377, arrays: []string{"ucm2 643×963 double"}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			args := append([]string{"data", "info", "--json", filepath.Join(shared, "data", filepath.FromSlash(test.args[0]))}, test.args[1:]...)
			code, out, text := filterscope(t.Context(), args...)
			var info dataInfo
			if err := json.Unmarshal([]byte(out), &info); err != nil || code != cli.ExitDone || len(info.Warnings) > 0 {
				t.Fatalf("exit %d, %v, %v, %s", code, err, info.Warnings, text)
			}
			if info.Examples != test.examples || info.Width != test.width || info.Height != test.height || info.Channels != test.channel {
				t.Errorf("%d examples of %d×%d×%d", info.Examples, info.Width, info.Height, info.Channels)
			}
			near := 1e-12 // photographs come close to black and white
			if strings.HasPrefix(test.args[0], "natural/") {
				near = 0.02
			}
			if math.Abs(info.Min-test.min) > near || math.Abs(info.Max-test.max) > near || test.mean > 0 && math.Abs(info.Mean-test.mean) > 1e-6 {
				t.Errorf("values %g to %g, mean %g", info.Min, info.Max, info.Mean)
			}
			var counts []int
			for i, l := range info.Labels {
				if counts = append(counts, l.Count); l.Label != i {
					t.Errorf("label %d at place %d", l.Label, i)
				}
			}
			files := make(map[string]int)
			for _, f := range info.Files {
				files[f["what"].(string)]++
			}
			var arrays []string
			for _, a := range info.Arrays {
				var shape []string
				for _, s := range a["shape"].([]any) {
					text, err := json.Marshal(s)
					if err != nil {
						t.Fatal(err)
					}
					shape = append(shape, string(text))
				}
				arrays = append(arrays, a["name"].(string)+" "+strings.Join(shape, "×")+" "+a["type"].(string))
			}
			if test.files == nil {
				test.files = map[string]int{}
			}
			for what, diff := range map[string]string{
				"counts": cmp.Diff(test.counts, counts), "files": cmp.Diff(test.files, files), "arrays": cmp.Diff(test.arrays, arrays),
			} {
				if diff != "" {
					t.Errorf("%s (-want +got)\n%s", what, diff)
				}
			}
		})
	}
}
