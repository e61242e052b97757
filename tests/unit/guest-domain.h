/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A domain and a host for tests of the guest model: the one is text, the other facts set by hand. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "guest/guest.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

struct world {
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_host host;
	struct vc_guest guest;
};

static inline int
world_init(void **state)
{
	static struct world world;

	world = (struct world){ .arena = vc_arena_new() };
	world.diags.arena = world.arena;
	*state = &world;
	return 0;
}

static inline int
world_release(void **state)
{
	struct world *world = *state;

	vc_guest_release(&world->guest);
	vc_arena_free(world->arena);
	return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_init, world_release)

/* Reads @text, which must be a domain; again for every call within one test. */
static inline void
read_text(struct world *world, const char *text)
{
	vc_guest_release(&world->guest);
	world->guest = (struct vc_guest){ 0 };
	assert_int_equal(
		vc_guest_read_xml(text, strlen(text), "test.xml", world->arena, &world->diags, &world->guest),
		0);
}

/* What a domain consists of in these tests; NULL for what is not written. */
struct sketch {
	const char *type;    /* "kvm" */
	const char *arch;    /* "x86_64" */
	const char *machine; /* "q35" */
	const char *memory;  /* the text of everything about memory; "<memory unit='GiB'>4</memory>" */
	const char *top;     /* further children of <domain> */
	const char *devices; /* children of <devices> */
	const char *os;      /* further children of <os> */
};

static inline void
read_sketch(struct world *world, struct sketch s)
{
	read_text(world,
		  vc_arena_printf(
			  world->arena,
			  "<domain type='%s' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
			  "<name>guest</name>\n%s\n<os><type arch='%s' machine='%s'>hvm</type>%s</os>\n"
			  "%s\n<devices>\n%s\n</devices></domain>\n",
			  s.type ? s.type : "kvm", s.memory ? s.memory : "<memory unit='GiB'>4</memory>",
			  s.arch ? s.arch : "x86_64", s.machine ? s.machine : "q35", s.os ? s.os : "",
			  s.top ? s.top : "", s.devices ? s.devices : ""));
}

/* The emulator of the guest that was read is of this version. */
static inline void
set_qemu(struct world *world, const char *version)
{
	struct vc_emulator *emulator;
	struct vc_version parsed;

	assert_int_equal(vc_version_parse(version, &parsed), 0);
	world->host.emulator = (struct vc_fact_list){ 0 };
	emulator = vc_list_append(world->arena, &world->host.emulator, sizeof(*emulator), "test");
	vc_set_text(&emulator->path, world->guest.emulator.value, "test");
	vc_set_version(&emulator->version, parsed, "test");
}

static inline void
derive(struct world *world, const char *qemu_version)
{
	set_qemu(world, qemu_version);
	vc_guest_derive(&world->guest, &world->host, world->arena);
}

#define assert_number(f, expected)                                                                           \
	do {                                                                                                 \
		assert_int_equal((f).fact.state, VC_KNOWN);                                                  \
		assert_int_equal((f).value, (expected));                                                     \
	} while (0)
#define assert_text(f, expected)                                                                             \
	do {                                                                                                 \
		assert_int_equal((f).fact.state, VC_KNOWN);                                                  \
		assert_string_equal((f).value, (expected));                                                  \
	} while (0)
#define assert_flag(f, expected)                                                                             \
	do {                                                                                                 \
		assert_int_equal((f).fact.state, VC_KNOWN);                                                  \
		assert_int_equal((f).value, (expected));                                                     \
	} while (0)
#define assert_absent(f) assert_int_equal((f).fact.state, VC_ABSENT)
#define assert_unreadable(f, e)                                                                              \
	do {                                                                                                 \
		assert_int_equal((f).fact.state, VC_UNREADABLE);                                             \
		assert_int_equal((f).fact.err, (e));                                                         \
	} while (0)
#define assert_version(f, text)                                                                              \
	do {                                                                                                 \
		char shown[VC_VERSION_TEXT_MAX];                                                             \
		assert_int_equal((f).fact.state, VC_KNOWN);                                                  \
		vc_version_format((f).value, shown);                                                         \
		assert_string_equal(shown, (text));                                                          \
	} while (0)
