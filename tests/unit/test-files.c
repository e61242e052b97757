/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What guests name by its path, and whether they are running. */
#include "guest-domain.h"

#include "guest/command-line.h"

/* "role path, role path!": those that libvirt may leave out have a mark. */
static const char *
listed(const struct world *world)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	assert_int_equal(world->guest.files.fact.state, VC_KNOWN);
	for (size_t i = 0; i < world->guest.files.count; i++) {
		const struct vc_file_use *use = (const struct vc_file_use *)world->guest.files.item + i;

		vc_buf_addf(&text, "%s%s %s%s", i > 0 ? ", " : "", use->role.value, use->path.value,
			    use->optional.value ? "!" : "");
	}
	return vc_arena_strdup(world->arena, vc_buf_text(&text));
}

static void
domains(void **state)
{
	static const struct {
		const char *type, *os, *devices, *files;
	} cases[] = {
		{ "qemu", NULL, "", "" },
		{ NULL, NULL, "", "kvm /dev/kvm" },
		{ "qemu", NULL, "<disk><source file='/a'/></disk>", "disk /a" },
		{ "qemu", NULL, "<disk type='block' device='lun'><source dev='/dev/x' file='/no'/></disk>",
		  "disk /dev/x" },
		{ "qemu", NULL, "<disk device='cdrom'><source file='/a' startupPolicy='optional'/></disk>",
		  "cdrom /a!" },
		{ "qemu", NULL, "<disk device='floppy'><source file='/a' startupPolicy='requisite'/></disk>",
		  "floppy /a" },
		{ "qemu", NULL, "<disk device='cdrom'/><disk type='network'><source file='/a'/></disk>", "" },
		{ "qemu", NULL, "<disk><source file='/a' fdgroup='x'/></disk>", "" },
		{ "qemu", NULL,
		  "<disk><source file='/a'/><backingStore type='block'><source dev='/b'/>"
		  "<backingStore type='file'><source "
		  "file='/c'/><backingStore/></backingStore></backingStore></disk>",
		  "disk /a, backing /b, backing /c" },
		{ "qemu",
		  "<kernel> /k </kernel><initrd>/i</initrd><dtb/><acpi><table type='slic'>/t</table></acpi>",
		  "", "kernel /k, initrd /i, table /t" },
		{ "qemu", NULL,
		  "<serial type='dev'><source path='/dev/ttyS0'/></serial><serial type='file'><source "
		  "path='/log'/></serial>"
		  "<console type='dev'><source path='/dev/ttyS0'/></console>",
		  "serial port /dev/ttyS0" },
		{ "qemu", NULL,
		  "<input type='evdev'><source dev='/e'/></input><input type='passthrough'><source "
		  "evdev='/f'/></input>"
		  "<input type='tablet'><source dev='/no' evdev='/no'/></input>",
		  "input device /f, input device /e" },
		{ "qemu", NULL,
		  "<rng><backend model='random'>/dev/r</backend></rng><rng><backend "
		  "model='random'>/dev/urandom</backend></rng><rng><backend model='builtin'/></rng>"
		  "<tpm><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>",
		  "TPM /dev/tpm0, random numbers /dev/r" },
		{ "qemu", NULL,
		  "<graphics type='spice'><gl enable='yes' rendernode='/dev/d'/></graphics><graphics "
		  "type='vnc'/>",
		  "render node /dev/d" },
		{ "qemu", NULL,
		  "<filesystem type='mount'><source dir='/s'/></filesystem><filesystem><source "
		  "dir='/no'/></filesystem>",
		  "directory /s" },
		{ "qemu", NULL,
		  "<hostdev type='pci'><rom file='/r'/></hostdev><hostdev type='pci'><rom bar='off' "
		  "file='/no'/></hostdev>",
		  "rom /r" },
		/* Not of QEMU. */
		{ "xen", "<kernel>/k</kernel>", "<disk><source file='/a'/></disk>", "" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		read_sketch(world, (struct sketch){ .type = cases[i].type,
						    .os = cases[i].os,
						    .devices = cases[i].devices });
		assert_string_equal(listed(world), cases[i].files);
	}
}

static void
command_lines(void **state)
{
	static const struct {
		const char *arguments, *files;
	} cases[] = {
		{ "-hda /a -cdrom /b -fda /c /d", "disk /a, cdrom /b, floppy /c, disk /d" },
		{ "-drive file=/a,if=virtio -drive file=/b,media=cdrom -drive if=floppy,file=/c", "disk /a, cdrom /b, floppy /c" },
		{ "-drive if=none,id=d,file=/a -device scsi-cd,drive=d", "cdrom /a" },
		{ "-drive if=none,file=/a", "disk /a" },
		{ "-drive if=pflash,file=/a -pflash /b", "" },
		{ "-M pflash0=f -blockdev file,filename=/a,node-name=s -blockdev raw,file=s,node-name=f", "" },
		{ "-blockdev file,filename=/a,node-name=s -blockdev qcow2,file=s,node-name=f,backing=b -device virtio-blk,drive=f "
		  "-blockdev file,filename=/b,node-name=t -blockdev qcow2,file=t,node-name=b",
		  "disk /a, backing /b" },
		{ "-blockdev file,filename=/a,node-name=s -blockdev qcow2,file=s,node-name=f,backing=f -device scsi-hd,drive=f",
		  "disk /a" },
		{ "-blockdev host_device,filename=/dev/sdb,node-name=s -device scsi-block,drive=s", "disk /dev/sdb" },
		{ "-blockdev nbd,node-name=s,server.path=/a -drive file=nbd:/x", "" },
		{ "-kernel /a -initrd /b -dtb /c -acpitable file=/d -acpitable sig=SLIC,data=/e:/f", "kernel /a, initrd /b, dtb /c, table /d" },
		{ "-initrd '/a args,/b'", "" },
		{ "-serial /dev/ttyS0 -serial stdio -parallel /dev/parport0 -chardev serial,id=s,path=/dev/ttyS1 "
		  "-chardev socket,id=t,path=/t",
		  "serial port /dev/ttyS0, parallel port /dev/parport0, serial port /dev/ttyS1" },
		{ "-object input-linux,id=i,evdev=/a -device virtio-input-host-pci,evdev=/b", "input device /a, input device /b" },
		{ "-object rng-random,id=r,filename=/dev/hwrng -object rng-random,id=s,filename=/dev/urandom", "random numbers /dev/hwrng" },
		{ "-tpmdev passthrough,id=t,path=/dev/tpm0 -tpmdev passthrough,id=u,path=/dev/fdset/0", "TPM /dev/tpm0" },
		{ "-display egl-headless,rendernode=/a -spice gl=on,rendernode=/b", "render node /a, render node /b" },
		{ "-fsdev local,id=f,path=/a -virtfs local,path=/b,mount_tag=m -fsdev synth,id=g", "directory /a, directory /b" },
		{ "-drive file=file:/a -drive file=nbd://host/x", "disk /a" },
		{ "-drive if=none,id=x", "" },
		{ "-hda a -initrd /a,/b", "disk a" },
		{ "-enable-kvm", "kvm /dev/kvm" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const char *text =
			vc_arena_printf(world->arena, "qemu-system-x86_64 %s\n", cases[i].arguments);
		struct vc_command_line *line = NULL;
		size_t lines = 0;

		assert_int_equal(vc_command_lines_find(text, strlen(text), "test", world->arena,
						       &world->diags, &line, &lines),
				 0);
		assert_int_equal(lines, 1);
		vc_guest_read_command_line(line, "test", world->arena, &world->diags, &world->guest);
		assert_string_equal(listed(world), cases[i].files);
	}
	world->guest = (struct vc_guest){ 0 };
}

static struct vc_host_file *
add_file(struct world *world, const char *path, bool exists)
{
	struct vc_host_file *file = vc_list_append(world->arena, &world->host.file, sizeof(*file), "test");

	vc_set_text(&file->path, path, "test");
	vc_set_flag(&file->exists, exists, "test");
	return file;
}

static void
on_the_host(void **state)
{
	struct world *world = *state;
	const struct vc_file_use *use;

	read_sketch(world,
		    (struct sketch){
			    .type = "qemu",
			    .devices = "<disk><source file='/a'/></disk><disk><source file='/b'/></disk>" });
	use = world->guest.files.item;
	assert_int_equal(use[0].file.fact.state, VC_UNREAD);
	assert_int_equal(world->guest.started.fact.state, VC_UNREAD);
	derive(world, "10.0.13");
	assert_int_equal(use[0].file.fact.state, VC_UNREAD);
	assert_int_equal(world->guest.started.fact.state, VC_UNREAD);
	(void)add_file(world, "/a", true);
	derive(world, "10.0.13");
	assert_int_equal(use[0].file.fact.state, VC_KNOWN);
	assert_string_equal(((const struct vc_host_file *)use[0].file.item)->path.value, "/a");
	assert_int_equal(use[1].file.fact.state, VC_UNREADABLE);
	assert_int_equal(world->guest.started.fact.state, VC_UNREADABLE);
	(void)add_file(world, "/run/libvirt/qemu/guest.xml", true);
	derive(world, "10.0.13");
	assert_flag(world->guest.started, true);
	assert_flag(world->guest.own_user, false);

	read_sketch(world, (struct sketch){ .top = "<seclabel type='dynamic' model='selinux'/><seclabel "
						   "model='dac' type='none'/>" });
	assert_flag(world->guest.own_user, true);
	read_text(
		world,
		"<domain type='kvm' id='1'><name>a/b</name><os><type arch='x86_64'>hvm</type></os></domain>");
	derive(world, "10.0.13");
	assert_flag(world->guest.started, true);
	/* A name that no file can have. */
	read_text(world,
		  "<domain type='kvm'><name>a/b</name><os><type arch='x86_64'>hvm</type></os></domain>");
	assert_null(vc_guest_status_file(&world->guest, world->arena));
	derive(world, "10.0.13");
	assert_unreadable(world->guest.started, VC_ENOTCOLLECTED);
}

static void
usb_devices(void **state)
{
	static const struct {
		const char *source, *id; /* NULL: none */
		bool optional, placed;
	} cases[] = {
		{ "<source><vendor id='0x046D'/><product id='0xc31c'/></source>", "046d:c31c", false, false },
		{ "<source startupPolicy='optional'><vendor id='1'/><product id='2'/></source>", "0001:0002",
		  true, false },
		{ "<source><address bus='1' device='5'/></source>", "@1.5", false, true },
		{ "<source><vendor id='0x1'/><product id='0x2'/><address bus='3' device='4'/></source>",
		  "0001:0002@3.4", false, true },
		{ "<source><vendor id='x'/><product id='0x2'/></source>", NULL, false, false },
		{ "<source><vendor id='0x10000'/><product id='0x2'/></source>", NULL, false, false },
		{ "<source><vendor id='0x1'/></source>", NULL, false, false },
		{ "", NULL, false, false },
	};
	struct world *world = *state;
	const struct vc_usb_use *use;
	struct vc_usb *usb;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		read_sketch(world,
			    (struct sketch){ .devices = vc_arena_printf(
						     world->arena,
						     "<hostdev type='usb'>%s</hostdev><hostdev type='pci'/>",
						     cases[i].source) });
		assert_int_equal(world->guest.usb.count, cases[i].id ? 1 : 0);
		use = world->guest.usb.item;
		if (!cases[i].id)
			continue;
		assert_text(use->id, cases[i].id);
		assert_flag(use->optional, cases[i].optional);
		assert_flag(use->placed, cases[i].placed);
	}
	read_sketch(world, (struct sketch){ .devices = "<hostdev type='usb'><source><address bus='1' "
						       "device='5'/></source></hostdev>" });
	use = world->guest.usb.item;
	derive(world, "10.0.13");
	assert_int_equal(use->count.fact.state, VC_UNREAD);
	usb = vc_list_append(world->arena, &world->host.usb, sizeof(*usb), "test");
	vc_set_text(&usb->id, "@1.6", "test");
	derive(world, "10.0.13");
	assert_unreadable(use->count, VC_ENOTCOLLECTED);
	vc_set_text(&usb->id, "@1.5", "test");
	vc_set_number(&usb->count, 1, "test");
	derive(world, "10.0.13");
	assert_number(use->count, 1);
}

static void
listens(void **state)
{
	static const struct {
		const char *arguments, *address; /* NULL: none that can be asked about */
	} cases[] = {
		{ "-vnc 192.0.2.7:0", "192.0.2.7" },
		{ "-vnc [2001:db8::7]:1,password=on", "2001:db8::7" },
		{ "-vnc :0", NULL },
		{ "-vnc none", NULL },
		{ "-vnc unix:/run/x:y", NULL },
		{ "-vnc :0,websocket=192.0.2.7:1", NULL },
	};
	struct world *world = *state;
	const struct vc_listen_use *use;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const char *text =
			vc_arena_printf(world->arena, "qemu-system-x86_64 %s\n", cases[i].arguments);
		struct vc_command_line *line = NULL;
		size_t lines = 0;

		assert_int_equal(vc_command_lines_find(text, strlen(text), "test", world->arena,
						       &world->diags, &line, &lines),
				 0);
		vc_guest_read_command_line(line, "test", world->arena, &world->diags, &world->guest);
		assert_int_equal(world->guest.listen.count, cases[i].address ? 1 : 0);
		use = world->guest.listen.item;
		if (cases[i].address)
			assert_text(use->address, cases[i].address);
	}
	world->guest = (struct vc_guest){ 0 };
	read_sketch(world,
		    (struct sketch){
			    .devices =
				    "<graphics type='vnc' listen='a'><listen type='address' address='a'/>"
				    "<listen type='address' address='b'/></graphics>"
				    "<graphics type='spice' listen='c'/><graphics type='sdl' listen='d'/>"
				    "<graphics type='vnc' socket='/s' listen='e'/>"
				    "<graphics type='vnc'><listen type='network' address='f'/></graphics>" });
	use = world->guest.listen.item;
	assert_int_equal(world->guest.listen.count, 3);
	assert_text(use[0].address, "a");
	assert_text(use[1].address, "b");
	assert_text(use[2].address, "c");
	assert_text(use[2].kind, "spice");
	derive(world, "10.0.13");
	assert_int_equal(use[0].here.fact.state, VC_UNREAD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { WORLD_TEST(domains), WORLD_TEST(command_lines),
					    WORLD_TEST(on_the_host), WORLD_TEST(usb_devices),
					    WORLD_TEST(listens) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
