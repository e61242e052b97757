# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the modules of this collection have in common."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    DOCUMENTATION = r"""
options:
  executable:
    description:
      - The program, as a path or as a name that is looked up in the C(PATH) of the host.
    type: str
    default: vhostcheck
  rules:
    description:
      - A directory on the host with more rules, beside those of C(/etc/vhostcheck/rules.d).
    type: path
  timeout:
    description:
      - How many seconds the program may take. After that it is ended, and the module fails.
    type: int
    default: 60
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the same as without it.
    support: full
  diff_mode:
    description: Shows what changes when diff mode is asked for.
    support: none
    details: Nothing is ever changed.
  platform:
    description: The systems this runs on.
    support: full
    platforms: linux
requirements:
  - vhostcheck on the host that the module runs on
  - Python 3.6 or later there
author:
  - the authors of vhostcheck (!UNKNOWN)
"""
