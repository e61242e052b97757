/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/pci-resource.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "host/scan.h"

static int
parse_line(struct vc_span line, struct vc_pci_resource *ret_resource)
{
	uint64_t number[3];
	struct vc_span word;

	for (size_t i = 0; i < VC_COUNT(number); i++) {
		if (!vc_span_word(&line, &word) ||
		    vc_parse_u64_n(word.text, word.length, VC_BASE_HEX, &number[i]) < 0)
			return -EBADMSG;
	}
	if (vc_span_word(&line, &word))
		return -EBADMSG;
	*ret_resource = (struct vc_pci_resource){ .first = number[0], .last = number[1], .flags = number[2] };
	return 0;
}

int
vc_pci_resource_parse(const char *text, size_t size, struct vc_pci_resource ret_resource[VC_PCI_RESOURCES])
{
	struct vc_span rest = { .text = text, .length = size }, line;
	struct vc_pci_resource resource[VC_PCI_RESOURCES];

	for (size_t i = 0; i < VC_PCI_RESOURCES; i++) {
		if (!vc_span_line(&rest, &line) || parse_line(line, &resource[i]) < 0)
			return -EBADMSG;
	}
	memcpy(ret_resource, resource, sizeof(resource));
	return 0;
}
