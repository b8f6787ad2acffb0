package modelio_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filterscope/engine/modelio"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// wantFolder demands that dir holds just these files.
func wantFolder(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", have, names)
	}
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	for _, s := range []string{"first", "second, longer", "third"} {
		if err := modelio.WriteFile(path, text(s)); err != nil {
			t.Fatal(err)
		}
		wantText(t, path, s)
	}
	wantFolder(t, dir, "out.txt")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := modelio.WriteFile(path, text("fourth")); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v, want 0640 as before", info.Mode())
	}
}

func TestWriteFileKeepsTheOldOne(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	if err := modelio.WriteFile(path, text("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	err := modelio.WriteFile(path, func(w io.Writer) error {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			return err
		}
		return full
	})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names %s and wraps %v", err, path, full)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is lost")
			}
		}()
		_ = modelio.WriteFile(path, func(io.Writer) error { panic("bug") })
	}()
	wantText(t, path, "old")
	wantFolder(t, dir, "out.txt")
	if err := modelio.Save(path, &modelio.Model{}); err == nil {
		t.Error("a model without precision is saved")
	}
	wantText(t, path, "old")
}

func TestWriteFileThroughLink(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := modelio.WriteFile(path, text("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := modelio.WriteFile(link, text("new")); err != nil {
		t.Fatal(err)
	}
	wantText(t, path, "new")
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
}

func TestWriteFileWhereItCannot(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(file, "out"), filepath.Join(dir, "none", "out"), dir} {
		err := modelio.WriteFile(path, text("x"))
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), ".tmp") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if os.Getuid() > 0 { // root may write anywhere
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o700)
		if err := modelio.WriteFile(filepath.Join(dir, "out"), text("x")); err == nil {
			t.Error("read-only folder: no error")
		}
		if err := modelio.CheckFolder(dir); err == nil {
			t.Error("CheckFolder: read-only folder: no error")
		}
	}
	wantFolder(t, dir, "file")
}

func TestCheckFolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, good := range []string{dir, filepath.Join(dir, "new", "deep"), "."} {
		if err := modelio.CheckFolder(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{file, filepath.Join(file, "in")} {
		if err := modelio.CheckFolder(bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	wantFolder(t, dir, "file")
}
