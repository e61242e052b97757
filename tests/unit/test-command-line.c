/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU command lines: where they are found, and the guest that each makes. */
#include "guest-domain.h"

#include "guest/command-line.h"

static struct vc_command_line *
find_n(struct world *world, const char *text, size_t size, size_t *ret_count)
{
	struct vc_command_line *line = NULL;

	world->diags.count = 0;
	*ret_count = 0;
	if (vc_command_lines_find(text, size, "vm.sh", world->arena, &world->diags, &line, ret_count) < 0)
		assert_int_not_equal(world->diags.count, 0);
	return line;
}

static struct vc_command_line *
find(struct world *world, const char *text, size_t *ret_count)
{
	return find_n(world, text, strlen(text), ret_count);
}

/* Reads the only command line in @text. */
static void
read_line(struct world *world, const char *text)
{
	size_t count;
	struct vc_command_line *line = find(world, text, &count);

	assert_int_equal(count, 1);
	vc_guest_read_command_line(line, "vm.sh", world->arena, &world->diags, &world->guest);
	world->host = (struct vc_host){ 0 };
}

static void
where(void **state)
{
	static const struct {
		const char *text;
		size_t count, arguments; /* of the first */
	} examples[] = {
		{ "qemu-system-x86_64", 1, 0 },
		{ "A=1 B=2 exec /usr/bin/qemu-system-x86_64 -m 1", 1, 2 },
		{ "sudo -u me nice -n 5 qemu-kvm -m 1 # why", 1, 2 },
		{ "x=1\nqemu-system-arm -M virt\nqemu-system-x86_64 -m 1 &", 2, 2 },
		{ "/nix/store/x/bin/.qemu-system-x86_64-wrapped -m 1", 1, 2 },
		{ "root 1 0.0 0.0 ? S 10:00 0:00 /usr/bin/qemu-system-x86_64 -m 1", 1, 2 },
		{ "$QEMU -m 4G -cpu host", 1, 4 },
		{ "-machine q35 -m 4G", 1, 4 },
		{ "a=( -m 1 -smp 2 )\nqemu-kvm \"${a[@]}\" -S", 1, 5 },
		{ "apt install qemu-system-x86", 0, 0 },
		{ "modprobe kvm", 0, 0 },
		{ "sudo modprobe kvm", 0, 0 },
		{ "which qemu-system-x86_64", 0, 0 },
		{ "qemu-system-x86_64 --version", 0, 0 },
		{ "qemu-system-x86_64 -device help", 0, 0 },
		{ "echo -m 4G", 0, 0 },
		{ "<domain/>", 0, 0 },
		{ "", 0, 0 },
		{ "\n\n", 0, 0 },
	};

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		size_t count;
		const struct vc_command_line *line = find(*state, examples[i].text, &count);

		assert_int_equal(count, examples[i].count);
		if (count > 0)
			assert_int_equal(line->arguments, examples[i].arguments);
	}
}

static void
other_forms(void **state)
{
	static const char cmdline[] = "/usr/bin/qemu-system-x86_64\0-name\0a b\0-m\0001\0";
	static const char log[] =
		"2026-01-10: starting up libvirt version: 9.0.0, x\nLC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-m 1\n"
		"it's over\n2026-01-11: starting up libvirt version: 9.0.0, x\nLC_ALL=C \\\n"
		"/usr/bin/qemu-system-x86_64 \\\n-m 2 \\\n-S\nthat's it\n";
	struct world *world = *state;
	struct vc_command_line *line;
	size_t count;

	line = find_n(world, cmdline, sizeof(cmdline) - 1, &count);
	assert_int_equal(count, 1);
	assert_int_equal(line->arguments, 4);
	assert_string_equal(line->argument[1].text, "a b");
	line = find(world, log, &count);
	assert_int_equal(count, 1);
	assert_int_equal(line->arguments, 3);
	assert_string_equal(line->argument[1].text, "2");
	assert_int_equal(line->argument[0].line, 9);
	vc_command_line_from_words((const char *const[]){ "qemu-kvm", "-m", "1" }, 3, world->arena, line);
	assert_string_equal(line->program, "qemu-kvm");
	assert_int_equal(line->arguments, 2);
}

static void
too_much(void **state)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	size_t count;

	vc_buf_add(&text, "qemu-kvm");
	for (size_t i = 0; i < 20001; i++)
		vc_buf_add(&text, " -S");
	find(*state, vc_buf_text(&text), &count);
	assert_int_equal(count, 0);
	text.length = 0;
	for (size_t i = 0; i < 65; i++)
		vc_buf_add(&text, "qemu-kvm -S\n");
	find(*state, vc_buf_text(&text), &count);
	assert_int_equal(count, 0);
}

/* QEMU's own, not libvirt's. */
static void
defaults(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	read_line(world, "qemu-system-x86_64 -nodefaults");
	assert_text(guest->accel, "tcg");
	assert_text(guest->type, "qemu");
	assert_absent(guest->accel_fallback);
	assert_text(guest->launcher, "shell");
	assert_text(guest->arch, "x86_64");
	assert_text(guest->emulator, "/usr/bin/qemu-system-x86_64");
	assert_text(guest->machine, "pc");
	assert_text(guest->machine_family, "i440fx");
	assert_number(guest->memory, 128 * MIB);
	assert_number(guest->vcpus, 1);
	assert_text(guest->cpu_mode, "custom");
	assert_absent(guest->cpu_model);
	assert_text(guest->firmware, "bios");
	assert_flag(guest->pflash, false);
	assert_absent(guest->name);
	assert_int_equal(guest->hostdev.count, 0);
	assert_int_equal(guest->accel.fact.argument, 0);
	derive(world, "9.0.1");
	assert_version(guest->machine_version, "9.0");
	assert_text(guest->irqchip, "off");
	assert_number(guest->sockets, 1);
	/* QEMU has no default machine there. */
	read_line(world, "qemu-system-aarch64 -cpu max");
	assert_text(guest->arch, "aarch64");
	assert_absent(guest->machine);
	read_line(world, "/usr/libexec/qemu-kvm -m 1G");
	assert_text(guest->accel, "kvm");
	assert_text(guest->accel_fallback, "tcg");
	assert_absent(guest->arch);
	read_line(world, "kvm -m 1G");
	assert_text(guest->accel, "kvm");
	assert_absent(guest->accel_fallback);
}

static void
accelerators(void **state)
{
	static const struct {
		const char *arguments, *accel, *fallback; /* fallback NULL: none */
	} examples[] = {
		{ "-enable-kvm", "kvm", NULL },
		{ "--enable-kvm", "kvm", NULL },
		{ "-M q35,accel=kvm:tcg", "kvm", "tcg" },
		{ "-accel hvf -accel tcg -accel kvm", "hvf", "tcg" },
		{ "-accel nvmm", "nvmm", NULL },
		{ "-machine accel=tcg -machine accel=kvm", "kvm", NULL },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_text(world->guest.accel, examples[i].accel);
		if (examples[i].fallback)
			assert_text(world->guest.accel_fallback, examples[i].fallback);
		else
			assert_absent(world->guest.accel_fallback);
	}
	read_line(world, "qemu-system-x86_64 -accel kvm,kernel-irqchip=split -M q35");
	derive(world, "9.0.1");
	assert_text(world->guest.irqchip, "split");
}

static void
memory(void **state)
{
	static const struct {
		const char *arguments;
		uint64_t memory, max, devices; /* max 0: absent */
	} examples[] = {
		{ "-m 512", 512 * MIB, 0, 0 },
		{ "-m 2G,slots=4,maxmem=8G", 2 * GIB, 8 * GIB, 0 },
		{ "-m size=1048576k", GIB, 0, 0 },
		{ "-m maxmem=1G,slots=1", 128 * MIB, GIB, 0 },
		{ "-m 1G -m 2G", 2 * GIB, 0, 0 },
		{ "-M q35,memory-backend=a -object memory-backend-ram,id=a,size=3G", 3 * GIB, 0, 0 },
		{ "-object '{\"qom-type\":\"memory-backend-ram\",\"id\":\"a\",\"size\":1073741824}' -M memory-backend=a", GIB, 0, 0 },
		{ "-m 4G,slots=2,maxmem=16G -object memory-backend-ram,id=d,size=1G -device pc-dimm,memdev=d", 4 * GIB, 16 * GIB,
		  GIB },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_number(world->guest.memory, examples[i].memory);
		if (examples[i].max)
			assert_number(world->guest.memory_max, examples[i].max);
		else
			assert_absent(world->guest.memory_max);
		assert_number(world->guest.memory_devices, examples[i].devices);
	}
	read_line(world, "qemu-system-x86_64 -m 1.5G");
	assert_unreadable(world->guest.memory, VC_EGARBLED);
	read_line(world, "qemu-system-x86_64 -m $RAM");
	assert_unreadable(world->guest.memory, VC_ESHELL);
}

static void
topology(void **state)
{
	static const struct {
		const char *arguments;
		uint64_t cpus, sockets, dies, cores, threads; /* sockets 0: not understood */
	} examples[] = {
		{ "-M pc-q35-6.1 -smp 8", 8, 8, 1, 1, 1 },
		{ "-M pc-q35-6.2 -smp 8", 8, 1, 1, 8, 1 },
		{ "-M pc-q35-6.2 -smp 8,threads=2", 8, 1, 1, 4, 2 },
		{ "-M pc-q35-6.1 -smp 8,cores=4", 8, 2, 1, 4, 1 },
		{ "-M pc-q35-6.2 -smp 8,sockets=2,cores=2", 8, 2, 1, 2, 2 },
		{ "-M pc-q35-6.2 -smp cpus=2,maxcpus=8,sockets=1", 8, 1, 1, 8, 1 },
		{ "-M pc-q35-6.2 -smp sockets=2,cores=4", 8, 2, 1, 4, 1 },
		{ "-M pc-q35-6.2 -smp 8,dies=2", 8, 1, 2, 4, 1 },
		{ "-M pc-q35-6.2 -smp 8,sockets=3,cores=2,threads=1", 8, 0, 0, 0, 0 },
		{ "-M pc-q35-6.2 -smp 8,clusters=2", 8, 0, 0, 0, 0 },
		{ "-M pc-q35-6.2 -smp 8,sockets=0,cores=0,threads=0", 8, 1, 1, 8, 1 },
	};
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		derive(world, "9.0.1");
		assert_number(guest->vcpus, examples[i].cpus);
		if (examples[i].sockets == 0) {
			assert_int_equal(guest->sockets.fact.state, VC_UNREADABLE);
			continue;
		}
		assert_number(guest->sockets, examples[i].sockets);
		assert_number(guest->dies, examples[i].dies);
		assert_number(guest->cores, examples[i].cores);
		assert_number(guest->threads, examples[i].threads);
	}
}

static void
firmware(void **state)
{
	static const struct {
		const char *arguments, *loader, *type, *nvram; /* NULL: absent */
		size_t files;
	} examples[] = {
		{ "-bios /a.fd", "/a.fd", "rom", NULL, 1 },
		{ "-M q35,firmware=/a.fd", "/a.fd", "rom", NULL, 1 },
		{ "-pflash /a -pflash /b", "/a", "pflash", "/b", 2 },
		{ "-drive if=pflash,unit=1,file=/b -drive if=pflash,unit=0,file=/a", "/a", "pflash", "/b", 2 },
		{ "-drive if=pflash,file=/a,,b", "/a,b", "pflash", NULL, 1 },
		{ "-pflash /a -bios /c", "/a", "pflash", NULL, 1 },
		{ "-M pflash0=x -blockdev driver=raw,node-name=x,file=y -blockdev driver=file,node-name=y,filename=/a", "/a", "pflash",
		  NULL, 1 },
		{ "-M pflash0=x -blockdev '{\"driver\":\"raw\",\"node-name\":\"x\",\"file\":{\"driver\":\"file\",\"filename\":\"/a\"}}'",
		  "/a", "pflash", NULL, 1 },
	};
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_text(guest->loader, examples[i].loader);
		assert_text(guest->loader_type, examples[i].type);
		if (examples[i].nvram)
			assert_text(guest->nvram, examples[i].nvram);
		else
			assert_absent(guest->nvram);
		assert_int_equal(guest->firmware_file.count, examples[i].files);
		assert_flag(guest->pflash, strcmp(examples[i].type, "pflash") == 0);
	}
	/* Blocks that name each other have no end. */
	read_line(world, "qemu-system-x86_64 -M pflash0=x -blockdev driver=raw,node-name=x,file=x");
	assert_unreadable(guest->loader, EOPNOTSUPP);
	assert_flag(guest->pflash, true);
}

static void
devices(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;
	const struct vc_hostdev *hostdev;
	const struct vc_viommu *iommu;

	read_line(world, "qemu-system-x86_64 -M q35 -device vfio-pci,host=0a:00.1,romfile=/x \\\n"
			 " -device '{\"driver\":\"vfio-pci\",\"host\":\"0000:0b:00.0\",\"rombar\":0}' \\\n"
			 " -device vfio-pci,sysfsdev=/sys/bus/mdev/devices/4b20d080-1b54-4048-85b3-a6a62d165c01 \\\n"
			 " -device intel-iommu,intremap=auto,aw-bits=48 -global intel-iommu.caching-mode=on");
	hostdev = guest->hostdev.item;
	assert_int_equal(guest->hostdev.count, 3);
	assert_text(hostdev[0].address, "0000:0a:00.1");
	assert_text(hostdev[0].source, "command line");
	assert_text(hostdev[0].rom_file, "/x");
	assert_int_equal(hostdev[0].place.argument, 3);
	assert_string_equal(hostdev[0].place.text, "-device vfio-pci,host=0a:00.1,romfile=/x");
	assert_string_equal(vc_guest_argument(guest, 3), hostdev[0].place.text);
	assert_null(vc_guest_argument(guest, 4));
	assert_int_equal(hostdev[1].place.line, 2);
	assert_flag(hostdev[1].rom_bar, false);
	assert_text(hostdev[2].kind, "mdev");
	assert_number(guest->pci_devices, 2);
	assert_number(guest->vfio_devices, 3);
	iommu = guest->iommu.item;
	assert_int_equal(guest->iommu.count, 1);
	assert_number(iommu->aw_bits, 48);
	assert_absent(iommu->interrupt_remapping);
	assert_flag(iommu->caching_mode, true);
	/* What stands in -device itself is never overruled. */
	read_line(world, "qemu-system-x86_64 -M q35 -device intel-iommu,caching-mode=off -global intel-iommu.caching-mode=on");
	iommu = guest->iommu.item;
	assert_flag(iommu->caching_mode, false);
}

static void
hugepages(void **state)
{
	static const struct {
		const char *arguments;
		size_t demands;
		uint64_t pages; /* of the first */
	} examples[] = {
		{ "-m 4G -mem-path /huge/a", 1, 2048 },
		{ "-m 4G -mem-path /hugest", 0, 0 },
		{ "-m 4G -mem-path /dev/shm", 0, 0 },
		{ "-M memory-backend=a -object memory-backend-memfd,id=a,size=1G,hugetlb=on,hugetlbsize=2M", 1, 512 },
		{ "-M memory-backend=a -object memory-backend-memfd,id=a,size=1G", 0, 0 },
		{ "-m 2G -object memory-backend-file,id=a,size=1G,mem-path=/huge -object memory-backend-ram,id=b,size=1G "
		  "-numa node,memdev=a -numa node,memdev=b",
		  1, 512 },
		{ "-m 1G,slots=1,maxmem=4G -object memory-backend-file,id=a,size=1G,mem-path=/huge -device pc-dimm,memdev=a", 1, 512 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		const struct vc_hugepage_demand *demand;
		struct vc_hugetlbfs *mount;

		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 -M q35 %s", examples[i].arguments));
		mount = vc_list_append(world->arena, &world->host.hugetlbfs_mount, sizeof(*mount), "test");
		vc_set_text(&mount->path, "/huge", "test");
		vc_set_number(&mount->size, 2 * MIB, "test");
		derive(world, "9.0.1");
		assert_int_equal(world->guest.hugepage_demand.count, examples[i].demands);
		assert_flag(world->guest.hugepages, examples[i].demands > 0);
		demand = world->guest.hugepage_demand.item;
		if (examples[i].demands > 0)
			assert_number(demand[0].needed_pages, examples[i].pages);
	}
	/* Without the mounts there is no telling. */
	read_line(world, "qemu-system-x86_64 -M q35 -mem-path /huge");
	derive(world, "9.0.1");
	assert_int_not_equal(((const struct vc_hugepage_demand *)world->guest.hugepage_demand.item)->size.fact.state, VC_KNOWN);
}

static void
locked_memory(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	read_line(world, "qemu-system-x86_64 -M q35 -m 1G -device vfio-pci,host=01:00.0");
	vc_set_number(&world->host.user_id, 1000, "test");
	vc_set_number(&world->host.memlock_soft, 8 * MIB, "test");
	derive(world, "9.0.1");
	assert_number(guest->memlock_limit, 8 * MIB);
	assert_number(guest->memlock_needed, GIB);
	read_line(world, "sudo qemu-system-x86_64 -M q35 -m 1G");
	assert_flag(guest->privileged, true);
	derive(world, "9.0.1");
	assert_true(guest->memlock_limit.value > 1024 * GIB);
	read_line(world, "qemu-system-x86_64 -object secret,id=masterKey0 -device vfio-pci,host=01:00.0");
	assert_text(guest->launcher, "libvirt");
	derive(world, "9.0.1");
	assert_unreadable(guest->memlock_limit, EOPNOTSUPP);
	assert_unreadable(((const struct vc_hostdev *)guest->hostdev.item)->managed, EOPNOTSUPP);
}

static void
told(void **state)
{
	static const struct {
		const char *arguments, *said; /* said NULL: nothing */
	} examples[] = {
		{ "-m 1 -S -monitor stdio -nographic disk.img", NULL },
		{ "-frobnicate 1 -m 1 -frobnicate 2 -hot", "not among QEMU's options, and not read: -frobnicate, -hot" },
		{ "-readconfig a.cfg", "-readconfig is not read" },
		{ "-m", "-m expects a value after it" },
		{ "-m $A -drive file=$(b)", "only the shell knows what it stands for: $A, file=$(b)" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_int_equal(world->diags.count, examples[i].said ? 1 : 0);
		if (examples[i].said)
			assert_non_null(strstr(world->diags.item[0].text, examples[i].said));
	}
}

/* A variable that may hold any option leaves nothing certain that is not written. */
static void
hidden(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	read_line(world, "qemu-system-x86_64 -m 1G $OPTIONS");
	assert_number(guest->memory, GIB);
	assert_unreadable(guest->accel, VC_ESHELL);
	assert_unreadable(guest->pflash, VC_ESHELL);
	assert_unreadable(guest->hostdev, VC_ESHELL);
	assert_unreadable(guest->vfio_devices, VC_ESHELL);
	assert_text(guest->launcher, "shell");
	derive(world, "9.0.1");
	assert_int_equal(guest->irqchip.fact.state, VC_UNREADABLE);
	read_line(world, "qemu-system-x86_64 -m 1G -device vfio-pci,host=01:00.0 $OPTIONS");
	assert_int_equal(guest->hostdev.count, 1);
	assert_number(guest->vfio_devices, 1);
	/* The arguments of the script itself are usually none. */
	read_line(world, "qemu-system-x86_64 -m 1G \"$@\"");
	assert_text(guest->accel, "tcg");
}

/* --- what a domain says in lists of its own --- */

static void
disks(void **state)
{
	static const struct {
		const char *arguments;
		size_t count;
		/* of the last */
		const char *bus, *device, *type, *source, *format; /* source, format NULL: absent */
		bool boots;
	} examples[] = {
		{ "disk.img", 1, "ide", "disk", "file", "disk.img", NULL, true },
		{ "-M q35 -hda a -cdrom b", 2, "sata", "cdrom", "file", "b", NULL, false },
		{ "-M q35 -hda a -boot d -hdb b", 2, "sata", "disk", "file", "b", NULL, false },
		{ "-fda a", 1, "fdc", "floppy", "file", "a", NULL, false },
		{ "-hda /dev/sdb", 1, "ide", "disk", "block", "/dev/sdb", NULL, true },
		{ "-drive file=a,format=qcow2,if=virtio", 1, "virtio", "disk", "file", "a", "qcow2", true },
		{ "-drive file=a,driver=raw", 1, "ide", "disk", "file", "a", "raw", true },
		{ "-drive driver=qcow2,file.driver=file,file.filename=a", 1, "ide", "disk", "file", "a", "qcow2", true },
		{ "-drive file=nbd:host:1,if=virtio", 1, "virtio", "disk", "network", NULL, NULL, true },
		{ "-drive file=file:a", 1, "ide", "disk", "file", "a", NULL, true },
		{ "-drive file=a,media=cdrom", 1, "ide", "cdrom", "file", "a", NULL, false },
		{ "-drive if=none,id=d,file=a -device virtio-blk-pci,drive=d", 1, "virtio", "disk", "file", "a", NULL, true },
		{ "-drive if=none,id=d,file=a", 0, NULL, NULL, NULL, NULL, NULL, false },
		{ "-drive if=pflash,file=a", 0, NULL, NULL, NULL, NULL, NULL, false },
		{ "-blockdev file,filename=a,node-name=f -blockdev qcow2,file=f,node-name=d -device scsi-hd,drive=d", 1, "scsi",
		  "disk", "file", "a", "qcow2", true },
		{ "-blockdev file,filename=a,node-name=f -device virtio-blk-pci,drive=f", 1, "virtio", "disk", "file", "a", "raw",
		  true },
		{ "-blockdev '{\"driver\":\"throttle\",\"node-name\":\"d\",\"file\":{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\","
		  "\"filename\":\"a\"}}}' -device '{\"driver\":\"ide-hd\",\"drive\":\"d\",\"bus\":\"ide.0\"}'",
		  1, "ide", "disk", "file", "a", "qcow2", true },
		{ "-blockdev host_device,filename=/dev/sdb,node-name=d -device scsi-block,drive=d", 1, "scsi", "lun", "block",
		  "/dev/sdb", "raw", true },
		{ "-M q35 -device ide-cd,bus=ide.1", 1, "sata", "cdrom", "file", NULL, "raw", false },
		{ "-device ahci,id=a -drive id=d,if=none,file=x -device ide-hd,bus=a.0,drive=d", 1, "sata", "disk", "file", "x",
		  NULL, true },
		{ "-M q35 -device piix3-ide,id=a -drive id=d,if=none,file=x -device ide-hd,bus=a.0,drive=d", 1, "ide", "disk",
		  "file", "x", NULL, true },
		{ "-drive id=d,if=none,file=x -device nvme,serial=1,drive=d", 1, "nvme", "disk", "file", "x", NULL, true },
		{ "-device nvme,serial=1,id=n", 0, NULL, NULL, NULL, NULL, NULL, false },
		{ "-hda a -kernel k", 1, "ide", "disk", "file", "a", NULL, false },
		{ "-hda a -hdb b", 2, "ide", "disk", "file", "b", NULL, false },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		const struct vc_disk *disk;

		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_int_equal(world->guest.disk.count, examples[i].count);
		if (examples[i].count == 0)
			continue;
		disk = (const struct vc_disk *)world->guest.disk.item + (examples[i].count - 1);
		assert_text(disk->bus, examples[i].bus);
		assert_text(disk->device, examples[i].device);
		assert_text(disk->type, examples[i].type);
		if (examples[i].source)
			assert_text(disk->source, examples[i].source);
		else
			assert_absent(disk->source);
		if (examples[i].format)
			assert_text(disk->format, examples[i].format);
		else if (strcmp(examples[i].type, "file") == 0)
			assert_absent(disk->format);
		else
			assert_unreadable(disk->format, EOPNOTSUPP);
		assert_flag(disk->boots, examples[i].boots);
		assert_int_not_equal(disk->place.argument, 0);
	}
}

/* Which of several disks comes first: by bootindex=, by the order on one bus, or nobody knows. */
static void
first_disk(void **state)
{
	static const struct {
		const char *arguments, *boots; /* NULL: it cannot be told */
	} examples[] = {
		{ "-hda a -hdb b", "a" },
		{ "-hdb b -hda a", NULL },
		{ "-drive file=a,if=virtio -drive file=b,if=virtio", "a" },
		{ "-drive file=a,if=virtio,index=1 -drive file=b,if=virtio,index=0", NULL },
		{ "-drive file=a,if=virtio -drive file=b,if=ide", NULL },
		{ "-drive file=a,if=none,id=a -device virtio-blk,drive=a,bootindex=2 -drive file=b,if=none,id=b "
		  "-device virtio-blk,drive=b,bootindex=1",
		  "b" },
		{ "-drive file=a,if=none,id=a -device virtio-blk,drive=a -device e1000,bootindex=1", "" },
		{ "-hda a -boot order=nc", "" },
		{ "-hda a -boot order=cn,menu=on", "a" },
		{ "-hda a -boot once=d,order=c", "" },
		{ "-hda a $MORE", NULL },
		{ "-hda a -readconfig c", NULL },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		const struct vc_disk *disk;

		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		disk = world->guest.disk.item;
		for (size_t d = 0; d < world->guest.disk.count; d++) {
			if (examples[i].boots)
				assert_flag(disk[d].boots, strcmp(disk[d].source.value, examples[i].boots) == 0);
			else
				assert_int_equal(disk[d].boots.fact.state, VC_UNREADABLE);
		}
	}
}

static void
flash_images(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;
	const struct vc_firmware_image *image;

	read_line(world, "qemu-system-x86_64 -drive if=pflash,format=qcow2,file=/a.strictnx -pflash /b");
	image = guest->firmware_image.item;
	assert_int_equal(guest->firmware_image.count, 2);
	assert_text(image[0].role, "loader");
	assert_text(image[0].path, "/a.strictnx");
	assert_text(image[0].format_written, "qcow2");
	assert_text(image[1].role, "variables");
	assert_absent(image[1].format_written);
	assert_flag(guest->firmware_strict_nx, true);
	derive(world, "9.0.1");
	assert_text(image[0].format, "qcow2");
	assert_int_not_equal(image[1].format.fact.state, VC_KNOWN);
	/* The file stands in -blockdev, and there a finding about it belongs. */
	read_line(world, "qemu-system-x86_64 -M pflash0=x -blockdev file,node-name=y,filename=/a -blockdev raw,node-name=x,file=y");
	image = guest->firmware_image.item;
	assert_text(image[0].format_written, "raw");
	assert_int_equal(image[0].place.argument, 3);
	assert_int_equal(guest->loader.fact.argument, 3);
	assert_flag(guest->firmware_strict_nx, false);
	read_line(world, "qemu-system-x86_64 -pflash $CODE");
	assert_unreadable(guest->firmware_strict_nx, VC_ESHELL);
}

static void
networks(void **state)
{
	static const struct {
		const char *arguments, *type, *source; /* type NULL: none; source NULL: absent */
	} examples[] = {
		{ "-netdev user,id=n", "user", NULL },
		{ "-nic user,model=virtio", "user", NULL },
		{ "-nic none", NULL, NULL },
		{ "-net nic -net bridge", "bridge", "br0" },
		{ "-netdev bridge,id=n,br=lan", "bridge", "lan" },
		{ "-nic bridge,br=lan", "bridge", "lan" },
		{ "-netdev tap,id=n,br=lan,helper=/h", "bridge", "lan" },
		{ "-netdev '{\"type\":\"tap\",\"fd\":\"32\",\"id\":\"hostnet0\"}'", "ethernet", NULL },
		{ "-netdev vhost-user,id=n,chardev=c", "vhostuser", NULL },
		{ "-netdev vhost-vdpa,id=n,vhostdev=/dev/vhost-vdpa-0", NULL, NULL },
	};
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;
	const struct vc_vdpa *vdpa;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		const struct vc_interface *interface;

		read_line(world, vc_arena_printf(world->arena, "qemu-system-x86_64 %s", examples[i].arguments));
		assert_int_equal(guest->interface.count, examples[i].type ? 1 : 0);
		interface = guest->interface.item;
		if (examples[i].type)
			assert_text(interface->type, examples[i].type);
		if (examples[i].source)
			assert_text(interface->source, examples[i].source);
		else if (examples[i].type)
			assert_absent(interface->source);
	}
	read_line(world, "qemu-system-x86_64 -netdev vhost-vdpa,id=n,vhostdev=/dev/vhost-vdpa-0 -netdev vhost-vdpa,id=m,vhostfd=9 "
			 "-blockdev virtio-blk-vhost-vdpa,node-name=d,path=/dev/vhost-vdpa-1");
	vdpa = guest->vdpa.item;
	assert_int_equal(guest->vdpa.count, 3);
	assert_number(guest->memlock_devices, 3);
	assert_text(vdpa[0].kind, "interface");
	assert_text(vdpa[0].node, "/dev/vhost-vdpa-0");
	assert_unreadable(vdpa[1].node, EOPNOTSUPP);
	assert_text(vdpa[2].kind, "disk");
	assert_text(vdpa[2].node, "/dev/vhost-vdpa-1");
}

static void
other_devices(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;
	const struct vc_hostdev *hostdev;

	read_line(world, "qemu-system-s390x -device vfio-ap,sysfsdev=/sys/devices/vfio_ap/matrix/4b20d080-1b54-4048-85b3-a6a62d165c01 "
			 "-device vfio-ccw,sysfsdev=/sys/bus/mdev/devices/4b20d080-1b54-4048-85b3-a6a62d165c02");
	hostdev = guest->hostdev.item;
	assert_int_equal(guest->hostdev.count, 2);
	assert_text(hostdev[0].model, "vfio-ap");
	assert_text(hostdev[0].uuid, "4b20d080-1b54-4048-85b3-a6a62d165c01");
	assert_text(hostdev[1].model, "vfio-ccw");
	assert_text(hostdev[1].kind, "mdev");
	assert_number(guest->vfio_devices, 2);
	assert_number(guest->pci_devices, 0);

	read_line(world, "qemu-system-x86_64 -device '{\"driver\":\"virtio-blk-pci\",\"iothread-vq-mapping\":[{\"iothread\":\"a\"}]}'");
	assert_version(guest->iothread_mapping_qemu, "9.0");
	assert_absent(guest->iothread_mapping_libvirt);
	read_line(world, "qemu-system-x86_64 -device '{\"driver\":\"virtio-scsi-pci\",\"iothread-vq-mapping\":[{\"iothread\":\"a\"}]}' "
			 "-device '{\"driver\":\"virtio-blk-pci\",\"iothread-vq-mapping\":[{\"iothread\":\"a\"}]}'");
	assert_version(guest->iothread_mapping_qemu, "10.0");
	read_line(world, "qemu-system-x86_64 -device virtio-blk-pci,iothread=a");
	assert_absent(guest->iothread_mapping_qemu);

	read_line(world, "qemu-system-x86_64 -chardev socket,id=t,path=/tmp/t -tpmdev emulator,id=t,chardev=t");
	assert_text(guest->tpm_backend, "external");
	read_line(world, "qemu-system-x86_64 -object secret,id=masterKey0 -tpmdev emulator,id=t,chardev=t "
			 "-chardev socket,id=t,path=/run/libvirt/qemu/swtpm/1-guest-swtpm.sock");
	assert_text(guest->tpm_backend, "emulator");
	read_line(world, "qemu-system-x86_64 -object secret,id=masterKey0 -tpmdev emulator,id=t,chardev=chrtpm -chardev null,id=chrtpm");
	assert_text(guest->tpm_backend, "emulator");
	read_line(world, "qemu-system-x86_64 -object secret,id=masterKey0 -tpmdev emulator,id=t,chardev=chrtpm "
			 "-chardev socket,id=chrtpm,path=/srv/tpm");
	assert_text(guest->tpm_backend, "external");
}

static void
confidential(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	read_line(world, "qemu-system-x86_64 -object '{\"qom-type\":\"sev-guest\",\"id\":\"l\",\"cbitpos\":51,\"reduced-phys-bits\":1,"
			 "\"policy\":7}'");
	assert_text(guest->launch_security, "sev");
	assert_text(guest->sev_level, "SEV-ES");
	assert_number(guest->sev_encryption_bit, 51);
	assert_number(guest->sev_phys_bits_reduction, 1);
	assert_int_equal(guest->sev_level.fact.argument, 1);
	read_line(world, "qemu-system-x86_64 -object sev-guest,id=l,policy=0x3");
	assert_text(guest->sev_level, "SEV");
	/* Nobody fills them in, and QEMU refuses 0. */
	assert_number(guest->sev_encryption_bit, 0);
	assert_number(guest->sev_phys_bits_reduction, 0);
	read_line(world, "qemu-system-x86_64 -object sev-snp-guest,id=l,cbitpos=51");
	assert_text(guest->sev_level, "SEV-SNP");
	read_line(world, "qemu-system-x86_64 -object tdx-guest,id=l");
	assert_text(guest->launch_security, "tdx");
	assert_absent(guest->sev_level);
	assert_absent(guest->sev_encryption_bit);
}

/* --- all of it --- */

static void
assert_all_read(const struct vc_schema *schema, const void *record)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);

		if (field->needs != 0)
			continue;
		if (fact->state == VC_UNREAD)
			fail_msg("%s.%s is not read", schema->name, field->name);
		if (field->type == VC_TYPE_list) {
			const struct vc_fact_list *list = (const struct vc_fact_list *)fact;

			for (size_t n = 0; n < list->count; n++)
				assert_all_read(field->item, (const char *)list->item + n * field->item->size);
		}
	}
}

/* Whatever a domain says, a command line says as well, or it is known that it says nothing. */
static void
all_is_read(void **state)
{
	static const char *const lines[] = {
		"qemu-system-x86_64",
		"qemu-system-aarch64 -M virt",
		"qemu-system-x86_64 -M q35,accel=kvm,hpet=off -cpu host,hv-time=on -smp 4 -m 4G,slots=2,maxmem=8G -pflash a -pflash b "
		"-hda c -drive if=none,id=d,file=e -device virtio-blk,drive=d -netdev bridge,id=n -device intel-iommu "
		"-netdev vhost-vdpa,id=v,vhostdev=/dev/vhost-vdpa-0 -device vfio-pci,host=01:00.0 -device vfio-ap,sysfsdev=x "
		"-object memory-backend-memfd,id=m,size=4G,hugetlb=on,host-nodes=0,policy=bind -numa node,memdev=m "
		"-object sev-guest,id=s,cbitpos=47 -tpmdev passthrough,id=t",
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(lines); i++) {
		read_line(world, lines[i]);
		assert_all_read(&vc_schema_guest, &world->guest);
	}
	assert_int_not_equal(world->guest.disk.count, 0);
	assert_int_not_equal(world->guest.interface.count, 0);
	assert_int_not_equal(world->guest.numa_binding.count, 0);
	assert_int_not_equal(world->guest.vdpa.count, 0);
	assert_int_not_equal(world->guest.timer.count, 0);
	/* What only libvirt knows of is known not to be there. */
	assert_int_equal(world->guest.ignore.count, 0);
	assert_int_equal(world->guest.pin.count, 0);
	assert_int_equal(world->guest.recent_setting.count, 0);
	assert_absent(world->guest.hard_limit);
	assert_flag(world->guest.virtiofs, false);
	assert_flag(world->guest.firmware_auto, false);
}

/* A file with options may hold any of them, as a variable may. */
static void
read_configuration(void **state)
{
	struct world *world = *state;
	const struct vc_guest *guest = &world->guest;

	read_line(world, "qemu-system-x86_64 -m 1G -readconfig a.cfg");
	assert_number(guest->memory, GIB);
	assert_unreadable(guest->accel, VC_EOPTIONS);
	assert_unreadable(guest->hostdev, VC_EOPTIONS);
	assert_string_equal(guest->hostdev.fact.from, "-readconfig a.cfg");
	assert_int_equal(guest->ignore.fact.state, VC_KNOWN);
	/* A state to start from has devices, but changes none. */
	read_line(world, "qemu-system-x86_64 -m 1G -incoming defer");
	assert_text(guest->accel, "tcg");
}

static void
running(void **state)
{
	static const char cmdline[] = "/usr/bin/qemu-system-x86_64\0-m\0001\0";
	struct world *world = *state;
	size_t count;
	const struct vc_command_line *line = find_n(world, cmdline, sizeof(cmdline) - 1, &count);

	assert_int_equal(count, 1);
	vc_guest_read_command_line(line, "cmdline", world->arena, &world->diags, &world->guest);
	assert_flag(world->guest.running, true);
	read_line(world, "qemu-system-x86_64 -m 1");
	assert_flag(world->guest.running, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(where),    WORLD_TEST(other_forms), WORLD_TEST(too_much),  WORLD_TEST(defaults),
		WORLD_TEST(accelerators), WORLD_TEST(memory),  WORLD_TEST(topology),  WORLD_TEST(firmware),
		WORLD_TEST(devices),  WORLD_TEST(hugepages),   WORLD_TEST(locked_memory), WORLD_TEST(told),
		WORLD_TEST(hidden),   WORLD_TEST(disks),       WORLD_TEST(first_disk), WORLD_TEST(flash_images),
		WORLD_TEST(networks), WORLD_TEST(other_devices), WORLD_TEST(confidential), WORLD_TEST(all_is_read),
		WORLD_TEST(read_configuration), WORLD_TEST(running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
