package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"filterscope/engine/dataset"
	"filterscope/engine/dataset/fetch"
	"filterscope/engine/recipe"
	"filterscope/widgets"
)

// fetcher downloads published data sets, one at a time. Its fields belong to the
// UI goroutine.
type fetcher struct {
	sets   func() []fetch.Set      // with their mirrors
	folder func(set string) string // where the files of a set belong
	cancel context.CancelCauseFunc // of the download that goes on, nil for none
	turn   int
}

func newFetcher() *fetcher { return &fetcher{sets: fetch.Sets, folder: dataset.Folder} }

// setTitles names the sets for people, in the order of fetcher.sets.
func (f *fetcher) titles() []string {
	var all []string
	for _, s := range f.sets() {
		all = append(all, setTitle(s))
	}
	return all
}

func setTitle(s fetch.Set) string {
	title, _, _ := strings.Cut(s.Title, ":")
	return title
}

// fetchSet downloads a set into the user's data folder and uses it then. Another
// download is given up.
func (w *Window) fetchSet(set fetch.Set) {
	f := w.fetcher
	if f.cancel != nil {
		f.cancel(errCancelled)
	}
	dir := f.folder(set.Name)
	if dir == "" {
		w.failed("The files could not be fetched", errors.New("this computer has no data folder for its user; set FILTERSCOPE_DATA to a folder to put the files into"))
		return
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	f.cancel = cancel
	f.turn++
	turn := f.turn
	current := func() bool { return !w.closing && f.turn == turn }
	giveUp := func() {
		cancel(errCancelled)
		if current() {
			f.turn++
			f.cancel = nil
			w.fetched()
			w.banner.Clear()
		}
	}
	w.fetching(set, 0, 0, "asking for the files", giveUp)
	progress := throttle(100*time.Millisecond, func(done, total int, what string) {
		w.do(func() {
			if current() {
				w.fetching(set, done, total, what, giveUp)
			}
		})
	})
	go func() {
		_, err := guarded(func() (int, error) { return fetch.Fetch(ctx, set, fetch.Options{Dir: dir, Progress: progress}) })
		cancel(nil)
		w.do(func() {
			if !current() {
				return
			}
			f.cancel = nil
			w.fetched()
			if err != nil {
				w.notFetched(set, err)
				return
			}
			w.banner.Clear()
			w.useFetched(set, dir)
		})
	}()
}

// fetchMNIST fetches MNIST.
func (w *Window) fetchMNIST() {
	for _, s := range w.fetcher.sets() {
		if s.Name == "mnist" {
			w.fetchSet(s)
		}
	}
}

// fetching tells how far a download is.
func (w *Window) fetching(set fetch.Set, done, total int, what string, giveUp func()) {
	text := fmt.Sprintf("Fetching %s: %s", setTitle(set), what)
	if done > 0 {
		text += ", " + megabytes(done)
		if total > 0 {
			text += " of " + megabytes(total)
		}
	}
	w.say(topicFetch, widgets.Notice, text, widgets.Action{Label: "Cancel", Do: giveUp})
	w.data.setFetching(true, float64(done)/float64(max(1, total)))
}

// fetched ends what fetching shows.
func (w *Window) fetched() {
	w.topic = topicOther
	w.data.setFetching(false, 0)
}

// notFetched tells why a download failed.
func (w *Window) notFetched(set fetch.Set, err error) {
	w.logger.Warn("fetch", "set", set.Name, "error", err)
	text := setTitle(set) + " could not be fetched: " + oneLine(err)
	if _, ok := errors.AsType[*net.DNSError](err); ok { // said for people
		text = fmt.Sprintf("%s could not be fetched: none of its mirrors can be reached. Is this computer online? Its files may also be put into %s by hand.", setTitle(set), w.fetcher.folder(set.Name))
	}
	w.say(topicOther, widgets.Failure, text,
		widgets.Action{Label: "Try again", Do: func() { w.fetchSet(set) }}, widgets.Action{Label: "Dismiss", Do: w.banner.Clear})
}

// useFetched goes on with a set that is there now.
func (w *Window) useFetched(set fetch.Set, dir string) {
	w.overlay.Toast(setTitle(set) + " is in " + dir)
	r := w.session.recipe
	if r.Data.Source == recipe.SourceMNIST && r.Data.Path == "" && set.Name == "mnist" && !r.IsRBF() {
		if w.view == viewData {
			w.data.again()
			return
		}
		w.start()
		return
	}
	w.openData([]string{dir}, readData, "")
}
