#!/usr/bin/env bash
# Installs the system packages that Filterscope needs and this machine lacks.
#
# usage: scripts/setup.sh [--check] [build] [screen]      without a group: both
#
#   build    what `make build` and `make run` need: a C compiler, pkg-config, the OpenGL and X11 headers
#   screen   what the tests of the real window need: a virtual screen, a window manager, software OpenGL,
#            tools that press keys and take pictures
#   --check  only say what is missing; install nothing
#
# It looks for the things that are really used, not for package names, and does nothing when they are there.
# Exit 0: all there. Exit 1: something is missing and stays missing (one sentence says what, and why). Exit 2: wrong usage.
set -eu

headers=(gl x11 xcursor xrandr xinerama xi xxf86vm) # what Fyne's window layer includes and links
tools=(Xvfb openbox xdotool xprop import identify)
problem="" # why the missing packages could not be installed

say() { printf 'setup: %s\n' "$*" >&2; }

usage() {
	echo "usage: scripts/setup.sh [--check] [build] [screen]" >&2
	exit 2
}

have() { command -v "$1" >/dev/null 2>&1; }

# anything_at PATH... succeeds when one of the paths exists.
anything_at() {
	for path in "$@"; do
		[ -e "$path" ] && return 0
	done
	return 1
}

# missing_build prints what is missing for compiling and opening the window.
missing_build() {
	have go || echo "go"
	if ! have "$(go env CC 2>/dev/null || echo gcc)"; then
		echo "a C compiler"
	elif [ "$system" = Linux ] && ! anything_at /usr/include/stdlib.h /usr/include/*/stdlib.h; then
		echo "the C library's headers"
	fi
	if [ "$system" = Linux ]; then
		anything_at "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" /etc/ssl/certs/ca-certificates.crt \
			/etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem || echo "root certificates (to fetch Go modules)"
		if ! have pkg-config; then
			echo "pkg-config"
		elif ! pkg-config --exists "${headers[@]}"; then
			for module in "${headers[@]}"; do
				pkg-config --exists "$module" || echo "the headers of $module"
			done
		fi
	fi
}

# missing_screen prints what is missing for a real window on a virtual screen.
missing_screen() {
	for tool in "${tools[@]}"; do
		have "$tool" || echo "$tool"
	done
	if [ "$system" = Linux ]; then
		anything_at /usr/lib/*/dri/swrast_dri.so /usr/lib64/dri/swrast_dri.so /usr/lib/dri/swrast_dri.so \
			/usr/lib/*/libgallium-*.so /usr/lib64/libgallium-*.so /usr/lib/libgallium-*.so || echo "software OpenGL"
	fi
}

# missing GROUP... prints, a line each, what the groups need and this machine lacks.
missing() {
	for group in "$@"; do
		case $group in
		build) missing_build ;;
		screen) missing_screen ;;
		esac
	done
}

# joined LINES prints lines as one, with commas.
joined() { printf '%s\n' "$1" | paste -sd, - | sed 's/,/, /g'; }

# packages MANAGER GROUP prints the names under which a package manager knows what the group needs.
packages() {
	case "$1-$2" in
	apt-build) echo "gcc libc6-dev pkg-config ca-certificates libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev" ;;
	apt-screen) echo "xvfb openbox xdotool imagemagick libgl1-mesa-dri x11-utils" ;;
	dnf-build) echo "gcc pkgconf-pkg-config ca-certificates mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel" ;;
	dnf-screen) echo "xorg-x11-server-Xvfb openbox xdotool ImageMagick mesa-dri-drivers xwininfo" ;;
	pacman-build) echo "gcc pkgconf ca-certificates mesa libx11 libxcursor libxrandr libxinerama libxi libxxf86vm" ;;
	pacman-screen) echo "xorg-server-xvfb openbox xdotool imagemagick mesa xorg-xwininfo" ;;
	zypper-build) echo "gcc pkg-config ca-certificates Mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel" ;;
	zypper-screen) echo "xorg-x11-server-Xvfb openbox xdotool ImageMagick Mesa-dri" ;;
	esac
}

# manager prints the package manager of this machine, or nothing.
manager() {
	if have apt-get; then
		echo apt
	elif have dnf; then
		echo dnf
	elif have pacman; then
		echo pacman
	elif have zypper; then
		echo zypper
	fi
}

# install_packages MANAGER PACKAGE... installs packages as root; what went wrong is left in $problem.
install_packages() {
	with=$1
	shift
	root=""
	if [ "$(id -u)" -ne 0 ]; then
		if ! have sudo; then
			problem="this user is not root and sudo is not installed"
			return 1
		fi
		root="sudo"
		if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
			problem="sudo wants a password and there is no terminal to ask at"
			return 1
		fi
	fi
	say "installing with $with: $*"
	# $root is empty or one word.
	case $with in
	apt)
		if ! $root apt-get update -qq >&2; then
			say "apt-get update did not get through (offline?); trying the package lists that are here"
		fi
		$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
		;;
	dnf) $root dnf install -y --setopt=install_weak_deps=False "$@" >&2 ;;
	pacman) $root pacman -Sy --needed --noconfirm "$@" >&2 ;;
	zypper) $root zypper --non-interactive install --no-recommends "$@" >&2 ;;
	esac && return 0
	problem="$with could not install it (see above; is this machine offline?)"
	return 1
}

check=false
groups=()
for word in "$@"; do
	case $word in
	--check) check=true ;;
	build | screen) groups+=("$word") ;;
	*) usage ;;
	esac
done
[ ${#groups[@]} -gt 0 ] || groups=(build screen)
system=$(uname -s)

lacking=$(missing "${groups[@]}")
if [ -z "$lacking" ]; then
	exit 0
fi
say "missing: $(joined "$lacking")"
if $check; then
	exit 1
fi

with=$(manager)
names=()
for group in "${groups[@]}"; do
	if [ -n "$with" ] && [ "$(missing "$group" | grep -vcx go)" -gt 0 ]; then
		read -ra more <<<"$(packages "$with" "$group")"
		names+=("${more[@]}")
	fi
done
case $system in
Linux)
	if [ -z "$with" ]; then
		problem="this machine has none of apt, dnf, pacman and zypper"
	elif [ ${#names[@]} -gt 0 ]; then
		install_packages "$with" "${names[@]}" || true # what is still missing is told below
	fi
	;;
Darwin) problem="on macOS 'xcode-select --install' gives the compiler; the tests of the real window want Linux, or 'brew install --cask xquartz' and 'brew install xdotool imagemagick'" ;;
*) problem="on $system this script installs nothing: on Windows use MSYS2 with mingw-w64-x86_64-toolchain" ;;
esac

lacking=$(missing "${groups[@]}")
if [ -z "$lacking" ]; then
	say "done"
	exit 0
fi
if [ "$lacking" = go ]; then
	problem="it comes from the Go project's download page, version 1.26 or newer, and must be on the PATH"
fi
say "not installed: $(joined "$lacking"): ${problem:-the packages are there, and yet it is not found}"
if [ ${#names[@]} -gt 0 ]; then
	say "by hand, as root: install the $with packages ${names[*]}"
fi
exit 1
