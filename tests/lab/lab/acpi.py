# SPDX-License-Identifier: GPL-2.0-or-later
"""ACPI tables that the kernel takes in place of those of the firmware: an uncompressed archive before the initramfs."""


def archive(name):
    """The archive with the named table; nothing without a name."""
    return b"" if not name else build(name)


def build(name):
    raise NotImplementedError(name)
