/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vhostcheck-facts(7), from the tables of the facts. */
#include "checks/check.h"
#include "generate/generate.h"
#include "generate/roff.h"

/* Records in records in records: nothing in the tables is deeper. */
#define DEPTH_MAX 4

static const char *const type_names[] = {
	[VC_TYPE_flag] = "flag",       [VC_TYPE_number] = "number", [VC_TYPE_text] = "text",
	[VC_TYPE_version] = "version", [VC_TYPE_range] = "range",   [VC_TYPE_set] = "set",
	[VC_TYPE_ref] = "reference",   [VC_TYPE_list] = "list",
};

static const char *const unit_names[] = {
	[VC_UNIT_none] = NULL,         [VC_UNIT_bytes] = "bytes", [VC_UNIT_address] = "an address",
	[VC_UNIT_hex] = "hexadecimal", [VC_UNIT_bits] = "bits",   [VC_UNIT_pages] = "pages",
};

/* "(number, bits)", "(list of host.pci.device)" */
static void
add_type(struct vc_buf *out, const struct vc_field *field)
{
	vc_buf_addf(out, "(%s", type_names[field->type]);
	if (field->type == VC_TYPE_list || field->type == VC_TYPE_ref)
		vc_buf_addf(out, " %s %s", field->type == VC_TYPE_list ? "of" : "to", field->item->name);
	if (unit_names[field->unit])
		vc_buf_addf(out, ", %s", unit_names[field->unit]);
	vc_buf_add(out, ")");
}

static void
write_fields(const struct vc_schema *schema, const char *prefix, struct vc_buf *out)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		_cleanup_buf_ struct vc_buf name = { 0 }, type = { 0 };

		vc_buf_addf(&name, "%s%s", prefix, field->name);
		add_type(&type, field);
		roff_term(out, vc_buf_text(&name), vc_buf_text(&type));
		roff_text(out, field->doc);
	}
}

static void
write_records(const struct vc_schema *schema, const char *prefix, struct vc_buf *out, unsigned depth)
{
	for (size_t i = 0; i < schema->count && depth < DEPTH_MAX; i++) {
		const struct vc_field *field = &schema->field[i];
		_cleanup_buf_ struct vc_buf name = { 0 };

		/* A reference leads to the record of a list. */
		if (field->type != VC_TYPE_list)
			continue;
		vc_buf_addf(&name, "%s%s[%s]", prefix, field->name,
			    field->item->key ? field->item->key : "N");
		roff_subsection(out, vc_buf_text(&name));
		write_fields(field->item, "", out);
		vc_buf_add(&name, ".");
		write_records(field->item, vc_buf_text(&name), out, depth + 1);
	}
}

static void
write_model(const char *title, const char *introduction, const struct vc_schema *schema, const char *prefix,
	    struct vc_buf *out)
{
	roff_section(out, title);
	roff_paragraph(out, introduction);
	write_fields(schema, prefix, out);
	write_records(schema, prefix, out, 0);
}

void
generate_man_facts(struct vc_buf *out)
{
	roff_begin(out, "vhostcheck-facts", 7, "what vhostcheck knows about a host and a guest");
	roff_section(out, "DESCRIPTION");
	roff_paragraph(out, "A fact is a typed value with a name and a source. Rules decide by facts, and "
			    "every report names those that "
			    "decided. 'vhostcheck facts' prints the facts of a host with their values, and "
			    "with -v where each was "
			    "read.");
	roff_paragraph(out, "A fact is in one of four states. Known: it has a value. Absent: it is proved "
			    "not to be there. "
			    "Unreadable: it was refused, could not be read or made no sense, and the reason "
			    "is kept. Unread: "
			    "nobody looked. A rule that needs a fact which is neither known nor absent is "
			    "undecided, and never "
			    "passes.");
	roff_section(out, "TYPES");
	roff_term(out, "flag", NULL);
	roff_text(out, "yes or no.");
	roff_term(out, "number", NULL);
	roff_text(out, "An unsigned integer of 64 bits, exact.");
	roff_term(out, "text", NULL);
	roff_text(out, "Characters.");
	roff_term(out, "version", NULL);
	roff_text(out, "Up to four numbers with points between them, such as 6.12.107.");
	roff_term(out, "range", NULL);
	roff_text(out, "The first and the last address of a region.");
	roff_term(out, "set", NULL);
	roff_text(out, "Words without an order.");
	roff_term(out, "list", NULL);
	roff_text(out, "Records. One record is named in brackets: by the fact that is its key, as in "
		       "host.pci.device[0000:01:00.0], or by its number, counted from 0. A rule is asked for "
		       "each of them "
		       "with <each>.");
	roff_term(out, "reference", NULL);
	roff_text(out, "Another record. Its facts follow after a dot: each.device.driver.");
	write_model("FACTS OF THE HOST",
		    "What the kernel does and what the hardware can, from /proc, /sys and /dev, or from a "
		    "capture.",
		    &vc_schema_host, "", out);
	write_model("FACTS OF THE GUEST",
		    "The effective guest: the domain, with the defaults of libvirt, of the machine type and "
		    "of the "
		    "QEMU that would run it.",
		    &vc_schema_guest, "", out);
	write_model("FACTS OF A CHECK",
		    "What a decision in C found. Only the texts of a rule that names the check may use them, "
		    "and each check sets "
		    "those that it knows.",
		    &vc_schema_verdict, "check.", out);
	roff_section(out, "SEE ALSO");
	roff_paragraph(out, "vhostcheck(1), vhostcheck-rules(5), vhostcheck-rules(7)");
}
