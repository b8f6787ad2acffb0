package modelio

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strconv"
	"strings"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/npy"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
)

// formatVersion is the version of the layout that this package writes; it
// reads no later one.
const formatVersion = 1

// Keys of the metadata that belong to the layout.
const (
	keyVersion   = "filterscope"
	keyRecipe    = "recipe"
	keyPrecision = "precision"
	keyGeometry  = "geometry"
)

// preprocessPrefix begins the names of the preprocessing's tensors.
const preprocessPrefix = "preprocess."

// Model is a network as it is stored.
type Model struct {
	Recipe    []byte // TOML; empty in files of other programs
	Precision string // "float32" or "float64": how the parameters are stored
	// Layout names the tensors in Theta, the parameter vector.
	Layout nn.Layout
	Theta  []float64
	// Preprocess holds the fitted numbers, preprocess.K.<name>, in float64.
	Preprocess []preprocess.Param
	Geometry   dataset.Geometry // of one example; zero when it is no image
	// Metadata holds what else is worth knowing: iterations, objective, …
	Metadata map[string]string
}

// check returns an error when the parts of m do not fit together.
func (m *Model) check() error {
	if m.Precision != "float32" && m.Precision != "float64" {
		return fmt.Errorf("precision %q: want float32 or float64", m.Precision)
	}
	at := 0
	for _, t := range m.Layout {
		if t.Offset != at {
			return fmt.Errorf("tensor %s begins at %d, the one before ends at %d", t.Name, t.Offset, at)
		}
		if strings.HasPrefix(t.Name, preprocessPrefix) {
			return fmt.Errorf("tensor %s has a name of the preprocessing", t.Name)
		}
		at += t.Len()
	}
	if at != len(m.Theta) {
		return fmt.Errorf("%d parameters for tensors of %d", len(m.Theta), at)
	}
	for _, p := range m.Preprocess {
		if !strings.HasPrefix(p.Name, preprocessPrefix) {
			return fmt.Errorf("preprocessing tensor %s: its name must begin with %s", p.Name, preprocessPrefix)
		}
	}
	for _, key := range []string{keyVersion, keyRecipe, keyPrecision, keyGeometry} {
		if _, ok := m.Metadata[key]; ok {
			return fmt.Errorf("metadata key %q is reserved", key)
		}
	}
	return nil
}

// tensors returns all tensors with the type they are stored in.
func (m *Model) tensors() []stored {
	dtype := typeF64
	if m.Precision == "float32" {
		dtype = typeF32
	}
	var all []stored
	for _, t := range m.Layout {
		all = append(all, stored{t.Name, dtype, t.Shape, m.Theta[t.Offset : t.Offset+t.Len()]})
	}
	for _, p := range m.Preprocess {
		all = append(all, stored{p.Name, typeF64, p.Shape, p.Values})
	}
	return all
}

// fromTensors sorts tensors into parameters and preprocessing.
func fromTensors(all []stored) *Model {
	m := &Model{Precision: "float32", Metadata: map[string]string{}}
	for _, t := range all {
		if strings.HasPrefix(t.name, preprocessPrefix) {
			m.Preprocess = append(m.Preprocess, preprocess.Param{Name: t.name, Shape: t.shape, Values: t.values})
			continue
		}
		if t.dtype == typeF64 {
			m.Precision = "float64"
		}
		m.Layout = append(m.Layout, nn.Tensor{Name: t.name, Shape: t.shape, Offset: len(m.Theta)})
		m.Theta = append(m.Theta, t.values...)
	}
	return m
}

// Write writes m as a safetensors file; Save writes one to disk.
func Write(w io.Writer, m *Model) error {
	if err := m.check(); err != nil {
		return err
	}
	metadata := map[string]string{
		keyVersion:   strconv.Itoa(formatVersion),
		keyRecipe:    string(m.Recipe),
		keyPrecision: m.Precision,
	}
	if g := m.Geometry; g != (dataset.Geometry{}) {
		metadata[keyGeometry] = fmt.Sprintf("%dx%dx%d", g.Width, g.Height, g.Channels)
	}
	maps.Copy(metadata, m.Metadata)
	return writeSafetensors(w, m.tensors(), metadata)
}

// Read reads a safetensors file of size bytes, of this or another program.
// Faults wrap ErrFormat or ErrSize.
func Read(r io.ReaderAt, size int64) (*Model, error) {
	tensors, metadata, err := readSafetensors(r, size)
	if err != nil {
		return nil, err
	}
	m := fromTensors(tensors)
	version, ours := metadata[keyVersion]
	for key, value := range metadata {
		switch {
		case !ours:
			m.Metadata[key] = value
		case key == keyVersion:
			if v, err := strconv.Atoi(version); err != nil || v < 1 || v > formatVersion {
				return nil, fmt.Errorf("%w: layout version %q: this program reads 1 to %d; use a newer one", ErrFormat, version, formatVersion)
			}
		case key == keyRecipe:
			m.Recipe = []byte(value)
		case key == keyPrecision:
			if value != "float32" && value != "float64" {
				return nil, fmt.Errorf("%w: precision %q: want float32 or float64", ErrFormat, value)
			}
			m.Precision = value
		case key == keyGeometry:
			if m.Geometry, err = parseGeometry(value); err != nil {
				return nil, err
			}
		default:
			m.Metadata[key] = value
		}
	}
	return m, nil
}

func parseGeometry(text string) (dataset.Geometry, error) {
	var g dataset.Geometry
	parts := strings.Split(text, "x")
	if len(parts) == 3 {
		var err [3]error
		g.Width, err[0] = strconv.Atoi(parts[0])
		g.Height, err[1] = strconv.Atoi(parts[1])
		g.Channels, err[2] = strconv.Atoi(parts[2])
		const limit = 1 << 20 // so that their product does not overflow
		if errors.Join(err[:]...) == nil && g.IsImage() && max(g.Width, g.Height, g.Channels) <= limit {
			return g, nil
		}
	}
	return dataset.Geometry{}, fmt.Errorf("%w: geometry %q: want such as 28x28x1", ErrFormat, text)
}

// Save writes m to a safetensors file; see WriteFile. Parameters of a float32
// model are rounded to float32.
func Save(path string, m *Model) error {
	return WriteFile(path, func(w io.Writer) error { return Write(w, m) })
}

// Load reads a safetensors file. The parameters come in the order in which
// they were saved, and bit for bit.
func Load(path string) (*Model, error) { return load(path, Read) }

func load(path string, read func(io.ReaderAt, int64) (*Model, error)) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read %s: it is a folder, not a model file", path)
	}
	m, err := read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return m, nil
}

// WriteNPZ writes the tensors of m, for NumPy; SaveNPZ writes them to disk.
func WriteNPZ(w io.Writer, m *Model) error {
	if err := m.check(); err != nil {
		return err
	}
	var arrays []npy.Named
	for _, t := range m.tensors() {
		a := npy.New(t.values, t.shape...)
		if t.dtype == typeF32 {
			a.DType = "<f4"
		}
		arrays = append(arrays, npy.Named{Name: t.name, Array: a})
	}
	return npy.WriteZip(w, arrays)
}

// ReadNPZ reads an .npz file of size bytes: the tensors alone, without recipe
// and geometry.
func ReadNPZ(r io.ReaderAt, size int64) (*Model, error) {
	arrays, err := npy.ReadZip(r, size)
	if err != nil {
		return nil, err
	}
	var all []stored
	for _, a := range arrays {
		dtype := typeF64
		if strings.HasSuffix(a.Array.DType, "f4") || strings.HasSuffix(a.Array.DType, "f2") {
			dtype = typeF32
		}
		all = append(all, stored{a.Name, dtype, a.Array.Shape, a.Array.Float64s()})
	}
	return fromTensors(all), nil
}

// SaveNPZ writes the tensors of m to an .npz file; see WriteFile.
func SaveNPZ(path string, m *Model) error {
	return WriteFile(path, func(w io.Writer) error { return WriteNPZ(w, m) })
}

// LoadNPZ reads an .npz file; see ReadNPZ.
func LoadNPZ(path string) (*Model, error) { return load(path, ReadNPZ) }
