package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/sfnt"
)

// A fresh machine has no fonts, and then Fyne shows what its own lack as �. So
// every sign in a text of the program is in a font that comes with it.
func TestSigns(t *testing.T) {
	fonts := func(resources ...fyne.Resource) (list []*sfnt.Font) {
		for _, r := range resources {
			f, err := sfnt.Parse(r.Content())
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f)
		}
		return list
	}
	th := NewTheme("dark")
	faces := map[string][]*sfnt.Font{
		"regular":   fonts(th.Font(fyne.TextStyle{}), theme.DefaultTextFont()),
		"bold":      fonts(th.Font(fyne.TextStyle{Bold: true}), theme.DefaultTextBoldFont()),
		"monospace": fonts(th.Font(fyne.TextStyle{Monospace: true})),
	}
	for r, file := range signsOfTexts(t, "..") {
		for name, list := range faces {
			found := false
			for _, f := range list {
				g, err := f.GlyphIndex(nil, r)
				found = found || err == nil && g != 0
			}
			if !found {
				t.Errorf("%s: no %s font of ours has %q (%U): add it to assets/fonts/make.py", file, name, r, r)
			}
		}
	}
}

// signsOfTexts returns what is beyond ASCII in the strings of the program and in
// its recipes, each with a file that has it.
func signsOfTexts(t *testing.T, root string) map[rune]string {
	t.Helper()
	signs := map[rune]string{}
	add := func(text, file string) {
		for _, r := range text {
			if r > '~' && strconv.IsPrint(r) {
				signs[r] = file
			}
		}
	}
	for _, folder := range []string{"app", "widgets", "engine", "assets"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go"):
			case strings.HasSuffix(path, ".toml"):
				text, err := os.ReadFile(path)
				add(string(text), path)
				return err
			case strings.HasSuffix(path, ".go"):
				file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
				if err != nil {
					return err
				}
				ast.Inspect(file, func(n ast.Node) bool {
					if l, ok := n.(*ast.BasicLit); ok && (l.Kind == token.STRING || l.Kind == token.CHAR) {
						text, _ := strconv.Unquote(l.Value)
						add(text, path)
					}
					return true
				})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return signs
}
