/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/libvirt/qemu.conf: "key = value" per line, '#' begins a comment, the last one counts
 * [libvirt 11.3 src/util/virconf.c virConfParseStatement, virConfAddEntry]. It holds passwords besides: a
 * capture keeps only what is asked for here (src/host/redact.c).
 */
#include "base/macro.h"
#include "host/probe.h"

#define QEMU_CONF "/etc/libvirt/qemu.conf"

/* The text in quotes, or as it stands; false if it is neither. */
static bool
unquote(struct vc_span value, struct vc_span *ret_text)
{
	char quote = value.length > 0 ? value.text[0] : 0;

	if (quote != '"' && quote != '\'') {
		*ret_text = value;
		return false;
	}
	value.text++;
	value.length--;
	return vc_span_until(&value, quote, ret_text);
}

void
vc_probe_qemu_conf(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, QEMU_CONF);
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_span rest, line, key, text;

	if (!vc_known(&answer.fact) && answer.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->memory_backing_dir.fact, &answer.fact);
		return;
	}
	/* [libvirt 11.3 src/qemu/qemu_conf.c virQEMUDriverConfigNew] */
	vc_set_text(&host->memory_backing_dir, "/var/lib/libvirt/qemu/ram", answer.fact.from);
	rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
	while (vc_span_line(&rest, &line)) {
		line = vc_span_trim(line);
		if (!vc_span_until(&line, '=', &key) || !vc_span_is(vc_span_trim(key), "memory_backing_dir"))
			continue;
		if (unquote(vc_span_trim(line), &text))
			vc_set_text(&host->memory_backing_dir,
				    vc_arena_printf(arena, "%s/libvirt/qemu", vc_span_dup(arena, text)),
				    answer.fact.from);
		else
			vc_set_unreadable(&host->memory_backing_dir.fact, VC_EGARBLED, answer.fact.from);
	}
}
