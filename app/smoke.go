package app

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"time"

	"filterscope/engine/linalg"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// smoke measures how alive the real window is under full load, and prints the
// figures as JSON.
type smoke struct {
	script
	train int // iterations; 0 to measure everything
	quit  func(code int)
}

// smokeReport is what the measurement finds.
type smokeReport struct {
	Recipe  string `json:"recipe"`
	Kernel  string `json:"kernel"`
	Cores   int    `json:"cores"`
	Moves   int    `json:"moves"`
	Latency struct {
		P50 float64 `json:"p50_ms"`
		P95 float64 `json:"p95_ms"`
		Max float64 `json:"max_ms"`
	} `json:"pointer_to_readout"` // from the event to the frame that shows its text
	FramesPerSecond float64 `json:"frames_per_second"`
	EvalsPerSecond  float64 `json:"evaluations_per_second"`
	PauseMillis     float64 `json:"pause_ms"`    // from the key to the held run
	PauseSteps      int     `json:"pause_steps"` // steps begun after the key
	EvalMillis      float64 `json:"evaluation_ms"`
	IdleCPU         float64 `json:"idle_cpu_percent"` // of one core, run paused
	HeapMB          float64 `json:"heap_mb"`
}

// How much the measurement does.
const (
	smokeMoves = 200
	smokeWatch = 12 * time.Second
)

func newSmoke(w *Window, train int, quit func(int)) *smoke {
	return &smoke{script: script{w}, train: train, quit: quit}
}

func (s *smoke) start() { go s.run() }

func (s *smoke) run() {
	var report any
	var err error
	if s.train > 0 {
		report, err = s.training()
	} else {
		report, err = s.measure()
	}
	s.ui(func() { s.quit(printed("smoke", report, err)) })
}

// printed prints what a measurement found, or why it found nothing, and returns
// the exit code.
func printed(command string, report any, err error) (code int) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "filterscope %s: %v\n", command, err)
		return 1
	}
	out, _ := json.MarshalIndent(report, "", "  ")
	fmt.Println(string(out))
	return 0
}

// begin starts a run of the recipe strokes with so many iterations.
func (s *smoke) begin(iterations int) (recipe.Recipe, error) {
	r, err := recipe.Open("strokes")
	if err != nil {
		return r, err
	}
	r.Optimizer.Iterations = iterations
	s.ui(func() {
		s.w.choose(r)
		s.w.start()
	})
	return r, nil
}

// trainingReport is what a whole run with the window open took. The names are
// those of filterscope train -json, to be set beside it.
type trainingReport struct {
	Recipe          string  `json:"recipe"`
	Kernel          string  `json:"kernel"`
	Iterations      int     `json:"iterations"`
	Evaluations     int     `json:"evaluations"`
	Seconds         float64 `json:"seconds"`
	Objective       float64 `json:"objective"`
	Frames          int     `json:"frames"`
	FramesPerSecond float64 `json:"frames_per_second"`
	DrawingShare    float64 `json:"drawing_share"` // of the processor time of all cores
}

// training leaves the window alone while a run goes on from its beginning to
// its end, the Filters view live.
func (s *smoke) training() (*trainingReport, error) {
	frames := 0
	var begun, spent time.Duration
	s.ui(func() {
		s.w.onFrame = func(f *frame) {
			if frames++; frames == 1 {
				begun, spent = f.snap.Elapsed, drawingTime(0)
			}
		}
	})
	r, err := s.begin(s.train)
	if err != nil {
		return nil, err
	}
	var last *train.Snapshot
	ended := func() bool {
		if s.w.frame == nil || !s.w.frame.snap.Phase.Ended() {
			return false
		}
		last, spent = s.w.frame.snap, drawingTime(0)-spent
		return true
	}
	if !s.until(time.Hour, ended) || last.Phase != train.Done {
		return nil, fmt.Errorf("the training did not end as it should")
	}
	cores := float64(runtime.GOMAXPROCS(0))
	return &trainingReport{
		Recipe: r.Name, Kernel: linalg.Kernel(), Iterations: last.Step, Evaluations: last.Evaluations,
		Seconds: last.Elapsed.Seconds(), Objective: last.Terms.Total(),
		Frames: frames, FramesPerSecond: float64(frames) / last.Elapsed.Seconds(),
		DrawingShare: spent.Seconds() / (last.Elapsed - begun).Seconds() / cores,
	}, nil
}

func (s *smoke) measure() (*smokeReport, error) {
	r, err := s.begin(100000)
	if err != nil {
		return nil, err
	}
	report := &smokeReport{Recipe: r.Name, Kernel: linalg.Kernel(), Cores: runtime.NumCPU()}
	if !s.until(60*time.Second, func() bool { return s.w.frame != nil && s.w.frame.snap.Step >= 5 && s.w.filters.grid.N > 0 }) {
		return nil, fmt.Errorf("the training did not start")
	}
	s.watch(report)
	s.latency(report)
	s.pause(report)
	s.idle(report)
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	report.HeapMB = float64(mem.HeapAlloc) / (1 << 20)
	return report, nil
}

// watch leaves the window alone for a while, the Filters view live, and measures
// how fast the training goes on.
func (s *smoke) watch(report *smokeReport) {
	var begun, ended train.Snapshot
	frames := 0
	s.ui(func() {
		begun = *s.w.frame.snap
		s.w.onFrame = func(*frame) { frames++ }
	})
	time.Sleep(smokeWatch)
	s.ui(func() {
		ended = *s.w.frame.snap
		s.w.onFrame = nil
	})
	seconds := (ended.Elapsed - begun.Elapsed).Seconds()
	report.FramesPerSecond = float64(frames) / seconds
	report.EvalsPerSecond = float64(ended.Evaluations-begun.Evaluations) / seconds
	report.EvalMillis = 1000 / report.EvalsPerSecond
}

// latency moves the pointer over the mosaic, each time to another weight.
func (s *smoke) latency(report *smokeReport) {
	l := latencyOf(s.pointer(s.w.filters.picture, smokeMoves))
	report.Moves = l.N
	report.Latency.P50, report.Latency.P95, report.Latency.Max = l.P50, l.P95, l.Max
}

// pause presses Space and measures until the run says that it is held.
func (s *smoke) pause(report *smokeReport) {
	begun := 0
	at := time.Now()
	var run *activeRun
	s.ui(func() {
		run = s.w.session.run
		begun = run.mailbox.Newest().Evaluations
		s.w.toggle()
	})
	for run.mailbox.Newest().Phase != train.Paused && time.Since(at) < 20*time.Second {
		time.Sleep(time.Millisecond)
	}
	report.PauseMillis = float64(time.Since(at).Microseconds()) / 1000
	// The newest snapshot may be one evaluation old when the key is pressed;
	// the evaluation that goes on is finished, none is begun.
	report.PauseSteps = max(0, run.mailbox.Newest().Evaluations-begun-1)
}

// idle measures the processor time of the paused window.
func (s *smoke) idle(report *smokeReport) {
	time.Sleep(time.Second)
	before, from := processorTime(), time.Now()
	time.Sleep(3 * time.Second)
	report.IdleCPU = 100 * (processorTime() - before).Seconds() / time.Since(from).Seconds()
}
