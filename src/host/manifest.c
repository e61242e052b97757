/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/manifest.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "host/hostfs-impl.h"

#define HEADER "vhostcheck-capture"
#define FORMAT 1
#define END "end\n"
/* 10,000 questions make about 1 MiB. */
#define MANIFEST_MAX ((size_t)16 * 1024 * 1024)
/* What the kernel returns as an error at most [linux 6.12 include/linux/err.h MAX_ERRNO]. */
#define ERRNO_MAX 4095

static const char *const question_name[] = {
	[VC_ASK_FILE] = "file", [VC_ASK_PART] = "part", [VC_ASK_LINK] = "link",
	[VC_ASK_LIST] = "list", [VC_ASK_STAT] = "stat", [VC_ASK_OTHER] = "ask",
};

static const char *const node_name[] = {
	[VC_NODE_OTHER] = "other",         [VC_NODE_FILE] = "file",   [VC_NODE_DIRECTORY] = "directory",
	[VC_NODE_CHARACTER] = "character", [VC_NODE_BLOCK] = "block",
};

/* Names and not numbers, because numbers differ between architectures. Others are written E<number>. */
#define NAMED(number_)                                                                                       \
	{                                                                                                    \
		.name = #number_, .number = number_                                                          \
	}
static const struct {
	const char *name;
	int number;
} errno_name[] = {
	NAMED(E2BIG),   NAMED(EACCES), NAMED(EAGAIN), NAMED(EBADMSG),      NAMED(EBUSY),
	NAMED(EFAULT),  NAMED(EFBIG),  NAMED(EINTR),  NAMED(EINVAL),       NAMED(EIO),
	NAMED(EISDIR),  NAMED(ELOOP),  NAMED(EMFILE), NAMED(ENAMETOOLONG), NAMED(ENFILE),
	NAMED(ENODATA), NAMED(ENODEV), NAMED(ENOENT), NAMED(ENOMEM),       NAMED(ENOSYS),
	NAMED(ENOTDIR), NAMED(ENOTTY), NAMED(ENXIO),  NAMED(EOPNOTSUPP),   NAMED(EOVERFLOW),
	NAMED(EPERM),   NAMED(ERANGE), NAMED(ESRCH),  NAMED(ESTALE),       NAMED(ETIMEDOUT),
};

int
vc_record_compare(const void *a, const void *b)
{
	const struct vc_record *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	if (order == 0)
		order = (int)x->question - (int)y->question;
	if (order == 0)
		order = (x->offset > y->offset) - (x->offset < y->offset);
	if (order == 0)
		order = (x->length > y->length) - (x->length < y->length);
	return order;
}

const struct vc_record *
vc_manifest_find(const struct vc_manifest *manifest, enum vc_question question, const char *path,
		 uint64_t offset, size_t length)
{
	struct vc_record key = { .question = question, .path = path, .offset = offset, .length = length };

	if (manifest->count == 0)
		return NULL;
	return bsearch(&key, manifest->record, manifest->count, sizeof(key), vc_record_compare);
}

const struct vc_record *
vc_manifest_find_part(const struct vc_manifest *manifest, const char *path, uint64_t offset, size_t length)
{
	const struct vc_record key = {
		.question = VC_ASK_PART, .path = path, .offset = offset, .length = length
	};
	size_t first = 0, end = manifest->count;
	const struct vc_record *found;

	/* The first that does not sort before the key. */
	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (vc_record_compare(&manifest->record[middle], &key) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	found = first < manifest->count ? &manifest->record[first] : NULL;
	if (found && found->question == VC_ASK_PART && found->offset == offset &&
	    strcmp(found->path, path) == 0)
		return found;
	return vc_manifest_find(manifest, VC_ASK_FILE, path, 0, 0);
}

static void
word_format(struct vc_buf *buf, const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at <= ' ' || *at >= 0x7f || *at == '\\')
			vc_buf_addf(buf, "\\x%02x", *at);
		else
			vc_buf_add_n(buf, (const char *)at, 1);
	}
}

static void
state_format(struct vc_buf *buf, const struct vc_fact *fact)
{
	if (fact->state == VC_KNOWN || fact->state == VC_ABSENT) {
		vc_buf_add(buf, fact->state == VC_KNOWN ? "known" : "absent");
		return;
	}
	for (size_t i = 0; i < VC_COUNT(errno_name); i++) {
		if (errno_name[i].number == fact->err) {
			vc_buf_add(buf, errno_name[i].name);
			return;
		}
	}
	vc_buf_addf(buf, "E%d", fact->err);
}

static void
record_format(struct vc_buf *buf, const struct vc_record *record)
{
	const struct vc_node *node = &record->node;

	vc_buf_addf(buf, "%s ", question_name[record->question]);
	state_format(buf, &record->fact);
	vc_buf_add(buf, " ");
	word_format(buf, record->path);
	if (record->question == VC_ASK_PART)
		vc_buf_addf(buf, " %" PRIu64 " %zu", record->offset, record->length);
	if (record->question == VC_ASK_STAT && vc_known(&record->fact))
		vc_buf_addf(buf, " %s 0%o %u %u %" PRIu64 " %" PRIi64, node_name[node->kind], node->mode,
			    node->uid, node->gid, node->size, node->ctime);
	if (record->store > 0)
		vc_buf_addf(buf, " %u", record->store);
	vc_buf_add(buf, "\n");
	for (size_t i = 0; i < record->names; i++) {
		vc_buf_add(buf, "\t");
		word_format(buf, record->name[i]);
		vc_buf_add(buf, "\n");
	}
}

void
vc_manifest_format(struct vc_buf *buf, const struct vc_manifest *manifest)
{
	vc_buf_addf(buf, HEADER " %d\nredacted %s\n", FORMAT, manifest->redacted ? "yes" : "no");
	for (size_t i = 0; i < manifest->count; i++)
		record_format(buf, &manifest->record[i]);
	vc_buf_add(buf, END);
}

/* A line being taken apart: words end in NUL where they stand. */
struct reader {
	struct vc_arena *arena;
	bool plain; /* no byte of the text is escaped or should be, but for blanks */
	char *next; /* next line, NULL at the end */
	char *word; /* rest of the line */
	int line;
	const char *wrong; /* why the line is not understood */
};

static bool
read_line(struct reader *reader)
{
	char *end;

	if (!reader->next || !*reader->next)
		return false;
	reader->word = reader->next;
	reader->line++;
	end = strchr(reader->next, '\n');
	if (end)
		*end++ = '\0';
	reader->next = end;
	return true;
}

/* The next word, "" at the end of the line. */
static char *
read_word(struct reader *reader)
{
	char *word = reader->word;
	char *end = strchrnul(word, ' ');

	if (*end)
		*end++ = '\0';
	reader->word = end;
	return word;
}

/* Without a branch, so that the compiler looks at many bytes at once. A tab begins a line, or is out of
 * place. */
static bool
is_plain(const char *text, size_t size)
{
	unsigned char odd = 0;

	for (size_t i = 1; i < size; i++) {
		unsigned char c = (unsigned char)text[i], before = (unsigned char)text[i - 1];
		/* Below ' ' wraps around to above '~'. */
		unsigned char control = (unsigned char)(c - ' ') > '~' - ' ', escape = c == '\\';
		unsigned char end = c == '\n', name = (c == '\t') & (before == '\n');

		odd |= (unsigned char)((control & !end & !name) | escape);
	}
	return odd == 0;
}

/* Undoes word_format() in place. False for what word_format() does not write. */
static bool
unescape(char *text)
{
	char *to = text;

	for (const char *at = text; *at; at++) {
		uint64_t byte;

		if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f)
			return false;
		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		if (at[1] != 'x' || strnlen(at, 4) < 4 || vc_parse_u64_n(at + 2, 2, VC_BASE_HEX, &byte) < 0 ||
		    byte == 0)
			return false;
		*to++ = (char)byte;
		at += 3;
	}
	*to = '\0';
	return true;
}

static bool
fail(struct reader *reader, const char *wrong)
{
	reader->wrong = wrong;
	return false;
}

static bool
read_number(struct reader *reader, enum vc_base base, uint64_t max, uint64_t *ret_value)
{
	uint64_t value;

	if (vc_parse_u64(read_word(reader), base, &value) < 0 || value > max)
		return fail(reader, "a number is missing or too large");
	*ret_value = value;
	return true;
}

/* Reads the next word if it is @word. */
static bool
take_word(struct reader *reader, const char *word)
{
	char *at = reader->word;

	while (*word && *at == *word) {
		at++;
		word++;
	}
	if (*word || (*at && *at != ' '))
		return false;
	reader->word = *at ? at + 1 : at;
	return true;
}

static bool
read_choice(struct reader *reader, const char *const *name, size_t count, int *ret_choice)
{
	for (size_t i = 0; i < count; i++) {
		if (take_word(reader, name[i])) {
			*ret_choice = (int)i;
			return true;
		}
	}
	return fail(reader, "the kind of question or file is not known");
}

static bool
read_state(struct reader *reader, struct vc_fact *fact)
{
	const char *word;
	uint64_t number;

	if (take_word(reader, "known")) {
		fact->state = VC_KNOWN;
		return true;
	}
	if (take_word(reader, "absent")) {
		fact->state = VC_ABSENT;
		return true;
	}
	fact->state = VC_UNREADABLE;
	word = read_word(reader);
	for (size_t i = 0; i < VC_COUNT(errno_name); i++) {
		if (strcmp(word, errno_name[i].name) == 0) {
			fact->err = errno_name[i].number;
			return true;
		}
	}
	if (word[0] == 'E' && vc_parse_u64(word + 1, VC_BASE_DEC, &number) == 0 && number > 0 &&
	    number <= ERRNO_MAX) {
		fact->err = (int)number;
		return true;
	}
	return fail(reader, "the state is neither known, absent nor the name of an error");
}

static bool
read_node(struct reader *reader, struct vc_node *node)
{
	uint64_t mode, uid, gid, size, ctime;
	int kind;

	if (!read_choice(reader, node_name, VC_COUNT(node_name), &kind) ||
	    !read_number(reader, VC_BASE_C, 07777, &mode) ||
	    !read_number(reader, VC_BASE_DEC, UINT_MAX, &uid) ||
	    !read_number(reader, VC_BASE_DEC, UINT_MAX, &gid) ||
	    !read_number(reader, VC_BASE_DEC, UINT64_MAX, &size) ||
	    !read_number(reader, VC_BASE_DEC, INT64_MAX, &ctime))
		return false;
	*node = (struct vc_node){
		.kind = (enum vc_node_kind)kind,
		.mode = (unsigned)mode,
		.uid = (unsigned)uid,
		.gid = (unsigned)gid,
		.size = size,
		.ctime = (int64_t)ctime,
	};
	return true;
}

static bool
read_record(struct reader *reader, struct vc_record *record)
{
	uint64_t length = 0, store = 0;
	int question;
	char *path;

	if (!read_choice(reader, question_name, VC_COUNT(question_name), &question) ||
	    !read_state(reader, &record->fact))
		return false;
	record->question = (enum vc_question)question;
	path = read_word(reader);
	if ((!reader->plain && !unescape(path)) || path[0] == '\0' ||
	    (question != VC_ASK_OTHER && path[0] != '/'))
		return fail(reader, "the path is not absolute or not escaped");
	record->path = path;
	record->fact.from = path;
	if (question == VC_ASK_PART && (!read_number(reader, VC_BASE_DEC, UINT64_MAX, &record->offset) ||
					!read_number(reader, VC_BASE_DEC, SIZE_MAX, &length)))
		return false;
	record->length = (size_t)length;
	if (question == VC_ASK_STAT && vc_known(&record->fact) && !read_node(reader, &record->node))
		return false;
	if (*reader->word && question != VC_ASK_STAT && question != VC_ASK_LIST && vc_known(&record->fact) &&
	    !read_number(reader, VC_BASE_DEC, VC_HOSTFS_ENTRIES_MAX, &store))
		return false;
	record->store = (unsigned)store;
	if (*reader->word)
		return fail(reader, "there is more on the line than the question needs");
	return true;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that follow a directory. */
static bool
read_names(struct reader *reader, struct vc_record *record)
{
	const char **name = NULL;
	bool sorted = true;
	size_t count = 0;

	while (reader->next && *reader->next == '\t') {
		char *text;

		read_line(reader);
		text = reader->word + 1;
		if (record->question != VC_ASK_LIST || !vc_known(&record->fact))
			return fail(reader, "a name stands where no directory was listed");
		if (strchr(text, ' ') || (!reader->plain && !unescape(text)) || text[0] == '\0' ||
		    strchr(text, '/') || strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
			return fail(reader, "the name is no name of a directory entry");
		if (count >= VC_HOSTFS_NAMES_MAX)
			return fail(reader, "the directory has too many names");
		sorted = sorted && (count == 0 || strcmp(name[count - 1], text) <= 0);
		*(const char **)vc_arena_append(reader->arena, (void **)&name, &count, sizeof(*name)) = text;
	}
	if (!sorted)
		qsort(name, count, sizeof(*name), compare_names);
	record->name = name;
	record->names = count;
	return true;
}

static bool
read_header(struct reader *reader, struct vc_manifest *manifest)
{
	uint64_t format;
	const char *word;

	if (!read_line(reader) || strcmp(read_word(reader), HEADER) != 0)
		return fail(reader, "this is not the manifest of a capture");
	if (!read_number(reader, VC_BASE_DEC, FORMAT, &format) || format != FORMAT || *reader->word)
		return fail(reader, "the capture has a format that this version does not know");
	if (!read_line(reader) || strcmp(read_word(reader), "redacted") != 0)
		return fail(reader, "'redacted yes' or 'redacted no' is missing");
	word = read_word(reader);
	if ((strcmp(word, "yes") != 0 && strcmp(word, "no") != 0) || *reader->word)
		return fail(reader, "'redacted yes' or 'redacted no' is missing");
	manifest->redacted = word[0] == 'y';
	return true;
}

/* Sorted already when vhostcheck wrote it. False if a question has two answers. */
static bool
sort(struct vc_manifest *manifest)
{
	bool sorted = true;

	for (size_t i = 1; i < manifest->count && sorted; i++)
		sorted = vc_record_compare(&manifest->record[i - 1], &manifest->record[i]) < 0;
	if (sorted)
		return true;
	qsort(manifest->record, manifest->count, sizeof(*manifest->record), vc_record_compare);
	for (size_t i = 1; i < manifest->count; i++) {
		if (vc_record_compare(&manifest->record[i - 1], &manifest->record[i]) == 0)
			return false;
	}
	return true;
}

/*
 * How many questions a text of @size bytes has at most, so that there is room for them at once. Room that is
 * not used costs nothing: the kernel gives pages that are written to.
 */
static size_t
most_questions(size_t size)
{
	size_t count = size / strlen("ask E1 x") + 1;

	return count < VC_HOSTFS_ENTRIES_MAX ? count : VC_HOSTFS_ENTRIES_MAX;
}

/* A text that was cut off, by a full disk or a broken copy, would leave questions out without anybody noticing. */
static bool
take_end(struct reader *reader)
{
	size_t length = reader->next ? strlen(reader->next) : 0;

	/* The header ends in a newline, so that there is one before a text that is the end and nothing else. */
	if (length < strlen(END) || strcmp(reader->next + length - strlen(END), END) != 0 ||
	    (length > strlen(END) && reader->next[length - strlen(END) - 1] != '\n')) {
		reader->line = 0;
		return fail(reader, "the manifest of the capture has no end: it was cut off, or written by a version of "
				    "vhostcheck that is too old; record the host again");
	}
	reader->next[length - strlen(END)] = '\0';
	return true;
}

static bool
parse(struct reader *reader, size_t size, struct vc_manifest *manifest)
{
	size_t room = most_questions(size);

	if (!read_header(reader, manifest) || !take_end(reader))
		return false;
	manifest->record = vc_arena_make_array(reader->arena, room, struct vc_record);
	while (read_line(reader)) {
		struct vc_record *record;

		if (manifest->count >= room)
			return fail(reader, "there are too many questions");
		record = &manifest->record[manifest->count++];
		if (!read_record(reader, record) || !read_names(reader, record))
			return false;
	}
	reader->line = 0;
	return sort(manifest) || fail(reader, "the same question is answered twice");
}

int
vc_manifest_parse(struct vc_arena *arena, const char *file, char *text, size_t size, struct vc_diags *diags,
		  struct vc_manifest *ret_manifest)
{
	struct vc_manifest manifest = { 0 };
	struct reader reader = { .arena = arena, .next = text };

	if (size > MANIFEST_MAX) {
		vc_diag_add(diags, file, 0, "the manifest of the capture is larger than 16 MiB");
		return -EFBIG;
	}
	if (memchr(text, '\0', size)) {
		vc_diag_add(diags, file, 0, "the manifest of the capture is not text");
		return -EBADMSG;
	}
	reader.plain = is_plain(text, size);
	if (!parse(&reader, size, &manifest)) {
		vc_diag_add(diags, file, reader.line, "%s", reader.wrong);
		return -EBADMSG;
	}
	*ret_manifest = manifest;
	return 0;
}
