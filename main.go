// Command filterscope opens the window of Filterscope, a desktop instrument
// that trains small unsupervised networks while you watch and shows what they
// learn. With the name of a command it runs that on the command line instead.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"filterscope/app"
	"filterscope/app/cli"
	_ "filterscope/app/locale" // before Fyne looks at the locale
	"filterscope/assets"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && cli.Is(args[0]) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
		code := cli.Main(ctx, args, cli.Terminal{Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code)
	}
	os.Exit(window(args))
}

// window opens the window and returns the exit code once it is closed.
func window(args []string) int {
	keepCrash()
	task, err := app.ParseTask(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "filterscope: %s\n", err)
		return cli.ExitUsage
	}
	a := fyneapp.NewWithID(app.ID)
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	w := app.New(a, fyne.Do, logger)
	code := 0
	a.Lifecycle().SetOnStarted(func() {
		w.Start()
		task.Run(w, func(c int) { code = c })
	})
	a.Lifecycle().SetOnStopped(w.Stopped)
	w.Show()
	a.Run()
	return code
}

// keepCrash makes the Go runtime write a crash to a file beside the user's
// caches, as well as to standard error.
func keepCrash() {
	dir, err := os.UserCacheDir()
	if err != nil {
		return
	}
	dir = filepath.Join(dir, "filterscope")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return
	}
	if f, err := os.Create(filepath.Join(dir, "crash.txt")); err == nil {
		_ = debug.SetCrashOutput(f, debug.CrashOptions{})
		_ = f.Close()
	}
}
