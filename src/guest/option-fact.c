/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/option-fact.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

void
vc_option_at(struct vc_fact *fact, const struct vc_qemu_option *option)
{
	fact->line = option->place.line;
	fact->argument = option->place.argument;
}

bool
vc_option_is_open(const struct vc_qemu_option *option, const char *value)
{
	return option->open && strpbrk(value, "$`");
}

bool
vc_option_says(const struct vc_qemu_option *option, const char *key, bool flag)
{
	const char *value = vc_qemu_option_get(option, key);
	bool written;

	return value && vc_qemu_flag(value, &written) == 0 && written == flag;
}

/* What a shell would put in its place is not known. */
static bool
take_open(struct vc_fact *fact, const char *value, const struct vc_qemu_option *option)
{
	if (!vc_option_is_open(option, value))
		return false;
	vc_set_unreadable(fact, VC_ESHELL, option->from);
	vc_option_at(fact, option);
	return true;
}

void
vc_option_text(struct vc_fact_text *fact, const char *value, const struct vc_qemu_option *option)
{
	if (take_open(&fact->fact, value, option))
		return;
	if (*value)
		vc_set_text(fact, value, option->from);
	else
		vc_set_absent(&fact->fact, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_option_flag(struct vc_fact_flag *fact, const char *value, const struct vc_qemu_option *option)
{
	bool flag;

	if (take_open(&fact->fact, value, option))
		return;
	if (vc_qemu_flag(value, &flag) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->from);
	else
		vc_set_flag(fact, flag, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_option_number(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option)
{
	uint64_t number;

	if (take_open(&fact->fact, value, option))
		return;
	if (vc_parse_u64(value, VC_BASE_C, &number) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->from);
	else
		vc_set_number(fact, number, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_option_size(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option)
{
	uint64_t size;

	if (take_open(&fact->fact, value, option))
		return;
	if (vc_qemu_size(value, &size) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->from);
	else
		vc_set_number(fact, size, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_option_device_flag(struct vc_fact_flag *fact, const char *key, const struct vc_qemu_option *option)
{
	const char *value = vc_qemu_option_get(option, key);

	/* "auto" leaves the choice to QEMU, as if it were not written. */
	if (value && strcmp(value, "auto") != 0) {
		vc_option_flag(fact, value, option);
	} else {
		vc_set_absent(&fact->fact, option->from);
		vc_option_at(&fact->fact, option);
	}
}

void
vc_option_device_flag_or(struct vc_fact_flag *fact, const char *key, bool assumed, const struct vc_qemu_option *option)
{
	vc_option_device_flag(fact, key, option);
	if (fact->fact.state == VC_ABSENT)
		vc_set_flag(fact, assumed, option->from);
}
