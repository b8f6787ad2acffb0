#!/usr/bin/env bash
# Opens the real window, starts a training with the space bar, sees the picture move, and closes the window.
#
# usage: scripts/onscreen.sh scripts/smoke.sh PROGRAM      DISPLAY must lead to a screen with a window manager
#
# What was seen is left in bin/smoke: opened.png, started.png, trained.png and the program's own words in stderr.txt.
# Exit 0: all went well. Exit 1: it did not, and one sentence says what.
set -eu

program=${1:?usage: scripts/smoke.sh PROGRAM}
seen=bin/smoke/$(basename "$program")
rm -rf "$seen"
mkdir -p "$seen"

# A home of its own: no preferences of the user's are read or written.
home=$(mktemp -d)
pid=""
cleanup() {
	if [ -n "$pid" ]; then
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	fi
	rm -rf "$home"
}
trap cleanup EXIT

fail() {
	echo "smoke: $program: $1 (pictures and stderr.txt in $seen)" >&2
	tail -n 20 "$seen/stderr.txt" >&2 || true
	exit 1
}

running() { kill -0 "$pid" 2>/dev/null; }

# within SECONDS COMMAND... tries a command every 0.1 s until it succeeds.
within() {
	tries=$(($1 * 10))
	shift
	while [ "$tries" -gt 0 ]; do
		"$@" && return 0
		tries=$((tries - 1))
		sleep 0.1
	done
	return 1
}

find_window() {
	running || fail "ended before its window opened"
	window=$(xdotool search --onlyvisible --name '^Filterscope' 2>/dev/null | head -n 1)
	[ -n "$window" ]
}

# picture NAME takes a picture of the window; drawn says whether the last one has more than a blank window's colours.
picture() { import -window "$window" -define png:exclude-chunk=date,time "$seen/$1.png"; }
drawn() { picture opened && [ "$(identify -format %k "$seen/opened.png")" -ge 32 ]; }
moved() { picture trained && ! cmp -s "$seen/started.png" "$seen/trained.png"; }
ended() { ! running; }

HOME=$home XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache XDG_DATA_HOME=$home/data "$program" >"$seen/stdout.txt" 2>"$seen/stderr.txt" &
pid=$!

window=""
within 30 find_window || fail "no window within 30 s"
within 20 drawn || fail "the window stays blank"

xdotool windowactivate --sync "$window"
xdotool key --clearmodifiers space
sleep 1
picture started
sleep 1
within 10 moved || fail "the picture stands still after the space bar"

# Alt+F4 is the window manager's: it asks the program to close its window.
xdotool key --clearmodifiers alt+F4
within 15 ended || fail "still runs 15 s after its window was closed"
code=0
wait "$pid" || code=$?
pid=""
[ "$code" -eq 0 ] || fail "ended with exit code $code"
if grep -nE 'Error in Fyne call thread|panic:|fatal error:|DATA RACE' "$seen/stderr.txt"; then
	fail "complained while it ran"
fi
echo "ok  	$program	opened, trained and closed in its real window"
