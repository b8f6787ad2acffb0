package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// kind is what runs a program.
type kind int

const (
	ours      kind = iota // bench/driver
	numpy                 // Python, with the module of that name
	torch                 //
	sklearn               //
	octave                //
	window                // the program in its real window, on a virtual screen
	command               // the program on the command line
	scipy                 // SciPy's RBFInterpolator
	arrays                // NumPy alone
	pillow                //
	boltzmann             // scikit-learn's BernoulliRBM
	networks              // PyTorch's variational and deep autoencoder
)

// script returns the peer's script and what it needs.
func (k kind) script() (script, module string) {
	switch k {
	case numpy:
		return "numpy_peer.py", "scipy"
	case torch:
		return "torch_peer.py", "torch"
	case sklearn:
		return "sklearn_peer.py", "sklearn"
	case octave:
		return "octave_peer.m", ""
	case scipy:
		return "rbf_scipy.py", "scipy"
	case arrays:
		return "data_peer.py", "numpy"
	case pillow:
		return "data_peer.py", "PIL"
	case boltzmann:
		return "rbm_sklearn.py", "sklearn"
	case networks:
		return "torch_vae.py", "torch"
	}
	return "", ""
}

// String is the name for people.
func (k kind) String() string {
	return [...]string{"Filterscope", "NumPy and SciPy", "PyTorch", "scikit-learn", "Octave", "the window", "the command line", "SciPy", "NumPy", "Pillow", "scikit-learn", "PyTorch"}[k]
}

// sample is the line of JSON that a process printed, and its memory.
type sample struct {
	Version     string    `json:"version"`
	Kernel      string    `json:"kernel,omitempty"`
	Seconds     []float64 `json:"seconds,omitempty"`
	Peaks       []float64 `json:"peak_gflops,omitempty"` // of the same moments as Seconds
	Flops       float64   `json:"flops,omitempty"`
	Cost        float64   `json:"cost,omitempty"`
	Gradient    float64   `json:"gradient,omitempty"` // its norm
	Iterations  int       `json:"iterations,omitempty"`
	Evaluations int       `json:"evaluations,omitempty"`
	Reason      string    `json:"reason,omitempty"`

	// Of the tasks parts and growth.
	LBFGS  []float64          `json:"lbfgs_seconds,omitempty"`
	Passes map[string]float64 `json:"passes,omitempty"`
	Sizes  []size             `json:"sizes,omitempty"`

	// Of the group window.
	Latency float64 `json:"latency_ms,omitempty"`        // 95 % of pointer moves are drawn within
	Frames  float64 `json:"frames_per_second,omitempty"` // shown
	Drawing float64 `json:"drawing_share,omitempty"`     // of the processor time of all cores

	MemoryMB float64 `json:"memory_mb,omitempty"` // largest resident set
	Others   float64 `json:"others"`              // share of all cores that other work took meanwhile
}

// size is one point of the growth curves.
type size struct {
	Examples int       `json:"examples"`
	Hidden   int       `json:"hidden"`
	Seconds  []float64 `json:"seconds"`
	Peaks    []float64 `json:"peak_gflops"`
}

// execute runs one process and returns what it told.
func (s *setup) execute(ctx context.Context, p program) (sample, error) {
	name, args := s.invocation(p)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = s.work
	cmd.Env = append(p.environment(), "PYTHONDONTWRITEBYTECODE=1")
	for _, library := range []string{"OMP", "OPENBLAS", "MKL", "BLIS"} {
		cmd.Env = append(cmd.Env, fmt.Sprintf("%s_NUM_THREADS=%d", library, s.threads))
	}
	cmd.Env = append(cmd.Env, p.env...)
	if p.kind == window || p.kind == command {
		cmd.Env = append(cmd.Env, fmt.Sprintf("GOMAXPROCS=%d", s.threads))
	}
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	before := usageNow()
	err := cmd.Run()
	after := usageNow()
	if ctx.Err() != nil {
		return sample{}, context.Cause(ctx)
	}
	// Octave 7 may complain while it exits, after its work is done: what counts
	// is the line it printed.
	got, e := p.parse(out.Bytes())
	if e != nil {
		lines := strings.Split(strings.TrimSpace(complaint.String()), "\n")
		return sample{}, fmt.Errorf("%s: %w: %s", p.name, errors.Join(err, e), lines[len(lines)-1])
	}
	got.MemoryMB = memoryMB(cmd.ProcessState)
	got.Others = after.others(before, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	return got, nil
}

// environment returns the environment of the process. Peers choose their kernels
// themselves, whatever somebody has set for OpenBLAS.
func (p program) environment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "OPENBLAS_CORETYPE=") || strings.HasPrefix(v, "OPENBLAS_L2_SIZE=")
	})
}

// invocation returns the file to run and its arguments.
func (s *setup) invocation(p program) (name string, args []string) {
	switch p.kind {
	case ours:
		return s.driver(), append([]string{"-threads", fmt.Sprint(s.threads)}, p.args...)
	case window: // larger than the window, so that the window has the size it wants
		screen := filepath.Join(s.root, "scripts", "onscreen.sh")
		return "bash", append([]string{screen, "-s", "1600x1000", s.program("filterscope")}, p.args...)
	case command:
		return s.program("filterscope-cli"), p.args
	}
	script, _ := p.kind.script()
	name = s.python
	before := []string{filepath.Join(s.root, "bench", "peers", script)}
	if p.kind == octave {
		name, before = s.octave, append([]string{"-q", "--no-gui"}, before...)
	}
	return name, slices.Concat(before, p.args, []string{"--threads", fmt.Sprint(s.threads)})
}

// parse reads what a process printed.
func (p program) parse(text []byte) (sample, error) {
	var got sample
	if p.kind != window && p.kind != command {
		err := json.Unmarshal(text, &got)
		return got, err
	}
	var run struct {
		Kernel      string
		Seconds     float64
		Iterations  int
		Evaluations int
		Objective   float64
		Frames      float64 `json:"frames_per_second"`
		Drawing     float64 `json:"drawing_share"`
		Latency     struct {
			P95 float64 `json:"p95_ms"`
		} `json:"pointer_to_readout"`
	}
	err := json.Unmarshal(text, &run)
	got = sample{
		Kernel: run.Kernel, Cost: run.Objective, Iterations: run.Iterations, Evaluations: run.Evaluations,
		Frames: run.Frames, Drawing: run.Drawing, Latency: run.Latency.P95,
	}
	if run.Seconds > 0 {
		got.Seconds = []float64{run.Seconds}
	}
	return got, err
}

// executeQuietly is execute in a quiet moment, repeated up to patience times
// while other work disturbs it; the least disturbed run is returned.
func (s *setup) executeQuietly(ctx context.Context, p program, patience int) (sample, error) {
	var best sample
	for try := 0; ; try++ {
		waitForQuiet(ctx, s.wait)
		got, err := s.execute(ctx, p)
		if err != nil {
			return got, err
		}
		if try == 0 || got.Others < best.Others {
			best = got
		}
		if best.Others <= quietShare || try >= patience {
			return best, nil
		}
		fmt.Fprintf(os.Stderr, "  other work took %.0f %% of the machine: once more\n", 100*got.Others)
	}
}

// missing tells, for every peer that the groups want and this machine lacks,
// what it lacks.
func (s *setup) missing(ctx context.Context, gs []group) map[string]string {
	reasons := map[string]string{}
	for _, g := range gs {
		for _, p := range g.programs {
			name := p.kind.String()
			if reasons[name] != "" || p.kind == ours || p.kind == command {
				continue
			}
			if p.kind == window {
				for _, tool := range []string{"bash", "Xvfb", "openbox", "xprop"} {
					if _, err := exec.LookPath(tool); err != nil {
						reasons[name] = tool + " is not installed"
					}
				}
				continue
			}
			if p.kind == octave {
				if _, err := exec.LookPath(s.octave); err != nil {
					reasons[name] = name + " is not installed (" + s.octave + ")"
				}
				continue
			}
			_, module := p.kind.script()
			if err := exec.CommandContext(ctx, s.python, "-c", "import "+module).Run(); err != nil {
				reasons[name] = name + " is not installed (" + s.python + " cannot import " + module + ")"
			}
		}
	}
	return reasons
}
