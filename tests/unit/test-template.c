/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule-helper.h"

#include <errno.h>

#include "rules/template.h"

struct fixture {
	struct vc_arena *arena;
	struct vc_host host;
	struct vc_guest guest;
	struct vc_hostdev hostdev;
	struct vc_verdict verdict;
	struct vc_pci pci;
};

static const struct vc_names_scope names = { .each = &vc_schema_hostdev, .check = true, .guest = true };

static int
setup(void **state)
{
	static const char *const flag[] = { "vmx", "lm" };
	struct vc_arena *arena = vc_arena_new();
	struct fixture *f = vc_arena_make(arena, struct fixture);

	f->arena = arena;
	vc_set_number(&f->guest.memory, UINT64_C(3054) << 20, "/domain/memory");
	vc_set_text(&f->guest.name, "a<b>'; \033[2J&\"", "/domain/name");
	vc_set_version(&f->guest.qemu_version, (struct vc_version){ { 10, 0, 13, 0 } }, "x");
	vc_set_flag(&f->guest.hugepages, true, "x");
	vc_set_number(&f->host.iommu_aw_bits, 39, "x");
	vc_set_unreadable(&f->host.msr_test_ctrl.fact, EACCES, "/dev/cpu/0/msr");
	vc_set_set(arena, &f->host.cpu_flags, flag, 2, "x");
	vc_set_range(&f->verdict.region, (struct vc_range){ .first = 0xfee00000, .last = 0xfeefffff }, "x");
	vc_set_text(&f->pci.address, "0000:01:00.0", "x");
	vc_set_ref(&f->hostdev.device, &f->pci, "x");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vc_arena_free(f->arena);
	return 0;
}

static struct vc_scope
scope_of(const struct fixture *f)
{
	return (struct vc_scope){
		.host = &f->host, .guest = &f->guest, .each = &f->hostdev, .verdict = &f->verdict
	};
}

static void
renders(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{ .text = "", .shown = "" },
		{ .text = "plain", .shown = "plain" },
		{ .text = "{{}}{{a}}", .shown = "{}{a}" },
		{ .text = "{guest.memory}", .shown = "3054 MiB" },
		{ .text = "{guest.memory:dec}", .shown = "3202351104" },
		{ .text = "{guest.memory:hex}", .shown = "0xbee00000" },
		{ .text = "{host.iommu.aw_bits} {host.iommu.aw_bits:hex} {host.iommu.aw_bits:size}",
		  .shown = "39 0x27 39 bytes" },
		{ .text = "a{guest.hugepages}b{qemu.version}c", .shown = "ayesb10.0.13c" },
		{ .text = "{ guest.hugepages }", .shown = "yes" },
		{ .text = "{host.cpu.flags}", .shown = "lm vmx" },
		{ .text = "{check.region}", .shown = "0xfee00000-0xfeefffff" },
		{ .text = "{each.device} {each.device.address}", .shown = "0000:01:00.0 0000:01:00.0" },
		{ .text = "{guest.name}", .shown = "a<b>'; \\x1b[2J&\"" },
		/* What is not known says why. */
		{ .text = "{host.msr.test_ctrl:hex}", .shown = "(permission denied)" },
		{ .text = "{each.device.group.type}", .shown = "(not read)" },
		{ .text = "{{{guest.hugepages}}}", .shown = "{yes}" },
	};
	struct fixture *f = *state;
	const struct vc_scope scope = scope_of(f);

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_buf_ struct vc_buf buf = { 0 };
		struct vc_diags diags = { .arena = f->arena };
		struct vc_template template;

		assert_int_equal(
			vc_template_parse(cases[i].text, &names, "x", 1, f->arena, &diags, &template), 0);
		vc_template_render(&template, &scope, &buf);
		assert_string_equal(vc_buf_text(&buf), cases[i].shown);
	}
}

static void
refuses(void **state)
{
	static const struct {
		const char *text, *said;
		int line;
	} cases[] = {
		{ .text = "\n{",
		  .said = "'{' has no closing '}'; write '{{' for the character itself",
		  .line = 6 },
		{ .text = "{guest.memory",
		  .said = "'{guest.memory' has no closing '}'; write '{{' for the character itself",
		  .line = 5 },
		{ .text = "{guest.{memory}",
		  .said = "'{guest.{memory}' has no closing '}'; write '{{' for the character itself",
		  .line = 5 },
		{ .text = "\n\n}",
		  .said = "'}' closes nothing; write '}}' for the character itself",
		  .line = 7 },
		{ .text = "{}", .said = "the name of a fact is missing", .line = 5 },
		{ .text = "{:hex}", .said = "the name of a fact is missing", .line = 5 },
		{ .text = "\n{guest.memroy}",
		  .said = "there is no fact 'guest.memroy'; did you mean 'guest.memory'?",
		  .line = 6 },
		{ .text = "{guest.memory:hx}",
		  .said = "a number cannot be shown as 'hx'; did you mean 'hex'?",
		  .line = 5 },
		{ .text = "{guest.memory:}",
		  .said = "a number cannot be shown as ''; did you mean 'hex'?",
		  .line = 5 },
		{ .text = "{guest.name:hex}",
		  .said = "'guest.name' is text; ':hex' needs a number",
		  .line = 5 },
		{ .text = "{guest.hostdev.address}",
		  .line = 5,
		  .said = "'guest.hostdev.address': guest.hostdev is a list; name it in <each> and write "
			  "each.NAME for a "
			  "fact of its records" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_diags diags = { .arena = f->arena };
		struct vc_template template = { .count = 77 };

		assert_int_equal(
			vc_template_parse(cases[i].text, &names, "x", 5, f->arena, &diags, &template),
			-EINVAL);
		assert_int_equal(diags.count, 1);
		assert_string_equal(diags.item[0].text, cases[i].said);
		assert_int_equal(diags.item[0].line, cases[i].line);
		assert_int_equal(template.count, 77);
	}
}

/* A hostile name does not become a second command. */
static void
quotes(void **state)
{
	static const struct {
		const char *name, *shown;
	} cases[] = {
		{ .name = "win11", .shown = "edit win11" },
		{ .name = "a;reboot", .shown = "edit 'a;reboot'" },
		{ .name = "it's", .shown = "edit 'it'\\''s'" },
		{ .name = "$(x)`y`", .shown = "edit '$(x)`y`'" },
		{ .name = "a b", .shown = "edit 'a b'" },
		{ .name = "", .shown = "edit ''" },
		{ .name = "a\nb", .shown = "edit 'a\\x0ab'" },
	};
	struct fixture *f = *state;
	const struct vc_scope scope = scope_of(f);
	struct vc_diags diags = { .arena = f->arena };
	_cleanup_buf_ struct vc_buf unknown = { 0 };
	struct vc_template template;

	assert_int_equal(vc_template_parse("edit {guest.name}", &names, "x", 1, f->arena, &diags, &template),
			 0);
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_buf_ struct vc_buf buf = { 0 };

		vc_set_text(&f->guest.name, cases[i].name, "/domain/name");
		vc_template_render_command(&template, &scope, &buf);
		assert_string_equal(vc_buf_text(&buf), cases[i].shown);
	}
	assert_int_equal(vc_template_parse("{{}} {each.device} {host.msr.test_ctrl}", &names, "x", 1,
					   f->arena, &diags, &template),
			 0);
	vc_template_render_command(&template, &scope, &unknown);
	assert_string_equal(vc_buf_text(&unknown), "{} 0000:01:00.0 '(permission denied)'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(renders, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(quotes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
