# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the Ansible collection: the collection where Ansible finds it, the program in the PATH, and nothing of
# the developer's settings. Sourced after ../lib.sh.

: "${scratch:?}" "${source_dir:?}" "${program:?}"

# The system's Python is the one that Debian's Ansible and its libraries belong to.
export PATH="$scratch/bin:/usr/sbin:/usr/bin:/sbin:/bin"
if ! command -v ansible-playbook >/dev/null; then
	echo 'SKIP: ansible-core is not installed'
	exit 77
fi
export HOME="$scratch/home" ANSIBLE_CONFIG="$scratch/ansible.cfg" ANSIBLE_COLLECTIONS_PATH="$scratch/collections" \
	ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false \
	ANSIBLE_RETRY_FILES_ENABLED=false ANSIBLE_PYTHON_INTERPRETER=/usr/bin/python3 PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2034 # for those that source this
collection=$scratch/collections/ansible_collections/vhostcheck/vhostcheck
mkdir -p "$scratch/bin" "$HOME"
: >"$ANSIBLE_CONFIG"
ansible-galaxy collection install -p "$scratch/collections" "$source_dir/integrations/ansible" >"$scratch/log" 2>&1 ||
	{ fail "ansible-galaxy: $(cat "$scratch/log")"; finish; }
ln -s "$program" "$scratch/bin/vhostcheck"

# play WHAT ARGUMENT...: runs ansible-playbook; its output is in $scratch/play. Returns its status.
play() {
	local status=0
	shift
	timeout 500 ansible-playbook -i localhost, -c local -e "source_dir=$source_dir" -e "scratch=$scratch" "$@" \
		>"$scratch/play" 2>&1 </dev/null || status=$?
	return "$status"
}

# played WHAT ARGUMENT...: the same, and it has to succeed without changing anything.
played() {
	play "$@" || fail "$1: $(grep -vE '^(ok|skipping|PLAY|TASK|$)' "$scratch/play" | tail -20 | cut -c 1-500)"
	grep -qE ' ok=[1-9]' "$scratch/play" || fail "$1: no task ran"
	! grep -qE ' changed=[1-9]' "$scratch/play" || fail "$1: something changed: $(grep '^changed' "$scratch/play")"
}
