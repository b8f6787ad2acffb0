package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// meter shows progress on standard error: a bar when that is a terminal, a
// line every few seconds otherwise, nothing when quiet.
type meter struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	quiet bool
	last  time.Time
}

const lineEvery = 2 * time.Second

func newMeter(out io.Writer, quiet bool) *meter { return &meter{out: out, quiet: quiet} }

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
	switch {
	case m.quiet:
	case isTerminal(m.out):
		if m.bar == nil || m.bar.GetMax() != total {
			m.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(m.out),
				progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionShowCount())
		}
		m.bar.Describe(what)
		_ = m.bar.Set(done)
	case time.Since(m.last) >= lineEvery:
		m.last = time.Now()
		fmt.Fprintf(m.out, "%d of %d  %s\n", done, total, what)
	}
}

// close leaves the terminal as it was.
func (m *meter) close() {
	if m.bar != nil {
		_ = m.bar.Clear()
	}
}
