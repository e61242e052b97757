/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/matrix.h"

#include <stdio.h>
#include <string.h>

#include "report/layout.h"

/* Columns for the name of a row, and blanks between columns. */
#define NAME_MAX_COLUMNS 40
#define GAP 2

static const struct {
	const char *word;
	char letter;
	enum vc_role role;
} cells[] = {
	[VC_CELL_NONE] = { "-", '-', VC_ROLE_PLAIN },
	[VC_CELL_OK] = { "ok", '.', VC_ROLE_PLAIN },
	[VC_CELL_INFO] = { "info", 'i', VC_ROLE_INFO },
	[VC_CELL_UNDECIDED] = { "undecided", '?', VC_ROLE_UNDECIDED },
	[VC_CELL_WARNING] = { "warning", 'W', VC_ROLE_WARNING },
	[VC_CELL_ERROR] = { "error", 'E', VC_ROLE_ERROR },
};
#define WORD_COLUMNS 9 /* undecided */

enum vc_cell
vc_cell_of(const struct vc_count *count)
{
	if (count->error > 0)
		return VC_CELL_ERROR;
	if (count->warning > 0)
		return VC_CELL_WARNING;
	if (count->undecided > 0)
		return VC_CELL_UNDECIDED;
	return count->info > 0 ? VC_CELL_INFO : VC_CELL_OK;
}

void
vc_matrix_add(struct vc_matrix *matrix, const char *name, size_t host, enum vc_cell cell)
{
	if (matrix->rows == 0 || host <= matrix->last) {
		struct vc_matrix_row *row =
			vc_arena_append(matrix->arena, (void **)&matrix->row, &matrix->rows, sizeof(*row));

		row->name = vc_arena_strdup(matrix->arena, name);
		row->cell = vc_arena_make_array(matrix->arena, matrix->info->hosts, unsigned char);
	}
	matrix->row[matrix->rows - 1].cell[host] = (unsigned char)cell;
	matrix->last = host;
}

/* --- names --- */

/* How much of every name is the directory that all of them share. */
static size_t
shared_directory(const struct vc_matrix *matrix)
{
	const char *first = matrix->row[0].name;
	const char *slash = strrchr(first, '/');
	size_t length = slash ? (size_t)(slash - first) + 1 : 0;

	for (size_t i = 1; i < matrix->rows; i++) {
		while (length > 0 && strncmp(matrix->row[i].name, first, length) != 0) {
			for (length--; length > 0 && first[length - 1] != '/';)
				length--;
		}
	}
	return length;
}

/* The end of a name that is too long: there the names differ. */
static void
add_name(struct vc_buf *out, const char *name, unsigned room)
{
	unsigned columns = vc_layout_columns(name);

	if (columns > room) {
		vc_buf_add(out, "...");
		for (unsigned skip = columns - room + 3; skip > 0; skip--) {
			do
				name++;
			while (((unsigned char)*name & 0xc0) == 0x80);
		}
	}
	vc_buf_add(out, name);
}

static void
make_name(struct vc_buf *name, const struct vc_matrix *matrix, size_t row, size_t cut)
{
	_cleanup_buf_ struct vc_buf safe = { 0 };

	name->length = 0;
	vc_buf_add_safe(&safe, matrix->row[row].name + cut, 0);
	add_name(name, vc_buf_text(&safe), NAME_MAX_COLUMNS);
}

static unsigned
name_columns(const struct vc_matrix *matrix, size_t cut)
{
	_cleanup_buf_ struct vc_buf name = { 0 };
	unsigned columns = 0;

	for (size_t i = 0; i < matrix->rows; i++) {
		unsigned own;

		make_name(&name, matrix, i, cut);
		own = vc_layout_columns(vc_buf_text(&name));
		columns = own > columns ? own : columns;
	}
	return columns;
}

/* --- columns --- */

struct layout {
	const struct vc_matrix *matrix;
	struct vc_buf *out;
	size_t cut;
	unsigned name;
	bool letters;
	size_t first, end; /* hosts of this block */
};

static void
add_head(struct vc_buf *text, const struct layout *l, size_t host)
{
	text->length = 0;
	if (l->letters)
		vc_buf_addf(text, "%zu", host + 1);
	else
		vc_buf_add_safe(text, l->matrix->info->host[host].label, 0);
}

static unsigned
column_width(const struct layout *l, size_t host)
{
	_cleanup_buf_ struct vc_buf head = { 0 };
	unsigned columns, least = l->letters ? 1 : WORD_COLUMNS;

	add_head(&head, l, host);
	columns = vc_layout_columns(vc_buf_text(&head));
	return columns > least ? columns : least;
}

static void
write_heads(const struct layout *l)
{
	_cleanup_buf_ struct vc_buf head = { 0 };

	vc_layout_pad(l->out, l->name);
	for (size_t i = l->first; i < l->end; i++) {
		unsigned width = column_width(l, i);

		add_head(&head, l, i);
		vc_layout_pad(l->out, GAP);
		if (l->letters)
			vc_layout_pad(l->out, width - vc_layout_columns(vc_buf_text(&head)));
		vc_layout_add(l->out, &l->matrix->info->style, VC_ROLE_LABEL, vc_buf_text(&head));
		if (!l->letters && i + 1 < l->end)
			vc_layout_pad(l->out, width - vc_layout_columns(vc_buf_text(&head)));
	}
	vc_buf_add(l->out, "\n");
}

static void
write_cell(const struct layout *l, enum vc_cell cell, unsigned width, bool last)
{
	const char letter[] = { cells[cell].letter, '\0' };
	const char *word = l->letters ? letter : cells[cell].word;
	unsigned fill = width - (unsigned)strlen(word);

	vc_layout_pad(l->out, l->letters ? GAP + fill : GAP);
	vc_layout_add(l->out, &l->matrix->info->style, cells[cell].role, word);
	if (!l->letters && !last)
		vc_layout_pad(l->out, fill);
}

static void
write_row(const struct layout *l, size_t row)
{
	_cleanup_buf_ struct vc_buf name = { 0 };

	make_name(&name, l->matrix, row, l->cut);
	vc_buf_add(l->out, vc_buf_text(&name));
	vc_layout_pad(l->out, l->name - vc_layout_columns(vc_buf_text(&name)));
	for (size_t i = l->first; i < l->end; i++)
		write_cell(l, (enum vc_cell)l->matrix->row[row].cell[i], column_width(l, i), i + 1 == l->end);
	vc_buf_add(l->out, "\n");
}

/* As many hosts as fit beside each other, at least one. */
static size_t
fit(const struct layout *l, unsigned room)
{
	unsigned columns = l->name;
	size_t end = l->first;

	do
		columns += GAP + column_width(l, end++);
	while (end < l->matrix->info->hosts && columns + GAP + column_width(l, end) <= room);
	return end;
}

void
vc_matrix_text(const struct vc_matrix *matrix, struct vc_buf *out)
{
	const struct vc_style *style = &matrix->info->style;
	unsigned room = style->width ? style->width : VC_WIDTH_DEFAULT;
	struct layout l = { .matrix = matrix, .out = out };

	if (matrix->rows == 0)
		return;
	l.cut = shared_directory(matrix);
	l.name = name_columns(matrix, l.cut);
	/* Words as long as they all fit. */
	l.letters = fit(&l, room) < matrix->info->hosts;
	for (; l.first < matrix->info->hosts; l.first = l.end) {
		l.end = fit(&l, room);
		if (l.first > 0)
			vc_buf_add(out, "\n");
		write_heads(&l);
		for (size_t i = 0; i < matrix->rows; i++)
			write_row(&l, i);
	}
	if (l.letters)
		vc_buf_add(out, "\nE error, W warning, ? undecided, i info, . ok, - not read\n");
}
