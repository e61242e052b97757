/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fixes on text: what is named changes, everything else stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "report/diff.h"
#include "report/edit.h"

#define OPEN "<domain type='kvm'>"

static struct vc_template
literal(const char *text)
{
	struct vc_template_part *part = test_malloc(sizeof(*part));

	*part = (struct vc_template_part){ .text = text };
	return (struct vc_template){ .part = part, .count = 1 };
}

/* An action as a rule file would have it; the value belongs to the test. */
struct change {
	enum vc_verb verb;
	const char *select, *attribute, *value, *before, *after;
};

static struct vc_action
action_of(const struct change *change, struct vc_template *template)
{
	struct vc_action action = {
		.verb = change->verb,
		.select = change->select,
		.attribute = change->attribute,
		.before = change->before,
		.after = change->after,
	};

	*template = literal(change->value ? change->value : "");
	if (change->verb == VC_VERB_INSERT) {
		action.xml = change->value;
		action.xml_template = *template;
	} else {
		action.value = *template;
	}
	return action;
}

/* Applies one change with @place (a piece of the text) as the place of the finding; the result, or "" for none. */
static int
apply(const char *text, size_t size, const char *place, const struct change *change, char **ret_result)
{
	static const struct vc_scope scope;
	struct vc_template template;
	const struct vc_action action = action_of(change, &template);
	const struct vc_fix fix = { .action = &action, .actions = 1 };
	const char *at = place ? strstr(text, place) : strstr(text, "<domain");
	struct vc_edit_fix edit_fix = { .fix = &fix, .scope = &scope, .place = (size_t)(at - text) };
	struct vc_edit edit, after;
	struct vc_kept kept;
	const char *why = NULL;
	int r = vc_edit_open(text, size, &edit, &why);

	*ret_result = NULL;
	if (r == 0) {
		r = vc_edit_apply(&edit, &edit_fix, NULL, &after, &kept, &why);
		if (r == 1) {
			*ret_result = strdup(after.text);
			/* What is kept is kept. */
			assert_int_equal(kept.after_size, after.size);
			for (size_t i = 0; i < kept.count; i++)
				assert_memory_equal(text + kept.run[i].before, after.text + kept.run[i].after,
						    kept.run[i].length);
			vc_kept_release(&kept);
			vc_edit_release(&after);
		}
		vc_edit_release(&edit);
	}
	if (r < 0)
		assert_non_null(why);
	test_free((void *)(uintptr_t)template.part);
	return r;
}

static void
becomes(const char *text, const char *place, struct change change, const char *expected)
{
	char *result;

	assert_int_equal(apply(text, strlen(text), place, &change, &result), 1);
	assert_string_equal(result, expected);
	free(result);
}

static void
fails(const char *text, size_t size, struct change change, int error)
{
	char *result;

	assert_int_equal(apply(text, size, NULL, &change, &result), error);
	assert_null(result);
}

static struct change
set(const char *select, const char *attribute, const char *value)
{
	return (struct change){ .verb = VC_VERB_SET, .select = select, .attribute = attribute, .value = value };
}

static struct change
removal(const char *select)
{
	return (struct change){ .verb = VC_VERB_REMOVE, .select = select };
}

static struct change
insertion(const char *into, const char *xml)
{
	return (struct change){ .verb = VC_VERB_INSERT, .select = into, .value = xml };
}

/* --- attributes --- */

static void
test_set_attribute(_unused_ void **state)
{
	becomes("<domain><cpu mode='a'/></domain>", NULL, set("cpu", "mode", "b"), "<domain><cpu mode='b'/></domain>");
	becomes("<domain><cpu mode=\"a\"/></domain>", NULL, set("/cpu", "mode", "b\"'<&>\t\n"),
		"<domain><cpu mode=\"b&quot;'&lt;&amp;&gt;&#9;&#10;\"/></domain>");
	becomes("<domain><cpu  mode = 'a'\n\tcheck='none' >\n</cpu></domain>", NULL, set("cpu", "mode", "it's"),
		"<domain><cpu  mode = 'it&apos;s'\n\tcheck='none' >\n</cpu></domain>");
	/* The finding's own element. */
	becomes("<domain><a/><iommu model='x'/><iommu model='y'/></domain>", "<iommu model='y", set("", "model", "z"),
		"<domain><a/><iommu model='x'/><iommu model='z'/></domain>");
	becomes("<domain type='kvm'/>", NULL, set("/", "type", "qemu"), "<domain type='qemu'/>");
	/* A name that only ends or begins alike is another one. */
	becomes("<domain><x ab='1' a='2' abc='3'/></domain>", NULL, set("x", "a", "4"),
		"<domain><x ab='1' a='4' abc='3'/></domain>");
	/* Quotes and tags inside values are no markup. */
	becomes("<domain><x a='/>&lt;y mode=\"1\">' mode='2'/></domain>", NULL, set("x", "mode", "3"),
		"<domain><x a='/>&lt;y mode=\"1\">' mode='3'/></domain>");
}

static void
test_add_attribute(_unused_ void **state)
{
	becomes("<domain><cpu/></domain>", NULL, set("cpu", "mode", "b"), "<domain><cpu mode='b'/></domain>");
	becomes("<domain><cpu /></domain>", NULL, set("cpu", "mode", "b"), "<domain><cpu mode='b' /></domain>");
	becomes("<domain><cpu check=\"x\"  ></cpu></domain>", NULL, set("cpu", "mode", "b"),
		"<domain><cpu check=\"x\" mode=\"b\"  ></cpu></domain>");
	/* The quotes of what is around it. */
	becomes("<domain type=\"kvm\"><cpu/></domain>", NULL, set("cpu", "mode", "b"),
		"<domain type=\"kvm\"><cpu mode=\"b\"/></domain>");
	becomes("<domain><cpu a='1'\n     b='2'/></domain>", NULL, set("cpu", "c", "3"),
		"<domain><cpu a='1'\n     b='2'\n     c='3'/></domain>");
	becomes("<domain><cpu a='1'\r\n\tb='2'\r\n/></domain>", NULL, set("cpu", "c", "3"),
		"<domain><cpu a='1'\r\n\tb='2'\r\n\tc='3'\r\n/></domain>");
}

static void
test_remove_attribute(_unused_ void **state)
{
	const struct change limit = { .verb = VC_VERB_REMOVE, .select = "x", .attribute = "limit" };

	becomes("<domain><x limit='1'/></domain>", NULL, limit, "<domain><x/></domain>");
	becomes("<domain><x a='1'  limit = \"1\" b='2' >t</x></domain>", NULL, limit,
		"<domain><x a='1' b='2' >t</x></domain>");
	becomes("<domain><x a='1'\n\t   limit='1'\n\t   b='2'/></domain>", NULL, limit,
		"<domain><x a='1'\n\t   b='2'/></domain>");
	fails("<domain><x limits='2'/></domain>", 32, limit, 0);
	fails("<domain><y limit='2'/></domain>", 31, limit, 0);
	/* The finding's own element; the domain itself. */
	becomes("<domain><x limit='1'/><x limit='2'/></domain>", "<x limit='2'",
		(struct change){ .verb = VC_VERB_REMOVE, .select = "", .attribute = "limit" },
		"<domain><x limit='1'/><x/></domain>");
	becomes("<domain type='kvm'/>", NULL, (struct change){ .verb = VC_VERB_REMOVE, .select = "/", .attribute = "type" },
		"<domain/>");
}

static void
test_attribute_as_it_is(_unused_ void **state)
{
	fails("<domain><cpu mode='b'/></domain>", 32, set("cpu", "mode", "b"), 0);
	fails("<domain><cpu mode='&#98;'/></domain>", 36, set("cpu", "mode", "b"), 0);
}

/* --- text --- */

static void
test_set_text(_unused_ void **state)
{
	becomes("<domain><memory>1</memory></domain>", NULL, set("memory", NULL, "2<&>"),
		"<domain><memory>2&lt;&amp;&gt;</memory></domain>");
	becomes("<domain><memory>\n\t1 1\r\n</memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>\n\t2\r\n</memory></domain>");
	becomes("<domain><memory/></domain>", NULL, set("memory", NULL, "2"), "<domain><memory>2</memory></domain>");
	becomes("<domain><memory unit='KiB' /></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory unit='KiB'>2</memory></domain>");
	becomes("<domain><memory></memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>2</memory></domain>");
	becomes("<domain><memory>  </memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>2</memory></domain>");
	becomes("<domain><memory>&#49;&amp;</memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>2</memory></domain>");
	fails("<domain><memory> &#50; </memory></domain>", 41, set("memory", NULL, "2"), 0);
	/* Text that holds elements is not thrown away for a value. */
	fails("<domain><memory>1<x/></memory></domain>", 39, set("memory", NULL, "2"), -EINVAL);
}

static void
test_set_text_in_pieces(_unused_ void **state)
{
	becomes("<domain><memory><![CDATA[1]]></memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>2</memory></domain>");
	becomes("<domain><memory> <!-- <was> 1 --> 1<!--x-->0 <?pi 1>?> <![CDATA[>0]]></memory></domain>", NULL,
		set("memory", NULL, "2"), "<domain><memory> <!-- <was> 1 --> 2<!--x--> <?pi 1>?> </memory></domain>");
	becomes("<domain><memory><!---> x -->1</memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory><!---> x -->2</memory></domain>");
	becomes("<domain><memory> <!-- 1 --> </memory></domain>", NULL, set("memory", NULL, "2"),
		"<domain><memory>2 <!-- 1 --> </memory></domain>");
}

/* --- remove --- */

static void
test_remove(_unused_ void **state)
{
	becomes("<domain>\n  <a/>\n  <b>\n    <c/>\n  </b>\n  <d/>\n</domain>\n", NULL, removal("b"),
		"<domain>\n  <a/>\n  <d/>\n</domain>\n");
	becomes("<domain>\r\n\t<a/>\r\n\t<b/>  \r\n</domain>", NULL, removal("b"), "<domain>\r\n\t<a/>\r\n</domain>");
	becomes("<domain><a/><b>x</b><d/></domain>", NULL, removal("b"), "<domain><a/><d/></domain>");
	becomes("<domain>\n <a/><b/>\n</domain>", NULL, removal("b"), "<domain>\n <a/>\n</domain>");
	becomes("<domain>\n <a/><b/>\n</domain>", NULL, removal("a"), "<domain>\n <b/>\n</domain>");
	becomes("<domain>\n  <a/> <!-- about a -->\n</domain>", NULL, removal("a"),
		"<domain>\n  <!-- about a -->\n</domain>");
	becomes("<domain>\n  <!-- <b/> -->\n  <b/>\n</domain>", NULL, removal("b"),
		"<domain>\n  <!-- <b/> -->\n</domain>");
	becomes("<domain><a/><a n='2'/></domain>", "<a n='2", removal(""), "<domain><a/></domain>");
	fails("<domain><a/></domain>", 21, removal("b"), 0);
	fails("<domain><a/></domain>", 21, removal("/"), -EINVAL);
}

/* --- insert --- */

static void
test_insert_behind_its_like(_unused_ void **state)
{
	becomes("<domain>\n  <devices>\n    <disk/>\n    <iommu/>\n    <disk>\n    </disk>\n    <x/>\n  </devices>\n</domain>\n",
		NULL, insertion("/devices", "<disk a='1'><b/></disk>"),
		"<domain>\n  <devices>\n    <disk/>\n    <iommu/>\n    <disk>\n    </disk>\n    <disk a='1'>\n      <b/>\n"
		"    </disk>\n    <x/>\n  </devices>\n</domain>\n");
}

static void
test_insert_at_the_end(_unused_ void **state)
{
	becomes("<domain>\n\t<devices>\n\t\t<disk/> <!-- c --> <!-- d -->\n\t</devices>\n</domain>\n", NULL,
		insertion("/devices", "<iommu><driver/></iommu>"),
		"<domain>\n\t<devices>\n\t\t<disk/> <!-- c --> <!-- d -->\n\t\t<iommu>\n\t\t\t<driver/>\n\t\t</iommu>\n"
		"\t</devices>\n</domain>\n");
	becomes("<domain>\r\n  <a>\r\n    <b c=\"1\"/>\r\n  </a>\r\n</domain>\r\n", NULL, insertion("a", "<d e='2'/>"),
		"<domain>\r\n  <a>\r\n    <b c=\"1\"/>\r\n    <d e=\"2\"/>\r\n  </a>\r\n</domain>\r\n");
	becomes("<domain><a><b/></a></domain>", NULL, insertion("a", "<d><e/></d>"),
		"<domain><a><b/><d><e/></d></a></domain>");
	becomes("<domain>\n <a><b/></a>\n</domain>", NULL, insertion("a", "<d/>"),
		"<domain>\n <a><b/><d/></a>\n</domain>");
}

static void
test_insert_into_nothing(_unused_ void **state)
{
	becomes("<domain>\n    <a>\n    </a>\n</domain>", NULL, insertion("a", "<b/>"),
		"<domain>\n    <a>\n        <b/>\n    </a>\n</domain>");
	becomes("<domain>\n  <a></a>\n</domain>", NULL, insertion("a", "<b/>"),
		"<domain>\n  <a>\n    <b/>\n  </a>\n</domain>");
	becomes("<domain>\n  <a x='1' />\n</domain>", NULL, insertion("a", "<b/>"),
		"<domain>\n  <a x='1'>\n    <b/>\n  </a>\n</domain>");
	becomes("<domain>\r\n\t<a/>\r\n</domain>", NULL, insertion("a", "<b/>"),
		"<domain>\r\n\t<a>\r\n\t\t<b/>\r\n\t</a>\r\n</domain>");
	becomes("<domain><a/></domain>", NULL, insertion("a", "<b/>"), "<domain><a><b/></a></domain>");
	becomes("<domain/>", NULL, insertion("/", "<b/>"), "<domain>\n  <b/>\n</domain>");
	becomes("<domain>\n  <a>\n    <!-- nothing -->\n  </a>\n</domain>", NULL, insertion("a", "<b/>"),
		"<domain>\n  <a>\n    <!-- nothing -->\n    <b/>\n  </a>\n</domain>");
}

static void
test_insert_beside(_unused_ void **state)
{
	struct change change = insertion("a", "<n/>");

	change.before = "y";
	becomes("<domain>\n <a>\n  <x/>\n  <y/>\n </a>\n</domain>", NULL, change,
		"<domain>\n <a>\n  <x/>\n  <n/>\n  <y/>\n </a>\n</domain>");
	becomes("<domain><a><x/><y/></a></domain>", NULL, change, "<domain><a><x/><n/><y/></a></domain>");
	change.before = NULL;
	change.after = "x";
	becomes("<domain>\n <a>\n  <x/>\n  <y/>\n </a>\n</domain>", NULL, change,
		"<domain>\n <a>\n  <x/>\n  <n/>\n  <y/>\n </a>\n</domain>");
	/* No such sibling: as if nothing was said. */
	change.after = "z";
	becomes("<domain><a><x/><y/></a></domain>", NULL, change, "<domain><a><x/><y/><n/></a></domain>");
}

static void
test_insert_where_libvirt_has_it(_unused_ void **state)
{
	becomes("<domain>\n  <name>x</name>\n  <os/>\n  <clock/>\n  <devices/>\n</domain>", NULL,
		set("/features/ioapic", "driver", "kvm"),
		"<domain>\n  <name>x</name>\n  <os/>\n  <features>\n    <ioapic driver='kvm'/>\n  </features>\n  <clock/>\n"
		"  <devices/>\n</domain>");
	becomes("<domain>\n  <devices/>\n</domain>", NULL, insertion("/", "<name>x</name>"),
		"<domain>\n  <name>x</name>\n  <devices/>\n</domain>");
	becomes("<domain>\n  <devices/>\n</domain>", NULL, insertion("/", "<unheard-of/>"),
		"<domain>\n  <devices/>\n  <unheard-of/>\n</domain>");
}

static void
test_create(_unused_ void **state)
{
	becomes("<domain>\n  <devices/>\n</domain>", NULL, set("/a/b/c", NULL, "x<"),
		"<domain>\n  <devices/>\n  <a>\n    <b>\n      <c>x&lt;</c>\n    </b>\n  </a>\n</domain>");
	becomes("<domain>\n  <iommu model='intel'/>\n</domain>", "<iommu", set("driver", "aw_bits", "39"),
		"<domain>\n  <iommu model='intel'>\n    <driver aw_bits='39'/>\n  </iommu>\n</domain>");
	becomes("<domain>\n  <devices/>\n</domain>", NULL, insertion("/memoryBacking", "<locked/>"),
		"<domain>\n  <memoryBacking>\n    <locked/>\n  </memoryBacking>\n  <devices/>\n</domain>");
}

/* --- what surrounds it --- */

static void
test_namespaces(_unused_ void **state)
{
	/* <cpu> of somebody else is not <cpu>. */
	becomes("<domain xmlns:m='urn:m'><metadata><m:cpu mode='1'/></metadata><cpu xmlns='urn:x' mode='2'/><cpu mode='3'/>"
		"</domain>",
		NULL, set("/cpu", "mode", "4"),
		"<domain xmlns:m='urn:m'><metadata><m:cpu mode='1'/></metadata><cpu xmlns='urn:x' mode='2'/><cpu mode='4'/>"
		"</domain>");
	becomes("<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline/></domain>", NULL,
		set("/qemu:commandline", "x", "1"),
		"<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline x='1'/></domain>");
	becomes("<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n  <devices/>\n</domain>", NULL,
		insertion("/", "<qemu:commandline><qemu:arg value='-x'/></qemu:commandline>"),
		"<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n  <devices/>\n  <qemu:commandline>\n"
		"    <qemu:arg value='-x'/>\n  </qemu:commandline>\n</domain>");
	becomes("<domain>\n  <devices/>\n</domain>", NULL, insertion("/", "<qemu:commandline/>"),
		"<domain>\n  <devices/>\n"
		"  <qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'/>\n</domain>");
	/* Attributes in a namespace are others. */
	becomes("<domain xmlns:m='urn:m'><a m:b='1' b='2'/></domain>", NULL, set("a", "b", "3"),
		"<domain xmlns:m='urn:m'><a m:b='1' b='3'/></domain>");
}

static void
test_prologue(_unused_ void **state)
{
	becomes("\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<!-- <domain a='1'> -->\n<?p <cpu?>\n" OPEN
		"<!-- <cpu a='2'/> --><![CDATA[ ]]><cpu a='3'/></domain>\n<!-- end -->\n",
		OPEN, set("/cpu", "a", "4"),
		"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<!-- <domain a='1'> -->\n<?p <cpu?>\n" OPEN
		"<!-- <cpu a='2'/> --><![CDATA[ ]]><cpu a='4'/></domain>\n<!-- end -->\n");
	becomes("<?xml version='1.0'?><domain>\n    <a/>\n</domain>", NULL, set("a/b", "c", "1"),
		"<?xml version='1.0'?><domain>\n    <a>\n        <b c='1'/>\n    </a>\n</domain>");
	becomes("<domain>\n  <name>\xc3\xa9</name>\n  <a/>\n</domain>", NULL, set("a", "b", "\xe2\x82\xac"),
		"<domain>\n  <name>\xc3\xa9</name>\n  <a b='\xe2\x82\xac'/>\n</domain>");
}

static void
test_refused(_unused_ void **state)
{
	static const char wide[] = "\xff\xfe<\0d\0/\0>\0";
	static const char with_nul[] = "<domain/>\0<x/>";
	static const char *const malformed[] = {
		"", "   ", "text", "<domain>", "<domain></x>", "<domain/><x/>", "<domain/>x", "<domain a/>", "<domain a=b/>",
		"<domain a='1'b='2'/>", "<domain a='1' a='2'/>", "<domain><!-- </domain>", "<!DOCTYPE domain><domain/>",
		"<domain>&unknown;</domain>", "<domain", "<domain a='", "<domain><![CDATA[ </domain>", "</domain>", "<>",
		"<domain><q:x/></domain><", "<domain><?p </domain>", "<domain/ >",
	};

	fails(wide, sizeof(wide) - 1, set("a", "b", "c"), -EILSEQ);
	fails("<?xml version='1.0' encoding='ISO-8859-1'?><domain/>", 52, set("a", "b", "c"), -EILSEQ);
	fails("<?xml version='1.0' encoding=\"utf-16\" ?><domain/>", 49, set("a", "b", "c"), -EILSEQ);
	fails(with_nul, sizeof(with_nul) - 1, set("a", "b", "c"), -EBADMSG);
	for (size_t i = 0; i < VC_COUNT(malformed); i++) {
		struct vc_edit edit;
		const char *why = NULL;

		assert_int_equal(vc_edit_open(malformed[i], strlen(malformed[i]), &edit, &why), -EBADMSG);
		assert_non_null(why);
	}
	/* Values that XML cannot hold. */
	fails("<domain/>", 9, set("/a", "b", "\x01"), -EILSEQ);
	fails("<domain/>", 9, set("/a", "b", "\xff"), -EILSEQ);
	fails("<domain/>", 9, set("/a", NULL, "\xef\xbf\xbe"), -EILSEQ);
}

/* --- several fixes on one text --- */

static void
test_in_each_others_way(_unused_ void **state)
{
	static const struct vc_scope scope;
	const char *text = "<domain><a b='1'/><c/></domain>", *why;
	struct change first = set("/a", "b", "2"), same = set("/a", "b", "3"), other = set("/c", "d", "4");
	struct vc_template template[3];
	const struct vc_action action[] = { action_of(&first, &template[0]), action_of(&same, &template[1]),
					    action_of(&other, &template[2]) };
	const struct vc_fix fix[] = { { .action = &action[0], .actions = 1 }, { .action = &action[1], .actions = 1 },
				      { .action = &action[2], .actions = 1 } };
	struct vc_edit_fix edit_fix = { .fix = &fix[0], .scope = &scope };
	struct vc_edit edit, one, two;
	struct vc_kept kept, next;

	assert_int_equal(vc_edit_open(text, strlen(text), &edit, &why), 0);
	assert_int_equal(vc_edit_apply(&edit, &edit_fix, NULL, &one, &kept, &why), 1);
	edit_fix.fix = &fix[1];
	assert_int_equal(vc_edit_apply(&one, &edit_fix, &kept, &two, &next, &why), -EBUSY);
	edit_fix.fix = &fix[2];
	assert_int_equal(vc_edit_apply(&one, &edit_fix, &kept, &two, &next, &why), 1);
	assert_string_equal(two.text, "<domain><a b='2'/><c d='4'/></domain>");
	vc_kept_then(&kept, &next);
	assert_int_equal(kept.count, 3);
	assert_int_equal(kept.run[2].before, strlen("<domain><a b='1'/><c"));
	vc_kept_release(&kept);
	vc_kept_release(&next);
	vc_edit_release(&edit);
	vc_edit_release(&one);
	vc_edit_release(&two);
	for (size_t i = 0; i < VC_COUNT(template); i++)
		test_free((void *)(uintptr_t)template[i].part);
}

/* One fix that removes an element and puts another in its place, as the rules do. */
static void
test_two_actions(_unused_ void **state)
{
	static const struct vc_scope scope;
	const char *text = "<domain>\n  <cpu>\n    <m bits='40'/>\n  </cpu>\n</domain>\n", *why;
	struct change first = removal("/cpu/m"), second = insertion("/cpu", "<m mode='x'/>");
	struct vc_template template[2];
	const struct vc_action action[] = { action_of(&first, &template[0]), action_of(&second, &template[1]) };
	const struct vc_fix fix = { .action = action, .actions = 2 };
	const struct vc_edit_fix edit_fix = { .fix = &fix, .scope = &scope };
	_cleanup_buf_ struct vc_buf diff = { 0 };
	struct vc_kept earlier, kept;
	struct vc_edit edit, after;

	assert_int_equal(vc_edit_open(text, strlen(text), &edit, &why), 0);
	vc_kept_all(edit.size, &earlier);
	assert_int_equal(vc_edit_apply(&edit, &edit_fix, &earlier, &after, &kept, &why), 1);
	assert_string_equal(after.text, "<domain>\n  <cpu>\n    <m mode='x'/>\n  </cpu>\n</domain>\n");
	vc_diff_unified(&diff, "a b", text, after.text, &kept);
	assert_string_equal(vc_buf_text(&diff), "--- a b\t\n+++ a b\t\n@@ -1,5 +1,5 @@\n <domain>\n   <cpu>\n"
						"-    <m bits='40'/>\n+    <m mode='x'/>\n   </cpu>\n </domain>\n");
	vc_kept_release(&kept);
	vc_kept_release(&earlier);
	vc_edit_release(&edit);
	vc_edit_release(&after);
	test_free((void *)(uintptr_t)template[0].part);
	test_free((void *)(uintptr_t)template[1].part);
}

/* --- diff --- */

static void
diff_is(const char *text, struct change change, const char *name, const char *expected)
{
	static const struct vc_scope scope;
	struct vc_template template;
	const struct vc_action action = action_of(&change, &template);
	const struct vc_fix fix = { .action = &action, .actions = 1 };
	const struct vc_edit_fix edit_fix = { .fix = &fix, .scope = &scope };
	_cleanup_buf_ struct vc_buf diff = { 0 };
	struct vc_edit edit, after;
	struct vc_kept kept;
	const char *why;

	assert_int_equal(vc_edit_open(text, strlen(text), &edit, &why), 0);
	assert_int_equal(vc_edit_apply(&edit, &edit_fix, NULL, &after, &kept, &why), 1);
	vc_diff_unified(&diff, name, text, after.text, &kept);
	assert_string_equal(vc_buf_text(&diff), expected);
	vc_kept_release(&kept);
	vc_edit_release(&edit);
	vc_edit_release(&after);
	test_free((void *)(uintptr_t)template.part);
}

static void
test_diff(_unused_ void **state)
{
	diff_is("<domain>\n  <a/>\n</domain>", insertion("/", "<b/>"), "x.xml",
		"--- x.xml\n+++ x.xml\n@@ -1,3 +1,4 @@\n <domain>\n   <a/>\n+  <b/>\n </domain>\n"
		"\\ No newline at end of file\n");
	diff_is("<domain/>", set("/", "a", "1"), "x\"\n.xml",
		"--- \"x\\042\\012.xml\"\n+++ \"x\\042\\012.xml\"\n@@ -1 +1 @@\n-<domain/>\n\\ No newline at end of file\n"
		"+<domain a='1'/>\n\\ No newline at end of file\n");
	diff_is("<domain>\n1\n2\n3\n4\n<a/>\n5\n6\n7\n8\n</domain>\n", removal("a"), "x",
		"--- x\n+++ x\n@@ -3,7 +3,6 @@\n 2\n 3\n 4\n-<a/>\n 5\n 6\n 7\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_attribute),
		cmocka_unit_test(test_add_attribute),
		cmocka_unit_test(test_remove_attribute),
		cmocka_unit_test(test_attribute_as_it_is),
		cmocka_unit_test(test_set_text),
		cmocka_unit_test(test_set_text_in_pieces),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_insert_behind_its_like),
		cmocka_unit_test(test_insert_at_the_end),
		cmocka_unit_test(test_insert_into_nothing),
		cmocka_unit_test(test_insert_beside),
		cmocka_unit_test(test_insert_where_libvirt_has_it),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_prologue),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_in_each_others_way),
		cmocka_unit_test(test_two_actions),
		cmocka_unit_test(test_diff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
