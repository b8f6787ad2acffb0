package xyz_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"filterscope/engine/dataset/xyz"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, file string
		want       xyz.Points
	}{
		{"blanks", "1 2 3\n4\t5  6\n", xyz.Points{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}},
		{"commas and blanks", "1, 2, 3\r\n4,5,6", xyz.Points{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}},
		{"plane", "1;2\n-3;1e-3\n", xyz.Points{Rows: 2, Cols: 2, Data: []float64{1, 2, -3, 1e-3}}},
		{"comments", "# a scan\n\n1 2 3 # first\n// none\n4 5 6 // last\n", xyz.Points{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}},
		{"count", "2\n1 2 3\n4 5 6\n", xyz.Points{Rows: 2, Cols: 3, Data: []float64{1, 2, 3, 4, 5, 6}}},
		{"names", "\ufeffX Y Z\n1 2 3\n", xyz.Points{Rows: 1, Cols: 3, Columns: []string{"x", "y", "z"}, Data: []float64{1, 2, 3}}},
		{"count and names", "1\nX Y\n1 2\n", xyz.Points{Rows: 1, Cols: 2, Columns: []string{"x", "y"}, Data: []float64{1, 2}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := xyz.Read(strings.NewReader(test.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"empty", "", "no points"},
		{"comments alone", "# nothing\n", "no points"},
		{"one number a line", "1\n2\n", "line 2 has 1 numbers"},
		{"ragged", "1 2 3\n4 5\n", "line 2 has 2 numbers, the ones before have 3"},
		{"a word", "1 2 3\n4 five 6\n", `line 2, column 2: "five" is not a number`},
		{"NaN", "1 2 3\n4 5 nan\n", "line 2, column 3 is NaN"},
		{"infinite", "1 2 3\n\n-Inf 5 6\n", "line 3, column 1 is -Inf"},
		{"out of range", "1 2 1e999\n", "out of the range"},
		{"names for other columns", "x y\n1 2 3\n", "names 2 columns"},
		{"a molecule", "1\nwater\nO 0 0 0\n", `line 3, column 1: "O" is not a number`},
		{"many columns", strings.Repeat("1 ", 65), "65 numbers"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := xyz.Read(strings.NewReader(test.file))
			if !errors.Is(err, xyz.ErrFormat) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Read() = %v, want ErrFormat with %q", err, test.want)
			}
		})
	}
	if _, err := xyz.Read(strings.NewReader(strings.Repeat("1", 1<<17))); !errors.Is(err, xyz.ErrTooLarge) {
		t.Errorf("Read() of a long line = %v, want ErrTooLarge", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"1 2 3\n4 5 6\n", "3\nx,y,z\n1,2,3 # c\n", "1 2\n1 nan\n", "//\n;;;1,2;3\r\n", "\ufeff1 2 3 0 0 1 255 0 0", "1e999 2", "0x1p-2 1_0",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := xyz.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if p.Rows < 1 || p.Cols < 2 || len(p.Data) != p.Rows*p.Cols || p.Columns != nil && len(p.Columns) != p.Cols {
			t.Errorf("%d×%d points, %d numbers, names %q", p.Rows, p.Cols, len(p.Data), p.Columns)
		}
		for i, v := range p.Data {
			if v-v != 0 {
				t.Errorf("number %d is %v", i, v)
			}
		}
	})
}
