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
	beside    string // id of the program that this one is compared with; "" for the group's first
}

// group is a task that several programs do in turns. The first program is the
// one that the others are compared with.
type group struct {
	name, title string
	note        string
	programs    []program
	long        bool   // takes minutes: -long-rounds counts
	most        int    // rounds at the most; 0 for no limit
	seconds     bool   // show seconds, not milliseconds
	training    bool   // the objective is where the training ended
	files       string // the driver's task that writes what the programs read; "" for none
	pairs       bool   // many small tasks, each done by this program and a peer
	result      string // of pairs: what both sides tell, so that one sees they did the same
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
	gs := []group{
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
	for i := range gs {
		if gs[i].name != "window" {
			gs[i].files = "data"
		}
	}
	return append(gs, interpolation(), loading(), family())
}

// interpolation is radial basis functions against SciPy.
func interpolation() group {
	g := group{
		name: "rbf", title: "Radial basis functions through scattered points of the plane", files: "points", pairs: true,
		result: "root mean square of the values",
		note:   "Fit and evaluation; 40,000 queries are a grid of 200×200, 10,000 one of 100×100. SciPy's is RBFInterpolator.",
	}
	add := func(id, name, points string, args ...string) {
		args = append([]string{"--task", "interpolate", "--data", "points-" + points + ".f64", "--examples", points}, args...)
		g.programs = append(
			g.programs,
			program{id: id, name: name, kind: ours, precision: f64, args: args},
			program{id: id + "/scipy", name: "SciPy", kind: scipy, precision: f64, args: args, beside: id},
		)
	}
	add("thin-plate", "thin-plate spline, 500 points, 40,000 queries", "500", "--kernel", "thin_plate_spline")
	add("linear", "linear, 500 points, 40,000 queries", "500", "--kernel", "linear")
	add("cubic", "cubic, 500 points, 40,000 queries", "500", "--kernel", "cubic")
	add("gaussian", "Gaussian, ε 8, 500 points, 40,000 queries", "500", "--kernel", "gaussian", "--epsilon", "8")
	g.programs = append(g.programs, program{
		id: "field", name: "the first, and the height field of 200×200 drawn", kind: ours, precision: f64,
		args: []string{"--task", "field", "--data", "points-500.f64", "--examples", "500"},
	})
	add("neighbours", "thin-plate spline, 10,000 points, 50 neighbours, 10,000 queries", "10000", "--neighbours", "50", "--side", "100", "--reps", "1")
	return g
}

// loading is reading and whitening against NumPy and Pillow.
func loading() group {
	whiten := func(precision string) []string {
		return []string{"--task", "zca", "--data", "rgb.u8", "--examples", "100000", "--visible", "192", "--precision", precision, "--reps", "3"}
	}
	return group{
		name: "data", title: "Loading and whitening", files: "photos", pairs: true,
		result: "mean of the values, of ZCA the root of the sum of their squares",
		note: "The photographs are 8 dead-leaves pictures of 1024×1024 in colour with some noise, which the driver draws and writes as PNG and JPEG (quality 90). " +
			"Filterscope loads and whitens on both cores, NumPy multiplies on both; gzip and Pillow run on one.",
		programs: []program{
			{id: "idx", name: "MNIST, 60,000 images, gzip IDX", kind: ours, precision: "uint8", args: []string{"--task", "idx"}},
			{id: "idx/numpy", name: "NumPy and gzip", kind: arrays, precision: "uint8", args: []string{"--task", "idx", "--precision", "uint8"}, beside: "idx"},
			{id: "zca", name: "ZCA of 100,000 8×8×3 patches, fit and apply", kind: ours, precision: f64, args: whiten(f64)},
			{id: "zca/numpy", name: "NumPy", kind: arrays, precision: f64, args: whiten(f64), beside: "zca"},
			{id: "zca-single", name: "the same, written as float32", kind: ours, precision: f32, args: whiten(f32)},
			{id: "zca-single/numpy", name: "NumPy, all in float32", kind: arrays, precision: f32, args: whiten(f32), beside: "zca-single"},
			{id: "png", name: "8 PNG photographs of 1 megapixel", kind: ours, precision: "uint8", args: []string{"--task", "png", "--data", "png", "--reps", "3"}},
			{id: "png/pillow", name: "Pillow", kind: pillow, precision: "uint8", args: []string{"--task", "png", "--data", "png", "--reps", "3"}, beside: "png"},
			{id: "jpeg", name: "8 JPEG photographs of 1 megapixel", kind: ours, precision: "uint8", args: []string{"--task", "jpeg", "--data", "jpeg", "--reps", "3"}},
			{id: "jpeg/pillow", name: "Pillow", kind: pillow, precision: "uint8", args: []string{"--task", "jpeg", "--data", "jpeg", "--reps", "3"}, beside: "jpeg"},
		},
	}
}

// family is an epoch of three models against the libraries that have them.
func family() group {
	args := func(task, batch, rate string, more ...string) []string {
		return append([]string{
			"--task", task, "--data", "mnist.f32", "--examples", "10000", "--batch", batch, "--rate", rate,
			"--iterations", "3", "--reps", "3",
		}, more...)
	}
	machine := func(hidden string) []string { return args("pcd", "10", "0.1", "--hidden", hidden) }
	double := func(args []string) []string { return append(args[:len(args):len(args)], "--precision", f64) }
	vae, deep := args("vae", "128", "1e-3"), args("deep", "128", "1e-3")
	return group{
		name: "family", title: "An epoch of 10,000 examples of MNIST", files: "data", pairs: true,
		result: "objective after three epochs, of the machine the pseudo-likelihood",
		note: "Means of three epochs of Filterscope, the median of three of the peers. The machine is PCD-1 with batches of 10 and 10 chains, and scikit-learn takes what it is given: float64 is what NumPy makes of " +
			"pixels divided by 255. The others are Adam at 1e-3 in batches of 128. Each side draws its own weights and noise, so the results agree roughly.",
		programs: []program{
			{id: "pcd", name: "Boltzmann machine, 784-256", kind: ours, precision: f32, args: machine("256")},
			{id: "pcd/sklearn", name: "BernoulliRBM", kind: boltzmann, precision: f64, args: double(machine("256")), beside: "pcd"},
			{id: "pcd/sklearn-single", name: "BernoulliRBM", kind: boltzmann, precision: f32, args: machine("256"), beside: "pcd"},
			{id: "pcd-500", name: "Boltzmann machine, 784-500", kind: ours, precision: f32, args: machine("500")},
			{id: "pcd-500/sklearn", name: "BernoulliRBM", kind: boltzmann, precision: f64, args: double(machine("500")), beside: "pcd-500"},
			{id: "pcd-500/sklearn-single", name: "BernoulliRBM", kind: boltzmann, precision: f32, args: machine("500"), beside: "pcd-500"},
			{id: "vae", name: "variational, 784-400-20", kind: ours, precision: f32, args: vae},
			{id: "vae/torch", name: "PyTorch", kind: networks, precision: f32, args: vae, beside: "vae"},
			{id: "deep", name: "deep, tanh, 784-1000-500-250-30", kind: ours, precision: f32, args: deep},
			{id: "deep/torch", name: "PyTorch", kind: networks, precision: f32, args: deep, beside: "deep"},
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
