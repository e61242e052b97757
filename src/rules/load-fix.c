/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The <fix> elements of a rule file. */
#include <string.h>

#include "rules/load.h"

struct fix_loader {
	const struct vc_loader *rule;
	struct vc_fix *fix;
	struct vc_action *action;
	size_t actions;
};

static struct vc_action *
append_action(struct fix_loader *l, const struct vc_source *source, enum vc_verb verb)
{
	struct vc_action *action;

	action = vc_arena_append(source->arena, (void **)&l->action, &l->actions, sizeof(*action));
	action->verb = verb;
	return action;
}

/* Length of the XML name that @text begins with. Prefixes (qemu:arg) are part of it. */
static size_t
name_length(const char *text)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t head = strspn(text, first);

	return head == 0 ? 0
			 : head + strspn(text + head, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
						      "0123456789.:-");
}

static bool
is_name(const char *text)
{
	return name_length(text) > 0 && text[name_length(text)] == '\0';
}

/* "driver", "/os/loader", "/", "": element names with slashes between them, after a slash from <domain>. */
static bool
check_path(const struct vc_source *source, const char *path)
{
	const char *at = path[0] == '/' ? path + 1 : path;

	while (name_length(at) > 0) {
		at += name_length(at);
		if (*at != '/')
			break;
		at++;
		if (*at == '\0')
			at--; /* a slash at the end leads nowhere */
	}
	if (*at == '\0')
		return true;
	VC_LOAD_REFUSE(source,
		       "'%s' is no path: write element names with '/' between them; a '/' in front starts at "
		       "<domain>",
		       path);
	return false;
}

/* Declarations of namespaces look like attributes and are none; libvirt's own attributes have no prefix. */
static bool
is_attribute_name(const char *name)
{
	return is_name(name) && !strchr(name, ':') && strcmp(name, "xmlns") != 0;
}

/* "driver/@aw_bits" */
static void
load_attribute(const struct vc_source *source, const char *path, struct vc_action *action)
{
	const char *at = strchr(path, '@');
	size_t length = at ? (size_t)(at - path) : 0;

	if (!at || !is_attribute_name(at + 1) || (length > 0 && at[-1] != '/')) {
		VC_LOAD_REFUSE(source, "'%s' names no attribute: write 'element/@attribute'", path);
		return;
	}
	/* The slash before '@' goes, unless it is the one that means <domain>. */
	action->select = vc_arena_strndup(source->arena, path, length > 1 ? length - 1 : length);
	action->attribute = vc_arena_strdup(source->arena, at + 1);
	check_path(source, action->select);
}

static void
load_set(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct fix_loader *l = context;
	struct vc_action *action = append_action(l, source, VC_VERB_SET);
	const char *attribute = vc_xml_attribute(source, node, "attribute");

	action->select = vc_xml_attribute(source, node, "text");
	if (!attribute == !action->select) {
		VC_LOAD_REFUSE(source, "<set> needs either 'attribute' or 'text'");
		return;
	}
	if (attribute)
		load_attribute(source, attribute, action);
	else
		check_path(source, action->select);
	vc_load_template(source, vc_xml_attribute(source, node, "to"), &l->rule->says, &action->value);
}

static void
load_remove(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct vc_action *action = append_action(context, source, VC_VERB_REMOVE);
	const char *attribute = vc_xml_attribute(source, node, "attribute");

	action->select = vc_xml_attribute(source, node, "select");
	if (!attribute == !action->select)
		VC_LOAD_REFUSE(source, "<remove> needs either 'select' or 'attribute'");
	else if (attribute)
		load_attribute(source, attribute, action);
	else
		check_path(source, action->select);
}

/* The one element inside, as XML. Prefixes stay as written: where it is inserted, they are declared. */
static const char *
inserted_xml(const struct vc_source *source, xmlNode *node)
{
	xmlNode *element = NULL;
	xmlBuffer *buffer;
	const char *xml;

	for (xmlNode *child = node->children; child; child = child->next) {
		bool blank = child->type == XML_TEXT_NODE && xmlIsBlankNode(child);

		if (blank || child->type == XML_COMMENT_NODE)
			continue;
		if (child->type != XML_ELEMENT_NODE || element) {
			VC_LOAD_REFUSE(source, "<insert> holds exactly one element");
			return NULL;
		}
		element = child;
	}
	if (!element) {
		VC_LOAD_REFUSE(source, "<insert> is empty");
		return NULL;
	}
	buffer = xmlBufferCreate();
	if (!buffer || xmlNodeDump(buffer, node->doc, element, 0, 0) < 0) {
		xmlBufferFree(buffer);
		VC_LOAD_REFUSE(source, "what <insert> holds cannot be written down");
		return NULL;
	}
	xml = vc_arena_strdup(source->arena, (const char *)xmlBufferContent(buffer));
	xmlBufferFree(buffer);
	return xml;
}

static void
load_insert(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct fix_loader *l = context;
	struct vc_action *action = append_action(l, source, VC_VERB_INSERT);

	action->select = vc_xml_attribute(source, node, "into");
	action->before = vc_xml_attribute(source, node, "before");
	action->after = vc_xml_attribute(source, node, "after");
	action->xml = inserted_xml(source, node);
	if (action->select)
		check_path(source, action->select);
	if (action->before && action->after)
		VC_LOAD_REFUSE(source, "<insert> takes 'before' or 'after', not both");
	if ((action->before && !is_name(action->before)) || (action->after && !is_name(action->after)))
		VC_LOAD_REFUSE(source, "'before' and 'after' of <insert> are the name of one element");
	if (action->xml)
		vc_load_template(source, action->xml, &l->rule->says, &action->xml_template);
}

/*
 * Values are put in quotes of their own where they need any. Inside quotes of the command those would end the
 * quotes instead, and what a hostile name holds would run.
 */
static void
load_command(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
	     struct vc_template *template)
{
	char quote = '\0';

	if (!text)
		return;
	vc_load_template(source, text, names, template);
	for (size_t i = 0; i < template->count; i++) {
		const char *literal = template->part[i].text;

		if (!literal && quote != '\0') {
			VC_LOAD_REFUSE(source, "{%s} stands in quotes; a command quotes values itself",
				       template->part[i].path->text);
			return;
		}
		for (const char *at = literal ? literal : ""; *at; at++) {
			if (quote == '\0' && strchr("'\"`", *at))
				quote = *at;
			else if (quote == *at)
				quote = '\0';
		}
	}
}

/* The forms of <host>, by the attribute that tells them apart, and what may stand beside it. */
static const struct host_form {
	const char *attribute;
	enum vc_verb verb;
	const char *needs[2], *takes[4];
} host_forms[] = {
	{ .attribute = "command", .verb = VC_VERB_COMMAND, .takes = { "persist", "undo", "reboot" } },
	{ .attribute = "sysctl", .verb = VC_VERB_SYSCTL, .needs = { "value" }, .takes = { "was" } },
	{ .attribute = "module",
	  .verb = VC_VERB_MODULE,
	  .needs = { "parameter", "value" },
	  .takes = { "was", "live" } },
	{ .attribute = "kernel-parameter", .verb = VC_VERB_KERNEL, .takes = { "remove" } },
	{ .attribute = "load", .verb = VC_VERB_LOAD },
};

static bool
is_one_of(const char *name, const char *const *list, size_t room)
{
	for (size_t i = 0; i < room && list[i]; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

static const struct host_form *
find_host_form(const struct vc_source *source, xmlNode *node)
{
	const struct host_form *form = NULL;
	size_t written = 0;

	for (size_t i = 0; i < VC_COUNT(host_forms); i++) {
		if (vc_xml_attribute(source, node, host_forms[i].attribute)) {
			form = &host_forms[i];
			written++;
		}
	}
	if (written == 1)
		return form;
	VC_LOAD_REFUSE(source, "<host> needs one of 'command', 'sysctl', 'module', 'kernel-parameter' and 'load'");
	return NULL;
}

static void
check_host_form(const struct vc_source *source, xmlNode *node, const struct host_form *form)
{
	static const char *const all[] = { "persist", "undo", "reboot", "value", "was", "parameter", "live", "remove" };

	for (size_t i = 0; i < VC_COUNT(form->needs) && form->needs[i]; i++) {
		if (!vc_xml_attribute(source, node, form->needs[i]))
			VC_LOAD_REFUSE(source, "<host %s> needs '%s'", form->attribute, form->needs[i]);
	}
	for (size_t i = 0; i < VC_COUNT(all); i++) {
		if (vc_xml_attribute(source, node, all[i]) &&
		    !is_one_of(all[i], form->needs, VC_COUNT(form->needs)) &&
		    !is_one_of(all[i], form->takes, VC_COUNT(form->takes)))
			VC_LOAD_REFUSE(source, "<host %s> takes no '%s'", form->attribute, all[i]);
	}
}

/* Names of sysctls, modules and parameters become parts of paths and commands. */
static const char *
load_setting_name(const struct vc_source *source, xmlNode *node, const char *attribute)
{
	const char *name = vc_xml_attribute(source, node, attribute);

	if (name && (name[0] == '\0' ||
		     name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")] != '\0'))
		VC_LOAD_REFUSE(source, "'%s' of <host> is '%s'; it should be the name alone", attribute, name);
	return name;
}

static void
load_host_setting(const struct fix_loader *l, const struct vc_source *source, xmlNode *node,
		  struct vc_action *action)
{
	const struct vc_names_scope *names = &l->rule->says;

	vc_load_template(source, vc_xml_attribute(source, node, "value"), names, &action->value);
	vc_load_template(source, vc_xml_attribute(source, node, "was"), names, &action->was);
	vc_load_template(source, vc_xml_attribute(source, node, "kernel-parameter"), names, &action->value);
	action->name = load_setting_name(source, node,
					 action->verb == VC_VERB_SYSCTL   ? "sysctl"
					 : action->verb == VC_VERB_MODULE ? "module"
									  : "load");
	action->parameter = load_setting_name(source, node, "parameter");
	action->remove = vc_load_word(source, node, "remove", VC_WORDS_BOOL, false);
	action->live = vc_load_word(source, node, "live", VC_WORDS_BOOL, false);
}

static void
load_host(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct fix_loader *l = context;
	const struct host_form *form = find_host_form(source, node);
	struct vc_action *action;

	if (!form)
		return;
	check_host_form(source, node, form);
	action = append_action(l, source, form->verb);
	action->costs = vc_xml_attribute(source, node, "costs");
	if (form->verb != VC_VERB_COMMAND) {
		load_host_setting(l, source, node, action);
		return;
	}
	load_command(source, vc_xml_attribute(source, node, "command"), &l->rule->says, &action->value);
	load_command(source, vc_xml_attribute(source, node, "persist"), &l->rule->says, &action->persist);
	load_command(source, vc_xml_attribute(source, node, "undo"), &l->rule->says, &action->undo);
	action->reboot = vc_load_word(source, node, "reboot", VC_WORDS_BOOL, false);
}

static void
load_qemu(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct fix_loader *l = context;
	struct vc_action *action = append_action(l, source, VC_VERB_QEMU);

	load_command(source, vc_xml_attribute(source, node, "args"), &l->rule->says, &action->value);
}

static void
load_firmware(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct fix_loader *l = context;
	struct vc_action *action = append_action(l, source, VC_VERB_SETTING);

	vc_load_template(source, vc_xml_attribute(source, node, "setting"), &l->rule->says, &action->value);
}

static void
load_advice(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct fix_loader *l = context;
	struct vc_action *action = append_action(l, source, VC_VERB_ADVICE);

	vc_load_template(source, vc_text_fold(source->arena, text, strlen(text)), &l->rule->says,
			 &action->value);
}

static void
load_summary(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct fix_loader *l = context;

	vc_load_template(source, vc_text_fold(source->arena, text, strlen(text)), &l->rule->says,
			 &l->fix->summary);
}

#define ATTRIBUTES(table) .attribute = table, .attributes = VC_COUNT(table)
static const struct vc_xml_attribute set_attributes[] = {
	{ .name = "attribute" },
	{ .name = "text" },
	{ .name = "to", .required = true },
};
static const struct vc_xml_attribute remove_attributes[] = { { .name = "select" }, { .name = "attribute" } };
static const struct vc_xml_attribute insert_attributes[] = {
	{ .name = "into", .required = true },
	{ .name = "before" },
	{ .name = "after" },
};
static const struct vc_xml_attribute host_attributes[] = {
	{ .name = "command" },          { .name = "persist" }, { .name = "undo" },      { .name = "reboot" },
	{ .name = "costs" },            { .name = "sysctl" },  { .name = "module" },    { .name = "parameter" },
	{ .name = "kernel-parameter" }, { .name = "load" },    { .name = "value" },     { .name = "was" },
	{ .name = "remove" },           { .name = "live" },
};
static const struct vc_xml_attribute qemu_attributes[] = { { .name = "args", .required = true } };
static const struct vc_xml_attribute firmware_attributes[] = { { .name = "setting", .required = true } };

static const struct vc_xml_element fix_elements[] = {
	{ .name = "summary", .required = true, .content = VC_XML_TEXT, .load = load_summary },
	{ .name = "set", .repeatable = true, ATTRIBUTES(set_attributes), .load = load_set },
	{ .name = "remove", .repeatable = true, ATTRIBUTES(remove_attributes), .load = load_remove },
	{ .name = "insert",
	  .repeatable = true,
	  ATTRIBUTES(insert_attributes),
	  .content = VC_XML_CHILDREN,
	  .load = load_insert },
	{ .name = "host", .repeatable = true, ATTRIBUTES(host_attributes), .load = load_host },
	{ .name = "firmware", .repeatable = true, ATTRIBUTES(firmware_attributes), .load = load_firmware },
	{ .name = "qemu", .repeatable = true, ATTRIBUTES(qemu_attributes), .load = load_qemu },
	{ .name = "advice", .repeatable = true, .content = VC_XML_TEXT, .load = load_advice },
};

const struct vc_xml_attribute vc_load_fix_attributes[VC_LOAD_FIX_ATTRIBUTES] = {
	{ .name = "who", .required = true },
	{ .name = "safe", .required = true },
	{ .name = "when" },
};

void
vc_load_fix(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct vc_loader *rule = context;
	struct fix_loader l = { .rule = rule };
	const char *when = vc_xml_attribute(source, node, "when");

	l.fix = vc_arena_append(source->arena, (void **)&rule->fix, &rule->rule->fixes, sizeof(*l.fix));
	l.fix->who = (enum vc_who)vc_load_word(source, node, "who", VC_WORDS_WHO, VC_WHO_DOMAIN);
	l.fix->safe = vc_load_word(source, node, "safe", VC_WORDS_BOOL, false);
	if (when && vc_expr_parse(when, &rule->says, source->file, source->line, source->arena, source->diags,
				  &l.fix->when) < 0)
		l.fix->when = (struct vc_expr){ 0 };
	vc_xml_load_children(source, node, fix_elements, VC_COUNT(fix_elements), &l);
	l.fix->action = l.action;
	l.fix->actions = l.actions;
}
