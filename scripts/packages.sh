# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts beside it: Debian packages, installed where they are missing; commands whose output only matters
# when they fail.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

is_installed() {
	# shellcheck disable=SC2016
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# is_missing NAME|NAME: whether none of these is installed.
is_missing() {
	local name
	for name in ${1//|/ }; do
		! is_installed "$name" || return 1
	done
}

# choose NAME|NAME: the first that this release has. A library's package changes its name between releases.
choose() {
	local name
	for name in ${1//|/ }; do
		if apt-cache show "$name" >/dev/null 2>&1; then
			printf '%s\n' "$name"
			return 0
		fi
	done
	printf '%s\n' "${1%%|*}"
}

# need_packages NAME...: installs those that are missing, as root or with sudo; else says which ones. NAME|NAME: any.
need_packages() {
	local wanted missing=() chosen=() sudo=()
	if ! command -v dpkg-query >/dev/null; then
		echo "This is no Debian: these packages, or their like, have to be there: $*" >&2
		return 0
	fi
	for wanted in "$@"; do
		! is_missing "$wanted" || missing+=("$wanted")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "These packages are missing, and only root can install them: ${missing[*]}" >&2
			return 1
		fi
		sudo=(sudo -n env DEBIAN_FRONTEND=noninteractive)
	fi
	quietly "${sudo[@]}" apt-get update
	for wanted in "${missing[@]}"; do
		chosen+=("$(choose "$wanted")")
	done
	echo "installing ${chosen[*]}" >&2
	quietly "${sudo[@]}" apt-get install -y --no-install-recommends "${chosen[@]}"
}

# quietly COMMAND...: shows its output only if it fails.
quietly() {
	local output status=0
	output=$("$@" 2>&1 </dev/null) || status=$?
	[ "$status" -eq 0 ] || printf '%s\n' "$output" >&2
	return "$status"
}
