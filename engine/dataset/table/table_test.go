package table_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/dataset/internal/memtest"
	"filterscope/engine/dataset/table"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRead(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name, text string
		opt        table.Options
		want       table.Table
	}{
		{"bytes without a header", "1,2\n3,255\n", table.Options{}, table.Table{Rows: 2, Cols: 2, Bytes: []byte{1, 2, 3, 255}}},
		{"no last newline, CRLF, blank lines", "1,2\r\n\r\n3,4", table.Options{}, table.Table{Rows: 2, Cols: 2, Bytes: []byte{1, 2, 3, 4}}},
		{"floats after bytes", "1,2\n3,-0.5\n", table.Options{}, table.Table{Rows: 2, Cols: 2, Doubles: []float64{1, 2, 3, -0.5}}},
		{"256 is no byte", "1\n256\n", table.Options{}, table.Table{Rows: 2, Cols: 1, Doubles: []float64{1, 256}}},
		{"header", "width,height\n1,2\n", table.Options{}, table.Table{Rows: 1, Cols: 2, Columns: []string{"width", "height"}, Bytes: []byte{1, 2}}},
		{"byte order mark", "\ufeff1;2\n", table.Options{}, table.Table{Rows: 1, Cols: 2, Bytes: []byte{1, 2}}},
		{"tabs", "a\tb\n1e-3\t2\n", table.Options{}, table.Table{Rows: 1, Cols: 2, Columns: []string{"a", "b"}, Doubles: []float64{0.001, 2}}},
		{"decimal comma", "1,5;2\n", table.Options{}, table.Table{Rows: 1, Cols: 2, Doubles: []float64{1.5, 2}}},
		{"blanks and a comment", "# written by savetxt\n 1.0  2.0\n3.0 4.0\n", table.Options{}, table.Table{Rows: 2, Cols: 2, Bytes: []byte{1, 2, 3, 4}}},
		{"quotes", "\"a \"\"x\"\", b\",\"c\"\n\"1\", \"2\"\n", table.Options{}, table.Table{Rows: 1, Cols: 2, Columns: []string{`a "x", b`, "c"}, Bytes: []byte{1, 2}}},
		{"whole labels", "label,0,1\n7,10,20\n3.0,30,40\n7,5,6\n", table.Options{}, table.Table{
			Rows: 3, Cols: 2, Columns: []string{"0", "1"},
			Bytes: []byte{10, 20, 30, 40, 5, 6}, Labels: []int{7, 3, 7},
		}},
		{"named labels", "x,Class\n1,setosa\n2,iris\n3,setosa\n", table.Options{}, table.Table{
			Rows: 3, Cols: 1, Columns: []string{"x"},
			Bytes: []byte{1, 2, 3}, Labels: []int{1, 0, 1}, LabelNames: []string{"iris", "setosa"},
		}},
		{"label asked for by name", "Species;x\n7;1,5\n", table.Options{Label: "species"}, table.Table{
			Rows: 1, Cols: 1, Columns: []string{"x"}, Doubles: []float64{1.5}, Labels: []int{7},
		}},
		{"label asked for by number", "x,y,label\n1,2,3\n", table.Options{Label: "2"}, table.Table{
			Rows: 1, Cols: 2, Columns: []string{"x", "label"}, Bytes: []byte{1, 3}, Labels: []int{2},
		}},
		{"label in the last column, no header", "1,2,a\n3,4,b\n", table.Options{Label: "3"}, table.Table{
			Rows: 2, Cols: 2, Bytes: []byte{1, 2, 3, 4}, Labels: []int{0, 1}, LabelNames: []string{"a", "b"},
		}},
		{"no label", "label,x\n3,4\n", table.Options{Label: "none"}, table.Table{Rows: 1, Cols: 2, Columns: []string{"label", "x"}, Bytes: []byte{3, 4}}},
		{"categories", "kind,size,label\noak,1,0\nash,2,1\noak,3,0\n7,4,1\n", table.Options{Categories: true}, table.Table{
			Rows: 4, Cols: 2, Columns: []string{"kind", "size"}, Levels: [][]string{{"7", "ash", "oak"}, nil},
			Bytes: []byte{2, 1, 1, 2, 2, 3, 0, 4}, Labels: []int{0, 1, 0, 1},
		}},
		{"categories beside floats", "kind;size\nb;1,5\na;2\n", table.Options{Categories: true}, table.Table{
			Rows: 2, Cols: 2, Columns: []string{"kind", "size"}, Levels: [][]string{{"a", "b"}, nil}, Doubles: []float64{1, 1.5, 0, 2},
		}},
		{"no categories in it", "a,b\n1,2\n", table.Options{Categories: true}, table.Table{Rows: 1, Cols: 2, Columns: []string{"a", "b"}, Bytes: []byte{1, 2}}},
		{"missing cells kept", "a,b,label\n1,,x\nNA,2,y\n?,0.5,x\n", table.Options{Missing: table.Keep}, table.Table{
			Rows: 3, Cols: 2, Columns: []string{"a", "b"}, Missing: 3,
			Doubles: []float64{1, nan, nan, 2, nan, 0.5}, Labels: []int{0, 1, 0}, LabelNames: []string{"x", "y"},
		}},
		{"lines with missing cells skipped", "a,b,label\n1,,x\n3,2,y\n4,5,\nnan,0.5,z\n", table.Options{Missing: table.Skip}, table.Table{
			Rows: 1, Cols: 2, Columns: []string{"a", "b"}, Skipped: 3, Bytes: []byte{3, 2}, Labels: []int{0}, LabelNames: []string{"y"},
		}},
		{"missing categories are one", "kind,size\n,1\noak,2\nash,-\nNA,4\n", table.Options{Categories: true, Missing: table.Keep}, table.Table{
			Rows: 4, Cols: 2, Columns: []string{"kind", "size"}, Levels: [][]string{{"NA", "ash", "oak"}, nil}, Missing: 1,
			Doubles: []float64{0, 1, 2, 2, 1, nan, 0, 4},
		}},
		{"numbers below a missing cell", "a,b\n,x\n1,y\n2,x\n", table.Options{Categories: true, Missing: table.Keep}, table.Table{
			Rows: 3, Cols: 2, Columns: []string{"a", "b"}, Levels: [][]string{nil, {"x", "y"}}, Missing: 1, Doubles: []float64{nan, 0, 1, 1, 2, 0},
		}},
		{"a first line with gaps is no header", "1,,\n2,3,4\n", table.Options{Missing: table.Skip}, table.Table{Rows: 1, Cols: 3, Skipped: 1, Bytes: []byte{2, 3, 4}}},
		{"first rows", "1\n2\nx\n", table.Options{Rows: 2}, table.Table{Rows: 2, Cols: 1, Bytes: []byte{1, 2}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := table.Read(strings.NewReader(test.text), test.opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&test.want, got, cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	tests := []struct {
		name, text string
		opt        table.Options
		kind       error
		says       string
	}{
		{"empty", "", table.Options{}, table.ErrFormat, "no line with numbers"},
		{"header only", "a,b\n", table.Options{}, table.ErrFormat, "below the column names"},
		{"label only", "label\n3\n", table.Options{}, table.ErrFormat, `no column besides "label"`},
		{"missing cell", "a,b\n1,2\n3,\n", table.Options{}, table.ErrFormat, "line 3, column 2 (b): the cell is empty"},
		{"not a number", "1,2\n3,x\n", table.Options{}, table.ErrFormat, `line 2, column 2: "x" is not a number`},
		{"not a number in line 1", "1,x,3\n", table.Options{}, table.ErrFormat, `line 1, column 2: "x" is not a number`},
		{"NaN", "1,2\nNaN,3\n", table.Options{}, table.ErrFormat, `line 2, column 1: "NaN" is not a finite number`},
		{"Inf", "1,2\n3,-inf\n", table.Options{}, table.ErrFormat, `line 2, column 2: "-inf" is not a finite number`},
		{"out of range", "1\n1e999\n", table.Options{}, table.ErrFormat, "line 2, column 1"},
		{"short line", "1,2,3\n4,5\n", table.Options{}, table.ErrFormat, "line 2, column 3: the line has 2 cells, the ones before 3"},
		{"long line", "1,2\n\n4,5,6\n", table.Options{}, table.ErrFormat, "line 3, column 3: the line has 3 cells"},
		{"fraction as label", "x,target\n1,0.5\n", table.Options{}, table.ErrFormat, "line 2, column 2 (target): \"0.5\" is not a class"},
		{"missing value in words", "a;b\n1;2,5\nNA;3\n", table.Options{}, table.ErrFormat, `line 3, column 1 (a): "NA" stands for a missing value`},
		{"label column that is not there", "a,b\n1,2\n", table.Options{Label: "kind"}, table.ErrFormat, `no column "kind"; there are: a, b`},
		{"label column by name without names", "1,2\n", table.Options{Label: "kind"}, table.ErrFormat, "give its number"},
		{"label column beyond the last", "1,2\n", table.Options{Label: "3"}, table.ErrFormat, "there is no column 3; the first line has 2"},
		{"text among numbers", "a,b\n1,2\nx,3\n", table.Options{Categories: true}, table.ErrFormat, `line 3, column 1 (a): "x" is not a number`},
		{"missing category", "a,b\nx,2\n,3\n", table.Options{Categories: true}, table.ErrFormat, "line 3, column 1 (a): the cell is empty"},
		{"missing category in words", "a,b\nx,2\nNA,3\n", table.Options{Categories: true}, table.ErrFormat, "missing value"},
		{"missing cell, what to do", "a,b\n1,2\n3,\n", table.Options{}, table.ErrFormat, "choose data.missing = mean (the mean of its column) or skip (leave such lines out)"},
		{"text below a missing cell among numbers", "a,b\n1,2\n,3\nx,4\n", table.Options{Categories: true, Missing: table.Keep}, table.ErrFormat, `line 4, column 1 (a): "x" is not a number`},
		{"nothing but missing cells", "a,b\n1,\n,2\n", table.Options{Missing: table.Skip}, table.ErrFormat, "every one of its 2 lines has a missing cell"},
		{"limit", "1.5\n2.5\n", table.Options{Limit: 15}, table.ErrTooLarge, "row 2"},
		{"endless line", strings.Repeat("1,", table.MaxLine/2+1), table.Options{}, table.ErrTooLarge, "line 1 is longer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := table.Read(strings.NewReader(test.text), test.opt)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Read() = %v, want %v that says %q", err, test.kind, test.says)
			}
		})
	}
}

// The counts are those of optdigits.names.
func TestReadOptdigits(t *testing.T) {
	shared := os.Getenv("FILTERSCOPE_SHARED")
	if shared == "" {
		t.Skip("FILTERSCOPE_SHARED is not set: no real table to read")
	}
	f, err := os.Open(filepath.Join(shared, "data", "optdigits", "optdigits.tra"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := table.Read(f, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]int, 10)
	for _, l := range got.Labels {
		counts[l]++
	}
	if diff := cmp.Diff([]int{376, 389, 380, 389, 387, 376, 377, 387, 380, 382}, counts); diff != "" || got.Cols != 64 || got.Bytes == nil {
		t.Errorf("%d columns, counts (-want +got)\n%s", got.Cols, diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("label;a\n1;2,5\n")
	f.Add("\"a\",\"b\"\n1,2\n")
	f.Add("a,b\n,x\nNA,y\n1,?\n")
	f.Fuzz(func(t *testing.T, text string) {
		opt := table.Options{Categories: len(text)%2 == 1, Missing: table.Missing(len(text) / 6 % 3)}
		if len(text)%3 == 1 {
			opt.Label = "1"
		}
		var got *table.Table
		var err error
		memtest.Bounded(t, len(text), func() { got, err = table.Read(strings.NewReader(text), opt) })
		if err != nil {
			return
		}
		if have := len(got.Bytes) + len(got.Doubles); have != got.Rows*got.Cols {
			t.Errorf("%d numbers for %d×%d", have, got.Rows, got.Cols)
		}
		missing := 0
		for _, v := range got.Doubles {
			if math.IsNaN(v) {
				missing++
			}
		}
		if missing != got.Missing || missing > 0 && opt.Missing != table.Keep {
			t.Errorf("%d missing values, told of %d, with %d", missing, got.Missing, opt.Missing)
		}
		if got.Labels != nil && len(got.Labels) != got.Rows {
			t.Errorf("%d labels for %d rows", len(got.Labels), got.Rows)
		}
	})
}
