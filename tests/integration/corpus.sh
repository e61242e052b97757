# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Hundreds of domains of every kind, from the tests of libvirt's own source package, which is fetched with apt.
# VHOSTCHECK_CORPUS=DIRECTORY takes the .xml files of a directory instead. lib.sh comes before.

skip() {
	echo "$*"
	exit 77
}

# The entries of the machine's own distribution, FILE:LINE each: apt knows whose archive is whose, as soon as it has its lists.
# shellcheck disable=SC2016
own_entries() {
	local origin
	for origin in Debian Ubuntu; do
		apt-get indextargets --format '$(SOURCESENTRY)' "Origin: $origin" 'Created-By: Packages' 2>/dev/null
	done | sort -u | grep -E '^/.*:[0-9]+$' && return
	# Else those that look like it.
	grep -nE '^deb[[:space:]].*/(debian|ubuntu)/?[[:space:]]' /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
		/dev/null 2>/dev/null | sed -E 's/^([^:]+:[0-9]+):.*/\1/'
	grep -lE '^URIs:.*(/|\+file:.*)(debian|ubuntu)' /etc/apt/sources.list.d/*.sources 2>/dev/null | sed 's/$/:1/'
}

# write_sources DIRECTORY: the same as sources: their mirror and their signature are those that work here.
write_sources() {
	local entry file
	own_entries | while IFS= read -r entry; do
		file=${entry%:*}
		case $file in
		*.sources)
			sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$1/$(basename "$file")"
			;;
		*)
			sed -nE "${entry##*:}s/^deb([[:space:]])/deb-src\\1/p" "$file" >>"$1/own.list"
			;;
		esac
	done
	[ -n "$(ls -A "$1")" ] || skip "apt has no entry here that is known to have libvirt's source"
}

# fetch_corpus DIRECTORY: the .xml files of the tests of libvirt's source package, as they lie in it.
# shellcheck disable=SC2154
fetch_corpus() {
	local apt=$scratch/apt options tarball
	command -v apt-get >/dev/null || skip 'there is no apt-get here to fetch the corpus with'
	command -v xz >/dev/null || skip 'xz is needed to unpack the corpus'
	mkdir -p "$apt/sources" "$apt/lists/partial" "$apt/cache/archives/partial" "$scratch/source"
	write_sources "$apt/sources"
	options=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$apt/sources" -o "Dir::State::Lists=$apt/lists"
		-o "Dir::Cache=$apt/cache" -o APT::Sandbox::User= -o Acquire::Languages=none
		-o Acquire::Retries=1 -o Acquire::http::Timeout=20)
	# One archive that cannot be reached may not be the one that matters.
	timeout 120 apt-get "${options[@]}" update >"$scratch/apt.log" 2>&1 ||
		cp "$scratch/apt.log" "$scratch/update.log"
	(cd "$scratch/source" && timeout 240 apt-get "${options[@]}" source --download-only --tar-only libvirt) \
		>"$scratch/apt.log" 2>&1 || skip "libvirt's source cannot be had: $(cat "$scratch/update.log" "$scratch/apt.log" 2>/dev/null |
			grep -E '^(E|W):' | head -n 3)"
	for tarball in "$scratch"/source/libvirt_*.orig.tar.?z; do
		[ -e "$tarball" ] || skip "libvirt's source has no tarball of a kind that is known"
		tar -C "$scratch/source" -xf "$tarball" --wildcards --strip-components=1 '*/tests/*.xml' 2>"$scratch/apt.log" ||
			skip "libvirt's source cannot be unpacked: $(tail -n 1 "$scratch/apt.log")"
	done
	find "$scratch/source" -maxdepth 1 -name 'libvirt_*' -delete
	# Whole or not at all, whoever stops this.
	rm -rf "$1.new"
	mv "$scratch/source" "$1.new"
	mv "$1.new" "$1"
}

# need_corpus DIRECTORY: writes the names of all domains into $scratch/all. They are fetched into DIRECTORY, once for all tests
# of a build.
# shellcheck disable=SC2154
need_corpus() {
	local corpus=${VHOSTCHECK_CORPUS:-$1}
	if [ -z "${VHOSTCHECK_CORPUS:-}" ] && [ ! -d "$corpus" ]; then
		mkdir -p "$(dirname "$1")"
		exec 9>"$1.lock"
		flock 9
		[ -d "$corpus" ] || fetch_corpus "$corpus"
		flock -u 9
	fi
	grep -rlE --include='*.xml' '<domain( |>)' "$corpus" | sort >"$scratch/all"
}
