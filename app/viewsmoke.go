package app

import (
	"fmt"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// viewSmoke measures in the real window whether it stutters while a variational
// autoencoder trains, in one view after the other, and prints the figures as JSON.
type viewSmoke struct {
	script
	quit func(code int)
}

// viewFigures is what was found in one view while the run went on.
type viewFigures struct {
	View            string  `json:"view"`
	Gaps            latency `json:"between_ticks"`      // of the window's clock of 60 a second, nobody moving the mouse
	Pointer         latency `json:"pointer_to_readout"` // from the event to the frame that shows its text
	FramesPerSecond float64 `json:"frames_per_second"`  // of new pictures
	StepsPerSecond  float64 `json:"steps_per_second"`
}

type viewSmokeReport struct {
	Recipe string        `json:"recipe"`
	Cores  int           `json:"cores"`
	Views  []viewFigures `json:"views"`
}

// viewWatch is how long each view is watched, viewMoves how often the pointer
// is moved over it.
const (
	viewWatch = 8 * time.Second
	viewMoves = 100
)

func newViewSmoke(w *Window, quit func(int)) *viewSmoke { return &viewSmoke{script{w}, quit} }

func (s *viewSmoke) start() { go s.run() }

func (s *viewSmoke) run() {
	report, err := s.measure()
	s.ui(func() { s.quit(printed("smoke views", report, err)) })
}

func (s *viewSmoke) measure() (*viewSmokeReport, error) {
	r, err := recipe.Open("vae-2d")
	if err != nil {
		return nil, err
	}
	r.Optimizer.Epochs = 100000
	s.ui(func() {
		s.w.choose(r)
		s.w.start()
	})
	if !s.until(time.Minute, func() bool { return s.w.frame != nil && s.w.frame.snap.Step >= 50 }) {
		return nil, fmt.Errorf("the training did not start")
	}
	report := &viewSmokeReport{Recipe: r.Name, Cores: runtime.NumCPU()}
	w := s.w
	codes := func(m codesMode) func() {
		return func() {
			w.showView(viewCodes)
			w.codes.setMode(m)
		}
	}
	for _, v := range []struct {
		name    string
		show    func()
		picture *widgets.Picture
	}{
		{"filters", func() { w.showView(viewFilters) }, w.filters.picture},
		{"codes, map", codes(codesMap), w.codes.picture},
		{"codes, map of images", func() { codes(codesMap)(); w.codes.toggleImages() }, w.codes.picture},
		{"codes, grid", codes(codesGrid), w.codes.picture},
		{"codes, traverse", codes(codesTraverse), w.codes.picture},
		{"codes, importance", codes(codesImportance), w.codes.picture},
		{"reconstruct", func() { w.showView(viewReconstruct) }, w.reconstruct.picture},
		{"anomalies", func() { w.reconstruct.setPanel(true) }, w.reconstruct.picture},
	} {
		s.ui(v.show)
		time.Sleep(2 * time.Second)
		f := viewFigures{View: v.name}
		s.watch(&f)
		times := s.pointer(v.picture, viewMoves)
		f.Pointer = latencyOf(times)
		report.Views = append(report.Views, f)
	}
	s.ui(w.stopRun)
	return report, nil
}

// watch leaves the window alone and counts the ticks of its clock, its frames and
// the steps of the run.
func (s *viewSmoke) watch(f *viewFigures) {
	var gaps []time.Duration
	var last time.Time
	frames, step := 0, 0
	begun := time.Now()
	animation := &fyne.Animation{Duration: time.Second, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) {
		now := time.Now()
		if !last.IsZero() {
			gaps = append(gaps, now.Sub(last))
		}
		last = now
	}}
	s.ui(func() {
		step = s.w.session.run.mailbox.Newest().Step
		s.w.onFrame = func(*frame) { frames++ }
		animation.Start()
	})
	time.Sleep(viewWatch)
	s.ui(func() {
		animation.Stop()
		s.w.onFrame = nil
		seconds := time.Since(begun).Seconds()
		f.FramesPerSecond = float64(frames) / seconds
		f.StepsPerSecond = float64(s.w.session.run.mailbox.Newest().Step-step) / seconds
		f.Gaps = latencyOf(gaps)
	})
}

// pointer moves the pointer over a picture, each time to another place, and
// measures until the frame after the one that was told the new text: Fyne draws a
// frame after each tick of an animation, so at the second tick the text is on the
// screen.
func (s script) pointer(p *widgets.Picture, moves int) (times []time.Duration) {
	ticks := make(chan time.Time, 1)
	animation := &fyne.Animation{Duration: time.Second, RepeatCount: fyne.AnimationRepeatForever, Tick: func(float32) {
		select {
		case ticks <- time.Now():
		default:
		}
	}}
	s.ui(animation.Start)
	for i := range moves {
		sent := time.Now()
		s.ui(func() {
			size := p.Size()
			at := fyne.NewPos(size.Width*(0.3+0.4*float32(i%17)/17), size.Height*(0.3+0.4*float32(i%13)/13))
			ev := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}}
			if i == 0 {
				p.MouseIn(ev)
			}
			p.MouseMoved(ev)
		})
		select { // a tick from before the move says nothing
		case <-ticks:
		default:
		}
		<-ticks
		times = append(times, (<-ticks).Sub(sent))
		time.Sleep(20 * time.Millisecond)
	}
	s.ui(func() {
		animation.Stop()
		p.MouseOut()
	})
	return times
}
