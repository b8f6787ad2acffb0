package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// meter shows progress on standard error: a bar when that is a terminal, a
// line every few seconds otherwise, nothing when quiet. Work that is done
// within the first of these seconds shows no line. Its methods may be called
// from any goroutine.
type meter struct {
	out      io.Writer
	terminal bool
	quiet    bool
	every    time.Duration // between two lines

	mu          sync.Mutex
	bar         *progressbar.ProgressBar
	done, total int // of the bar: how far it is, and its total
	last        time.Time
}

// lineEvery is the least time between two lines. It is a variable for tests of what
// else a command says, which may be slow.
var lineEvery = 2 * time.Second

func newMeter(out io.Writer, quiet bool) *meter {
	return &meter{out: out, quiet: quiet, every: lineEvery, terminal: isTerminal(out), last: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show reports that done of total are done; what tells of what.
func (m *meter) show(done, total int, what string) {
	if m.quiet {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.terminal:
		if m.bar == nil || m.total != total || done < m.done { // another piece of work
			m.clear()
			m.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(m.out),
				progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowCount())
		}
		m.done, m.total = done, total
		m.bar.Describe(what)
		_ = m.bar.Set(min(done, total))
	case time.Since(m.last) >= m.every:
		m.last = time.Now()
		fmt.Fprintf(m.out, "%d of %d  %s\n", done, total, what)
	}
}

// close leaves the terminal as it was. The meter may be used again.
func (m *meter) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
}

func (m *meter) clear() {
	if m.bar != nil {
		_ = m.bar.Clear()
	}
	m.bar = nil
}
