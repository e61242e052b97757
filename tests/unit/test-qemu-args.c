/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's option syntax, and what its arguments change in the guest. */
#include "guest-domain.h"

#include <sys/resource.h>

#include "guest/idset.h"
#include "guest/qemu-args.h"

static struct vc_qemu_option
parse(struct world *world, const char *text)
{
	struct vc_qemu_option option = { 0 };

	assert_int_equal(vc_qemu_option_parse(world->arena, text, "driver", &option), 0);
	return option;
}

static void
key_value_text(void **state)
{
	struct world *world = *state;
	struct vc_qemu_option option =
		parse(world, "vfio-pci,host=01:00.0,x_vga,noballoon,romfile=/a,,b,romfile=/c");

	assert_string_equal(vc_qemu_option_get(&option, "driver"), "vfio-pci");
	assert_string_equal(vc_qemu_option_get(&option, "host"), "01:00.0");
	assert_string_equal(vc_qemu_option_get(&option, "x-vga"), "on");
	assert_string_equal(vc_qemu_option_get(&option, "balloon"), "off");
	/* The last word counts. */
	assert_string_equal(vc_qemu_option_get(&option, "romfile"), "/c");
	assert_string_equal(option.property[4].value, "/a,b");
	assert_null(vc_qemu_option_get(&option, "id"));
	option = parse(world, "");
	assert_int_equal(option.properties, 0);
	option = parse(world, ",,,");
	assert_null(vc_qemu_option_get(&option, "host"));
}

static void
json_text(void **state)
{
	struct world *world = *state;
	static const char *const broken[] = {
		"{",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":1",
		"{\"a\":1,",
		"{\"a\":1}x",
		"{\"a\" 1}",
		"{a:1}",
		"{\"a\":}",
		"{\"a\":\"\\",
		"{\"a\":\"\\u12\"}",
		"{\"a\":[1,}",
		"{\"a\":[}",
		"{,}",
		"{\"a\":\"b}",
		"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
	};
	struct vc_qemu_option option =
		parse(world, " { \"driver\" : \"intel-iommu\", \"aw-bits\":48, \"caching_mode\":true, "
			     "\"x\":{\"driver\":\"no\"},"
			     "\"y\":[1,{\"z\":null}],\"s\":\"a\\\"b\\\\\\u0041\",\"eim\":false,\"e\":{} } ");

	assert_string_equal(vc_qemu_option_get(&option, "driver"), "intel-iommu");
	assert_string_equal(vc_qemu_option_get(&option, "aw-bits"), "48");
	assert_string_equal(vc_qemu_option_get(&option, "caching-mode"), "on");
	assert_string_equal(vc_qemu_option_get(&option, "eim"), "off");
	assert_string_equal(vc_qemu_option_get(&option, "s"), "a\"b\\?");
	assert_null(vc_qemu_option_get(&option, "z"));
	assert_null(vc_qemu_option_get(&option, "x"));
	for (size_t i = 0; i < VC_COUNT(broken); i++) {
		struct vc_qemu_option ignored = { 0 };

		assert_int_equal(vc_qemu_option_parse(world->arena, broken[i], "driver", &ignored), -EBADMSG);
	}
}

/* Many items in one argument cost memory for what they hold, not for all that follows each of them. */
static void
many_items(void **state)
{
	struct world *world = *state;
	_cleanup_buf_ struct vc_buf items = { 0 }, members = { 0 };
	struct rusage before, after;

	vc_buf_add(&members, "{\"driver\":\"a\"");
	for (unsigned i = 0; i < 20000; i++) {
		vc_buf_addf(&items, "k%u=v,", i);
		vc_buf_addf(&members, ",\"k%u\":\"v\"", i);
	}
	vc_buf_add(&members, "}");
	assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
	assert_int_equal(parse(world, vc_buf_text(&items)).properties, 20000);
	assert_int_equal(parse(world, vc_buf_text(&members)).properties, 20001);
	assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
	assert_true(after.ru_maxrss - before.ru_maxrss < 100 * 1024);
}

static void
sizes_of_qemu(void **state)
{
	uint64_t size = 7;

	(void)state;
	assert_int_equal(vc_qemu_size("4G", &size), 0);
	assert_int_equal(size, 4 * GIB);
	assert_int_equal(vc_qemu_size("65536", &size), 0);
	assert_int_equal(size, 65536);
	assert_int_equal(vc_qemu_size("512m", &size), 0);
	assert_int_equal(size, 512 * MIB);
	assert_int_equal(vc_qemu_size("0x4000000", &size), 0);
	assert_int_equal(size, 64 * MIB);
	assert_int_equal(vc_qemu_size("0x1b", &size), 0);
	assert_int_equal(size, 0x1b);
	assert_int_equal(vc_qemu_size("15E", &size), 0);
	size = 7;
	assert_int_equal(vc_qemu_size("16E", &size), -ERANGE);
	assert_int_equal(vc_qemu_size("", &size), -EINVAL);
	assert_int_equal(vc_qemu_size("G", &size), -EINVAL);
	assert_int_equal(vc_qemu_size("4X", &size), -EINVAL);
	assert_int_equal(vc_qemu_size("-4G", &size), -EINVAL);
	assert_int_equal(size, 7);
}

static void
nodesets(void **state)
{
	struct vc_idset set;

	(void)state;
	assert_int_equal(vc_idset_parse("0-3,^2,8", &set), 0);
	assert_true(vc_idset_has(&set, 3));
	assert_false(vc_idset_has(&set, 2));
	assert_true(vc_idset_has(&set, 8));
	assert_false(vc_idset_has(&set, 9000));
	assert_int_equal(vc_idset_only(&set), -1);
	assert_int_equal(vc_idset_parse(" 8191 ", &set), 0);
	assert_int_equal(vc_idset_only(&set), 8191);
	assert_int_equal(vc_idset_parse("8192", &set), -ERANGE);
	assert_int_equal(vc_idset_parse("0-99999999999", &set), -ERANGE);
	assert_int_equal(vc_idset_parse("", &set), -EINVAL);
	assert_int_equal(vc_idset_parse("3-1", &set), -EINVAL);
	assert_int_equal(vc_idset_parse("1,", &set), -EINVAL);
	assert_int_equal(vc_idset_parse("1 2", &set), -EINVAL);
	assert_int_equal(vc_idset_parse("1,^1", &set), -EINVAL);
	assert_int_equal(vc_idset_parse("a", &set), -EINVAL);
}

static void
with_arguments(struct world *world, const char *const *arguments)
{
	struct vc_buf text = { 0 };

	vc_buf_add(&text, "<qemu:commandline>");
	for (; *arguments; arguments++)
		vc_buf_addf(&text, "<qemu:arg value='%s'/>", *arguments);
	vc_buf_add(&text, "</qemu:commandline>");
	read_sketch(world, (struct sketch){ .type = "qemu", .top = vc_buf_text(&text) });
	vc_buf_release(&text);
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
accelerators(void **state)
{
	struct world *world = *state;

	with_arguments(world, ARGS("-accel", "nvmm"));
	assert_text(world->guest.accel, "nvmm");
	with_arguments(world, ARGS("--accel", "nvmm,x=y"));
	assert_text(world->guest.accel, "nvmm");
	/* QEMU takes libvirt's own, which comes first and works. */
	with_arguments(world, ARGS("-accel", "kvm,kernel-irqchip=off"));
	assert_text(world->guest.accel, "tcg");
	assert_flag(world->guest.irqchip_written, false);
	with_arguments(world, ARGS("-machine", "accel=kvm:tcg"));
	assert_text(world->guest.accel, "kvm");
	with_arguments(world, ARGS("-machine", "accel=whpx"));
	assert_text(world->guest.accel, "whpx");
	with_arguments(world, ARGS("-enable-kvm", "-snapshot"));
	assert_text(world->guest.accel, "kvm");
	assert_int_equal(world->guest.qemu_args.count, 2);
	/* The value of another option is no option. */
	with_arguments(world, ARGS("-name", "x", "-device", "-accel", "nvmm"));
	assert_text(world->guest.accel, "tcg");
	with_arguments(world, ARGS("-accel"));
	assert_text(world->guest.accel, "tcg");
}

static void
machine_and_firmware(void **state)
{
	struct world *world = *state;

	with_arguments(world, ARGS("-M", "pc-q35-4.0,kernel-irqchip=split"));
	assert_text(world->guest.machine, "pc-q35-4.0");
	assert_text(world->guest.machine_family, "q35");
	assert_flag(world->guest.irqchip_written, true);
	with_arguments(world, ARGS("-drive", "if=pflash,format=raw,file=/x/OVMF_CODE.fd"));
	assert_flag(world->guest.pflash, true);
	assert_text(world->guest.firmware, "efi");
	with_arguments(world, ARGS("-drive", "if=virtio,file=/x/disk"));
	assert_flag(world->guest.pflash, false);
	with_arguments(world, ARGS("-pflash", "/x/OVMF.fd"));
	assert_flag(world->guest.pflash, true);
	with_arguments(world, ARGS("-bios", "/x/OVMF.fd"));
	assert_flag(world->guest.pflash, false);
	assert_text(world->guest.loader_type, "rom");
	assert_unreadable(world->guest.firmware, EOPNOTSUPP);
	with_arguments(world, ARGS("-global", "q35-pcihost.pci-hole64-size=64G"));
	assert_number(world->guest.pci_window_size, 64 * GIB);
	with_arguments(world, ARGS("-global", "driver=q35-pcihost,property=pci-hole64-size,value=1T"));
	assert_number(world->guest.pci_window_size, 1024 * GIB);
	with_arguments(world, ARGS("-device", "pc-dimm,memdev=m"));
	derive(world, "10.0.13");
	assert_unreadable(world->guest.ram, EOPNOTSUPP);
}

static void
cpu(void **state)
{
	struct world *world = *state;

	with_arguments(
		world,
		ARGS("-cpu", "host,kvm=off,hv_relaxed,hv-vendor-id=abc,hv_time=off,+invtsc,-svm,topoext=on"));
	assert_text(world->guest.cpu_mode, "host-passthrough");
	assert_absent(world->guest.cpu_model);
	assert_flag(world->guest.kvm_hidden, true);
	assert_int_equal(world->guest.hyperv.count, 2);
	assert_true(vc_set_has(&world->guest.hyperv, "relaxed"));
	assert_true(vc_set_has(&world->guest.hyperv, "vendor_id"));
	assert_true(vc_set_has(&world->guest.cpu_required, "invtsc"));
	assert_true(vc_set_has(&world->guest.cpu_required, "topoext"));
	assert_true(vc_set_has(&world->guest.cpu_disabled, "svm"));
	with_arguments(world, ARGS("-cpu", "EPYC"));
	assert_text(world->guest.cpu_mode, "custom");
	assert_text(world->guest.cpu_model, "EPYC");
}

/* Elements of the same name that are not QEMU's say nothing. */
static void
other_namespaces(void **state)
{
	struct world *world = *state;

	read_text(world,
		  "<domain type='qemu' xmlns:q='urn:other'><q:commandline><q:arg value='-accel'/>"
		  "<q:arg value='nvmm'/></q:commandline><commandline><arg value='-accel'/><arg value='nvmm'/>"
		  "</commandline></domain>");
	assert_text(world->guest.accel, "tcg");
	assert_int_equal(world->guest.qemu_args.count, 0);
	/* The prefix is free to choose, and the path uses what the input uses. */
	read_text(world,
		  "<domain type='qemu' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline>"
		  "<q:arg value='-accel'/><q:arg value='nvmm'/></q:commandline></domain>");
	assert_text(world->guest.accel, "nvmm");
	assert_string_equal(world->guest.accel.fact.from, "/domain/q:commandline/q:arg[2]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(key_value_text),
		WORLD_TEST(json_text),
		WORLD_TEST(many_items),
		WORLD_TEST(sizes_of_qemu),
		WORLD_TEST(nodesets),
		WORLD_TEST(accelerators),
		WORLD_TEST(machine_and_firmware),
		WORLD_TEST(cpu),
		WORLD_TEST(other_namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
