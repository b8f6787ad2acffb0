// Command filterscope-cli is the command line of Filterscope alone: the same
// commands without the window, built without cgo.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"filterscope/app/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := cli.Main(ctx, os.Args[1:], cli.Terminal{Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
