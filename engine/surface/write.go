package surface

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
)

// WritePLY writes the mesh as PLY, binary_little_endian: per vertex x, y, z, nx,
// ny, nz, per face a list of three 32-bit indices. Coordinates are 64-bit floats,
// since scans may lie far from the origin, normals 32-bit ones. Package ply reads
// its points back.
func (m *Mesh) WritePLY(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "ply\nformat binary_little_endian 1.0\ncomment made by Filterscope\nelement vertex %d\n", len(m.Vertices))
	for _, p := range []string{"double x", "double y", "double z", "float nx", "float ny", "float nz"} {
		fmt.Fprintf(b, "property %s\n", p)
	}
	fmt.Fprintf(b, "element face %d\nproperty list uchar int vertex_indices\nend_header\n", len(m.Triangles))
	var row []byte
	for i, v := range m.Vertices {
		row = row[:0]
		for _, x := range v {
			row = binary.LittleEndian.AppendUint64(row, math.Float64bits(x))
		}
		for _, x := range m.Normals[i] {
			row = binary.LittleEndian.AppendUint32(row, math.Float32bits(float32(x)))
		}
		b.Write(row)
	}
	for _, t := range m.Triangles {
		row = append(row[:0], 3)
		for _, i := range t {
			row = binary.LittleEndian.AppendUint32(row, uint32(i))
		}
		b.Write(row)
	}
	return b.Flush() // says what went wrong before
}

// WriteOBJ writes the mesh as Wavefront OBJ: a line v for each vertex, with all
// its digits, vn for each normal, with seven, and f for each triangle, with
// indices from 1.
func (m *Mesh) WriteOBJ(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("# made by Filterscope\n")
	var line []byte
	vectors := func(key string, all [][3]float64, digits int) {
		for _, v := range all {
			line = append(line[:0], key...)
			for _, x := range v {
				line = strconv.AppendFloat(append(line, ' '), x, 'g', digits, 64)
			}
			b.Write(append(line, '\n'))
		}
	}
	vectors("v", m.Vertices, -1)
	vectors("vn", m.Normals, 7)
	for _, t := range m.Triangles {
		line = append(line[:0], 'f')
		for _, i := range t {
			line = strconv.AppendInt(append(line, ' '), int64(i)+1, 10)
			line = strconv.AppendInt(append(line, "//"...), int64(i)+1, 10)
		}
		b.Write(append(line, '\n'))
	}
	return b.Flush() // says what went wrong before
}
