/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains down, hosts across, the worst outcome in the cell. */
#pragma once

#include "report/format.h"

/* From the best to the worst. What nobody could decide may be an error: it is worse than an info. */
enum vc_cell { VC_CELL_NONE, VC_CELL_OK, VC_CELL_INFO, VC_CELL_UNDECIDED, VC_CELL_WARNING, VC_CELL_ERROR };

struct vc_matrix_row {
	const char *name;
	unsigned char *cell; /* enum vc_cell, per host */
};

struct vc_matrix {
	struct vc_arena *arena;
	const struct vc_stream_info *info;
	struct vc_matrix_row *row;
	size_t rows;
	size_t last; /* host of the last cell */
};

enum vc_cell vc_cell_of(const struct vc_count *count);

/* The outcome of a domain on a host. A host that is not behind the one before begins a row. */
void vc_matrix_add(struct vc_matrix *matrix, const char *name, size_t host, enum vc_cell cell);

void vc_matrix_text(const struct vc_matrix *matrix, struct vc_buf *out);
