#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
# Of the versions of the GNU General Public License that this allows, v3.0 is one (see https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: vhostcheck_info
short_description: Whether libvirt domains will work on a host
version_added: 0.1.0
description:
  - Runs C(vhostcheck) on domains, and returns what will break, why, and what to change.
  - Nothing is started and nothing is changed. Some things are shown to root only; what cannot be read is reported
    as undecided, and never taken to be all right.
extends_documentation_fragment:
  - vhostcheck.vhostcheck.vhostcheck
options:
  domains:
    description:
      - Domain XML files on the host that the module runs on; with I(connect), names or UUIDs that libvirt knows.
      - The list may be empty. This, I(xml) or I(all) has to be given.
    type: list
    elements: str
  xml:
    description:
      - The XML of one domain, in place of a file or beside the I(domains).
    type: str
  connect:
    description:
      - URI of the libvirt that knows the I(domains), such as C(qemu:///system). The host that is checked is still the one
        that the module runs on, or those of I(roots).
    type: str
  all:
    description:
      - With I(connect), check all domains that are there, running or not, in place of I(domains).
    type: bool
    default: false
  roots:
    description:
      - Hosts to check against in place of the one the module runs on. Each is a capture, as C(vhostcheck capture) makes it, or a copied
        tree. Every domain is checked against every one of them. With an empty list nothing is checked.
    type: list
    elements: path
  fail_on:
    description:
      - The severity from which a finding makes the module fail. The findings are returned all the same.
    type: str
    choices: [never, info, warning, error]
    default: never
  strict:
    description:
      - Fail if something is undecided, too.
    type: bool
    default: false
  ignore:
    description:
      - Rules whose findings are suppressed.
    type: list
    elements: str
    default: []
  qemu_version:
    description:
      - The version of the QEMU that would run the guests, where it cannot be found out or will be another one.
    type: str
  libvirt_version:
    description:
      - The version of the libvirt that would start them.
    type: str
attributes:
  facts:
    description: Returns an C(ansible_facts) dictionary that is kept for the host.
    support: none
seealso:
  - module: vhostcheck.vhostcheck.vhostcheck_facts
"""

EXAMPLES = r"""
- name: Find the domains of this host
  ansible.builtin.find:
    paths: /etc/libvirt/qemu
    patterns: "*.xml"
  register: found

- name: Stop if one of them will not start
  vhostcheck.vhostcheck.vhostcheck_info:
    domains: "{{ found.files | map(attribute='path') }}"
    fail_on: error

- name: Check a domain before it is defined, for the QEMU that comes with the next release
  vhostcheck.vhostcheck.vhostcheck_info:
    xml: "{{ lookup('ansible.builtin.template', 'win11.xml.j2') }}"
    qemu_version: "10.0"
  register: win11

- name: Show what to change
  ansible.builtin.debug:
    msg: "{{ item.message }}: {{ item.fixes | map(attribute='summary') | join(', or ') }}"
  loop: "{{ win11.findings }}"
  loop_control:
    label: "{{ item.rule }}"

- name: Find out which of these hosts could run it
  vhostcheck.vhostcheck.vhostcheck_info:
    domains: [win11.xml]
    roots: [hv1.tar.gz, hv2.tar.gz]
  delegate_to: localhost
"""

RETURN = r"""
findings:
  description:
    - What will go wrong, for all domains and hosts. Each is a finding of the report, as C(vhostcheck-report.schema.json) says, and says
      with C(domain) and C(host) whose it is.
  returned: when domains could be checked
  type: list
  elements: dict
  contains:
    domain:
      description: Name of the domain, or its file if it has none.
      type: str
      returned: always
    host:
      description: Name of the host, or the capture.
      type: str
      returned: always
    rule:
      description: The rule that failed.
      type: str
      returned: always
      sample: viommu-aw-bits
    severity:
      description: By the effect. C(error), the guest will not start, or data or the host are at risk; C(warning), it starts and
        runs wrong, badly or unsafely; C(info), it can be better.
      type: str
      returned: always
    confidence:
      description: C(proven), it follows from source code; C(reported), it is known from the field.
      type: str
      returned: always
    message:
      description: What is wrong, in one sentence.
      type: str
      returned: always
    why:
      description: What happens and why.
      type: str
      returned: always
    fixes:
      description: What to change, with the changed XML and the commands.
      type: list
      elements: dict
      returned: always
undecided:
  description: Rules that could not be decided, with the C(fact) that would decide, the C(reason), and a C(hint) if something can be done.
    Each says with C(domain) and C(host) whose it is.
  returned: when domains could be checked
  type: list
  elements: dict
summary:
  description: How many outcomes of each kind there were, for all domains and hosts.
  returned: when domains could be checked
  type: dict
  sample: {"error": 1, "warning": 0, "info": 0, "undecided": 2, "suppressed": 0, "passed": 31, "skipped": 96}
subjects:
  description: Each domain on each host, with the C(summary) of the pair.
  returned: when domains could be checked
  type: list
  elements: dict
  sample: [{"domain": {"name": "win11", "uuid": null, "file": "win11.xml"}, "host": {"source": "live", "hostname": "hv1", "kernel": "6.12.107"},
            "summary": {"error": 0, "warning": 1, "info": 0, "undecided": 0, "suppressed": 0, "passed": 31, "skipped": 96}}]
tool:
  description: Name and version of the program.
  returned: when domains could be checked
  type: dict
  sample: {"name": "vhostcheck", "version": "0.1.0"}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vhostcheck.vhostcheck.plugins.module_utils.vhostcheck import (
    EXIT_FINDING,
    EXIT_INPUT,
    EXIT_UNDECIDED,
    VhostcheckError,
    argument_spec,
    report,
    rules_arguments,
)

# So many findings stand in the message of a failure; all of them are returned.
FINDINGS_IN_MESSAGE = 10

OUTCOMES = ['error', 'warning', 'info', 'undecided', 'suppressed', 'passed', 'skipped']


def make_arguments(params):
    arguments = ['check', '--fail-on', params['fail_on']] + rules_arguments(params)
    for root in params['roots'] or []:
        arguments += ['--root', root]
    for rule in params['ignore']:
        arguments += ['--ignore', rule]
    for option in ('connect', 'qemu_version', 'libvirt_version'):
        if params[option]:
            arguments += ['--' + option.replace('_', '-'), params[option]]
    for option in ('all', 'strict'):
        if params[option]:
            arguments.append('--' + option)
    return arguments


def make_result(document):
    """The report, with the entries of all subjects in one list. Each says whose it is."""
    result = dict(
        changed=False,
        findings=[],
        undecided=[],
        summary=dict.fromkeys(OUTCOMES, 0),
        subjects=[],
        tool=document['tool'],
    )
    for subject in document['subjects']:
        domain = subject['domain']
        host = subject.get('host') or document['host']
        whose = dict(domain=domain['name'] or domain['file'], host=host.get('root') or host['hostname'])
        for key in ('findings', 'undecided'):
            result[key] += [dict(entry, **whose) for entry in subject[key]]
        for outcome in OUTCOMES:
            result['summary'][outcome] += subject['summary'][outcome]
        result['subjects'].append(dict(domain=domain, host=host, summary=subject['summary']))
    return result


def failure(status, result, problems):
    """What to say about a status that is a failure, or None."""
    if status == EXIT_INPUT:
        return problems or 'an input could not be used'
    if status == EXIT_UNDECIDED:
        return '%d rules are undecided' % result['summary']['undecided']
    if status != EXIT_FINDING:
        return None
    said = ['%s: %s[%s]: %s' % (finding['domain'], finding['severity'], finding['rule'], finding['message'])
            for finding in result['findings']]
    more = len(said) - FINDINGS_IN_MESSAGE
    return '; '.join(said[:FINDINGS_IN_MESSAGE]) + ('; and %d more' % more if more > 0 else '')


def main():
    module = AnsibleModule(
        argument_spec=argument_spec(
            domains=dict(type='list', elements='str'),
            xml=dict(type='str'),
            connect=dict(type='str'),
            all=dict(type='bool', default=False),
            roots=dict(type='list', elements='path'),
            fail_on=dict(type='str', choices=['never', 'info', 'warning', 'error'], default='never'),
            strict=dict(type='bool', default=False),
            ignore=dict(type='list', elements='str', default=[]),
            qemu_version=dict(type='str'),
            libvirt_version=dict(type='str'),
        ),
        mutually_exclusive=[['connect', 'xml']],
        supports_check_mode=True,
    )
    params = module.params
    domains = (params['domains'] or []) + ([] if params['xml'] is None else ['-'])
    if params['domains'] is None and not domains and not params['all']:
        module.fail_json(msg='one of the following is required: domains, xml, all')
    if not (domains or params['all']) or params['roots'] == []:
        # All domains of a host may be none. No recorded host is not this one.
        module.exit_json(**make_result(dict(subjects=[], tool={})))
    try:
        status, document, problems = report(params, make_arguments(params), domains, params['xml'])
    except VhostcheckError as problem:
        module.fail_json(msg=str(problem))
    result = make_result(document)
    said = failure(status, result, problems)
    if said:
        module.fail_json(msg=said, **result)
    module.exit_json(**result)


if __name__ == '__main__':
    main()
