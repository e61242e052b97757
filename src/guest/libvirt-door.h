/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains by name: the only door to libvirt. The library is loaded when a connection is asked for and not
 * before, as it brings 50 others along. The connection is read-only, and of a domain its next start is asked
 * for (the inactive XML) without its secrets. Never called from libvirt's hook: libvirt would wait for
 * itself.
 */
#pragma once

#include "base/diag.h"

struct vc_libvirt_request {
	const char *uri;
	const char *const *name; /* names or UUIDs */
	size_t names;            /* 0: all domains */
	unsigned seconds;        /* libvirt may be silent for so long; a daemon that is stuck never answers */
};

struct vc_libvirt_domain {
	const char *name; /* as it was asked for, else its own */
	const char *xml;  /* NULL: there is none */
	size_t size;
	const char *why; /* then: why */
};

struct vc_libvirt_answer {
	const char *uri;                        /* as libvirt understands it: an alias is resolved */
	const char *host;                       /* where the domains are; NULL: here */
	const struct vc_libvirt_domain *domain; /* in the order of the request; all: by name */
	size_t domains;
};

/*
 * Negative errno, with a diagnostic, if libvirt cannot be asked: -ENOPKG it is not installed, -ETIMEDOUT it
 * does not answer, -ECONNREFUSED it refuses. A domain that it does not know is no failure of the whole. Texts
 * live in @arena.
 *
 * After -ETIMEDOUT a thread still waits in libvirt. It touches nothing of the caller's, and ends with the
 * process.
 */
int vc_libvirt_fetch(const struct vc_libvirt_request *request, struct vc_arena *arena, struct vc_diags *diags,
		     struct vc_libvirt_answer *ret_answer) _must_check_;

/* The host part of a URI: "qemu+ssh://root@big.example/system" is at big.example. NULL: none, so it is here.
 */
const char *vc_libvirt_host(const char *uri, struct vc_arena *arena);
