package modelio

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile makes the file at path from what write writes. It goes to a
// temporary file in the same folder first, which is synced and then renamed:
// whatever fails, also write itself, path holds the old file or the new one,
// never part of one, and the temporary file is gone. A symbolic link at path
// stays one.
func WriteFile(path string, write func(w io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, plain(err))
		}
	}()
	target := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		target = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(target); err == nil {
		if info.IsDir() {
			return errors.New("there is a folder of that name")
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*.tmp")
	if err != nil {
		return err
	}
	done := false
	defer func() { // also when write panics
		if !done {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	out := bufio.NewWriterSize(f, 1<<16)
	if err := write(out); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), f.Chmod(mode), f.Sync()); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return err
	}
	done = true
	syncFolder(filepath.Dir(target))
	return nil
}

// syncFolder makes a rename last through a power failure where the system can;
// it is as well when it cannot.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// CheckFolder returns an error when files cannot be written into the folder
// dir: before an hour of work, not after it. For a folder that does not exist
// yet it looks at the nearest one above it. It leaves nothing behind.
func CheckFolder(dir string) error {
	at := filepath.Clean(dir)
	for {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("cannot write into %s: %s is not a folder", dir, at)
		}
		if err == nil {
			break
		}
		above := filepath.Dir(at)
		if !errors.Is(err, fs.ErrNotExist) || above == at {
			return fmt.Errorf("cannot write into %s: %w", dir, plain(err))
		}
		at = above
	}
	f, err := os.CreateTemp(at, ".filterscope.*.tmp")
	if err != nil {
		return fmt.Errorf("cannot write into %s: %w", at, plain(err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// plain drops the name of a temporary file from an error.
func plain(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
