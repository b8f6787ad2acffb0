package rbf

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// python is the interpreter that has SciPy.
const python = "/usr/bin/python3"

// scipyRun is what bench/peers/rbf_scipy.py prints.
type scipyRun struct {
	Seconds   []float64 `json:"seconds"`
	PeakBytes int64     `json:"peak_bytes"`
}

// BenchmarkSciPy runs fit and evaluation here and in SciPy in turns, and reports
// the ratio of the best times of each, and how far the values differ at most.
func BenchmarkSciPy(b *testing.B) {
	if err := exec.Command(python, "-c", "import scipy").Run(); err != nil {
		b.Skip("SciPy is not on this machine")
	}
	for _, c := range []struct {
		kernel     Kernel
		points     int
		side       int
		neighbours int
		epsilon    float64
	}{
		{ThinPlateSpline, 500, 200, 0, 1},
		{Linear, 500, 200, 0, 1},
		{Cubic, 500, 200, 0, 1},
		{Multiquadric, 500, 200, 0, 4},
		{Gaussian, 500, 200, 0, 8},
		{ThinPlateSpline, 2000, 50, 0, 1},
		{ThinPlateSpline, 10000, 50, 50, 1},
	} {
		name := c.kernel.String() + "/" + strconv.Itoa(c.points) + "/" + strconv.Itoa(c.neighbours)
		b.Run(name, func(b *testing.B) {
			x, y := scattered(c.points)
			raw := make([]byte, 0, 24*len(y))
			for i, v := range y {
				for _, f := range []float64{x.At(i, 0), x.At(i, 1), v} {
					raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(f))
				}
			}
			data, out := filepath.Join(b.TempDir(), "points"), filepath.Join(b.TempDir(), "values")
			if err := os.WriteFile(data, raw, 0o600); err != nil {
				b.Fatal(err)
			}
			queries := square(c.side)
			o := Options{Kernel: c.kernel, Epsilon: c.epsilon, Degree: DefaultDegree, Neighbours: c.neighbours}
			var ours, theirs []float64
			var got []float64
			for b.Loop() {
				begun := time.Now()
				i, err := Interpolate(b.Context(), x, y, o)
				if err != nil {
					b.Fatal(err)
				}
				if got, err = i.At(b.Context(), queries); err != nil {
					b.Fatal(err)
				}
				ours = append(ours, time.Since(begun).Seconds())
				text, err := exec.Command(python, "../../bench/peers/rbf_scipy.py", "--data", data, "--out", out, "--reps", "1",
					"--kernel", strings.ReplaceAll(c.kernel.String(), "-", "_"), "--side", strconv.Itoa(c.side),
					"--neighbours", strconv.Itoa(c.neighbours), "--epsilon", strconv.FormatFloat(c.epsilon, 'g', -1, 64)).Output()
				if err != nil {
					b.Fatal(err)
				}
				var run scipyRun
				if err := json.Unmarshal(text, &run); err != nil {
					b.Fatal(err)
				}
				theirs = append(theirs, run.Seconds...)
			}
			b.ReportMetric(slices.Min(ours)/slices.Min(theirs), "ratio")
			b.ReportMetric(1e3*slices.Min(ours), "ms-ours")
			b.ReportMetric(1e3*slices.Min(theirs), "ms-SciPy")
			values, err := os.ReadFile(out)
			if err != nil {
				b.Fatal(err)
			}
			worst := 0.0
			for i, v := range got {
				worst = max(worst, math.Abs(v-math.Float64frombits(binary.LittleEndian.Uint64(values[8*i:]))))
			}
			b.ReportMetric(worst, "difference")
		})
	}
}
