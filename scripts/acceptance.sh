#!/usr/bin/env bash
# Shows the numbers of docs/acceptance.md on real data: scripts/acceptance.sh SHARED [OUT]
# SHARED is the project's shared folder (it has data/ and fixtures/); OUT gets models and pictures. Takes about ten minutes.
set -eu
shared=$(cd "${1:?want the shared folder}" && pwd)
out=${2:-$(mktemp -d)}
mkdir -p "$out"
cd "$(dirname "$0")/.."
CGO_ENABLED=0 go build -o "$out/filterscope-cli" ./cmd/filterscope-cli
cli=$out/filterscope-cli

say() { printf '\n== %s\n' "$*"; }

say "2: gradient checks, worst relative error (limit 1e-7)"
for recipe in edges strokes; do "$cli" gradcheck $recipe; done
"$cli" gradcheck ufldl-patches --data "$shared/data/natural/bsd68"
"$cli" gradcheck ufldl-mnist --data "$shared/data/mnist"

say "2 and 3: fixtures, and the two networks that R trained"
FILTERSCOPE_SHARED=$shared go test -count=1 -v -run 'TestFixtures|TestNetworksOfR' ./app/cli | grep -E '^(---|ok|FAIL| +[a-z_]+\.go)'

say "3: training with R's settings from five seeds (R: 2.24568 with 25 hidden units, 2.02654 with 100)"
FILTERSCOPE_SHARED=$shared FILTERSCOPE_ACCEPTANCE=1 go test -count=1 -timeout 30m -v -run TestTrainingLikeR ./app/cli | grep -E '^(---|ok|FAIL| +[a-z_]+\.go)'

say "4: ufldl-mnist, objective within 0.2 % of 12.12"
for precision in float32 float64; do
	"$cli" train ufldl-mnist --data "$shared/data/mnist" --precision $precision --out "$out/mnist-$precision" --quiet
	"$cli" mosaic "$out/mnist-$precision/model.safetensors" --out "$out/mnist-$precision.png" --zoom 2
done

say "4: ufldl-patches on photographs: look at $out/patches.png"
"$cli" train ufldl-patches --data "$shared/data/natural/bsd68" --out "$out/patches" --quiet
"$cli" mosaic "$out/patches/model.safetensors" --out "$out/patches.png" --zoom 8
