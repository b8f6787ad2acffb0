package surface

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset/npy"
	"filterscope/engine/linalg"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func npyOf(t *testing.T, a *npy.Array) string {
	t.Helper()
	var b bytes.Buffer
	if err := npy.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const header = "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\n"

func TestLoadCloud(t *testing.T) {
	plane, space := cloudOf(2, 1, 2, 3, 4), cloudOf(3, 1, 2, 3, 4, 5, 6)
	with := func(c Cloud, normals ...float64) Cloud {
		c.Normals = linalg.MatrixOf(2, c.Dim(), normals)
		return c
	}
	tests := []struct {
		name, file, content string
		want                Cloud
	}{
		{"PLY", "a.ply", header + "property float z\nend_header\n1 2 3\n4 5 6\n", space},
		{"PLY with normals", "a.ply", header + "property float nx\nproperty float ny\nend_header\n1 2 0 1\n3 4 1 0\n", with(plane, 0, 1, 1, 0)},
		{"PLY by another name", "a.dat", header + "property float z\nend_header\n1 2 3\n4 5 6\n", space},
		{"xyz", "a.xyz", "# two\n1 2 3\n4 5 6\n", space},
		{"xyz in the plane", "a.xyz", "1,2\n3,4\n", plane},
		{"xyz with intensity", "a.xyz", "1 2 3 17\n4 5 6 30\n", space},
		{"xyz in the plane with normals", "a.xyz", "1 2 0.6 0.8\n3 4 0 -1\n", with(plane, 0.6, 0.8, 0, -1)},
		{"xyz with normals", "a.XYZ", "1 2 3 0 0 1\n4 5 6 0 1 0\n", with(space, 0, 0, 1, 0, 1, 0)},
		{"xyz with long normals", "a.xyz", "1 2 3 0.5 -3 1\n4 5 6 0 2 0\n", with(space, 0.5, -3, 1, 0, 2, 0)},
		{"xyz with colours", "a.xyz", "1 2 3 255 0 17\n4 5 6 0 1 0\n", space},
		{"xyz with colours from 0 to 1", "a.xyz", "1 2 3 0.2 0.3 0.4\n4 5 6 0 0.5 1\n", space},
		{"xyz with normals and colours", "a.xyz", "1 2 3 0 0 1 255 0 0\n4 5 6 0 1 0 0 255 0\n", with(space, 0, 0, 1, 0, 1, 0)},
		{"xyz with names", "a.xyz", "R G B X Y Z\n255 0 0 1 2 3\n0 1 0 4 5 6\n", space},
		{"CSV", "a.csv", "1,2,3\n4,5,6\n", space},
		{"CSV with names", "a.csv", "time,nx,ny,x,y\n7,0,1,1,2\n8,1,0,3,4\n", with(plane, 0, 1, 1, 0)},
		{"NPY", "a.npy", npyOf(t, npy.New([]float64{1, 2, 3, 4}, 2, 2)), plane},
		{"NPY with normals", "a.npy", npyOf(t, npy.New([]float64{1, 2, 3, 0, 0, 1, 4, 5, 6, 0, 1, 0}, 2, 6)), with(space, 0, 0, 1, 0, 1, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := LoadCloud(context.Background(), write(t, test.file, test.content))
			if err != nil {
				t.Fatal(err)
			}
			if got.Source != test.file {
				t.Errorf("Source = %q", got.Source)
			}
			test.want.Source = test.file
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestLoadCloudFaults(t *testing.T) {
	tests := []struct{ name, file, content, want string }{
		{"not a number in PLY", "a.ply", header + "end_header\n1 2\n3 x\n", `"x" is not a number`},
		{"NaN in PLY", "a.ply", header + "end_header\n1 2\n3 nan\n", "y of vertex 2 (counted from 1) is NaN"},
		{"NaN in xyz", "a.xyz", "1 2\n3 nan\n", "line 2, column 2 is NaN"},
		{"NaN in CSV", "a.csv", "1,2\n3,nan\n", "line 2, column 2"},
		{"NaN in NPY", "a.npy", npyOf(t, npy.New([]float64{1, 2, 3, nan()}, 2, 2)), "example 1 (counted from 0), value 1 is NaN"},
		{"one column", "a.csv", "1\n2\n", "it has 1 number a line"},
		{"images", "a.npy", npyOf(t, npy.New(make([]float64, 128), 2, 8, 8)), "64 numbers a row"},
		{"empty", "a.csv", "", "empty"},
		{"empty PLY", "a.ply", "", "ends inside the header"},
		{"one point", "a.xyz", "1 2 3\n", "one point"},
		{"a photograph", "a.txt", "\x89PNG\r\n", "no points"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.file, test.content)
			_, err := LoadCloud(context.Background(), path)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Count(err.Error(), path) != 1 {
				t.Errorf("LoadCloud() = %v, want the path and %q", err, test.want)
			}
		})
	}
	if _, err := LoadCloud(context.Background(), "/no/such/cloud.ply"); err == nil || strings.Count(err.Error(), "cloud.ply") != 1 {
		t.Errorf("LoadCloud() of no file = %v", err)
	}
	if _, err := LoadCloud(context.Background(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "regular file") {
		t.Errorf("LoadCloud() of a folder = %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := LoadCloud(ctx, write(t, "a.xyz", "1 2\n")); !errors.Is(err, context.Canceled) {
		t.Errorf("LoadCloud() = %v, want it cancelled", err)
	}
}
