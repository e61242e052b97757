/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes tar members byte by byte, also such as no tar program would write. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

struct tar_member {
	const char *name;
	char type; /* '0' file, '1' hard link, '2' link, '3' character, '4' block, '5' directory, '6' FIFO,
		      'S' sparse */
	const char *data;
	uint64_t size; /* 0: strlen(data) */
	const char *target;
	uint64_t realsize; /* 'S' */
};

/* [POSIX.1-2017 pax, ustar interchange format; GNU tar manual, Basic Tar Format, for 'S'] */
static inline void
tar_add(struct vc_buf *buf, const struct tar_member *member)
{
	static const char zeros[512];
	char header[512] = { 0 };
	size_t stored = member->data ? strlen(member->data) : 0;
	unsigned sum = 0;

	snprintf(header, 100, "%s", member->name);
	snprintf(header + 100, 8, "%07o", 0644u);
	snprintf(header + 108, 8, "%07o", 0u);
	snprintf(header + 116, 8, "%07o", 0u);
	snprintf(header + 124, 12, "%011llo",
		 (unsigned long long)((member->size ? member->size : stored) & 077777777777));
	snprintf(header + 136, 12, "%011o", 0u);
	memset(header + 148, ' ', 8);
	header[156] = member->type;
	if (member->target)
		snprintf(header + 157, 100, "%s", member->target);
	if (member->type == 'S') {
		memcpy(header + 257, "ustar  ", 8);
		snprintf(header + 386, 12, "%011o", 0u);
		snprintf(header + 398, 12, "%011llo", (unsigned long long)(stored & 077777777777));
		snprintf(header + 483, 12, "%011llo", (unsigned long long)(member->realsize & 077777777777));
	} else {
		memcpy(header + 257, "ustar\00000", 8);
	}
	for (size_t i = 0; i < sizeof(header); i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	vc_buf_add_n(buf, header, sizeof(header));
	if (stored > 0) {
		vc_buf_add_n(buf, member->data, stored);
		vc_buf_add_n(buf, zeros, (512 - stored % 512) % 512);
	}
}

static inline void
tar_end(struct vc_buf *buf)
{
	static const char zeros[1024];

	vc_buf_add_n(buf, zeros, sizeof(zeros));
}
