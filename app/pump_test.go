package app

import (
	"context"
	"image"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"filterscope/engine/nn"
	"filterscope/engine/train"
)

// chartRequest asks for what a frame can be made of without weights.
func chartRequest() request {
	return request{
		view: viewCurves, scale: 1, curves: curvesRequest{size: image.Pt(120, 80)},
		spark: image.Pt(20, 10), inspector: inspectorRequest{unit: -1},
	}
}

// snapshotAt makes a snapshot of a step, with a history of a few points.
func snapshotAt(step int) *train.Snapshot {
	return &train.Snapshot{
		Seq: uint64(step), Step: step, Terms: nn.Terms{{Name: "reconstruction", Value: 1}},
		History: train.History{
			Names: []string{"reconstruction"}, Steps: []float64{0, 1}, Seconds: []float64{0, 1},
			Total: []float64{2, 1}, Terms: [][]float64{{2, 1}},
		},
	}
}

func prepared(t *testing.T) *train.Problem {
	t.Helper()
	p, err := train.Prepare(t.Context(), tiny(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// inBubble runs a pump on fake time, for which drawing costs nothing. The queue
// is drained by the test.
func inBubble(t *testing.T, f func(p *pump, q *queue, run *activeRun, shown *[]*frame)) {
	atCost(t, 0, f)
}

// atCost is inBubble on a machine of two cores where every frame that is shown
// takes so much processor time.
func atCost(t *testing.T, cost time.Duration, f func(p *pump, q *queue, run *activeRun, shown *[]*frame)) {
	t.Helper()
	problem := prepared(t)
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		var shown []*frame
		var spent atomic.Int64
		p := newPump(q.do, func(f *frame) {
			shown = append(shown, f)
			spent.Add(int64(cost))
		})
		p.req, p.cores = chartRequest(), 2
		p.spent = func(time.Duration) time.Duration { return time.Duration(spent.Load()) }
		ctx, cancel := context.WithCancel(t.Context())
		go p.loop(ctx)
		run := newActiveRun(problem, func() {})
		p.follow(run)
		synctest.Wait()
		f(p, q, run, &shown)
		if !run.ended() {
			close(run.done)
		}
		cancel()
		<-p.ended
	})
}

// One frame is in flight, however slow the UI and however many the snapshots; the next one shows the newest.
func TestPumpOneFrameInFlight(t *testing.T) {
	inBubble(t, func(_ *pump, q *queue, run *activeRun, shown *[]*frame) {
		for step := range 1000 {
			run.mailbox.Put(snapshotAt(step))
			time.Sleep(10 * time.Millisecond)
			if n := q.length(); n != 1 {
				t.Fatalf("%d frames wait for a UI that does nothing", n)
			}
		}
		q.drain()
		time.Sleep(time.Second)
		q.drain()
		if n := len(*shown); n != 2 {
			t.Fatalf("%d frames shown, want the old one and the newest", n)
		}
		if got := (*shown)[1].snap.Step; got != 999 {
			t.Errorf("the second frame is of step %d, want 999", got)
		}
	})
}

// At most thirty frames a second, and none while nothing changes.
func TestPumpRate(t *testing.T) {
	inBubble(t, func(p *pump, q *queue, run *activeRun, shown *[]*frame) {
		tick := func(d time.Duration, busy bool) int {
			before := len(*shown)
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Millisecond) {
				if busy {
					run.mailbox.Put(snapshotAt(1))
					p.wake()
				}
				q.drain()
			}
			return len(*shown) - before
		}
		tick(time.Second, true)
		if n := tick(10*time.Second, true); n < 200 || n > 304 {
			t.Errorf("%d frames in ten seconds, want up to 30 a second", n)
		}
		tick(time.Second, false)
		if n := tick(time.Minute, false); n != 0 {
			t.Errorf("%d frames while nothing changes", n)
		}
		p.ask(chartRequest())
		if n := tick(time.Minute, false); n != 1 {
			t.Errorf("%d frames after one request", n)
		}
	})
}

// The final snapshot is shown, even when it comes together with the end and the reader was slow.
func TestPumpFinalSnapshot(t *testing.T) {
	inBubble(t, func(_ *pump, q *queue, run *activeRun, shown *[]*frame) {
		for range 5 {
			q.drain()
			time.Sleep(50 * time.Millisecond)
		}
		run.mailbox.Put(snapshotAt(7))
		last := snapshotAt(8)
		last.Phase = train.Done
		run.mailbox.Put(last)
		close(run.done)
		for range 5 {
			time.Sleep(50 * time.Millisecond)
			q.drain()
		}
		if got := (*shown)[len(*shown)-1].snap; got != last {
			t.Errorf("the last frame is of step %d, phase %v", got.Step, got.Phase)
		}
	})
}

// Another run takes the pump over; the snapshots of the first one count no more, and its goroutines end with it.
func TestPumpFollowsTheNewRun(t *testing.T) {
	problem := prepared(t)
	inBubble(t, func(p *pump, q *queue, first *activeRun, shown *[]*frame) {
		second := newActiveRun(problem, func() {})
		p.follow(second)
		second.mailbox.Put(snapshotAt(1))
		first.mailbox.Put(snapshotAt(100))
		close(first.done)
		for range 10 {
			time.Sleep(50 * time.Millisecond)
			q.drain()
		}
		f := (*shown)[len(*shown)-1]
		if f.run != second || f.snap.Step != 1 {
			t.Errorf("the frame is of step %d of run %p, want step 1 of %p", f.snap.Step, f.run, second)
		}
		p.follow(nil)
		for range 10 {
			time.Sleep(50 * time.Millisecond)
			q.drain()
		}
		if f := (*shown)[len(*shown)-1]; f.run != nil || f.snap != nil {
			t.Error("the frame of no run has one")
		}
		if p.paint.run != nil || p.paint.probe.Data != nil || p.snap != nil || p.full != nil {
			t.Error("the pump keeps the old run")
		}
		close(second.done)
	})
}

// Snapshots without parameters that follow one with them, before a frame is drawn, do not hide them.
func TestPumpKeepsParameters(t *testing.T) {
	inBubble(t, func(p *pump, q *queue, run *activeRun, shown *[]*frame) {
		heavy := snapshotAt(5)
		heavy.Parameters = make([]float32, run.problem.Spec().Layout().Size())
		run.mailbox.Put(heavy)
		synctest.Wait()
		run.mailbox.Put(snapshotAt(6))
		for range 10 {
			time.Sleep(50 * time.Millisecond)
			q.drain()
		}
		f := (*shown)[len(*shown)-1]
		if f.snap.Step != 6 || f.weightsStep != 5 || f.weights == nil {
			t.Errorf("the frame is of step %d with weights of step %d", f.snap.Step, f.weightsStep)
		}
	})
}

// A fault in drawing is a sentence; the next frame is a picture again.
func TestPumpSurvivesAFault(t *testing.T) {
	inBubble(t, func(p *pump, q *queue, run *activeRun, shown *[]*frame) {
		show := func(s *train.Snapshot) *frame {
			run.mailbox.Put(s)
			for range 5 {
				time.Sleep(50 * time.Millisecond)
				q.drain()
			}
			return (*shown)[len(*shown)-1]
		}
		bad := snapshotAt(1)
		bad.Parameters = make([]float32, 3)
		if f := show(bad); f.fault == nil || f.snap != bad || f.run != run {
			t.Errorf("parameters of a wrong length give %+v", f)
		}
		good := snapshotAt(2)
		good.Parameters = make([]float32, run.problem.Spec().Layout().Size())
		if f := show(good); f.fault != nil || f.curves == nil || f.weights == nil {
			t.Errorf("after that, a good snapshot gives %+v", f)
		}
	})
}

// The pump ends while a frame waits for a UI that is gone.
func TestPumpEndsWithFrameInFlight(t *testing.T) {
	inBubble(t, func(p *pump, q *queue, run *activeRun, _ *[]*frame) {
		run.mailbox.Put(snapshotAt(1))
		time.Sleep(time.Second)
		if q.length() == 0 {
			t.Error("no frame in flight")
		}
	}) // waits for the pump without draining
}

// An hour's worth of snapshots leaves the heap as it was.
func TestPumpMemory(t *testing.T) {
	alone(t)
	problem := prepared(t)
	run := newActiveRun(problem, func() {})
	paint := newPainter()
	req := chartRequest()
	req.inspector = inspectorRequest{unit: 1, tile: 8, bars: image.Pt(50, 20)}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var f *frame
	frames := func(n int) {
		for step := range n {
			s := snapshotAt(step)
			if step%50 == 0 {
				s.Parameters = make([]float32, problem.Spec().Layout().Size())
			}
			full := s
			if s.Parameters == nil {
				full = paint.full
			}
			req.view = viewID(step % 2) // nothing to see in Filters: its grid is empty
			f = paint.frame(req, run, s, full)
		}
	}
	frames(500)
	before := heap()
	for tries := range 5 { // what other tests have left behind may grow meanwhile, but not for ever
		frames(5000)
		after := heap()
		if after <= before+1<<20 {
			break
		}
		if tries == 4 {
			t.Errorf("many frames made the heap grow from %d to %d bytes", before, after)
		}
		before = after
	}
	runtime.KeepAlive(f)
}

// throttle passes on the first and the last call and, in between, one in each interval; of an unknown total as well.
func TestThrottle(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		var calls []int
		p := throttle(100*time.Millisecond, func(done, _ int, _ string) { calls = append(calls, done) })
		for i := range 1001 {
			p(i, 1000, "things")
			time.Sleep(time.Millisecond)
		}
		if len(calls) < 10 || len(calls) > 12 || calls[0] != 0 || calls[len(calls)-1] != 1000 {
			t.Errorf("calls %v", calls)
		}
		calls = nil
		time.Sleep(time.Second)
		for i := range 1000 {
			p(i, 0, "looking")
		}
		if len(calls) != 1 {
			t.Errorf("%d calls at one moment", len(calls))
		}
	})
}
