/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-args.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/range.h"

#define JSON_DEPTH_MAX 16

static void
add_property(struct vc_arena *arena, struct vc_qemu_option *option, const char *key, size_t key_length,
	     const char *value)
{
	struct vc_qemu_property *property =
		vc_arena_append(arena, (void **)&option->property, &option->properties, sizeof(*property));
	char *copy = vc_arena_strndup(arena, key, key_length);

	for (char *p = copy; *p; p++) {
		if (*p == '_')
			*p = '-';
	}
	*property = (struct vc_qemu_property){ .key = copy, .value = value };
}

/* Up to the next single comma; ",," stands for one comma [qemu 10.0 util/qemu-option.c get_opt_value]. */
static const char *
take_item(struct vc_arena *arena, const char **text)
{
	const char *start = *text, *end = start;
	size_t length = 0;
	char *item;

	while (*end && (*end != ',' || end[1] == ','))
		end += *end == ',' ? 2 : 1;
	/* No more than the item needs: an argument may hold very many. */
	item = vc_arena_alloc(arena, (size_t)(end - start) + 1);
	for (const char *p = start; p < end; p++) {
		p += *p == ',';
		item[length++] = *p;
	}
	*text = *end ? end + 1 : end;
	return item;
}

static void
parse_keyval(struct vc_arena *arena, const char *argument, const char *implied, struct vc_qemu_option *option)
{
	bool first = true;

	while (*argument) {
		const char *item = take_item(arena, &argument);
		const char *equals = strchr(item, '=');

		if (equals)
			add_property(arena, option, item, (size_t)(equals - item), equals + 1);
		else if (first && implied)
			add_property(arena, option, implied, strlen(implied), item);
		else if (strncmp(item, "no", 2) == 0 && item[2])
			add_property(arena, option, item + 2, strlen(item + 2), "off");
		else if (*item)
			add_property(arena, option, item, strlen(item), "on");
		first = false;
	}
}

/* A reader of JSON that keeps scalar members, those of objects inside under "outer.inner". */
struct json {
	struct vc_arena *arena;
	const char *p;
};

static void
skip_blanks(struct json *json)
{
	json->p += strspn(json->p, " \t\r\n");
}

static int
take_char(struct json *json, char c)
{
	skip_blanks(json);
	if (*json->p != c)
		return -EBADMSG;
	json->p++;
	return 0;
}

/* \uXXXX is kept as '?': no name or path that this reader looks for has one. */
static int
take_string(struct json *json, const char **ret_text)
{
	const char *end;
	char *text;
	size_t length = 0;

	if (take_char(json, '"') < 0)
		return -EBADMSG;
	for (end = json->p; *end && *end != '"'; end++)
		end += *end == '\\' && end[1];
	/* No more than the text needs: an argument may hold very many. */
	text = vc_arena_alloc(json->arena, (size_t)(end - json->p) + 1);
	while (*json->p && *json->p != '"') {
		char c = *json->p++;

		if (c == '\\') {
			c = *json->p;
			if (!c)
				return -EBADMSG;
			json->p++;
			if (c == 'u') {
				if (strspn(json->p, "0123456789abcdefABCDEF") < 4)
					return -EBADMSG;
				json->p += 4;
				c = '?';
			} else if (strchr("bfnrt", c)) {
				c = ' ';
			}
		}
		text[length++] = c;
	}
	if (*json->p != '"')
		return -EBADMSG;
	json->p++;
	*ret_text = text;
	return 0;
}

/* Number, true, false, null. */
static int
take_word(struct json *json, const char **ret_text)
{
	size_t length = strspn(json->p, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
	const char *text;

	if (length == 0)
		return -EBADMSG;
	text = vc_arena_strndup(json->arena, json->p, length);
	json->p += length;
	if (strcmp(text, "true") == 0)
		text = "on";
	else if (strcmp(text, "false") == 0)
		text = "off";
	*ret_text = text;
	return 0;
}

/* Where the members of an object go: to @option, under "prefix.key". Without an option they are read over. */
struct place_of_members {
	struct vc_qemu_option *option;
	const char *prefix; /* NULL: the outermost object */
};

/* Longer names have no meaning to anybody, and would be copied for every member. */
#define PREFIX_MAX 64

static int take_value(struct json *json, unsigned depth, struct place_of_members inside, const char **ret_text);

static const char *
member_name(struct json *json, const char *prefix, const char *key)
{
	return prefix ? vc_arena_printf(json->arena, "%s.%s", prefix, key) : key;
}

static int
take_member(struct json *json, unsigned depth, struct place_of_members place)
{
	struct place_of_members inside = { 0 };
	const char *key, *value;
	int r;

	r = take_string(json, &key);
	if (r < 0)
		return r;
	r = take_char(json, ':');
	if (r < 0)
		return r;
	if (place.option) {
		key = member_name(json, place.prefix, key);
		if (strlen(key) < PREFIX_MAX)
			inside = (struct place_of_members){ .option = place.option, .prefix = key };
	}
	r = take_value(json, depth + 1, inside, &value);
	if (r < 0)
		return r;
	if (place.option && value)
		add_property(json->arena, place.option, key, strlen(key), value);
	return 0;
}

/* An object; what is in it goes to @place. */
static int
take_object(struct json *json, unsigned depth, struct place_of_members place)
{
	int r;

	if (depth > JSON_DEPTH_MAX)
		return -EBADMSG;
	json->p++;
	skip_blanks(json);
	if (take_char(json, '}') == 0)
		return 0;
	for (;;) {
		r = take_member(json, depth, place);
		if (r < 0)
			return r;
		if (take_char(json, '}') == 0)
			return 0;
		r = take_char(json, ',');
		if (r < 0)
			return r;
	}
}

/* An array; its scalars become one text, "0,1". */
static int
take_array(struct json *json, unsigned depth, const char **ret_text)
{
	_cleanup_buf_ struct vc_buf joined = { 0 };
	const char *value;
	int r;

	if (depth > JSON_DEPTH_MAX)
		return -EBADMSG;
	json->p++;
	skip_blanks(json);
	while (take_char(json, ']') < 0) {
		r = take_value(json, depth + 1, (struct place_of_members){ 0 }, &value);
		if (r < 0)
			return r;
		if (value) {
			vc_buf_add(&joined, joined.length > 0 ? "," : "");
			vc_buf_add(&joined, value);
		}
		skip_blanks(json);
		if (*json->p == ']')
			continue;
		r = take_char(json, ',');
		if (r < 0)
			return r;
		skip_blanks(json);
		if (*json->p == ']')
			return -EBADMSG;
	}
	*ret_text = vc_arena_strndup(json->arena, vc_buf_text(&joined), joined.length);
	return 0;
}

/* *ret_text is NULL for an object. */
static int
take_value(struct json *json, unsigned depth, struct place_of_members inside, const char **ret_text)
{
	*ret_text = NULL;
	skip_blanks(json);
	if (*json->p == '"')
		return take_string(json, ret_text);
	if (*json->p == '{')
		return take_object(json, depth, inside);
	if (*json->p == '[')
		return take_array(json, depth, ret_text);
	return take_word(json, ret_text);
}

int
vc_qemu_option_parse(struct vc_arena *arena, const char *argument, const char *implied,
		     struct vc_qemu_option *option)
{
	struct json json = { .arena = arena, .p = argument };
	int r;

	skip_blanks(&json);
	if (*json.p != '{') {
		parse_keyval(arena, argument, implied, option);
		return 0;
	}
	r = take_object(&json, 0, (struct place_of_members){ .option = option });
	if (r < 0)
		return r;
	skip_blanks(&json);
	return *json.p ? -EBADMSG : 0;
}

const char *
vc_qemu_option_get(const struct vc_qemu_option *option, const char *key)
{
	for (size_t i = option->properties; i > 0; i--) {
		if (strcmp(option->property[i - 1].key, key) == 0)
			return option->property[i - 1].value;
	}
	return NULL;
}

/* Both forms of -global [qemu 10.0 system/qdev-monitor.c qemu_global_option]. */
static const char *
global_value(const struct vc_qemu_option *option, const char *driver, const char *property)
{
	const char *written_driver = vc_qemu_option_get(option, "driver");
	const char *written_property = vc_qemu_option_get(option, "property");
	size_t length = strlen(driver);

	if (written_driver && written_property) {
		if (strcmp(written_driver, driver) != 0 || strcmp(written_property, property) != 0)
			return NULL;
		return vc_qemu_option_get(option, "value");
	}
	for (size_t i = 0; i < option->properties; i++) {
		const char *key = option->property[i].key;

		if (strncmp(key, driver, length) == 0 && key[length] == '.' &&
		    strcmp(key + length + 1, property) == 0)
			return option->property[i].value;
	}
	return NULL;
}

const char *
vc_qemu_args_global(const struct vc_qemu_args *args, const char *driver, const char *property,
		    const struct vc_qemu_option **ret_option)
{
	for (size_t i = args->options; i > 0; i--) {
		const struct vc_qemu_option *option = &args->option[i - 1];
		const char *value;

		if (strcmp(option->name, "global") != 0)
			continue;
		value = global_value(option, driver, property);
		if (!value)
			continue;
		*ret_option = option;
		return value;
	}
	return NULL;
}

int
vc_qemu_flag(const char *value, bool *ret_flag)
{
	static const struct {
		const char *word;
		bool flag;
	} words[] = {
		/* [qemu 10.0 qapi/qapi-util.c qapi_bool_parse] */
		{ "on", true },   { "yes", true }, { "true", true },   { "y", true },
		{ "off", false }, { "no", false }, { "false", false }, { "n", false },
	};

	for (size_t i = 0; i < VC_COUNT(words); i++) {
		if (strcmp(value, words[i].word) == 0) {
			*ret_flag = words[i].flag;
			return 0;
		}
	}
	return -EINVAL;
}

int
vc_qemu_size(const char *value, uint64_t *ret_size)
{
	static const char suffixes[] = "bkmgtpe";
	size_t length = strlen(value);
	const char *suffix;
	uint64_t number, factor = 1;
	int r;

	if (length == 0)
		return -EINVAL;
	suffix = strchr(suffixes, value[length - 1] | 0x20);
	/* Hexadecimal sizes take no suffix [qemu 10.0 util/cutils.c do_strtosz]. */
	if (suffix && *suffix && strncmp(value, "0x", 2) != 0) {
		length--;
		factor = UINT64_C(1) << (10 * (suffix - suffixes));
	}
	r = vc_parse_u64_n(value, length, strncmp(value, "0x", 2) == 0 ? VC_BASE_HEX : VC_BASE_DEC, &number);
	if (r < 0)
		return r;
	return vc_mul(number, factor, ret_size);
}
