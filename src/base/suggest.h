/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean": the candidate nearest to a misspelt word. */
#pragma once

#include <stddef.h>

struct vc_suggest {
	const char *word;
	const char *best; /* NULL while nothing is near enough to be helpful */
	size_t distance;
};

void vc_suggest_init(struct vc_suggest *suggest, const char *word);
/* @candidate is borrowed and must outlive @suggest. */
void vc_suggest_offer(struct vc_suggest *suggest, const char *candidate);
