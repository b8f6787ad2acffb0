package main

// program is one side of a group: a process with its arguments.
type program struct {
	id        string // for the figures
	name      string // for people
	kind      kind
	precision string
	args      []string
	env       []string
	kernel    string // the kernel that env forces
}

// group is a task that several programs do in turns. The first program is the
// one that the others are compared with.
type group struct {
	name, title string
	note        string
	programs    []program
	long        bool // takes minutes: -long-rounds counts
	most        int  // rounds at the most; 0 for no limit
	seconds     bool // show seconds, not milliseconds
	training    bool // the objective is where the training ended
}

const (
	f32 = "float32"
	f64 = "float64"
)

// network returns the flags that say what is evaluated. Flags with one dash
// are fine with our driver, two dashes with every program.
func network(patches bool) []string {
	if patches {
		return []string{
			"--data", "patches.f32", "--start", "start-64-25.f64", "--visible", "64", "--hidden", "25",
			"--lambda", "1e-4", "--beta", "3", "--rho", "0.01", "--examples", "10000",
		}
	}
	return []string{
		"--data", "mnist.f32", "--start", "start-784-196.f64", "--visible", "784", "--hidden", "196",
		"--lambda", "3e-3", "--beta", "3", "--rho", "0.1", "--examples", "10000",
	}
}

func groups() []group {
	mnist, patches := network(false), network(true)
	with := func(base []string, more ...string) []string { return append(append([]string(nil), base...), more...) }
	lbfgs := func(base []string, n string) []program {
		args := with(base, "--task", "lbfgs", "--iterations", n)
		return []program{
			{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: args},
			{id: "numpy", name: "SciPy L-BFGS-B", kind: numpy, precision: f64, args: with(args, "--precision", f64)},
			{id: "torch", name: "torch.optim.LBFGS", kind: torch, precision: f32, args: args},
		}
	}
	avx2 := []string{"FILTERSCOPE_KERNEL=avx2"}
	return []group{
		{
			name: "eval", title: "Cost and gradient, MNIST, 784-196-784, 10,000 examples",
			programs: []program{
				{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: mnist},
				{id: "dense", name: "Filterscope, zeros multiplied too", kind: ours, precision: f32, args: with(mnist, "-hold=false")},
				{id: "avx2", name: "Filterscope, AVX2 forced", kind: ours, precision: f32, args: mnist, env: avx2, kernel: "avx2"},
				{id: "avx2-dense", name: "Filterscope, AVX2 forced, zeros too", kind: ours, precision: f32, args: with(mnist, "-hold=false"), env: avx2, kernel: "avx2"},
				{id: "double", name: "Filterscope, float64", kind: ours, precision: f64, args: with(mnist, "-precision", f64)},
				{id: "double-dense", name: "Filterscope, float64, zeros too", kind: ours, precision: f64, args: with(mnist, "-precision", f64, "-hold=false")},
				{id: "numpy", name: "NumPy", kind: numpy, precision: f64, args: with(mnist, "--precision", f64)},
				{id: "numpy-single", name: "NumPy", kind: numpy, precision: f32, args: mnist},
				{id: "torch", name: "PyTorch", kind: torch, precision: f32, args: mnist},
				{id: "octave", name: "Octave", kind: octave, precision: f64, args: mnist},
			},
		},
		{
			name: "patches", title: "Cost and gradient, 8×8 patches, 64-25-64, 10,000 examples",
			programs: []program{
				{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: with(patches, "-reps", "40")},
				{id: "avx2", name: "Filterscope, AVX2 forced", kind: ours, precision: f32, args: with(patches, "-reps", "40"), env: avx2, kernel: "avx2"},
				{id: "double", name: "Filterscope, float64", kind: ours, precision: f64, args: with(patches, "-reps", "40", "-precision", f64)},
				{id: "numpy", name: "NumPy", kind: numpy, precision: f64, args: with(patches, "--reps", "15", "--precision", f64)},
				{id: "torch", name: "PyTorch", kind: torch, precision: f32, args: with(patches, "--reps", "15")},
				{id: "octave", name: "Octave", kind: octave, precision: f64, args: with(patches, "--reps", "15")},
			},
		},
		{
			name: "epoch", title: "One epoch of SGD with momentum, MNIST, 784-196-784, minibatches of 100", seconds: true, training: true,
			note: "Mean of three epochs. Filterscope's sparsity term follows a running mean activation, PyTorch's script that of the minibatch: the objectives after three epochs are not comparable digit by digit.",
			programs: []program{
				{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: with(mnist, "--task", "epoch", "--iterations", "3", "--rate", "0.01")},
				{id: "torch", name: "PyTorch", kind: torch, precision: f32, args: with(mnist, "--task", "epoch", "--iterations", "3", "--rate", "0.01")},
			},
		},
		{
			name: "lbfgs50", title: "L-BFGS, 50 iterations, MNIST, 784-196-784", seconds: true, training: true,
			programs: lbfgs(mnist, "50"),
		},
		{
			name: "lbfgs-patches", title: "L-BFGS, 400 iterations, 8×8 patches, 64-25-64", seconds: true, training: true, most: 3,
			programs: lbfgs(patches, "400"),
		},
		{
			name: "mlp", title: "L-BFGS, 20 iterations, against scikit-learn", seconds: true, training: true, most: 3,
			note: "scikit-learn's MLPRegressor has another, cheaper objective: linear output, no sparsity term.",
			programs: []program{
				{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: with(mnist, "--task", "lbfgs", "--iterations", "20")},
				{id: "sklearn", name: "scikit-learn MLPRegressor", kind: sklearn, precision: f32, args: with(mnist, "--task", "lbfgs", "--iterations", "20")},
			},
		},
		{
			name: "lbfgs400", title: "L-BFGS, 400 iterations, MNIST, 784-196-784", seconds: true, training: true, long: true,
			programs: lbfgs(mnist, "400"),
		},
		{
			name: "window", title: "Training with the window open and on the command line, strokes, 784-196-784", seconds: true, training: true,
			note: "100 iterations of L-BFGS from the same weights; the window has its usual size, software OpenGL and the Filters view live.",
			programs: []program{
				{id: "window", name: "Filterscope, window open", kind: window, precision: f32, args: []string{"smoke", "train", "100"}},
				{id: "headless", name: "Filterscope, command line", kind: command, precision: f32, args: []string{"train", "strokes", "--json", "--quiet", "--set", "optimizer.iterations=100"}},
				{id: "latency", name: "Filterscope, pointer moved", kind: window, precision: f32, args: []string{"smoke"}},
			},
		},
		{
			name: "parts", title: "Parts of an iteration, MNIST, 784-196-784",
			programs: []program{{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: with(mnist, "--task", "parts", "-reps", "15")}},
		},
		{
			name: "growth", title: "Time against size, 784 visible units", most: 1,
			programs: []program{
				{id: "ours", name: "Filterscope", kind: ours, precision: f32, args: with(mnist, "--task", "growth", "-data", "mnist-large.f32")},
				{id: "dense", name: "Filterscope, zeros multiplied too", kind: ours, precision: f32, args: with(mnist, "--task", "growth", "-data", "mnist-large.f32", "-hold=false")},
			},
		},
	}
}

func groupNames() []string {
	var names []string
	for _, g := range groups() {
		names = append(names, g.name)
	}
	return names
}

// longGroups names the groups that -long-rounds is for.
func longGroups() []string {
	var names []string
	for _, g := range groups() {
		if g.long {
			names = append(names, g.name)
		}
	}
	return names
}
