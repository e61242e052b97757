/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture-archive.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/libarchive.h"
#include "host/slices.h"

struct writer {
	const struct vc_libarchive *lib;
	struct archive *tar; /* into text */
	struct archive_entry *entry;
	struct vc_buf text; /* of the tar archive, what is in no slice yet */
	const char *first;  /* path of the member that text begins with */
	int fd;
	const char *path;
	struct vc_diags *diags;
};

static int
fail(const struct writer *writer, int err)
{
	vc_diag_add(writer->diags, writer->path, 0, "the archive cannot be written: %s", strerror(-err));
	return err;
}

static int
fail_as_written(const struct writer *writer, struct archive *archive)
{
	const char *why = writer->lib->archive_error_string(archive);

	vc_diag_add(writer->diags, writer->path, 0, "the archive cannot be written: %s",
		    why ? why : "unknown error");
	return -EIO;
}

static ssize_t
append(struct archive *archive, void *context, const void *data, size_t size)
{
	(void)archive;
	vc_buf_add_n(context, data, size);
	return (ssize_t)size;
}

static int
write_fully(const struct writer *writer, const struct vc_buf *buf)
{
	for (size_t done = 0; done < buf->length;) {
		ssize_t n = write(writer->fd, buf->text + done, buf->length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(writer, -errno);
		done += (size_t)n;
	}
	return 0;
}

/* Into @gzip, as one gzip member. The same capture, the same bytes: no time stamp. */
static int
compress(struct writer *writer, struct archive *archive, struct vc_buf *gzip)
{
	const struct vc_libarchive *lib = writer->lib;
	const struct vc_buf *text = &writer->text;

	lib->archive_entry_clear(writer->entry);
	lib->archive_entry_set_filetype(writer->entry, S_IFREG);
	if (lib->archive_write_set_format_raw(archive) != VC_ARCHIVE_OK ||
	    lib->archive_write_add_filter_gzip(archive) != VC_ARCHIVE_OK ||
	    lib->archive_write_set_options(archive, "gzip:!timestamp") != VC_ARCHIVE_OK ||
	    lib->archive_write_set_bytes_per_block(archive, 0) != VC_ARCHIVE_OK ||
	    lib->archive_write_open(archive, gzip, NULL, append, NULL) != VC_ARCHIVE_OK ||
	    lib->archive_write_header(archive, writer->entry) != VC_ARCHIVE_OK ||
	    lib->archive_write_data(archive, text->text, text->length) != (ssize_t)text->length ||
	    lib->archive_write_close(archive) != VC_ARCHIVE_OK)
		return fail_as_written(writer, archive);
	return 0;
}

static int
write_slice(struct writer *writer)
{
	struct archive *archive = writer->lib->archive_write_new();
	_cleanup_buf_ struct vc_buf gzip = { 0 }, slice = { 0 };
	int r;

	if (!archive)
		return fail(writer, -ENOMEM);
	r = compress(writer, archive, &gzip);
	writer->lib->archive_write_free(archive);
	if (r < 0)
		return r;
	r = vc_slice_seal(&slice, writer->first, gzip.text, gzip.length);
	if (r < 0)
		return fail(writer, r);
	writer->text.length = 0;
	return write_fully(writer, &slice);
}

static int
write_member(struct writer *writer, const struct vc_image_entry *place)
{
	const struct vc_libarchive *lib = writer->lib;
	struct archive_entry *entry = writer->entry;

	if (writer->text.length == 0)
		writer->first = place->path + 1;
	lib->archive_entry_clear(entry);
	lib->archive_entry_set_pathname(entry, place->path + 1);
	/* The same capture, the same bytes. */
	lib->archive_entry_set_mtime(entry, 0, 0);
	lib->archive_entry_set_perm(entry, place->kind == VC_IMAGE_DIRECTORY ? 0755 : 0644);
	lib->archive_entry_set_filetype(entry, place->kind == VC_IMAGE_DIRECTORY ? S_IFDIR
					       : place->kind == VC_IMAGE_LINK    ? S_IFLNK
										 : S_IFREG);
	if (place->kind == VC_IMAGE_LINK)
		lib->archive_entry_set_symlink(entry, place->data);
	lib->archive_entry_set_size(entry, place->kind == VC_IMAGE_FILE ? (int64_t)place->size : 0);
	/* A warning is a name that is no UTF-8; it is written all the same. */
	if (lib->archive_write_header(writer->tar, entry) < VC_ARCHIVE_WARN)
		return fail_as_written(writer, writer->tar);
	if (place->kind == VC_IMAGE_FILE && place->size > 0 &&
	    lib->archive_write_data(writer->tar, place->data, place->size) != (ssize_t)place->size)
		return fail_as_written(writer, writer->tar);
	if (lib->archive_write_finish_entry(writer->tar) != VC_ARCHIVE_OK)
		return fail_as_written(writer, writer->tar);
	return 0;
}

static int
write_members(struct writer *writer, const struct vc_image *image)
{
	const struct vc_libarchive *lib = writer->lib;
	int r = 0;

	if (lib->archive_write_set_format_pax_restricted(writer->tar) != VC_ARCHIVE_OK ||
	    lib->archive_write_set_bytes_per_block(writer->tar, 0) != VC_ARCHIVE_OK ||
	    lib->archive_write_open(writer->tar, &writer->text, NULL, append, NULL) != VC_ARCHIVE_OK)
		return fail_as_written(writer, writer->tar);
	for (size_t i = 0; i < image->count && r == 0; i++) {
		if (image->place[i]->kind == VC_IMAGE_UNUSED)
			continue;
		/* Before the next member, so that the end of the archive is part of the last slice. */
		if (writer->text.length >= VC_SLICE_SIZE)
			r = write_slice(writer);
		if (r == 0)
			r = write_member(writer, image->place[i]);
	}
	if (r == 0 && lib->archive_write_close(writer->tar) != VC_ARCHIVE_OK)
		r = fail_as_written(writer, writer->tar);
	return r < 0 ? r : write_slice(writer);
}

static int
write_archive(struct writer *writer, const struct vc_image *image)
{
	int r;

	writer->tar = writer->lib->archive_write_new();
	writer->entry = writer->lib->archive_entry_new();
	r = writer->tar && writer->entry ? write_members(writer, image) : fail(writer, -ENOMEM);
	if (writer->entry)
		writer->lib->archive_entry_free(writer->entry);
	if (writer->tar)
		writer->lib->archive_write_free(writer->tar);
	vc_buf_release(&writer->text);
	return r;
}

int
vc_capture_write_archive(const struct vc_image *image, const char *path, struct vc_diags *diags)
{
	char *draft = vc_arena_printf(image->fs->arena, "%s.XXXXXX", path);
	struct writer writer = { .lib = vc_libarchive_load(path, diags), .path = path, .diags = diags };
	int r;

	if (!writer.lib)
		return -ENOSYS;
	writer.fd = mkostemp(draft, O_CLOEXEC);
	if (writer.fd < 0)
		return fail(&writer, -errno);
	r = write_archive(&writer, image);
	if (close(writer.fd) < 0 && r == 0)
		r = fail(&writer, -errno);
	if (r == 0 && rename(draft, path) < 0)
		r = fail(&writer, -errno);
	if (r < 0)
		unlink(draft);
	return r;
}
