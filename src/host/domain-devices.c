/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/domain-devices.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include <libxml/xmlreader.h>

#include "base/number.h"

/* Deeper than any domain. */
#define DEPTH_MAX 32
/* More devices than libvirt gives addresses to. */
#define ADDRESSES_MAX 4096

struct reading {
	xmlTextReaderPtr reader;
	struct vc_domain_devices *devices;
	int domain;             /* depth of <domain>; -1 before it */
	bool source[DEPTH_MAX]; /* the element at this depth is <source> */
	struct vc_buf *text;    /* of the element that is being read */
	size_t addresses;
};

/* -EINVAL: not written, or no number. */
static int
read_number(const struct reading *r, const char *name, uint64_t largest, uint64_t *ret_number)
{
	xmlChar *text = xmlTextReaderGetAttribute(r->reader, (const xmlChar *)name);
	uint64_t number;
	int e = text ? vc_parse_u64((const char *)text, VC_BASE_C, &number) : -EINVAL;

	xmlFree(text);
	if (e < 0 || number > largest)
		return -EINVAL;
	*ret_number = number;
	return 0;
}

/* Of all addresses below <source> only those of PCI have a slot. */
static void
read_address(struct reading *r)
{
	uint64_t domain = 0, bus, slot, function;

	if (r->addresses == ADDRESSES_MAX || read_number(r, "bus", 0xff, &bus) < 0 ||
	    read_number(r, "slot", 0x1f, &slot) < 0 || read_number(r, "function", 7, &function) < 0)
		return;
	(void)!read_number(r, "domain", 0xffff, &domain);
	vc_buf_addf(&r->devices->addresses, "%s%04x:%02x:%02x.%x", r->addresses++ > 0 ? "," : "",
		    (unsigned)domain, (unsigned)bus, (unsigned)slot, (unsigned)function);
}

static void
read_element(struct reading *r, int depth)
{
	const char *name = (const char *)xmlTextReaderConstLocalName(r->reader);
	bool named = name && !xmlTextReaderConstPrefix(r->reader);

	r->text = NULL;
	if (depth >= DEPTH_MAX)
		return;
	r->source[depth] = named && strcmp(name, "source") == 0;
	if (!named)
		return;
	/* The root, or below <domstatus>. */
	if (r->domain < 0 && depth <= 1 && strcmp(name, "domain") == 0)
		r->domain = depth;
	if (r->domain < 0)
		return;
	if (depth == r->domain + 1 && strcmp(name, "name") == 0 && r->devices->name.length == 0)
		r->text = &r->devices->name;
	else if (depth == r->domain + 1 && strcmp(name, "uuid") == 0 && r->devices->uuid.length == 0)
		r->text = &r->devices->uuid;
	else if (depth > 0 && r->source[depth - 1] && strcmp(name, "address") == 0)
		read_address(r);
}

int
vc_domain_devices_read(const char *text, size_t size, struct vc_domain_devices *devices)
{
	struct reading r = { .devices = devices, .domain = -1 };
	int more;

	*devices = (struct vc_domain_devices){ .name = { 0 } };
	if (size > INT_MAX)
		return -EBADMSG;
	/* Nothing is fetched, no entity expanded, and libxml2's own limits stay. */
	r.reader = xmlReaderForMemory(text, (int)size, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!r.reader)
		return -EBADMSG;
	while ((more = xmlTextReaderRead(r.reader)) == 1) {
		switch (xmlTextReaderNodeType(r.reader)) {
		case XML_READER_TYPE_ELEMENT:
			read_element(&r, xmlTextReaderDepth(r.reader));
			break;
		case XML_READER_TYPE_TEXT:
			if (r.text)
				vc_buf_add(r.text, (const char *)xmlTextReaderConstValue(r.reader));
			break;
		case XML_READER_TYPE_END_ELEMENT:
			r.text = NULL;
			break;
		default:
			break;
		}
	}
	xmlFreeTextReader(r.reader);
	return more == 0 && r.domain >= 0 && devices->name.length > 0 ? 0 : -EBADMSG;
}

void
vc_domain_devices_release(struct vc_domain_devices *devices)
{
	vc_buf_release(&devices->name);
	vc_buf_release(&devices->uuid);
	vc_buf_release(&devices->addresses);
}
