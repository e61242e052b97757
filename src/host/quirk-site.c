/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/quirk-site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/site-file.h"
#include "base/trust.h"

/* Far beyond what a site has; a directory full of files must not keep the program busy for ever. */
#define FILES_MAX 256

static inline void
closedir_p(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void
broken(struct vc_site_quirks *site, const char *path, const char *why)
{
	vc_diag_add(site->diags, path, 0, "%s", why);
	site->broken++;
}

int
vc_site_quirks_read(int dir, const char *name, const char *path, struct vc_arena *arena,
		    struct vc_diags *diags, struct vc_quirk_file *ret_file)
{
	struct vc_quirk_file file = { .quirk = NULL };
	_cleanup_free_ char *text = NULL;
	struct stat st;
	const char *why = NULL;
	size_t size;
	int r;

	r = vc_site_file_read(dir, name, VC_SITE_XML_MAX, &why, &st, &text, &size);
	if (r == 0 && !vc_is_trusted(&st)) {
		why = "not used as root: others than root may write it";
		r = -EPERM;
	}
	if (r < 0) {
		vc_diag_add(diags, path, 0, "%s", why);
		return r;
	}
	r = vc_quirk_text_read(arena, text, size, path, diags, &file);
	if (r == 0)
		r = vc_quirk_file_finish(path, diags, &file);
	if (r == 0)
		*ret_file = file;
	return r;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
vc_quirk_file_named(const struct dirent *entry)
{
	const char *name = entry->d_name;
	size_t length = strlen(name);

	return name[0] != '.' && length > 4 && strcmp(name + length - 4, ".xml") == 0;
}

static void
load_files(struct vc_site_quirks *site, DIR *dir)
{
	const char **name = NULL;
	size_t count = 0;

	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!vc_quirk_file_named(entry))
			continue;
		if (count == FILES_MAX) {
			broken(site, site->dir, "too many files; the rest of the directory is not read");
			break;
		}
		*(const char **)vc_arena_append(site->arena, (void **)&name, &count, sizeof(*name)) =
			vc_arena_strdup(site->arena, entry->d_name);
	}
	if (count > 0)
		qsort(name, count, sizeof(*name), compare_names);
	for (size_t i = 0; i < count; i++) {
		const char *path = vc_arena_printf(site->arena, "%s/%s", site->dir, name[i]);
		struct vc_quirk_file file;

		if (vc_site_quirks_read(dirfd(dir), name[i], path, site->arena, site->diags, &file) < 0)
			site->broken++;
		else
			*(struct vc_quirk_file *)vc_arena_append(site->arena, (void **)&site->file,
								 &site->files, sizeof(file)) = file;
	}
}

void
vc_site_quirks_load(struct vc_site_quirks *site)
{
	_cleanup_(closedir_p) DIR *dir = NULL;
	struct stat st;
	int fd;

	if (!site || site->loaded)
		return;
	site->loaded = true;
	fd = open(site->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			broken(site, site->dir, strerror(errno));
		return;
	}
	dir = fdopendir(fd);
	if (!dir) {
		broken(site, site->dir, strerror(errno));
		close(fd);
		return;
	}
	if (fstat(fd, &st) < 0 || !vc_is_trusted(&st))
		broken(site, site->dir, "not used as root: others than root may write this directory");
	else
		load_files(site, dir);
}
