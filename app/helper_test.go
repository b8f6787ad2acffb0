package app

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	_ "filterscope/app/locale"
	"filterscope/engine/modelio"
	"filterscope/engine/preprocess"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// queue is the dispatcher of a window under test: what goes through it waits
// until the test's goroutine, which plays Fyne's, drains it.
type queue struct {
	mu      sync.Mutex
	waiting []func()
	news    chan struct{}
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

func (q *queue) do(f func()) {
	q.mu.Lock()
	q.waiting = append(q.waiting, f)
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default:
	}
}

// drain runs what waits, also what comes in the meantime, and returns how much
// that was.
func (q *queue) drain() int {
	for n := 0; ; n++ {
		q.mu.Lock()
		if len(q.waiting) == 0 {
			q.mu.Unlock()
			return n
		}
		f := q.waiting[0]
		q.waiting = q.waiting[1:]
		q.mu.Unlock()
		f()
	}
}

func (q *queue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// tooLong is how long something may take before a test gives it up as hanging: no
// test depends on how fast the machine is.
const tooLong = 8 * time.Minute

// until drains the queue until the condition holds.
func (q *queue) until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	limit := time.After(tooLong)
	for {
		q.drain()
		if condition() {
			return
		}
		select {
		case <-q.news:
		case <-time.After(5 * time.Millisecond): // some conditions come true without a word
		case <-limit:
			stacks := make([]byte, 1<<20)
			t.Fatalf("waited in vain for %s\n%s", what, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// desk is a window under test.
type desk struct {
	*Window
	q      *queue
	t      *testing.T
	closed bool
	told   *activeRun // the run whose end the window was told of last
}

// What goes by the clock for the sake of people is taken from it: tests take as
// long as they take.
func init() {
	computingNice = 0
	widgets.DoubleClick = tooLong
}

// testApp serves all windows: a new app or theme makes Fyne measure all text
// anew, which takes longer than the tests.
var testApp = sync.OnceValue(func() fyne.App {
	a := test.NewApp()
	a.Settings().SetTheme(NewTheme("dark")) // the test driver's own has no colours for ours
	return a
})

// alone skips a test of one goroutine's work, or of what others let goroutines do
// as well, under the race detector, which takes six times as long over it and has
// nothing to find.
func alone(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("one goroutine's work")
	}
}

// newDesk opens a window as it is after a first start. It is closed when the
// test ends.
func newDesk(t *testing.T) *desk {
	t.Helper()
	a := testApp()
	for _, key := range []string{prefVariant, prefWidth, prefHeight, prefRight, prefLeft, prefRecipe, prefFolder, prefZoom, prefGap, prefMap, prefScale} {
		a.Preferences().RemoveValue(key)
	}
	a.Preferences().SetString(prefVariant, "dark")
	a.Preferences().SetString(prefFolder, t.TempDir())
	return anotherDesk(t)
}

// anotherDesk opens a window with the preferences as they are.
func anotherDesk(t *testing.T) *desk {
	t.Helper()
	fyne.SetCurrentApp(testApp())
	d := &desk{q: newQueue(), t: t}
	d.Window = New(testApp(), d.q.do, slog.New(slog.DiscardHandler))
	d.overlay.SetDispatcher(nil) // toasts stay
	d.rbf.together, d.patience = tooLong, tooLong
	finished := d.session.finished
	d.session.finished = func(r *activeRun) { finished(r); d.told = r }
	d.window.SetOnClosed(func() { d.closed = true })
	d.Show()
	ctx, cancel := context.WithCancel(context.Background()) // as Start does, but for the theme
	d.stop = cancel
	go d.pump.loop(ctx)
	go d.rbf.loop(ctx)
	t.Cleanup(d.shut)
	return d
}

// shut closes the window and waits until it is closed.
func (d *desk) shut() {
	if d.closed {
		return
	}
	d.close()
	d.until("the window to close", func() bool { return d.closed })
}

func (d *desk) until(what string, condition func() bool) {
	d.t.Helper()
	d.q.until(d.t, what, func() bool {
		if d.rbf != nil {
			d.rbf.tick() // the test driver's clock ticks once and no more
		}
		return condition()
	})
}

// settle waits until the last frame that was asked for has been shown: one may
// change the layout, which asks for another.
func (d *desk) settle() {
	d.t.Helper()
	d.ask()
	d.until("the frame asked for", func() bool {
		d.pump.mu.Lock()
		defer d.pump.mu.Unlock()
		return d.frame != nil && d.frame.view == d.view && d.frame.answers == d.pump.asks
	})
}

// run starts the recipe and waits for its first frame.
func (d *desk) run(r recipe.Recipe) {
	d.t.Helper()
	d.choose(r)
	d.start()
	d.until("a run", func() bool {
		return d.session.stage == training && d.frame != nil && (d.frame.weights != nil || d.view == viewCurves)
	})
}

// step is the step that the window shows.
func (d *desk) step() int {
	if d.frame == nil {
		return -1
	}
	return d.frame.snap.Step
}

func (d *desk) untilEnded() {
	d.t.Helper()
	d.until("the end of the run", func() bool {
		return d.frame != nil && d.frame.snap.Phase.Ended() && d.told == d.session.run
	})
}

// said waits until the banner speaks of something else than work that goes on.
func (d *desk) said() {
	d.t.Helper()
	d.until("the banner", func() bool {
		return d.banner.Visible() && d.topic != topicSurvey && d.topic != topicLoading && d.session.stage != loading
	})
}

// key presses a bare key, or types a character, with nothing focused.
func (d *desk) key(names ...fyne.KeyName) {
	for _, n := range names {
		d.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: n})
	}
}

func (d *desk) char(r rune) { d.window.Canvas().OnTypedRune()(r) }

// shortcut triggers the menu's item of that label, as its shortcut does.
func (d *desk) menu(label string) {
	d.t.Helper()
	for _, m := range d.window.MainMenu().Items {
		for _, item := range m.Items {
			if name, _, _ := strings.Cut(item.Label, "   ("); name == label {
				item.Action()
				return
			}
		}
	}
	d.t.Fatalf("no menu has %q", label)
}

// enter types a number into a field of the form and leaves the field.
func (d *desk) enter(e *widgets.NumberEntry, text string) {
	d.typeInto(e, text)
	d.window.Canvas().Unfocus()
}

func (d *desk) typeInto(e *widgets.NumberEntry, text string) {
	f := e.Field()
	d.window.Canvas().Focus(f)
	f.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	for _, r := range text {
		f.TypedRune(r)
	}
}

// point moves the pointer over a picture onto the pixel at of its content.
func point(p *widgets.Picture, at image.Point) *desktop.MouseEvent {
	visible, size := p.View()
	content := p.Content()
	corner := visible.Min
	if content.X <= size.X {
		corner.X = -((size.X - content.X) / 2)
	}
	if content.Y <= size.Y {
		corner.Y = -((size.Y - content.Y) / 2)
	}
	whole := fyne.CurrentApp().Driver().AbsolutePositionForObject(p)
	frac := func(v float32) float32 { return float32(int(v+0.999)) - v }
	ev := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	ev.Position = fyne.NewPos(float32(at.X-corner.X)+0.5+frac(whole.X), float32(at.Y-corner.Y)+0.5+frac(whole.Y))
	p.MouseIn(ev)
	p.MouseMoved(ev)
	return ev
}

func click(p *widgets.Picture, at image.Point) {
	ev := point(p, at)
	p.MouseDown(ev)
	p.MouseUp(ev)
}

// buttons returns the buttons of the topmost dialog by their texts.
func (d *desk) buttons() map[string]fyne.Tappable {
	found := map[string]fyne.Tappable{}
	top := d.window.Canvas().Overlays().Top()
	for _, o := range test.LaidOutObjects(top) {
		switch b := o.(type) {
		case *widget.Button:
			found[b.Text] = b
		case *widgets.ActionButton:
			found[b.Text()] = b
		}
	}
	return found
}

func (d *desk) press(text string) {
	d.t.Helper()
	b, ok := d.buttons()[text]
	if !ok {
		d.t.Fatalf("no dialog has a button %q: %v", text, d.buttons())
	}
	test.Tap(b)
}

func (d *desk) dialogOpen() bool { return d.window.Canvas().Overlays().Top() != nil }

// writePNG writes a grey picture of size×size pixels that is different in every
// place.
func writePNG(t *testing.T, path string, size int, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewGray(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetGray(x, y, color.Gray{Y: uint8(128 + 60*((x/3+y/5)%2) - 30*((x/7)%2) + rng.IntN(30))})
		}
	}
	writeTo(t, path, func(out io.Writer) error { return png.Encode(out, img) })
}

func writeTo(t *testing.T, path string, write func(io.Writer) error) {
	t.Helper()
	if err := modelio.WriteFile(path, write); err != nil {
		t.Fatal(err)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// tiny is a recipe that loads and trains in no time: 200 patches of 4×4 from a
// picture of 40×40, 4 hidden units, a few iterations of L-BFGS.
func tiny(t *testing.T) recipe.Recipe {
	t.Helper()
	path := filepath.Join(t.TempDir(), "picture.png")
	writePNG(t, path, 40, 1)
	r := recipe.Default()
	r.Name, r.Title, r.Seed = "tiny", "Tiny", 3
	r.Data = recipe.Data{Source: recipe.SourceFiles, Path: path, Count: 200, PatchSize: 4}
	r.Preprocess = []preprocess.Spec{{Step: "scale"}}
	r.Model.Hidden, r.Model.Rho = 4, 0.1
	r.Optimizer.Iterations = 8
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	return r
}

// endless is tiny with a method that goes on until it is stopped.
func endless(t *testing.T) recipe.Recipe {
	r := tiny(t)
	r.Optimizer.Method, r.Optimizer.LearningRate = recipe.MethodAdam, 1e-4
	r.Optimizer.Batch, r.Optimizer.Epochs = 100, 5_000_000
	return r
}
