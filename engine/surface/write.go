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
// ny, nz as 32-bit floats, per face a list of three 32-bit indices. Package ply
// reads its points back.
func (m *Mesh) WritePLY(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "ply\nformat binary_little_endian 1.0\ncomment made by Filterscope\nelement vertex %d\n", len(m.Vertices))
	for _, name := range []string{"x", "y", "z", "nx", "ny", "nz"} {
		fmt.Fprintf(b, "property float %s\n", name)
	}
	fmt.Fprintf(b, "element face %d\nproperty list uchar int vertex_indices\nend_header\n", len(m.Triangles))
	var row []byte
	for i, v := range m.Vertices {
		row = row[:0]
		for _, p := range [2][3]float64{v, m.Normals[i]} {
			for _, x := range p {
				row = binary.LittleEndian.AppendUint32(row, math.Float32bits(float32(x)))
			}
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

// WriteOBJ writes the mesh as Wavefront OBJ: a line v for each vertex, vn for
// each normal, with nine digits, and f for each triangle, with indices from 1.
func (m *Mesh) WriteOBJ(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("# made by Filterscope\n")
	var line []byte
	vectors := func(key string, all [][3]float64) {
		for _, v := range all {
			line = append(line[:0], key...)
			for _, x := range v {
				line = strconv.AppendFloat(append(line, ' '), x, 'g', 9, 64)
			}
			b.Write(append(line, '\n'))
		}
	}
	vectors("v", m.Vertices)
	vectors("vn", m.Normals)
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
