package train

import (
	"bytes"
	"fmt"
	"os"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/digits"
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
	width := widthOf(r)
	for _, t := range s.Layout() {
		n := 1.0
		for _, d := range t.Shape {
			n *= float64(d)
		}
		parameters += n
	}
	const outside = 8 + 8 + 8 + 4 // the start, the result, a copy to measure, a snapshot
	if !r.Optimizer.Minibatch() {
		pairs := 0
		if r.Optimizer.Method == recipe.MethodLBFGS {
			pairs = r.Optimizer.Memory
		}
		return parameters, parameters * (outside + 6*8 + 2*width + 2*float64(pairs)*width)
	}
	return parameters, parameters * (outside + 7*width) // values, gradients, two of the method, and the state to go back to
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

// widthOf returns the bytes of a number that r trains with.
func widthOf(r recipe.Recipe) float64 {
	if r.Precision == "float32" {
		return 4
	}
	return 8
}

const gibibyte = 1 << 30

// affordExamples returns an error when examples of so many features, bytes each,
// would take more than half of the computer's memory.
func affordExamples(examples, features int, bytes float64) error {
	need := float64(examples) * float64(features) * bytes
	if have := computerMemory() / 2; need > have {
		return fmt.Errorf("%d examples of %d features take about %.1f GiB of memory: want at most %.1f GiB, so a smaller data.count",
			examples, features, need/gibibyte, have/gibibyte)
	}
	return nil
}

// affordDrawn returns an error when the data that r has the program draw would
// not fit in memory, as they are drawn and as the network sees them.
func affordDrawn(r recipe.Recipe) error {
	n, side := orDefault(r.Data.Count, defaultDrawn), orDefault(r.Data.PatchSize, defaultPatch)
	switch r.Data.Source {
	case recipe.SourceDigits:
		return affordExamples(n, digits.Size*digits.Size, 1+widthOf(r))
	case recipe.SourceDeadLeaves:
		return affordExamples(n, side*side, 4+widthOf(r))
	case recipe.SourceUniform, recipe.SourceNormal:
		return affordExamples(n, r.Data.Features, 8+widthOf(r))
	}
	return nil
}

// TooLargeError says that a network is too large to be trained on this computer.
type TooLargeError struct {
	Parameters       float64
	Bytes, MostBytes float64 // of memory: what training takes, and what there is for it
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("a network of these sizes has %s parameters and takes about %.1f GiB of memory to train: want at most %s parameters in %.1f GiB, so smaller layers",
		large(e.Parameters), e.Bytes/gibibyte, large(maxParameters), e.MostBytes/gibibyte)
}

// large writes a number that nobody reads digit by digit.
func large(n float64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.4g billion", n/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.4g million", n/1e6)
	}
	return fmt.Sprintf("%.0f", n)
}

// afford returns an error when the examples as the network sees them, or the
// network, would take more than half of the computer's memory, before any is
// taken for it.
func (p *Problem) afford() error {
	rows := p.Data.N
	for _, d := range []*dataset.Dataset{p.Held, p.Unlabelled} {
		if d != nil {
			rows += d.N
		}
	}
	if err := affordExamples(rows, p.Visible(), widthOf(p.Recipe)); err != nil {
		return err
	}
	s, err := network.Of(p.Recipe, p.input())
	if err != nil {
		return err
	}
	n, need := sizeOf(p.Recipe, s)
	if have := computerMemory() / 2; n > maxParameters || need > have {
		return &TooLargeError{Parameters: n, Bytes: need, MostBytes: have}
	}
	return nil
}
