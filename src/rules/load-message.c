/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of data/messages. As with rules, everything that is wrong is reported at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/load.h"
#include "rules/message.h"

static const struct vc_xml_attribute message_attributes[] = {
	{ .name = "id", .required = true },
	{ .name = "kind", .required = true },
};

struct message_loader {
	struct vc_message message;
	struct vc_symptom *symptom;
	const char **advice, **source;
};

static const char *
fold(const struct vc_source *source, const char *text)
{
	return vc_text_fold(source->arena, text, strlen(text));
}

static void
append_text(const struct vc_source *source, const char *text, const char ***list, size_t *count)
{
	*(const char **)vc_arena_append(source->arena, (void **)list, count, sizeof(**list)) = text;
}

static void
load_title(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct message_loader *l = context;

	l->message.title = fold(source, text);
}

static void
load_symptom(void *context, const struct vc_source *source, xmlNode *node, const char *text)
{
	struct message_loader *l = context;

	vc_load_symptom(source, node, text, &l->symptom, &l->message.symptoms);
}

static void
load_meaning(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct message_loader *l = context;

	l->message.meaning = vc_load_paragraphs(source, text);
}

static void
load_advice(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct message_loader *l = context;

	append_text(source, fold(source, text), &l->advice, &l->message.advices);
}

static void
load_source(void *context, const struct vc_source *source, xmlNode *node _unused_, const char *text)
{
	struct message_loader *l = context;

	append_text(source, fold(source, text), &l->source, &l->message.sources);
}

static const struct vc_xml_element message_elements[] = {
	{ .name = "title", .required = true, .content = VC_XML_TEXT, .load = load_title },
	{ .name = "symptom",
	  .required = true,
	  .repeatable = true,
	  .attribute = vc_load_symptom_attributes,
	  .attributes = VC_LOAD_SYMPTOM_ATTRIBUTES,
	  .content = VC_XML_TEXT,
	  .load = load_symptom },
	{ .name = "meaning", .required = true, .content = VC_XML_TEXT, .load = load_meaning },
	{ .name = "advice", .repeatable = true, .content = VC_XML_TEXT, .load = load_advice },
	{ .name = "source",
	  .required = true,
	  .repeatable = true,
	  .content = VC_XML_TEXT,
	  .load = load_source },
};

static void
load_message(void *context, const struct vc_source *source, xmlNode *node, const char *text _unused_)
{
	struct vc_messages *messages = context;
	const char *id = vc_xml_attribute(source, node, "id");
	struct message_loader l = { .message = { .id = id, .file = source->file } };
	struct vc_message *item;

	if (id && !vc_load_is_id(id))
		VC_LOAD_REFUSE(source,
			       "the id '%s' should be words of small letters and digits joined by '-'", id);
	l.message.kind = (enum vc_message_kind)vc_load_word(source, node, "kind", VC_WORDS_MESSAGE,
							    VC_MESSAGE_FAILURE);
	vc_xml_load_children(source, node, message_elements, VC_COUNT(message_elements), &l);
	if (l.message.kind <= VC_MESSAGE_WARNING && l.message.advices == 0)
		VC_LOAD_REFUSE(source, "a failure or a warning needs <advice>: what to do about it");
	if (l.message.kind > VC_MESSAGE_WARNING && l.message.kind != VC_MESSAGE_WRAPPER &&
	    l.message.advices > 0)
		VC_LOAD_REFUSE(source,
			       "there is nothing to do about this kind of message: <advice> is for others");
	l.message.symptom = l.symptom;
	l.message.advice = l.advice;
	l.message.source = l.source;
	item = vc_arena_append(source->arena, (void **)&messages->item, &messages->count, sizeof(*item));
	*item = l.message;
}

static const struct vc_xml_element file_elements[] = {
	{ .name = "message",
	  .required = true,
	  .repeatable = true,
	  .attribute = message_attributes,
	  .attributes = VC_COUNT(message_attributes),
	  .content = VC_XML_CHILDREN,
	  .load = load_message },
};

int
vc_messages_load(const char *text, size_t size, const char *file, struct vc_arena *arena,
		 struct vc_diags *diags, struct vc_messages *messages)
{
	struct vc_source source = { .file = vc_arena_strdup(arena, file), .arena = arena, .diags = diags };
	_cleanup_xml_doc_ xmlDoc *doc = NULL;
	size_t before = diags->count;
	xmlNode *root;
	int r;

	r = vc_xml_parse(text, size, &source, &doc);
	if (r < 0)
		return r;
	root = xmlDocGetRootElement(doc);
	source.line = vc_xml_line(root);
	if (root->ns || strcmp(vc_xml_name(root), "messages") != 0) {
		VC_LOAD_REFUSE(&source, "the root element is <%s>; a file of messages holds <messages>",
			       vc_xml_name(root));
		return -EBADMSG;
	}
	vc_xml_check_attributes(&source, root, NULL, 0);
	vc_xml_load_children(&source, root, file_elements, VC_COUNT(file_elements), messages);
	return diags->count > before ? -EINVAL : 0;
}

static int
compare_ids(const void *a, const void *b)
{
	return strcmp(((const struct vc_message *)a)->id, ((const struct vc_message *)b)->id);
}

int
vc_messages_finish(struct vc_messages *messages, struct vc_arena *arena, struct vc_diags *diags)
{
	struct vc_message *sorted = vc_arena_make_array(arena, messages->count + 1, struct vc_message);
	int r = 0;

	if (messages->count == 0)
		return 0;
	memcpy(sorted, messages->item, messages->count * sizeof(*sorted));
	qsort(sorted, messages->count, sizeof(*sorted), compare_ids);
	for (size_t i = 1; i < messages->count; i++) {
		if (strcmp(sorted[i - 1].id, sorted[i].id) != 0)
			continue;
		vc_diag_add(diags, sorted[i].file, 0, "there is a message '%s' already, in %s", sorted[i].id,
			    sorted[i - 1].file);
		r = -EINVAL;
	}
	messages->item = sorted;
	return r;
}
