/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample.h"

#include <json-c/json.h>

static int
setup(void **state)
{
	struct sample *s = malloc(sizeof(*s));
	struct vc_iommu_group *group;
	struct vc_reserved *reserved;
	const char *const members[] = { "0000:01:00.1", "0000:01:00.0" };

	sample_init(s);
	*state = s;
	group = vc_list_append(s->arena, &s->host.iommu_group, sizeof(*group), "/sys/kernel/iommu_groups");
	vc_set_number(&group->id, 15, "link");
	vc_set_set(s->arena, &group->members, members, 2, "devices");
	reserved = vc_list_append(s->arena, &group->reserved, sizeof(*reserved), "reserved_regions");
	vc_set_range(&reserved->region, (struct vc_range){ .first = 0xfee00000, .last = 0xfeefffff }, "line 1");
	vc_set_text(&reserved->type, "msi", "line 1");
	vc_set_absent(&s->host.memlock_soft.fact, "getrlimit");
	return 0;
}

static int
teardown(void **state)
{
	sample_release(*state);
	free(*state);
	return 0;
}

static const struct vc_style plain = { .width = 80 };

static void
test_text(void **state)
{
	struct sample *s = *state;

	assert_int_equal(vc_facts_text(&s->host, "host.iommu.group[", &plain, &s->out), 7);
	assert_string_equal(vc_buf_text(&s->out),
			    "  host.iommu.group[15].id = 15\n"
			    "  host.iommu.group[15].type: not read\n"
			    "  host.iommu.group[15].members = 0000:01:00.0 0000:01:00.1\n"
			    "  host.iommu.group[15].has_relaxable_class: not read\n"
			    "  host.iommu.group[15].reserved = 1\n"
			    "    host.iommu.group[15].reserved[0].region = 0xfee00000-0xfeefffff\n"
			    "    host.iommu.group[15].reserved[0].type = msi\n");
	vc_buf_release(&s->out);
	assert_int_equal(vc_facts_text(&s->host, "host.memlock.soft", &plain, &s->out), 1);
	assert_string_equal(vc_buf_text(&s->out), "host.memlock.soft: absent\n");
	vc_buf_release(&s->out);
	assert_int_equal(vc_facts_text(&s->host, "host.nothing", &plain, &s->out), 0);
	assert_string_equal(vc_buf_text(&s->out), "");
	/* Every fact is there, known or not. */
	assert_true(vc_facts_text(&s->host, "", &plain, &s->out) >= vc_schema_host.count);
	for (size_t i = 0; i < vc_schema_host.count; i++)
		assert_contains(vc_buf_text(&s->out), vc_schema_host.field[i].name);
	assert_contains(vc_buf_text(&s->out), "host.msr.test_ctrl: permission denied (/dev/cpu/0/msr)");
}

static struct json_object *
member(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("no key %s", key);
	return value;
}

static void
test_json(void **state)
{
	struct sample *s = *state;
	struct json_object *object, *facts, *group, *region;

	vc_set_number(&s->host.memory_total, UINT64_MAX, "/proc/meminfo");
	assert_true(vc_facts_json(&s->report, "", &s->out) >= vc_schema_host.count);
	object = json_tokener_parse(vc_buf_text(&s->out));
	assert_non_null(object);
	facts = member(object, "facts");
	assert_int_equal(json_object_object_length(facts), vc_schema_host.count);
	assert_string_equal(json_object_get_string(member(member(facts, "host.memory.total"), "value")),
			    "18446744073709551615");
	assert_string_equal(json_object_get_string(member(member(facts, "host.msr.test_ctrl"), "state")), "unreadable");
	assert_string_equal(json_object_get_string(member(member(facts, "host.msr.test_ctrl"), "reason")),
			    "permission denied");
	group = json_object_array_get_idx(member(member(facts, "host.iommu.group"), "value"), 0);
	region = json_object_array_get_idx(member(member(group, "reserved"), "value"), 0);
	assert_string_equal(json_object_get_string(member(member(member(region, "region"), "value"), "first")),
			    "0xfee00000");
	assert_int_equal(json_object_array_length(member(member(group, "members"), "value")), 2);
	json_object_put(object);

	vc_buf_release(&s->out);
	assert_int_equal(vc_facts_json(&s->report, "host.iommu.group[15].reserved[0].type", &s->out), 1);
	object = json_tokener_parse(vc_buf_text(&s->out));
	facts = member(object, "facts");
	assert_int_equal(json_object_object_length(facts), 1);
	group = json_object_array_get_idx(member(member(facts, "host.iommu.group"), "value"), 0);
	assert_int_equal(json_object_object_length(group), 1);
	json_object_put(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
