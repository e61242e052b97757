/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in rules together with those of a directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/site-file.h"
#include "base/trust.h"
#include "rules/engine.h"
#include "rules/rule-xml.h"
#include "rules/rules-dir.h"

/* rules.d/topic/id.xml needs two; a mount that contains itself needs no end. */
#define DEPTH_MAX 8
/* Far beyond any rule base; a directory full of files must not keep the program busy for ever. */
#define FILES_MAX 4096

struct reader {
	struct vc_arena *arena;
	struct vc_diags *diags;
	const struct vc_rule **rule;
	size_t count;
	size_t files;
	int broken;
};

static inline void
closedir_p(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void
broken(struct reader *r, const char *path, const char *why)
{
	vc_diag_add(r->diags, path, 0, "%s", why);
	r->broken++;
}

const char *
vc_rule_topic(struct vc_arena *arena, const char *path)
{
	const char *end = strrchr(path, '/'), *start = end;

	while (start && start > path && start[-1] != '/')
		start--;
	return end ? vc_arena_strndup(arena, start, (size_t)(end - start)) : "";
}

static const struct vc_rule *
find_among(const struct vc_rule *const *rule, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(rule[i]->id, id) == 0)
			return rule[i];
	}
	return NULL;
}

static void
load_file(struct reader *r, int dir, const char *name, const char *path)
{
	_cleanup_free_ char *text = NULL;
	const struct vc_rule *same, **item;
	struct vc_rule *rule;
	struct stat st;
	const char *why;
	size_t size;

	if (vc_site_file_read(dir, name, VC_SITE_XML_MAX, &why, &st, &text, &size) < 0) {
		broken(r, path, why);
		return;
	}
	if (!vc_is_trusted(&st)) {
		broken(r, path, "not used as root: others than root may write it");
		return;
	}
	if (vc_rule_load(text, size, path, vc_rule_topic(r->arena, path), r->arena, r->diags, &rule) < 0) {
		r->broken++;
		return;
	}
	same = find_among(r->rule, r->count, rule->id);
	if (same) {
		vc_diag_add(r->diags, path, 0, "there is a rule '%s' already, in %s", rule->id, same->file);
		r->broken++;
		return;
	}
	item = vc_arena_append(r->arena, (void **)&r->rule, &r->count, sizeof(*item));
	*item = rule;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names without those that begin with a dot, sorted: same directory, same rules, same order of complaints. */
static void
list_names(struct reader *r, DIR *dir, const char *path, const char ***ret_name, size_t *ret_count)
{
	const char **name = NULL;
	size_t count = 0;

	for (struct dirent *entry; (entry = readdir(dir));) {
		const char **item;

		if (entry->d_name[0] == '.')
			continue;
		if (count == FILES_MAX) {
			broken(r, path, "too many files; the rest of the directory is not read");
			break;
		}
		item = vc_arena_append(r->arena, (void **)&name, &count, sizeof(*item));
		*item = vc_arena_strdup(r->arena, entry->d_name);
	}
	if (count > 0)
		qsort(name, count, sizeof(*name), compare_names);
	*ret_name = name;
	*ret_count = count;
}

static void
load_directory(struct reader *r, int parent, const char *name, const char *path, unsigned depth)
{
	/* The directory that was named may be a link; those below may not lead elsewhere. */
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth > 0 ? O_NOFOLLOW : 0));
	_cleanup_(closedir_p) DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const char **names;
	struct stat st;
	size_t count;

	if (!dir) {
		broken(r, path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	if (fstat(fd, &st) < 0 || !vc_is_trusted(&st)) {
		broken(r, path, "not used as root: others than root may write this directory");
		return;
	}
	if (depth == DEPTH_MAX) {
		broken(r, path, "directories are nested too deep");
		return;
	}
	list_names(r, dir, path, &names, &count);
	for (size_t i = 0; i < count; i++) {
		const char *below = vc_arena_printf(r->arena, "%s/%s", path, names[i]);
		size_t length = strlen(names[i]);

		if (fstatat(fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) {
			load_directory(r, fd, names[i], below, depth + 1);
			continue;
		}
		if (length < 5 || strcmp(names[i] + length - 4, ".xml") != 0)
			continue;
		if (r->files++ == FILES_MAX) {
			broken(r, path, "too many rule files; the rest is not read");
			return;
		}
		if (r->files <= FILES_MAX)
			load_file(r, fd, names[i], below);
	}
}

static int
compare_rules(const void *a, const void *b)
{
	return strcmp((*(const struct vc_rule *const *)a)->id, (*(const struct vc_rule *const *)b)->id);
}

int
vc_ruleset_load(const struct vc_ruleset *base, const char *dir, struct vc_arena *arena,
		struct vc_diags *diags, struct vc_ruleset *ret_rules)
{
	struct reader r = { .arena = arena, .diags = diags };
	const char *path;
	size_t length;

	if (!dir) {
		*ret_rules = base ? *base : (struct vc_ruleset){ 0 };
		return 0;
	}
	for (size_t i = 0; base && i < base->count; i++) {
		const struct vc_rule **item =
			vc_arena_append(arena, (void **)&r.rule, &r.count, sizeof(*item));

		*item = base->rule[i];
	}
	for (length = strlen(dir); length > 1 && dir[length - 1] == '/';)
		length--;
	path = vc_arena_strndup(arena, dir, length);
	load_directory(&r, AT_FDCWD, path, path, 0);
	if (r.count > 0)
		qsort(r.rule, r.count, sizeof(*r.rule), compare_rules);
	*ret_rules = (struct vc_ruleset){ .rule = r.rule, .count = r.count };
	return r.broken;
}

static int
compare_id(const void *id, const void *rule)
{
	return strcmp(id, (*(const struct vc_rule *const *)rule)->id);
}

const struct vc_rule *
vc_ruleset_find(const struct vc_ruleset *rules, const char *id)
{
	const struct vc_rule *const *found;

	if (rules->count == 0)
		return NULL;
	found = bsearch(id, rules->rule, rules->count, sizeof(*rules->rule), compare_id);
	return found ? *found : NULL;
}
