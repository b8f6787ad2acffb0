# Filterscope. `make` alone lists the targets. A machine with Go and make is enough: scripts/setup.sh brings the rest.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: compare help run dev build test test-engine test-window test-race test-screen test-arm64 lint lint-others bench shots fmt clean setup-build setup-screen

# Fyne checks at run time that its calls come from the right thread, and the tag migrated_fynedo takes the checks out: the
# program we hand out is fast (tag in), the one we develop and test with complains (tag out). In both, no_metadata keeps
# Fyne from reading whatever FyneApp.toml lies beside the program; name, icon and version are built in.
release_tags := migrated_fynedo,no_metadata
dev_tags := no_metadata
# With the tag ci, Fyne's app package is its test driver: the tests of the window's parts need no screen and no OpenGL.
test_tags := ci
# The race run wants the tag in: it swaps Fyne's locked maps for plain ones, where the race detector sees a misuse.
race_tags := ci,migrated_fynedo

# What needs no Fyne is tested without a C compiler, everything else with one. Each package is in just one of the two lists.
engine_packages := ./engine/... ./app/cli/... ./cmd/...
list_window_packages := go list ./... | grep -vE '/(engine|cmd)(/|$$)|/app/cli(/|$$)'

# The tests must not depend on the language, the screen or the graphics card of the machine.
test test-engine test-window test-race test-screen shots: export LANGUAGE := en
test test-engine test-window test-race test-screen shots: export FYNE_SCALE := 1
test test-engine test-window test-race test-screen shots: export LIBGL_ALWAYS_SOFTWARE := 1

SHOTS ?= shots
BENCH ?= .
BENCHTIME ?= 0.5s
COUNT ?= 6

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: build ## build, then open the window (make run ARGS=photo.png opens that file)
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}" ]; then echo "make run: no screen here (DISPLAY is not set): make shots takes pictures on a virtual one" >&2; exit 1; fi
	bin/filterscope $(ARGS)

dev: setup-build ## open the window with Fyne's thread checks on
	go build -tags $(dev_tags) -o bin/filterscope-dev .
	bin/filterscope-dev $(ARGS)

build: setup-build ## bin/filterscope (window and commands) and bin/filterscope-cli (commands alone, no C)
	go build -tags $(release_tags) -ldflags '-s -w' -o bin/filterscope .
	CGO_ENABLED=0 go build -ldflags '-s -w' -o bin/filterscope-cli ./cmd/filterscope-cli

test: setup-build ## everything below that begins with test-
	go vet ./...
	$(MAKE) --no-print-directory test-engine
	$(MAKE) --no-print-directory test-window
	$(MAKE) --no-print-directory test-race
	$(MAKE) --no-print-directory test-screen

test-engine: ## engine and command line, without C: needs nothing but Go
	CGO_ENABLED=0 go test -shuffle=on $(engine_packages)

test-window: setup-build ## widgets and window on Fyne's test driver: no screen needed
	packages=$$($(list_window_packages)); go test -shuffle=on -tags $(test_tags) $$packages

test-race: setup-build ## the race detector over the run's goroutine and the window
	GORACE=halt_on_error=1 go test -race -short -timeout 30m -tags $(race_tags) ./engine/train/... ./app

test-screen: setup-build setup-screen ## the real window on a virtual screen, with thread checks and as released
	go build -tags $(dev_tags) -o bin/filterscope-dev .
	scripts/onscreen.sh scripts/smoke.sh bin/filterscope-dev
	go build -tags $(release_tags) -ldflags '-s -w' -o bin/filterscope .
	scripts/onscreen.sh scripts/smoke.sh bin/filterscope

test-arm64: ## the arm64 kernels under qemu-user; not part of make test: it takes minutes
	@if ! command -v qemu-aarch64 >/dev/null; then echo "test-arm64 skipped: there is no qemu-aarch64 here (Debian: apt-get install qemu-user)"; exit 0; fi; \
	GOARCH=arm64 CGO_ENABLED=0 go test -short -timeout 30m -exec qemu-aarch64 ./engine/linalg ./engine/autoencoder ./engine/rbm

lint: setup-build ## format, vet, fix, staticcheck and the arrows between packages
	@files=$$(go tool gofumpt -l .); if [ -n "$$files" ]; then echo "not gofumpt'ed (make fmt):"; echo "$$files"; exit 1; fi
	go vet ./...
	go fix -diff ./...
	go tool staticcheck ./...
	scripts/arrows.sh

lint-others: ## vet what needs no C for the other systems and processors
	GOOS=windows go vet $(engine_packages)
	GOARCH=arm64 go vet $(engine_packages)

bench: ## benchmarks of the engine into bench/out (BENCH=regexp COUNT=6 BENCHTIME=0.5s OLD=file to compare with)
	@mkdir -p bench/out
	@out=bench/out/$$(git rev-parse --short HEAD 2>/dev/null || echo tree).txt; \
	go test -run '^$$' -bench '$(BENCH)' -skip Torch -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./engine/... | tee "$$out"; \
	echo "written to $$out"; \
	go tool benchstat $(OLD) "$$out"

compare: ## side by side with NumPy, SciPy, PyTorch, Octave and Pillow (DATA=folder of MNIST; about twenty minutes)
	go run ./bench/compare -data $(DATA)

shots: build setup-screen ## a picture of every view and state of the window into SHOTS (default: shots)
	mkdir -p $(SHOTS)
	scripts/onscreen.sh -s 1600x1000 bin/filterscope shots $(SHOTS)

fmt: ## format the Go files
	go tool gofumpt -w .

clean: ## remove what was built
	rm -rf bin bench/out shots

setup-build:
	@scripts/setup.sh build

setup-screen:
	@scripts/setup.sh screen
