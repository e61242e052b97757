/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that the guest's displays listen on. */
#include <string.h>

#include "guest/derive.h"
#include "guest/option-fact.h"
#include "guest/read.h"

static struct vc_listen_use *
add_listen(const struct vc_reader *r, struct vc_place place, const char *kind,
	   const struct vc_fact_text *address)
{
	struct vc_listen_use *use;

	if (!vc_known(&address->fact))
		return NULL;
	use = vc_list_append(r->arena, &r->guest->listen, sizeof(*use), r->guest->listen.fact.from);
	use->place = place;
	use->address = *address;
	vc_set_text(&use->kind, kind, address->fact.from);
	return use;
}

/* The attribute says the same as the first of the elements [libvirt 11.3 src/conf/domain_conf.c
 * virDomainGraphicsListenDefParseXML]. */
void
vc_read_listens(const struct vc_reader *r, struct vc_el devices)
{
	static const char *const kinds[] = { "vnc", "spice" };
	struct vc_els list = vc_el_children(r, devices, "graphics", NULL);

	r->guest->listen.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	for (size_t i = 0; i < list.count; i++) {
		struct vc_els listens = vc_el_children(r, list.el[i], "listen", NULL);
		const char *type = vc_el_attr(r, list.el[i], "type"), *kind = NULL;
		struct vc_fact_text address = { 0 };

		for (size_t k = 0; type && k < VC_COUNT(kinds); k++)
			kind = strcmp(type, kinds[k]) == 0 ? kinds[k] : kind;
		if (!kind || vc_el_attr(r, list.el[i], "socket"))
			continue;
		if (listens.count == 0) {
			vc_read_text(r, list.el[i], "listen", &address);
			(void)add_listen(r, vc_el_place(list.el[i]), kind, &address);
		}
		for (size_t l = 0; l < listens.count; l++) {
			const char *of = vc_el_attr(r, listens.el[l], "type");

			if (!of || strcmp(of, "address") != 0)
				continue;
			vc_read_text(r, listens.el[l], "address", &address);
			(void)add_listen(r, vc_el_place(list.el[i]), kind, &address);
		}
	}
}

/* -vnc HOST:DISPLAY,...; without a host it listens everywhere, and "unix:" is no host [qemu 10.0 ui/vnc.c
 * vnc_display_get_address]. */
static const char *
vnc_host(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *text = option->argument, *end = text + strcspn(text, ",");
	const char *colon = memrchr(text, ':', (size_t)(end - text));

	if (!colon || colon == text || strncmp(text, "unix:", strlen("unix:")) == 0)
		return NULL;
	if (text[0] == '[' && colon[-1] == ']')
		text++, colon--;
	return vc_arena_strndup(r->arena, text, (size_t)(colon - text));
}

/* -spice addr=HOST,... [qemu 10.0 ui/spice-core.c qemu_spice_init]; with unix=on it is a path. */
static const char *
spice_host(const struct vc_qemu_option *option)
{
	const char *unix_socket = vc_qemu_option_get(option, "unix");

	return unix_socket && strcmp(unix_socket, "off") != 0 ? NULL : vc_qemu_option_get(option, "addr");
}

void
vc_read_option_listens(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		bool vnc = strcmp(option->name, "vnc") == 0, spice = strcmp(option->name, "spice") == 0;
		const char *host = vnc ? vnc_host(r, option) : spice ? spice_host(option) : NULL;
		struct vc_fact_text address = { 0 };

		if (!host)
			continue;
		vc_option_text(&address, host, option);
		(void)add_listen(r, option->place, option->name, &address);
	}
}

/* Every host has it; of IPv6 that cannot be said. */
static bool
is_loopback(const char *address)
{
	return strncmp(address, "127.", strlen("127.")) == 0 || strcmp(address, "localhost") == 0;
}

void
vc_derive_listens(const struct vc_deriver *d)
{
	struct vc_listen_use *use = d->guest->listen.item;

	for (size_t i = 0; i < d->guest->listen.count; i++) {
		const struct vc_listen *listen = vc_host_find_listen(d->host, use[i].address.value);

		if (is_loopback(use[i].address.value))
			vc_set_flag(&use[i].here, true, use[i].address.fact.from);
		else if (listen)
			use[i].here = listen->here;
		else
			vc_derive_unknown(&use[i].here.fact, &d->host->listen.fact);
		vc_fact_place_like(&use[i].here.fact, &use[i].address.fact);
	}
}
