package cli

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Commands under test say nothing about their progress, however slow the machine is.
func init() { lineEvery = 1000 * time.Hour }

// Into a file, progress is a line every two seconds; quick work and quiet
// work say nothing.
func TestMeterLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		m := newMeter(&b, false)
		m.every = 2 * time.Second
		for i := range 100 { // ten seconds
			m.show(i, 100, "things")
			time.Sleep(100 * time.Millisecond)
			if i == 10 && b.Len() > 0 {
				t.Errorf("after a second: %q", b.String())
			}
		}
		m.close()
		if want := "20 of 100  things\n40 of 100  things\n60 of 100  things\n80 of 100  things\n"; b.String() != want {
			t.Errorf("got %q, want %q", b.String(), want)
		}
		b.Reset()
		m = newMeter(&b, true)
		m.every = 2 * time.Second
		time.Sleep(time.Minute)
		m.show(1, 2, "things")
		if b.Len() > 0 {
			t.Errorf("quiet, but %q", b.String())
		}
	})
}

// On a terminal there is one bar for each piece of work, which goes when the
// meter closes.
func TestMeterBar(t *testing.T) {
	var b bytes.Buffer
	m := newMeter(&b, false)
	m.terminal = true
	var wg sync.WaitGroup
	for range 4 { // loading reports from several goroutines
		wg.Go(func() {
			for i := range 50 {
				m.show(i+1, 50, "loaded")
			}
		})
	}
	wg.Wait()
	m.show(0, 7, "trained")
	m.show(9, 7, "trained")
	m.close()
	m.close()
	out := b.String()
	if !strings.Contains(out, "loaded") || !strings.Contains(out, "trained") || strings.Contains(out, "\n") {
		t.Errorf("got %q", out)
	}
	if last := out[strings.LastIndex(strings.TrimRight(out, "\r"), "\r")+1:]; strings.TrimSpace(last) != "" {
		t.Errorf("the terminal is left with %q", last)
	}
}
