/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/systemd-conf.h"

#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

/* A file in a place that comes earlier hides those of the same name in the others. */
static const char *const places[] = { "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd",
				      "/usr/lib/systemd" };

struct reader {
	struct vc_hostfs *fs;
	const char *section;
	const struct vc_conf_key *key;
	size_t keys;
	struct vc_fact fact; /* VC_KNOWN until something cannot be read */
};

static void
cannot_read(struct reader *reader, const struct vc_fact *why)
{
	if (vc_known(&reader->fact))
		reader->fact = *why;
}

static void
take_line(const struct reader *reader, struct vc_span line, bool *in_section, const char *from)
{
	struct vc_span name;

	line = vc_span_trim(line);
	if (line.length == 0 || line.text[0] == '#' || line.text[0] == ';')
		return;
	if (line.text[0] == '[') {
		line.text++;
		line.length--;
		*in_section = vc_span_until(&line, ']', &name) && vc_span_is(name, reader->section);
		return;
	}
	if (!*in_section || !vc_span_until(&line, '=', &name))
		return;
	name = vc_span_trim(name);
	for (size_t i = 0; i < reader->keys; i++) {
		if (vc_span_is(name, reader->key[i].name))
			reader->key[i].take(reader->key[i].context, vc_span_trim(line), from);
	}
}

/* True if there is such a file. */
static bool
read_file(struct reader *reader, const char *path)
{
	struct vc_answer target = vc_hostfs_read_link(reader->fs, "%s", path), answer;
	struct vc_span rest, line;
	bool in_section = false;

	/* Masked: it hides those of its name, and says nothing. */
	if (vc_known(&target.fact) && strcmp(target.data, "/dev/null") == 0)
		return true;
	answer = vc_hostfs_read(reader->fs, "%s", path);
	if (answer.fact.state == VC_ABSENT)
		return false;
	if (!vc_known(&answer.fact)) {
		cannot_read(reader, &answer.fact);
		return true;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line))
		take_line(reader, line, &in_section, answer.fact.from);
	return true;
}

/* A drop-in, and where it lies. */
struct drop_in {
	const char *name;
	size_t place;
};

static int
compare_drop_ins(const void *a, const void *b)
{
	const struct drop_in *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static void
read_drop_ins(struct reader *reader, const char *name)
{
	struct vc_arena *arena = vc_hostfs_arena(reader->fs);
	struct drop_in *drop_in = NULL;
	size_t count = 0;

	for (size_t i = 0; i < VC_COUNT(places); i++) {
		struct vc_names names = vc_hostfs_list(reader->fs, "%s/%s.d", places[i], name);

		if (!vc_known(&names.fact) && names.fact.state != VC_ABSENT)
			cannot_read(reader, &names.fact);
		for (size_t j = 0; vc_known(&names.fact) && j < names.count; j++) {
			size_t length = strlen(names.name[j]);

			if (length > 5 && strcmp(names.name[j] + length - 5, ".conf") == 0)
				*(struct drop_in *)vc_arena_append(arena, (void **)&drop_in, &count,
								   sizeof(*drop_in)) =
					(struct drop_in){ .name = names.name[j], .place = i };
		}
	}
	if (count > 0)
		qsort(drop_in, count, sizeof(*drop_in), compare_drop_ins);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(drop_in[i - 1].name, drop_in[i].name) != 0)
			read_file(reader, vc_arena_printf(arena, "%s/%s.d/%s", places[drop_in[i].place], name,
							  drop_in[i].name));
	}
}

struct vc_fact
vc_systemd_conf_read(struct vc_hostfs *fs, const char *name, const char *section,
		     const struct vc_conf_key *key, size_t keys)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct reader reader = { .fs = fs, .section = section, .key = key, .keys = keys };

	reader.fact = (struct vc_fact){ .state = VC_KNOWN,
					.from = vc_arena_printf(arena, "/etc/systemd/%s", name) };
	for (size_t i = 0; i < VC_COUNT(places); i++) {
		if (read_file(&reader, vc_arena_printf(arena, "%s/%s", places[i], name)))
			break;
	}
	read_drop_ins(&reader, name);
	return reader.fact;
}
