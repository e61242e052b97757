/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/uuid.h"
#include "guest/libvirt-calls.h"
#include "guest/libvirt-door.h"

#ifdef VC_HAVE_LIBVIRT
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* What is declared by hand is what libvirt declares. */
#define SAME(type, name, arguments)                                                                          \
	_Static_assert(__builtin_types_compatible_p(__typeof__(name), type arguments), #name);
VC_LIBVIRT_CALLS(SAME)
_Static_assert((int)VC_LIBVIRT_XML_INACTIVE == (int)VIR_DOMAIN_XML_INACTIVE, "inactive");
_Static_assert((int)VC_LIBVIRT_NO_DOMAIN == (int)VIR_ERR_NO_DOMAIN, "no domain");
#endif

static void
test_host(_unused_ void **state)
{
	static const struct {
		const char *uri, *host;
	} uris[] = {
		{ "qemu:///system", NULL },
		{ "qemu+unix:///system?socket=/run/x", NULL },
		{ "test:///default", NULL },
		{ "qemu+ssh://big.example/system", "big.example" },
		{ "qemu+ssh://root@big.example:2222/system?keyfile=/x", "big.example:2222" },
		{ "qemu+ssh://a@b@big.example/system", "big.example" },
		{ "qemu+tls://[2001:db8::1]/system", "[2001:db8::1]" },
		{ "qemu://big.example", "big.example" },
		{ "qemu://big.example?no_verify=1", "big.example" },
		{ "qemu://@/system", NULL },
		{ "alias", NULL },
		{ "", NULL },
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();

	for (size_t i = 0; i < VC_COUNT(uris); i++) {
		const char *host = vc_libvirt_host(uris[i].uri, arena);

		if (uris[i].host && host)
			assert_string_equal(host, uris[i].host);
		else if (host != uris[i].host)
			fail_msg("%s: %s", uris[i].uri, host ? host : "none");
	}
}

static void
test_uuid(_unused_ void **state)
{
	static const char *const no[] = { "",
					  "win11",
					  "4dea22b3-1d52-d8f3-2516-782e98ab3fa",
					  "4dea22b3-1d52-d8f3-2516-782e98ab3fa00",
					  "4dea22b31d52d8f32516782e98ab3fa0",
					  "4dea22b3-1d52-d8f3-2516-782e98ab3fag",
					  "4dea22b3-1d52-d8f3-25160782e98ab3fa0" };

	assert_true(vc_is_uuid("4dea22b3-1d52-d8f3-2516-782e98ab3fa0"));
	assert_true(vc_is_uuid("4DEA22B3-1D52-D8F3-2516-782E98AB3FA0"));
	for (size_t i = 0; i < VC_COUNT(no); i++)
		assert_false(vc_is_uuid(no[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_uuid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
