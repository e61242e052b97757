/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/hook-guard.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/macro.h"
#include "cli/log.h"

#define LINE_MAX_LENGTH 1000
#define NAME_MAX_LENGTH 200

/* One per process: the hook judges one guest. */
static struct {
	char guest[NAME_MAX_LENGTH + 1]; /* safe to print */
	struct timespec start;
	_Atomic unsigned milliseconds;
	_Atomic bool fail_closed;
	const char *_Atomic stage;
	atomic_flag ended; /* set by whoever decides how it ends */
	sem_t changed;     /* the limit, or the end */
	pthread_t thread;
} guard = { .ended = ATOMIC_FLAG_INIT };

/* --- words, without the help of anything that may hang or be broken --- */

struct line {
	char text[LINE_MAX_LENGTH];
	size_t length;
};

static void
add(struct line *line, const char *text)
{
	while (*text && line->length + 1 < sizeof(line->text))
		line->text[line->length++] = *text++;
	line->text[line->length] = '\0';
}

static void
add_number(struct line *line, unsigned number)
{
	char digits[12] = "", *at = digits + sizeof(digits) - 1;

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add(line, at);
}

/* Tells the log, and libvirt too if that keeps the guest from starting, and ends the process. Safe anywhere.
 */
static _noreturn_ void
end(struct line *why)
{
	bool fail_closed = atomic_load(&guard.fail_closed);
	struct line line = { .length = 0 };

	add(&line, guard.guest);
	add(&line, fail_closed ? ": not started: " : ": not checked, and started all the same: ");
	add(&line, why->text);
	vc_log(LOG_ERR, line.text);
	if (fail_closed) {
		line.length = 0;
		add(&line, "\nvhostcheck: '");
		add(&line, guard.guest);
		add(&line, "' is not started, as it could not be checked: ");
		add(&line, why->text);
		(void)!write(STDERR_FILENO, line.text, line.length);
	}
	_exit(fail_closed ? 1 : 0);
}

/* --- time --- */

static struct timespec
deadline(void)
{
	unsigned milliseconds = atomic_load(&guard.milliseconds);
	struct timespec at = guard.start;

	at.tv_sec += milliseconds / 1000;
	at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

static bool
is_over(void)
{
	struct timespec now, at = deadline();

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec >= at.tv_nsec);
}

static void *
watch(void *context _unused_)
{
	struct line line = { .length = 0 };

	while (!is_over()) {
		struct timespec at = deadline();

		/* Woken for another limit, or because the end was reached: then this thread has nothing to
		 * do. */
		if (sem_clockwait(&guard.changed, CLOCK_MONOTONIC, &at) == 0 &&
		    atomic_load(&guard.stage) == NULL)
			return NULL;
	}
	if (atomic_flag_test_and_set(&guard.ended))
		return NULL;
	add(&line, "the time limit of ");
	add_number(&line, atomic_load(&guard.milliseconds));
	add(&line, " ms is over (");
	add(&line, atomic_load(&guard.stage));
	add(&line, ")");
	end(&line);
}

/* --- crashes --- */

static const struct {
	int number;
	const char *name;
} crashes[] = {
	{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },   { SIGFPE, "SIGFPE" },
	{ SIGILL, "SIGILL" },   { SIGABRT, "SIGABRT" }, { SIGSYS, "SIGSYS" },
};

static void
on_crash(int number)
{
	struct line line = { .length = 0 };

	/* The other thread is about to end the process: let it. */
	if (atomic_flag_test_and_set(&guard.ended) && atomic_load(&guard.stage))
		for (;;)
			pause();
	add(&line, "vhostcheck has crashed (");
	for (size_t i = 0; i < VC_COUNT(crashes); i++) {
		if (crashes[i].number == number)
			add(&line, crashes[i].name);
	}
	add(&line, "); please report this");
	end(&line);
}

static void
catch_crashes(void)
{
	/* A stack that has run over has no room for a handler. */
	static char stack[16384];
	const stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_RESETHAND };

	sigaltstack(&alternative, NULL);
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < VC_COUNT(crashes); i++)
		sigaction(crashes[i].number, &action, NULL);
}

/* --- from outside --- */

bool
vc_guard_start(const char *guest, unsigned milliseconds)
{
	_cleanup_buf_ struct vc_buf safe = { 0 };
	sigset_t all, before;
	int r;

	vc_buf_add_safe(&safe, guest, 0);
	strncpy(guard.guest, vc_buf_text(&safe), NAME_MAX_LENGTH);
	clock_gettime(CLOCK_MONOTONIC, &guard.start);
	atomic_store(&guard.milliseconds, milliseconds);
	vc_guard_stage("starting");
	catch_crashes();
	if (sem_init(&guard.changed, 0, 0) < 0)
		return false;
	/* Signals are for the thread that works. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&guard.thread, NULL, watch, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r == 0;
}

void
vc_guard_configure(unsigned milliseconds, bool fail_closed)
{
	atomic_store(&guard.fail_closed, fail_closed);
	atomic_store(&guard.milliseconds, milliseconds);
	sem_post(&guard.changed);
}

void
vc_guard_stage(const char *stage)
{
	atomic_store(&guard.stage, stage);
}

void
vc_guard_finish(void)
{
	if (!atomic_flag_test_and_set(&guard.ended)) {
		vc_guard_stage(NULL);
		sem_post(&guard.changed);
	}
	/* If the time is over, the other thread ends the process meanwhile. */
	pthread_join(guard.thread, NULL);
}
