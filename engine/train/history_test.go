package train

import (
	"math"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"filterscope/engine/network"
	"filterscope/engine/nn"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
)

// However long a run is, its history stays within maxPoints, keeps the first
// point and even distances, and leaves published prefixes alone.
func TestHistoryThins(t *testing.T) {
	r := newRecorder()
	var published []History
	var totals [][]float64
	const steps = 10 * maxPoints
	for step := range steps {
		if r.due(step) {
			r.add(step, float64(step)/10, nn.Terms{{Name: "a", Value: float64(step)}, {Name: "b", Value: 1}})
		}
		if step%(maxPoints/3) == 0 {
			h := r.snapshot()
			published, totals = append(published, h), append(totals, slices.Clone(h.Total))
		}
	}
	h := r.snapshot()
	if h.Len() > maxPoints || h.Len() < maxPoints/2 {
		t.Errorf("%d points of %d steps, want %d to %d", h.Len(), steps, maxPoints/2, maxPoints)
	}
	for i, step := range h.Steps {
		if step != h.Steps[1]*float64(i) || h.Terms[0][i] != step || h.Total[i] != step+1 || h.Seconds[i] != step/10 {
			t.Fatalf("point %d is at step %v with %v", i, step, h.Terms[0][i])
		}
	}
	for i, p := range published {
		if !slices.Equal(p.Total, totals[i]) {
			t.Errorf("published history %d changed", i)
		}
	}
	n := h.Len()
	r.add(int(h.Steps[n-1]), 0, nn.Terms{{Name: "a"}, {Name: "b"}})
	if r.h.Len() != n {
		t.Error("a step was recorded twice")
	}
}

// fake is a method whose steps take as long as they are told to.
type fake struct {
	each  time.Duration
	most  int
	calls int
}

func (f *fake) advance() (progress, error) {
	time.Sleep(f.each)
	f.calls++
	p := progress{started: f.calls == 1, stepped: f.calls > 1}
	if f.calls > f.most {
		p.ended = "done"
	}
	return p, nil
}

func (f *fake) terms() nn.Terms        { return nn.Terms{{Name: "loss", Value: 1 / float64(1+f.calls)}} }
func (f *fake) activity() []float64    { return []float64{0.1} }
func (f *fake) parameters([]float64)   {}
func (f *fake) parameters32([]float32) {}
func (f *fake) revert()                {}
func (f *fake) tweak(Hyper)            {}
func (f *fake) averaged() bool         { return false }
func (f *fake) conclusive() bool       { return true }
func (f *fake) steps() int             { return f.most }
func (f *fake) observe(float64)        {}
func (f *fake) rate() float64          { return 0 }
func (f *fake) restore([]float64)      {}
func (f *fake) state() (any, int)      { return nil, 0 }
func (f *fake) resume(any) error       { return nil }

func fakeRun(steps int, each time.Duration) *run {
	r := recipe.Default()
	r.Optimizer.Iterations = steps
	p := &Problem{Recipe: r, Pipeline: &preprocess.Pipeline{}}
	p.Data = oneExample()
	p.spec, _ = network.Of(r, network.Input{Visible: 1})
	now := time.Now()
	return &run{
		problem: p, opts: Options{Mailbox: NewMailbox[Snapshot](), Control: NewControl()}, rec: newRecorder(),
		hyper: HyperOf(r), steps: steps, method: &fake{each: each, most: steps}, since: now, rateAt: now,
	}
}

// Time, rate and what is left count training alone, on the clock of a bubble.
func TestTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := fakeRun(100, time.Second)
		go r.loop(t.Context())
		time.Sleep(10*time.Second + time.Second/2) // the start and nine steps
		r.opts.Control.Pause()
		synctest.Wait()
		time.Sleep(time.Hour)
		s := r.opts.Mailbox.Newest()
		if s.Phase != Paused || s.Step != 10 || s.Elapsed != 11*time.Second || math.Abs(s.PerSecond-1) > 1e-9 {
			t.Errorf("%v at step %d after %v, %v evaluations a second", s.Phase, s.Step, s.Elapsed, s.PerSecond)
		}
		if want := 99 * time.Second; s.Left != want { // 90 steps of 1.1 s
			t.Errorf("left %v, want %v", s.Left, want)
		}
		r.opts.Control.Resume()
		time.Sleep(20*time.Second + time.Second/2)
		s = r.opts.Mailbox.Newest()
		if s.Phase != Running || s.Step != 30 || s.Elapsed != 31*time.Second || math.Abs(s.PerSecond-1) > 1e-9 {
			t.Errorf("%v at step %d after %v, %v evaluations a second", s.Phase, s.Step, s.Elapsed, s.PerSecond)
		}
		r.opts.Control.Stop()
		synctest.Wait()
		time.Sleep(time.Second)
		synctest.Wait()
		if r.phase != Stopped || r.step != 31 || r.reason != "stopped at step 31 of 100" {
			t.Errorf("%v at step %d: %s", r.phase, r.step, r.reason)
		}
	})
}

// An hour of snapshots at 30 a second, on the clock of a bubble: every step is
// published, and the heap does not grow.
func TestAnHourOfSnapshots(t *testing.T) {
	hour := time.Hour
	if testing.Short() {
		hour = 10 * time.Minute
	}
	synctest.Test(t, func(t *testing.T) {
		const each = time.Second / 30
		steps := int(hour / each)
		r := fakeRun(steps, each)
		heap := func() uint64 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		r.opts.Control.Step(steps / 4)
		go r.loop(t.Context())
		time.Sleep(hour / 3)
		early := heap()
		r.opts.Control.Resume()
		time.Sleep(hour)
		synctest.Wait()
		s := r.opts.Mailbox.Newest()
		if r.phase != Done || s.Seq < uint64(steps)*9/10 {
			t.Errorf("%v after %d snapshots of %d steps", r.phase, s.Seq, steps)
		}
		if late := heap(); late > early+1<<20 {
			t.Errorf("the heap grew from %d to %d bytes", early, late)
		}
		if n := s.History.Len(); n > maxPoints {
			t.Errorf("a history of %d points, want at most %d", n, maxPoints)
		}
		runtime.KeepAlive(r)
	})
}

// Snapshots come at most every 30 ms; parameters only when wished for, or
// when the phase changes.
func TestSnapshotsAreThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := fakeRun(1000, time.Millisecond)
		r.opts.Wishes = &Wishes{}
		r.loop(t.Context())
		if r.phase != Done || r.seq < 30 || r.seq > 40 {
			t.Errorf("%v, %d snapshots in a second", r.phase, r.seq)
		}
		if s := r.opts.Mailbox.Newest(); s.Parameters != nil {
			t.Error("parameters that nobody wants were copied")
		}
		r = fakeRun(100, time.Millisecond)
		r.opts.Wishes = &Wishes{}
		r.opts.Wishes.Parameters(true)
		r.loop(t.Context())
		copied := r.opts.Mailbox.Newest().Parameters != nil
		if !copied && r.copied.IsZero() {
			t.Error("parameters that are wanted were not copied")
		}
	})
}
