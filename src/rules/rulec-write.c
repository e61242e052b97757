/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "rules/rulec.h"

/*
 * Every name below is the C name of the enumerator, so that the generated file is checked by the compiler
 * against the headers it is compiled with.
 */
#define NAME(enumerator) [enumerator] = #enumerator
static const char *const printer_name[] = {
	NAME(VC_BY_ANYONE), NAME(VC_BY_QEMU),  NAME(VC_BY_LIBVIRT),
	NAME(VC_BY_KERNEL), NAME(VC_BY_GUEST), NAME(VC_BY_OTHER),
};
static const char *const hole_name[] = {
	NAME(VC_HOLE_TEXT),   NAME(VC_HOLE_DEC),  NAME(VC_HOLE_HEX),
	NAME(VC_HOLE_DEVICE), NAME(VC_HOLE_WORD), NAME(VC_HOLE_VERSION),
};

static const char *const compare_name[] = {
	NAME(VC_WHERE_LT), NAME(VC_WHERE_LE), NAME(VC_WHERE_GT), NAME(VC_WHERE_GE), NAME(VC_WHERE_EQ),
};

/* Octal escapes have at most three digits, so what follows never becomes part of one. No trigraphs: '?' is
 * escaped. */
void
write_text(struct writer *w, const char *text)
{
	if (!text) {
		fputs("NULL", w->file);
		return;
	}
	fputc('"', w->file);
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '\n')
			fputs(at[1] ? "\\n\"\n\t\"" : "\\n", w->file);
		else if (strchr("\"\\?", *at))
			fprintf(w->file, "\\%c", *at);
		else if (*at < 0x20 || *at >= 0x7f)
			fprintf(w->file, "\\%03o", *at);
		else
			fputc(*at, w->file);
	}
	fputc('"', w->file);
}

void
write_member(struct writer *w, const char *member, const char *text)
{
	if (!text)
		return;
	fprintf(w->file, ".%s = ", member);
	write_text(w, text);
	fputs(", ", w->file);
}

void
write_line(struct writer *w, const char *member, const char *text)
{
	fputs("\t", w->file);
	write_member(w, member, text);
	fputs("\n", w->file);
}

unsigned
write_texts(struct writer *w, const char *const *text, size_t count)
{
	if (count == 0)
		return 0;
	fprintf(w->file, "static const char *const texts_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < count; i++) {
		fputs("\t", w->file);
		write_text(w, text[i]);
		fputs(",\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

void
write_list(struct writer *w, const char *member, const char *counter, unsigned texts, size_t count)
{
	if (texts > 0)
		fprintf(w->file, "\t.%s = texts_%u, .%s = %zu,\n", member, texts, counter, count);
}

static void
write_version(struct writer *w, struct vc_version version)
{
	fprintf(w->file, "{ { %u, %u, %u, %u } }", version.part[0], version.part[1], version.part[2],
		version.part[3]);
}

static unsigned
write_versions(struct writer *w, const struct vc_symptom *symptom)
{
	if (symptom->versions_count == 0)
		return 0;
	fprintf(w->file, "static const struct vc_symptom_versions versions_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < symptom->versions_count; i++) {
		fputs("\t{ .since = ", w->file);
		write_version(w, symptom->versions[i].since);
		fputs(", .before = ", w->file);
		write_version(w, symptom->versions[i].before);
		fputs(" },\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

static unsigned
write_parts(struct writer *w, const struct vc_symptom *symptom)
{
	fprintf(w->file, "static const struct vc_symptom_part symptom_parts_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < symptom->parts; i++) {
		fputs("\t{ ", w->file);
		write_member(w, "text", symptom->part[i].text);
		if (!symptom->part[i].text) {
			fprintf(w->file, ".hole = %s, ", hole_name[symptom->part[i].hole]);
			write_member(w, "name", symptom->part[i].name);
		}
		fputs("},\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

static void
write_where(struct writer *w, const struct vc_symptom_where *where)
{
	fprintf(w->file, " .where = { .compare = %s, .number = UINT64_C(0x%" PRIx64 "), ", compare_name[where->compare],
		where->number);
	write_member(w, "name", where->name);
	write_member(w, "plus", where->plus);
	fputs("},", w->file);
}

struct symptom_names {
	unsigned versions, parts;
};

unsigned
write_symptoms(struct writer *w, const struct vc_symptom *symptom, size_t count)
{
	struct symptom_names *names = vc_arena_make_array(w->arena, count + 1, struct symptom_names);

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		names[i].versions = write_versions(w, &symptom[i]);
		names[i].parts = write_parts(w, &symptom[i]);
	}
	fprintf(w->file, "static const struct vc_symptom symptoms_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < count; i++) {
		fprintf(w->file, "\t{ .from = %s, .clue = %s, .part = symptom_parts_%u, .parts = %zu,",
			printer_name[symptom[i].from], symptom[i].clue ? "true" : "false", names[i].parts,
			symptom[i].parts);
		if (symptom[i].alone)
			fputs(" .alone = true,", w->file);
		if (symptom[i].where.name)
			write_where(w, &symptom[i].where);
		if (names[i].versions > 0)
			fprintf(w->file, " .versions = versions_%u, .versions_count = %zu,",
				names[i].versions, symptom[i].versions_count);
		fputs(" },\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

const char *
rulec_shown_file(const char *path)
{
	const char *at = path + strlen(path);

	for (int slashes = 0; at > path; at--) {
		if (at[-1] == '/' && ++slashes == 3)
			break;
	}
	return at;
}

int
rulec_open(struct writer *w, const char *output)
{
	w->file = fopen(output, "w");
	if (w->file)
		return 0;
	fprintf(stderr, "rulec: %s: %s\n", output, strerror(errno));
	return -1;
}

int
rulec_close(struct writer *w, const char *output)
{
	if (ferror(w->file) | fclose(w->file)) {
		fprintf(stderr, "rulec: %s: %s\n", output, strerror(errno));
		return 1;
	}
	return 0;
}
