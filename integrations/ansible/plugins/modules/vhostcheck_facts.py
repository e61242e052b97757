#!/usr/bin/python
# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
# Of the versions of the GNU General Public License that this allows, v3.0 is one (see https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: vhostcheck_facts
short_description: What vhostcheck knows about a host
version_added: 0.1.0
description:
  - Runs C(vhostcheck host) and C(vhostcheck facts) on the host, and returns what they report as facts.
  - Nothing is started and nothing is changed. Some things are shown to root only; what cannot be read is reported
    with the reason, and never taken to be all right.
extends_documentation_fragment:
  - vhostcheck.vhostcheck.vhostcheck
options:
  prefix:
    description:
      - Only facts whose name begins with this, such as C(host.iommu). They are named in vhostcheck-facts(7).
      - The findings about the host are returned all the same.
    type: str
    default: ''
attributes:
  facts:
    description: Returns an C(ansible_facts) dictionary that is kept for the host.
    support: full
seealso:
  - module: vhostcheck.vhostcheck.vhostcheck_info
notes:
  - The role M(vhostcheck.vhostcheck.install) makes the report of C(vhostcheck host) a local fact as well. C(ansible_local.vhostcheck)
    is the same document as C(ansible_facts.vhostcheck), without C(facts).
"""

EXAMPLES = r"""
- name: Ask vhostcheck about the host
  vhostcheck.vhostcheck.vhostcheck_facts:

- name: Stop where the IOMMU is off
  ansible.builtin.assert:
    that: ansible_facts.vhostcheck.facts['host.iommu.present'].value
    fail_msg: the kernel drives no IOMMU

- name: Stop where the host itself is at fault
  ansible.builtin.assert:
    that: ansible_facts.vhostcheck.subjects[0].summary.error == 0
    fail_msg: "{{ ansible_facts.vhostcheck.subjects[0].findings | map(attribute='message') | join('; ') }}"
"""

RETURN = r"""
ansible_facts:
  description: What is known about the host.
  returned: always
  type: dict
  contains:
    vhostcheck:
      description:
        - The report of C(vhostcheck host), as its schema C(vhostcheck-report.schema.json) says, and C(facts) beside it.
      returned: always
      type: dict
      contains:
        schema:
          description: Always C(vhostcheck-report).
          type: str
          returned: always
        schema_version:
          description: Version of the schema.
          type: int
          returned: always
        tool:
          description: Name and version of the program.
          type: dict
          returned: always
          sample: {"name": "vhostcheck", "version": "0.1.0"}
        host:
          description: The host, by name and kernel.
          type: dict
          returned: always
          sample: {"source": "live", "hostname": "hv1", "kernel": "6.12.107"}
        subjects:
          description: One entry, without a domain, with C(findings), C(undecided) and C(summary).
          type: list
          elements: dict
          returned: always
        facts:
          description:
            - The facts by name. Each has a C(state), and a C(value) if that is C(known); otherwise C(reason) and C(hint). Numbers are
              text, because many readers of JSON round those beyond 2^53.
          type: dict
          returned: always
          sample: {"host.kvm.usable": {"state": "known", "value": true, "from": "/dev/kvm"}}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.vhostcheck.vhostcheck.plugins.module_utils.vhostcheck import (
    VhostcheckError,
    argument_spec,
    report,
    rules_arguments,
)


def main():
    module = AnsibleModule(
        argument_spec=argument_spec(prefix=dict(type='str', default='')),
        supports_check_mode=True,
    )
    params = module.params
    try:
        # A broken rule of the site (status 2) is said, and the others were asked all the same.
        dummy, host, problems = report(params, ['host', '--fail-on', 'never'] + rules_arguments(params))
        dummy, facts, dummy2 = report(params, ['facts'], [params['prefix']] if params['prefix'] else [])
    except VhostcheckError as problem:
        module.fail_json(msg=str(problem))
    for line in problems.splitlines():
        module.warn(line)
    host['facts'] = facts['facts']
    module.exit_json(changed=False, ansible_facts=dict(vhostcheck=host))


if __name__ == '__main__':
    main()
