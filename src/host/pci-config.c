/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/pci-config.h"

#include <errno.h>
#include <string.h>

#include <pci/header.h>

/*
 * Sizes of what the kernel shows [linux 6.12 include/linux/pci_regs.h PCI_CFG_SPACE_SIZE,
 * PCI_CFG_SPACE_EXP_SIZE].
 */
#define HEADER_SIZE 64
#define CONVENTIONAL_SIZE 256

#define ERROR_WORD 0xffffffffu

int
vc_pci_config_u16(const struct vc_pci_config *config, unsigned offset, uint16_t *ret_value)
{
	if (offset + 2 > config->size)
		return -EBADMSG;
	*ret_value = (uint16_t)(config->data[offset] | config->data[offset + 1] << 8);
	return 0;
}

int
vc_pci_config_u32(const struct vc_pci_config *config, unsigned offset, uint32_t *ret_value)
{
	uint16_t low, high;

	if (vc_pci_config_u16(config, offset, &low) < 0 || vc_pci_config_u16(config, offset + 2, &high) < 0)
		return -EBADMSG;
	*ret_value = low | (uint32_t)high << 16;
	return 0;
}

/* Where the list of capabilities begins [linux 6.12 drivers/pci/pci.c __pci_bus_find_cap_start]. */
static unsigned
list_start(const struct vc_pci_config *config)
{
	if (!(config->data[PCI_STATUS] & PCI_STATUS_CAP_LIST))
		return 0;
	switch (config->header_type) {
	case PCI_HEADER_TYPE_NORMAL:
	case PCI_HEADER_TYPE_BRIDGE:
		return config->data[PCI_CAPABILITY_LIST];
	case PCI_HEADER_TYPE_CARDBUS:
		return config->data[PCI_CB_CAPABILITY_LIST];
	default:
		return 0;
	}
}

/* As __pci_find_next_cap_ttl() goes, except that a loop is noticed: what it hides stays unknown. */
static int
walk_list(struct vc_pci_config *config)
{
	bool seen[CONVENTIONAL_SIZE / 4] = { false };
	unsigned offset = list_start(config);

	if (offset == 0)
		return 0;
	if (config->size < CONVENTIONAL_SIZE)
		return -EACCES;
	while (offset >= HEADER_SIZE) {
		uint8_t id;

		offset &= ~3u;
		if (seen[offset / 4])
			return -EBADMSG;
		seen[offset / 4] = true;
		id = config->data[offset];
		if (id == 0xff)
			return -EBADMSG;
		if (config->capability[id] == 0)
			config->capability[id] = (uint16_t)offset;
		offset = config->data[offset + 1];
	}
	return 0;
}

/* [linux 6.12 drivers/pci/pci.c pci_find_next_ext_capability] */
static int
walk_extended(struct vc_pci_config *config)
{
	bool seen[VC_PCI_CONFIG_MAX / 4] = { false };
	unsigned offset = CONVENTIONAL_SIZE;

	if (config->size <= CONVENTIONAL_SIZE) {
		/* Only PCI Express and PCI-X mode 2 have an extended space. */
		if (config->why_not < 0)
			return config->why_not;
		return config->capability[PCI_CAP_ID_EXP] || config->capability[PCI_CAP_ID_PCIX] ? -EOPNOTSUPP
												 : 0;
	}
	while (offset >= CONVENTIONAL_SIZE) {
		uint32_t header;
		unsigned id;

		offset &= ~3u;
		if (seen[offset / 4] || vc_pci_config_u32(config, offset, &header) < 0)
			return -EBADMSG;
		seen[offset / 4] = true;
		if (header == 0 && offset == CONVENTIONAL_SIZE)
			return 0;
		if (header == ERROR_WORD)
			return -EBADMSG;
		id = header & 0xffff;
		if (id < VC_PCI_EXTENDED_CAPABILITIES && config->extended[id] == 0)
			config->extended[id] = (uint16_t)offset;
		offset = header >> 20;
	}
	return 0;
}

/*
 * A virtual function reads its vendor as all ones, and is well [linux 6.12 drivers/pci/pci.c pci_dev_wait],
 * so the command register is asked as well: it has reserved bits that are 0.
 */
static bool
answers(const struct vc_pci_config *config)
{
	uint32_t ids, command;

	if (config->header_type == 0x7f)
		return false;
	if (vc_pci_config_u32(config, PCI_VENDOR_ID, &ids) < 0 ||
	    vc_pci_config_u32(config, PCI_COMMAND, &command) < 0)
		return false;
	return ids != ERROR_WORD || command != ERROR_WORD;
}

int
vc_pci_config_parse(const void *data, size_t size, struct vc_pci_config *ret_config)
{
	if (size < HEADER_SIZE)
		return -EBADMSG;
	if (size > VC_PCI_CONFIG_MAX)
		size = VC_PCI_CONFIG_MAX;
	memset(ret_config, 0, sizeof(*ret_config));
	ret_config->data = data;
	ret_config->size = size;
	ret_config->header_type = ret_config->data[PCI_HEADER_TYPE] & 0x7f;
	ret_config->answers = answers(ret_config);
	if (!ret_config->answers) {
		ret_config->why_not = ret_config->why_not_extended = -EIO;
		return 0;
	}
	ret_config->why_not = walk_list(ret_config);
	ret_config->why_not_extended = walk_extended(ret_config);
	return 0;
}

static int
find(const uint16_t *offset, int why_not, unsigned *ret_offset)
{
	if (*offset == 0)
		return why_not < 0 ? why_not : -ENOENT;
	*ret_offset = *offset;
	return 0;
}

int
vc_pci_config_find(const struct vc_pci_config *config, unsigned id, unsigned *ret_offset)
{
	if (id >= VC_PCI_CAPABILITIES)
		return -EINVAL;
	return find(&config->capability[id], config->why_not, ret_offset);
}

int
vc_pci_config_find_extended(const struct vc_pci_config *config, unsigned id, unsigned *ret_offset)
{
	if (id >= VC_PCI_EXTENDED_CAPABILITIES)
		return -EINVAL;
	return find(&config->extended[id], config->why_not_extended, ret_offset);
}

int
vc_pci_config_flr(const struct vc_pci_config *config, bool *ret_flr)
{
	unsigned express, features;
	uint32_t devcap;
	uint16_t af;
	int r_express, r_features;

	r_express = vc_pci_config_find(config, PCI_CAP_ID_EXP, &express);
	if (r_express == 0)
		r_express = vc_pci_config_u32(config, express + PCI_EXP_DEVCAP, &devcap);
	if (r_express == 0 && devcap & PCI_EXP_DEVCAP_FLRESET) {
		*ret_flr = true;
		return 0;
	}

	/* Both bits are needed [linux 6.12 drivers/pci/pci.c pci_af_flr]. */
	r_features = vc_pci_config_find(config, PCI_CAP_ID_AF, &features);
	if (r_features == 0)
		r_features = vc_pci_config_u16(config, features + PCI_AF_CAP - 1, &af);
	if (r_features == 0 && (af >> 8 & PCI_AF_CAP_TP) && (af >> 8 & PCI_AF_CAP_FLR)) {
		*ret_flr = true;
		return 0;
	}

	if (r_express < 0 && r_express != -ENOENT)
		return r_express;
	if (r_features < 0 && r_features != -ENOENT)
		return r_features;
	*ret_flr = false;
	return 0;
}

/* The 16-bit register @reg of the capability @id. */
static int
register_of(const struct vc_pci_config *config, unsigned id, unsigned reg, uint16_t *ret_value)
{
	unsigned offset;
	int r = vc_pci_config_find(config, id, &offset);

	return r < 0 ? r : vc_pci_config_u16(config, offset + reg, ret_value);
}

int
vc_pci_config_pm_reset(const struct vc_pci_config *config, bool *ret_reset)
{
	uint16_t pmcsr;
	int r = register_of(config, PCI_CAP_ID_PM, PCI_PM_CTRL, &pmcsr);

	if (r < 0)
		return r;
	*ret_reset = !(pmcsr & PCI_PM_CTRL_NO_SOFT_RST);
	return 0;
}

int
vc_pci_config_msi_enabled(const struct vc_pci_config *config, bool *ret_enabled)
{
	uint16_t flags;
	int r = register_of(config, PCI_CAP_ID_MSI, PCI_MSI_FLAGS, &flags);

	if (r < 0)
		return r;
	*ret_enabled = flags & PCI_MSI_FLAGS_ENABLE;
	return 0;
}

int
vc_pci_config_msix_enabled(const struct vc_pci_config *config, bool *ret_enabled)
{
	uint16_t flags;
	int r = register_of(config, PCI_CAP_ID_MSIX, PCI_MSI_FLAGS, &flags);

	if (r < 0)
		return r;
	*ret_enabled = flags & PCI_MSIX_ENABLE;
	return 0;
}

int
vc_pci_config_ats_enabled(const struct vc_pci_config *config, bool *ret_enabled)
{
	unsigned offset;
	uint16_t control;
	int r = vc_pci_config_find_extended(config, PCI_EXT_CAP_ID_ATS, &offset);

	if (r == 0)
		r = vc_pci_config_u16(config, offset + PCI_ATS_CTRL, &control);
	if (r < 0)
		return r;
	*ret_enabled = control & PCI_ATS_CTRL_ENABLE;
	return 0;
}

/*
 * Resizable BAR: pairs of a capability and a control register; the control register of the first says how
 * many pairs there are, each control register whose BAR it is [linux 6.12.107 drivers/pci/rebar.c
 * pci_rebar_find_pos, pci_rebar_get_possible_sizes; include/uapi/linux/pci_regs.h PCI_REBAR_*].
 */
#define REBAR_ID 0x15
#define REBAR_CAP 4
#define REBAR_CTRL 8
#define REBAR_PAIR 8
#define REBAR_CTRL_BAR 0x7
#define REBAR_CTRL_PAIRS(ctrl) ((ctrl) >> 5 & 0x7)
#define REBAR_SIZES(cap) ((cap) >> 4)

int
vc_pci_config_bar_sizes(const struct vc_pci_config *config, unsigned bar, uint64_t *ret_sizes)
{
	unsigned offset;
	uint32_t ctrl, cap;
	int r = vc_pci_config_find_extended(config, REBAR_ID, &offset);

	if (r < 0)
		return r;
	if (vc_pci_config_u32(config, offset + REBAR_CTRL, &ctrl) < 0)
		return -EBADMSG;
	for (unsigned pairs = REBAR_CTRL_PAIRS(ctrl), i = 0; i < pairs; i++) {
		if (vc_pci_config_u32(config, offset + REBAR_CAP + i * REBAR_PAIR, &cap) < 0 ||
		    vc_pci_config_u32(config, offset + REBAR_CTRL + i * REBAR_PAIR, &ctrl) < 0)
			return -EBADMSG;
		if ((ctrl & REBAR_CTRL_BAR) == bar) {
			*ret_sizes = REBAR_SIZES(cap);
			return 0;
		}
	}
	return -ENOENT;
}
