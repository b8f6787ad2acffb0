package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// machine says where and when the measurements were made.
type machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Go        string `json:"go"`
	Threads   int    `json:"threads"`
	Commit    string `json:"commit"`
	When      string `json:"when"`
}

func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, %d threads, commit %s, %s", m.Processor, m.Cores, m.System, m.Go, m.Threads, m.Commit, m.When)
}

func describe(ctx context.Context, s setup) machine {
	m := machine{
		Processor: valueIn("/proc/cpuinfo", "model name", ":"),
		System:    valueIn("/etc/os-release", "PRETTY_NAME", "="),
		Cores:     runtime.NumCPU(), Go: runtime.Version(), Threads: s.threads,
		When: time.Now().UTC().Format("2 January 2006 15:04 UTC"),
	}
	if m.Processor == "" {
		m.Processor = runtime.GOARCH
	}
	if m.System == "" {
		m.System = runtime.GOOS
	}
	git := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty")
	git.Dir = s.root
	if out, err := git.Output(); err == nil {
		m.Commit = strings.TrimSpace(string(out))
	}
	return m
}

// valueIn returns what follows key and the separator in the first such line
// of a file, "" when there is none.
func valueIn(path, key, separator string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), separator)
		if ok && strings.TrimSpace(name) == key {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}
