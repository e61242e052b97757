/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peak-memory PROGRAM ARGUMENT...: the most memory it had resident, in KiB. What a process had before it became the
 * program counts as well [linux 6.12 fs/exec.c exec_mmap], so this has to be a small one.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0) {
		/* The report is of no interest. */
		if (freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr))
			execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, NULL, 0, &usage) != pid)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
