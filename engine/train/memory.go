package train

import (
	"bytes"
	"fmt"
	"os"

	"filterscope/engine/network"
	"filterscope/engine/recipe"
)

// maxParameters is the size of a network beyond which none is trained here,
// however large the computer: that of a deep autoencoder, too.
const maxParameters = 1 << 27

// sizeOf returns the number of parameters of s, and about how many bytes they
// and what is kept of them take while r trains it. The numbers may be larger
// than a whole number can be.
func sizeOf(r recipe.Recipe, s network.Spec) (parameters, memory float64) {
	width := 8.0
	for _, t := range s.Layout() {
		n := 1.0
		for _, d := range t.Shape {
			n *= float64(d)
		}
		parameters += n
	}
	if r.Precision == "float32" {
		width = 4
	}
	const outside = 8 + 8 + 8 + 4 // the start, the result, a copy to measure, a snapshot
	if !r.Optimizer.Minibatch() {
		pairs := 0
		if r.Optimizer.Method == recipe.MethodLBFGS {
			pairs = r.Optimizer.Memory
		}
		return parameters, parameters * (outside + 6*8 + 2*width + 2*float64(pairs)*width)
	}
	return parameters, parameters * (outside + 5*width) // values, gradients, those before, two of the method
}

// fallbackMemory is what a computer is taken to have that does not tell.
const fallbackMemory = 16 << 30

// computerMemory returns the memory of the computer in bytes.
func computerMemory() float64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return fallbackMemory
	}
	for line := range bytes.Lines(text) {
		var kib float64
		if n, _ := fmt.Sscanf(string(line), "MemTotal: %g kB", &kib); n == 1 && kib > 0 {
			return kib * 1024
		}
	}
	return fallbackMemory
}

// afford returns an error when the network would take more than half of the
// computer's memory, before any is taken for it.
func (p *Problem) afford() error {
	s, err := network.Of(p.Recipe, p.Visible(), p.classes)
	if err != nil {
		return err
	}
	const gibibyte = 1 << 30
	n, need := sizeOf(p.Recipe, s)
	if have := computerMemory() / 2; n > maxParameters || need > have {
		return fmt.Errorf("a network of these sizes has %.0f parameters and takes about %.1f GiB of memory to train: want at most %d parameters in %.1f GiB, so smaller layers",
			n, need/gibibyte, maxParameters, have/gibibyte)
	}
	return nil
}
