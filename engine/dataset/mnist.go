package dataset

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// MNISTFiles are the names of the four files of MNIST.
func MNISTFiles() []string {
	return []string{
		"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
		"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
	}
}

// ErrNoMNIST says how to get MNIST when FindMNIST does not find it.
var ErrNoMNIST = errors.New("MNIST is not on this computer: fetch it with filterscope data fetch mnist, or put its four files (train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, " +
	"t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz) into " + mnistHint() + ", or give the folder they are in with --data FOLDER")

// mnistHint names the folder to put the files into.
func mnistHint() string {
	if folder := MNISTFolder(); folder != "" {
		return folder
	}
	return "./mnist"
}

// FindMNIST returns the first folder that holds the MNIST training images;
// see Find.
func FindMNIST() (dir string, ok bool) { return Find("mnist") }

// Find returns the first folder that holds the training images of a published
// set, by the name of its folder: in $FILTERSCOPE_DATA, in the user's data
// folder for Filterscope, in the user's configuration folder for it, or here.
func Find(set string) (dir string, ok bool) {
	var folders []string
	if root := os.Getenv("FILTERSCOPE_DATA"); root != "" {
		folders = append(folders, filepath.Join(root, set))
	}
	if root := userData(); root != "" {
		folders = append(folders, filepath.Join(root, "filterscope", set))
	}
	if root, err := os.UserConfigDir(); err == nil {
		folders = append(folders, filepath.Join(root, "filterscope", set))
	}
	for _, dir := range append(folders, set) {
		for _, name := range []string{"train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"} {
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
				return dir, true
			}
		}
	}
	return "", false
}

// MNISTFolder returns the folder new MNIST files belong into; see Folder.
func MNISTFolder() string { return Folder("mnist") }

// Folder returns the folder the files of a published set (its name in small
// letters) belong into: the one of that name in $FILTERSCOPE_DATA, else in the
// user's data folder for Filterscope; "" when neither is known. It need not
// exist.
func Folder(set string) string {
	if root := os.Getenv("FILTERSCOPE_DATA"); root != "" {
		return filepath.Join(root, set)
	}
	if root := userData(); root != "" {
		return filepath.Join(root, "filterscope", set)
	}
	return ""
}

// userData returns the folder for a user's data files, or "": $XDG_DATA_HOME
// or ~/.local/share, and on Windows and macOS the configuration folder.
func userData() string {
	if root := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(root) {
		return root
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		root, _ := os.UserConfigDir() // "" when there is none
		return root
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share")
}
