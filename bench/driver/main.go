// Command driver is this program's side of bench/compare: it does one task on
// the engine, without the window, and prints one line of JSON. It runs as a
// process of its own, as the peers do, so that memory can be compared too.
//
// The tasks are data, points and photos (write the files that all programs
// read), eval (cost and gradient), lbfgs and epoch (whole training runs through
// engine/train), pcd, vae and deep (epochs of three of
// the family), growth (cost against size), parts (the optimiser and the passes
// on their own), interpolate and field (radial basis functions), idx, png, jpeg
// and zca (loading and whitening).
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"filterscope/engine/autoencoder"
	"filterscope/engine/dataset"
	"filterscope/engine/linalg"
	"filterscope/engine/nn"
)

// settings are the flags. The peers take those that begin with the same words.
type settings struct {
	task       string
	out        string // data: folder to write to
	mnist      string // folder of the MNIST files
	count      int    // data: examples of the large file
	data       string // raw little-endian float32, one example after the other
	start      string // raw little-endian float64: the initial parameters
	visible    int
	hidden     int
	examples   int
	lambda     float64
	beta       float64
	rho        float64
	precision  string
	hold       bool // let the objective skip zeros
	reps       int
	iterations int
	batch      int
	rate       float64
	threads    int
	kernel     string // of the radial basis functions
	epsilon    float64
	neighbours int
	side       int
}

func main() {
	var s settings
	flag.StringVar(&s.task, "task", "eval", "data, points, photos, eval, lbfgs, epoch, growth, parts, interpolate, field, idx, png, jpeg, zca, pcd, vae or deep")
	flag.StringVar(&s.out, "out", "", "data, points, photos: write into this folder")
	flag.StringVar(&s.mnist, "mnist", "", "folder of the MNIST files")
	flag.IntVar(&s.count, "count", 10000, "data: examples of the large file")
	flag.StringVar(&s.data, "data", "", "examples, raw float32; points, raw float64; patches, bytes; or a folder of images")
	flag.StringVar(&s.start, "start", "", "initial parameters, raw float64")
	flag.IntVar(&s.visible, "visible", 784, "visible units")
	flag.IntVar(&s.hidden, "hidden", 196, "hidden units")
	flag.IntVar(&s.examples, "examples", 10000, "examples to use")
	flag.Float64Var(&s.lambda, "lambda", 3e-3, "weight decay")
	flag.Float64Var(&s.beta, "beta", 3, "weight of the sparsity term")
	flag.Float64Var(&s.rho, "rho", 0.1, "wanted mean activation")
	flag.StringVar(&s.precision, "precision", "float32", "float32 or float64")
	flag.BoolVar(&s.hold, "hold", true, "eval, growth: skip the zeros of the data, if it has enough")
	flag.IntVar(&s.reps, "reps", 5, "measurements")
	flag.IntVar(&s.iterations, "iterations", 400, "lbfgs: iterations; epoch: epochs")
	flag.IntVar(&s.batch, "batch", 100, "epoch: examples of a minibatch")
	flag.Float64Var(&s.rate, "rate", 0.1, "epoch: learning rate")
	flag.IntVar(&s.threads, "threads", 2, "goroutines that compute")
	flag.StringVar(&s.kernel, "kernel", "thin-plate-spline", "interpolate, field: radial basis function")
	flag.Float64Var(&s.epsilon, "epsilon", 1, "interpolate, field: multiplies distances")
	flag.IntVar(&s.neighbours, "neighbours", 0, "interpolate, field: points that a value comes from, 0 for all")
	flag.IntVar(&s.side, "side", 200, "interpolate, field: queries along a side of the grid")
	flag.Parse()
	runtime.GOMAXPROCS(s.threads)
	linalg.SetWorkers(s.threads)
	report, err := do(context.Background(), s)
	if err != nil {
		fmt.Fprintf(os.Stderr, "driver: %s: %s\n", s.task, err)
		os.Exit(1)
	}
	report["program"], report["version"] = "filterscope", runtime.Version()
	report["kernel"], report["threads"], report["task"] = linalg.Kernel(), s.threads, s.task
	line, err := json.Marshal(report)
	if err != nil {
		fmt.Fprintf(os.Stderr, "driver: %s: %s\n", s.task, err)
		os.Exit(1)
	}
	fmt.Println(string(line))
}

// report is what a task prints; compare knows the keys.
type report map[string]any

func do(ctx context.Context, s settings) (report, error) {
	switch s.task {
	case "data":
		return writeData(ctx, s)
	case "points":
		return writePoints(s)
	case "photos":
		return writePhotos(ctx, s)
	case "interpolate", "field":
		return interpolate(ctx, s, s.task == "field")
	case "idx":
		return load(ctx, s, dataset.LoadOptions{Path: filepath.Join(s.mnist, "train-images-idx3-ubyte.gz")})
	case "png", "jpeg":
		return load(ctx, s, dataset.LoadOptions{Path: s.data, Colour: true})
	case "lbfgs", "epoch":
		return run(ctx, s)
	case "pcd", "vae", "deep":
		return family(ctx, s)
	}
	if s.precision == "float64" {
		return measure[float64](ctx, s)
	}
	return measure[float32](ctx, s)
}

// measure does the tasks that run without a recipe.
func measure[T linalg.Float](ctx context.Context, s settings) (report, error) {
	switch s.task {
	case "zca":
		return zca[T](ctx, s)
	case "eval":
		return eval[T](s)
	case "growth":
		return growth(s)
	case "parts":
		return parts[T](s)
	}
	return nil, fmt.Errorf("no such task")
}

// sparse is the model that the flags describe.
func (s settings) sparse() autoencoder.Sparse {
	return autoencoder.Sparse{
		Visible: s.visible, Hidden: s.hidden, Decoder: nn.Sigmoid,
		Lambda: s.lambda, Beta: s.beta, Rho: s.rho,
	}
}
