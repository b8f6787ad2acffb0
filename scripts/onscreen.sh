#!/usr/bin/env bash
# Runs a command on a virtual X screen of its own, with a small window manager and software OpenGL, and ends both when it ends.
#
# usage: scripts/onscreen.sh [-s WIDTHxHEIGHT] COMMAND [ARG...]      the screen is 1280x800 unless told
#
# The command finds DISPLAY set; xdotool gives it mouse and keys, `import -window root FILE.png` a picture.
# Exit: the command's own; 1 when the screen does not come up; 2 for wrong usage.
set -eu

size=1280x800
if [ "${1:-}" = -s ]; then
	size=${2:?onscreen: -s wants WIDTHxHEIGHT}
	shift 2
fi
if [ $# -eq 0 ]; then
	echo "usage: scripts/onscreen.sh [-s WIDTHxHEIGHT] COMMAND [ARG...]" >&2
	exit 2
fi

work=$(mktemp -d)
screen="" manager=""
cleanup() {
	for pid in $manager $screen; do
		kill "$pid" 2>/dev/null || true
	done
	wait
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The server picks a free display number itself and writes it to the file once it listens: no race for a number, no polling for the server.
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp +extension GLX +extension RANDR +render -noreset \
	3>"$work/display" >"$work/xvfb.log" 2>&1 &
screen=$!
for _ in $(seq 6000); do
	[ -s "$work/display" ] && break
	if ! kill -0 "$screen" 2>/dev/null; then
		break
	fi
	sleep 0.05
done
if ! [ -s "$work/display" ]; then
	echo "onscreen: the virtual screen did not come up:" >&2
	cat "$work/xvfb.log" >&2
	exit 1
fi

DISPLAY=:$(tr -d '[:space:]' <"$work/display")
export DISPLAY LANGUAGE=en LIBGL_ALWAYS_SOFTWARE=1 FYNE_SCALE=1
unset WAYLAND_DISPLAY XAUTHORITY

# Without a window manager a window gets no focus, hence no key.
openbox --sm-disable >"$work/openbox.log" 2>&1 &
manager=$!
for _ in $(seq 6000); do
	xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id' && break
	sleep 0.05
done

"$@"
