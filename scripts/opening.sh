#!/usr/bin/env bash
# Opens files in the real window as a person does: dropped with the mouse, and chosen in the dialogs with keys.
#
# usage: scripts/onscreen.sh scripts/opening.sh PROGRAM      needs xdotool, ImageMagick, python3-gi, gir1.2-gtk-3.0
#
# What was seen is left in bin/opening, for somebody to look at: 1-image, 2-folder (its three bad files named below), 3-left-out (their
# list), 4-table, 5-two-files, 6-dialog, 7-chosen (table.csv again), 8-folder-dialog. Exit 1: a drop was refused, or a step changed
# nothing on the screen.
set -eu

program=${1:?usage: scripts/opening.sh PROGRAM}
here=$(dirname "$0")
seen=bin/opening
rm -rf "$seen"
mkdir -p "$seen"
home=$(mktemp -d) notes=$(mktemp -d)
pid="" source=""
cleanup() {
	for p in $source $pid; do
		kill "$p" 2>/dev/null || true
	done
	wait 2>/dev/null || true
	rm -rf "$home" "$notes"
}
trap cleanup EXIT

fail() {
	echo "opening: $1 (pictures in $seen)" >&2
	exit 1
}

# Three pictures, three files that are none, and a table.
mkdir "$home/mixed"
for k in 1 2 3; do
	convert -seed "$k" -size 200x150 plasma:white-black -colorspace Gray "$home/mixed/picture$k.png"
done
cp "$home/mixed/picture1.png" "$home/photo.png"
echo "no image" >"$home/mixed/bad1.png"
head -c 2000 "$home/photo.png" >"$home/mixed/bad2.png"
: >"$home/mixed/bad3.jpg"
awk 'BEGIN { print "length,width,kind"; for (i = 0; i < 60; i++) print i % 7 + i / 9 "," i % 5 "," (i % 2 ? "oak" : "elm") }' >"$home/table.csv"

picture() { import -window root -define png:exclude-chunk=date,time "$seen/$1.png"; }

# same NAME NAME says whether two pictures are the same, but for the noise of drawing.
same() { [ "$(compare -metric AE -fuzz 2% "$seen/$1.png" "$seen/$2.png" null: 2>&1)" = 0 ]; }

# changed NAME waits until the screen differs from what it was at the last call, and keeps the picture.
last=""
changed() {
	for _ in $(seq 50); do
		sleep 0.2
		picture "$1"
		[ -z "$last" ] || same "$last" "$1" || break
	done
	[ -z "$last" ] || ! same "$last" "$1" || fail "$1: nothing changed"
	sleep 3
	picture "$1"
	last=$1
}

# drop FILE... drags them from a window of their own to the middle of this program's.
drop() {
	"$here/dragsource.py" "$@" >"$notes/drags" &
	source=$!
	xdotool search --sync --onlyvisible --name '^Drag source' >"$notes/id"
	sleep 0.5
	xdotool mousemove 60 30 sleep 0.2 mousedown 1 sleep 0.2
	for k in $(seq 20); do
		xdotool mousemove $((60 + k * 30)) $((30 + k * 18)) sleep 0.03
	done
	xdotool sleep 0.3 mouseup 1
	for _ in $(seq 50); do
		[ -s "$notes/drags" ] && break
		sleep 0.1
	done
	grep -q dropped "$notes/drags" || fail "the drop of $* was refused"
	kill "$source"
	wait "$source" 2>/dev/null || true
	source=""
}

keys() {
	for key in "$@"; do
		xdotool key --clearmodifiers "$key" sleep 0.3
	done
}

cd "$home"
HOME=$home XDG_CONFIG_HOME=$home/.config XDG_CACHE_HOME=$home/.cache XDG_DATA_HOME=$home/.data "$OLDPWD/$program" >/dev/null 2>"$OLDPWD/$seen/stderr.txt" &
pid=$!
cd "$OLDPWD"
xdotool search --sync --onlyvisible --name '^Filterscope' >"$notes/id"
window=$(head -n 1 "$notes/id")
xdotool windowactivate --sync "$window"
sleep 3
changed 0-opened
drop "$home/photo.png"
changed 1-image
drop "$home/mixed"
changed 2-folder
xdotool mousemove 885 718 click 1 # List, in the banner, on a screen of 1280x800
changed 3-left-out
keys Escape
drop "$home/table.csv"
changed 4-table
drop "$home/mixed/picture2.png" "$home/mixed/picture3.png"
changed 5-two-files
keys ctrl+o
sleep 2 # until it has read the folder
keys Tab Tab Right Right Right space # (Parent), mixed, photo, table
changed 6-dialog
keys Tab Tab Tab Tab Tab Tab Tab Tab space # past the three of the path, three buttons and Cancel, to Open
changed 7-chosen
same 5-two-files 7-chosen && fail "7-chosen: the dialog opened nothing"
keys ctrl+shift+o
changed 8-folder-dialog
keys Escape
kill -0 "$pid" || fail "the program ended"
if grep -nE 'Error in Fyne call thread|panic:|fatal error:' "$seen/stderr.txt"; then
	fail "the program complained"
fi
echo "ok  	$program	opened by drop and by dialog; look at $seen"
