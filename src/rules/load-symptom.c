/* SPDX-License-Identifier: GPL-2.0-or-later */
/* <symptom>, of rules and of messages. */
#include <string.h>

#include "rules/load.h"

const struct vc_xml_attribute vc_load_symptom_attributes[VC_LOAD_SYMPTOM_ATTRIBUTES] = {
	{ .name = "from" },
	{ .name = "versions" },
	{ .name = "where" },
	{ .name = "alone" },
	{ .name = "clue" },
};

/* Only the blanks around the message, and its line ends, are not part of it. */
static const char *
unfold(const struct vc_source *source, const char *text)
{
	char *line = vc_arena_alloc(source->arena, strlen(text) + 1);
	size_t used = 0;

	while (*text) {
		size_t blanks = strspn(text, " \t\r\n");
		bool line_end = memchr(text, '\n', blanks) != NULL;

		if (blanks == 0) {
			line[used++] = *text++;
			continue;
		}
		if (used > 0 && text[blanks] != '\0') {
			memcpy(line + used, line_end ? " " : text, line_end ? 1 : blanks);
			used += line_end ? 1 : blanks;
		}
		text += blanks;
	}
	return line;
}

void
vc_load_symptom(const struct vc_source *source, xmlNode *node, const char *text, struct vc_symptom **list,
		size_t *count)
{
	const char *versions = vc_xml_attribute(source, node, "versions");
	const char *where = vc_xml_attribute(source, node, "where");
	struct vc_symptom symptom = { 0 };

	symptom.from = (enum vc_printer)(1 + vc_load_word(source, node, "from", VC_WORDS_PRINTER, -1));
	symptom.alone = vc_load_word(source, node, "alone", VC_WORDS_BOOL, false);
	symptom.clue = vc_load_word(source, node, "clue", VC_WORDS_BOOL, false);
	if (versions && vc_symptom_parse_versions(versions, source, &symptom) < 0)
		return;
	if (vc_symptom_parse(unfold(source, text), source, &symptom) < 0)
		return;
	if (where && vc_symptom_parse_where(where, source, &symptom) < 0)
		return;
	*(struct vc_symptom *)vc_arena_append(source->arena, (void **)list, count, sizeof(symptom)) = symptom;
}
