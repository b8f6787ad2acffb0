package app

import (
	"fmt"
	"image"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"filterscope/engine/recipe"
)

// rbfSmoke measures in the real window how soon a fit follows the mouse, and
// prints the figures as JSON.
type rbfSmoke struct {
	script
	quit func(code int)

	// Of the UI goroutine.
	event func() // that has arrived and waits for the clock, as the mouse's do
	wait  painting
	shown chan time.Time
}

// painting is how far a picture that is waited for has come.
type painting int

const (
	noPicture   painting = iota // it has not been handed to the window
	nextTick                    // it has; the next tick's frame will show it
	beingDrawn                  // the frame of this tick shows it
	afterWindow                 // that frame is on the screen
)

// rbfSmokeReport is what the measurement finds. A latency is the time from the
// arrival of an event of the mouse, at a random moment of the window's clock, to
// the return of the swap of buffers of the frame that shows its effect: with the
// time it waits for the clock to hand it over. Each move is sent when the one
// before is on the screen.
type rbfSmokeReport struct {
	Cores   int     `json:"cores"`
	Centres int     `json:"centres"`
	Points  int     `json:"points"`
	Drag    latency `json:"drag_centre_to_redrawn"`
	Wheel   latency `json:"wheel_to_redrawn"`
	Point   latency `json:"drag_point_of_a_field_to_redrawn"`
	Turn    latency `json:"turn_surface_to_redrawn"`
}

// latency sums up measured times in milliseconds.
type latency struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	Max float64 `json:"max_ms"`
}

func latencyOf(times []time.Duration) latency {
	slices.Sort(times)
	n := len(times)
	if n == 0 {
		return latency{}
	}
	ms := func(i int) float64 { return float64(times[i].Microseconds()) / 1000 }
	return latency{n, ms(n / 2), ms(n * 95 / 100), ms(n - 1)}
}

// rbfMoves is how many moves are measured of each kind.
const rbfMoves = 100

func newRBFSmoke(w *Window, quit func(int)) *rbfSmoke {
	return &rbfSmoke{script: script{w}, quit: quit, shown: make(chan time.Time, 1)}
}

func (s *rbfSmoke) start() { go s.run() }

func (s *rbfSmoke) run() {
	report, err := s.measure()
	s.ui(func() { s.quit(printed("smoke rbf", report, err)) })
}

func (s *rbfSmoke) measure() (*rbfSmokeReport, error) {
	animation := &fyne.Animation{Duration: time.Hour, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) { s.tick() }}
	s.ui(animation.Start)
	defer s.ui(animation.Stop)
	v := s.w.rbf
	report := &rbfSmokeReport{Cores: runtime.NumCPU()}

	if err := s.open("rbf-1d", func(r *recipe.Recipe) { r.RBF.Train = 300 }); err != nil {
		return nil, err
	}
	var from image.Point
	s.ui(func() {
		n := networkOf(v.frame)
		report.Centres, report.Points = n.Centres.Rows, v.frame.solution.study.Train.Len()
		x, y := v.frame.panels.basis.Handle(n.Centres.At(n.Centres.Rows/2, 0))
		from = image.Pt(int(x), int(y))
	})
	report.Drag = s.drag(from, func(i int) image.Point { return image.Pt(from.X+6+(i*37)%120, from.Y) }, s.edited)
	s.ui(func() {
		n := networkOf(v.frame)
		x, y := v.frame.panels.basis.Handle(n.Centres.At(v.selected, 0))
		from = image.Pt(int(x), int(y))
	})
	report.Wheel = s.repeat(func(i int) {
		v.wheel(1-2*(i/4%2), from)
	}, s.edited)

	if err := s.open("rbf-field", nil); err != nil {
		return nil, err
	}
	s.ui(func() {
		at, x := v.frame.panels.fieldAt, v.frame.solution.study.Train.X.Row(7)
		from = at.Min.Add(image.Pt(int(v.frame.panels.field.PixelX(x[0])), int(v.frame.panels.field.PixelY(x[1]))))
	})
	report.Point = s.drag(from, func(i int) image.Point { return from.Add(image.Pt(6+(i*7)%40, (i*5)%30)) }, s.edited)

	if err := s.open("rbf-sphere", nil); err != nil {
		return nil, err
	}
	s.ui(func() { from = v.frame.image.Rect.Size().Div(2) })
	report.Turn = s.drag(from, func(i int) image.Point { return from.Add(image.Pt(10+3*i, i)) }, func() func(*rbfFrame) bool {
		want := v.camera
		return func(f *rbfFrame) bool { return f.req.camera == want }
	})
	return report, nil
}

// open shows a built-in recipe and waits for its picture.
func (s *rbfSmoke) open(name string, change func(*recipe.Recipe)) error {
	r, err := recipe.Open(name)
	if err != nil {
		return err
	}
	if change != nil {
		change(&r)
	}
	s.ui(func() { s.w.openRBF(r) })
	ready := func() bool {
		f := s.w.rbf.frame
		return f != nil && f.solution != nil && f.image != nil && !f.busy && f.req.key.rbf == r.RBF
	}
	if !s.until(60*time.Second, ready) {
		return fmt.Errorf("%s was not shown", name)
	}
	time.Sleep(500 * time.Millisecond)
	return nil
}

// edited waits for the frame of the state as it is now.
func (s *rbfSmoke) edited() func(*rbfFrame) bool {
	want := s.w.rbf.state.edit
	return func(f *rbfFrame) bool {
		return f.solution != nil && f.solution.key.edit == want && !f.busy
	}
}

// drag presses the button at from and moves to one place after another.
func (s *rbfSmoke) drag(from image.Point, to func(i int) image.Point, shown func() func(*rbfFrame) bool) latency {
	p := s.w.rbf.picture
	scale := float32(1)
	event := func(at image.Point) fyne.PointEvent {
		return fyne.PointEvent{Position: fyne.NewPos((float32(at.X)+0.5)/scale, (float32(at.Y)+0.5)/scale)}
	}
	s.ui(func() {
		scale = s.w.rbf.request().scale
		ev := &desktop.MouseEvent{PointEvent: event(from), Button: desktop.MouseButtonPrimary}
		p.MouseIn(ev)
		p.MouseDown(ev)
	})
	l := s.repeat(func(i int) { p.Dragged(&fyne.DragEvent{PointEvent: event(to(i))}) }, shown)
	s.ui(func() { p.DragEnd() })
	return l
}

// repeat sends moves and measures each until it is on the screen.
func (s *rbfSmoke) repeat(move func(i int), shown func() func(*rbfFrame) bool) latency {
	var times []time.Duration
	for i := range rbfMoves {
		time.Sleep(time.Duration(rand.Int64N(int64(time.Second / 60)))) // Fyne's clock
		sent := time.Now()
		s.ui(func() {
			s.event, s.wait = func() {
				move(i)
				is := shown()
				s.w.rbf.onFrame = func(f *rbfFrame) {
					if s.wait == noPicture && is(f) {
						s.handed()
					}
				}
			}, noPicture
		})
		select {
		case at := <-s.shown:
			times = append(times, at.Sub(sent))
		case <-time.After(10 * time.Second): // counted by its absence
		}
	}
	s.ui(func() { s.w.rbf.onFrame = nil })
	return latencyOf(times)
}

// tick delivers the event that has arrived. Fyne takes the mouse's from the
// system, ticks the animations and then draws, all in one go.
func (s *rbfSmoke) tick() {
	switch s.wait {
	case nextTick:
		s.drawing()
	case beingDrawn:
		s.painted()
	}
	if event := s.event; event != nil {
		s.event = nil
		event()
	}
}

// handed notes that the window has the picture: within a tick it is drawn in the
// same go, else after the next one.
func (s *rbfSmoke) handed() {
	if s.w.rbf.live.ticking {
		s.drawing()
	} else {
		s.wait = nextTick
	}
}

// drawing waits for what the UI goroutine runs next, a function or another tick:
// it comes after the swap of buffers.
func (s *rbfSmoke) drawing() {
	s.wait = beingDrawn
	s.w.do(s.painted)
}

func (s *rbfSmoke) painted() {
	if s.wait == beingDrawn {
		s.wait = afterWindow
		s.shown <- time.Now()
	}
}
