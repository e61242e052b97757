/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule-helper.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/lint.h"

static const char full[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<!-- comment -->\n"
	"<rule id=\"full\" since=\"0.1\" severity=\"warning\" confidence=\"reported\" host-at-risk=\"yes\"\n"
	"      xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\">\n"
	"  <title>\n    A  folded\n title</title>\n"
	"  <each>guest.hostdev</each>\n"
	"  <applies>each.kind == 'pci'\n   and   guest.memory &lt; 4GiB</applies>\n"
	"  <fails>each.device.driver != 'vfio-pci'</fails>\n"
	"  <at>each.address</at>\n"
	"  <device>each.address</device>\n"
	"  <says when=\"each.managed\">managed</says>\n"
	"  <says>device {each.address}: <!-- why not --> {guest.memory:hex} {{x}}</says>\n"
	"  <why>\n    First.\n    Second.  \n\n\n    Third.\n  </why>\n"
	"  <fix who=\"domain\" safe=\"yes\" when=\"present(each.address)\">\n"
	"    <summary>do {each.address}</summary>\n"
	"    <set attribute=\"driver/@name\" to=\"vfio {guest.memory:dec}\"/>\n"
	"    <set attribute=\"/@type\" to=\"kvm\"/>\n"
	"    <set attribute=\"@managed\" to=\"yes\"/>\n"
	"    <set text=\"/memory\" to=\"1\"/>\n"
	"    <remove select=\"rom\"/>\n"
	"    <remove attribute=\"driver/@name\"/>\n"
	"    <insert into=\"/devices\" before=\"x\"> <a b=\"&lt;{each.address}\"><!-- c --><qemu:d/></a> "
	"</insert>\n"
	"  </fix>\n"
	"  <fix who=\"host\" safe=\"no\">\n"
	"    <summary>s</summary>\n"
	"    <host command=\"echo 'a' {each.address}\" persist=\"p\" undo=\"u\" reboot=\"yes\" "
	"costs=\"much\"/>\n"
	"    <advice>a {each.address}</advice>\n"
	"  </fix>\n"
	"  <fix who=\"firmware\" safe=\"no\"><summary>s</summary><firmware setting=\"VT-d\"/></fix>\n"
	"  <symptom from='libvirt' versions='9.0-10.2 11-' clue='yes'> a  b\n    c of group {group:dec}.</symptom>\n"
	"  <symptom><![CDATA[x < {{y}}: {:text}]]></symptom>\n"
	"  <supersedes>other-1.2</supersedes>\n"
	"  <source>qemu 10.0.13 hw/vfio/pci.c\n vfio_realize</source>\n"
	"</rule>\n";

static void
loads_everything(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const struct vc_rule *rule = load_good(arena, "full", full);
	const struct vc_action *action = rule->fix[0].action;

	assert_string_equal(rule->id, "full");
	assert_string_equal(rule->topic, "t");
	assert_string_equal(rule->file, "rules/t/full.xml");
	assert_string_equal(rule->title, "A folded title");
	assert_int_equal(rule->severity, VC_WARNING);
	assert_int_equal(rule->confidence, VC_REPORTED);
	assert_true(rule->host_at_risk && !rule->host_only);
	assert_string_equal(rule->each->name, "guest.hostdev");
	assert_int_equal(rule->each_root, VC_ROOT_GUEST);
	assert_string_equal(rule->applies.text, "each.kind == 'pci' and guest.memory < 4GiB");
	assert_int_equal(rule->at->steps, 1);
	assert_string_equal(rule->device->text, "each.address");
	assert_int_equal(rule->says_count, 2);
	assert_string_equal(rule->says[0].when.text, "each.managed");
	assert_string_equal(rule->says[0].text.part[0].text, "managed");
	assert_int_equal(rule->says[1].when.count, 0);
	assert_int_equal(rule->says[1].text.count, 5);
	assert_string_equal(rule->says[1].text.part[4].text, " {x}");
	assert_int_equal(rule->says[1].text.part[3].unit, VC_UNIT_hex);
	assert_string_equal(rule->why, "First.\nSecond.\n\nThird.");

	assert_int_equal(rule->fixes, 3);
	assert_true(rule->fix[0].safe && rule->fix[0].who == VC_WHO_DOMAIN);
	assert_string_equal(rule->fix[0].when.text, "present(each.address)");
	assert_int_equal(rule->fix[0].actions, 7);
	assert_string_equal(action[0].select, "driver");
	assert_string_equal(action[0].attribute, "name");
	assert_int_equal(action[0].value.count, 2);
	assert_string_equal(action[1].select, "/");
	assert_string_equal(action[1].attribute, "type");
	assert_string_equal(action[2].select, "");
	assert_string_equal(action[2].attribute, "managed");
	assert_string_equal(action[3].select, "/memory");
	assert_null(action[3].attribute);
	assert_int_equal(action[4].verb, VC_VERB_REMOVE);
	assert_string_equal(action[4].select, "rom");
	assert_null(action[4].attribute);
	assert_int_equal(action[5].verb, VC_VERB_REMOVE);
	assert_string_equal(action[5].select, "driver");
	assert_string_equal(action[5].attribute, "name");
	assert_int_equal(action[6].verb, VC_VERB_INSERT);
	assert_string_equal(action[6].xml, "<a b=\"&lt;{each.address}\"><!-- c --><qemu:d/></a>");
	assert_int_equal(action[6].xml_template.count, 3);
	assert_string_equal(action[6].before, "x");

	action = rule->fix[1].action;
	assert_int_equal(action[0].verb, VC_VERB_COMMAND);
	assert_true(action[0].reboot);
	assert_string_equal(action[0].costs, "much");
	assert_int_equal(action[0].undo.count, 1);
	assert_int_equal(action[1].verb, VC_VERB_ADVICE);
	assert_int_equal(rule->fix[2].action[0].verb, VC_VERB_SETTING);

	assert_int_equal(rule->symptoms, 2);
	assert_int_equal(rule->symptom[0].from, VC_BY_LIBVIRT);
	assert_true(rule->symptom[0].clue);
	assert_int_equal(rule->symptom[0].versions_count, 2);
	assert_int_equal(rule->symptom[0].versions[0].before.part[1], 2);
	assert_int_equal(rule->symptom[0].versions[1].since.part[0], 11);
	assert_int_equal(rule->symptom[0].versions[1].before.part[0], 0);
	assert_int_equal(rule->symptom[0].parts, 3);
	assert_string_equal(rule->symptom[0].part[0].text, "a  b c of group ");
	assert_null(rule->symptom[0].part[1].text);
	assert_int_equal(rule->symptom[0].part[1].hole, VC_HOLE_DEC);
	assert_string_equal(rule->symptom[0].part[1].name, "group");
	assert_string_equal(rule->symptom[0].part[2].text, ".");
	assert_int_equal(rule->symptom[1].from, VC_BY_ANYONE);
	assert_int_equal(rule->symptom[1].parts, 2);
	assert_string_equal(rule->symptom[1].part[0].text, "x < {y}: ");
	assert_int_equal(rule->symptom[1].part[1].hole, VC_HOLE_TEXT);
	assert_null(rule->symptom[1].part[1].name);
	assert_string_equal(rule->supersedes[0], "other-1.2");
	assert_string_equal(rule->source[0], "qemu 10.0.13 hw/vfio/pci.c vfio_realize");
}

/*
 * What is wrong, and everything that is said about it, one "line: text" per line. What does not end a line
 * goes on in the words of libxml2, which are its own and change.
 */
static const struct {
	const char *text, *said;
} refused[] = {
	{ .text = "", .said = "0: the file is empty\n" },
	{ .text = "<rule", .said = "1: not well-formed XML: " },
	{ .text = "junk", .said = "1: not well-formed XML: " },
	{ .text = "<!DOCTYPE rule [<!ENTITY a 'b'>]><rule/>", .said = "1: a rule file has no <!DOCTYPE>\n" },
	{ .text = "\n<!DOCTYPE rule SYSTEM 'http://127.0.0.1/x.dtd'><rule/>",
	  .said = "2: a rule file has no <!DOCTYPE>\n" },
	{ .text = "<domain/>", .said = "1: the root element is <domain>; a rule file holds one <rule>\n" },
	{ .text = "<rule xmlns='urn:x'/>",
	  .said = "1: the root element is <rule>; a rule file holds one <rule>\n" },
	{ .text = "<rule>&a;</rule>", .said = "1: not well-formed XML: " },
	{ .text = "<rule/>",
	  .said = "1: <rule> needs the attribute 'id'\n1: <rule> needs the attribute 'since'\n"
		  "1: <rule> needs the attribute 'severity'\n1: <rule> needs the attribute 'confidence'\n"
		  "1: <rule> needs <title>\n1: <rule> needs <says>\n1: <rule> needs <why>\n1: <rule> needs "
		  "<source>\n"
		  "1: <rule> needs <fails>, or the attribute 'check'\n" },
	{ .text = "<rule id='x' since='1' severity='fatal' confidence='sure' scope='guest' host-at-risk='1'>"
		  "<fails>yes</fails><says>s</says>" TAIL,
	  .said = "1: 'since' is '1'; it should be a version with a dot, such as 0.1: that of vhostcheck, or "
		  "of "
		  "your own rules\n"
		  "1: 'severity' of <rule> is 'fatal'; it can be 'info', 'warning' or 'error'\n"
		  "1: 'confidence' of <rule> is 'sure'; it can be 'reported' or 'proven'\n"
		  "1: 'host-at-risk' of <rule> is '1'; it can be 'no' or 'yes'\n"
		  "1: 'scope' of <rule> is 'guest'; it can be 'host'\n" },
	{ .text = "<rule id='x' since='0.1' severity='error' confidence='proven' sevrity='x' qqqqqqqqq=''>"
		  "<fails>yes</fails><says>s</says>" TAIL,
	  .said = "1: <rule> has no attribute 'sevrity'; did you mean 'severity'?\n"
		  "1: <rule> has no attribute 'qqqqqqqqq'\n" },
	{ .text = RULE("X_1", "<fails>yes</fails><says>s</says>"),
	  .said = "1: the id 'X_1' should be words of small letters and digits joined by '-'\n" },
	{ .text = RULE("y", "<fails>yes</fails><says>s</says>"),
	  .said = "1: the rule 'y' stands in a file 'x.xml'; it should be 'y.xml'\n" },
	{ .text = RULE("x", "\n<fails>yes</fails>\n<fails>no</fails>\n<says>s</says><titel/>"),
	  .said = "3: <rule> has more than one <fails>\n4: <rule> has no element <titel>; did you mean "
		  "<title>?\n" },
#define SYMPTOM(symptom) RULE("x", "<fails>yes</fails><says>s</says>" symptom)
	{ .text = SYMPTOM("<symptom>group {group:deck} is not</symptom>"),
	  .said = "1: a hole of a symptom cannot hold 'deck'; did you mean 'dec'?\n" },
	{ .text = SYMPTOM("<symptom>group {qqqqqqqq} is not</symptom>"),
	  .said = "1: a hole of a symptom cannot hold 'qqqqqqqq'; it can be text, dec, hex, device, word or version\n" },
	{ .text = SYMPTOM("<symptom>group {Group:dec} is not</symptom>"),
	  .said = "1: the name 'Group' of a hole should be small letters, digits and '_'\n" },
	{ .text = SYMPTOM("<symptom>group {a:dec}{b:dec} is not</symptom>"),
	  .said = "1: two holes of a symptom stand side by side; text has to part them\n" },
	{ .text = SYMPTOM("<symptom>{a:text}: group is not</symptom>"),
	  .said = "1: a symptom begins with what is fixed: what stands before it is left out\n" },
	{ .text = SYMPTOM("<symptom>group {a:dec is</symptom>"),
	  .said = "1: '{a:dec is' has no closing '}'; write '{{' for the character itself\n" },
	{ .text = SYMPTOM("<symptom>group a} is</symptom>"),
	  .said = "1: '}' closes nothing; write '}}' for the character itself\n" },
	{ .text = SYMPTOM("<symptom>short {a:dec} is</symptom><symptom>five {a:dec}five.</symptom>"),
	  .said = "1: a symptom needs 6 characters in a row that are fixed, or every line would be one\n" },
	{ .text = SYMPTOM("<symptom from='xen'>a message</symptom>"),
	  .said = "1: 'from' of <symptom> is 'xen'; it can be 'qemu', 'libvirt', 'kernel', 'guest' or 'other'\n" },
	{ .text = SYMPTOM("<symptom versions='9.0-'>a message</symptom>"),
	  .said = "1: 'versions' are those of QEMU, libvirt or the kernel; 'from' should say which\n" },
	{ .text = SYMPTOM("<symptom from='qemu' versions='9.0'>a message</symptom>"),
	  .said = "1: '9.0' of 'versions' is not a range such as 7.2-9.0, 9.1- or -8.2\n" },
	{ .text = SYMPTOM("<symptom from='qemu' versions='7.2- 9.1-9.0'>a message</symptom>"),
	  .said = "1: '9.1-9.0' of 'versions' is not a range such as 7.2-9.0, 9.1- or -8.2\n" },
	{ .text = SYMPTOM("<symptom id='x'>a message</symptom>"), .said = "1: <symptom> has no attribute 'id'\n" },
	{ .text = RULE("x", "<fails>yes</fails><says> <!-- x --> </says><symptom/>"),
	  .said = "1: <says> is empty\n1: <symptom> is empty\n" },
	{ .text = RULE("x", "<fails>yes</fails><says>a <b>b</b></says>loose"),
	  .said = "1: <says> holds text, not <b>\n1: <rule> holds elements, not text\n" },
	{ .text = RULE("x", "<fails a='1'>yes</fails><says>s</says>"),
	  .said = "1: <fails> has no attribute 'a'\n"
		  "1: <rule> needs <fails>, or the attribute 'check'\n" },
	{ .text = RULE("x", "\n<applies>guest.memroy > 1</applies>\n<fails>guest.memory "
			    "></fails><says>{host.cpu.coun} {</says>"),
	  .said = "2: there is no fact 'guest.memroy'; did you mean 'guest.memory'?\n"
		  "3: a fact is expected where the condition ends\n"
		  "3: there is no fact 'host.cpu.coun'; did you mean 'host.cpu.count'?\n"
		  "3: '{' has no closing '}'; write '{{' for the character itself\n" },
	{ .text = RULE("x", "<fails>yes and\n\nno and\nguest.memroy</fails><says>s</says>"),
	  .said = "4: there is no fact 'guest.memroy'; did you mean 'guest.memory'?\n" },
	{ .text = RULE("x", "<each>guest.memory</each><fails>yes</fails><says>s</says>"),
	  .said = "1: 'guest.memory' is a number; <each> needs a list\n" },
	{ .text = RULE("x", "<each>guest.hostdevs</each><fails>each.managed</fails><says>s</says>"),
	  .said = "1: there is no fact 'guest.hostdevs'; did you mean 'guest.hostdev'?\n"
		  "1: 'each.managed' is a fact of the records of <each>, and this rule has no <each>\n" },
	{ .text = RULE("x", "<each>guest.hostdev guest.iommu</each><fails>yes</fails><says>s</says>"),
	  .said = "1: 'guest.hostdev guest.iommu' should be the name of one fact\n" },
	{ .text = RULE("x", "<fails>yes</fails><says>a</says>\n<says>b</says>\n<says when='yes'>c</says>"),
	  .said = "2: the <says> before this one has no 'when', so that this one is never said\n"
		  "3: the <says> before this one has no 'when', so that this one is never said\n"
		  "1: the last <says> has 'when'; the last one is for all other cases, and has none\n" },
	{ .text = RULE("x", "<fails>yes</fails><says when='guest.memory'>a</says>\n<says if='yes'>b</says>"),
	  .said = "1: 'guest.memory' is a number; a condition needs a flag (yes or no)\n"
		  "2: <says> has no attribute 'if'\n"
		  "1: the last <says> has 'when'; the last one is for all other cases, and has none\n" },
	{ .text = RULE("x", "<fails>yes</fails><uses>guest.memory</uses><says>s</says>"),
	  .said = "1: <uses> belongs to a rule with check=; a condition names its facts itself\n" },
	{ .text = RULE("x", "<fails>check.word == 'a'</fails><says>s {check.word}</says>"),
	  .said = "1: 'check.word' is a result of a check: it is known only in <says> and <fix> of a rule "
		  "with check=\n"
		  "1: 'check.word' is a result of a check: it is known only in <says> and <fix> of a rule "
		  "with check=\n" },
	{ .text = "<rule id='x' since='0.1' severity='error' confidence='proven' check='no_such_check'>"
		  "<fails>yes</fails><says>{check.word}</says>" TAIL,
	  .said = "1: there is no check 'no_such_check'\n"
		  "1: a rule with check= has no <fails>: the check decides\n"
		  "1: a rule with check= needs <uses>: the facts that the check decides by\n" },
	{ .text = "<rule id='x' since='0.1' severity='error' confidence='proven' scope='host'>"
		  "<each>guest.hostdev</each><fails>guest.memory > 1</fails><says>s "
		  "{qemu.version}</says>" TAIL,
	  .said = "1: 'guest.hostdev' is a fact of the domain, which a rule with scope=\"host\" has not\n"
		  "1: 'guest.memory' is a fact of the domain, which a rule with scope=\"host\" has not\n"
		  "1: 'qemu.version' is a fact of the domain, which a rule with scope=\"host\" has not\n" },
	{ .text = RULE(
		  "x",
		  "<fails>yes</fails><at>host.cpu.count</at><device>guest.memory</device><says>s</says>"),
	  .said = "1: 'host.cpu.count' is a fact of the host and has no place in the domain\n"
		  "1: 'guest.memory' is a number; <device> needs text that holds a PCI address\n" },
	{ .text = RULE(
		  "x",
		  "<each>guest.hostdev</each><fails>yes</fails><at>each.device.driver</at><says>s</says>"),
	  .said = "1: 'each.device.driver' is a fact of the host and has no place in the domain\n" },
	{ .text = RULE(
		  "x",
		  "<fails>yes</fails><says>s</says><supersedes>x</supersedes><supersedes>A b</supersedes>"
		  "<supersedes>y</supersedes><supersedes>y</supersedes><supersedes>y-</supersedes>"),
	  .said = "1: the rule supersedes itself\n1: 'A b' is no rule id\n1: 'y' is superseded twice\n"
		  "1: 'y-' is no rule id\n" },
	/* Fixes. */
	{ .text = RULE("x", "<fails>yes</fails><says>s</says>\n<fix/>"),
	  .said = "2: <fix> needs the attribute 'who'\n2: <fix> needs the attribute 'safe'\n2: <fix> needs "
		  "<summary>\n" },
	{ .text = RULE("x", "<fails>yes</fails><says>s</says><fix who='me' safe='maybe' when='guest.memory'>"
			    "<summary>{x}</summary><sett/></fix>"),
	  .said = "1: 'who' of <fix> is 'me'; it can be 'domain', 'host', 'firmware' or 'vendor'\n"
		  "1: 'safe' of <fix> is 'maybe'; it can be 'no' or 'yes'\n"
		  "1: 'guest.memory' is a number; a condition needs a flag (yes or no)\n"
		  "1: there is no fact 'x'\n1: <fix> has no element <sett>; did you mean <set>?\n" },
#define FIX(actions)                                                                                         \
	RULE("x", "<fails>yes</fails><says>s</says><fix who='domain' safe='no'><summary>s</summary>" actions \
		  "</fix>")
	{ .text = FIX("<set to='1'/><set attribute='a/@b' text='c' to='1'/><set attribute='a'/>"),
	  .said = "1: <set> needs either 'attribute' or 'text'\n1: <set> needs either 'attribute' or 'text'\n"
		  "1: <set> needs the attribute 'to'\n" },
	{ .text = FIX("<set attribute='a' to='1'/><set attribute='a@b' to='1'/><set attribute='a/@' to='1'/>"
		      "<set attribute='a/@b c' to='1'/><set attribute='a//b/@c' to='1'/>"),
	  .said = "1: 'a' names no attribute: write 'element/@attribute'\n"
		  "1: 'a@b' names no attribute: write 'element/@attribute'\n"
		  "1: 'a/@' names no attribute: write 'element/@attribute'\n"
		  "1: 'a/@b c' names no attribute: write 'element/@attribute'\n"
		  "1: 'a//b' is no path: write element names with '/' between them; a '/' in front starts at "
		  "<domain>\n" },
	{ .text = FIX("<set attribute='a/@xmlns' to='1'/><set attribute='a/@b:c' to='1'/><remove attribute='a'/>"
		      "<remove/><remove select='a' attribute='a/@b'/>"),
	  .said = "1: 'a/@xmlns' names no attribute: write 'element/@attribute'\n"
		  "1: 'a/@b:c' names no attribute: write 'element/@attribute'\n"
		  "1: 'a' names no attribute: write 'element/@attribute'\n"
		  "1: <remove> needs either 'select' or 'attribute'\n"
		  "1: <remove> needs either 'select' or 'attribute'\n" },
	{ .text = FIX(
		  "<remove select='..'/><remove select='a/'/><remove select='//a'/><remove select='a[1]'/>"),
	  .said = "1: '..' is no path: write element names with '/' between them; a '/' in front starts at "
		  "<domain>\n"
		  "1: 'a/' is no path: write element names with '/' between them; a '/' in front starts at "
		  "<domain>\n"
		  "1: '//a' is no path: write element names with '/' between them; a '/' in front starts at "
		  "<domain>\n"
		  "1: 'a[1]' is no path: write element names with '/' between them; a '/' in front starts at "
		  "<domain>\n" },
	{ .text = FIX("<set text='a' to='x'>y</set><insert into='a'/><insert into='a'><b/><c/></insert>"
		      "<insert into='a'>t<b/></insert><insert into='a' before='x' after='y'><b/></insert>"
		      "<insert into='a' before='x/y'><b/></insert><insert into='a'><b c='{x}'/></insert>"),
	  .said = "1: <set> holds nothing but attributes\n1: <insert> is empty\n"
		  "1: <insert> holds exactly one element\n1: <insert> holds exactly one element\n"
		  "1: <insert> takes 'before' or 'after', not both\n"
		  "1: 'before' and 'after' of <insert> are the name of one element\n1: there is no fact "
		  "'x'\n" },
	{ .text = FIX("<insert into='a'><qemu:b/></insert>"), .said = "1: not well-formed XML: " },
	{ .text = FIX("<host persist='a'/><host command='x' reboot='soon'/><firmware/><advice/>"),
	  .said = "1: <host> needs one of 'command', 'sysctl', 'module', 'kernel-parameter' and 'load'\n"
		  "1: 'reboot' of <host> is 'soon'; it can be 'no' or 'yes'\n"
		  "1: <firmware> needs the attribute 'setting'\n1: <advice> is empty\n" },
	/* A name must not be able to end the quotes of a command. */
	{ .text = FIX("<host command=\"sed 's/a/{guest.name}/'\"/><host command='echo \"{guest.name}\"'/>"
		      "<host command=\"echo 'a' {guest.name} &quot;b&quot;\"/>"),
	  .said = "1: {guest.name} stands in quotes; a command quotes values itself\n"
		  "1: {guest.name} stands in quotes; a command quotes values itself\n" },
};

static void
refuses(void **state _unused_)
{
	for (size_t i = 0; i < VC_COUNT(refused); i++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		_cleanup_buf_ struct vc_buf said = { 0 };
		struct vc_diags diags = { .arena = arena };
		struct vc_rule *rule = (void *)&refused;
		int r = vc_rule_load(refused[i].text, strlen(refused[i].text), "rules/t/x.xml", "t", arena,
				     &diags, &rule);

		for (size_t j = 0; j < diags.count; j++) {
			assert_string_equal(diags.item[j].file, "rules/t/x.xml");
			vc_buf_addf(&said, "%d: %s\n", diags.item[j].line, diags.item[j].text);
		}
		if (refused[i].said[strlen(refused[i].said) - 1] != '\n' &&
		    said.length > strlen(refused[i].said))
			said.text[strlen(refused[i].said)] = '\0';
		assert_string_equal(vc_buf_text(&said), refused[i].said);
		assert_true(r < 0);
		assert_ptr_equal(rule, &refused);
	}
}

/* Every place where the file is cut is refused, without harm. */
static void
refuses_every_cut(void **state _unused_)
{
	for (size_t size = 0; size + 2 < strlen(full); size += 7) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		_cleanup_free_ char *cut = malloc(size ? size : 1);
		struct vc_diags diags = { .arena = arena };
		struct vc_rule *rule;

		memcpy(cut, full, size);
		assert_true(vc_rule_load(cut, size, "full.xml", "t", arena, &diags, &rule) < 0);
		assert_true(diags.count > 0);
	}
}

static void
refuses_too_large(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	size_t size = 300 * 1024;
	_cleanup_free_ char *text = malloc(size);
	struct vc_diags diags = { .arena = arena };
	struct vc_rule *rule;

	memset(text, ' ', size);
	assert_int_equal(vc_rule_load(text, size, "x.xml", "t", arena, &diags, &rule), -EFBIG);
	assert_string_equal(diags.item[0].text, "the file is larger than 256 kB");
	/* As deep as the size allows. */
	for (size_t i = 0; i + 3 <= size; i += 3)
		memcpy(text + i, "<a>", 3);
	assert_int_equal(vc_rule_load(text, 200 * 1024, "x.xml", "t", arena, &diags, &rule), -EBADMSG);
}

/* @count times @piece (NULL: another attribute each time) between @before and @after. Returns what the loader
 * said last, "" if nothing. */
static const char *
load_repeated(struct vc_arena *arena, const char *before, const char *piece, size_t count, const char *after,
	      size_t *ret_said)
{
	struct vc_diags diags = { .arena = arena };
	_cleanup_buf_ struct vc_buf text = { 0 };
	struct vc_rule *rule;
	int r;

	vc_buf_add(&text, before);
	for (size_t i = 0; i < count; i++)
		vc_buf_add(&text, piece ? piece : vc_arena_printf(arena, " a%zu=''", i));
	vc_buf_add(&text, after);
	r = vc_rule_load(text.text, text.length, "x.xml", "t", arena, &diags, &rule);
	assert_int_equal(r<0, diags.count> 0);
	*ret_said = diags.count;
	return diags.count > 0 ? diags.item[diags.count - 1].text : "";
}

/* What a file may hold of each thing is bounded: its size alone lets a load take minutes. */
static void
refuses_too_many(void **state _unused_)
{
#define OPENED "<rule id='x' since='0.1' severity='error' confidence='proven'"
#define CONDITION_BEFORE OPENED "><title>t</title><fails>"
#define AFTER(condition) condition "</fails><says>s</says><why>w</why><source>s</source></rule>"
#define USES OPENED " check='hostdev_missing'><title>t</title><each>guest.hostdev</each><uses>"
#define SAYS_BEFORE OPENED "><title>t</title><fails>yes</fails><says>"
#define SAYS_AFTER "</says><why>w</why><source>s</source></rule>"
	static const struct {
		const char *before, *piece, *after, *last;
		size_t most; /* that is still taken */
	} cases[] = {
		/* The sum is one literal in the end, but its terms are read one by one. */
		{ CONDITION_BEFORE, "1+", AFTER("1 > 0"),
		  "the condition is too long: more than 256 facts, words and operators", 253 },
		{ CONDITION_BEFORE, "1 > 0 and ", AFTER("yes"),
		  "the condition is too long: more than 256 facts, words and operators", 63 },
		{ USES, "guest.memory ", "</uses><says>s" SAYS_AFTER, "<uses> names more than 64 facts", 64 },
		{ SAYS_BEFORE, "{guest.memory}", SAYS_AFTER, "the text names more than 64 facts", 64 },
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	size_t said;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		assert_string_equal(load_repeated(arena, cases[i].before, cases[i].piece, cases[i].most,
						  cases[i].after, &said),
				    "");
		load_repeated(arena, cases[i].before, cases[i].piece, cases[i].most + 1, cases[i].after,
			      &said);
		assert_int_equal(said, 1);
		assert_string_equal(
			load_repeated(arena, cases[i].before, cases[i].piece, 8000, cases[i].after, &said),
			cases[i].last);
		assert_int_equal(said, 1);
	}
	assert_string_equal(load_repeated(arena, OPENED, NULL, 20000, "/>", &said),
			    "an element has too many attributes for a rule");
	assert_int_equal(said, 1);
	/* Complaints end as well, and what was not looked at is not called missing. */
	assert_string_equal(
		load_repeated(arena, OPENED ">", "<q/>", 20000, "</rule>", &said),
		"there are more problems than are worth naming; the rest of the file was not read");
	assert_int_equal(said, 51);
	assert_string_equal(load_repeated(arena, OPENED ">", "<q/>", 20, "</rule>", &said),
			    "<rule> needs <fails>, or the attribute 'check'");
	assert_int_equal(said, 25);
}

/* --- directories --- */

struct directory {
	char path[64];
};

static void
make_directory(struct directory *dir)
{
	strcpy(dir->path, "/tmp/vhostcheck-rules-XXXXXX");
	assert_non_null(mkdtemp(dir->path));
}

static int
remove_one(const char *path, const struct stat *st _unused_, int type _unused_, struct FTW *ftw _unused_)
{
	return remove(path);
}

static void
remove_directory(struct directory *dir)
{
	nftw(dir->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
#define _cleanup_directory_ _cleanup_(remove_directory)

static void
put_file(const struct directory *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir->path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0644), 0);
}

static void
loads_directory(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_directory_ struct directory dir;
	const struct vc_rule *builtin = load_good(arena, "m", RULE("m", "<fails>yes</fails><says>s</says>"));
	const struct vc_ruleset base = { .rule = &builtin, .count = 1 };
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;
	char path[256];

	make_directory(&dir);
	snprintf(path, sizeof(path), "%s/topic", dir.path);
	assert_int_equal(mkdir(path, 0755), 0);
	put_file(&dir, "topic/z.xml", RULE("z", "<fails>yes</fails><says>s</says>"));
	put_file(&dir, "a.xml", RULE("a", "<fails>yes</fails><says>s</says>"));
	put_file(&dir, "broken.xml", "<rule>");
	put_file(&dir, "m.xml", RULE("m", "<fails>no</fails><says>s</says>"));
	put_file(&dir, "notes.txt", "not a rule");
	put_file(&dir, ".hidden.xml", "not a rule");
	snprintf(path, sizeof(path), "%s/link.xml", dir.path);
	assert_int_equal(symlink("a.xml", path), 0);
	snprintf(path, sizeof(path), "%s/fifo.xml", dir.path);
	assert_int_equal(mkfifo(path, 0644), 0);

	/* broken.xml, m.xml, link.xml, fifo.xml */
	assert_int_equal(vc_ruleset_load(&base, dir.path, arena, &diags, &rules), 4);
	assert_int_equal(rules.count, 3);
	assert_string_equal(rules.rule[0]->id, "a");
	assert_ptr_equal(rules.rule[1], builtin);
	assert_string_equal(rules.rule[2]->id, "z");
	assert_string_equal(rules.rule[2]->topic, "topic");
	assert_ptr_equal(vc_ruleset_find(&rules, "z"), rules.rule[2]);
	assert_null(vc_ruleset_find(&rules, "zz"));
	assert_int_equal(diags.count, 4);
	assert_string_equal(diags.item[1].text, "not a plain file");
	assert_string_equal(diags.item[2].text, "a link; only plain files are read");
	assert_string_equal(diags.item[3].text, "there is a rule 'm' already, in rules/t/m.xml");
}

static void
loads_nothing(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;

	assert_int_equal(vc_ruleset_load(NULL, NULL, arena, &diags, &rules), 0);
	assert_int_equal(rules.count, 0);
	assert_null(vc_ruleset_find(&rules, "a"));
	assert_int_equal(vc_ruleset_load(NULL, "/nonexistent/rules.d", arena, &diags, &rules), 1);
	assert_string_equal(diags.item[0].text, "No such file or directory");
	assert_string_equal(diags.item[0].file, "/nonexistent/rules.d");
}

static void
distrusts(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_directory_ struct directory dir;
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;
	char path[256];

	if (geteuid() != 0) {
		skip();
		return;
	}
	make_directory(&dir);
	put_file(&dir, "a.xml", RULE("a", "<fails>yes</fails><says>s</says>"));
	put_file(&dir, "b.xml", RULE("b", "<fails>yes</fails><says>s</says>"));
	put_file(&dir, "c.xml", RULE("c", "<fails>yes</fails><says>s</says>"));
	snprintf(path, sizeof(path), "%s/a.xml", dir.path);
	assert_int_equal(chmod(path, 0646), 0);
	snprintf(path, sizeof(path), "%s/b.xml", dir.path);
	assert_int_equal(chown(path, 12345, 0), 0);
	assert_int_equal(vc_ruleset_load(NULL, dir.path, arena, &diags, &rules), 2);
	assert_int_equal(rules.count, 1);
	assert_string_equal(rules.rule[0]->id, "c");
	assert_string_equal(diags.item[0].text, "not used as root: others than root may write it");

	assert_int_equal(chmod(dir.path, 0777), 0);
	assert_int_equal(vc_ruleset_load(NULL, dir.path, arena, &diags, &rules), 1);
	assert_int_equal(rules.count, 0);
	assert_string_equal(diags.item[2].text,
			    "not used as root: others than root may write this directory");
}

/* --- lint --- */

static void
lint(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf said = { 0 };
	struct vc_diags diags = { .arena = arena };
	const struct vc_rule *rule[] = {
		load_good(arena, "a",
			  RULE("a", "<fails>yes</fails><says>{guest.name}</says><supersedes>b</supersedes>")),
		load_good(arena, "b",
			  RULE("b", "<fails>yes</fails><says>{guest.name}</says><supersedes>c</supersedes>")),
		load_good(arena, "c",
			  RULE("c", "<fails>yes</fails><says>{guest.name}</says><supersedes>b</supersedes>"
				    "<supersedes>nobody-knows</supersedes>")),
		load_good(
			arena, "d",
			HEAD("d") "<title>T.</title><fails>yes</fails><says>plain</says><why>W</why>"
				  "<fix who='domain' safe='yes'><summary>s</summary><advice>a</advice></fix>"
				  "<fix who='host' safe='no'><summary>s</summary><set text='a' to='b'/></fix>"
				  "<fix who='firmware' safe='no'><summary>s</summary><host "
				  "command='x'/></fix>"
				  "<fix who='domain' safe='no'><summary>s</summary><firmware "
				  "setting='x'/></fix>"
				  "<fix who='vendor' safe='no'><summary>s</summary></fix>"
				  "<source>qmeu 1.0 hw/x.c y</source><source>qemu hw/x.c</source>"
				  "<source>report https://example.org/1</source></rule>"),
		load_good(arena, "e",
			  HEAD("e") "<title>T</title><fails>yes</fails><says>{guest.name}</says><why>W</why>"
				    "<source>report https://example.org/1</source></rule>"),
	};
	const struct vc_ruleset rules = { .rule = rule, .count = VC_COUNT(rule) };

	vc_ruleset_lint(&rules, &diags);
	for (size_t i = 0; i < diags.count; i++)
		vc_buf_addf(&said, "%s: %s\n", diags.item[i].file, diags.item[i].text);
	assert_string_equal(
		vc_buf_text(&said),
		"rules/t/b.xml: it supersedes itself by way of the rules it supersedes\n"
		"rules/t/c.xml: it supersedes 'nobody-knows', which is no rule\n"
		"rules/t/c.xml: it supersedes itself by way of the rules it supersedes\n"
		"rules/t/d.xml: <title> ends with a full stop\n"
		"rules/t/d.xml: <says> names no fact: it should show the values that clash\n"
		"rules/t/d.xml: the source 'qmeu 1.0 hw/x.c y' begins with no project that is known here\n"
		"rules/t/d.xml: the source 'qemu hw/x.c' should be 'project version path symbol' or 'report "
		"...'\n"
		"rules/t/d.xml: a fix with safe=\"yes\" should edit the domain: nothing else is done without "
		"a person\n"
		"rules/t/d.xml: a fix with who=\"host\" edits the domain\n"
		"rules/t/d.xml: a fix with who=\"firmware\" has <host>\n"
		"rules/t/d.xml: a fix with who=\"domain\" has <firmware>\n"
		"rules/t/d.xml: a <fix> says what to do, but not how: it holds only <summary>\n"
		"rules/t/e.xml: the confidence is 'proven', but every <source> is a report\n");
}

static void
lint_symptoms(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf said = { 0 };
	struct vc_diags diags = { .arena = arena };
	const struct vc_rule *rule[] = {
		load_good(arena, "a",
			  RULE("a", "<fails>yes</fails><says>{guest.name}</says><symptom>nobody's words</symptom>"
				    "<symptom from='qemu'>of any version</symptom><symptom from='guest'>is fine</symptom>"
				    "<symptom from='qemu' versions='7.2-'>vfio 0000:01:00.0: no group</symptom>"
				    "<symptom from='qemu' versions='7.2-'>vfio 0000:00:02.0: no group</symptom>")),
	};
	const struct vc_ruleset rules = { .rule = rule, .count = VC_COUNT(rule) };
	struct vc_messages messages = { .count = 0 };
	static const char text[] =
		"<messages><message id='a' kind='noise'><title>T.</title><symptom from='kernel'>in a message</symptom>"
		"<meaning>m</meaning><source>qmeu 1.0 x y</source></message></messages>";

	assert_int_equal(vc_messages_load(text, strlen(text), "m.xml", arena, &diags, &messages), 0);
	vc_ruleset_lint(&rules, &diags);
	assert_int_equal(vc_messages_lint(&messages, &rules, &diags), 4);
	for (size_t i = 0; i < diags.count; i++)
		vc_buf_addf(&said, "%s: %s\n", diags.item[i].file, diags.item[i].text);
	assert_string_equal(vc_buf_text(&said),
			    "rules/t/a.xml: the symptom 'nobody's words' does not say who prints it: 'from'\n"
			    "rules/t/a.xml: the symptom 'of any version' does not say which 'versions' print it\n"
			    "rules/t/a.xml: the symptom 'vfio 0000:01:00.0: no group' holds the address of a device; write "
			    "{device}\n"
			    "m.xml: 'a' is a rule: its symptoms belong there\n"
			    "m.xml: the <title> of 'a' ends with a full stop\n"
			    "m.xml: the source 'qmeu 1.0 x y' begins with no project that is known here\n"
			    "m.xml: the symptom 'in a message' does not say which 'versions' print it\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_everything),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(refuses_too_large),
		cmocka_unit_test(refuses_too_many),
		cmocka_unit_test(loads_directory),
		cmocka_unit_test(loads_nothing),
		cmocka_unit_test(distrusts),
		cmocka_unit_test(lint),
		cmocka_unit_test(lint_symptoms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
