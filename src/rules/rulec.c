/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rulec [--messages] OUTPUT FILE...: build tool that turns rule files, or files of messages, into constant C data,
 * with the loader that reads site rules at run time. What does not load ends the build with its file and line.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/site-file.h"
#include "rules/rulec.h"
#include "rules/rule-xml.h"

/* Where fields live, by the name of their array: an address in it is a constant expression, one in a schema
 * is not. */
static const struct {
	const struct vc_schema *schema;
	const char *name;
} schemas[] = {
	{ .schema = &vc_schema_host, .name = "host" },
	{ .schema = &vc_schema_reserved, .name = "reserved" },
	{ .schema = &vc_schema_iommu_group, .name = "iommu_group" },
	{ .schema = &vc_schema_iommu_unit, .name = "iommu_unit" },
	{ .schema = &vc_schema_bar, .name = "bar" },
	{ .schema = &vc_schema_pci, .name = "pci" },
	{ .schema = &vc_schema_use, .name = "use" },
	{ .schema = &vc_schema_parameter, .name = "parameter" },
	{ .schema = &vc_schema_hugepage_pool, .name = "hugepage_pool" },
	{ .schema = &vc_schema_emulator, .name = "emulator" },
	{ .schema = &vc_schema_rom, .name = "rom" },
	{ .schema = &vc_schema_host_image, .name = "host_image" },
	{ .schema = &vc_schema_usb, .name = "usb" },
	{ .schema = &vc_schema_usb_use, .name = "usb_use" },
	{ .schema = &vc_schema_listen, .name = "listen" },
	{ .schema = &vc_schema_listen_use, .name = "listen_use" },
	{ .schema = &vc_schema_domain, .name = "domain" },
	{ .schema = &vc_schema_host_file, .name = "host_file" },
	{ .schema = &vc_schema_vdpa_device, .name = "vdpa_device" },
	{ .schema = &vc_schema_firmware, .name = "firmware" },
	{ .schema = &vc_schema_firmware_use, .name = "firmware_use" },
	{ .schema = &vc_schema_hugetlbfs, .name = "hugetlbfs" },
	{ .schema = &vc_schema_guest, .name = "guest" },
	{ .schema = &vc_schema_ram, .name = "ram" },
	{ .schema = &vc_schema_viommu, .name = "viommu" },
	{ .schema = &vc_schema_hostdev, .name = "hostdev" },
	{ .schema = &vc_schema_hugepage_demand, .name = "hugepage_demand" },
	{ .schema = &vc_schema_timer, .name = "timer" },
	{ .schema = &vc_schema_pin, .name = "pin" },
	{ .schema = &vc_schema_ignore, .name = "ignore" },
	{ .schema = &vc_schema_interface, .name = "interface" },
	{ .schema = &vc_schema_disk, .name = "disk" },
	{ .schema = &vc_schema_file_use, .name = "file_use" },
	{ .schema = &vc_schema_vdpa, .name = "vdpa" },
	{ .schema = &vc_schema_numa_binding, .name = "numa_binding" },
	{ .schema = &vc_schema_firmware_image, .name = "firmware_image" },
	{ .schema = &vc_schema_recent_setting, .name = "recent_setting" },
	{ .schema = &vc_schema_verdict, .name = "verdict" },
};

/*
 * Every name below is the C name of the enumerator, so that the generated file is checked by the compiler
 * against the headers it is compiled with.
 */
#define NAME(enumerator) [enumerator] = #enumerator
static const char *const severity_name[] = { NAME(VC_INFO), NAME(VC_WARNING), NAME(VC_ERROR) };
static const char *const confidence_name[] = { NAME(VC_REPORTED), NAME(VC_PROVEN) };
static const char *const who_name[] = {
	NAME(VC_WHO_DOMAIN),
	NAME(VC_WHO_HOST),
	NAME(VC_WHO_FIRMWARE),
	NAME(VC_WHO_VENDOR),
};
static const char *const root_name[] = {
	NAME(VC_ROOT_HOST),
	NAME(VC_ROOT_GUEST),
	NAME(VC_ROOT_EACH),
	NAME(VC_ROOT_CHECK),
};
static const char *const op_name[] = {
	NAME(VC_OP_LITERAL), NAME(VC_OP_FACT),     NAME(VC_OP_AND), NAME(VC_OP_OR), NAME(VC_OP_NOT),
	NAME(VC_OP_EQ),      NAME(VC_OP_NE),       NAME(VC_OP_LT),  NAME(VC_OP_LE), NAME(VC_OP_GT),
	NAME(VC_OP_GE),      NAME(VC_OP_ADD),      NAME(VC_OP_SUB), NAME(VC_OP_IN), NAME(VC_OP_PRESENT),
	NAME(VC_OP_BIT),     NAME(VC_OP_OVERLAPS),
};
static const char *const type_name[] = {
	NAME(VC_TYPE_flag),  NAME(VC_TYPE_number), NAME(VC_TYPE_text), NAME(VC_TYPE_version),
	NAME(VC_TYPE_range), NAME(VC_TYPE_set),    NAME(VC_TYPE_ref),  NAME(VC_TYPE_list),
};
static const char *const unit_name[] = {
	NAME(VC_UNIT_none), NAME(VC_UNIT_bytes), NAME(VC_UNIT_address),
	NAME(VC_UNIT_hex),  NAME(VC_UNIT_bits),  NAME(VC_UNIT_pages),
};
static const char *const verb_name[] = {
	NAME(VC_VERB_SET),     NAME(VC_VERB_REMOVE),  NAME(VC_VERB_INSERT),
	NAME(VC_VERB_COMMAND), NAME(VC_VERB_SETTING), NAME(VC_VERB_ADVICE),
	NAME(VC_VERB_SYSCTL),  NAME(VC_VERB_MODULE),  NAME(VC_VERB_KERNEL),
	NAME(VC_VERB_LOAD),    NAME(VC_VERB_QEMU),
};

static void
write_field(struct writer *w, const struct vc_field *field)
{
	for (size_t i = 0; i < VC_COUNT(schemas); i++) {
		const struct vc_schema *schema = schemas[i].schema;

		if (field >= schema->field && field < schema->field + schema->count) {
			fprintf(w->file, "&vc_fields_%s[%td] /* %s */", schemas[i].name,
				field - schema->field, field->name);
			return;
		}
	}
	fprintf(stderr, "rulec: the table of schemas lacks the one that holds '%s'\n", field->name);
	exit(1);
}

/* Its number among those that were written; w->paths if it is not one of them. */
static size_t
find_path(const struct writer *w, const struct vc_path *path)
{
	size_t i = 0;

	while (i < w->paths && !(vc_path_same(w->path[i], path) && strcmp(w->path[i]->text, path->text) == 0))
		i++;
	return i;
}

/* Before what names it. */
static void
write_path(struct writer *w, const struct vc_path *path)
{
	if (!path || find_path(w, path) < w->paths)
		return;
	fprintf(w->file, "static const struct vc_path path_%zu = { .root = %s, .steps = %u, .step = { ", w->paths,
		root_name[path->root], path->steps);
	for (unsigned i = 0; i < path->steps; i++) {
		write_field(w, path->step[i]);
		fputs(", ", w->file);
	}
	fputs("}, ", w->file);
	write_member(w, "text", path->text);
	fputs("};\n", w->file);
	*(const struct vc_path **)vc_arena_append(w->arena, (void **)&w->path, &w->paths, sizeof(*w->path)) = path;
}

/* ".member = &path_7, ", or nothing for NULL. */
static void
write_path_member(struct writer *w, const char *member, const struct vc_path *path)
{
	if (path)
		fprintf(w->file, ".%s = &path_%zu, ", member, find_path(w, path));
}

static void
write_literal(struct writer *w, const struct vc_node_expr *node)
{
	switch (node->type) {
	case VC_TYPE_flag:
		fprintf(w->file, ".flag = %s, ", node->flag ? "true" : "false");
		break;
	case VC_TYPE_number:
		fprintf(w->file, ".number = UINT64_C(0x%" PRIx64 "), ", node->number);
		break;
	case VC_TYPE_version:
		fprintf(w->file, ".version = { { %u, %u, %u, %u } }, ", node->version.part[0],
			node->version.part[1], node->version.part[2], node->version.part[3]);
		break;
	default: /* there are no others */
		write_member(w, "text", node->text);
		break;
	}
}

static void
write_node(struct writer *w, const struct vc_node_expr *node)
{
	fprintf(w->file, "\t{ .op = %s, .type = %s, .left = %u, .right = %u, .count = %u, ",
		op_name[node->op], type_name[node->type], node->left, node->right, node->count);
	if (node->op == VC_OP_FACT)
		write_path_member(w, "path", node->path);
	else if (node->op == VC_OP_LITERAL)
		write_literal(w, node);
	fputs("},\n", w->file);
}

/* The array behind an expression; its name is returned, 0 for none. */
static unsigned
write_nodes(struct writer *w, const struct vc_expr *expr)
{
	if (expr->count == 0)
		return 0;
	for (size_t i = 0; i < expr->count; i++) {
		if (expr->node[i].op == VC_OP_FACT)
			write_path(w, expr->node[i].path);
	}
	fprintf(w->file, "static const struct vc_node_expr nodes_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < expr->count; i++)
		write_node(w, &expr->node[i]);
	fputs("};\n", w->file);
	return w->names;
}

static void
write_expr(struct writer *w, const char *member, const struct vc_expr *expr, unsigned nodes)
{
	if (nodes == 0)
		return;
	fprintf(w->file, "\t.%s = { .node = nodes_%u, .count = %zu, ", member, nodes, expr->count);
	write_member(w, "text", expr->text);
	fputs("},\n", w->file);
}

static unsigned
write_parts(struct writer *w, const struct vc_template *template)
{
	if (template->count == 0)
		return 0;
	for (size_t i = 0; i < template->count; i++)
		write_path(w, template->part[i].path);
	fprintf(w->file, "static const struct vc_template_part parts_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < template->count; i++) {
		const struct vc_template_part *part = &template->part[i];

		fputs("\t{ ", w->file);
		write_member(w, "text", part->text);
		if (!part->text) {
			write_path_member(w, "path", part->path);
			fprintf(w->file, ".unit = %s, ", unit_name[part->unit]);
		}
		fputs("},\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

static void
write_template(struct writer *w, const char *member, const struct vc_template *template, unsigned parts)
{
	if (parts > 0)
		fprintf(w->file, "\t.%s = { .part = parts_%u, .count = %zu },\n", member, parts,
			template->count);
}

/* The arrays behind one action. */
struct action_names {
	unsigned value, xml, persist, undo, was;
};

static void
write_action(struct writer *w, const struct vc_action *action, const struct action_names *names)
{
	fprintf(w->file, "\t{ .verb = %s, ", verb_name[action->verb]);
	write_member(w, "select", action->select);
	write_member(w, "attribute", action->attribute);
	write_member(w, "xml", action->xml);
	write_member(w, "before", action->before);
	write_member(w, "after", action->after);
	write_member(w, "costs", action->costs);
	write_member(w, "name", action->name);
	write_member(w, "parameter", action->parameter);
	fprintf(w->file, ".reboot = %s, .remove = %s, .live = %s,\n", action->reboot ? "true" : "false",
		action->remove ? "true" : "false", action->live ? "true" : "false");
	write_template(w, "value", &action->value, names->value);
	write_template(w, "xml_template", &action->xml_template, names->xml);
	write_template(w, "persist", &action->persist, names->persist);
	write_template(w, "undo", &action->undo, names->undo);
	write_template(w, "was", &action->was, names->was);
	fputs("\t},\n", w->file);
}

static unsigned
write_actions(struct writer *w, const struct vc_fix *fix)
{
	struct action_names *names = vc_arena_make_array(w->arena, fix->actions, struct action_names);

	if (fix->actions == 0)
		return 0;
	for (size_t i = 0; i < fix->actions; i++) {
		names[i].value = write_parts(w, &fix->action[i].value);
		names[i].xml = write_parts(w, &fix->action[i].xml_template);
		names[i].persist = write_parts(w, &fix->action[i].persist);
		names[i].undo = write_parts(w, &fix->action[i].undo);
		names[i].was = write_parts(w, &fix->action[i].was);
	}
	fprintf(w->file, "static const struct vc_action actions_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < fix->actions; i++)
		write_action(w, &fix->action[i], &names[i]);
	fputs("};\n", w->file);
	return w->names;
}

struct fix_names {
	unsigned when, summary, actions;
};

static unsigned
write_fixes(struct writer *w, const struct vc_rule *rule)
{
	struct fix_names *names = vc_arena_make_array(w->arena, rule->fixes, struct fix_names);

	if (rule->fixes == 0)
		return 0;
	for (size_t i = 0; i < rule->fixes; i++) {
		names[i].when = write_nodes(w, &rule->fix[i].when);
		names[i].summary = write_parts(w, &rule->fix[i].summary);
		names[i].actions = write_actions(w, &rule->fix[i]);
	}
	fprintf(w->file, "static const struct vc_fix fixes_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < rule->fixes; i++) {
		const struct vc_fix *fix = &rule->fix[i];

		fprintf(w->file, "\t{ .who = %s, .safe = %s,\n", who_name[fix->who],
			fix->safe ? "true" : "false");
		write_expr(w, "when", &fix->when, names[i].when);
		write_template(w, "summary", &fix->summary, names[i].summary);
		if (names[i].actions > 0)
			fprintf(w->file, "\t.action = actions_%u, .actions = %zu,\n", names[i].actions,
				fix->actions);
		fputs("\t},\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

static unsigned
write_uses(struct writer *w, const struct vc_rule *rule)
{
	if (rule->uses_count == 0)
		return 0;
	for (size_t i = 0; i < rule->uses_count; i++)
		write_path(w, rule->uses[i]);
	fprintf(w->file, "static const struct vc_path *const paths_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < rule->uses_count; i++)
		fprintf(w->file, "\t&path_%zu,\n", find_path(w, rule->uses[i]));
	fputs("};\n", w->file);
	return w->names;
}

struct says_names {
	unsigned when, text;
};

static unsigned
write_says(struct writer *w, const struct vc_rule *rule)
{
	struct says_names *names = vc_arena_make_array(w->arena, rule->says_count, struct says_names);

	for (size_t i = 0; i < rule->says_count; i++) {
		names[i].when = write_nodes(w, &rule->says[i].when);
		names[i].text = write_parts(w, &rule->says[i].text);
	}
	fprintf(w->file, "static const struct vc_says says_%u[] = {\n", ++w->names);
	for (size_t i = 0; i < rule->says_count; i++) {
		fputs("\t{\n", w->file);
		write_expr(w, "when", &rule->says[i].when, names[i].when);
		write_template(w, "text", &rule->says[i].text, names[i].text);
		fputs("\t},\n", w->file);
	}
	fputs("};\n", w->file);
	return w->names;
}

static void
write_rule(struct writer *w, const struct vc_rule *rule, size_t index)
{
	unsigned applies = write_nodes(w, &rule->applies);
	unsigned fails = write_nodes(w, &rule->fails);
	unsigned uses = write_uses(w, rule);
	unsigned says = write_says(w, rule);
	unsigned fixes = write_fixes(w, rule);
	unsigned symptoms = write_symptoms(w, rule->symptom, rule->symptoms);
	unsigned supersedes = write_texts(w, rule->supersedes, rule->supersedes_count);
	unsigned sources = write_texts(w, rule->source, rule->sources);

	write_path(w, rule->at);
	write_path(w, rule->device);
	fprintf(w->file, "static const struct vc_rule rule_%zu = {\n", index);
	write_line(w, "id", rule->id);
	write_line(w, "topic", rule->topic);
	write_line(w, "file", rule->file);
	write_line(w, "since", rule->since);
	write_line(w, "title", rule->title);
	write_line(w, "affects", rule->affects);
	write_line(w, "why", rule->why);
	fprintf(w->file, "\t.severity = %s, .confidence = %s, .host_only = %s, .host_at_risk = %s,\n",
		severity_name[rule->severity], confidence_name[rule->confidence],
		rule->host_only ? "true" : "false", rule->host_at_risk ? "true" : "false");
	if (rule->each) {
		fprintf(w->file, "\t.each_root = %s, .each = ", root_name[rule->each_root]);
		write_field(w, rule->each);
		fputs(",\n", w->file);
	}
	if (rule->check)
		fprintf(w->file, "\t.check = &vc_checks[%td] /* %s */,\n", rule->check - vc_checks,
			rule->check->name);
	write_expr(w, "applies", &rule->applies, applies);
	write_expr(w, "fails", &rule->fails, fails);
	if (uses > 0)
		fprintf(w->file, "\t.uses = paths_%u, .uses_count = %zu,\n", uses, rule->uses_count);
	fprintf(w->file, "\t.needs = 0x%x, ", rule->needs);
	write_path_member(w, "at", rule->at);
	write_path_member(w, "device", rule->device);
	fputs("\n", w->file);
	fprintf(w->file, "\t.says = says_%u, .says_count = %zu,\n", says, rule->says_count);
	if (fixes > 0)
		fprintf(w->file, "\t.fix = fixes_%u, .fixes = %zu,\n", fixes, rule->fixes);
	if (symptoms > 0)
		fprintf(w->file, "\t.symptom = symptoms_%u, .symptoms = %zu,\n", symptoms, rule->symptoms);
	write_list(w, "supersedes", "supersedes_count", supersedes, rule->supersedes_count);
	write_list(w, "source", "sources", sources, rule->sources);
	fputs("};\n\n", w->file);
}

static void
write_rules(struct writer *w, const struct vc_rule *const *rule, size_t count)
{
	fputs("/* Made by rulec from the files of rules/; changes are lost. */\n"
	      "#include \"rules/rule.h\"\n\n",
	      w->file);
	for (size_t i = 0; i < VC_COUNT(schemas); i++)
		fprintf(w->file, "extern const struct vc_field vc_fields_%s[];\n", schemas[i].name);
	fputs("\n", w->file);
	for (size_t i = 0; i < count; i++)
		write_rule(w, rule[i], i);
	/* C has no empty arrays. */
	fputs("static const struct vc_rule *const rules[] = {\n", w->file);
	for (size_t i = 0; i < count; i++)
		fprintf(w->file, "\t&rule_%zu,\n", i);
	fprintf(w->file,
		"\tNULL,\n};\n\nconst struct vc_ruleset vc_builtin_rules = { .rule = rules, .count = %zu "
		"};\n",
		count);
}

static int
compare_rules(const void *a, const void *b)
{
	return strcmp((*(const struct vc_rule *const *)a)->id, (*(const struct vc_rule *const *)b)->id);
}

static int
load_rule(const char *path, struct vc_arena *arena, struct vc_diags *diags, const struct vc_rule **ret_rule)
{
	_cleanup_free_ char *text = NULL;
	struct vc_rule *rule;
	struct stat st;
	const char *why;
	size_t size;
	int r;

	r = vc_site_file_read(AT_FDCWD, path, VC_SITE_XML_MAX, &why, &st, &text, &size);
	if (r < 0) {
		vc_diag_add(diags, path, 0, "%s", why);
		return r;
	}
	r = vc_rule_load(text, size, path, vc_rule_topic(arena, path), arena, diags, &rule);
	if (r < 0)
		return r;
	rule->file = rulec_shown_file(rule->file);
	*ret_rule = rule;
	return 0;
}

static size_t
load_rules(char **path, size_t paths, struct vc_arena *arena, struct vc_diags *diags,
	   const struct vc_rule **rule)
{
	size_t count = 0;

	for (size_t i = 0; i < paths; i++)
		count += load_rule(path[i], arena, diags, &rule[count]) == 0;
	if (count > 0)
		qsort(rule, count, sizeof(*rule), compare_rules);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(rule[i - 1]->id, rule[i]->id) == 0)
			vc_diag_add(diags, rule[i]->file, 0, "there is a rule '%s' already, in %s",
				    rule[i]->id, rule[i - 1]->file);
	}
	return count;
}

static int
compile_rules(const char *output, char **path, size_t paths, struct vc_arena *arena, struct vc_diags *diags)
{
	const struct vc_rule **rule = vc_arena_make_array(arena, paths + 1, const struct vc_rule *);
	size_t count = load_rules(path, paths, arena, diags, rule);
	struct writer w = { .arena = arena };

	if (diags->count > 0 || rulec_open(&w, output) < 0)
		return 1;
	write_rules(&w, rule, count);
	return rulec_close(&w, output);
}

int
main(int argc, char **argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	bool messages = argc > 1 && strcmp(argv[1], "--messages") == 0;
	int first = messages ? 2 : 1, status;

	if (argc <= first) {
		fputs("usage: rulec [--messages] OUTPUT FILE...\n", stderr);
		return 2;
	}
	status = (messages ? rulec_messages : compile_rules)(argv[first], argv + first + 1,
							     (size_t)(argc - first - 1), arena, &diags);
	for (size_t i = 0; i < diags.count; i++)
		fprintf(stderr, "%s:%d: %s\n", diags.item[i].file, diags.item[i].line, diags.item[i].text);
	return status;
}
