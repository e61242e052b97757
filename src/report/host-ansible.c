/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host fixes as Ansible tasks, with the modules every Ansible has. All of them carry the tag 'never', so
 * that a play does only what is asked for by its own tag [ansible-core 2.14 docs Special tags].
 */
#include <string.h>

#include "report/host-plan.h"

/* In double quotes: backslash and quote are escaped, a newline is \n. */
static void
add_yaml(struct vc_buf *out, const char *text)
{
	vc_buf_add(out, "\"");
	for (; *text; text++) {
		if (*text == '\n')
			vc_buf_add(out, "\\n");
		else if (*text == '"' || *text == '\\')
			vc_buf_addf(out, "\\%c", *text);
		else
			vc_buf_add_n(out, text, 1);
	}
	vc_buf_add(out, "\"");
}

struct task {
	const struct vc_host_setting *setting;
	const struct vc_host_step *step;
	const char *rule;
	size_t number;
	struct vc_arena *arena;
	struct vc_buf *out;
};

static void
begin_task(const struct task *task, const char *what)
{
	vc_buf_add(task->out, "- name: ");
	add_yaml(task->out, vc_arena_printf(task->arena, "%s: %s%s", task->rule,
					    vc_host_setting_words(task->setting, task->arena), what));
	vc_buf_add(task->out, "\n");
}

static void
end_task(const struct task *task)
{
	vc_buf_addf(task->out, "  become: true\n  tags: [never, vhostcheck_%zu]\n", task->number);
}

static void
write_line(const struct task *task, const char *key, const char *value)
{
	vc_buf_addf(task->out, "  %s: ", key);
	add_yaml(task->out, value);
	vc_buf_add(task->out, "\n");
}

static void
write_file(const struct task *task)
{
	const struct vc_host_step *step = task->step;

	if (strncmp(step->file, "/etc/default/", strlen("/etc/default/")) == 0) {
		begin_task(task, ", the directory of its file");
		vc_buf_add(task->out, "  ansible.builtin.file:\n    path: /etc/default/grub.d\n"
				      "    state: directory\n    mode: \"0755\"\n");
		end_task(task);
	}
	begin_task(task, ", its file");
	vc_buf_addf(task->out, "  ansible.builtin.copy:\n    dest: %s\n    content: ", step->file);
	add_yaml(task->out, vc_arena_printf(task->arena, "%s\n", step->content));
	vc_buf_add(task->out, "\n    mode: \"0644\"\n");
	if (step->then)
		vc_buf_addf(task->out, "  register: vhostcheck_%zu_file\n", task->number);
	end_task(task);
}

/* "['a', 'b']" */
static const char *
word_list(const struct task *task)
{
	const char *words = task->step->words_now ? task->step->words_now : task->setting->value;
	_cleanup_buf_ struct vc_buf list = { 0 };
	size_t length;

	vc_buf_add(&list, "[");
	for (const char *word = vc_word(words, &length); word; word = vc_word(word + length, &length)) {
		vc_buf_add(&list, list.length > 1 ? ", '" : "'");
		vc_buf_add_n(&list, word, length);
		vc_buf_add(&list, "'");
	}
	vc_buf_add(&list, "]");
	return vc_arena_strdup(task->arena, vc_buf_text(&list));
}

static void
write_then(const struct task *task)
{
	const struct vc_host_step *step = task->step;
	const char *when = vc_arena_printf(task->arena, "vhostcheck_%zu_file is changed", task->number);

	if (step->current) {
		begin_task(task, ", as it is set up");
		write_line(task, "ansible.builtin.command", step->current);
		vc_buf_addf(task->out, "  register: vhostcheck_%zu_current\n  changed_when: false\n"
				       "  check_mode: false\n", task->number);
		end_task(task);
		when = vc_arena_printf(task->arena,
				       "%s | %s((vhostcheck_%zu_current.stdout | replace('\"', ' ')).split()) | "
				       "length > 0",
				       word_list(task), task->setting->remove ? "intersect" : "difference",
				       task->number);
	}
	begin_task(task, "");
	write_line(task, "ansible.builtin.shell", step->then);
	write_line(task, "when", when);
	vc_buf_add(task->out, "  changed_when: true\n");
	end_task(task);
}

static void
write_now(const struct task *task)
{
	const struct vc_host_step *step = task->step;

	begin_task(task, ", now");
	if (!step->shows) {
		vc_buf_add(task->out, "  ansible.builtin.command:\n    cmd: ");
		add_yaml(task->out, step->now);
		vc_buf_addf(task->out, "\n    creates: %s\n", step->unless);
		end_task(task);
		return;
	}
	vc_buf_add(task->out, "  ansible.builtin.shell:\n    cmd: ");
	add_yaml(task->out, vc_arena_printf(task->arena,
					    "before=$(%s) && %s%s && { [ \"$before\" = \"$(%s)\" ] || echo changed; }",
					    step->shows, step->now,
					    task->setting->verb == VC_VERB_SYSCTL ? " > /dev/null" : "",
					    step->shows));
	vc_buf_add(task->out, "\n");
	if (step->needs)
		vc_buf_addf(task->out, "    removes: %s\n", step->needs);
	vc_buf_addf(task->out, "  register: vhostcheck_%zu_now\n", task->number);
	write_line(task, "changed_when",
		   vc_arena_printf(task->arena, "'changed' in (vhostcheck_%zu_now.stdout_lines | default([]))",
				   task->number));
	end_task(task);
}

void
vc_host_ansible_tasks(const struct vc_host_setting *setting, const struct vc_host_step *step,
		      const char *rule, size_t number, struct vc_arena *arena, struct vc_buf *out)
{
	const struct task task = {
		.setting = setting, .step = step, .rule = rule, .number = number, .arena = arena, .out = out,
	};

	if (step->words)
		return;
	if (step->file)
		write_file(&task);
	if (step->then)
		write_then(&task);
	if (step->now)
		write_now(&task);
}

/* Undoing is rare enough to be done by hand. */
static void
write_undo(const struct vc_host_plan_item *item, struct vc_arena *arena, struct vc_buf *out)
{
	vc_buf_add(out, "#   to undo it:\n");
	for (size_t i = item->fix.settings; i > 0; i--) {
		const char *undo = item->fix.setting[i - 1].step.undo;

		vc_host_plan_comment_code(undo ? undo : vc_arena_printf(arena, "(%s: by hand)",
									vc_host_setting_words(&item->fix.setting[i - 1].setting, arena)), out);
	}
}

void
vc_report_host_ansible(const struct vc_report *report, struct vc_buf *out)
{
	struct vc_host_plan plan;
	bool any = false;

	vc_host_plan_make(report, &plan);
	vc_buf_add(out, "---\n"
			"# What vhostcheck suggests to change on this host. Read it first.\n"
			"# A task list, for ansible.builtin.import_tasks. No task runs until its tag is asked for:\n"
			"#   ansible-playbook ... --tags vhostcheck_1,vhostcheck_3\n"
			"# Several fixes of one rule are alternatives: one of them is enough.\n");
	for (size_t i = 0; i < plan.count; i++) {
		const struct vc_host_plan_item *item = &plan.item[i];

		vc_buf_add(out, "\n");
		vc_host_plan_comment(item, i + 1, report->arena, out);
		if (!vc_host_plan_is_automatic(item))
			continue;
		any = true;
		write_undo(item, report->arena, out);
		for (size_t j = 0; j < item->fix.settings; j++)
			vc_host_ansible_tasks(&item->fix.setting[j].setting, &item->fix.setting[j].step,
					      item->rule->id, i + 1, report->arena, out);
	}
	if (!any)
		vc_buf_add(out, "\n[]\n");
}
