package app

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"filterscope/engine/modelio"
	"filterscope/engine/recipe"
	"filterscope/engine/train"
)

// photographer walks through the views and states of the real window and
// writes a picture of each.
type photographer struct {
	script
	dir   string
	limit time.Duration // of the training of a recipe
	quit  func(code int)
	err   error
}

func newPhotographer(w *Window, dir string, quit func(int)) *photographer {
	return &photographer{script: script{w}, dir: dir, quit: quit}
}

func (p *photographer) start() { go p.walk() }

// startRecipes photographs recipes instead; see walkRecipes.
func (p *photographer) startRecipes(limit time.Duration, mnist string, names []string) {
	p.err, p.limit = os.MkdirAll(p.dir, 0o777), limit
	go p.walkRecipes(mnist, names)
}

// walk takes all pictures, dark first.
func (p *photographer) walk() {
	p.err = os.MkdirAll(p.dir, 0o777)
	for _, variant := range []string{"dark", "light"} {
		p.ui(func() {
			p.w.setVariantOnce(variant)
			p.w.choose(recipe.Builtin()[0])
		})
		p.shoot(variant + "-1-first-run")
		p.train("strokes", 400)
		p.until(30*time.Second, func() bool { return p.step() >= 60 })
		p.ui(func() { p.w.filters.choose(37) })
		p.shoot(variant + "-2-running")
		p.key("", '2')
		p.until(30*time.Second, func() bool { return p.step() >= 100 })
		p.shoot(variant + "-3-curves")
		p.key("", '3')
		p.shoot(variant + "-4-reconstruct")
		p.ui(func() { p.w.reconstruct.choose(worstExamples) })
		p.shoot(variant + "-5-worst")
		p.key("", '1')
		p.key(fyne.KeySpace, 0)
		p.until(10*time.Second, func() bool { return p.w.phase == train.Paused })
		p.shoot(variant + "-6-paused")
		p.key("", 'm')
		p.shoot(variant + "-7-colours")
		p.key("", 'm')
		p.key("", 'm')
		p.ui(func() { p.w.edit(func(r *recipe.Recipe) { r.Model.Hidden = 100 }) })
		p.shoot(variant + "-8-edited")
		p.ui(p.w.exportDialog)
		p.shoot(variant + "-9-export")
		p.ui(p.closeDialog)
		p.ui(func() { p.w.Open(filepath.Join(p.dir, "no such file.png")) })
		p.shoot(variant + "-10-error")
		p.train("edges", 0)
		p.until(60*time.Second, func() bool { return p.w.phase == train.Done })
		p.ui(func() { p.w.filters.choose(3) })
		p.shoot(variant + "-11-done")
		p.forms(variant)
		p.diagnoses(variant)
		p.radial(variant)
		p.data(variant)
		p.codes(variant)
		p.kinds(variant)
	}
	p.finish()
}

// finish closes the window and says what went wrong.
func (p *photographer) finish() {
	code := 0
	if p.err != nil {
		fmt.Fprintf(os.Stderr, "filterscope shots: %s\n", oneLine(p.err))
		code = 1
	}
	p.ui(func() { p.quit(code) })
}

func (p *photographer) step() int {
	if p.w.frame == nil || p.w.frame.snap == nil {
		return 0
	}
	return p.w.frame.snap.Step
}

func (p *photographer) closeDialog() {
	overlays := p.w.window.Canvas().Overlays()
	for overlays.Top() != nil {
		overlays.Remove(overlays.Top())
	}
}

// train starts the recipe of that name, of so many iterations if not 0.
func (p *photographer) train(name string, iterations int) {
	r, err := recipe.Open(name)
	if err != nil {
		p.err = errors.Join(p.err, err)
		return
	}
	if iterations > 0 {
		r.Optimizer.Iterations = iterations
	}
	p.ui(func() {
		p.w.choose(r)
		p.w.start()
	})
	p.until(30*time.Second, func() bool { return p.step() > 0 || p.w.banner.Visible() && p.w.session.stage != loading })
}

// shoot waits until the window has been painted and writes its picture.
func (p *photographer) shoot(name string) {
	time.Sleep(700 * time.Millisecond)
	path := filepath.Join(p.dir, name+".png")
	var img image.Image
	p.ui(func() { img = p.w.window.Canvas().Capture() })
	if !uniform(img) {
		p.err = errors.Join(p.err, modelio.WriteFile(path, func(out io.Writer) error { return png.Encode(out, img) }))
		return
	}
	p.err = errors.Join(p.err, shootScreen(path))
}

// uniform reports whether all pixels are the same: Mesa's software OpenGL has
// no front buffer to read.
func uniform(img image.Image) bool {
	b := img.Bounds()
	first := img.At(b.Min.X, b.Min.Y)
	for y := b.Min.Y; y < b.Max.Y; y += 7 {
		for x := b.Min.X; x < b.Max.X; x += 7 {
			if img.At(x, y) != first {
				return false
			}
		}
	}
	return true
}

// shootScreen lets ImageMagick take the picture from the X server.
func shootScreen(path string) error {
	id, err := exec.Command("xdotool", "search", "--onlyvisible", "--pid", fmt.Sprint(os.Getpid())).Output()
	if err != nil {
		if id, err = exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Filterscope").Output(); err != nil {
			return fmt.Errorf("this display gives no picture of the window, and xdotool finds none: %w", err)
		}
	}
	windows := strings.Fields(string(id))
	if out, err := exec.Command("import", "-window", windows[len(windows)-1], path).CombinedOutput(); err != nil {
		return fmt.Errorf("import (ImageMagick) takes no picture of the window: %w %s", err, out)
	}
	return nil
}

// setVariantOnce changes the colours without remembering them.
func (w *Window) setVariantOnce(variant string) {
	w.variant = variant
	w.applyTheme()
}
