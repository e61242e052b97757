# -*- coding: utf-8 -*-
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the installed program within its time, and reads what it reports."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import json
import os
import signal
import subprocess

from ansible.module_utils.common.text.converters import to_bytes, to_native

EXIT_FINDING = 1
EXIT_INPUT = 2
EXIT_UNDECIDED = 3

# How long the output of a program that was killed is waited for.
GRACE_SECONDS = 1


class VhostcheckError(Exception):
    """The program could not be run, or did not report."""


def argument_spec(**more):
    """The options that every module has, and those of one."""
    spec = dict(
        executable=dict(type='str', default='vhostcheck'),
        rules=dict(type='path'),
        timeout=dict(type='int', default=60),
    )
    spec.update(more)
    return spec


def _environment():
    environment = dict(os.environ, LC_ALL='C.UTF-8', NO_COLOR='1')
    # A shell of root may have been given the PATH of somebody else.
    environment['PATH'] = os.pathsep.join(
        [environment.get('PATH', ''), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin']
    ).lstrip(os.pathsep)
    return environment


def _find(executable, path):
    """subprocess looks names up in the PATH of this process, not in that of the environment it is given."""
    if os.sep in executable:
        return executable
    for directory in path.split(os.pathsep):
        candidate = os.path.join(directory, executable)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    raise VhostcheckError('%s is not installed on this host: it is not in %s' % (executable, path))


def _kill(process):
    """Ends the program, and what it may have started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass
    try:
        process.communicate(timeout=GRACE_SECONDS)
    except (subprocess.TimeoutExpired, ValueError):
        # It hangs in the kernel, where nothing can end it.
        pass


def run(params, arguments, text=None):
    """Runs the program with the arguments. Returns status, standard output and standard error."""
    environment = _environment()
    command = [_find(params['executable'], environment['PATH'])] + arguments
    try:
        process = subprocess.Popen(
            [to_bytes(argument) for argument in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        if getattr(problem, 'errno', None) == errno.ENOENT:
            raise VhostcheckError('%s is not installed on this host' % command[0])
        raise VhostcheckError('%s cannot be run: %s' % (command[0], to_native(problem)))
    try:
        out, err = process.communicate(to_bytes(text or ''), timeout=params['timeout'])
    except subprocess.TimeoutExpired:
        _kill(process)
        raise VhostcheckError('%s took longer than %d seconds' % (command[0], params['timeout']))
    return process.returncode, to_native(out), to_native(err).strip()


def report(params, arguments, operands=(), text=None):
    """The same for a command that prints JSON. Returns status, the document and standard error."""
    # Operands may begin with a hyphen.
    status, out, err = run(params, arguments + ['--format', 'json', '--'] + list(operands), text)
    try:
        document = json.loads(out)
    except ValueError:
        document = None
    if not isinstance(document, dict) or status not in (0, EXIT_FINDING, EXIT_INPUT, EXIT_UNDECIDED):
        raise VhostcheckError(err or '%s ended with status %d and reported nothing' % (params['executable'], status))
    return status, document, err


def rules_arguments(params):
    return ['--rules', params['rules']] if params['rules'] else []
