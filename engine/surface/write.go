package surface

import (
	"errors"
	"io"
)

// WritePLY writes the mesh as a binary PLY file with normals.
func (m *Mesh) WritePLY(w io.Writer) error { return errors.New("writing is being written") }

// WriteOBJ writes the mesh as Wavefront OBJ: v, vn and f lines.
func (m *Mesh) WriteOBJ(w io.Writer) error { return errors.New("writing is being written") }
