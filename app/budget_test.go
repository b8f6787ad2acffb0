package app

import (
	"testing"
	"testing/synctest"
	"time"

	"filterscope/engine/train"
)

// The account lets a frame wait until what is owed is paid, within the limits;
// an urgent one waits for the least distance only.
func TestBudgetRest(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name   string
		pace   float64
		after  time.Duration // since the account was opened, full
		spent  time.Duration // processor time drawn in that time
		since  time.Duration // since the last frame began
		urgent bool
		want   time.Duration
	}{
		{"the first frame", 0.2, 0, 0, time.Hour, false, 0},
		{"thirty a second while credit lasts", 0.2, 10 * ms, 40 * ms, 10 * ms, false, 23 * ms},
		{"credit of a second", 0.2, 0, 200 * ms, 50 * ms, false, 0},
		{"owes 40 ms: a fifth of a core pays in 200", 0.2, 0, 240 * ms, 50 * ms, false, 200 * ms},
		{"owes 40 ms: four fifths pay in 50", 0.8, 0, 840 * ms, 50 * ms, false, 50 * ms},
		{"half is paid", 0.2, 100 * ms, 240 * ms, 150 * ms, false, 100 * ms},
		{"paid", 0.2, 200 * ms, 240 * ms, 250 * ms, false, 0},
		{"a cheap frame keeps the least distance", 0.2, 0, 201 * ms, 10 * ms, false, 23 * ms},
		{"urgent", 0.2, 0, 240 * ms, 50 * ms, true, 0},
		{"urgent, but just drawn", 0.2, 0, 240 * ms, 3 * ms, true, 30 * ms},
		{"the filters are seen at last", 0.2, 0, time.Second, 50 * ms, false, 450 * ms},
		{"and debts are forgotten", 0.2, 0, time.Hour, 500 * ms, false, 0},
		{"credit does not grow", 0.2, time.Hour, 240 * ms, 50 * ms, false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Unix(1000, 0)
			b := newBudget(tt.pace, start, time.Second)
			b.settle(start.Add(tt.after), time.Second+tt.spent)
			if got := b.rest(tt.since, tt.urgent); got.Round(time.Microsecond) != tt.want {
				t.Errorf("rest = %v, want %v", got, tt.want)
			}
		})
	}
}

// Hours of idling and of drawing too much leave at most a second's allowance.
func TestBudgetForgets(t *testing.T) {
	start := time.Unix(1000, 0)
	b := newBudget(0.4, start, 0)
	limit := b.allowance(creditFor)
	b.settle(start.Add(time.Hour), 0)
	if b.owed != -limit {
		t.Errorf("after an idle hour %v is owed, want %v", b.owed, -limit)
	}
	b.settle(start.Add(2*time.Hour), 4*time.Hour)
	if b.owed != limit {
		t.Errorf("after an hour of nothing but drawing %v is owed, want %v", b.owed, limit)
	}
}

// Frames of any cost keep drawing within its share, or are as rare as they get.
func TestPumpKeepsToTheBudget(t *testing.T) {
	for _, tt := range []struct {
		name     string
		cost     time.Duration // processor time of a frame
		min, max int           // frames in ten seconds
	}{
		{"graphics card", 3 * time.Millisecond, 290, 304},
		{"software", 40 * time.Millisecond, 30, 38},
		{"huge window", time.Second, 20, 24},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atCost(t, tt.cost, func(_ *pump, q *queue, run *activeRun, shown *[]*frame) {
				before := len(*shown)
				for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
					run.mailbox.Put(snapshotAt(1))
					q.drain()
				}
				if n := len(*shown) - before; n < tt.min || n > tt.max {
					t.Errorf("%d frames in ten seconds, want %d to %d", n, tt.min, tt.max)
				}
			})
		})
	}
}

// What somebody waits for is drawn at once, whatever is owed: another request,
// a held run, a finished run.
func TestPumpHurries(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(p *pump, run *activeRun)
	}{
		{"request", func(p *pump, _ *activeRun) { p.ask(chartRequest()) }},
		{"held", func(_ *pump, run *activeRun) {
			s := snapshotAt(9)
			s.Phase = train.Paused
			run.mailbox.Put(s)
		}},
		{"done", func(_ *pump, run *activeRun) {
			s := snapshotAt(9)
			s.Phase = train.Done
			run.mailbox.Put(s)
			close(run.done)
		}},
		{"other run", func(p *pump, _ *activeRun) { p.follow(nil) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atCost(t, time.Second, func(p *pump, q *queue, run *activeRun, shown *[]*frame) {
				frames := func(d time.Duration) int {
					before := len(*shown)
					for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Millisecond) {
						q.drain()
					}
					return len(*shown) - before
				}
				run.mailbox.Put(snapshotAt(1))
				frames(time.Second)
				run.mailbox.Put(snapshotAt(2))
				if frames(40*time.Millisecond) != 1 {
					t.Fatal("no frame")
				}
				run.mailbox.Put(snapshotAt(3)) // waits for the budget
				if frames(100*time.Millisecond) != 0 {
					t.Fatal("a frame in spite of the debt")
				}
				tt.do(p, run)
				synctest.Wait()
				if n := frames(5 * time.Millisecond); n != 1 {
					t.Errorf("%d frames at once, want 1", n)
				}
			})
		})
	}
}
