/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/connect.h"

#include <errno.h>
#include <string.h>

#include "cli/input.h"
#include "guest/libvirt-door.h"

int
vc_domain_read(const struct vc_named_domains *named, const char *file, struct vc_arena *arena,
	       struct vc_diags *diags, const char **ret_text, size_t *ret_size)
{
	for (size_t i = 0; named && i < named->count; i++) {
		const struct vc_named_domain *domain = &named->domain[i];

		/* The label itself, not a file that is called the same. */
		if (domain->label != file)
			continue;
		if (!domain->xml) {
			vc_diag_add(diags, file, 0, "%s", domain->why);
			return -ENOENT;
		}
		*ret_text = domain->xml;
		*ret_size = domain->size;
		return 0;
	}
	return vc_input_read(file, arena, diags, ret_text, ret_size);
}

/* Somebody who asks another host for its domains is easily misled about whose facts they are judged by. */
static void
note_other_host(const struct vc_options *options, const char *host)
{
	for (size_t i = 0; i < options->root_count; i++) {
		if (strcmp(options->roots[i], "/") == 0)
			vc_print_problem(
				"note: these are domains of %s, judged by the facts of this machine; --root "
				"takes a capture of %s",
				host, host);
	}
}

/* Guests of a user's own libvirt have that user's rights, and rules are about those that libvirt gives. */
static void
note_session(const char *uri)
{
	size_t length = strcspn(uri, "?");

	if (length >= 8 && strncmp(uri + length - 8, "/session", 8) == 0)
		vc_print_problem(
			"note: guests of %s run with the rights and limits of their user, and rarely with "
			"passed-through devices; those of the system are at qemu:///system",
			uri);
}

static void
take_answer(struct vc_options *options, const struct vc_libvirt_answer *answer)
{
	struct vc_named_domains *named = vc_arena_make(options->arena, struct vc_named_domains);
	struct vc_named_domain *domain =
		vc_arena_make_array(options->arena, answer->domains + 1, struct vc_named_domain);
	const char **operand = vc_arena_make_array(options->arena, answer->domains + 1, const char *);

	for (size_t i = 0; i < answer->domains; i++) {
		domain[i] = (struct vc_named_domain){
			.label =
				vc_arena_printf(options->arena, "%s/%s", answer->uri, answer->domain[i].name),
			.xml = answer->domain[i].xml,
			.size = answer->domain[i].size,
			.why = answer->domain[i].why,
		};
		operand[i] = domain[i].label;
	}
	*named = (struct vc_named_domains){ .domain = domain, .count = answer->domains };
	options->named = named;
	options->operand = operand;
	options->operands = answer->domains;
}

enum vc_exit
vc_connect(struct vc_options *options)
{
	struct vc_diags diags = { .arena = options->arena };
	const struct vc_libvirt_request request = {
		.uri = options->connect,
		.name = options->operand,
		.names = options->operands,
		.seconds = options->timeout,
	};
	struct vc_libvirt_answer answer;

	/* No name would mean all of them. */
	if (options->operands == 0 && !options->all)
		return VC_EXIT_OK;
	if (vc_libvirt_fetch(&request, options->arena, &diags, &answer) < 0) {
		vc_print_diags(&diags);
		return VC_EXIT_INPUT;
	}
	if (answer.domains == 0) {
		vc_print_problem("%s: there is no domain", answer.uri);
		return VC_EXIT_INPUT;
	}
	take_answer(options, &answer);
	if (answer.host)
		note_other_host(options, answer.host);
	note_session(answer.uri);
	return VC_EXIT_OK;
}
