#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records a NetBSD or DragonFly host for vhostcheck, as 'vhostcheck capture' records a Linux host: a directory that
# 'vhostcheck --root DIRECTORY' reads on any machine. It needs nothing but a POSIX shell and the tools of the base system,
# and changes nothing. What is not there or may not be read is recorded as such.
#
# Usage: capture-bsd.sh DIRECTORY [FILE...]
# FILE: what a guest names, its firmware and the file for its variables. Of these only size, owner and the four bytes that
# tell a UEFI image are recorded. Run it as the user who starts the guests: permissions and limits are that user's.
set -u
LC_ALL=C
export LC_ALL

usage() {
	echo "Usage: capture-bsd.sh DIRECTORY [FILE...]" >&2
	exit 2
}
[ $# -ge 1 ] || usage
case $1 in
-* | '') usage ;;
esac
root=$1
shift
umask 077
mkdir -p "$root" || exit 2
if [ -n "$(ls -A "$root")" ]; then
	echo "capture-bsd.sh: $root is not empty: name a new directory" >&2
	exit 2
fi
mkdir "$root/vhostcheck" "$root/vhostcheck/data" "$root/vhostcheck/emulator" "$root/proc" || exit 2
records=$root/vhostcheck/manifest.new
: >"$records"
stored=0

# record WORD...: one line of the manifest
record() {
	printf '%s\n' "$*" >>"$records"
}

# escaped TEXT: blanks, backslashes and what is no printable ASCII as \xNN
escaped() {
	printf '%s' "$1" | od -An -v -tx1 | tr ' ' '\n' | while read -r byte; do
		case $byte in
		'') ;;
		2[1-9a-f] | [3-6]? | 5[0-9abdef] | 7[0-9a-e])
			[ "$byte" = 5c ] && printf '\\x5c' && continue
			# shellcheck disable=SC2059 # the octal number is the format
			printf "\\$(printf '%03o' "0x$byte")"
			;;
		*) printf '\\x%s' "$byte" ;;
		esac
	done
}

# answer NAME: standard input is what the host answers; nothing is no answer
answer() {
	mkdir -p "$(dirname "$root/vhostcheck/$1")"
	cat >"$root/vhostcheck/$1"
	if [ -s "$root/vhostcheck/$1" ]; then
		record "ask known $1"
	else
		rm -f "$root/vhostcheck/$1"
	fi
}

# look PATH: what stat says of it
look() {
	name=$(escaped "$1")
	if [ ! -e "$1" ] && [ ! -L "$1" ]; then
		# Below a directory that may not be searched nobody can say.
		if (cd "$(dirname "$1")" 2>/dev/null); then
			record "stat absent $name"
		elif [ -d "$(dirname "$1")" ]; then
			record "stat EACCES $name"
		else
			record "stat absent $name"
		fi
		return
	fi
	if [ -f "$1" ]; then
		kind='file'
	elif [ -d "$1" ]; then
		kind=directory
	elif [ -c "$1" ]; then
		kind=character
	elif [ -b "$1" ]; then
		kind=block
	else
		kind=other
	fi
	# BSD's stat first; GNU's has other letters.
	if node=$(stat -L -f '%Lp %u %g %z %c' "$1" 2>/dev/null) && [ "${node#*[!0-9 ]}" = "$node" ]; then
		:
	elif ! node=$(stat -L -c '%a %u %g %s %Z' "$1" 2>/dev/null); then
		return
	fi
	# shellcheck disable=SC2086 # five words
	set -- $node
	record "stat known $name $kind $(printf '%04d' "$1") $2 $3 $4 $5"
}

# part PATH OFFSET SIZE
part() {
	[ -f "$1" ] || return 0
	name=$(escaped "$1")
	stored=$((stored + 1))
	if dd if="$1" bs=1 skip="$2" count="$3" >"$root/vhostcheck/data/$stored" 2>/dev/null; then
		record "part known $name $2 $3 $stored"
	else
		rm -f "$root/vhostcheck/data/$stored"
		record "part EACCES $name $2 $3"
	fi
}

# --- the system and who asks ---

{
	uname -s
	echo host
	uname -r
	uname -v
	uname -m | sed 's/^amd64$/x86_64/'
} | answer uname
{
	echo "uid $(id -u)"
	for group in $(id -G); do
		echo "gid $group"
	done
} | answer user

# kib NUMBER|unlimited: in bytes
kib() {
	case $1 in
	*[!0-9]* | '') echo unlimited ;;
	*) echo $(($1 * 1024)) ;;
	esac
}
# Not every shell has -l.
# shellcheck disable=SC3045
if soft=$( (ulimit -S -l) 2>/dev/null) && hard=$( (ulimit -H -l) 2>/dev/null) && [ -n "$soft" ]; then
	echo "memlock $(kib "$soft") $(kib "$hard")" | answer limits
fi
memory=$(sysctl -n hw.physmem64 2>/dev/null || sysctl -n hw.physmem 2>/dev/null)
case $memory in
*[!0-9]* | '') ;;
*)
	echo "MemTotal: $((memory / 1024)) kB" >"$root/proc/meminfo"
	record "file known /proc/meminfo"
	;;
esac

# --- NVMM ---

look /dev/nvmm
if command -v nvmmctl >/dev/null 2>&1; then
	nvmmctl identify 2>/dev/null | answer nvmm
fi
# There is no KVM here, and nothing of Linux's /proc/mounts.
look /dev/kvm
record "ask absent kvm"

# --- PCI devices, by the name that lspci would give them ---

# "000:02:0: ..." of NetBSD's pcictl
netbsd_devices() {
	for bus in /dev/pci[0-9]*; do
		[ -e "$bus" ] || continue
		pcictl "$bus" list 2>/dev/null
	done | awk -F: 'NF >= 3 && $1 ~ /^[0-9]+$/ { printf "0000:%02x:%02x.%x\n", $1, $2, $3 }'
}
# "vgapci0@pci0:0:2:0: class=0x030000 ..." of DragonFly's pciconf: domain, bus, slot, function
dragonfly_devices() {
	pciconf -l 2>/dev/null | sed -n 's/^[^@]*@pci\([0-9]*\):\([0-9]*\):\([0-9]*\):\([0-9]*\):.*/\1 \2 \3 \4/p' |
		while read -r domain bus slot function; do
			printf '%04x:%02x:%02x.%x\n' "$domain" "$bus" "$slot" "$function"
		done
}
devices=
if command -v pcictl >/dev/null 2>&1; then
	devices=$(netbsd_devices | sort -u)
elif command -v pciconf >/dev/null 2>&1; then
	devices=$(dragonfly_devices | sort -u)
fi
if [ -n "$devices" ]; then
	record "list known /sys/bus/pci/devices"
	printf '%s\n' "$devices" | sed 's/^/	/' >>"$records"
fi

# --- emulators, where pkgsrc, dports and people put them ---

for directory in /usr/local/bin /usr/bin /usr/pkg/bin; do
	emulator=$directory/qemu-system-x86_64
	look "$emulator"
	[ -x "$emulator" ] || continue
	version=$("$emulator" --version 2>/dev/null | sed -n 's/.*version \([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1)
	[ -z "$version" ] || echo "$version executed" | answer "emulator/$(printf '%s' "$emulator" | sed 's|/|%2F|g')"
done

# --- the files that guests name ---

for file in "$@"; do
	case $file in
	/*) ;;
	*) file=$(pwd)/$file ;;
	esac
	look "$file"
	part "$file" 40 4
done

{
	echo 'vhostcheck-capture 1'
	echo 'redacted yes'
	cat "$records"
	echo end
} >"$root/vhostcheck/manifest"
rm -f "$records"
rmdir "$root/vhostcheck/data" "$root/vhostcheck/emulator" "$root/proc" 2>/dev/null
echo "$root: recorded; 'vhostcheck --root $root' reads it"
