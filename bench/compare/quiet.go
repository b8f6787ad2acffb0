package main

import (
	"bufio"
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A shared machine has other work. The comparison waits for a quiet moment
// before it starts a process, measures how much of the processor others took
// while that ran, and repeats it when that was too much.
const (
	quietShare = 0.05 // of all cores
	glance     = 300 * time.Millisecond
)

// usage is the processor time of the whole machine so far, as Linux tells it.
type usage struct {
	busy time.Duration
	at   time.Time
	ok   bool // false on other systems
}

// jiffy is the unit of /proc/stat on all Linux systems in use.
const jiffy = 10 * time.Millisecond

func usageNow() usage {
	f, err := os.Open("/proc/stat")
	if err != nil {
		return usage{}
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	return parseUsage(lines.Text())
}

// parseUsage reads the line “cpu user nice system idle iowait irq softirq steal …”.
func parseUsage(line string) usage {
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return usage{}
	}
	u := usage{at: time.Now(), ok: true}
	for i, field := range fields[1:9] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return usage{}
		}
		if i != 3 && i != 4 { // idle, iowait
			u.busy += time.Duration(n) * jiffy
		}
	}
	return u
}

// others returns the share of all cores that was taken since before by anyone
// but a process that itself took own; 0 when the system does not tell.
func (u usage) others(before usage, own time.Duration) float64 {
	if !u.ok || !before.ok || !u.at.After(before.at) {
		return 0
	}
	all := u.at.Sub(before.at).Seconds() * float64(runtime.NumCPU())
	return max(0, (u.busy-before.busy-own).Seconds()/all)
}

// waitForQuiet returns as soon as the machine is quiet, or after the time d.
func waitForQuiet(ctx context.Context, d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
		before := usageNow()
		select {
		case <-ctx.Done():
			return
		case <-time.After(glance):
		}
		if usageNow().others(before, 0) <= quietShare {
			return
		}
	}
}
