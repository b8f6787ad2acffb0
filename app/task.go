package app

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// Task is what the window is opened for.
type Task struct {
	paths   []string      // opened at the start
	shots   string        // folder that gets pictures of the window
	recipes bool          // with shots: of every recipe
	mnist   string        // with recipes: the folder with MNIST
	names   []string      // with recipes: those alone
	limit   time.Duration // with recipes: to train each at the most
	smoke   bool          // measure how alive the window is, print JSON
	train   int           // with smoke: only train for so many iterations
	rbf     bool          // with smoke: measure the RBF view
	views   bool          // with smoke: measure the views of a run
}

// ParseTask reads the arguments of the window: paths, or "shots DIR", or "shots
// DIR recipes[=TIME] [MNIST [NAME[=DATA]...]]", or "smoke", or "smoke train ITERATIONS", "smoke rbf" or "smoke views".
func ParseTask(args []string) (Task, error) {
	switch {
	case len(args) == 0:
		return Task{}, nil
	case args[0] == "shots" && len(args) == 2:
		return Task{shots: args[1]}, nil
	case args[0] == "shots" && len(args) > 2 && (args[2] == "recipes" || strings.HasPrefix(args[2], "recipes=")):
		t := Task{shots: args[1], recipes: true, limit: recipeTime}
		if _, limit, ok := strings.Cut(args[2], "="); ok {
			var err error
			if t.limit, err = time.ParseDuration(limit); err != nil || t.limit <= 0 {
				return Task{}, fmt.Errorf("%s: want a time such as recipes=5m", args[2])
			}
		}
		if len(args) > 3 {
			t.mnist, t.names = args[3], args[4:]
		}
		return t, nil
	case args[0] == "shots":
		return Task{}, fmt.Errorf("want filterscope shots DIR, or filterscope shots DIR recipes[=TIME] [MNIST [NAME[=DATA]...]]")
	case args[0] == "smoke" && len(args) == 1:
		return Task{smoke: true}, nil
	case args[0] == "smoke" && len(args) == 2 && args[1] == "rbf":
		return Task{rbf: true}, nil
	case args[0] == "smoke" && len(args) == 2 && args[1] == "views":
		return Task{views: true}, nil
	case args[0] == "smoke":
		n := 0
		if len(args) == 3 && args[1] == "train" {
			n, _ = strconv.Atoi(args[2])
		}
		if n < 1 {
			return Task{}, fmt.Errorf("want filterscope smoke, filterscope smoke train ITERATIONS, filterscope smoke rbf, or filterscope smoke views")
		}
		return Task{smoke: true, train: n}, nil
	case strings.HasPrefix(args[0], "-"):
		return Task{}, fmt.Errorf("%s: there is no such command; see filterscope help", strings.Join(args, " "))
	}
	for _, path := range args {
		if _, err := os.Stat(path); err != nil {
			return Task{}, fmt.Errorf("%s is neither a command (see filterscope help) nor a file", path)
		}
	}
	return Task{paths: args}, nil
}

// Run carries the task out on the UI goroutine, once the event loop runs; a
// task that ends by itself closes the window and passes its exit code on.
func (t Task) Run(w *Window, exit func(code int)) {
	quit := func(code int) {
		exit(code)
		w.close()
	}
	switch {
	case len(t.paths) > 0:
		w.openAll(t.paths)
	case t.recipes:
		newPhotographer(w, t.shots, quit).startRecipes(t.limit, t.mnist, t.names)
	case t.shots != "":
		newPhotographer(w, t.shots, quit).start()
	case t.rbf:
		newRBFSmoke(w, quit).start()
	case t.views:
		newViewSmoke(w, quit).start()
	case t.smoke:
		newSmoke(w, t.train, quit).start()
	}
}

// Stopped ends the run when the application ends some other way than by
// closing the window: by the desktop, or by a signal.
func (w *Window) Stopped() {
	if w.closing {
		return // close has waited
	}
	w.closing = true
	w.savePreferences()
	await(w.patience, w.session.quit())
}

// script is a series of steps that goroutines other than the UI's carry out on
// the window, one after the other.
type script struct {
	w *Window
}

// ui runs f on the UI goroutine and waits for it.
func (s script) ui(f func()) {
	done := make(chan struct{})
	s.w.do(func() {
		defer close(done)
		f()
	})
	<-done
}

// until waits for a condition, looked at on the UI goroutine.
func (s script) until(limit time.Duration, condition func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok := false
		s.ui(func() { ok = condition() })
		if ok {
			return true
		}
	}
	return false
}

// key presses a bare key or types a character, as the window would get it.
func (s script) key(name fyne.KeyName, char rune) {
	s.ui(func() {
		if name != "" {
			s.w.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
			return
		}
		s.w.window.Canvas().OnTypedRune()(char)
	})
}
