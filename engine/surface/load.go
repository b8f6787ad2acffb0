package surface

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/ply"
	"filterscope/engine/dataset/xyz"
	"filterscope/engine/linalg"
)

// LoadCloud reads points, and normals if there are any, from .ply, .xyz (also
// .txt, .pts and .asc) or what dataset.Load reads: .csv, .npy, .npz. Columns
// with names are taken by them (x, y, z, nx, ny, nz); without, 2 are x y, 3 are
// x y z, 4 are x y nx ny when the last two have length 1, and 6 or more are
// x y z nx ny nz, unless the three look like colours. Other columns are
// left out. Errors name the file and what is wrong with it; when ctx ends, its
// cause is returned.
func LoadCloud(ctx context.Context, path string) (Cloud, error) {
	c, err := loadCloud(ctx, path)
	if ctx.Err() != nil {
		return Cloud{}, context.Cause(ctx)
	}
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		if plain, ok := errors.AsType[*os.PathError](err); ok {
			err = plain.Err
		}
		return Cloud{}, fmt.Errorf("read %s: %w", path, err)
	}
	c.Source = filepath.Base(path)
	return c, nil
}

func loadCloud(ctx context.Context, path string) (Cloud, error) {
	info, err := os.Stat(path) // opening a pipe would wait for its other end
	if err != nil {
		return Cloud{}, err
	}
	if !info.Mode().IsRegular() {
		return Cloud{}, errors.New("it is not a regular file; want .ply, .xyz, .csv or .npy")
	}
	file, err := os.Open(path)
	if err != nil {
		return Cloud{}, err
	}
	defer file.Close()
	r := reader{ctx, file}
	start := make([]byte, 5)
	n, err := io.ReadFull(r, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Cloud{}, err
	}
	whole := io.MultiReader(bytes.NewReader(start[:n]), r)
	extension := strings.ToLower(filepath.Ext(path))
	switch {
	case extension == ".ply" || string(start) == "ply\nf" || string(start) == "ply\r\n":
		p, err := ply.Read(whole)
		if err != nil {
			return Cloud{}, err
		}
		c := Cloud{Points: linalg.MatrixOf(len(p.Points)/p.Dim, p.Dim, p.Points)}
		if p.Normals != nil {
			c.Normals = linalg.MatrixOf(len(p.Normals)/p.Dim, p.Dim, p.Normals)
		}
		return c, nil
	case slices.Contains([]string{".xyz", ".txt", ".pts", ".asc"}, extension):
		p, err := xyz.Read(whole)
		if err != nil {
			return Cloud{}, err
		}
		return fromTable(linalg.MatrixOf(p.Rows, p.Cols, p.Data), p.Columns)
	}
	d, _, err := dataset.Load(ctx, dataset.LoadOptions{Path: path})
	if err != nil {
		if inner := errors.Unwrap(err); inner != nil {
			err = inner // it names the path, as LoadCloud does
		}
		return Cloud{}, err
	}
	if d.Geometry.IsImage() || d.D > maxColumns {
		return Cloud{}, fmt.Errorf("it has %d numbers a row; want 2 (x y), 3 (x y z), or these with normals", d.D)
	}
	table := linalg.NewMatrix[float64](d.N, d.D)
	d.Read(table.Data, 0)
	return fromTable(table, d.Columns)
}

// maxColumns bounds the columns of a table of points.
const maxColumns = 64

// fromTable takes points and normals out of a table.
func fromTable(t linalg.Matrix[float64], names []string) (Cloud, error) {
	columns := func(want ...string) []int {
		var found []int
		for _, w := range want {
			i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), w) })
			if i < 0 {
				return nil
			}
			found = append(found, i)
		}
		return found
	}
	points, normals := columns("x", "y", "z"), columns("nx", "ny", "nz")
	if points == nil {
		points, normals = columns("x", "y"), columns("nx", "ny")
	}
	switch {
	case points != nil:
	case t.Cols < 2:
		return Cloud{}, fmt.Errorf("it has %d number a line; want 2 (x y) or 3 (x y z)", t.Cols)
	case t.Cols == 2:
		points = []int{0, 1}
	case t.Cols == 4 && areNormals(pickColumns(t, []int{2, 3})):
		points, normals = []int{0, 1}, []int{2, 3}
	default:
		points = []int{0, 1, 2}
		if t.Cols >= 6 && !areColours(pickColumns(t, []int{3, 4, 5})) {
			normals = []int{3, 4, 5}
		}
	}
	c := Cloud{Points: pickColumns(t, points)}
	if normals != nil {
		c.Normals = pickColumns(t, normals)
	}
	return c, nil
}

// pickColumns returns a new matrix of the columns named.
func pickColumns(m linalg.Matrix[float64], columns []int) linalg.Matrix[float64] {
	out := linalg.NewMatrix[float64](m.Rows, len(columns))
	for i := range m.Rows {
		for j, c := range columns {
			out.Set(i, j, m.At(i, c))
		}
	}
	return out
}

// areNormals reports whether every row has length 1, to the precision of a few
// digits.
func areNormals(m linalg.Matrix[float64]) bool {
	for i := range m.Rows {
		if math.Abs(norm(m.Row(i))-1) > 0.01 {
			return false
		}
	}
	return true
}

// areColours reports whether rows that are not normals may be colours: whole
// numbers from 0 to 255, or numbers from 0 to 1.
func areColours(m linalg.Matrix[float64]) bool {
	if areNormals(m) {
		return false
	}
	whole, unit := true, true
	for i := range m.Rows {
		for _, v := range m.Row(i) {
			whole = whole && v >= 0 && v <= 255 && v == math.Trunc(v)
			unit = unit && v >= 0 && v <= 1
		}
	}
	return whole || unit
}

// reader ends when its context does.
type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.Reader.Read(b)
}
