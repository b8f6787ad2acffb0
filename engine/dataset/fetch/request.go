package fetch

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// verify compares the checksums of a file with the published ones.
func (f File) verify(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum5, sum256 := md5.New(), sha256.New()
	if _, err := io.Copy(io.MultiWriter(sum5, sum256), file); err != nil {
		return err
	}
	differs := func(h hash.Hash, want string) bool { return want != "" && hex.EncodeToString(h.Sum(nil)) != want }
	if differs(sum5, f.MD5) || differs(sum256, f.SHA256) || f.MD5+f.SHA256 == "" {
		return errChecksum
	}
	return nil
}

// errIdle is the cause of a request that is given up because nothing comes.
type errIdle struct{ after time.Duration }

func (e errIdle) Error() string { return fmt.Sprintf("it sent nothing for %v", e.after) }

// request asks once for what is missing of part and appends it. end tells that
// another request to the same mirror is of no use: the file is whole (without
// an error), or the mirror does not have it.
func (f *fetcher) request(ctx context.Context, address *url.URL, part string) (end bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(f.idle, func() { cancel(errIdle{f.idle}) })
	defer timer.Stop()

	have := sizeOf(part)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return true, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("User-Agent", "filterscope")
	if have > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	answer, err := f.client.Do(r)
	if err != nil {
		// A mirror that cannot be reached now will not be reached at once.
		return true, plain(ctx, err)
	}
	defer answer.Body.Close()
	flags := os.O_WRONLY | os.O_CREATE
	switch {
	case answer.StatusCode == http.StatusOK:
		have = 0
		flags |= os.O_TRUNC
	case answer.StatusCode == http.StatusPartialContent && startsAt(answer, have):
		flags |= os.O_APPEND
	case answer.StatusCode == http.StatusRequestedRangeNotSatisfiable && have > 0:
		return true, nil // part is as long as the file, or longer: its checksum tells
	case answer.StatusCode == http.StatusPartialContent:
		return true, errors.New("it sent another part of the file than was asked for")
	default:
		return true, fmt.Errorf("it answers %s", answer.Status)
	}
	total := int64(0) // not known
	if answer.ContentLength >= 0 {
		total = have + answer.ContentLength
	}
	if total > maxBytes {
		return true, fmt.Errorf("it offers %d bytes, far more than the file has", total)
	}
	out, err := os.OpenFile(part, flags, 0o644)
	if err != nil {
		return true, err
	}
	w := &writer{f: f, out: out, timer: timer, done: have, total: total, what: address.Host}
	w.tell()
	_, err = io.Copy(w, io.LimitReader(answer.Body, maxBytes-have+1))
	if sync := out.Sync(); err == nil {
		err = sync
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	w.tell()
	switch {
	case err != nil:
		err = plain(ctx, err)
		_, idle := errors.AsType[errIdle](err)
		return idle, err // a broken line is taken up again, a silent mirror is left
	case w.done > maxBytes:
		return true, errors.New("it sends far more than the file has")
	case total > 0 && w.done < total:
		return false, io.ErrUnexpectedEOF
	}
	return true, nil
}

// startsAt reports whether the part that an answer carries starts at byte have.
func startsAt(answer *http.Response, have int64) bool {
	return strings.HasPrefix(answer.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have))
}

// plain words a network error in one short clause.
func plain(ctx context.Context, err error) error {
	if idle, ok := errors.AsType[errIdle](context.Cause(ctx)); ok {
		return idle
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("the connection broke off")
	}
	return err
}

// writer writes what comes, keeps the timer from ringing and tells the
// progress.
type writer struct {
	f           *fetcher
	out         *os.File
	timer       *time.Timer
	done, total int64
	what        string
}

func (w *writer) Write(b []byte) (int, error) {
	w.timer.Reset(w.f.idle)
	n, err := w.out.Write(b)
	w.done += int64(n)
	w.tell()
	return n, err
}

func (w *writer) tell() {
	if w.f.o.Progress != nil {
		w.f.o.Progress(int(w.done), int(w.total), w.what)
	}
}
