/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test-host-plan [DIRECTORY]: leaves the scripts and tasks it makes in DIRECTORY. */
#include "sample.h"

#include "report/host-plan.h"

static const char *directory;

static int
setup(void **state)
{
	struct sample *s = malloc(sizeof(*s));

	sample_init(s);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	sample_release(*state);
	free(*state);
	return 0;
}

static void
leave(const char *name, const char *suffix, const struct vc_buf *text)
{
	char path[4096];
	FILE *file;

	if (!directory)
		return;
	snprintf(path, sizeof(path), "%s/%s.%s", directory, name, suffix);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(text->text, 1, text->length, file), text->length);
	assert_int_equal(fclose(file), 0);
}

static const char *
script(struct sample *s, const char *name)
{
	vc_buf_release(&s->out);
	vc_report_host_ansible(&s->report, &s->out);
	leave(name, "yml", &s->out);
	vc_buf_release(&s->out);
	vc_report_host_script(&s->report, &s->out);
	leave(name, "sh", &s->out);
	return vc_buf_text(&s->out);
}

static const char *
tasks(struct sample *s)
{
	vc_buf_release(&s->out);
	vc_report_host_ansible(&s->report, &s->out);
	return vc_buf_text(&s->out);
}

/* Every kind of setting in one fix, and a fix that only a person can carry out. */
static void
give_fixes(struct sample *s)
{
	struct vc_action *action = vc_arena_make_array(s->arena, 6, struct vc_action);

	action[0] = (struct vc_action){ .verb = VC_VERB_SYSCTL, .name = "kernel.split_lock_mitigate",
					.value = sample_text(s->arena, "0"), .was = sample_text(s->arena, "1"),
					.costs = "others may wait" };
	action[1] = (struct vc_action){ .verb = VC_VERB_MODULE, .name = "vfio_iommu_type1",
					.parameter = "allow_unsafe_interrupts", .live = true,
					.value = sample_text(s->arena, "Y"), .was = sample_text(s->arena, "N") };
	action[2] = (struct vc_action){ .verb = VC_VERB_LOAD, .name = "vfio-pci" };
	action[3] = (struct vc_action){ .verb = VC_VERB_KERNEL, .remove = true,
					.value = sample_text(s->arena, "iommu=off intel_iommu=off") };
	action[4] = (struct vc_action){ .verb = VC_VERB_KERNEL, .value = sample_text(s->arena, "intel_iommu=on") };
	action[5] = (struct vc_action){ .verb = VC_VERB_COMMAND, .value = sample_text(s->arena, "echo it > /x"),
					.persist = sample_text(s->arena, "run it at boot"),
					.undo = sample_text(s->arena, "echo not > /x") };
	s->fix[0] = (struct vc_fix){ .who = VC_WHO_HOST, .summary = sample_text(s->arena, "do it's all"),
				     .action = action, .actions = 5 };
	s->fix[1] = (struct vc_fix){ .who = VC_WHO_HOST, .summary = sample_text(s->arena, "or do this"),
				     .action = action + 5, .actions = 1 };
	s->fix[2] = (struct vc_fix){ .who = VC_WHO_DOMAIN, .summary = sample_text(s->arena, "in the domain"),
				     .action = s->action, .actions = 1 };
	s->rule.fix = s->fix;
	s->rule.fixes = 3;
	vc_set_text(&s->host.kernel_cmdline, "quiet iommu=off intel_iommu=off", "/proc/cmdline");
}

static void
boots_with(struct sample *s, const char *loader, const char *like)
{
	const char *const word[] = { like };

	vc_set_set(s->arena, &s->host.distribution_like, word, 1, "/etc/os-release");
	vc_set_text(&s->host.boot_loader, loader, "/boot");
}

static void
test_each_way(void **state)
{
	static const struct {
		const char *name, *loader, *like, *then;
	} ways[] = {
		{ "grub", "grub", "debian", "\tupdate-grub\n" },
		{ "grubby", "grubby", "fedora", "\tgrubby --update-kernel=ALL --args='intel_iommu=on'\n" },
		{ "rpm-ostree", "rpm-ostree", "fedora", "\trpm-ostree kargs --append-if-missing=intel_iommu=on\n" },
		{ "systemd-debian", "systemd-boot", "debian", "do kernel-install add \"${image#/boot/vmlinuz-}\"" },
		{ "systemd", "systemd-boot", "arch", "kernel-install add-all" },
		{ "proxmox", "proxmox", "debian", "proxmox-boot-tool refresh" },
	};
	struct sample *s = *state;

	give_fixes(s);
	for (size_t i = 0; i < VC_COUNT(ways); i++) {
		const char *text;

		boots_with(s, ways[i].loader, ways[i].like);
		text = script(s, ways[i].name);
		assert_contains(text, ways[i].then);
		assert_contains(text, "# 1. viommu-aw-bits: do it's all\n");
		assert_contains(text, "#   costs: others may wait\n");
		assert_contains(text, "\tsysctl -w kernel.split_lock_mitigate=0\n");
		assert_contains(text, "\tapply-1) apply_1 ;;\n");
		assert_contains(text, "printf '%s\\n' '2. viommu-aw-bits: or do this (by hand)'\n");
		assert_lacks(text, "apply_2");
		assert_contains(text, "#       echo it > /x\n");
		assert_lacks(text, "in the domain");
		assert_contains(tasks(s), "tags: [never, vhostcheck_1]\n");
		assert_lacks(vc_buf_text(&s->out), "vhostcheck_2");
	}
}

/* Only what the kernel was started with is removed, and only that comes back. */
static void
test_removal(void **state)
{
	struct sample *s = *state;
	const char *text;

	give_fixes(s);
	boots_with(s, "grubby", "fedora");
	vc_set_text(&s->host.kernel_cmdline, "xiommu=off iommu=off2 intel_iommu=off", "/proc/cmdline");
	text = script(s, "removal-one");
	assert_contains(text, "\tgrubby --update-kernel=ALL --remove-args='intel_iommu=off'\n");
	assert_contains(text, "\tgrubby --update-kernel=ALL --args='intel_iommu=off'\n");
	vc_set_text(&s->host.kernel_cmdline, "quiet", "/proc/cmdline");
	assert_lacks(script(s, "removal-none"), "--remove-args='iommu");
	s->host.kernel_cmdline = (struct vc_fact_text){ .fact = { .state = VC_UNREADABLE, .err = 13 } };
	text = script(s, "removal-unknown");
	assert_contains(text, "--remove-args='iommu=off intel_iommu=off'");
	assert_lacks(text, "--args='iommu=off");
	/* A fix that has nothing else to do is not offered. */
	vc_set_text(&s->host.kernel_cmdline, "quiet", "/proc/cmdline");
	s->action[1] = (struct vc_action){ .verb = VC_VERB_KERNEL, .remove = true,
					   .value = sample_text(s->arena, "intremap=off") };
	s->fix[0].action = &s->action[1];
	s->fix[0].actions = 1;
	assert_lacks(script(s, "removal-idle"), "do it's all");
	/* Among other options of the same parameter it is for a person to take away. */
	vc_set_text(&s->host.kernel_cmdline, "intremap=nosid,off quiet", "/proc/cmdline");
	text = script(s, "removal-mixed");
	assert_contains(text, "remove intremap=off from the kernel command line");
	assert_lacks(text, "apply_1");
	vc_set_text(&s->host.kernel_cmdline, "intremap=nosid,offline intremapx=off", "/proc/cmdline");
	assert_lacks(script(s, "removal-idle"), "do it's all");
}

/* A host whose boot loader nobody knows gets words, for all of a fix: half of it would be worse than none. */
static void
test_unknown_way(void **state)
{
	struct sample *s = *state;
	const char *text;

	give_fixes(s);
	text = script(s, "unknown");
	assert_lacks(text, "apply_1");
	assert_contains(text, "# 1. viommu-aw-bits: do it's all\n");
	assert_contains(text, "by hand:\n#     remove iommu=off intel_iommu=off from the kernel command line");
	assert_contains(tasks(s), "\n[]\n");
}

static void
test_nothing(void **state)
{
	struct sample *s = *state;

	assert_contains(script(s, "nothing"), "echo 'there is nothing to change on the host'\n");
	assert_contains(tasks(s), "\n[]\n");
}

/* Two devices with one fault: the host is changed once. */
static void
test_once(void **state)
{
	struct sample *s = *state;
	struct vc_host_plan plan;

	give_fixes(s);
	boots_with(s, "grub", "debian");
	s->finding[1] = s->finding[0];
	s->findings.count = 2;
	vc_host_plan_make(&s->report, &plan);
	assert_int_equal(plan.count, 2);
	s->finding[1].outcome = VC_SUPPRESSED;
	s->finding[0].outcome = VC_UNDECIDED;
	vc_host_plan_make(&s->report, &plan);
	assert_int_equal(plan.count, 0);
}

/* Nothing that comes from outside gets out of its comment or its quotes. */
static void
test_hostile(void **state)
{
	struct sample *s = *state;
	const char *text;

	give_fixes(s);
	boots_with(s, "grub", "debian");
	s->finding[0].message = "one\nreboot\r\n'; reboot; '\033[31m";
	s->fix[0].summary = sample_text(s->arena, "it's\nreboot\n$(reboot) {{ reboot }}");
	s->fix[1].summary = sample_text(s->arena, "\"\n- reboot: now");
	s->action[1] = (struct vc_action){ .verb = VC_VERB_COMMAND, .value = sample_text(s->arena, "x\nreboot") };
	s->fix[1].action = &s->action[1];
	text = script(s, "hostile");
	assert_lacks(text, "\nreboot");
	assert_lacks(text, "\r");
	assert_lacks(text, "\033");
	text = tasks(s);
	assert_lacks(text, "\nreboot");
	assert_lacks(text, "\n- reboot");
	assert_lacks(text, "\033");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_removal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	};

	directory = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
