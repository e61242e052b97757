/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "base/site-file.h"
#include "base/suggest.h"
#include "base/trust.h"
#include "base/uuid.h"

/* A thousand domains by UUID fit; so much is read before libvirt starts a guest. */
#define FILE_MAX ((size_t)256 * 1024)
/* Each is compared with all others. */
#define ENTRIES_MAX 4096
/* A file that is something else entirely. */
#define COMPLAINTS_MAX 20
#define TIME_LIMIT_MIN 100u
#define TIME_LIMIT_MAX 30000u

static const char *const mode_name[] = {
	[VC_HOOK_ENFORCE] = "enforce",
	[VC_HOOK_WARN] = "warn",
	[VC_HOOK_OFF] = "off",
};

const char *
vc_hook_mode_name(enum vc_hook_mode mode)
{
	return mode_name[mode];
}

enum section { SECTION_NONE, SECTION_HOOK, SECTION_DOMAIN, SECTION_IGNORE, SECTION_BROKEN };

struct reader {
	struct vc_arena *arena;
	struct vc_diags *diags;
	struct vc_config *config;
	struct vc_config_domain *domain;
	size_t domains;
	struct vc_config_ignore *ignore;
	size_t ignores;
	int line;
	unsigned complaints;
	enum section section;
	const char *subject; /* of the section; NULL: all */
	struct {
		enum section section;
		const char *subject;
		int line;
	} * seen;
	size_t sections;
	int key_line[3]; /* of the section hook, by its table */
};

static void _printf_(2, 3) complain(struct reader *r, const char *format, ...)
{
	va_list args;

	r->config->broken = true;
	if (++r->complaints > COMPLAINTS_MAX)
		return;
	va_start(args, format);
	vc_diag_add(r->diags, r->config->file, r->line, "%s", vc_arena_vprintf(r->arena, format, args));
	va_end(args);
	if (r->complaints == COMPLAINTS_MAX)
		vc_diag_add(r->diags, r->config->file, r->line,
			    "too many mistakes; the rest is not reported");
}

/* @text is one of the words, or there is a complaint and -EINVAL. */
static int
read_word(struct reader *r, const char *what, const char *const *words, size_t count, const char *text)
{
	_cleanup_buf_ struct vc_buf expected = { 0 };
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, text);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0)
			return (int)i;
		vc_suggest_offer(&suggest, words[i]);
		vc_buf_addf(&expected, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	}
	if (suggest.best)
		complain(r, "%s is %s, not '%s'; did you mean '%s'?", what, vc_buf_text(&expected), text,
			 suggest.best);
	else
		complain(r, "%s is %s, not '%s'", what, vc_buf_text(&expected), text);
	return -EINVAL;
}

/* --- values --- */

static void
read_mode(struct reader *r, const char *value, enum vc_hook_mode *ret_mode)
{
	int word = read_word(r, "mode", mode_name, VC_COUNT(mode_name), value);

	if (word >= 0)
		*ret_mode = (enum vc_hook_mode)word;
}

static void
key_mode(struct reader *r, const char *value)
{
	read_mode(r, value, &r->config->mode);
}

static void
key_on_failure(struct reader *r, const char *value)
{
	static const char *const words[] = { "fail-open", "fail-closed" };
	int word = read_word(r, "on-failure", words, VC_COUNT(words), value);

	if (word >= 0)
		r->config->fail_closed = word == 1;
}

static void
key_time_limit(struct reader *r, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	const char *unit = value + digits + strspn(value + digits, " ");
	uint64_t number, factor = strcmp(unit, "s") == 0 ? 1000 : 1;

	if (vc_parse_u64_n(value, digits, VC_BASE_DEC, &number) < 0 ||
	    (strcmp(unit, "s") != 0 && strcmp(unit, "ms") != 0) || vc_mul(number, factor, &number) < 0)
		complain(r, "time-limit is a number of s or ms, such as 1s or 500ms, not '%s'", value);
	else if (number < TIME_LIMIT_MIN || number > TIME_LIMIT_MAX)
		complain(r, "time-limit is from 100ms to 30s, not '%s'", value);
	else
		r->config->time_limit = (unsigned)number;
}

static const struct {
	const char *key;
	void (*read)(struct reader *r, const char *value);
} hook_keys[] = {
	{ .key = "mode", .read = key_mode },
	{ .key = "on-failure", .read = key_on_failure },
	{ .key = "time-limit", .read = key_time_limit },
};

static void
hook_line(struct reader *r, const char *key, const char *value)
{
	const char *words[VC_COUNT(hook_keys)];
	int word;

	for (size_t i = 0; i < VC_COUNT(hook_keys); i++)
		words[i] = hook_keys[i].key;
	word = read_word(r, "a key of [hook]", words, VC_COUNT(words), key);
	if (word < 0)
		return;
	if (r->key_line[word] > 0) {
		complain(r, "'%s' is set already, in line %d", key, r->key_line[word]);
		return;
	}
	r->key_line[word] = r->line;
	hook_keys[word].read(r, value);
}

static void
domain_line(struct reader *r, const char *key, const char *value)
{
	static const char *const words[] = { "mode" };
	struct vc_config_domain *domain = &r->domain[r->domains - 1];

	if (read_word(r, "a key of [domain NAME]", words, VC_COUNT(words), key) < 0)
		return;
	if (domain->has_mode) {
		complain(r, "'%s' is set already, in line %d", key, domain->line);
		return;
	}
	domain->has_mode = true;
	domain->line = r->line;
	read_mode(r, value, &domain->mode);
}

static void
ignore_line(struct reader *r, const char *rule, const char *reason)
{
	struct vc_config_ignore *ignore;

	for (size_t i = r->ignores; i > 0; i--) {
		const struct vc_config_ignore *before = &r->ignore[i - 1];

		/* The same text for all of one section. */
		if (before->domain == r->subject && strcmp(before->rule, rule) == 0) {
			complain(r, "'%s' is ignored already, in line %d", rule, before->line);
			return;
		}
	}
	if (r->ignores == ENTRIES_MAX) {
		complain(r, "too many rules are ignored");
		return;
	}
	ignore = vc_arena_append(r->arena, (void **)&r->ignore, &r->ignores, sizeof(*ignore));
	*ignore = (struct vc_config_ignore){
		.domain = r->subject,
		.rule = rule,
		.by = vc_arena_printf(r->arena, "%s:%d: %s", r->config->file, r->line, reason),
		.line = r->line,
	};
}

/* --- lines --- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the blanks off both ends, in place. */
static char *
trim(char *text)
{
	size_t length;

	while (is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		text[--length] = '\0';
	return text;
}

static bool
same_subject(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int
check_repeated(struct reader *r, enum section section, const char *subject)
{
	for (size_t i = 0; i < r->sections; i++) {
		if (r->seen[i].section == section && same_subject(r->seen[i].subject, subject)) {
			complain(r, "this section is there already, in line %d", r->seen[i].line);
			return -EEXIST;
		}
	}
	if (r->sections == ENTRIES_MAX) {
		complain(r, "too many sections");
		return -EFBIG;
	}
	vc_arena_append(r->arena, (void **)&r->seen, &r->sections, sizeof(*r->seen));
	r->seen[r->sections - 1].section = section;
	r->seen[r->sections - 1].subject = subject;
	r->seen[r->sections - 1].line = r->line;
	return 0;
}

static int
open_section(struct reader *r, enum section section, const char *subject)
{
	struct vc_config_domain *domain;

	if (section == SECTION_HOOK && subject) {
		complain(r, "[hook] is about all domains; one has [domain NAME]");
		return -EINVAL;
	}
	if (section == SECTION_DOMAIN && !subject) {
		complain(r, "[domain NAME] lacks the name or UUID");
		return -EINVAL;
	}
	if (check_repeated(r, section, subject) < 0)
		return -EINVAL;
	if (section == SECTION_DOMAIN) {
		domain = vc_arena_append(r->arena, (void **)&r->domain, &r->domains, sizeof(*domain));
		*domain = (struct vc_config_domain){ .domain = subject, .line = r->line };
	}
	r->subject = subject;
	return 0;
}

/* "[domain my guest]": everything up to the last bracket is the name, whatever is in it. */
static void
section_line(struct reader *r, char *text)
{
	static const char *const words[] = { "hook", "domain", "ignore" };
	static const enum section sections[] = { SECTION_HOOK, SECTION_DOMAIN, SECTION_IGNORE };
	size_t length = strlen(text);
	char *name, *subject;
	int word;

	r->section = SECTION_BROKEN;
	if (text[length - 1] != ']') {
		complain(r, "a section ends with ']'");
		return;
	}
	text[length - 1] = '\0';
	name = trim(text + 1);
	subject = name + strcspn(name, " \t");
	if (*subject) {
		*subject++ = '\0';
		subject = trim(subject);
	}
	word = read_word(r, "a section", words, VC_COUNT(words), name);
	if (word >= 0 && open_section(r, sections[word], *subject ? subject : NULL) == 0)
		r->section = sections[word];
}

static void
setting_line(struct reader *r, char *text)
{
	char *equals = strchr(text, '=');
	char *key, *value;

	if (!equals || equals == text) {
		complain(r, "neither a [section], nor KEY = VALUE, nor a comment (#)");
		return;
	}
	*equals = '\0';
	key = trim(text);
	value = trim(equals + 1);
	if (r->section == SECTION_NONE)
		complain(r, "'%s' stands before the first section; [hook] comes first", key);
	else if (*value == '\0')
		complain(r,
			 r->section == SECTION_IGNORE ? "'%s' is ignored without a reason"
						      : "'%s' has no value",
			 key);
	else if (r->section == SECTION_HOOK)
		hook_line(r, key, value);
	else if (r->section == SECTION_DOMAIN)
		domain_line(r, key, value);
	else if (r->section == SECTION_IGNORE)
		ignore_line(r, key, value);
}

static void
read_line(struct reader *r, const char *text, size_t length)
{
	char *line = vc_arena_strndup(r->arena, text, length);

	for (size_t i = 0; i < length; i++) {
		if (((unsigned char)line[i] < ' ' && !is_blank(line[i])) || line[i] == '\x7f') {
			complain(r, "a control character (0x%02x); this is a text file",
				 (unsigned char)line[i]);
			return;
		}
	}
	line = trim(line);
	if (*line == '\0' || *line == '#' || *line == ';')
		return;
	if (*line == '[')
		section_line(r, line);
	else
		setting_line(r, line);
}

void
vc_config_parse(const char *text, size_t size, const char *file, struct vc_arena *arena,
		struct vc_diags *diags, struct vc_config *ret_config)
{
	struct vc_config config = { .file = file, .time_limit = VC_TIME_LIMIT_DEFAULT };
	struct reader r = { .arena = arena, .diags = diags, .config = &config };

	if (size > FILE_MAX) {
		complain(&r, "larger than 256 KiB");
		size = 0;
	}
	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - (text + at)) : size - at;

		r.line++;
		read_line(&r, text + at, length);
		at += length + 1;
	}
	config.domain = r.domain;
	config.domains = r.domains;
	config.ignore = r.ignore;
	config.ignores = r.ignores;
	*ret_config = config;
}

/* --- the file --- */

static void
close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Who may replace a file counts as much as who may write it. */
static bool
is_in_trusted_directory(const char *file)
{
	const char *slash = strrchr(file, '/');
	_cleanup_free_ char *directory =
		slash ? strndup(file, slash == file ? 1 : (size_t)(slash - file)) : strdup(".");
	struct stat st;

	return directory && stat(directory, &st) == 0 && vc_is_trusted(&st);
}

static const char *
why_not(int fd, const char *file)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is no regular file";
	if (!vc_is_trusted(&st))
		return "is not used as root: others than root may write it";
	if (!is_in_trusted_directory(file))
		return "is not used as root: others than root may write its directory";
	return NULL;
}

void
vc_config_read(const char *file, struct vc_arena *arena, struct vc_diags *diags, struct vc_config *ret_config)
{
	/* Not blocking, so that a FIFO is refused instead of waited for. */
	_cleanup_(close_fd) int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int error = errno, r;
	const char *why;
	size_t size = 0;
	char *text;

	vc_config_parse("", 0, NULL, arena, diags, ret_config);
	if (fd < 0 && (error == ENOENT || error == ENOTDIR))
		return;
	ret_config->file = file;
	ret_config->broken = true;
	ret_config->forbidden = fd < 0 && error == EACCES;
	why = fd < 0 ? strerror(error) : why_not(fd, file);
	if (!why) {
		text = vc_arena_alloc(arena, FILE_MAX + 1);
		/* One byte more than is allowed, so that too large a file is seen to be one. */
		r = vc_read_all(fd, text, FILE_MAX + 1, &size);
		if (r == 0) {
			vc_config_parse(text, size, file, arena, diags, ret_config);
			return;
		}
		why = strerror(-r);
	}
	vc_diag_add(diags, file, 0, "%s", why);
}

/* --- asking --- */

/*
 * What has the form of a UUID is one: else whoever may name a domain could name it as another's UUID, and get
 * what is said of that.
 */
static bool
is_meant(const char *subject, const char *name, const char *uuid)
{
	if (vc_is_uuid(subject))
		return uuid && strcasecmp(subject, uuid) == 0;
	return name && strcmp(subject, name) == 0;
}

enum vc_hook_mode
vc_config_mode(const struct vc_config *config, const char *name, const char *uuid)
{
	const struct vc_config_domain *best = NULL;

	for (size_t i = 0; i < config->domains; i++) {
		const struct vc_config_domain *domain = &config->domain[i];

		if (domain->has_mode && is_meant(domain->domain, name, uuid) &&
		    (!best || vc_is_uuid(domain->domain)))
			best = domain;
	}
	return best ? best->mode : config->mode;
}

bool
vc_config_names_uuids(const struct vc_config *config)
{
	for (size_t i = 0; i < config->domains; i++) {
		if (vc_is_uuid(config->domain[i].domain))
			return true;
	}
	return false;
}

const struct vc_suppression *
vc_config_suppressions(const struct vc_config *config, const char *name, const char *uuid,
		       struct vc_arena *arena, size_t *ret_count)
{
	struct vc_suppression *list;
	size_t count = 0;

	*ret_count = 0;
	if (config->ignores == 0)
		return NULL;
	list = vc_arena_make_array(arena, config->ignores, struct vc_suppression);
	for (size_t i = 0; i < config->ignores; i++) {
		const struct vc_config_ignore *ignore = &config->ignore[i];

		if (!ignore->domain || is_meant(ignore->domain, name, uuid))
			list[count++] = (struct vc_suppression){ .rule = ignore->rule, .by = ignore->by };
	}
	*ret_count = count;
	return list;
}
