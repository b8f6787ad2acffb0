#!/usr/bin/env bash
# Checks that imports run the way architecture.md draws them, and that the banned ones stay out. One line a violation.
#
# usage: scripts/arrows.sh      from anywhere inside the module
#
# Exit 0: clean. Exit 1: violations, or `go list` failed.
set -eu

cd "$(dirname "$0")/.."
module=$(go list -m)
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# The place of each engine package: what it may import of ours, besides its own subpackages and those it lies in.
# A package without a line here has no place yet: give it one. Tests may reach upwards.
places() {
	cat <<'TABLE'
linalg
nn           linalg
optim        linalg nn
dataset      linalg
preprocess   linalg dataset
autoencoder  linalg nn
selection    linalg nn
rbm          linalg nn
rbf          linalg nn
surface      linalg dataset rbf
analysis     linalg nn dataset preprocess autoencoder rbm rbf
render       linalg dataset preprocess
figure       linalg render
recipe       linalg nn optim dataset preprocess autoencoder selection rbm rbf
modelio      linalg nn dataset preprocess autoencoder selection rbm rbf recipe
network      linalg nn autoencoder selection rbm recipe
train        linalg nn optim dataset preprocess autoencoder selection rbm rbf analysis recipe modelio network
experiment   linalg optim dataset rbf surface recipe modelio render figure
TABLE
}

# File formats are read by packages that know nothing but the standard library and what they share in dataset/internal.
parsers="idx npy mat5 pnm table safetensors ply xyz"

# reach PATTERN WHAT FORBIDDEN: nothing that a package (its tests included) depends on may begin with FORBIDDEN.
reach() {
	deps=$(CGO_ENABLED=0 go list -deps -test -f '{{.ImportPath}}' "$1")
	printf '%s\n' "$deps" | sed -n "s/ .*//; s|^$3|$2 reaches &|p" | sort -u >>"$found"
}

# Build problems would make the lists below silently short.
go list -f '{{.ImportPath}}' ./... >/dev/null

reach ./engine/... engine "fyne\.io/"
reach ./app/cli/... app/cli "fyne\.io/"
reach ./cmd/filterscope-cli/... cmd/filterscope-cli "fyne\.io/"

# shellcheck disable=SC2016 # the dollars are the template's
go list -f '{{$p := .}}{{range .Imports}}{{$p.ImportPath}} {{$p.Name}} {{.}}
{{end}}' ./... | module=$module parsers=$parsers table=$(places) awk '
	BEGIN {
		module = ENVIRON["module"]
		rows = split(ENVIRON["table"], row, "\n")
		for (r = 1; r <= rows; r++) {
			words = split(row[r], word, " ")
			known[word[1]] = 1
			for (w = 2; w <= words; w++) may[word[1], word[w]] = 1
		}
		split(ENVIRON["parsers"], list, " ")
		for (i in list) parser[list[i]] = 1
	}
	# within("filterscope/engine/a/b", "engine") is "a/b", and empty outside.
	function within(path, top) {
		top = module "/" top "/"
		return index(path, top) == 1 ? substr(path, length(top) + 1) : ""
	}
	function head(path) { sub("/.*", "", path); return path }
	function tail(path) { sub(".*/", "", path); return path }
	function ours(path) { return path == module || index(path, module "/") == 1 }
	function bad(why) { print from " imports " to why }
	NF < 3 { next }
	{
		from = $1; name = $2; to = $3
		inside = within(from, "engine")
		if (inside != "") {
			here = head(inside); there = head(within(to, "engine"))
			if (!(here in known) && !(here in named)) {
				named[here] = 1
				print from " has no place in scripts/arrows.sh"
			}
			if (ours(to) && there == "") {
				if (within(to, "internal") == "" && to != module "/assets") bad(": engine knows nothing above it")
			} else if (tail(inside) in parser && ours(to) && within(to, "engine/dataset/internal") == "")
				bad(": a parser imports the standard library only")
			else if (there != "" && there != here && (here in known) && !((here, there) in may))
				bad(": against the arrows")
		}
		if (within(from, "widgets") != "" || from == module "/widgets") {
			if (within(to, "engine") != "") bad(": widgets know no domain")
			if (within(to, "app") != "" || to == module "/app") bad(": widgets know no application")
		}
		if (from != module && to == module "/app") bad(": only main opens the window")
		if (to ~ /^github\.com\/mmcloughlin\/avo/ && name != "main") bad(": only a generator may")
	}
' >>"$found"

# Files that this platform and these build tags leave out are looked at too, so these rules read the source.
# source RULE PATTERN: no line of a Go file but a comment may match.
source_rule() {
	grep -rnE --include='*.go' --exclude-dir=.git -e "$2" . | grep -vE '^[^:]+:[0-9]+:[[:space:]]*//' | sed "s|^\./||; s|\$|   <- $1|" >>"$found" || true
}
named='^[[:space:]]*(import[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*[[:space:]]+)?'
source_rule "use math/rand/v2" "$named\"math/rand\"\$"
source_rule "use log/slog" "$named\"log\"\$"
source_rule "use errors and fmt.Errorf" "$named\"github\.com/pkg/errors\"\$"
source_rule "no dot imports" '^[[:space:]]*(import[[:space:]]+)?\.[[:space:]]+"[^"]+"$'
source_rule "it can deadlock: use fyne.Do" 'fyne\.DoAndWait'

if [ -s "$found" ]; then
	sort -u "$found"
	exit 1
fi
