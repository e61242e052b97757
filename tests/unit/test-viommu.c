/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's IOMMU and the interrupt controllers that go with it. */
#include "guest-domain.h"

static const struct vc_viommu *
iommu(struct world *world, const char *machine, const char *element, const char *qemu)
{
	read_sketch(world, (struct sketch){ .machine = machine, .devices = element });
	if (qemu)
		derive(world, qemu);
	else
		vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_equal(world->guest.iommu.count, 1);
	return world->guest.iommu.item;
}

static void
intel_width(void **state)
{
	struct world *world = *state;
	const char *intel = "<iommu model='intel'/>";

	assert_number(iommu(world, "pc-q35-7.2", intel, "7.2.22")->aw_bits, 39);
	assert_number(iommu(world, "pc-q35-9.2", intel, "9.2.0")->aw_bits, 39);
	assert_number(iommu(world, "q35", intel, "9.2.0")->aw_bits, 39);
	assert_number(iommu(world, "pc-q35-9.1", intel, "10.0.0")->aw_bits, 39);
	assert_number(iommu(world, "pc-q35-9.2", intel, "10.0.0")->aw_bits, 48);
	assert_number(iommu(world, "pc-q35-9.1", intel, "10.0.13")->aw_bits, 39);
	assert_number(iommu(world, "pc-q35-9.2", intel, "10.0.13")->aw_bits, 48);
	assert_number(iommu(world, "q35", intel, "10.0.13")->aw_bits, 48);
	assert_number(iommu(world, "pc-q35-10.2", intel, "11.0.0")->aw_bits, 48);
	/* Not looked at: neither is claimed. */
	assert_unreadable(iommu(world, "pc-q35-9.2", intel, "9.2.1")->aw_bits, EOPNOTSUPP);
	assert_number(iommu(world, "pc-q35-9.1", intel, "9.2.1")->aw_bits, 39);
	/* A machine type of which the version is not known. */
	assert_unreadable(iommu(world, "pc-q35-rhel9.4.0", intel, "10.0.13")->aw_bits, EOPNOTSUPP);
	assert_number(iommu(world, "pc-q35-rhel9.4.0", intel, "8.2.0")->aw_bits, 39);
	/* Without a version of the emulator. */
	world->host = (struct vc_host){ 0 };
	assert_number(iommu(world, "pc-q35-9.1", intel, NULL)->aw_bits, 39);
	assert_int_equal(iommu(world, "pc-q35-9.2", intel, NULL)->aw_bits.fact.state, VC_UNREAD);
}

static void
written_width(void **state)
{
	struct world *world = *state;
	const struct vc_viommu *written;

	written = iommu(world, "q35", "<iommu model='intel'><driver aw_bits='39' caching_mode='on' eim='off'/></iommu>",
			"10.0.13");
	assert_number(written->aw_bits, 39);
	assert_flag(written->aw_bits_written, true);
	assert_flag(written->caching_mode, true);
	assert_flag(written->extended_interrupts, false);
	assert_absent(written->interrupt_remapping);
	assert_flag(written->dma_translation, true);
	written = iommu(world, "q35", "<iommu model='intel'><driver aw_bits='wide'/></iommu>", "10.0.13");
	assert_unreadable(written->aw_bits, VC_EGARBLED);
	assert_flag(written->aw_bits_written, true);
	written = iommu(world, "q35", "<iommu model='intel'/>", "10.0.13");
	assert_flag(written->aw_bits_written, false);
	assert_flag(written->caching_mode, false);
}

static void
other_models(void **state)
{
	struct world *world = *state;

	assert_number(iommu(world, "pc-q35-8.2", "<iommu model='virtio'/>", "10.0.13")->aw_bits, 64);
	assert_number(iommu(world, "pc-q35-9.0", "<iommu model='virtio'/>", "10.0.13")->aw_bits, 39);
	assert_unreadable(iommu(world, "q35", "<iommu model='amd'/>", "10.0.13")->aw_bits, EOPNOTSUPP);
	read_sketch(world, (struct sketch){
		.arch = "aarch64", .machine = "virt-9.0", .devices = "<iommu model='virtio'/>",
	});
	derive(world, "10.0.13");
	assert_number(((const struct vc_viommu *)world->guest.iommu.item)->aw_bits, 48);
}

static void
from_the_commandline(void **state)
{
	struct world *world = *state;
	const struct vc_viommu *iommus;

	read_sketch(world, (struct sketch){
		.top = "<qemu:commandline><qemu:arg value='-device'/>"
		       "<qemu:arg value='intel-iommu,intremap=on,caching-mode=on,aw-bits=48'/>"
		       "<qemu:arg value='-device'/>"
		       "<qemu:arg value='{\"driver\":\"virtio-iommu\",\"id\":\"v\",\"granule\":{\"a\":[1,2]}}'/>"
		       "</qemu:commandline>",
	});
	derive(world, "10.0.13");
	iommus = world->guest.iommu.item;
	assert_int_equal(world->guest.iommu.count, 2);
	assert_text(iommus[0].model, "intel");
	assert_number(iommus[0].aw_bits, 48);
	assert_flag(iommus[0].caching_mode, true);
	assert_string_equal(iommus[0].place.xpath, "/domain/qemu:commandline/qemu:arg[2]");
	assert_text(iommus[1].model, "virtio");
	/* -global reaches libvirt's device where libvirt wrote nothing, and only there. */
	read_sketch(world, (struct sketch){
		.devices = "<iommu model='intel'><driver caching_mode='off'/></iommu>",
		.top = "<qemu:commandline><qemu:arg value='-global'/><qemu:arg value='intel-iommu.aw-bits=39'/>"
		       "<qemu:arg value='-global'/>"
		       "<qemu:arg value='driver=intel-iommu,property=caching-mode,value=on'/></qemu:commandline>",
	});
	derive(world, "10.0.13");
	iommus = world->guest.iommu.item;
	assert_number(iommus[0].aw_bits, 39);
	assert_flag(iommus[0].aw_bits_written, true);
	assert_flag(iommus[0].caching_mode, false);
}

static struct vc_pci *
add_pci(struct world *world, const char *address)
{
	struct vc_pci *pci = vc_list_append(world->arena, &world->host.pci, sizeof(*pci), "test");

	vc_set_text(&pci->address, address, "test");
	return pci;
}

#define TWO_DEVICES                                                                                      \
	"<iommu model='intel'/>"                                                                         \
	"<hostdev mode='subsystem' type='pci'><source><address bus='1'/></source></hostdev>"             \
	"<hostdev mode='subsystem' type='pci'><source><address bus='2'/></source></hostdev>"             \
	"<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"                                \
	"<address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>"

static void
width_of_the_host(void **state)
{
	struct world *world = *state;
	static const struct {
		uint64_t first, second, narrowest, largest;
	} cases[] = {
		{ 48, 57, 48, 48 }, { 47, 48, 47, 39 }, { 64, 39, 39, 39 }, { 38, 64, 38, 0 },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_viommu *viommu;

		world->host = (struct vc_host){ 0 };
		vc_set_number(&add_pci(world, "0000:01:00.0")->aw_bits, cases[i].first, "test");
		vc_set_number(&add_pci(world, "0000:02:00.0")->aw_bits, cases[i].second, "test");
		viommu = iommu(world, "q35", TWO_DEVICES, "10.0.13");
		assert_number(viommu->host_aw_bits, cases[i].narrowest);
		if (cases[i].largest)
			assert_number(viommu->largest_aw_bits, cases[i].largest);
		else
			assert_absent(viommu->largest_aw_bits);
	}
}

static void
width_of_the_host_unknown(void **state)
{
	struct world *world = *state;
	const struct vc_viommu *viommu;

	/* One of two is not known. */
	vc_set_number(&add_pci(world, "0000:01:00.0")->aw_bits, 39, "test");
	vc_set_unreadable(&add_pci(world, "0000:02:00.0")->aw_bits.fact, EACCES, "cap");
	viommu = iommu(world, "q35", TWO_DEVICES, "10.0.13");
	assert_unreadable(viommu->host_aw_bits, EACCES);
	assert_unreadable(viommu->largest_aw_bits, EACCES);
	/* No device at all. */
	viommu = iommu(world, "q35", "<iommu model='intel'/>", "10.0.13");
	assert_absent(viommu->host_aw_bits);
	assert_absent(viommu->largest_aw_bits);
}

static void
irqchips(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *type, *machine, *top, *devices, *mode;
	} cases[] = {
		{ "kvm", "pc-q35-4.0", "", "", "split" },
		{ "kvm", "pc-q35-4.0.1", "", "", "kernel" },
		{ "kvm", "pc-q35-3.1", "", "", "kernel" },
		{ "kvm", "pc-q35-4.1", "", "", "kernel" },
		{ "kvm", "pc-i440fx-4.0", "", "", "kernel" },
		{ "kvm", "q35", "", "", "kernel" },
		{ "kvm", "microvm", "", "", "split" },
		{ "qemu", "pc-q35-4.0", "", "", "off" },
		{ "kvm", "pc-q35-4.0", "<features><ioapic driver='kvm'/></features>", "", "kernel" },
		{ "kvm", "q35", "<features><ioapic driver='qemu'/></features>", "", "split" },
		{ "kvm", "q35", "", "<iommu model='intel'><driver intremap='on'/></iommu>", "split" },
		{ "kvm", "q35", "", "<iommu model='intel'><driver intremap='off'/></iommu>", "kernel" },
		{ "kvm", "q35", "<features><ioapic driver='kvm'/></features>",
		  "<iommu model='intel'><driver intremap='on'/></iommu>", "kernel" },
		{ "kvm", "q35",
		  "<qemu:commandline><qemu:arg value='-machine'/><qemu:arg value='kernel_irqchip=split'/></qemu:commandline>",
		  "", "split" },
		{ "kvm", "q35",
		  "<qemu:commandline><qemu:arg value='-machine'/><qemu:arg value='kernel-irqchip=off'/></qemu:commandline>",
		  "", "off" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		read_sketch(world, (struct sketch){ .type = cases[i].type, .machine = cases[i].machine,
						    .top = cases[i].top, .devices = cases[i].devices });
		derive(world, "10.0.13");
		if (strcmp(world->guest.irqchip.value, cases[i].mode) != 0)
			print_error("%s %s %s\n", cases[i].machine, cases[i].top, cases[i].devices);
		assert_text(world->guest.irqchip, cases[i].mode);
		assert_flag(world->guest.irqchip_written, *cases[i].top != '\0');
	}
	/* A vendor's q35 may be any. */
	read_sketch(world, (struct sketch){ .machine = "pc-q35-bionic" });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.irqchip, EOPNOTSUPP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(intel_width),
		WORLD_TEST(written_width),
		WORLD_TEST(other_models),
		WORLD_TEST(from_the_commandline),
		WORLD_TEST(width_of_the_host),
		WORLD_TEST(width_of_the_host_unknown),
		WORLD_TEST(irqchips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
