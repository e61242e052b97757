/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What leaves a capture, and what must not be touched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "host/redact.h"

#define HOST "web01"

struct example {
	const char *path, *text, *redacted; /* redacted NULL: unchanged */
};

/* Redacts each with a redactor of its own, so that placeholders count from 1. */
static void
assert_redacted(const struct example *example, size_t count, const char *host)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		struct vc_redact *redact = vc_redact_new(arena, host);
		const char *want = example[i].redacted ? example[i].redacted : example[i].text;
		const char *data = NULL;
		size_t size = 0;

		assert_int_equal(vc_redact(redact, example[i].path, 0, example[i].text,
					   strlen(example[i].text), &data, &size),
				 0);
		assert_string_equal(data, want);
		assert_int_equal(size, strlen(want));
		if (!example[i].redacted)
			assert_ptr_equal(data, example[i].text);
	}
}

#define UUID "8f2a1c3e-0b1d-4c5e-9f6a-7b8c9d0e1f2a"
#define UUID1 "00000000-0000-0000-0000-000000000001"

static void
test_uuids(void **state)
{
	static const struct example example[] = {
		{ .path = "/f", .text = UUID, .redacted = UUID1 },
		{ .path = "/f", .text = "UUID=" UUID "\n", .redacted = "UUID=" UUID1 "\n" },
		{ .path = "/f", .text = "luks-" UUID " x", .redacted = "luks-" UUID1 " x" },
		{ .path = "/f", .text = "uuid:" UUID, .redacted = "uuid:" UUID1 },
		{ .path = "/f",
		  .text = "/dev/disk/by-uuid/" UUID ",a",
		  .redacted = "/dev/disk/by-uuid/" UUID1 ",a" },
		{ .path = "/f",
		  .text = UUID " " UUID " 11111111-2222-3333-4444-555555555555",
		  .redacted = UUID1 " " UUID1 " 00000000-0000-0000-0000-000000000002" },
		/* Case does not make another value. */
		{ .path = "/f",
		  .text = UUID " 8F2A1C3E-0B1D-4C5E-9F6A-7B8C9D0E1F2A",
		  .redacted = UUID1 " " UUID1 },
		/* Nobody's, too long, too short, not hexadecimal, inside a word. */
		{ .path = "/f", .text = "00000000-0000-0000-0000-000000000000" },
		{ .path = "/f", .text = "ffffffff-ffff-ffff-ffff-ffffffffffff" },
		{ .path = "/f", .text = UUID "0" },
		{ .path = "/f", .text = "0" UUID },
		{ .path = "/f", .text = "8f2a1c3e-0b1d-4c5e-9f6a-7b8c9d0e1f2" },
		{ .path = "/f", .text = "8g2a1c3e-0b1d-4c5e-9f6a-7b8c9d0e1f2a" },
		{ .path = "/f", .text = "" },
	};

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
}

static void
test_macs(void **state)
{
	static const struct example example[] = {
		{ .path = "/f", .text = "52:54:00:12:34:56\n", .redacted = "02:00:00:00:00:01\n" },
		{ .path = "/f",
		  .text = "ifname=eth0:52:54:00:12:34:56",
		  .redacted = "ifname=eth0:02:00:00:00:00:01" },
		{ .path = "/f", .text = "mac:52:54:00:AB:CD:EF", .redacted = "mac:02:00:00:00:00:01" },
		{ .path = "/f",
		  .text = "52:54:00:AB:CD:EF 52:54:00:ab:cd:ef",
		  .redacted = "02:00:00:00:00:01 02:00:00:00:00:01" },
		{ .path = "/f", .text = "52:54:00:ff:fe:12:34:56", .redacted = "02:00:00:00:00:00:00:01" },
		{ .path = "/f",
		  .text = "80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1",
		  .redacted = "02:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01" },
		{ .path = "/f", .text = "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff" },
		{ .path = "/f", .text = "52:54:00:12:34" },
		{ .path = "/f", .text = "52:54:00:12:34:56:78" },
		{ .path = "/f", .text = "52:54:00:12:34:567" },
		{ .path = "/f", .text = "52:54:00:12:34:56:" },
		{ .path = "/f", .text = "0000:52:54:00:12:34:56" },
	};

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
}

/* What rules decide by, from real hosts. */
static void
test_untouched(void **state)
{
	static const struct example example[] = {
		{ .path = "/sys/class/iommu/dmar0/intel-iommu/cap", .text = "d2008c20660462\n" },
		{ .path = "/sys/class/iommu/ivhd0/amd-iommu/features", .text = "25bf732fa2295afe:1d\n" },
		{ .path = "/sys/bus/pci/devices/0000:00:1f.3/vendor", .text = "0x8086\n" },
		{ .path = "/sys/bus/pci/devices/0000:01:00.0/uevent",
		  .text = "PCI_ID=10DE:2484\nPCI_SUBSYS_ID=1458:404A\nPCI_SLOT_NAME=0000:01:00.0\n"
			  "MODALIAS=pci:v000010DEd00002484sv00001458sd0000404Abc03sc00i00\n" },
		{ .path = "/sys/bus/pci/devices/0000:01:00.0/resource",
		  .text = "0x00000000a3000000 0x00000000a3ffffff 0x0000000000040200\n" },
		{ .path = "/sys/kernel/iommu_groups/1/reserved_regions",
		  .text = "0x00000000fee00000 0x00000000feefffff msi\n0x000000fd00000000 0x000000ffffffffff "
			  "reserved\n" },
		{ .path = "/proc/iomem",
		  .text = "  a3000000-a3ffffff : 0000:01:00.0\n    a3000000-a34bffff : efifb\n" },
		{ .path = "/proc/version", .text = "Linux version 6.12.107+deb13-amd64 (x@y) #1 SMP\n" },
		{ .path = "/proc/interrupts",
		  .text = " 24:  0 1 2 3 IR-PCI-MSI-0000:00:1c.0 0-edge PCIe PME\n" },
		{ .path = "/proc/cpuinfo",
		  .text = "flags : fpu vme de aes avx2 web01 svm\nmicrocode : 0xa101148\n" },
		{ .path = "/proc/cmdline",
		  .text = "BOOT_IMAGE=/boot/vmlinuz-6.12.107+deb13-amd64 root=/dev/sda1 ro quiet "
			  "intel_iommu=on iommu=pt "
			  "vfio-pci.ids=10de:2484,10de:228b pci=nommconf memmap=64K$0x18690000 hugepagesz=1G "
			  "hugepages=16 "
			  "isolcpus=2-7 console=ttyS0,115200n8 ip=dhcp\n" },
		{ .path = "/sys/class/dmi/id/bios_version", .text = "F15a\n" },
		{ .path = "msr/0x33", .text = "0x20000000" },
		{ .path = "limits", .text = "memlock 8388608 8388608\n" },
	};

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
}

static void
test_host_name(void **state)
{
	static const struct example example[] = {
		{ .path = "uname",
		  .text = "Linux\nweb01\n6.12.0\n",
		  .redacted = "Linux\nredacted\n6.12.0\n" },
		{ .path = "uname", .text = "Linux\nweb01.example.org\n", .redacted = "Linux\nredacted\n" },
		{ .path = "uname", .text = "6.12.0-web01 web01-amd64 web010 aweb01 web01_x 6.web01" },
		{ .path = "/proc/sys/kernel/hostname", .text = "web01\n", .redacted = "redacted\n" },
		{ .path = "/etc/hosts",
		  .text = "127.0.1.1 web01.example.org web01\n",
		  .redacted = "127.0.1.1 redacted redacted\n" },
		{ .path = "/proc/mounts",
		  .text = "/dev/mapper/web01--vg-root / ext4 rw 0 0\n",
		  .redacted = "/dev/mapper/redacted--vg-root / ext4 rw 0 0\n" },
		{ .path = "image/0123456789abcdef",
		  .text = "size 10\nformat qcow2\nbacking missing /srv/customer a/base.img\nlocked no",
		  .redacted = "size 10\nformat qcow2\nbacking missing\nlocked no" },
		{ .path = "image/0123456789abcdef", .text = "size 10\nin-use yes\n" },
		{ .path = "domains/running",
		  .text = "running 0123456789abcdef fedcba9876543210 0000:01:00.0,0000:01:00.1 customer a\n",
		  .redacted = "running 0123456789abcdef fedcba9876543210 0000:01:00.0,0000:01:00.1\n" },
		{ .path = "/etc/libvirt/qemu.conf",
		  .text = "vnc_password = \"secret\"\n memory_backing_dir = \"/ram\"\nmemory_backing_dirs = 1\n#x\n",
		  .redacted = "memory_backing_dir = \"/ram\"\n" },
		{ .path = "/proc/self/mountinfo",
		  .text = "/dev/web01-vg/root",
		  .redacted = "/dev/redacted-vg/root" },
		{ .path = "/proc/cmdline",
		  .text = "root=/dev/mapper/web01--vg-root web01 web01=on\n",
		  .redacted = "root=/dev/mapper/redacted--vg-root web01 web01=on\n" },
		/* Elsewhere a word is a word: hosts are called "intel" and "pc". */
		{ .path = "/sys/class/x", .text = "web01\n" },
	};
	static const struct example number[] = {
		{ .path = "uname", .text = "Linux\n6.12.0 12 #12\n" },
	};
	static const struct example none[] = {
		{ .path = "uname", .text = "Linux\n\n6.12.0\n" },
		{ .path = "uname", .text = "Linux\n6.12.0 .x\n" },
	};

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
	assert_redacted(example, VC_COUNT(example), HOST ".example.org");
	assert_redacted(number, VC_COUNT(number), "12");
	assert_redacted(none, VC_COUNT(none), "");
	assert_redacted(none, VC_COUNT(none), NULL);
}

static void
test_command_line(void **state)
{
	static const struct example example[] = {
		{ .path = "/proc/cmdline",
		  .text = "root=UUID=" UUID " ro resume=UUID=" UUID,
		  .redacted = "root=UUID=" UUID1 " ro resume=UUID=" UUID1 },
		{ .path = "/proc/cmdline",
		  .text = "root=UUID=ABCD-1234 quiet",
		  .redacted = "root=UUID=0000-0001 quiet" },
		{ .path = "/proc/cmdline",
		  .text = "root=PARTUUID=1a2b3c4d-02",
		  .redacted = "root=PARTUUID=00000000-01" },
		{ .path = "/proc/cmdline", .text = "root=LABEL=alice", .redacted = "root=LABEL=00001" },
		{ .path = "/proc/cmdline",
		  .text = "root=\"LABEL=my disk\" ro",
		  .redacted = "root=\"LABEL=00 0001\" ro" },
		{ .path = "/proc/cmdline",
		  .text = "\"root=LABEL=my disk\" ro",
		  .redacted = "\"root=LABEL=00 0001\" ro" },
		{ .path = "/proc/cmdline",
		  .text = "root=/dev/disk/by-id/wwn-0x5002538e",
		  .redacted = "root=/dev/disk/by-id/000-0000000001" },
		{ .path = "/proc/cmdline",
		  .text = "rd.luks.uuid=luks-" UUID,
		  .redacted = "rd.luks.uuid=luks-" UUID1 },
		{ .path = "/proc/cmdline",
		  .text = "rd.luks.uuid=8f2a1c3e",
		  .redacted = "rd.luks.uuid=00000001" },
		{ .path = "/proc/cmdline",
		  .text = "rd.lvm.lv=corp/root rd.lvm.lv=corp/swap rd.lvm.lv=corp/root",
		  .redacted = "rd.lvm.lv=0000/0001 rd.lvm.lv=0000/0002 rd.lvm.lv=0000/0001" },
		{ .path = "/proc/cmdline",
		  .text = "rd.md.uuid=1a2b:3c4d",
		  .redacted = "rd.md.uuid=0000:0001" },
		{ .path = "/proc/cmdline",
		  .text = "BOOTIF=01-52-54-00-12-34-56",
		  .redacted = "BOOTIF=00-00-00-00-00-00-01" },
		{ .path = "/proc/cmdline",
		  .text = "ip=10.1.2.3::10.1.2.1:255.255.255.0:alice:eth0:off:8.8.8.8",
		  .redacted = "ip=00.0.0.1::00.0.0.2:255.255.255.0:00003:eth0:off:8.8.8.8" },
		{ .path = "/proc/cmdline", .text = "ip=[2001:db8::1]::", .redacted = "ip=[0000:000::1]::" },
		{ .path = "/proc/cmdline", .text = "ip=dhcp ip=off ip=eth0:dhcp" },
		{ .path = "/proc/cmdline",
		  .text = "systemd.hostname=alice hostname=alice",
		  .redacted = "systemd.hostname=00001 hostname=00001" },
		/* Values of other parameters, and names that only begin alike. */
		{ .path = "/proc/cmdline",
		  .text = "rootdelay=10 ipv6.disable=1 rootflags=subvol=@ root ip= root=" },
	};

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
}

static void
test_serial_files(void **state)
{
	static const struct example example[] = {
		{ .path = "/sys/class/dmi/id/product_serial",
		  .text = "CZ12-34X\n",
		  .redacted = "0000-001\n" },
		{ .path = "/sys/devices/virtual/dmi/id/chassis_asset_tag", .text = "A\n", .redacted = "1\n" },
		{ .path = "/etc/machine-id", .text = "1a2b3c4d5e6f\n", .redacted = "000000000001\n" },
		{ .path = "/sys/block/nvme0n1/device/serial", .text = "S4\xc3\xa4\n", .redacted = "0001\n" },
		{ .path = "/sys/class/dmi/id/product_name", .text = "CZ12-34X\n" },
	};
	static const char *const withheld[] = { "/sys/bus/pci/devices/0000:01:00.0/vpd",
						"/sys/firmware/dmi/tables/DMI",
						"/sys/firmware/dmi/entries/1-0/raw" };
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_redact *redact = vc_redact_new(arena, HOST);
	const char *data = "untouched";
	size_t size = 9;

	(void)state;
	assert_redacted(example, VC_COUNT(example), HOST);
	for (size_t i = 0; i < VC_COUNT(withheld); i++)
		assert_int_equal(vc_redact(redact, withheld[i], 0, "x", 1, &data, &size), -ENODATA);
	assert_string_equal(data, "untouched");
}

#define CONFIG "/sys/bus/pci/devices/0000:01:00.0/config"

static void
put_dword(unsigned char *config, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		config[at + i] = (unsigned char)(value >> (8 * i));
}

/* AER at 0x100, the serial number at 0x148, a vendor's capability at 0x200. */
static void
make_config(unsigned char config[4096], uint64_t serial)
{
	for (size_t i = 0; i < 4096; i++)
		config[i] = (unsigned char)(i * 13 + i / 256);
	put_dword(config, 0x100, 0x0001 | 2 << 16 | 0x148u << 20);
	put_dword(config, 0x148, 0x0003 | 1 << 16 | 0x200u << 20);
	put_dword(config, 0x14c, (uint32_t)serial);
	put_dword(config, 0x150, (uint32_t)(serial >> 32));
	put_dword(config, 0x200, 0x000b | 1 << 16);
}

static void
assert_config(struct vc_redact *redact, const unsigned char config[4096], size_t offset, size_t size,
	      const unsigned char want[4096])
{
	const char *data = NULL;
	size_t got = 0;

	assert_int_equal(vc_redact(redact, CONFIG, offset, (const char *)config + offset, size, &data, &got),
			 0);
	assert_int_equal(got, size);
	assert_memory_equal(data, want + offset, size);
}

static void
test_pci_serial(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_redact *redact = vc_redact_new(arena, HOST);
	unsigned char config[4096], want[4096], other[4096];
	const char *data = NULL;
	size_t size = 0;

	(void)state;
	make_config(config, 0x001b21ffff123456);
	make_config(want, 1);
	make_config(other, 0x001b21ffff654321);
	assert_config(redact, config, 0, 4096, want);
	assert_config(redact, config, 0, 4096, want);
	assert_config(redact, config, 0, 0x154, want);
	assert_config(redact, config, 0, 0x14c, want);
	assert_config(redact, config, 0, 256, config);
	assert_config(redact, config, 0, 64, config);
	assert_config(redact, config, 0x80, 0x200, want);
	assert_config(redact, config, 0x100, 0x100, want);
	make_config(want, 2);
	assert_config(redact, other, 0, 4096, want);
	/* Nobody can tell what these bytes are. */
	assert_int_equal(vc_redact(redact, CONFIG, 0x148, (const char *)config + 0x148, 16, &data, &size),
			 -ENODATA);
	/* A list that ends in itself; devices that do not answer; no serial number in the capability. */
	put_dword(config, 0x100, 0x0001 | 0x100u << 20);
	assert_config(redact, config, 0, 4096, config);
	memset(config, 0xff, sizeof(config));
	assert_config(redact, config, 0, 4096, config);
	make_config(config, 0);
	assert_config(redact, config, 0, 4096, config);
	/* At the very end, cut by the end. */
	put_dword(config, 0x100, 0x0001 | 0xffcu << 20);
	put_dword(config, 0xffc, 0x0003);
	assert_config(redact, config, 0, 4096, config);
	put_dword(config, 0x100, 0x0001 | 0xff8u << 20);
	put_dword(config, 0xff8, 0x0003);
	memcpy(want, config, sizeof(want));
	put_dword(want, 0xffc, 3);
	assert_config(redact, config, 0, 4096, want);
}

/* Values are numbered over all files of a capture. */
static void
test_stable(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_redact *redact = vc_redact_new(arena, HOST);
	const char *data = NULL;
	size_t size = 0;

	(void)state;
	assert_int_equal(vc_redact(redact, "/a", 0, "52:54:00:00:00:0a", 17, &data, &size), 0);
	assert_string_equal(data, "02:00:00:00:00:01");
	assert_int_equal(vc_redact(redact, "/b", 0, "52:54:00:00:00:0b", 17, &data, &size), 0);
	assert_string_equal(data, "02:00:00:00:00:02");
	assert_int_equal(vc_redact(redact, "/c", 0, "52:54:00:00:00:0a", 17, &data, &size), 0);
	assert_string_equal(data, "02:00:00:00:00:01");
	/* NUL bytes are bytes. */
	assert_int_equal(vc_redact(redact, "/d", 0,
				   "\0"
				   "52:54:00:00:00:0a\0",
				   19, &data, &size),
			 0);
	assert_int_equal(size, 19);
	assert_memory_equal(data,
			    "\0"
			    "02:00:00:00:00:01\0",
			    19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uuids),        cmocka_unit_test(test_macs),
		cmocka_unit_test(test_untouched),    cmocka_unit_test(test_host_name),
		cmocka_unit_test(test_command_line), cmocka_unit_test(test_serial_files),
		cmocka_unit_test(test_pci_serial),   cmocka_unit_test(test_stable),
	};

	return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
