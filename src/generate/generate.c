/* SPDX-License-Identifier: GPL-2.0-or-later */
/* generate KIND: build tool that writes one of the files below to standard output. */
#include "generate/generate.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *kind;
	void (*generate)(struct vc_buf *out);
} kinds[] = {
	{ .kind = "bash", .generate = generate_bash },
	{ .kind = "zsh", .generate = generate_zsh },
	{ .kind = "fish", .generate = generate_fish },
	{ .kind = "vhostcheck-rules.7", .generate = generate_man_rules },
	{ .kind = "vhostcheck-facts.7", .generate = generate_man_facts },
};

int
main(int argc, char **argv)
{
	_cleanup_buf_ struct vc_buf out = { 0 };

	for (size_t i = 0; argc == 2 && i < VC_COUNT(kinds); i++) {
		if (strcmp(kinds[i].kind, argv[1]) == 0)
			kinds[i].generate(&out);
	}
	if (out.length == 0) {
		fputs("usage: generate bash|zsh|fish|vhostcheck-rules.7|vhostcheck-facts.7\n", stderr);
		return 2;
	}
	fputs(vc_buf_text(&out), stdout);
	if (fflush(stdout) != 0) {
		perror("generate");
		return 1;
	}
	return 0;
}
