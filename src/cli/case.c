/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/case.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/input.h"

static const char *const expectation_name[] = {
	[VC_EXPECT_PASS] = "pass", [VC_EXPECT_FAIL] = "fail",	[VC_EXPECT_UNDECIDED] = "undecided",
	[VC_EXPECT_SKIP] = "skip", [VC_EXPECT_CLEAN] = "clean",
};

/* --- reading --- */

struct reader {
	struct vc_case *test;
	struct vc_arena *arena;
	struct vc_diags *diags;
	int line;
	bool has_outcome;
};

typedef int key_fn(struct reader *reader, const char *value);

static int
refuse(struct reader *reader, const char *what, const char *value)
{
	vc_diag_add(reader->diags, reader->test->file, reader->line, "%s: '%s'", what, value);
	return -EINVAL;
}

static int
key_outcome(struct reader *reader, const char *value)
{
	for (size_t i = 0; i < VC_COUNT(expectation_name); i++) {
		if (strcmp(value, expectation_name[i]) == 0) {
			reader->test->expected = (enum vc_expectation)i;
			reader->has_outcome = true;
			return 0;
		}
	}
	return refuse(reader, "not pass, fail, undecided, skip or clean", value);
}

/* Paths in a case are relative to the case file. */
static const char *
beside(struct reader *reader, const char *path)
{
	const char *slash = strrchr(reader->test->file, '/');

	if (path[0] == '/' || !slash)
		return vc_arena_strdup(reader->arena, path);
	return vc_arena_printf(reader->arena, "%.*s/%s", (int)(slash - reader->test->file), reader->test->file,
			       path);
}

static int
key_domain(struct reader *reader, const char *value)
{
	reader->test->domain_file = beside(reader, value);
	return vc_input_read(reader->test->domain_file, reader->arena, reader->diags, &reader->test->domain,
			     &reader->test->domain_size);
}

static int
key_input(struct reader *reader, const char *value)
{
	if (strcmp(value, "domain") != 0 && strcmp(value, "qemu-args") != 0)
		return refuse(reader, "not domain or qemu-args", value);
	reader->test->is_command_line = strcmp(value, "qemu-args") == 0;
	return 0;
}

static int
key_host(struct reader *reader, const char *value)
{
	reader->test->host = beside(reader, value);
	return 0;
}

static int
key_qemu_version(struct reader *reader, const char *value)
{
	reader->test->has_qemu_version = true;
	if (vc_version_parse(value, &reader->test->qemu_version) < 0)
		return refuse(reader, "not a version", value);
	return 0;
}

static int
key_libvirt_version(struct reader *reader, const char *value)
{
	reader->test->has_libvirt_version = true;
	if (vc_version_parse(value, &reader->test->libvirt_version) < 0)
		return refuse(reader, "not a version", value);
	return 0;
}

static int
keep_line(struct reader *reader, struct vc_case_line **lines, size_t *count, const char *value)
{
	struct vc_case_line *line = vc_arena_append(reader->arena, (void **)lines, count, sizeof(**lines));

	*line = (struct vc_case_line){ .line = reader->line, .text = vc_arena_strdup(reader->arena, value) };
	return 0;
}

static int
key_fact(struct reader *reader, const char *value)
{
	return keep_line(reader, &reader->test->fact, &reader->test->facts, value);
}

static int
key_says(struct reader *reader, const char *value)
{
	return keep_line(reader, &reader->test->says, &reader->test->says_count, value);
}

static const struct {
	const char *key;
	key_fn *read;
} keys[] = {
	{ .key = "outcome", .read = key_outcome },
	{ .key = "domain", .read = key_domain },
	{ .key = "input", .read = key_input },
	{ .key = "host", .read = key_host },
	{ .key = "qemu-version", .read = key_qemu_version },
	{ .key = "libvirt-version", .read = key_libvirt_version },
	{ .key = "fact", .read = key_fact },
	{ .key = "says", .read = key_says },
};

static int
read_header_line(struct reader *reader, char *line)
{
	char *colon = strchr(line, ':');
	size_t length = strlen(line);

	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r'))
		line[--length] = '\0';
	if (length == 0 || line[0] == '#')
		return 0;
	if (colon) {
		*colon = '\0';
		for (size_t i = 0; i < VC_COUNT(keys); i++) {
			if (strcmp(line, keys[i].key) == 0)
				return keys[i].read(reader, colon + 1 + strspn(colon + 1, " "));
		}
	}
	return refuse(reader, "not 'key: value' with a known key", line);
}

/* The name of the directory the file is in: the rule. */
static const char *
directory_name(const char *file, struct vc_arena *arena)
{
	const char *slash = strrchr(file, '/'), *start;

	if (!slash)
		return "";
	for (start = slash; start > file && start[-1] != '/';)
		start--;
	return vc_arena_strndup(arena, start, (size_t)(slash - start));
}

int
vc_case_load(const char *file, struct vc_arena *arena, struct vc_diags *diags, struct vc_case *ret_case)
{
	struct vc_case test = { .file = file, .rule = directory_name(file, arena) };
	struct reader reader = { .test = &test, .arena = arena, .diags = diags };
	const char *text;
	size_t size;
	int r;

	r = vc_input_read(file, arena, diags, &text, &size);
	if (r < 0)
		return r;
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, "\n");

		reader.line++;
		if (length == 3 && memcmp(at, "---", 3) == 0) {
			at += at[3] ? 4 : 3;
			test.domain_file = file;
			test.domain = at;
			test.domain_size = size - (size_t)(at - text);
			break;
		}
		r = read_header_line(&reader, vc_arena_strndup(arena, at, length));
		if (r < 0)
			return r;
		at += length + (at[length] != '\0');
	}
	if (!reader.has_outcome)
		return refuse(&reader, "no outcome in", file);
	*ret_case = test;
	return 0;
}

/* --- running --- */

/* Versions named by a case without a host: the emulator of its domain has that version. */
static void
set_versions(const struct vc_case *test, struct vc_run *run)
{
	const struct vc_guest *guest = run->subjects > 0 ? &run->subject[0].guest : NULL;
	struct vc_emulator *emulator;

	if (test->has_libvirt_version)
		vc_set_version(&run->host.libvirt_version, test->libvirt_version, "libvirt-version of the case");
	if (!test->has_qemu_version || !guest || !vc_known(&guest->emulator.fact))
		return;
	emulator = vc_list_append(run->arena, &run->host.emulator, sizeof(*emulator), "qemu-version of the case");
	vc_set_text(&emulator->path, guest->emulator.value, "qemu-version of the case");
	vc_set_version(&emulator->version, test->qemu_version, "qemu-version of the case");
}

static int
compare_devices(const void *a, const void *b)
{
	return strcmp(((const struct vc_pci *)a)->address.value, ((const struct vc_pci *)b)->address.value);
}

/* The model holds devices by address, whatever order a case names them in. */
static void
sort_devices(struct vc_host *host)
{
	if (host->pci.count > 1)
		qsort(host->pci.item, host->pci.count, sizeof(struct vc_pci), compare_devices);
}

/* Devices that are named exist, unless the case says itself which do. */
static void
set_addresses(struct vc_run *run)
{
	struct vc_host *host = &run->host;
	const char **address;

	if (host->pci_addresses.fact.state != VC_UNREAD || host->pci.count == 0)
		return;
	address = vc_arena_make_array(run->arena, host->pci.count, const char *);
	for (size_t i = 0; i < host->pci.count; i++)
		address[i] = ((const struct vc_pci *)host->pci.item)[i].address.value;
	vc_set_set(run->arena, &host->pci_addresses, address, host->pci.count, "the devices the case names");
}

static int
probe_host(const struct vc_case *test, const struct vc_run_options *options, struct vc_run *run)
{
	struct vc_run_options with_versions = *options;
	int r = vc_hostfs_open(test->host, run->arena, &run->diags, &run->fs);

	if (r < 0)
		return r;
	if (test->has_qemu_version)
		with_versions.qemu_version = &test->qemu_version;
	if (test->has_libvirt_version)
		with_versions.libvirt_version = &test->libvirt_version;
	vc_run_probe(run, &with_versions);
	return 0;
}

static int
add_input(const struct vc_case *test, struct vc_run *run)
{
	int r;

	if (!test->is_command_line)
		return vc_run_add_domain_text(run, test->domain, test->domain_size, test->domain_file);
	r = vc_run_add_command_lines_text(run, test->domain, test->domain_size, test->domain_file);
	if (r == 0 && run->subjects != 1) {
		vc_diag_add(&run->diags, test->file, 0, "holds %zu QEMU commands; a case has one", run->subjects);
		return -EINVAL;
	}
	return r;
}

int
vc_case_prepare(const struct vc_case *test, const struct vc_run_options *options, struct vc_run *run)
{
	int r;

	if (test->domain) {
		r = add_input(test, run);
		if (r < 0)
			return r;
	}
	if (test->host) {
		r = probe_host(test, options, run);
		if (r < 0)
			return r;
	} else {
		set_versions(test, run);
	}
	for (size_t i = 0; i < test->facts; i++) {
		r = vc_case_set_fact(&run->host, test->fact[i].text, test->file, test->fact[i].line, run->arena,
				     &run->diags);
		if (r < 0)
			return r;
	}
	sort_devices(&run->host);
	if (!test->host)
		set_addresses(run);
	if (run->subjects == 0)
		vc_run_add_host(run);
	return 0;
}

static const char *
judge_clean(const struct vc_run *run)
{
	const struct vc_findings *findings = &run->subject[0].findings;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (finding->outcome == VC_FAIL)
			return vc_arena_printf(run->arena, "%s fails: %s", finding->rule->id, finding->message);
	}
	return "";
}

/* Does every text of "says:" stand in one of the messages? */
static const char *
judge_messages(const struct vc_case *test, const struct vc_run *run)
{
	const struct vc_findings *findings = &run->subject[0].findings;

	for (size_t s = 0; s < test->says_count; s++) {
		const char *last = NULL;
		bool said = false;

		for (size_t i = 0; i < findings->count && !said; i++) {
			const struct vc_finding *finding = &findings->item[i];

			if (finding->outcome != VC_FAIL || strcmp(finding->rule->id, test->rule) != 0)
				continue;
			last = finding->message;
			said = strstr(finding->message, test->says[s].text) != NULL;
		}
		if (!said)
			return vc_arena_printf(run->arena, "does not say '%s' but '%s'", test->says[s].text,
					       last ? last : "nothing");
	}
	return "";
}

/* Pass and skip are only counted, over all rules: what this one did is known from a run with it alone. */
static enum vc_expectation
outcome_of(const struct vc_case *test, const struct vc_run *run, const char **ret_why)
{
	const struct vc_findings *findings = &run->subject[0].findings;
	enum vc_expectation outcome = findings->passed > 0 ? VC_EXPECT_PASS : VC_EXPECT_SKIP;

	*ret_why = "";
	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (strcmp(finding->rule->id, test->rule) != 0)
			continue;
		if (finding->outcome == VC_FAIL) {
			*ret_why = finding->message;
			return VC_EXPECT_FAIL;
		}
		if (finding->outcome == VC_UNDECIDED) {
			outcome = VC_EXPECT_UNDECIDED;
			*ret_why = vc_arena_printf(run->arena, "%s: %s", finding->unknown_fact,
						   finding->unknown_reason);
		}
	}
	return outcome;
}

const char *
vc_case_judge(const struct vc_case *test, const struct vc_run *run)
{
	enum vc_expectation outcome;
	const char *why;

	if (test->expected == VC_EXPECT_CLEAN)
		return judge_clean(run);
	outcome = outcome_of(test, run, &why);
	if (outcome != test->expected)
		return vc_arena_printf(run->arena, "is %s, not %s%s%s%s", expectation_name[outcome],
				       expectation_name[test->expected], *why ? " (" : "", why, *why ? ")" : "");
	return judge_messages(test, run);
}

/* --- finding and running many --- */

struct finder {
	struct vc_arena *arena;
	struct vc_diags *diags;
	const char **file;
	size_t count;
};

static bool
is_case(const char *name)
{
	size_t length = strlen(name);

	return length > 5 && strcmp(name + length - 5, ".case") == 0;
}

static void
close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int
find_below(struct finder *finder, const char *path, unsigned depth)
{
	_cleanup_(close_dir) DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir && errno == ENOTDIR) {
		*(const char **)vc_arena_append(finder->arena, (void **)&finder->file, &finder->count,
						sizeof(*finder->file)) = vc_arena_strdup(finder->arena, path);
		return 0;
	}
	if (!dir || depth == 0) {
		vc_diag_add(finder->diags, path, 0, "%s", dir ? "too deep" : strerror(errno));
		return -EINVAL;
	}
	while ((entry = readdir(dir))) {
		const char *below = vc_arena_printf(finder->arena, "%s/%s", path, entry->d_name);
		struct stat st;
		int r;

		if (entry->d_name[0] == '.' || lstat(below, &st) < 0 ||
		    (!S_ISDIR(st.st_mode) && !is_case(entry->d_name)))
			continue;
		r = find_below(finder, below, depth - 1);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
compare_files(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
vc_cases_find(const char *const *path, size_t count, struct vc_arena *arena, struct vc_diags *diags,
	      const char *const **ret_file, size_t *ret_count)
{
	struct finder finder = { .arena = arena, .diags = diags };

	for (size_t i = 0; i < count; i++) {
		int r = find_below(&finder, path[i], 8);

		if (r < 0)
			return r;
	}
	if (finder.count > 0)
		qsort(finder.file, finder.count, sizeof(*finder.file), compare_files);
	*ret_file = finder.file;
	*ret_count = finder.count;
	return 0;
}

/* What became of a suppression shows only beside the rules that it is about. */
static bool
is_about_ignores(const struct vc_rule *rule)
{
	return rule->each && rule->each->item == &vc_schema_ignore;
}

/* Only the rule in question runs; a clean case runs all. */
static int
run_case(const char *file, const struct vc_run_options *options, FILE *out)
{
	struct vc_run run;
	struct vc_run_options no_root = *options;
	struct vc_case test;
	const struct vc_rule *rule;
	bool differs = false;
	int r;

	no_root.root = NULL;
	vc_run_init(&run);
	r = vc_case_load(file, run.arena, &run.diags, &test);
	if (r == 0)
		r = vc_run_open(&run, &no_root);
	if (r == 0 && test.expected != VC_EXPECT_CLEAN) {
		rule = vc_ruleset_find(&run.rules, test.rule);
		if (!rule) {
			vc_diag_add(&run.diags, file, 0, "there is no rule '%s'", test.rule);
			r = -ENOENT;
		} else if (!is_about_ignores(rule)) {
			const struct vc_rule **one = vc_arena_make(run.arena, const struct vc_rule *);

			*one = rule;
			run.rules = (struct vc_ruleset){ .rule = one, .count = 1 };
		}
	}
	if (r == 0)
		r = vc_case_prepare(&test, &no_root, &run);
	if (r == 0) {
		const char *difference;

		vc_run_judge(&run, &no_root);
		difference = vc_case_judge(&test, &run);
		differs = *difference != '\0';
		if (differs)
			fprintf(out, "%s: %s\n", file, difference);
	}
	for (size_t i = 0; r < 0 && i < run.diags.count; i++) {
		const struct vc_diag *diag = &run.diags.item[i];

		fprintf(out, "%s:%d: %s\n", diag->file ? diag->file : file, diag->line, diag->text);
	}
	vc_run_release(&run);
	if (r < 0)
		return 2;
	return differs ? 1 : 0;
}

int
vc_cases_run(const char *const *path, size_t count, const struct vc_run_options *options, FILE *out)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *const *file;
	size_t files, failed = 0, broken = 0;

	if (vc_cases_find(path, count, arena, &diags, &file, &files) < 0) {
		fprintf(out, "%s: %s\n", diags.item[0].file, diags.item[0].text);
		return 2;
	}
	for (size_t i = 0; i < files; i++) {
		int r = run_case(file[i], options, out);

		failed += r == 1;
		broken += r == 2;
	}
	fprintf(out, "%zu cases: %zu as expected, %zu not, %zu unreadable\n", files, files - failed - broken, failed,
		broken);
	/* Nothing tested is not a success. */
	return broken > 0 || files == 0 ? 2 : failed > 0 ? 1 : 0;
}
