/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/libvirt-door.h"

#include <dlfcn.h>
#include <errno.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/suggest.h"
#include "base/uuid.h"
#include "guest/libvirt-calls.h"

/* Has not changed since 2006, and is not meant to [libvirt 11.3 src/meson.build]. */
#define SONAME "libvirt.so.0"
/* More than any host has; a server may claim anything. */
#define DOMAINS_MAX 100000

#define MEMBER(type, name, arguments) type(*name) arguments;
struct calls {
	VC_LIBVIRT_CALLS(MEMBER)
};

static const struct {
	const char *name;
	size_t offset;
} calls[] = {
#define CALL(type, call, arguments) { .name = #call, .offset = offsetof(struct calls, call) },
	VC_LIBVIRT_CALLS(CALL)
#undef CALL
};

/* What the thread that talks to libvirt has found. All of it is on the heap, as it may outlive whoever asked.
 */
struct found {
	char *name, *xml, *why;
};

struct job {
	struct calls call;
	char *request_uri;
	char **name;
	size_t names;
	_Atomic unsigned steps; /* counts what libvirt has answered */
	_Atomic bool complete;  /* what is below is all there is */
	sem_t ended;
	char *error; /* NULL: it went well */
	char *uri;
	struct found *found;
	size_t count;
};

/* --- memory that the arena's owner does not own --- */

static void *
allocate(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		abort();
	return memory;
}

static char *
copy(const char *text)
{
	char *same = text ? strdup(text) : NULL;

	if (text && !same)
		abort();
	return same;
}

static void
free_job(struct job *job)
{
	for (size_t i = 0; i < job->names; i++)
		free(job->name[i]);
	for (size_t i = 0; i < job->count; i++) {
		free(job->found[i].name);
		free(job->found[i].xml);
		free(job->found[i].why);
	}
	sem_destroy(&job->ended);
	free(job->name);
	free(job->found);
	free(job->request_uri);
	free(job->error);
	free(job->uri);
	free(job);
}

/* --- in the thread --- */

/* Without one libvirt prints its errors itself. */
static void
keep_quiet(void *context _unused_, struct _virError *error _unused_)
{
}

static void
keep_parser_quiet(void *context _unused_, const char *format _unused_, ...)
{
}

static char *
last_error(const struct job *job)
{
	const char *message = job->call.virGetLastErrorMessage();

	return copy(message && *message ? message : "libvirt does not say why");
}

static void
step(struct job *job)
{
	atomic_fetch_add(&job->steps, 1);
}

/* Takes @domain over. */
static void
read_domain(struct job *job, struct _virDomain *domain, struct found *found)
{
	found->xml = job->call.virDomainGetXMLDesc(domain, VC_LIBVIRT_XML_INACTIVE);
	step(job);
	if (!found->xml)
		found->why = last_error(job);
	job->call.virDomainFree(domain);
}

/* "did you mean"; NULL if nothing is near. */
static char *
nearest_name(struct job *job, struct _virConnect *connection, const char *name)
{
	struct _virDomain **domain = NULL;
	int count = job->call.virConnectListAllDomains(connection, &domain, 0);
	struct vc_suggest suggest;
	char *best;

	step(job);
	vc_suggest_init(&suggest, name);
	for (int i = 0; i < count; i++) {
		const char *candidate = job->call.virDomainGetName(domain[i]);

		if (candidate)
			vc_suggest_offer(&suggest, candidate);
	}
	best = copy(suggest.best);
	for (int i = 0; i < count; i++)
		job->call.virDomainFree(domain[i]);
	free(domain);
	return best;
}

static char *
why_unknown(struct job *job, struct _virConnect *connection, const char *name)
{
	_cleanup_free_ char *near = NULL;
	char *why = NULL;

	if (job->call.virGetLastErrorCode() != VC_LIBVIRT_NO_DOMAIN)
		return last_error(job);
	near = nearest_name(job, connection, name);
	if (asprintf(&why, "there is no such domain%s%s%s", near ? "; did you mean '" : "", near ? near : "",
		     near ? "'?" : "") < 0)
		abort();
	return why;
}

static void
read_named(struct job *job, struct _virConnect *connection, const char *name, struct found *found)
{
	struct _virDomain *domain = NULL;

	found->name = copy(name);
	if (vc_is_uuid(name))
		domain = job->call.virDomainLookupByUUIDString(connection, name);
	if (!domain)
		domain = job->call.virDomainLookupByName(connection, name);
	step(job);
	if (domain)
		read_domain(job, domain, found);
	else
		found->why = why_unknown(job, connection, name);
}

static int
compare_found(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

static void
read_all(struct job *job, struct _virConnect *connection)
{
	struct _virDomain **domain = NULL;
	int count = job->call.virConnectListAllDomains(connection, &domain, 0);

	step(job);
	if (count < 0) {
		job->error = last_error(job);
		return;
	}
	job->found = allocate((size_t)count, sizeof(*job->found));
	for (int i = 0; i < count && i < DOMAINS_MAX; i++) {
		struct found *found = &job->found[job->count];
		const char *name = job->call.virDomainGetName(domain[i]);

		found->name = copy(name ? name : "");
		read_domain(job, domain[i], found);
		if (found->why && job->call.virGetLastErrorCode() == VC_LIBVIRT_NO_DOMAIN) {
			/* It has gone meanwhile. */
			free(found->name);
			free(found->why);
			*found = (struct found){ .name = NULL };
			continue;
		}
		job->count++;
	}
	free(domain);
	qsort(job->found, job->count, sizeof(*job->found), compare_found);
}

static void
talk(struct job *job)
{
	struct _virConnect *connection;

	job->call.virSetErrorFunc(NULL, keep_quiet);
	connection =
		job->call.virInitialize() < 0 ? NULL : job->call.virConnectOpenReadOnly(job->request_uri);
	step(job);
	if (!connection) {
		job->error = last_error(job);
		atomic_store(&job->complete, true);
		return;
	}
	job->uri = job->call.virConnectGetURI(connection);
	if (job->names == 0) {
		read_all(job, connection);
	} else {
		job->found = allocate(job->names, sizeof(*job->found));
		for (; job->count < job->names; job->count++)
			read_named(job, connection, job->name[job->count], &job->found[job->count]);
	}
	/* Saying goodbye can hang as well, and nobody needs to wait for that. */
	atomic_store(&job->complete, true);
	job->call.virConnectClose(connection);
}

static void *
thread(void *context)
{
	struct job *job = context;

	/* libvirt's XML parser is ours, and complains to standard error in each thread by itself. */
	xmlSetGenericErrorFunc(NULL, keep_parser_quiet);
	talk(job);
	sem_post(&job->ended);
	return NULL;
}

/* --- outside of it --- */

static bool
load(struct calls *ret_calls, const char *uri, struct vc_diags *diags)
{
	/* Never unloaded: it costs nothing, and libraries below it do not all survive it. */
	void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		vc_diag_add(diags, uri, 0,
			    "domains by name need " SONAME
			    ", which is not installed: install the Debian package libvirt0, or name a file");
		return false;
	}
	for (size_t i = 0; i < VC_COUNT(calls); i++) {
		void *call = dlsym(library, calls[i].name);

		if (!call) {
			vc_diag_add(diags, uri, 0, "this " SONAME " has no %s", calls[i].name);
			return false;
		}
		memcpy((char *)ret_calls + calls[i].offset, &call, sizeof(call));
	}
	return true;
}

static struct job *
new_job(const struct vc_libvirt_request *request)
{
	struct job *job = allocate(1, sizeof(*job));

	job->request_uri = copy(request->uri);
	job->name = allocate(request->names, sizeof(*job->name));
	job->names = request->names;
	for (size_t i = 0; i < request->names; i++)
		job->name[i] = copy(request->name[i]);
	sem_init(&job->ended, 0, 0);
	return job;
}

/* False: libvirt has not answered anything for @seconds. */
static bool
wait_for(struct job *job, unsigned seconds)
{
	unsigned steps;

	do {
		struct timespec until;
		int r;

		steps = atomic_load(&job->steps);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += seconds;
		do {
			r = sem_clockwait(&job->ended, CLOCK_MONOTONIC, &until);
		} while (r < 0 && errno == EINTR);
		if (r == 0)
			return true;
	} while (atomic_load(&job->steps) != steps);
	return false;
}

/* libvirt's own words are about its sockets; these are about what to do. */
static const char *
advice(const char *uri)
{
	size_t length = strcspn(uri, "?");

	if (length >= 8 && strncmp(uri + length - 8, "/session", 8) == 0)
		return "; the domains of the system are at qemu:///system";
	if (length >= 7 && strncmp(uri + length - 7, "/system", 7) == 0)
		return "; the domains of a user are at qemu:///session";
	return "";
}

const char *
vc_libvirt_host(const char *uri, struct vc_arena *arena)
{
	const char *authority = strstr(uri, "://"), *at;
	size_t length;

	if (!authority)
		return NULL;
	authority += 3;
	length = strcspn(authority, "/?");
	at = memrchr(authority, '@', length);
	if (at) {
		length -= (size_t)(at + 1 - authority);
		authority = at + 1;
	}
	return length > 0 ? vc_arena_strndup(arena, authority, length) : NULL;
}

static void
take_found(const struct job *job, const char *uri, struct vc_arena *arena,
	   struct vc_libvirt_answer *ret_answer)
{
	struct vc_libvirt_domain *domain =
		vc_arena_make_array(arena, job->count + 1, struct vc_libvirt_domain);

	for (size_t i = 0; i < job->count; i++) {
		const struct found *found = &job->found[i];

		domain[i].name = vc_arena_strdup(arena, found->name);
		domain[i].xml = found->xml ? vc_arena_strdup(arena, found->xml) : NULL;
		domain[i].size = found->xml ? strlen(found->xml) : 0;
		domain[i].why = found->why ? vc_arena_printf(arena, "%s%s", found->why, advice(uri)) : NULL;
	}
	ret_answer->domain = domain;
	ret_answer->domains = job->count;
	ret_answer->uri = vc_arena_strdup(arena, job->uri ? job->uri : uri);
	ret_answer->host = vc_libvirt_host(ret_answer->uri, arena);
}

static int
start(struct job *job, pthread_t *ret_thread)
{
	sigset_t all, before;
	int r;

	/* Signals are for the thread that waits. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(ret_thread, NULL, thread, job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}

int
vc_libvirt_fetch(const struct vc_libvirt_request *request, struct vc_arena *arena, struct vc_diags *diags,
		 struct vc_libvirt_answer *ret_answer)
{
	const char *uri = vc_arena_strdup(arena, request->uri);
	struct job *job = new_job(request);
	pthread_t id;
	bool ended;
	int r = 0;

	if (!load(&job->call, uri, diags))
		r = -ENOPKG;
	else if (start(job, &id) < 0)
		r = -EAGAIN;
	if (r < 0) {
		if (r == -EAGAIN)
			vc_diag_add(diags, uri, 0, "there can be no thread to ask libvirt with");
		free_job(job);
		return r;
	}
	ended = wait_for(job, request->seconds);
	if (!ended && !atomic_load(&job->complete)) {
		vc_diag_add(diags, uri, 0, "libvirt has not answered for %u seconds", request->seconds);
		pthread_detach(id);
		return -ETIMEDOUT;
	}
	if (job->error) {
		vc_diag_add(diags, uri, 0, "libvirt cannot be asked: %s", job->error);
		r = -ECONNREFUSED;
	} else {
		take_found(job, uri, arena, ret_answer);
	}
	if (ended) {
		pthread_join(id, NULL);
		free_job(job);
	} else {
		pthread_detach(id);
	}
	return r;
}
