package mat5

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// headerBytes is the length of the header of a file: 116 bytes of text, 8 of
// an offset that is of no use here, 2 of the version, 2 of the byte order.
const headerBytes = 128

// hdf5 starts every HDF5 file.
const hdf5 = "\x89HDF\r\n\x1a\n"

// readHeader returns the byte order of a file of version 5.
func readHeader(r io.Reader) (binary.ByteOrder, error) {
	b := make([]byte, headerBytes)
	n, err := io.ReadFull(r, b)
	if n >= len(hdf5) && string(b[:len(hdf5)]) == hdf5 {
		return nil, version("7.3 (HDF5)")
	}
	// A file of version 4 starts with a number below 5000 as four bytes, one of
	// 5 with text.
	if n >= 20 && bytes.IndexByte(b[:4], 0) >= 0 && isVersion4(b) {
		return nil, version("4")
	}
	if err != nil {
		return nil, short(err, "byte %d: the file ends inside its header of %d bytes", n, headerBytes)
	}
	if bytes.HasPrefix(b, []byte("MATLAB 7.3")) {
		return nil, version("7.3 (HDF5)")
	}
	var order binary.ByteOrder
	switch string(b[126:]) {
	case "IM":
		order = binary.LittleEndian
	case "MI":
		order = binary.BigEndian
	default:
		return nil, fmt.Errorf("%w: byte 126: the header ends with % x, that of a MAT-file with the letters MI or IM", ErrFormat, b[126:])
	}
	switch v := order.Uint16(b[124:]); v {
	case 0x0100:
		return order, nil
	case 0x0200:
		return nil, version("7.3 (HDF5)")
	default:
		return nil, fmt.Errorf("%w: byte 124: the header states version 0x%04x; 0x0100 can be read", ErrFormat, v)
	}
}

func version(which string) error {
	return fmt.Errorf("%w: it is of version %s, and version 5 can be read; in MATLAB or Octave load it and save it again with save(file, 'name', '-v7')",
		ErrVersion, which)
}

// isVersion4 reports whether the 20 bytes of a header of version 4 make
// sense: type MOPT (M the machine, O zero, P the precision, T the kind), rows,
// columns, an imaginary flag, the length of the name.
func isVersion4(b []byte) bool {
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		mopt := order.Uint32(b)
		name := order.Uint32(b[16:])
		if mopt < 5000 && mopt/100%10 == 0 && mopt/10%10 <= 5 && mopt%10 <= 2 && order.Uint32(b[12:]) <= 1 && name >= 1 && name <= 256 {
			return true
		}
	}
	return false
}

// counter counts the bytes that came.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// skip passes n bytes, by seeking where that is possible.
func (c *counter) skip(n int64) error {
	const worth = 1 << 16
	if s, ok := c.r.(io.Seeker); ok && n > worth {
		// All but the last byte, which is read to see that it is there.
		if _, err := s.Seek(n-1, io.SeekCurrent); err == nil {
			c.n += n - 1
			n = 1
		}
	}
	_, err := io.CopyN(io.Discard, c, n)
	return err
}
