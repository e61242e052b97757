/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quirkc OUTPUT.c FILE.xml...: turns the quirk files into tables, at build time. */
#include <stdio.h>

#include <libxml/parser.h>

#include "host/quirk-source.h"

static void
write_version(FILE *out, struct vc_version version)
{
	fprintf(out, "{ { %u, %u, %u, %u } }", version.part[0], version.part[1], version.part[2],
		version.part[3]);
}

static void
write_kernels(FILE *out, size_t quirk, size_t number, const struct vc_quirk_row *row)
{
	fprintf(out, "static const struct vc_quirk_kernels kernels_%zu_%zu[] = {\n", quirk, number);
	for (size_t i = 0; i < row->kernels_count; i++) {
		fprintf(out, "\t{ .since = ");
		write_version(out, row->kernels[i].since);
		fprintf(out, ", .before = ");
		write_version(out, row->kernels[i].before);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n");
}

static void
write_rows(FILE *out, size_t number, const struct vc_quirk *quirk)
{
	for (size_t i = 0; i < quirk->count; i++) {
		if (quirk->row[i].kernels_count)
			write_kernels(out, number, i, &quirk->row[i]);
	}
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
			fprintf(out, ",\n\t  .kernels = kernels_%zu_%zu, .kernels_count = %zu", number, i,
				row->kernels_count);
		fprintf(out, " },\n");
	}
	fprintf(out, "};\n");
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
	for (size_t i = 0; i < file->count; i++)
		write_rows(out, i, &file->quirk[i]);
	fprintf(out, "const struct vc_quirk vc_quirks[] = {\n");
	for (size_t i = 0; i < file->count; i++)
		fprintf(out, "\t{ .name = \"%s\", .row = rows_%zu, .count = %zu },\n", file->quirk[i].name, i,
			file->quirk[i].count);
	fprintf(out, "};\nconst size_t vc_quirks_count = %zu;\n", file->count);
	failed = ferror(out) != 0;
	if (fclose(out) || failed) {
		perror(path);
		return 1;
	}
	return 0;
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
		failed |= vc_quirk_file_read(arena, argv[i], &diags, &file) < 0;
	failed = failed || vc_quirk_file_finish(&diags, &file) < 0;
	for (size_t i = 0; i < diags.count; i++) {
		const struct vc_diag *diag = &diags.item[i];

		fprintf(stderr, "%s:%d: %s\n", diag->file ? diag->file : "quirks", diag->line, diag->text);
	}
	xmlCleanupParser();
	return failed ? 1 : write_tables(argv[1], &file);
}
