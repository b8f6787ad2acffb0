package ply_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"strings"
	"testing"

	"filterscope/engine/dataset/ply"

	"github.com/google/go-cmp/cmp"
)

// binaryFile returns a header and values of mixed types in that byte order.
func binaryFile(t testing.TB, header string, order binary.ByteOrder, values ...any) string {
	t.Helper()
	b := bytes.NewBufferString(header)
	for _, v := range values {
		if err := binary.Write(b, order, v); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

const mixedHeader = `ply
format binary_ORDER_endian 1.0
comment a camera first, then points with a list and colours among their properties
element camera 2
property double focus
property list uchar short marks
element vertex 2
property short x
property list uint float weights
property uchar red
property double y
property float z
property char nx
property float ny
property float nz
element face 1
property list uchar int vertex_indices
end_header
`

func mixed(t testing.TB, name string, order binary.ByteOrder) string {
	return binaryFile(t, strings.Replace(mixedHeader, "ORDER", name, 1), order,
		1.5, uint8(3), int16(1), int16(2), int16(3), 2.5, uint8(0),
		int16(-7), uint32(1), float32(9), uint8(255), 0.25, float32(1.5), int8(-1), float32(0), float32(0),
		int16(300), uint32(0), uint8(0), -0.5, float32(2), int8(0), float32(1), float32(0),
		uint8(3), int32(0), int32(1), int32(1))
}

func TestRead(t *testing.T) {
	want := &ply.Cloud{Dim: 3, Points: []float64{-7, 0.25, 1.5, 300, -0.5, 2}, Normals: []float64{-1, 0, 0, 0, 1, 0}}
	text := strings.Replace(mixedHeader, "binary_ORDER_endian", "ascii", 1) +
		"1.5 3 1 2 3\n2.5 0\n-7 1 9 255 0.25 1.5 -1 0 0\n300 0 0 -0.5 2 0 1 0\n3 0 1 1\n"
	tests := []struct {
		name, file string
		want       *ply.Cloud
	}{
		{"text", text, want},
		{"text with carriage returns", strings.ReplaceAll(text, "\n", "\r\n"), want},
		{"little-endian", mixed(t, "little", binary.LittleEndian), want},
		{"big-endian", mixed(t, "big", binary.BigEndian), want},
		{
			"plane", "ply\nformat ascii 1.0\nelement vertex 2\nproperty float32 x\nproperty float64 y\nend_header\n1 2\n3 4",
			&ply.Cloud{Dim: 2, Points: []float64{1, 2, 3, 4}},
		},
		{
			"plane with normals", "ply\nformat ascii 1.0\nelement vertex 1\nproperty int ny\nproperty int nx\nproperty uint8 x\nproperty int16 y\nend_header\n1 0 2 3\n",
			&ply.Cloud{Dim: 2, Points: []float64{2, 3}, Normals: []float64{0, 1}},
		},
		{
			"no rows of an element", "ply\nformat binary_little_endian 1.0\nelement nothing 1000000000000\nelement vertex 1\nproperty uchar x\nproperty uchar y\nend_header\n\x01\x02",
			&ply.Cloud{Dim: 2, Points: []float64{1, 2}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ply.Read(strings.NewReader(test.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	const start = "ply\nformat ascii 1.0\n"
	const vertex = "property float x\nproperty float y\nproperty float z\nend_header\n"
	tests := []struct{ name, file, want string }{
		{"empty", "", "ends inside the header"},
		{"another format", "solid\n", `starts with "solid"`},
		{"cut header", "ply\nformat ascii", "ends inside the header"},
		{"no format", "ply\nelement vertex 1\nend_header\n", "no format"},
		{"two formats", start + "format ascii 1.0\n", "already"},
		{"odd format", "ply\nformat text 1.0\n", "binary_little_endian"},
		{"version", "ply\nformat ascii 2.0\n", "version 1.0"},
		{"odd line", start + "faces 3\n", "header line 3"},
		{"negative count", start + "element vertex -1\n", "not a whole number"},
		{"huge count", start + "element vertex 99999999999999999999\n", "not a whole number"},
		{"property of nothing", start + "property float x\n", "no element"},
		{"unknown type", start + "element vertex 1\nproperty half x\n", `no type "half"`},
		{"list of fractions", start + "element vertex 1\nproperty list float int x\n", "whole numbers"},
		{"x twice", start + "element vertex 1\nproperty float x\nproperty float x\n", "already"},
		{"no vertex", start + "element face 0\nend_header\n", "no element vertex"},
		{"no vertices", start + "element vertex 0\n" + vertex, "0 vertices"},
		{"no y", start + "element vertex 1\nproperty float x\nproperty float z\nend_header\n1 2\n", "no property y"},
		{"x is a list", start + "element vertex 1\nproperty list uchar float x\nproperty float y\nend_header\n1 1 2\n", "no property x"},
		{"cut off", start + "element vertex 1000000000000\n" + vertex + "1 2 3\n4 5 6\n7 8", "promises 1000000000000"},
		{"a word", start + "element vertex 2\n" + vertex + "1 2 3\n4 five 6\n", `vertex" 2 (counted from 1): line 9: "five"`},
		{"short line", start + "element vertex 2\n" + vertex + "1 2\n4 5 6\n", "line 8 has fewer"},
		{"long line", start + "element vertex 2\n" + vertex + "1 2 3 4\n4 5 6\n", "line 8 has more"},
		{"NaN", start + "element vertex 2\n" + vertex + "1 2 3\n4 nan 6\n", "y of vertex 2 (counted from 1) is NaN"},
		{"out of range", start + "element vertex 1\n" + vertex + "1 2 1e999\n", "out of the range"},
		{"long number", start + "element vertex 1\n" + vertex + strings.Repeat("1", 1000), "digits"},
		{"length of a list", start + "element face 1\nproperty list char int i\nelement vertex 1\n" + vertex + "-3 1 2 3\n", "length -3"},
		{
			"cut off before the points", "ply\nformat binary_big_endian 1.0\nelement a 4000000000000000000\nproperty double b\nelement vertex 1\n" + vertex, "promises 4000000000000000000",
		},
		{
			"list longer than the file", "ply\nformat binary_big_endian 1.0\nelement vertex 1\nproperty list uint double b\n" + vertex + "\xff\xff\xff\xff12345678", "file ends before",
		},
		{"NaN in bytes", "ply\nformat binary_big_endian 1.0\nelement vertex 1\n" + vertex + "\x7f\xc0\x00\x0012345678", "x of vertex 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := ply.Read(strings.NewReader(test.file))
			if !errors.Is(err, ply.ErrFormat) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Read() = %v, want ErrFormat with %q", err, test.want)
			}
		})
	}
}

func TestReadAllocatesWhatArrives(t *testing.T) {
	file := []byte("ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty double x\nproperty double y\nend_header\n" + strings.Repeat("\x00", 1<<12))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := ply.Read(bytes.NewReader(file)); err == nil {
		t.Error("a file cut off was read")
	}
	runtime.ReadMemStats(&after)
	allocated := after.TotalAlloc - before.TotalAlloc
	if allocated > 1<<18 {
		t.Errorf("a file of %d bytes took %d bytes", len(file), allocated)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(mixed(f, "little", binary.LittleEndian)))
	f.Add([]byte(mixed(f, "big", binary.BigEndian)))
	f.Add([]byte("ply\nformat ascii 1.0\nobj_info x\nelement vertex 2\nproperty float x\nproperty float y\nproperty list uchar int n\nend_header\n1 2 1 9\n3 4 0\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ply.Read(bytes.NewReader(b))
		if err != nil {
			return
		}
		if c.Dim != 2 && c.Dim != 3 || len(c.Points) == 0 || len(c.Points)%c.Dim != 0 || c.Normals != nil && len(c.Normals) != len(c.Points) {
			t.Errorf("%d coordinates, %d numbers, %d of normals", c.Dim, len(c.Points), len(c.Normals))
		}
		if len(c.Points) > len(b) {
			t.Errorf("%d bytes gave %d numbers", len(b), len(c.Points))
		}
		for i, v := range append(c.Points, c.Normals...) {
			if v-v != 0 {
				t.Errorf("number %d is %v", i, v)
			}
		}
	})
}
