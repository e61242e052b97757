# SPDX-License-Identifier: GPL-2.0-or-later
"""ACPI tables that the kernel takes in place of those of the firmware: an uncompressed archive before the initramfs.

[linux 6.12 drivers/acpi/tables.c acpi_table_upgrade, Documentation/admin-guide/acpi/initrd_table_override.rst]
"""
import pathlib
import struct
import subprocess
import tempfile

# What QEMU's own table has [qemu 10.0 hw/i386/acpi-build.c build_dmar_q35]: one unit for everything, and the I/O APIC,
# which the chipset shows at a bus of its own.
WIDTH = 39
UNIT_BASE = 0xFED90000
IO_APIC = struct.pack("<BBHBBBB", 3, 8, 0, 0, 0xFF, 0, 0)
FLAG_INTERRUPT_REMAPPING = 1
FLAG_INCLUDE_ALL = 1

# In the window of PCI's configuration, which the firmware reserves.
CLAIMED = (0xBF000000, 0xBF1FFFFF)
# Slots of the root ports that the card and the USB controller of the lab hang on.
CLAIMED_PATHS = (((0x1C, 0), (0, 0)), ((0x1C, 2), (0, 0)))


def endpoint(path):
    """A device scope: an endpoint by the way to it from bus 0."""
    return struct.pack("<BBHBB", 1, 6 + 2 * len(path), 0, 0, 0) + bytes(number for step in path for number in step)


def unit():
    """DRHD: the remapping unit."""
    return struct.pack("<HHBBHQ", 0, 16 + len(IO_APIC), FLAG_INCLUDE_ALL, 0, 0, UNIT_BASE) + IO_APIC


def claim(path):
    """RMRR: memory that the firmware claims for a device."""
    scope = endpoint(path)
    return struct.pack("<HHHHQQ", 1, 24 + len(scope), 0, 0, *CLAIMED) + scope


def dmar():
    """The table, newer than the firmware's, so that the kernel takes it."""
    body = struct.pack("<BB10x", WIDTH - 1, FLAG_INTERRUPT_REMAPPING) + unit() + b"".join(map(claim, CLAIMED_PATHS))
    header = struct.pack("<4sIBB6s8sI4sI", b"DMAR", 36 + len(body), 1, 0, b"BOCHS ", b"BXPC    ", 2, b"BXPC", 1)
    table = bytearray(header + body)
    table[9] = -sum(table) & 0xFF
    return bytes(table)


TABLES = {"rmrr": ("dmar.aml", dmar)}


def archive(name):
    """The archive with the named table; nothing without a name."""
    if not name:
        return b""
    file, make = TABLES[name]
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path("kernel/firmware/acpi") / file
        (directory / path).parent.mkdir(parents=True)
        (directory / path).write_bytes(make())
        names = [*reversed(path.parents[:-1]), path]
        done = subprocess.run(
            ["cpio", "--quiet", "-o", "-H", "newc"],
            cwd=directory,
            input="".join(f"{entry}\n" for entry in names).encode(),
            capture_output=True,
            check=True,
        )
        return done.stdout
