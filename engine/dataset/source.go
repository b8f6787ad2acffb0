package dataset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"filterscope/engine/dataset/idx"
	"filterscope/engine/dataset/picture"
)

// kind is what a file holds.
type kind int

const (
	kindUnknown kind = iota
	kindIDX
	kindNPY
	kindNPZ
	kindImage
	kindTable
	kindMAT
)

// source is an open file whose reads end when the context does, and which
// tells how far the reading is.
type source struct {
	*os.File
	ctx     context.Context
	options *LoadOptions
	name    string
	size    int64
	at      int64
	told    int64
}

// openSource opens a regular file.
func openSource(ctx context.Context, path string, o *LoadOptions) (*source, error) {
	// Opening a pipe would wait for its other end, so look first.
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, plainPath(err)
	}
	return &source{File: f, ctx: ctx, options: o, name: filepath.Base(path), size: info.Size()}, nil
}

// plainPath drops operation and path from an error of package os; the caller
// names the path.
func plainPath(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

// Read reads on. Progress is told every megabyte, in bytes of the file.
func (s *source) Read(b []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	n, err := s.File.Read(b)
	s.at += int64(n)
	if s.options != nil && (s.at-s.told >= 1<<20) {
		s.told = s.at
		s.options.progress(int(min(s.at, s.size)), int(s.size), s.name)
	}
	return n, err
}

// Seek moves on; the progress starts again there.
func (s *source) Seek(offset int64, whence int) (int64, error) {
	at, err := s.File.Seek(offset, whence)
	s.at, s.told = at, at
	return at, err
}

// ReadAt reads for the zip reader.
func (s *source) ReadAt(b []byte, at int64) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.File.ReadAt(b, at)
}

// WriteTo hides the short way of os.File, which would pass by Read.
func (s *source) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{s})
}

// unzipped returns the content, decompressed when the file is gzip.
func (s *source) unzipped() (io.Reader, error) {
	b := bufio.NewReaderSize(s, 1<<16)
	if start, _ := b.Peek(2); !bytes.Equal(start, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("the gzip data is damaged or cut off: %w", err)
	}
	return z, nil
}

// sniff tells the kind of the file by its first bytes, then by its name, and
// rewinds. An empty file is of the kind its name says.
func (s *source) sniff() (kind, error) {
	r, err := s.unzipped()
	var start []byte
	if err == nil {
		// A line of a table, but no more than a look costs.
		start, err = io.ReadAll(io.LimitReader(r, 4096))
	}
	if s.ctx.Err() != nil {
		return kindUnknown, context.Cause(s.ctx)
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return kindUnknown, err
	}
	named := kindOfName(s.name)
	if err != nil && len(start) == 0 {
		return named, nil // the parser will say what is wrong
	}
	if found := kindOfContent(start); found != kindUnknown && (found != kindTable || named == kindUnknown) {
		return found, nil
	}
	return named, nil
}

func kindOfContent(start []byte) kind {
	switch {
	case bytes.HasPrefix(start, []byte("\x93NUMPY")):
		return kindNPY
	case bytes.HasPrefix(start, []byte("PK\x03\x04")), bytes.HasPrefix(start, []byte("PK\x05\x06")):
		return kindNPZ
	case bytes.HasPrefix(start, []byte("MATLAB ")), bytes.HasPrefix(start, []byte("\x89HDF\r\n")):
		return kindMAT
	case len(start) >= 4 && binary.BigEndian.Uint16(start) == 0 && idx.Type(start[2]).Size() > 0 && start[3] < 8:
		return kindIDX
	case picture.Sniff(start) != "":
		return kindImage
	case looksLikeTable(start):
		return kindTable
	}
	return kindUnknown
}

// looksLikeTable reports whether the text has a digit and no control bytes.
func looksLikeTable(start []byte) bool {
	text := start
	for range utf8.UTFMax { // the last letter may be cut in two
		if len(text) == 0 || utf8.Valid(text) {
			break
		}
		text = text[:len(text)-1]
	}
	for _, b := range text {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' {
			return false
		}
	}
	return utf8.Valid(text) && bytes.ContainsAny(text, "0123456789")
}

func kindOfName(name string) kind {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	switch filepath.Ext(name) {
	case ".npy":
		return kindNPY
	case ".npz":
		return kindNPZ
	case ".mat":
		return kindMAT
	case ".csv", ".tsv":
		return kindTable
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pgm", ".ppm":
		return kindImage
	case ".idx":
		return kindIDX
	}
	for _, part := range []string{"idx1", "idx2", "idx3", "-ubyte", ".ubyte"} {
		if strings.Contains(name, part) {
			return kindIDX
		}
	}
	return kindUnknown
}
