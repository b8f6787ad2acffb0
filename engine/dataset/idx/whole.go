package idx

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"

	"filterscope/engine/dataset/internal/inflate"
)

const (
	// maxWhole is the largest file read as a whole and decompressed in one go,
	// and maxInflated the largest payload: about a second's work.
	maxWhole    = 64 << 20
	maxInflated = 256 << 20
)

// whole reads a file that should have size bytes; one that has grown is read
// on.
func whole(r io.Reader, size int64) ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}

// readWhole reads a gzip file of bytes as fast as it can; ok is false when it
// is anything else, or when anything is wrong with it.
func readWhole(file []byte, opt Options) (a *Array, ok bool) {
	deflated, ok := gzipBody(file)
	if !ok {
		return nil, false
	}
	limit := opt.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	h, err := ReadHeader(bytes.NewReader(file))
	if err != nil || h.Type != Uint8 || h.check(int64(len(file))) != nil || int64(h.Elements()) > min(limit, maxInflated) {
		return nil, false
	}
	out := make([]byte, h.Bytes()+h.Elements())
	used, ok := inflate.Into(out, deflated)
	if !ok || len(deflated)-used != 8 {
		return nil, false
	}
	// The trailer is the checksum and the length (RFC 1952, section 2.3.1).
	end := deflated[used:]
	if binary.LittleEndian.Uint32(end) != crc32.ChecksumIEEE(out) || binary.LittleEndian.Uint32(end[4:]) != uint32(len(out)) {
		return nil, false
	}
	a = &Array{Header: h.first(opt.Rows)}
	switch keep := a.Elements(); keep {
	case 0: // no store at all
	case h.Elements():
		a.Bytes = out[h.Bytes():]
	default:
		a.Bytes = bytes.Clone(out[h.Bytes() : h.Bytes()+keep]) // lets the rest go
	}
	return a, true
}

// gzipBody returns what follows the header of a gzip file: the deflate stream
// and the trailer.
func gzipBody(b []byte) ([]byte, bool) {
	const (
		fixed                           = 10
		headerCRC, extra, name, comment = 2, 4, 8, 16
	)
	if len(b) < fixed || b[0] != 0x1f || b[1] != 0x8b || b[2] != 8 {
		return nil, false
	}
	flags := b[3]
	b = b[fixed:]
	if flags&extra != 0 {
		if len(b) < 2 || len(b) < 2+int(binary.LittleEndian.Uint16(b)) {
			return nil, false
		}
		b = b[2+int(binary.LittleEndian.Uint16(b)):]
	}
	for _, text := range []byte{name, comment} {
		if flags&text != 0 {
			end := bytes.IndexByte(b, 0)
			if end < 0 {
				return nil, false
			}
			b = b[end+1:]
		}
	}
	if flags&headerCRC != 0 {
		return nil, false // rare: the long way checks it
	}
	return b, true
}
