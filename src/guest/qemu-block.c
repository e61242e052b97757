/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-block.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block device over another is a filter or a format; more than a few are none that starts. */
#define LAYERS_MAX 16

/* Drivers that read and write somewhere, and what a domain calls that [qemu 7.2, 10.0 qapi/block-core.json BlockdevDriver]. */
static const struct {
	const char *driver, *type;
} protocols[] = {
	{ "file", "file" },
	{ "host_device", "block" },
	{ "host_cdrom", "block" },
	{ "nvme", "nvme" },
	{ "virtio-blk-vhost-vdpa", "vhostvdpa" },
	{ "blkio", "block" },
	{ "io_uring", "block" },
	{ "nvme-io_uring", "block" },
	{ "virtio-blk-vfio-pci", "block" },
	{ "virtio-blk-vhost-user", "vhostuser" },
	{ "vvfat", "dir" },
	{ "curl", "network" },
	{ "ftp", "network" },
	{ "ftps", "network" },
	{ "gluster", "network" },
	{ "http", "network" },
	{ "https", "network" },
	{ "iscsi", "network" },
	{ "nbd", "network" },
	{ "nfs", "network" },
	{ "rbd", "network" },
	{ "ssh", "network" },
	{ "null-aio", "network" },
	{ "null-co", "network" },
};

static const char *const formats[] = {
	"raw", "qcow2", "qcow", "qed", "vdi", "vmdk", "vpc", "vhdx", "luks", "parallels", "cloop", "dmg", "bochs",
};

static const char *
type_of_driver(const char *driver)
{
	for (size_t i = 0; driver && i < VC_COUNT(protocols); i++) {
		if (strcmp(protocols[i].driver, driver) == 0)
			return protocols[i].type;
	}
	return NULL;
}

static bool
is_format(const char *driver)
{
	for (size_t i = 0; driver && i < VC_COUNT(formats); i++) {
		if (strcmp(formats[i], driver) == 0)
			return true;
	}
	return false;
}

/* "nbd:..." and "nvme://..." name no file: a colon before the first slash [qemu 10.0 block.c path_has_protocol]. */
static const char *
protocol_of(const char *name)
{
	size_t length = strcspn(name, ":/");

	return name[length] == ':' ? name + length : NULL;
}

/* A name as -drive and -hda take it. */
static void
take_name(const char *name, struct vc_qemu_block *block)
{
	const char *colon = protocol_of(name);

	if (colon && strncmp(name, "file:", strlen("file:")) == 0) {
		name = colon + 1;
		colon = NULL;
	}
	block->file = colon ? NULL : name;
	if (!colon)
		block->type = strncmp(name, "/dev/", strlen("/dev/")) == 0 ? "block" : "file";
	else if (strncmp(name, "nvme:", strlen("nvme:")) == 0)
		block->type = "nvme";
	else if (strncmp(name, "fat:", strlen("fat:")) == 0)
		block->type = "dir";
	else
		block->type = "network";
}

void
vc_qemu_read_image(const struct vc_qemu_option *option, const char *file, struct vc_qemu_block *ret_block)
{
	*ret_block = (struct vc_qemu_block){ .option = option };
	take_name(file, ret_block);
}

/* One device of several in one option, each over the next: "file." stands before the members of those inside. */
static const char *
member(const struct vc_qemu_option *option, unsigned inside, const char *key)
{
	char name[LAYERS_MAX * sizeof("file.") + 32] = "";
	size_t length = 0;

	for (unsigned i = 0; i < inside && i < LAYERS_MAX; i++)
		length += (size_t)snprintf(name + length, sizeof(name) - length, "file.");
	snprintf(name + length, sizeof(name) - length, "%s", key);
	return vc_qemu_option_get(option, name);
}

/* The devices that stand in @option. *ret_below is the name of the one below them, NULL if they reach the ground. */
static void
read_layers(const struct vc_qemu_option *option, struct vc_qemu_block *block, const char **ret_below)
{
	*ret_below = NULL;
	block->option = option;
	for (unsigned inside = 0; inside < LAYERS_MAX; inside++) {
		const char *driver = member(option, inside, "driver"), *file = member(option, inside, "filename");
		const char *type = type_of_driver(driver);

		if (!block->format && is_format(driver))
			block->format = driver;
		if (!file && type)
			file = member(option, inside, "path");
		if (file || type) {
			block->type = type ? type : "file";
			block->file = file;
			return;
		}
		if (!member(option, inside + 1, "driver") && !member(option, inside + 1, "filename")) {
			*ret_below = member(option, inside, "file");
			return;
		}
	}
}

static void
read_drive(const struct vc_qemu_option *drive, struct vc_qemu_block *block, const char **ret_below)
{
	const char *file = vc_qemu_option_get(drive, "file"), *driver = vc_qemu_option_get(drive, "driver");

	*ret_below = NULL;
	*block = (struct vc_qemu_block){ .option = drive, .type = "file" };
	block->format = vc_qemu_option_get(drive, "format");
	/* Here it is a name, never a block device. */
	if (!file) {
		read_layers(drive, block, ret_below);
		return;
	}
	take_name(file, block);
	if (!block->format && is_format(driver))
		block->format = driver;
}

/* --- by name --- */

/* Each is read once, however often it is named. */
struct vc_qemu_node {
	const char *name;
	const char *below; /* NULL: nothing that has a name */
	struct vc_qemu_block block;
};

static int
compare_nodes(const void *a, const void *b)
{
	const struct vc_qemu_node *one = a, *other = b;

	return strcmp(one->name, other->name);
}

void
vc_qemu_index_blocks(const struct vc_reader *r)
{
	struct vc_guest_input *input = r->input;

	for (size_t i = 0; i < input->args.options; i++) {
		const struct vc_qemu_option *option = &input->args.option[i];
		bool drive = strcmp(option->name, "drive") == 0;
		const char *name = NULL;
		struct vc_qemu_node *node;

		if (drive || strcmp(option->name, "blockdev") == 0)
			name = vc_qemu_option_get(option, drive ? "id" : "node-name");
		if (!name)
			continue;
		node = vc_arena_append(r->arena, (void **)&input->block, &input->blocks, sizeof(*node));
		node->name = name;
		node->block.type = "file";
		if (drive)
			read_drive(option, &node->block, &node->below);
		else
			read_layers(option, &node->block, &node->below);
	}
	if (input->blocks > 0)
		qsort(input->block, input->blocks, sizeof(*input->block), compare_nodes);
}

static const struct vc_qemu_node *
find_node(const struct vc_reader *r, const char *name)
{
	const struct vc_qemu_node key = { .name = name };

	if (r->input->blocks == 0)
		return NULL;
	return bsearch(&key, r->input->block, r->input->blocks, sizeof(key), compare_nodes);
}

/* Goes down from @below; the first format counts. */
static void
go_down(const struct vc_reader *r, const char *below, struct vc_qemu_block *block)
{
	for (unsigned depth = 0; below && depth < LAYERS_MAX; depth++) {
		const struct vc_qemu_node *node = find_node(r, below);
		const char *format = block->format;

		if (!node)
			return;
		*block = node->block;
		if (format)
			block->format = format;
		below = node->below;
	}
}

bool
vc_qemu_find_block(const struct vc_reader *r, const char *name, struct vc_qemu_block *ret_block)
{
	const struct vc_qemu_node *node = find_node(r, name);

	if (!node)
		return false;
	*ret_block = node->block;
	go_down(r, node->below, ret_block);
	/* What is reached without a format is raw; -drive looks into the file. */
	if (!ret_block->format && strcmp(ret_block->option->name, "blockdev") == 0)
		ret_block->format = "raw";
	return true;
}

void
vc_qemu_read_drive(const struct vc_reader *r, const struct vc_qemu_option *drive, struct vc_qemu_block *ret_block)
{
	const char *below;

	read_drive(drive, ret_block, &below);
	go_down(r, below, ret_block);
}
