package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Options say where files go and how long to wait. Dir alone is a valid value.
type Options struct {
	Dir string // made when it is not there
	// Idle is how long a mirror may say nothing before the next is asked; 0
	// means 30 seconds.
	Idle time.Duration
	// Client sends the requests; nil means one of the package's own.
	Client *http.Client
	// Progress is told how many bytes of how many of one file there are; total
	// is 0 while it is not known. nil tells nobody. It is called from the
	// goroutine that called Fetch.
	Progress func(done, total int, what string)
}

// ErrUnavailable reports that no mirror gave a file.
var ErrUnavailable = errors.New("no mirror gave it")

// errChecksum reports bytes that are not those published.
var errChecksum = errors.New("its checksum is not the published one")

// Limits of one download.
const (
	defaultIdle = 30 * time.Second
	// maxBytes bounds a file; the largest of the sets has 26 MB.
	maxBytes = 256 << 20
	// maxTries bounds the requests to one mirror for one file: a connection that
	// breaks is taken up again where it broke.
	maxTries = 5
)

// Fetch downloads the files of a set into o.Dir. Those that are there with the
// right checksum are left alone; fetched counts the others. When it ends early
// (ctx, no network) what has come is kept, and the next call goes on from it.
func Fetch(ctx context.Context, set Set, o Options) (fetched int, err error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return 0, fmt.Errorf("make the folder for %s: %w", set.Name, err)
	}
	f := &fetcher{set: set, o: o, client: o.Client, idle: o.Idle}
	if f.client == nil {
		// Transparent decompression would hand out something else than the file.
		transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableCompression: true}
		defer transport.CloseIdleConnections()
		f.client = &http.Client{Transport: transport}
	}
	if f.idle <= 0 {
		f.idle = defaultIdle
	}
	for _, file := range set.Files {
		fresh, err := f.file(ctx, file)
		if ctx.Err() != nil {
			return fetched, context.Cause(ctx)
		}
		if err != nil {
			return fetched, fmt.Errorf("fetch %s: %w", file.Name, err)
		}
		if fresh {
			fetched++
		}
	}
	return fetched, nil
}

// fetcher fetches the files of one set.
type fetcher struct {
	set    Set
	o      Options
	client *http.Client
	idle   time.Duration
}

// file makes sure that one file is there; fresh tells whether it was fetched.
func (f *fetcher) file(ctx context.Context, file File) (fresh bool, err error) {
	path := filepath.Join(f.o.Dir, file.Name)
	if err := file.verify(path); err == nil {
		return false, nil
	}
	part := path + ".part"
	var last error
	for _, mirror := range f.set.Mirrors {
		address, err := url.Parse(mirror + file.Name)
		if err != nil {
			return false, err
		}
		err = f.from(ctx, address, file, part)
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if err == nil {
			if err := os.Rename(part, path); err != nil {
				return false, err
			}
			return true, nil
		}
		if _, ok := errors.AsType[*os.PathError](err); ok {
			return false, err // the disk, not the mirror
		}
		last = fmt.Errorf("%s: %w", address.Host, err)
	}
	return false, fmt.Errorf("%w (the last of %d, %w); try again later, or put the files into %s yourself", ErrUnavailable, len(f.set.Mirrors), last, f.o.Dir)
}

// from fetches a file from one mirror into part, taking up what is there.
func (f *fetcher) from(ctx context.Context, address *url.URL, file File, part string) error {
	var err error
	for range maxTries {
		before := sizeOf(part)
		var end bool
		end, err = f.request(ctx, address, part)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case end && err == nil:
			if err = file.verify(part); err == nil {
				return nil
			}
			if remove := os.Remove(part); remove != nil {
				return remove
			}
			if before == 0 {
				return err // the mirror itself has other bytes
			}
		case end:
			return err
		}
	}
	return err
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
