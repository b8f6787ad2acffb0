package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// The files that writeData makes in its folder.
const (
	mnistFile   = "mnist.f32"         // the first 10,000 training images of MNIST, 0 to 1
	largeFile   = "mnist-large.f32"   // the first -count ones
	patchesFile = "patches.f32"       // 10,000 8×8 patches of dead leaves, whitened and normalised
	mnistStart  = "start-784-196.f64" // initial parameters
	patchStart  = "start-64-25.f64"
)

// mnistRecipe is the UFLDL vectorisation exercise on the files in folder.
func mnistRecipe(folder string) (recipe.Recipe, error) {
	r, err := recipe.Open("ufldl-mnist")
	r.Data.Path = folder
	return r, err
}

// patchesRecipe is the UFLDL sparse autoencoder exercise, on patches that the
// program draws itself.
func patchesRecipe() (recipe.Recipe, error) {
	r, err := recipe.Open("ufldl-patches")
	r.Data = recipe.Data{Source: recipe.SourceDeadLeaves, Count: 10000, PatchSize: 8, Whiten: true}
	return r, err
}

// writeData writes the examples and initial parameters that all programs
// read: the very numbers this program trains on.
func writeData(ctx context.Context, s settings) (report, error) {
	mnist, err := mnistRecipe(s.mnist)
	if err != nil {
		return nil, err
	}
	patches, err := patchesRecipe()
	if err != nil {
		return nil, err
	}
	large := mnist
	large.Data.Count = s.count
	nonzero := 0.0
	for _, job := range []struct {
		r           recipe.Recipe
		data, start string
	}{{mnist, mnistFile, mnistStart}, {patches, patchesFile, patchStart}, {large, largeFile, ""}} {
		p, err := train.Prepare(ctx, job.r, nil)
		if err != nil {
			return nil, err
		}
		all := make([]int, p.Data.N)
		for i := range all {
			all[i] = i
		}
		x := p.Examples(all)
		if err := write(filepath.Join(s.out, job.data), x.Data); err != nil {
			return nil, err
		}
		if job.data == mnistFile {
			for _, v := range x.Data {
				if v != 0 {
					nonzero++
				}
			}
			nonzero /= float64(len(x.Data))
		}
		if job.start == "" {
			continue
		}
		if err := write(filepath.Join(s.out, job.start), p.InitialParameters()); err != nil {
			return nil, err
		}
	}
	return report{"nonzero": nonzero}, nil
}

// write writes numbers one after the other, little-endian.
func write[T linalg.Float](path string, values []T) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := binary.Write(w, binary.LittleEndian, values); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return w.Flush()
}

// readExamples reads n rows of float32, converted to T.
func readExamples[T linalg.Float](path string, n, visible int) (linalg.Matrix[T], error) {
	x := linalg.NewMatrix[T](n, visible)
	err := read(path, 4, len(x.Data), func(i int, b []byte) {
		x.Data[i] = T(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	})
	return x, err
}

// readProblem reads the examples and the initial parameters.
func readProblem[T linalg.Float](s settings, parameters int) (x linalg.Matrix[T], theta []float64, err error) {
	if x, err = readExamples[T](s.data, s.examples, s.visible); err == nil {
		theta, err = readStart(s.start, parameters)
	}
	return x, theta, err
}

// readStart reads the initial parameters.
func readStart(path string, n int) ([]float64, error) {
	theta := make([]float64, n)
	err := read(path, 8, n, func(i int, b []byte) {
		theta[i] = math.Float64frombits(binary.LittleEndian.Uint64(b))
	})
	return theta, err
}

// read hands each of the first n values of size bytes to set, in small pieces
// so that the file is never in memory as a whole.
func read(path string, size, n int, set func(i int, b []byte)) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buffer := make([]byte, 1<<16)
	for i := 0; i < n; {
		piece := buffer[:min(len(buffer), (n-i)*size)]
		if _, err := io.ReadFull(f, piece); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		for ; len(piece) > 0; piece = piece[size:] {
			set(i, piece)
			i++
		}
	}
	return nil
}
