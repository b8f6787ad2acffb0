#!/usr/bin/env bash
# Opens the real window, starts a training with the space bar, sees the picture change again and again, and closes the window.
#
# usage: scripts/onscreen.sh scripts/smoke.sh PROGRAM      DISPLAY must lead to a screen with a window manager
#
# What was seen is left in bin/smoke: opened.png, trained.png and the program's own words in stderr.txt. How long anything takes
# does not matter: what has not come after five minutes will not come.
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

# eventually COMMAND... tries a command every 0.1 s until it succeeds.
eventually() {
	end=$((SECONDS + 300))
	while [ "$SECONDS" -lt "$end" ]; do
		"$@" && return 0
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
moved() { # a picture of the training, and another one, and so on
	picture trained && ! cmp -s "$seen/last.png" "$seen/trained.png" || return 1
	cp "$seen/trained.png" "$seen/last.png"
	changes=$((changes + 1))
	[ "$changes" -ge 5 ]
}
ended() { ! running; }

HOME=$home XDG_CONFIG_HOME=$home/config XDG_CACHE_HOME=$home/cache XDG_DATA_HOME=$home/data "$program" >"$seen/stdout.txt" 2>"$seen/stderr.txt" &
pid=$!

window=""
eventually find_window || fail "there is no window"
eventually drawn || fail "the window stays blank"

xdotool windowactivate --sync "$window"
xdotool key --clearmodifiers space
cp "$seen/opened.png" "$seen/last.png"
changes=0
eventually moved || fail "the picture stands still after the space bar, after $changes changes"
rm "$seen/last.png"

# Alt+F4 is the window manager's: it asks the program to close its window.
xdotool key --clearmodifiers alt+F4
eventually ended || fail "still runs long after its window was closed"
code=0
wait "$pid" || code=$?
pid=""
[ "$code" -eq 0 ] || fail "ended with exit code $code"
if grep -nE 'Error in Fyne call thread|panic:|fatal error:|DATA RACE' "$seen/stderr.txt"; then
	fail "complained while it ran"
fi
echo "ok  	$program	opened, trained and closed in its real window"
