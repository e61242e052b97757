/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/fact.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

const struct vc_field *
vc_schema_find(const struct vc_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++) {
		if (strcmp(schema->field[i].name, name) == 0)
			return &schema->field[i];
	}
	return NULL;
}

static void
make_known(struct vc_fact *fact, const char *from)
{
	fact->state = VC_KNOWN;
	fact->err = 0;
	fact->from = from;
}

void
vc_set_flag(struct vc_fact_flag *fact, bool value, const char *from)
{
	make_known(&fact->fact, from);
	fact->value = value;
}

void
vc_set_number(struct vc_fact_number *fact, uint64_t value, const char *from)
{
	make_known(&fact->fact, from);
	fact->value = value;
}

void
vc_set_text(struct vc_fact_text *fact, const char *value, const char *from)
{
	assert(value);
	make_known(&fact->fact, from);
	fact->value = value;
}

void
vc_set_version(struct vc_fact_version *fact, struct vc_version value, const char *from)
{
	make_known(&fact->fact, from);
	fact->value = value;
}

void
vc_set_range(struct vc_fact_range *fact, struct vc_range value, const char *from)
{
	make_known(&fact->fact, from);
	fact->value = value;
}

void
vc_set_ref(struct vc_fact_ref *fact, const void *item, const char *from)
{
	assert(item);
	make_known(&fact->fact, from);
	fact->item = item;
}

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
vc_set_set(struct vc_arena *arena, struct vc_fact_set *fact, const char *const *word, size_t count,
	   const char *from)
{
	const char **sorted = vc_arena_make_array(arena, count ? count : 1, const char *);
	size_t kept = 0;

	if (count > 0) {
		memcpy(sorted, word, count * sizeof(*sorted));
		qsort(sorted, count, sizeof(*sorted), compare_words);
	}
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || strcmp(sorted[kept - 1], sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	}
	make_known(&fact->fact, from);
	fact->word = sorted;
	fact->count = kept;
}

void
vc_set_absent(struct vc_fact *fact, const char *from)
{
	fact->state = VC_ABSENT;
	fact->err = 0;
	fact->from = from;
}

void
vc_set_unreadable(struct vc_fact *fact, int err, const char *from)
{
	assert(err > 0);
	fact->state = VC_UNREADABLE;
	fact->err = err;
	fact->from = from;
}

void
vc_set_unknown_like(struct vc_fact *fact, const struct vc_fact *cause)
{
	assert(cause->state != VC_KNOWN);
	fact->state = cause->state;
	fact->err = cause->err;
	fact->from = cause->from;
}

bool
vc_set_has(const struct vc_fact_set *set, const char *word)
{
	return set->count > 0 &&
	       bsearch(&word, set->word, set->count, sizeof(*set->word), compare_words) != NULL;
}

void *
vc_list_append(struct vc_arena *arena, struct vc_fact_list *list, size_t size, const char *from)
{
	make_known(&list->fact, from);
	return vc_arena_append(arena, &list->item, &list->count, size);
}

static void
size_format(struct vc_buf *buf, uint64_t value)
{
	static const char *const unit[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	/* 3054 MiB stays 3054 MiB: only a whole number of the next unit is clearer, and still exact. */
	while (value > 0 && i + 1 < VC_COUNT(unit) && value % 1024 == 0) {
		value /= 1024;
		i++;
	}
	vc_buf_addf(buf, "%" PRIu64 " %s", value, unit[i]);
}

void
vc_number_format(struct vc_buf *buf, uint64_t value, enum vc_unit unit)
{
	switch (unit) {
	case VC_UNIT_bytes:
		size_format(buf, value);
		break;
	case VC_UNIT_address:
	case VC_UNIT_hex:
		vc_buf_addf(buf, "0x%" PRIx64, value);
		break;
	case VC_UNIT_none:
	case VC_UNIT_bits:
	case VC_UNIT_pages:
		vc_buf_addf(buf, "%" PRIu64, value);
		break;
	}
}

void
vc_range_format(struct vc_buf *buf, struct vc_range range)
{
	vc_buf_addf(buf, "0x%" PRIx64 "-0x%" PRIx64, range.first, range.last);
}

/* A record behind a reference is shown by the field that names it. */
static void
ref_format(struct vc_buf *buf, const struct vc_field *field, const struct vc_fact_ref *ref)
{
	const struct vc_field *key = field->item->key ? vc_schema_find(field->item, field->item->key) : NULL;

	if (key)
		vc_fact_format(buf, key, vc_field_fact(key, ref->item));
	else
		vc_buf_add(buf, field->item->name);
}

void
vc_fact_format(struct vc_buf *buf, const struct vc_field *field, const struct vc_fact *fact)
{
	char version[VC_VERSION_TEXT_MAX];
	const struct vc_fact_set *set;

	if (fact->state != VC_KNOWN) {
		vc_buf_add(buf, vc_fact_reason(fact));
		return;
	}
	switch (field->type) {
	case VC_TYPE_flag:
		vc_buf_add(buf, ((const struct vc_fact_flag *)fact)->value ? "yes" : "no");
		break;
	case VC_TYPE_number:
		vc_number_format(buf, ((const struct vc_fact_number *)fact)->value, field->unit);
		break;
	case VC_TYPE_text:
		vc_buf_add_safe(buf, ((const struct vc_fact_text *)fact)->value, 0);
		break;
	case VC_TYPE_version:
		vc_version_format(((const struct vc_fact_version *)fact)->value, version);
		vc_buf_add(buf, version);
		break;
	case VC_TYPE_range:
		vc_range_format(buf, ((const struct vc_fact_range *)fact)->value);
		break;
	case VC_TYPE_set:
		set = (const struct vc_fact_set *)fact;
		for (size_t i = 0; i < set->count; i++) {
			vc_buf_add(buf, i ? " " : "");
			vc_buf_add_safe(buf, set->word[i], 0);
		}
		if (set->count == 0)
			vc_buf_add(buf, "none");
		break;
	case VC_TYPE_ref:
		ref_format(buf, field, (const struct vc_fact_ref *)fact);
		break;
	case VC_TYPE_list:
		vc_buf_addf(buf, "%zu", ((const struct vc_fact_list *)fact)->count);
		break;
	}
}

const char *
vc_fact_reason(const struct vc_fact *fact)
{
	switch (fact->state) {
	case VC_KNOWN:
		return "known";
	case VC_ABSENT:
		return "absent";
	case VC_UNREAD:
		return "not read";
	case VC_UNREADABLE:
		break;
	}
	switch (fact->err) {
	case VC_ENOTCOLLECTED:
		return "not collected";
	case VC_EGARBLED:
		return "not understood";
	case VC_ERELATIVE:
		return "a name relative to where QEMU is started";
	case VC_EOPTIONS:
		return "may be in a file with options, which is not read";
	case VC_ESHELL:
		return "a variable or command of the shell";
	case EACCES:
	case EPERM:
		return "permission denied";
	case ERANGE:
	case EOVERFLOW:
		return "does not fit 64 bits";
	case ENXIO:
	case ENODEV:
		return "no such device";
	case EBUSY:
		return "in use";
	case EIO:
		return "read error";
	case EFBIG:
		return "too large";
	case ETIMEDOUT:
		return "timed out";
	case ELOOP:
		return "too many links";
	case EOPNOTSUPP:
		return "not supported here";
	case EINVAL:
		return "refused by the kernel";
	default:
		return "cannot be read";
	}
}
