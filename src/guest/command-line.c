/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/command-line.h"

#include <errno.h>
#include <string.h>

#include "guest/qemu-option-names.h"
#include "guest/shell-words.h"

#define INPUT_MAX ((size_t)16 * 1024 * 1024)
/* A script that starts more guests than this is something else. */
#define LINES_MAX ((size_t)64)
/* What all of them together may have. A guest with hundreds of devices has some thousands. */
#define ARGUMENTS_MAX ((size_t)20000)
/* Lists of arguments that a script fills beforehand. */
#define ARRAYS_MAX ((size_t)256)

/* System emulators [qemu 7.2, 10.0 configs/targets/NAME-softmmu.mak] */
static const char *const targets[] = {
	"aarch64", "alpha",	"arm",	   "avr",   "cris",  "hppa",   "i386",	   "loongarch64", "m68k",
	"microblaze", "microblazeel", "mips", "mips64", "mips64el", "mipsel", "nios2", "or1k", "ppc",
	"ppc64",   "riscv32",	"riscv64", "rx",    "s390x", "sh4",    "sh4eb",	   "sparc",	  "sparc64",
	"tricore", "x86_64",	"xtensa",  "xtensaeb",
};

/* Programs that start another one. */
static const char *const launchers[] = {
	"!",	   "chrt",    "command", "do",	       "doas",	    "eatmydata", "else",    "env",     "exec",
	"firejail", "gdb",    "if",	 "ionice",     "ip",	    "nice",	 "nohup",   "nsenter", "numactl",
	"pkexec",  "prlimit", "runuser", "schedtool",  "screen",    "setpriv",	 "setsid",  "stdbuf",  "strace",
	"sudo",	   "systemd-run", "taskset", "then",   "time",	    "timeout",	 "tmux",    "unshare", "until",
	"while",   "{",
};

/* Options that next to nothing but QEMU has; two of them make a command without a known name one of QEMU's. */
static const char *const telling[] = {
	"-M",	  "-accel", "-bios", "-blockdev",   "-boot",   "-cdrom",  "-cpu",	"-device", "-display", "-drive",
	"-enable-kvm", "-hda", "-m", "-machine", "-netdev", "-nodefaults", "-nographic", "-object", "-pflash", "-smp",
	"-vga",
};

static bool
is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

static const char *
base_name(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

bool
vc_is_qemu_program(const char *word)
{
	static const char prefix[] = "qemu-system-", wrapped[] = "-wrapped";
	const char *name = base_name(word);
	char target[32];
	size_t length;

	if (strcmp(name, "qemu-kvm") == 0 || strcmp(name, "kvm") == 0)
		return true;
	name += name[0] == '.';
	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return false;
	name += strlen(prefix);
	length = strlen(name);
	if (length >= sizeof(target))
		return false;
	memcpy(target, name, length + 1);
	/* ".qemu-system-x86_64-wrapped", as NixOS has it */
	if (length > strlen(wrapped) && strcmp(target + length - strlen(wrapped), wrapped) == 0)
		target[length - strlen(wrapped)] = '\0';
	return is_one_of(target, targets, VC_COUNT(targets));
}

/* "NAME=value" in front of a command. */
static bool
is_assignment(const char *word)
{
	size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return length > 0 && word[length] == '=';
}

static size_t
count_telling(const struct vc_shell_command *command, size_t from)
{
	size_t count = 0;

	for (size_t i = from; i < command->words; i++)
		count += is_one_of(command->word[i].text, telling, VC_COUNT(telling));
	return count;
}

/* Asks QEMU for a list or its version, and starts nothing. */
static bool
is_question(const struct vc_shell_command *command, size_t from)
{
	static const char *const asks[] = { "-h", "-help", "--help", "-version", "--version" };

	for (size_t i = from; i < command->words; i++) {
		const char *word = command->word[i].text;

		if (is_one_of(word, asks, VC_COUNT(asks)))
			return true;
		if ((strcmp(word, "help") == 0 || strcmp(word, "?") == 0) && i > from &&
		    command->word[i - 1].text[0] == '-')
			return true;
	}
	return false;
}

static bool
begins_with_dash(const struct vc_shell_command *command, size_t i)
{
	return i < command->words && command->word[i].text[0] == '-';
}

/* An option, or a variable that may hold some. */
static bool
begins_options(const struct vc_shell_command *command, size_t i)
{
	return begins_with_dash(command, i) || (i < command->words && command->word[i].open);
}

/* Where the program stands in @command; SIZE_MAX if it runs none of QEMU's. */
static size_t
find_program(const struct vc_shell_command *command)
{
	size_t first = 0;
	bool launched;

	while (first < command->words && is_assignment(command->word[first].text))
		first++;
	if (first == command->words)
		return SIZE_MAX;
	if (vc_is_qemu_program(command->word[first].text))
		return is_question(command, first + 1) ? SIZE_MAX : first;
	launched = is_one_of(base_name(command->word[first].text), launchers, VC_COUNT(launchers));
	for (size_t i = first + 1; i < command->words; i++) {
		const char *word = command->word[i].text;

		/* "apt install qemu-system-x86" has the name as well, and "modprobe kvm". */
		if (!vc_is_qemu_program(word) || !begins_options(command, i + 1) || is_question(command, i + 1))
			continue;
		/* What ps and journals put before a command is no launcher, but the path behind it is whole. */
		if (launched || strchr(word, '/'))
			return i;
	}
	return SIZE_MAX;
}

static bool
is_privileged(const struct vc_shell_command *command, size_t program)
{
	for (size_t i = 0; i < program; i++) {
		const char *name = base_name(command->word[i].text);

		if (strcmp(name, "sudo") == 0 || strcmp(name, "doas") == 0 || strcmp(name, "pkexec") == 0)
			return true;
	}
	return false;
}

/* --- one command line --- */

struct finder {
	struct vc_arena *arena;
	struct vc_diags *diags;
	const char *file;
	const struct vc_shell_script *script;
	const struct vc_shell_command *array[ARRAYS_MAX];
	size_t arrays;
	struct vc_command_line *line;
	size_t lines, arguments;
};

static int
add_argument(struct finder *f, struct vc_command_line *line, const struct vc_shell_word *word)
{
	struct vc_argument *argument;

	if (++f->arguments > ARGUMENTS_MAX) {
		vc_diag_add(f->diags, f->file, word->line, "the command has too many arguments for QEMU");
		return -EFBIG;
	}
	argument = vc_arena_append(f->arena, (void **)&line->argument, &line->arguments, sizeof(*argument));
	*argument = (struct vc_argument){ .text = word->text, .line = word->line, .open = word->open };
	return 0;
}

/* Is @word "${NAME[@]}"? */
static bool
is_whole_array(const struct vc_shell_word *word, const char *name)
{
	size_t length = strlen(name);
	const char *at = word->text;

	return word->open && strncmp(at, "${", 2) == 0 && strncmp(at + 2, name, length) == 0 &&
	       (strcmp(at + 2 + length, "[@]}") == 0 || strcmp(at + 2 + length, "[*]}") == 0);
}

/* The words of an array that the script fills stand where it is named. False if it is none. */
static bool
add_array(struct finder *f, struct vc_command_line *line, const struct vc_shell_word *word, int *ret)
{
	bool found = false;

	if (!word->open || strncmp(word->text, "${", 2) != 0)
		return false;
	for (size_t i = 0; i < f->arrays; i++) {
		const struct vc_shell_command *command = f->array[i];

		if (!is_whole_array(word, command->array))
			continue;
		found = true;
		for (size_t w = 0; w < command->words && *ret == 0; w++)
			*ret = add_argument(f, line, &command->word[w]);
	}
	return found;
}

/* @program is where the program stands, SIZE_MAX for arguments alone from @from on. */
static int
add_line(struct finder *f, const struct vc_shell_command *command, size_t program, size_t from)
{
	struct vc_command_line line = { 0 };
	int r = 0;

	if (program != SIZE_MAX) {
		line.program = command->word[program].text;
		line.line = command->word[program].line;
		line.privileged = is_privileged(command, program);
	} else if (from < command->words) {
		line.line = command->word[from].line;
	}
	for (size_t i = from; i < command->words && r == 0; i++) {
		if (!add_array(f, &line, &command->word[i], &r))
			r = add_argument(f, &line, &command->word[i]);
	}
	if (r < 0)
		return r;
	if (f->lines == LINES_MAX) {
		vc_diag_add(f->diags, f->file, line.line, "more than %zu QEMU commands; no script has as many",
			    LINES_MAX);
		return -EFBIG;
	}
	*(struct vc_command_line *)vc_arena_append(f->arena, (void **)&f->line, &f->lines, sizeof(line)) = line;
	return 0;
}

static int
add_named(struct finder *f)
{
	int r = 0;

	for (size_t i = 0; i < f->script->commands && r == 0; i++) {
		const struct vc_shell_command *command = &f->script->command[i];
		size_t program = command->array ? SIZE_MAX : find_program(command);

		if (program != SIZE_MAX)
			r = add_line(f, command, program, program + 1);
	}
	return r;
}

/* Commands whose name says nothing ("$QEMU", "./run"), and arguments alone. */
static int
add_unnamed(struct finder *f)
{
	int r = 0;

	for (size_t i = 0; i < f->script->commands && r == 0; i++) {
		const struct vc_shell_command *command = &f->script->command[i];
		size_t first = 0;
		bool bare;

		while (first < command->words && is_assignment(command->word[first].text))
			first++;
		bare = begins_with_dash(command, first);
		if (command->array || count_telling(command, first) < (bare ? 1 : 2))
			continue;
		r = add_line(f, command, SIZE_MAX, bare ? first : first + 1);
	}
	return r;
}

static int
find_in_script(struct finder *f, const char *text, size_t size, int first_line)
{
	struct vc_shell_script script = { 0 };
	int r = vc_shell_parse(text, size, first_line, f->file, f->arena, f->diags, &script);

	if (r < 0)
		return r;
	f->script = &script;
	for (size_t i = 0; i < script.commands && f->arrays < ARRAYS_MAX; i++) {
		if (script.command[i].array)
			f->array[f->arrays++] = &script.command[i];
	}
	r = add_named(f);
	if (r == 0 && f->lines == 0)
		r = add_unnamed(f);
	return r;
}

/* --- other forms than scripts --- */

/* /proc/PID/cmdline: every argument ends in a NUL. */
static int
find_in_cmdline(struct finder *f, const char *text, size_t size)
{
	struct vc_shell_command command = { 0 };
	int r;

	for (const char *at = text, *end = text + size; at < end;) {
		const char *stop = memchr(at, '\0', (size_t)(end - at));
		struct vc_shell_word *word = vc_arena_append(f->arena, (void **)&command.word, &command.words,
							     sizeof(*word));

		word->text = vc_arena_strndup(f->arena, at, (size_t)((stop ? stop : end) - at));
		at = stop ? stop + 1 : end;
		/* One more than may be, which is refused then. */
		if (command.words > ARGUMENTS_MAX + 1)
			break;
	}
	if (command.words == 0)
		return 0;
	r = add_line(f, &command, 0, 1);
	if (r == 0)
		f->line[f->lines - 1].running = true;
	return r;
}

/* [libvirt 9.0, 11.3 src/qemu/qemu_process.c qemuProcessLogStartup] */
static const char log_mark[] = ": starting up libvirt version: ";

/*
 * libvirt's log of a guest: the last start counts. Its command is the lines behind the mark, each but the last ending
 * in a backslash; what guests and QEMU wrote stands around it, and is no shell text. NULL if it is no such log.
 */
static const char *
find_last_start(const char *text, size_t size, size_t *ret_size, int *ret_line)
{
	const char *end = text + size, *start = NULL, *at, *stop;
	int line = 1;

	for (at = text; at < end; at = stop < end ? stop + 1 : end, line++) {
		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (memmem(at, (size_t)(stop - at), log_mark, strlen(log_mark))) {
			start = stop < end ? stop + 1 : end;
			*ret_line = line + 1;
		}
	}
	if (!start)
		return NULL;
	for (at = start; at < end; at = stop < end ? stop + 1 : end) {
		const char *last;

		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		last = stop;
		while (last > at && (last[-1] == '\r' || last[-1] == ' '))
			last--;
		if (last == at || last[-1] != '\\')
			break;
	}
	*ret_size = (size_t)((at < end ? stop : end) - start);
	return start;
}

static int
find_in_text(struct finder *f, const char *text, size_t size)
{
	size_t log_size = 0;
	int line = 0;
	const char *log;

	if (memchr(text, '\0', size))
		return find_in_cmdline(f, text, size);
	log = find_last_start(text, size, &log_size, &line);
	if (log)
		return find_in_script(f, log, log_size, line);
	return find_in_script(f, text, size, 1);
}

int
vc_command_lines_find(const char *text, size_t size, const char *file, struct vc_arena *arena,
		      struct vc_diags *diags, struct vc_command_line **ret_line, size_t *ret_count)
{
	struct finder finder = { .arena = arena, .diags = diags, .file = file };
	size_t blanks = 0;
	int r;

	if (size > INPUT_MAX) {
		vc_diag_add(diags, file, 0, "larger than 16 MiB; no command line is");
		return -EFBIG;
	}
	while (blanks < size && text[blanks] && strchr(" \t\r\n", text[blanks]))
		blanks++;
	if (blanks < size && text[blanks] == '<') {
		vc_diag_add(diags, file, 0, "this is XML, not a QEMU command line; leave --qemu-args out");
		return -EBADMSG;
	}
	r = find_in_text(&finder, text, size);
	if (r < 0)
		return r;
	if (finder.lines == 0) {
		vc_diag_add(diags, file, 0,
			    "no QEMU command line in it: nothing runs qemu-system-..., qemu-kvm or kvm, or has its options");
		return -EBADMSG;
	}
	*ret_line = finder.line;
	*ret_count = finder.lines;
	return 0;
}

void
vc_command_line_from_words(const char *const *word, size_t words, struct vc_arena *arena,
			   struct vc_command_line *ret_line)
{
	struct vc_command_line line = { 0 };

	if (words > 0)
		line.program = word[0];
	for (size_t i = 1; i < words; i++) {
		struct vc_argument *argument = vc_arena_append(arena, (void **)&line.argument, &line.arguments,
							       sizeof(*argument));

		argument->text = word[i];
	}
	*ret_line = line;
}
