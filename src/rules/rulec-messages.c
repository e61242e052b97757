/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include "base/site-file.h"
#include "rules/message.h"
#include "rules/rulec.h"
#include "rules/rule-xml.h"

#define NAME(enumerator) [enumerator] = #enumerator
static const char *const kind_name[] = {
	NAME(VC_MESSAGE_FAILURE), NAME(VC_MESSAGE_WARNING), NAME(VC_MESSAGE_NOISE),
	NAME(VC_MESSAGE_WRAPPER), NAME(VC_MESSAGE_VERSION),
};

struct message_names {
	unsigned symptoms, advice, sources;
};

static void
write_message(struct writer *w, const struct vc_message *message, const struct message_names *names)
{
	fputs("\t{\n", w->file);
	write_line(w, "id", message->id);
	write_line(w, "file", rulec_shown_file(message->file));
	fprintf(w->file, "\t.kind = %s,\n", kind_name[message->kind]);
	write_line(w, "title", message->title);
	write_line(w, "meaning", message->meaning);
	write_list(w, "advice", "advices", names->advice, message->advices);
	fprintf(w->file, "\t.symptom = symptoms_%u, .symptoms = %zu,\n", names->symptoms, message->symptoms);
	write_list(w, "source", "sources", names->sources, message->sources);
	fputs("\t},\n", w->file);
}

static void
write_messages(struct writer *w, const struct vc_messages *messages)
{
	struct message_names *names = vc_arena_make_array(w->arena, messages->count + 1, struct message_names);

	fputs("/* Made by rulec from the files of data/messages; changes are lost. */\n"
	      "#include \"rules/message.h\"\n\n",
	      w->file);
	for (size_t i = 0; i < messages->count; i++) {
		const struct vc_message *message = &messages->item[i];

		names[i].symptoms = write_symptoms(w, message->symptom, message->symptoms);
		names[i].advice = write_texts(w, message->advice, message->advices);
		names[i].sources = write_texts(w, message->source, message->sources);
	}
	fputs("static const struct vc_message messages[] = {\n", w->file);
	for (size_t i = 0; i < messages->count; i++)
		write_message(w, &messages->item[i], &names[i]);
	fprintf(w->file,
		"};\n\nconst struct vc_messages vc_builtin_messages = { .item = messages, .count = %zu };\n",
		messages->count);
}

static int
load_file(const char *path, struct vc_arena *arena, struct vc_diags *diags, struct vc_messages *messages)
{
	_cleanup_free_ char *text = NULL;
	struct stat st;
	const char *why;
	size_t size;
	int r;

	r = vc_site_file_read(AT_FDCWD, path, VC_SITE_XML_MAX, &why, &st, &text, &size);
	if (r < 0) {
		vc_diag_add(diags, path, 0, "%s", why);
		return r;
	}
	return vc_messages_load(text, size, path, arena, diags, messages);
}

int
rulec_messages(const char *output, char **path, size_t paths, struct vc_arena *arena, struct vc_diags *diags)
{
	struct vc_messages messages = { 0 };
	struct writer w = { .arena = arena };
	int r = 0;

	for (size_t i = 0; i < paths; i++)
		r = load_file(path[i], arena, diags, &messages) < 0 ? -1 : r;
	if (r < 0 || vc_messages_finish(&messages, arena, diags) < 0 || rulec_open(&w, output) < 0)
		return 1;
	write_messages(&w, &messages);
	return rulec_close(&w, output);
}
