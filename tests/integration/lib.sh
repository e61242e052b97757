# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the integration tests: a scratch directory, and assertions that say what went wrong.
# Each test is called with the program as its first argument and the source directory as its second.

program=$(realpath "$1")
source_dir=$(realpath "$2")
scratch=$(mktemp -d)
failures=0
trap 'chmod -R u+rwX "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT

fail() {
	printf 'FAIL: %s\n' "$*"
	failures=$((failures + 1))
}

# refused WHAT EXPECTED-TEXT COMMAND...: exit 2, one line of diagnosis that holds the text, nothing on stdout.
refused() {
	local what=$1 text=$2 status=0 lines
	shift 2
	timeout 20 "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null || status=$?
	[ "$status" -eq 2 ] || fail "$what: exit status $status, not 2: $(head -c 400 "$scratch/stderr")"
	[ ! -s "$scratch/stdout" ] || fail "$what: printed on standard output: $(head -c 200 "$scratch/stdout")"
	lines=$(wc -l <"$scratch/stderr")
	[ "$lines" -eq 1 ] || fail "$what: $lines lines of diagnosis, not 1: $(head -c 400 "$scratch/stderr")"
	grep -qF -- "$text" "$scratch/stderr" || fail "$what: '$text' is not in: $(head -c 400 "$scratch/stderr")"
}

finish() {
	[ "$failures" -eq 0 ] || exit 1
	exit 0
}

# "${with_rpc[@]}" PROGRAM...: for a program that talks to a libvirtd. AddressSanitizer looks for the functions of libtirpc when
# the program starts; those that come later, with libvirt, it calls at address 0.
with_rpc=(env)
asan=$(ldd "$program" 2>/dev/null | sed -n 's/.*libasan\.so[^ ]* => \([^ ]*\) .*/\1/p')
[ -z "$asan" ] || with_rpc+=("LD_PRELOAD=$asan libtirpc.so.3")
