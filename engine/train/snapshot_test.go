package train_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

func TestMailbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := train.NewMailbox[int]()
		if box.Newest() != nil {
			t.Error("a new mailbox is not empty")
		}
		values := []int{1, 2, 3}
		box.Put(&values[0])
		box.Put(&values[1]) // replaces: nobody took the first
		if v, err := box.Take(t.Context()); err != nil || *v != 2 {
			t.Errorf("Take() = %v, %v, want the newest, 2", v, err)
		}
		taken := make(chan int)
		go func() {
			v, err := box.Take(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			taken <- *v
		}()
		synctest.Wait()
		select {
		case v := <-taken:
			t.Errorf("Take() returned %d again", v)
		default:
		}
		box.Put(&values[2])
		if v := <-taken; v != 3 {
			t.Errorf("Take() = %d, want 3", v)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("closed")
		go func() {
			time.Sleep(time.Second)
			cancel(reason)
		}()
		if _, err := box.Take(ctx); !errors.Is(err, reason) {
			t.Errorf("Take() = %v, want the cause", err)
		}
		if v := box.Newest(); *v != 3 {
			t.Errorf("Newest() = %d", *v)
		}
	})
}

// Many commands from many goroutines neither block nor get lost.
func TestControlIsNeverFull(t *testing.T) {
	p := prepare(t, small(recipe.MethodLBFGS, "float64"), cloud(50, 8))
	control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
	control.Pause()
	var wg sync.WaitGroup
	for i := range 20 { // before there is a run to take them
		wg.Go(func() {
			for range 50 {
				control.Step(0) // does nothing
				control.Tweak(train.Hyper{Lambda: float64(i) * 1e-3, Beta: 3, Rho: 0.2, LearningRate: 0.05, Momentum: 0.5})
			}
		})
	}
	wg.Wait()
	control.Tweak(train.Hyper{Lambda: 0.5, Beta: 3, Rho: 0.2, LearningRate: 0.05, Momentum: 0.5})
	control.Stop()
	res, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box})
	if err != nil || res.Steps != 0 || res.Recipe.Model.Lambda != 0.5 {
		t.Errorf("%v, %d steps, λ %v", err, res.Steps, res.Recipe.Model.Lambda)
	}
	if len(res.Events) != 1 || res.Events[0] != (train.Event{Step: 0, Text: "λ 0.0001 → 0.5"}) {
		t.Errorf("events %v: want the tweaks merged", res.Events)
	}
	control.Tweak(train.Hyper{}) // after the end: nobody listens, nothing blocks
	control.Stop()
}

// Snapshots do not change once they are out, and the last one is the result.
func TestSnapshotsAreImmutable(t *testing.T) {
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			r := small(method, "float32")
			r.Optimizer.Epochs = 30
			p := prepare(t, r, cloud(100, 8))
			control, box := train.NewControl(), train.NewMailbox[train.Snapshot]()
			wishes := &train.Wishes{}
			wishes.Parameters(true)
			control.Pause()
			ended := make(chan *train.Result)
			go func() {
				res, err := train.Run(t.Context(), p, train.Options{Control: control, Mailbox: box, Wishes: wishes})
				if err != nil {
					t.Error(err)
				}
				ended <- res
			}()
			var kept []*train.Snapshot
			var copies []train.Snapshot
			for step := range 20 {
				if step > 0 {
					control.Step(1)
				}
				s, err := box.Take(t.Context())
				for ; err == nil && (s.Phase != train.Paused || s.Step < step); s, err = box.Take(t.Context()) {
				}
				if err != nil {
					t.Fatal(err)
				}
				if len(kept) > 0 && s.Seq <= kept[len(kept)-1].Seq {
					t.Errorf("snapshot %d came after %d", s.Seq, kept[len(kept)-1].Seq)
				}
				if s.History.Len() > step+1 || len(s.RhoHat) != r.Model.Hidden || s.Steps == 0 {
					t.Errorf("at step %d: %d points, %d mean activations", step, s.History.Len(), len(s.RhoHat))
				}
				if s.Stateless != (method == recipe.MethodLBFGS) {
					t.Errorf("at step %d: stateless %v", step, s.Stateless)
				}
				kept, copies = append(kept, s), append(copies, deepCopy(s))
			}
			state := kept[len(kept)/2].State
			if state == nil {
				t.Fatal("a held run shows no state")
			}
			goOn := func() *train.Result {
				res, err := train.Run(t.Context(), p, train.Options{State: state})
				if err != nil {
					t.Fatal(err)
				}
				return res
			}
			before := goOn()
			control.Tweak(train.Hyper{Lambda: 0.01, Beta: 1, Rho: 0.1, LearningRate: 0.01})
			control.Resume()
			res := <-ended
			same(t, "from a state, before and after its run has gone on", before, goOn())
			for i, s := range kept {
				if diff := cmp.Diff(copies[i], *s, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(train.Snapshot{}, "State")); diff != "" {
					t.Fatalf("snapshot %d changed: %s", i, diff)
				}
			}
			last := box.Newest()
			if last.Phase != train.Done || last.Step != res.Steps || last.Reason != res.Reason || last.Left != 0 {
				t.Errorf("last snapshot: %v at step %d of %d, %s", last.Phase, last.Step, res.Steps, last.Reason)
			}
			if !slices.Equal(last.Terms, res.Terms) || !slices.Equal(last.RhoHat, res.RhoHat) || last.History.Len() != res.History.Len() {
				t.Errorf("the last snapshot has terms %v, the result %v", last.Terms, res.Terms)
			}
			for i, v := range last.Parameters {
				if v != float32(res.Parameters[i]) {
					t.Fatal("the last snapshot has other parameters than the result")
				}
			}
		})
	}
}

func deepCopy(s *train.Snapshot) train.Snapshot {
	c := *s
	c.Terms, c.RhoHat, c.Parameters = slices.Clone(s.Terms), slices.Clone(s.RhoHat), slices.Clone(s.Parameters)
	c.Events = slices.Clone(s.Events)
	h := s.History
	c.History = train.History{Names: slices.Clone(h.Names), Steps: slices.Clone(h.Steps), Seconds: slices.Clone(h.Seconds), Total: slices.Clone(h.Total)}
	for _, m := range h.Measures {
		c.History.Measures = append(c.History.Measures, train.Series{Name: m.Name, Steps: slices.Clone(m.Steps), Values: slices.Clone(m.Values)})
	}
	c.History.Terms = nil
	for _, v := range h.Terms {
		c.History.Terms = append(c.History.Terms, slices.Clone(v))
	}
	return c
}

// A run of 108,000 minibatches that is held every 30 steps, so that a snapshot
// with parameters is made, does not grow memory.
func TestMemoryDoesNotGrow(t *testing.T) {
	steps := 108_000
	if testing.Short() {
		steps = 20_000
	}
	r := small(recipe.MethodSGD, "float32")
	r.Model.Hidden, r.Optimizer.Batch, r.Optimizer.LearningRate = 2, 4, 1e-3
	r.Optimizer.Epochs = steps
	p := prepare(t, r, cloud(4, 3))
	box := train.NewMailbox[train.Snapshot]()
	control := train.NewControl()
	control.Step(steps / 4)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := train.Run(ctx, p, train.Options{Mailbox: box, Control: control}); err != nil {
			t.Error(err)
		}
	}()
	paused := func(step int) *train.Snapshot {
		for {
			s, err := box.Take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if s.Phase == train.Paused && s.Step == step {
				return s
			}
		}
	}
	paused(steps / 4)
	early := heap()
	for at := steps / 4; at < steps; { // every pause forces a snapshot with parameters
		n := min(30, steps-at)
		if at+n == steps {
			break
		}
		control.Step(n)
		at += n
		paused(at)
	}
	late := heap()
	if late > early+1<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early, late)
	}
	cancel()
	<-done
}

// Runs and their watchers leave no goroutine behind.
func TestNoGoroutineIsLeft(t *testing.T) {
	p := prepare(t, small(recipe.MethodLBFGS, "float32"), cloud(100, 8))
	if _, err := train.Run(t.Context(), p, train.Options{}); err != nil { // starts the helpers of linalg
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for range 5 {
		if _, err := train.Run(t.Context(), p, train.Options{Mailbox: train.NewMailbox[train.Snapshot]()}); err != nil {
			t.Fatal(err)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
