// Package assets holds the files that are part of the program: the built-in
// recipes, their pictures and the icon.
package assets

import "embed"

// Recipes holds recipes/*.toml and, beside each, a picture of what it learns,
// drawn by the program itself.
//
//go:embed recipes
var Recipes embed.FS

// Icon is the program's icon: a small mosaic of edge filters, PNG.
//
//go:embed icon.png
var Icon []byte

// Signs and SignsBold are fonts of the few signs that texts of the window need
// and Fyne's own fonts lack, such as the minus.
var (
	//go:embed fonts/signs.ttf
	Signs []byte
	//go:embed fonts/signs-bold.ttf
	SignsBold []byte
)
