/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One rule file. Everything that is wrong with it is reported at once, so the loader goes on after a
 * complaint; whether there was any is told by the diagnostics alone.
 */
#include "rules/load.h"

#include <errno.h>
#include <string.h>

#include "base/suggest.h"
#include "checks/check.h"

/* What is wrong with a file beyond this is wrong with all of it. */
#define PROBLEMS_MAX 50
/* Facts that <uses> names: far more than a check can need. */
#define USES_MAX 64

static const struct vc_xml_attribute rule_attributes[] = {
	{ .name = "id", .required = true },
	{ .name = "since", .required = true },
	{ .name = "severity", .required = true },
	{ .name = "confidence", .required = true },
	{ .name = "check" },
	{ .name = "scope" },
	{ .name = "host-at-risk" },
};

int
vc_load_word(const struct vc_source *source, xmlNode *node, const char *name, enum vc_words words,
	     int fallback)
{
	const char *value = vc_xml_attribute(source, node, name);
	_cleanup_buf_ struct vc_buf allowed = { 0 };
	const char *const *list = vc_words_list(words);
	int index;

	if (!value)
		return fallback;
	index = vc_words_find(words, value);
	if (index >= 0)
		return index;
	for (size_t i = 0; list[i]; i++)
		vc_buf_addf(&allowed, "%s'%s'", i == 0 ? "" : list[i + 1] ? ", " : " or ", list[i]);
	VC_LOAD_REFUSE(source, "'%s' of <%s> is '%s'; it can be %s", name, vc_xml_name(node), value,
		       vc_buf_text(&allowed));
	return fallback;
}

void
vc_load_template(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
		 struct vc_template *ret_template)
{
	struct vc_template template;

	/* NULL: the attribute is missing, and that was said. */
	if (text && vc_template_parse(text, names, source->file, source->line, source->arena, source->diags,
				      &template) == 0)
		*ret_template = template;
}

static void
load_title(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	l->rule->title = vc_text_fold(source->arena, text, strlen(text));
}

static void
load_condition(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
	       struct vc_expr *ret_expr)
{
	struct vc_expr expr;

	if (vc_expr_parse(text, names, source->file, source->line, source->arena, source->diags, &expr) == 0)
		*ret_expr = expr;
}

static void
load_applies(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	load_condition(source, text, &l->names, &l->rule->applies);
}

static void
load_fails(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	l->fails = true;
	load_condition(source, text, &l->names, &l->rule->fails);
}

static void
load_uses(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;
	const struct vc_path **path = NULL;
	size_t count = 0, words = 0;

	l->uses = true;
	for (const char *at = text; *(at += strspn(at, " \t\r\n"));) {
		size_t length = strcspn(at, " \t\r\n");
		const char *word = vc_arena_strndup(source->arena, at, length);
		const struct vc_path *found;

		if (words++ == USES_MAX) {
			VC_LOAD_REFUSE(source, "<uses> names more than %d facts", USES_MAX);
			break;
		}
		if (vc_names_resolve(source, word, &l->names, VC_LISTS_THROUGH, &found) == 0)
			*(const struct vc_path **)vc_arena_append(source->arena, (void **)&path, &count,
								  sizeof(*path)) = found;
		at += length;
	}
	l->rule->uses = path;
	l->rule->uses_count = count;
}

static void
load_at(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;
	const struct vc_path *path;

	if (vc_path_parse_lists(text, &l->names, VC_LISTS_LAST, source, &path) < 0)
		return;
	if (path->root == VC_ROOT_HOST || path->steps > 1 ||
	    (path->root == VC_ROOT_EACH && l->rule->each_root == VC_ROOT_HOST)) {
		VC_LOAD_REFUSE(source, "'%s' is a fact of the host and has no place in the domain",
			       path->text);
		return;
	}
	l->rule->at = path;
}

static void
load_device(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;
	const struct vc_path *path;

	if (vc_path_parse_lists(text, &l->names, VC_LISTS_REFUSED, source, &path) < 0)
		return;
	if (vc_path_field(path)->type != VC_TYPE_text) {
		VC_LOAD_REFUSE(source, "'%s' is %s; <device> needs text that holds a PCI address", path->text,
			       vc_type_name(vc_path_field(path)->type));
		return;
	}
	l->rule->device = path;
}

static void
load_says(void *context, const struct vc_source *source, xmlNode *node, const char *text)
{
	struct vc_loader *l = context;
	const char *when = vc_xml_attribute(source, node, "when");
	struct vc_says *says;

	if (l->rule->says_count > 0 && !l->says_when)
		VC_LOAD_REFUSE(source, "the <says> before this one has no 'when', so that this one is never said");
	l->says_when = when != NULL;
	says = vc_arena_append(source->arena, (void **)&l->said, &l->rule->says_count, sizeof(*says));
	if (when)
		load_condition(source, when, &l->says, &says->when);
	vc_load_template(source, vc_text_fold(source->arena, text, strlen(text)), &l->says, &says->text);
}

static void
load_affects(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	l->rule->affects = vc_text_fold(source->arena, text, strlen(text));
}

const char *
vc_load_paragraphs(const struct vc_source *source, const char *text)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	bool empty_line = false;

	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		const char *next = line + length + (line[length] == '\n');
		size_t indent = strspn(line, " \t\r");

		if (indent > length)
			indent = length;
		line += indent;
		length -= indent;
		while (length > 0 && strchr(" \t\r", line[length - 1]))
			length--;
		if (length == 0) {
			empty_line = true;
		} else {
			if (buf.length > 0)
				vc_buf_add(&buf, empty_line ? "\n\n" : "\n");
			vc_buf_add_n(&buf, line, length);
			empty_line = false;
		}
		line = next;
	}
	return vc_arena_strdup(source->arena, vc_buf_text(&buf));
}

static void
load_why(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	l->rule->why = vc_load_paragraphs(source, text);
}

static void
append_text(const struct vc_source *source, const char *text, const char ***list, size_t *count)
{
	const char **item = vc_arena_append(source->arena, (void **)list, count, sizeof(*item));

	*item = text;
}

static void
load_symptom(void *context, const struct vc_source *source, xmlNode *node, const char *text)
{
	struct vc_loader *l = context;

	vc_load_symptom(source, node, text, &l->symptom, &l->rule->symptoms);
}

bool
vc_load_is_id(const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *at = id;

	if (!strchr("abcdefghijklmnopqrstuvwxyz", id[0]))
		return false;
	for (;;) {
		size_t length = strspn(at, letters);

		if (length == 0)
			return false;
		at += length;
		if (*at == '\0')
			return true;
		if (*at != '-' && *at != '.')
			return false;
		at++;
	}
}

static void
load_supersedes(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;
	const char *id = vc_text_fold(source->arena, text, strlen(text));

	if (!vc_load_is_id(id)) {
		VC_LOAD_REFUSE(source, "'%s' is no rule id", id);
		return;
	}
	if (l->rule->id && strcmp(l->rule->id, id) == 0) {
		VC_LOAD_REFUSE(source, "the rule supersedes itself");
		return;
	}
	for (size_t i = 0; i < l->rule->supersedes_count; i++) {
		if (strcmp(l->supersedes[i], id) == 0) {
			VC_LOAD_REFUSE(source, "'%s' is superseded twice", id);
			return;
		}
	}
	append_text(source, id, &l->supersedes, &l->rule->supersedes_count);
}

static void
load_source(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct vc_loader *l = context;

	append_text(source, vc_text_fold(source->arena, text, strlen(text)), &l->source, &l->rule->sources);
}

/* Read before everything else, because names depend on it: see find_each(). */
static void
skip_each(void *context _unused_, const struct vc_source *source _unused_, xmlNode *node _unused_,
	  const char *text _unused_)
{
}

static const struct vc_xml_attribute says_attributes[] = { { .name = "when" } };

static const struct vc_xml_element rule_elements[] = {
	{ .name = "title", .required = true, .content = VC_XML_TEXT, .load = load_title },
	{ .name = "each", .content = VC_XML_TEXT, .load = skip_each },
	{ .name = "applies", .content = VC_XML_TEXT, .load = load_applies },
	{ .name = "fails", .content = VC_XML_TEXT, .load = load_fails },
	{ .name = "uses", .content = VC_XML_TEXT, .load = load_uses },
	{ .name = "at", .content = VC_XML_TEXT, .load = load_at },
	{ .name = "device", .content = VC_XML_TEXT, .load = load_device },
	{ .name = "says", .required = true, .repeatable = true, .attribute = says_attributes,
	  .attributes = VC_COUNT(says_attributes), .content = VC_XML_TEXT, .load = load_says },
	{ .name = "affects", .content = VC_XML_TEXT, .load = load_affects },
	{ .name = "why", .required = true, .content = VC_XML_TEXT, .load = load_why },
	{ .name = "fix",
	  .repeatable = true,
	  .attribute = vc_load_fix_attributes,
	  .attributes = VC_LOAD_FIX_ATTRIBUTES,
	  .content = VC_XML_CHILDREN,
	  .load = vc_load_fix },
	{ .name = "symptom",
	  .repeatable = true,
	  .attribute = vc_load_symptom_attributes,
	  .attributes = VC_LOAD_SYMPTOM_ATTRIBUTES,
	  .content = VC_XML_TEXT,
	  .load = load_symptom },
	{ .name = "supersedes", .repeatable = true, .content = VC_XML_TEXT, .load = load_supersedes },
	{ .name = "source",
	  .required = true,
	  .repeatable = true,
	  .content = VC_XML_TEXT,
	  .load = load_source },
};

static void
load_each(struct vc_loader *l, const struct vc_source *source, const char *text)
{
	const struct vc_path *path;

	if (vc_path_parse_lists(text, &l->names, VC_LISTS_LAST, source, &path) < 0)
		return;
	if (vc_path_field(path)->type != VC_TYPE_list) {
		VC_LOAD_REFUSE(source, "'%s' is %s; <each> needs a list", path->text,
			       vc_type_name(vc_path_field(path)->type));
		return;
	}
	l->rule->each = vc_path_field(path);
	l->rule->each_root = path->root;
	l->names.each = l->rule->each->item;
	l->says.each = l->rule->each->item;
}

static void
find_each(struct vc_loader *l, const struct vc_source *source, xmlNode *root)
{
	struct vc_source at = *source;

	for (xmlNode *node = root->children; node; node = node->next) {
		xmlChar *text;

		if (node->type != XML_ELEMENT_NODE || node->ns || strcmp(vc_xml_name(node), "each") != 0)
			continue;
		at.line = vc_xml_line(node);
		text = xmlNodeGetContent(node);
		/* If there is none, skip_each()'s caller says so. */
		if (text && text[strspn((const char *)text, " \t\r\n")] != '\0')
			load_each(l, &at, (const char *)text);
		xmlFree(text);
		return;
	}
}

static void
load_check(struct vc_loader *l, const struct vc_source *source, const char *name)
{
	struct vc_suggest suggest;

	l->says.check = true;
	l->rule->check = vc_check_find(name);
	if (l->rule->check)
		return;
	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < vc_checks_count; i++)
		vc_suggest_offer(&suggest, vc_checks[i].name);
	if (suggest.best)
		VC_LOAD_REFUSE(source, "there is no check '%s'; did you mean '%s'?", name, suggest.best);
	else
		VC_LOAD_REFUSE(source, "there is no check '%s'", name);
}

/* The id is the name of the file, so that each leads to the other. */
static void
load_id(struct vc_loader *l, const struct vc_source *source, const char *id)
{
	const char *slash = strrchr(source->file, '/');
	const char *name = slash ? slash + 1 : source->file;
	size_t length = strlen(id);

	if (!vc_load_is_id(id)) {
		VC_LOAD_REFUSE(source,
			       "the id '%s' should be words of small letters and digits joined by '-'", id);
		return;
	}
	if (strncmp(name, id, length) != 0 || strcmp(name + length, ".xml") != 0)
		VC_LOAD_REFUSE(source, "the rule '%s' stands in a file '%s'; it should be '%s.xml'", id, name,
			       id);
	l->rule->id = id;
}

static void
load_since(struct vc_loader *l, const struct vc_source *source, const char *since)
{
	struct vc_version version;

	if (!strchr(since, '.') || vc_version_parse(since, &version) < 0)
		VC_LOAD_REFUSE(source, "'since' is '%s'; it should be a version with a dot, such as 0.1: that of vhostcheck, "
			       "or of your own rules",
			       since);
	l->rule->since = since;
}

static void
load_attributes(struct vc_loader *l, const struct vc_source *source, xmlNode *root)
{
	struct vc_rule *rule = l->rule;
	const char *check = vc_xml_attribute(source, root, "check");
	const char *id = vc_xml_attribute(source, root, "id");
	const char *since = vc_xml_attribute(source, root, "since");

	vc_xml_check_attributes(source, root, rule_attributes, VC_COUNT(rule_attributes));
	if (id)
		load_id(l, source, id);
	if (since)
		load_since(l, source, since);
	rule->severity =
		(enum vc_severity)vc_load_word(source, root, "severity", VC_WORDS_SEVERITY, VC_ERROR);
	rule->confidence = (enum vc_confidence)vc_load_word(source, root, "confidence", VC_WORDS_CONFIDENCE,
							    VC_REPORTED);
	rule->host_at_risk = vc_load_word(source, root, "host-at-risk", VC_WORDS_BOOL, false);
	rule->host_only = vc_load_word(source, root, "scope", VC_WORDS_SCOPE, -1) == 0;
	l->names.guest = !rule->host_only;
	l->says.guest = !rule->host_only;
	if (check)
		load_check(l, source, check);
}

/* <fails> and check= exclude each other, and <uses> belongs to check=. */
static void
check_decision(const struct vc_loader *l, const struct vc_source *source)
{
	const struct vc_rule *rule = l->rule;
	const char *each = rule->each ? rule->each->name : NULL;
	bool check = l->says.check;

	if (check && l->fails)
		VC_LOAD_REFUSE(source, "a rule with check= has no <fails>: the check decides");
	if (!check && !l->fails)
		VC_LOAD_REFUSE(source, "<rule> needs <fails>, or the attribute 'check'");
	if (check && !l->uses)
		VC_LOAD_REFUSE(source,
			       "a rule with check= needs <uses>: the facts that the check decides by");
	if (!check && l->uses)
		VC_LOAD_REFUSE(source,
			       "<uses> belongs to a rule with check=; a condition names its facts itself");
	if (!rule->check)
		return;
	if (rule->check->each && (!each || strcmp(each, rule->check->each) != 0))
		VC_LOAD_REFUSE(source, "the check '%s' needs <each>%s</each>", rule->check->name,
			       rule->check->each);
	if (!rule->check->each && each)
		VC_LOAD_REFUSE(source, "the check '%s' decides once, without <each>", rule->check->name);
}

int
vc_rule_load(const char *text, size_t size, const char *file, const char *topic, struct vc_arena *arena,
	     struct vc_diags *diags, struct vc_rule **ret_rule)
{
	struct vc_source source = { .file = vc_arena_strdup(arena, file), .arena = arena, .diags = diags };
	struct vc_loader l = { .rule = vc_arena_make(arena, struct vc_rule) };
	_cleanup_xml_doc_ xmlDoc *doc = NULL;
	size_t before = diags->count;
	xmlNode *root;
	int r;

	source.enough = before + PROBLEMS_MAX;
	r = vc_xml_parse(text, size, &source, &doc);
	if (r < 0)
		return r;
	root = xmlDocGetRootElement(doc);
	source.line = vc_xml_line(root);
	if (root->ns || strcmp(vc_xml_name(root), "rule") != 0) {
		VC_LOAD_REFUSE(&source, "the root element is <%s>; a rule file holds one <rule>",
			       vc_xml_name(root));
		return -EBADMSG;
	}
	l.rule->file = source.file;
	l.rule->topic = vc_arena_strdup(arena, topic);
	load_attributes(&l, &source, root);
	find_each(&l, &source, root);
	vc_xml_load_children(&source, root, rule_elements, VC_COUNT(rule_elements), &l);
	if (vc_source_is_enough(&source)) {
		VC_LOAD_REFUSE(&source, "there are more problems than are worth naming; the rest of the file was not read");
		return -EINVAL;
	}
	check_decision(&l, &source);
	if (l.says_when)
		VC_LOAD_REFUSE(&source, "the last <says> has 'when'; the last one is for all other cases, and has none");
	if (diags->count > before)
		return -EINVAL;
	l.rule->says = l.said;
	l.rule->fix = l.fix;
	l.rule->symptom = l.symptom;
	l.rule->supersedes = l.supersedes;
	l.rule->source = l.source;
	l.rule->needs = vc_rule_needs(l.rule);
	*ret_rule = l.rule;
	return 0;
}
