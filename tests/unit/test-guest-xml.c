/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading domain XML: what is refused and why, and what the facts hold. */
#include "guest-domain.h"

static int
try_bytes(struct world *world, const char *text, size_t size)
{
	world->diags.count = 0;
	world->diags.item = NULL;
	return vc_guest_read_xml(text, size, "test.xml", world->arena, &world->diags, &world->guest);
}

/* Refused, with one sentence that contains @says. */
static void
assert_refused(struct world *world, const char *text, size_t size, int error, const char *says)
{
	assert_int_equal(try_bytes(world, text, size), error);
	assert_int_equal(world->diags.count, 1);
	assert_string_equal(world->diags.item[0].file, "test.xml");
	assert_null(strchr(world->diags.item[0].text, '\n'));
	if (!strstr(world->diags.item[0].text, says))
		fail_msg("\"%s\" does not say \"%s\"", world->diags.item[0].text, says);
	assert_null(world->guest.doc);
}

static void
inputs_that_are_no_domain(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *text, *says;
	} inputs[] = {
		{ "", "empty" },
		{ " \n\t ", "empty" },
		{ "hello", "does not begin with '<'" },
		{ "{\"a\": 1}", "does not begin with '<'" },
		{ "<network><name>a</name></network>", "this is a <network>, not a domain" },
		{ "<domain type='kvm'><name>a", "not well-formed XML" },
		{ "<domain type='kvm'><name>a</domain>", "mismatch" },
		{ "<domain/><domain/>", "not well-formed XML" },
		{ "<domain>&nope;</domain>", "nope" },
		{ "<domstatus/>", "holds no <domain>" },
		{ "<domain xmlns='urn:other'/>", "namespace" },
		{ "<?xml version='1.0' encoding='klingon'?><domain/>", "klingon" },
		{ "<domain><name>\xff\xfe</name></domain>", "not proper UTF-8" },
		{ "<!-- only a comment -->", "not well-formed XML" },
	};

	for (size_t i = 0; i < VC_COUNT(inputs); i++)
		assert_refused(world, inputs[i].text, strlen(inputs[i].text), -EBADMSG, inputs[i].says);
	assert_refused(world, "<domain>a\0b</domain>", 20, -EBADMSG, "not well-formed XML");
	assert_refused(world,
		       "\x7f"
		       "ELF\2\1\1\0\0\0",
		       10, -EBADMSG, "not XML");
}

static void
document_types_are_not_looked_at(void **state)
{
	struct world *world = *state;
	static const char *const inputs[] = {
		"<!DOCTYPE domain SYSTEM 'file:///etc/passwd'><domain/>",
		"<!DOCTYPE domain [ <!ENTITY x SYSTEM 'file:///etc/passwd'> "
		"]><domain><name>&x;</name></domain>",
		"<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
		"<domain name='&d;'>&d;</domain>",
		"<!DOCTYPE d [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'> %p;]><domain/>",
	};

	for (size_t i = 0; i < VC_COUNT(inputs); i++)
		assert_refused(world, inputs[i], strlen(inputs[i]), -EBADMSG, "document type");
}

static void
limits(void **state)
{
	struct world *world = *state;
	struct vc_buf text = { 0 };

	vc_buf_add(&text, "<domain>");
	for (unsigned i = 0; i < 5000; i++)
		vc_buf_add(&text, "<a>");
	assert_refused(world, text.text, text.length, -EFBIG, "nested too deeply");
	text.length = 0;
	vc_buf_add(&text, "<domain>");
	for (unsigned i = 0; i < 250000; i++)
		vc_buf_add(&text, "<a/>");
	assert_refused(world, text.text, text.length, -EFBIG, "too many elements");
	text.length = 0;
	vc_buf_add(&text, "<domain type='kvm'><name>");
	for (unsigned i = 0; i < 17 * 1024; i++)
		vc_buf_addf(&text, "%01024u", i);
	assert_refused(world, text.text, text.length, -EFBIG, "16 MiB");
	vc_buf_release(&text);
}

/* libxml2 compares every attribute of a tag with every other: a tag without bounds is hours of work. */
static void
limits_of_one_tag(void **state)
{
	struct world *world = *state;
	struct vc_buf text = { 0 };

	vc_buf_add(&text, "<domain type='kvm'><disk");
	for (unsigned i = 0; i < 999; i++)
		vc_buf_addf(&text, " a%u=''", i);
	vc_buf_add(&text, "/></domain>");
	assert_int_equal(try_bytes(world, text.text, text.length), 0);
	vc_guest_release(&world->guest);
	text.length -= strlen("/></domain>");
	vc_buf_add(&text, " b='' c=''/></domain>");
	assert_refused(world, text.text, text.length, -EFBIG, "too many attributes");
	text.length -= strlen("/></domain>");
	for (unsigned i = 0; i < 1000000; i++)
		vc_buf_addf(&text, " d%u=''", i);
	vc_buf_add(&text, "/></domain>");
	assert_refused(world, text.text, text.length, -EFBIG, "tag or comment is too long");
	/* Text between tags has no such bound: metadata may hold whole files. */
	text.length = 0;
	vc_buf_add(&text, "<domain type='kvm'><description>");
	for (unsigned i = 0; i < 1000; i++)
		vc_buf_addf(&text, "%01024u\n", i);
	vc_buf_add(&text, "</description></domain>");
	assert_int_equal(try_bytes(world, text.text, text.length), 0);
	vc_buf_release(&text);
}

/* Wherever a domain is cut off, that is what is said. */
static void
cut_off(void **state)
{
	struct world *world = *state;
	const char *text = "<?xml version='1.0'?>\n<domain type='kvm'>\n<!-- a --><name>b&amp;</name>"
			   "<a b='c'/><![CDATA[ d ]]></domain>";

	for (size_t length = 1; length < strlen(text) - 1; length++)
		assert_refused(world, text, length, -EBADMSG, "it ends too early");
	assert_int_equal(try_bytes(world, text, strlen(text)), 0);
}

/* The depth that is allowed is allowed. */
static void
depth_below_the_limit(void **state)
{
	struct world *world = *state;
	struct vc_buf text = { 0 };

	vc_buf_add(&text, "<domain type='kvm'>");
	for (unsigned i = 0; i < 127; i++)
		vc_buf_add(&text, "<a>");
	for (unsigned i = 0; i < 127; i++)
		vc_buf_add(&text, "</a>");
	vc_buf_add(&text, "</domain>");
	assert_int_equal(try_bytes(world, text.text, text.length), 0);
	vc_buf_release(&text);
}

static void
other_encodings(void **state)
{
	struct world *world = *state;
	const char *ascii = "<domain type='kvm'><name>utf16</name></domain>";
	char text[256] = "\xff\xfe";
	size_t size = 2;

	for (const char *p = ascii; *p; p++) {
		text[size++] = *p;
		text[size++] = '\0';
	}
	assert_int_equal(try_bytes(world, text, size), 0);
	assert_text(world->guest.name, "utf16");
}

static void
roots_and_types(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *type, *accel;
		bool by_qemu;
	} types[] = {
		{ "kvm", "kvm", true },	  { "qemu", "tcg", true }, { "hvf", "hvf", true },
		{ "nvmm", "nvmm", true }, { "xen", "xen", false }, { "lxc", "lxc", false },
	};

	read_text(world,
		  "<domstatus state='running'><domain type='kvm'><name>live</name></domain></domstatus>");
	assert_text(world->guest.name, "live");
	assert_string_equal(world->guest.name.fact.from, "/domstatus/domain/name");
	for (size_t i = 0; i < VC_COUNT(types); i++) {
		read_sketch(world, (struct sketch){ .type = types[i].type });
		assert_text(world->guest.accel, types[i].accel);
		assert_flag(world->guest.run_by_qemu, types[i].by_qemu);
		vc_guest_derive(&world->guest, &world->host, world->arena);
	}
	/* Devices of other hypervisors have nothing to do with VFIO. */
	read_sketch(world, (struct sketch){
				   .type = "xen",
				   .devices = "<hostdev mode='subsystem' type='pci'><source><address "
					      "bus='1'/></source></hostdev>",
			   });
	assert_number(world->guest.vfio_devices, 0);
	assert_int_equal(world->guest.hostdev.count, 0);
}

static void
lines_and_paths(void **state)
{
	struct world *world = *state;
	const struct vc_hostdev *hostdevs;
	const struct vc_viommu *iommu;

	read_text(world, "<domain type='kvm'>\n"
			 "  <devices>\n"
			 "    <hostdev mode='subsystem' type='pci'>\n"
			 "      <source><address domain='0' bus='1' slot='0' function='0'/></source>\n"
			 "    </hostdev>\n"
			 "    <hostdev mode='subsystem' type='pci'\n"
			 "             managed='yes'>\n"
			 "      <source>\n"
			 "        <address domain='0' bus='2' slot='0' function='0'/></source>\n"
			 "    </hostdev>\n"
			 "    <iommu model='intel'>\n"
			 "      <driver aw_bits='48'/>\n"
			 "    </iommu>\n"
			 "  </devices>\n"
			 "</domain>\n");
	hostdevs = world->guest.hostdev.item;
	iommu = world->guest.iommu.item;
	assert_int_equal(world->guest.hostdev.count, 2);
	assert_int_equal(hostdevs[0].place.line, 3);
	assert_string_equal(hostdevs[1].place.xpath, "/domain/devices/hostdev[2]");
	assert_int_equal(hostdevs[1].address.fact.line, 9);
	assert_string_equal(hostdevs[1].address.fact.from, "/domain/devices/hostdev[2]/source/address");
	assert_non_null(hostdevs[1].place.node);
	assert_string_equal(iommu[0].place.xpath, "/domain/devices/iommu");
	assert_int_equal(iommu[0].aw_bits.fact.line, 12);
	assert_string_equal(iommu[0].aw_bits.fact.from, "/domain/devices/iommu/driver/@aw_bits");
}

static void
lines_beyond_65535(void **state)
{
	struct world *world = *state;
	const struct vc_viommu *iommu;
	struct vc_buf text = { 0 };

	vc_buf_add(&text, "<domain type='kvm'>");
	for (unsigned i = 0; i < 70000; i++)
		vc_buf_add(&text, "\n");
	vc_buf_add(&text, "<devices><iommu model='intel'><driver aw_bits='39'/></iommu></devices></domain>");
	read_text(world, vc_buf_text(&text));
	iommu = world->guest.iommu.item;
	assert_int_equal(iommu[0].place.line, 70001);
	assert_int_equal(iommu[0].aw_bits.fact.line, 70001);
	vc_buf_release(&text);
}

static void
sizes(void **state)
{
	struct world *world = *state;
	/* As libvirt scales them; the guest gets whole MiB. */
	static const struct {
		const char *memory;
		uint64_t bytes;
	} known[] = {
		{ "<memory>4194304</memory>", 4 * GIB },
		{ "<memory unit='KiB'>4194304</memory>", 4 * GIB },
		{ "<memory unit='k'>4194304</memory>", 4 * GIB },
		{ "<memory unit='b'>4294967296</memory>", 4 * GIB },
		{ "<memory unit='bytes'>4294967295</memory>", 4 * GIB },
		{ "<memory unit='KB'>1048576</memory>", 1000 * MIB },
		{ "<memory unit='MB'>1000</memory>", 954 * MIB },
		{ "<memory unit='M'>1000</memory>", 1000 * MIB },
		{ "<memory unit='GiB'> 4\n</memory>", 4 * GIB },
		{ "<memory unit='T'>1</memory>", 1024 * GIB },
		{ "<memory unit='TiB'>1</memory>", 1024 * GIB },
		{ "<memory unit='KiB'>1</memory>", MIB },
	};
	static const struct {
		const char *memory;
		int error;
	} unknown[] = {
		{ "<memory>abc</memory>", VC_EGARBLED },
		{ "<memory>-1</memory>", VC_EGARBLED },
		{ "<memory></memory>", VC_EGARBLED },
		{ "<memory unit='furlong'>1</memory>", VC_EGARBLED },
		{ "<memory unit='Kx'>1</memory>", VC_EGARBLED },
		{ "<memory unit='EiB'>16</memory>", ERANGE },
		{ "<memory>18446744073709551615</memory>", ERANGE },
		{ "<memory>18446744073709551616</memory>", VC_EGARBLED },
	};

	for (size_t i = 0; i < VC_COUNT(known); i++) {
		read_sketch(world, (struct sketch){ .memory = known[i].memory });
		assert_number(world->guest.memory, known[i].bytes);
	}
	for (size_t i = 0; i < VC_COUNT(unknown); i++) {
		read_sketch(world, (struct sketch){ .memory = unknown[i].memory });
		assert_unreadable(world->guest.memory, unknown[i].error);
		assert_int_equal(world->guest.memory.fact.line, 3);
		vc_guest_derive(&world->guest, &world->host, world->arena);
	}
	read_sketch(world, (struct sketch){ .memory = "<title>no memory</title>" });
	assert_absent(world->guest.memory);
}

static void
numa_cells_are_the_memory(void **state)
{
	struct world *world = *state;

	read_sketch(
		world,
		(struct sketch){
			.memory =
				"<memory unit='GiB'>7</memory><maxMemory slots='2' unit='GiB'>16</maxMemory>",
			.top = "<cpu><numa><cell id='0' cpus='0' memory='2' unit='GiB'/>"
			       "<cell id='1' cpus='1' memory='4' unit='GiB'/></numa></cpu>",
			.devices = "<memory model='dimm'><target><size "
				   "unit='GiB'>1</size><node>0</node></target></memory>",
		});
	assert_number(world->guest.memory, 6 * GIB);
	assert_number(world->guest.memory_devices, GIB);
	assert_number(world->guest.memory_max, 16 * GIB);
	assert_number(world->guest.memory_slots, 2);
	/* More in devices than there is. */
	read_sketch(
		world,
		(struct sketch){
			.memory = "<memory unit='GiB'>1</memory>",
			.devices = "<memory model='dimm'><target><size unit='GiB'>2</size></target></memory>",
		});
	assert_unreadable(world->guest.memory, VC_EGARBLED);
}

static void
machines(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *arch, *machine, *family, *version;
	} names[] = {
		{ "x86_64", "pc-q35-9.2", "q35", "9.2" },
		{ "x86_64", "pc-q35-4.0.1", "q35", "4.0.1" },
		{ "x86_64", "pc-i440fx-7.2", "i440fx", "7.2" },
		{ "x86_64", "pc", "i440fx", "10.0" },
		{ "x86_64", "q35", "q35", "10.0" },
		{ "i686", "pc-1.3", "i440fx", "1.3" },
		{ "aarch64", "virt-9.2", "virt", "9.2" },
		{ "aarch64", "virt", "virt", "10.0" },
		{ "x86_64", "microvm", "microvm", "10.0" },
		{ "x86_64", "pc-q35-rhel9.4.0", "q35", NULL },
		{ "x86_64", "pc-i440fx-jammy", "i440fx", NULL },
		{ "x86_64", "ubuntu-q35", "q35", NULL },
		{ "x86_64", "isapc", "other", NULL },
		{ "riscv64", "virt", "other", NULL },
		{ "s390x", "s390-ccw-virtio-9.2", "other", NULL },
		{ "aarch64", "raspi3b", "other", NULL },
	};

	for (size_t i = 0; i < VC_COUNT(names); i++) {
		read_sketch(world, (struct sketch){ .arch = names[i].arch, .machine = names[i].machine });
		assert_text(world->guest.machine_family, names[i].family);
		derive(world, "10.0.13");
		if (names[i].version)
			assert_version(world->guest.machine_version, names[i].version);
		else
			assert_unreadable(world->guest.machine_version, EOPNOTSUPP);
		assert_version(world->guest.qemu_version, "10.0.13");
	}
	/* A development version is between two machine types. */
	read_sketch(world, (struct sketch){ .machine = "q35" });
	derive(world, "9.2.50");
	assert_unreadable(world->guest.machine_version, EOPNOTSUPP);
	/* Without the emulator's version an alias stands for nothing in particular. */
	world->host = (struct vc_host){ 0 };
	read_sketch(world, (struct sketch){ .machine = "q35" });
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_equal(world->guest.machine_version.fact.state, VC_UNREAD);
	assert_int_equal(world->guest.qemu_version.fact.state, VC_UNREAD);
}

static void
defaults_of_libvirt(void **state)
{
	struct world *world = *state;

	read_text(world, "<domain type='kvm'><os><type arch='x86_64'>hvm</type></os></domain>");
	assert_text(world->guest.machine, "pc");
	assert_text(world->guest.emulator, "/usr/bin/qemu-system-x86_64");
	assert_text(world->guest.firmware, "bios");
	assert_text(world->guest.cpu_mode, "custom");
	assert_number(world->guest.vcpus, 1);
	assert_flag(world->guest.pflash, false);
	assert_text(world->guest.memory_source, "anonymous");
	read_text(world,
		  "<domain "
		  "type='kvm'><devices><emulator>/opt/bin/qemu-system-aarch64</emulator></devices></domain>");
	assert_text(world->guest.arch, "aarch64");
	assert_text(world->guest.machine, "virt");
	/* Neither is written: the host decides, once it is known. */
	read_text(world, "<domain type='kvm'/>");
	assert_absent(world->guest.arch);
	vc_set_text(&world->host.cpu_arch, "x86_64", "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_text(world->guest.arch, "x86_64");
	assert_text(world->guest.machine_family, "i440fx");
	assert_text(world->guest.emulator, "/usr/bin/qemu-system-x86_64");
}

static void
firmware(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){
				   .os = "<loader readonly='yes' secure='yes' "
					 "type='pflash'>/x/CODE.fd</loader><nvram>/y/VARS.fd</nvram>",
			   });
	assert_text(world->guest.firmware, "efi");
	assert_flag(world->guest.pflash, true);
	assert_flag(world->guest.loader_secure, true);
	assert_text(world->guest.loader_type, "pflash");
	assert_text(world->guest.nvram, "/y/VARS.fd");
	/* A ROM may be either, whatever its name says. */
	read_sketch(world, (struct sketch){ .os = "<loader>/x/OVMF.fd</loader>" });
	assert_text(world->guest.loader_type, "rom");
	assert_unreadable(world->guest.firmware, EOPNOTSUPP);
	assert_flag(world->guest.pflash, false);
	read_text(world,
		  "<domain type='kvm'><os firmware='efi'><type arch='x86_64' machine='q35'/></os></domain>");
	assert_text(world->guest.firmware, "efi");
	assert_flag(world->guest.firmware_auto, true);
	assert_flag(world->guest.pflash, true);
	read_text(world, "<domain type='kvm'><os firmware='efi'><type arch='x86_64' machine='q35'/></os>"
			 "<launchSecurity type='sev-snp'/></domain>");
	assert_flag(world->guest.pflash, false);
	assert_text(world->guest.launch_security, "sev-snp");
}

static void
security(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *element, *level; /* NULL: absent, "": not understood */
	} cases[] = {
		{ "", NULL },
		{ "<launchSecurity type='tdx'/>", NULL },
		{ "<launchSecurity type='s390-pv'/>", NULL },
		{ "<launchSecurity type='sev'><policy>0x0003</policy></launchSecurity>", "SEV" },
		{ "<launchSecurity type='sev'/>", "SEV" },
		{ "<launchSecurity type='sev'><policy>0x0004</policy></launchSecurity>", "SEV-ES" },
		/* Hexadecimal without 0x as well. */
		{ "<launchSecurity type='sev'><policy>14</policy></launchSecurity>", "SEV-ES" },
		{ "<launchSecurity type='sev'><policy>all</policy></launchSecurity>", "" },
		{ "<launchSecurity type='sev-snp'><policy>0x30000</policy></launchSecurity>", "SEV-SNP" },
		{ "<launchSecurity type='sev-snp'><policy>all</policy></launchSecurity>", "SEV-SNP" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		read_sketch(world, (struct sketch){ .top = cases[i].element });
		if (!cases[i].level)
			assert_int_equal(world->guest.sev_level.fact.state, VC_ABSENT);
		else if (cases[i].level[0])
			assert_text(world->guest.sev_level, cases[i].level);
		else
			assert_unreadable(world->guest.sev_level, VC_EGARBLED);
		assert_int_equal(world->guest.sev_encryption_bit.fact.state, VC_ABSENT);
		assert_int_equal(world->guest.sev_phys_bits_reduction.fact.state, VC_ABSENT);
	}
	read_sketch(world, (struct sketch){ .top = "<launchSecurity type='sev'><cbitpos>47</cbitpos>"
						   "<reducedPhysBits>1</reducedPhysBits></launchSecurity>" });
	assert_number(world->guest.sev_encryption_bit, 47);
	assert_number(world->guest.sev_phys_bits_reduction, 1);
	read_sketch(world, (struct sketch){ .top = "<launchSecurity type='sev'><cbitpos>C</cbitpos>"
						   "<reducedPhysBits/></launchSecurity>" });
	assert_unreadable(world->guest.sev_encryption_bit, VC_EGARBLED);
}

static void
cpu_and_features(void **state)
{
	struct world *world = *state;
	const struct vc_pin *pin;
	const struct vc_timer *timer;

	read_sketch(
		world,
		(struct sketch){
			.top = "<vcpu>8</vcpu><cputune><vcpupin vcpu='0' cpuset='2'/><vcpupin vcpu='1' "
			       "cpuset='3-4'/></cputune>"
			       "<cpu mode='host-passthrough'><topology sockets='1' cores='4' threads='2'/>"
			       "<feature policy='require' name='topoext'/><feature name='invtsc'/>"
			       "<feature policy='disable' name='svm'/><feature policy='optional' "
			       "name='pcid'/></cpu>"
			       "<features><acpi/><vmport state='off'/><smm state='on'/>"
			       "<hyperv mode='custom'><relaxed state='on'/><synic state='off'/><vpindex "
			       "state='on'/></hyperv>"
			       "<kvm><hidden state='on'/></kvm></features>"
			       "<clock offset='localtime'><timer name='hpet' present='no'/>"
			       "<timer name='tsc' frequency='2600000000' mode='native'/></clock>",
		});
	assert_number(world->guest.vcpus, 8);
	assert_number(world->guest.sockets, 1);
	assert_number(world->guest.dies, 1);
	assert_number(world->guest.cores, 4);
	assert_number(world->guest.threads, 2);
	assert_true(vc_set_has(&world->guest.cpu_required, "topoext"));
	assert_true(vc_set_has(&world->guest.cpu_required, "invtsc"));
	assert_int_equal(world->guest.cpu_required.count, 2);
	assert_true(vc_set_has(&world->guest.cpu_disabled, "svm"));
	assert_int_equal(world->guest.cpu_disabled.count, 1);
	assert_true(vc_set_has(&world->guest.features, "smm"));
	assert_false(vc_set_has(&world->guest.features, "vmport"));
	assert_int_equal(world->guest.hyperv.count, 2);
	assert_false(vc_set_has(&world->guest.hyperv, "synic"));
	assert_flag(world->guest.kvm_hidden, true);
	assert_flag(world->guest.windows, true);
	assert_int_equal(world->guest.pin.count, 2);
	pin = world->guest.pin.item;
	assert_number(pin[1].vcpu, 1);
	assert_text(pin[1].cpus, "3-4");
	assert_text(pin[1].kind, "vcpu");
	assert_number(pin[1].cpu_count, 2);
	timer = world->guest.timer.item;
	assert_int_equal(world->guest.timer.count, 2);
	assert_flag(timer[0].present, false);
	assert_absent(timer[1].present);
	assert_number(timer[1].frequency, UINT64_C(2600000000));
	assert_text(world->guest.clock_offset, "localtime");
	/* One socket for each vCPU, if nothing is written. */
	read_sketch(world, (struct sketch){ .top = "<vcpu>6</vcpu>" });
	assert_number(world->guest.sockets, 6);
	assert_number(world->guest.cores, 1);
	assert_number(world->guest.threads, 1);
	assert_flag(world->guest.windows, false);
	assert_int_equal(world->guest.pin.fact.state, VC_KNOWN);
}

static void
os_id(void **state)
{
	struct world *world = *state;

	read_sketch(world,
		    (struct sketch){
			    .top = "<metadata><libosinfo:libosinfo "
				   "xmlns:libosinfo='http://libosinfo.org/xmlns/libvirt/domain/1.0'>"
				   "<libosinfo:os "
				   "id='http://microsoft.com/win/11'/></libosinfo:libosinfo></metadata>",
		    });
	assert_text(world->guest.os, "http://microsoft.com/win/11");
	assert_flag(world->guest.windows, true);
	read_sketch(world, (struct sketch){ 0 });
	assert_absent(world->guest.os);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(inputs_that_are_no_domain),
		WORLD_TEST(document_types_are_not_looked_at),
		WORLD_TEST(limits),
		WORLD_TEST(limits_of_one_tag),
		WORLD_TEST(cut_off),
		WORLD_TEST(depth_below_the_limit),
		WORLD_TEST(other_encodings),
		WORLD_TEST(roots_and_types),
		WORLD_TEST(lines_and_paths),
		WORLD_TEST(lines_beyond_65535),
		WORLD_TEST(sizes),
		WORLD_TEST(numa_cells_are_the_memory),
		WORLD_TEST(machines),
		WORLD_TEST(defaults_of_libvirt),
		WORLD_TEST(firmware),
		WORLD_TEST(security), WORLD_TEST(cpu_and_features),
		WORLD_TEST(os_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
