# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the benchmarks: made-up hosts in a scratch directory, and counters. The caller sets here and tools,
# the build directory of pack and peak-memory.

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2034,SC2154
domain=$here/nic.xml

# host10, host400 and the same as .tar.gz, as a capture of them would be.
make_hosts() {
	local devices
	for devices in 10 400; do
		"$here/make-host" "$devices" "$scratch/host$devices" || exit 1
		# shellcheck disable=SC2154
		"$tools/pack" "$scratch/host$devices" "$scratch/host$devices.tar.gz" "$domain" || exit 1
	done
}

# Instructions of a whole run, the loader's included; 0 if that fails.
instructions() {
	local count
	count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : *//p')
	echo "${count:-0}"
}
