# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the scripts beside it: Debian packages, installed where they are missing; commands whose output only matters
# when they fail.
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

is_installed() {
	# shellcheck disable=SC2016
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages NAME...: installs those that are missing, as root or with sudo; else says which ones.
need_packages() {
	local package missing=() sudo=()
	if ! command -v dpkg-query >/dev/null; then
		echo "This is no Debian: these packages, or their like, have to be there: $*" >&2
		return 0
	fi
	for package in "$@"; do
		is_installed "$package" || missing+=("$package")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "These packages are missing, and only root can install them: ${missing[*]}" >&2
			return 1
		fi
		sudo=(sudo -n env DEBIAN_FRONTEND=noninteractive)
	fi
	echo "installing ${missing[*]}" >&2
	quietly "${sudo[@]}" apt-get update
	quietly "${sudo[@]}" apt-get install -y --no-install-recommends "${missing[@]}"
}

# quietly COMMAND...: shows its output only if it fails.
quietly() {
	local output status=0
	output=$("$@" 2>&1 </dev/null) || status=$?
	[ "$status" -eq 0 ] || printf '%s\n' "$output" >&2
	return "$status"
}
