/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quirkc OUTPUT.c FILE.xml...: turns the quirk files into tables, at build time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <libxml/parser.h>

#include "base/site-file.h"
#include "host/quirk-source.h"

static void
write_version(FILE *out, struct vc_version version)
{
	fprintf(out, "{ { %u, %u, %u, %u } }", version.part[0], version.part[1], version.part[2],
		version.part[3]);
}

static void
write_kernels(FILE *out, const char *what, size_t quirk, size_t number,
	      const struct vc_quirk_kernels *kernels, size_t count)
{
	if (count == 0)
		return;
	fprintf(out, "static const struct vc_quirk_kernels %s_kernels_%zu_%zu[] = {\n", what, quirk, number);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "\t{ .since = ");
		write_version(out, kernels[i].since);
		fprintf(out, ", .before = ");
		write_version(out, kernels[i].before);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n");
}

static void
write_rows(FILE *out, size_t number, const struct vc_quirk *quirk)
{
	if (quirk->count == 0)
		return;
	for (size_t i = 0; i < quirk->count; i++)
		write_kernels(out, "row", number, i, quirk->row[i].kernels, quirk->row[i].kernels_count);
	fprintf(out, "static const struct vc_quirk_row rows_%zu[] = {\n", number);
	for (size_t i = 0; i < quirk->count; i++) {
		const struct vc_quirk_row *row = &quirk->row[i];

		fprintf(out, "\t{ .first = 0x%08xu, .last = 0x%08xu", row->first, row->last);
		if (row->class_mask)
			fprintf(out, ", .class = 0x%06xu, .class_mask = 0x%06xu", row->class,
				row->class_mask);
		if (row->with_subsystem)
			fprintf(out, ", .subsystem = 0x%08xu, .with_subsystem = true", row->subsystem);
		if (row->kernels_count)
			fprintf(out, ",\n\t  .kernels = row_kernels_%zu_%zu, .kernels_count = %zu", number, i,
				row->kernels_count);
		if (row->with_revision)
			fprintf(out,
				", .with_revision = true, .first_revision = 0x%02x, .last_revision = 0x%02x",
				row->first_revision, row->last_revision);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n");
}

static void
write_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\' || *text < ' ' || *text > '~')
			fprintf(out, "\\%03o", (unsigned char)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void
write_machines(FILE *out, size_t number, const struct vc_quirk *quirk)
{
	if (quirk->machines == 0)
		return;
	for (size_t i = 0; i < quirk->machines; i++)
		write_kernels(out, "machine", number, i, quirk->machine[i].kernels,
			      quirk->machine[i].kernels_count);
	fprintf(out, "static const struct vc_quirk_machine machines_%zu[] = {\n", number);
	for (size_t i = 0; i < quirk->machines; i++) {
		const struct vc_quirk_machine *machine = &quirk->machine[i];

		fprintf(out, "\t{ .text = { ");
		for (unsigned j = 0; j < VC_QUIRK_DMI_COUNT; j++) {
			if (!machine->text[j])
				continue;
			fprintf(out, "[%u] = ", j);
			write_text(out, machine->text[j]);
			fprintf(out, ", ");
		}
		fprintf(out, "}");
		if (machine->kernels_count)
			fprintf(out, ",\n\t  .kernels = machine_kernels_%zu_%zu, .kernels_count = %zu",
				number, i, machine->kernels_count);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n");
}

static void
write_quirk(FILE *out, size_t number, const struct vc_quirk *quirk)
{
	fprintf(out, "\t{ .name = \"%s\"", quirk->name);
	if (quirk->count)
		fprintf(out, ", .row = rows_%zu, .count = %zu", number, quirk->count);
	if (quirk->machines)
		fprintf(out, ", .machine = machines_%zu, .machines = %zu", number, quirk->machines);
	fprintf(out, " },\n");
}

static int
write_tables(const char *path, const struct vc_quirk_file *file)
{
	FILE *out = fopen(path, "w");
	bool failed;

	if (!out) {
		perror(path);
		return 1;
	}
	fprintf(out, "/* Made by quirkc from data/quirks. */\n#include \"host/quirk.h\"\n");
	for (size_t i = 0; i < file->count; i++) {
		write_rows(out, i, &file->quirk[i]);
		write_machines(out, i, &file->quirk[i]);
	}
	fprintf(out, "const struct vc_quirk vc_quirks[] = {\n");
	for (size_t i = 0; i < file->count; i++)
		write_quirk(out, i, &file->quirk[i]);
	fprintf(out, "};\nconst size_t vc_quirks_count = %zu;\n", file->count);
	failed = ferror(out) != 0;
	if (fclose(out) || failed) {
		perror(path);
		return 1;
	}
	return 0;
}

/* Alone first, so that what overlaps is named by file and line; then all together. */
static int
read_file(struct vc_arena *arena, const char *path, struct vc_diags *diags, struct vc_quirk_file *all)
{
	struct vc_quirk_file alone = { .quirk = NULL };
	_cleanup_free_ char *text = NULL;
	struct stat st;
	const char *why;
	size_t size;

	if (vc_site_file_read(AT_FDCWD, path, VC_SITE_XML_MAX, &why, &st, &text, &size) < 0) {
		vc_diag_add(diags, path, 0, "%s", why);
		return -EINVAL;
	}
	if (vc_quirk_text_read(arena, text, size, path, diags, &alone) < 0 ||
	    vc_quirk_file_finish(path, diags, &alone) < 0)
		return -EINVAL;
	return vc_quirk_text_read(arena, text, size, path, diags, all);
}

int
main(int argc, char **argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_quirk_file file = { .quirk = NULL };
	bool failed = false;

	if (argc < 3) {
		fprintf(stderr, "usage: quirkc OUTPUT.c FILE.xml...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		failed |= read_file(arena, argv[i], &diags, &file) < 0;
	failed = failed || vc_quirk_file_finish(NULL, &diags, &file) < 0;
	for (size_t i = 0; i < diags.count; i++) {
		const struct vc_diag *diag = &diags.item[i];

		fprintf(stderr, "%s:%d: %s\n", diag->file ? diag->file : "quirks", diag->line, diag->text);
	}
	xmlCleanupParser();
	return failed ? 1 : write_tables(argv[1], &file);
}
