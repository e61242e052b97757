# SPDX-License-Identifier: GPL-2.0-or-later
"""An emulated host: its command line, its run, and its end."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from . import acpi, ini

HERE = pathlib.Path(__file__).resolve().parent.parent
FIELDS = {"about", "arch", "machine", "iommu", "port", "devices", "args", "kernel", "memory", "tables", "on"}
GENERATIONS = ("bookworm", "trixie", "sid", "trixie-arm64")
X86_GENERATIONS = GENERATIONS[:3]
MEMORY = 5120

# Where the cases expect them. A BAR of 128 MiB stands for a card's memory, two functions for a card with sound, and
# the conventional bridge for everything that shares a group because of how it is connected.
COMMON = (
    "e1000e,bus=rp0,id=nic,mac=52:54:00:12:34:01",
    "nvme,bus=rp1,serial=lab,id=nvme0",
    "qemu-xhci,bus=rp2,id=usb",
    "e1000e,bus=rp3,addr=0.0,multifunction=on,mac=52:54:00:12:34:02",
    "e1000e,bus=rp3,addr=0.1,mac=52:54:00:12:34:03",
    "pcie-pci-bridge,bus=rp4,id=conventional",
    "e1000,bus=conventional,addr=1,mac=52:54:00:12:34:04",
    "e1000,bus=conventional,addr=2,mac=52:54:00:12:34:05",
    "pci-testdev,bus=rp5,membar=128M",
    "e1000e,bus=pcie.0,addr=8,mac=52:54:00:12:34:06",
    "intel-hda,bus=pcie.0,addr=9",
)
PORTS = 6


def cache():
    """The directory that tests/lab/build fills."""
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "vhostcheck" / "lab"
    return pathlib.Path(os.environ.get("VHOSTCHECK_LAB", default))


def read_hosts():
    """{name: fields} of hosts.ini."""
    return ini.read(HERE / "hosts.ini", FIELDS)


class Host:
    """One host of hosts.ini with the packages of one generation."""

    def __init__(self, name, fields, generation):
        self.name = name
        self.fields = fields
        self.generation = generation

    def exists(self):
        """Whether this generation can have this host."""
        return self.generation in self.fields.get("on", " ".join(X86_GENERATIONS)).split()

    def is_arm(self):
        """Whether the host is an ARM machine."""
        return self.fields.get("arch") == "aarch64"

    def emulator(self):
        """QEMU from the cache, with its own libraries."""
        root = cache() / "emulator" / "usr"
        libraries = root / "lib" / "x86_64-linux-gnu"
        return [
            # It ends with this program, however that ends.
            "setpriv",
            "--pdeathsig",
            "KILL",
            str(root / "lib64" / "ld-linux-x86-64.so.2"),
            "--library-path",
            f"{libraries}:{libraries}/pulseaudio",
            str(root / "bin" / f"qemu-system-{self.fields.get('arch', 'x86_64')}"),
            "-L",
            str(root / "share" / "qemu"),
            "-L",
            str(root / "share" / "seabios"),
            "-L",
            str(root / "lib" / "ipxe" / "qemu"),
        ]

    def devices(self):
        """The -device arguments, in the order that gives the addresses the cases know."""
        own = ini.lines(self.fields.get("devices", ""))
        devices = [self.fields["iommu"]] if "iommu" in self.fields else []
        if self.is_arm() or "machine" not in self.fields:
            port = self.fields.get("port", "")
            for index in range(PORTS):
                more = ",multifunction=on" if index == 0 else ""
                devices.append(f"pcie-root-port,id=rp{index},chassis={index + 1},addr=1c.{index}{more}{port}")
        return devices + (own or list(COMMON))

    def command(self, shared, scratch):
        """The whole command line; @shared is what the host sees as /lab."""
        image = cache() / self.generation
        initramfs = scratch / "initramfs"
        initramfs.write_bytes(acpi.archive(self.fields.get("tables")) + (image / "initramfs").read_bytes())
        command = self.emulator()
        command += ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        command += ["-machine", self.fields.get("machine", "q35")]
        # Clearing pages with repeated string instructions is slow when it is emulated, and so is signing pointers.
        cpu = "cortex-a57" if self.is_arm() else "max,la57=off,erms=off,fsrm=off"
        command += ["-accel", "tcg,thread=single", "-cpu", cpu, "-smp", "2"]
        command += ["-m", self.fields.get("memory", str(MEMORY))]
        command += ["-kernel", str(image / "kernel"), "-initrd", str(initramfs)]
        console = "ttyAMA0" if self.is_arm() else "ttyS0"
        command += ["-append", f"console={console} panic=-1 mitigations=off quiet {self.fields.get('kernel', '')}"]
        command += ["-serial", f"file:{scratch / 'serial'}"]
        for device in self.devices():
            command += ["-device", device]
        for line in ini.lines(self.fields.get("args", "")):
            command += line.replace("{emulator}", str(cache() / "emulator")).split(" ")
        command += ["-drive", f"if=none,id=root,format=raw,readonly=on,file={image / 'root.squashfs'}"]
        command += ["-device", "virtio-blk-pci,drive=root"]
        command += ["-fsdev", f"local,id=lab,path={shared},security_model=none"]
        command += ["-device", "virtio-9p-pci,fsdev=lab,mount_tag=lab"]
        return command

    def run(self, shared, scratch, limit):
        """Boots it, and waits until it has switched itself off. Returns the seconds it took; None when it did not end."""
        began = time.monotonic()
        with open(scratch / "emulator.log", "wb") as log:
            with subprocess.Popen(
                self.command(shared, scratch), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            ) as process:
                try:
                    process.wait(limit)
                except BaseException as reason:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    if isinstance(reason, subprocess.TimeoutExpired):
                        return None
                    raise
        return time.monotonic() - began


def bundle(program, directory, arm):
    """@program with the libraries it needs, so that it runs in a host of any generation."""
    directory.mkdir(parents=True)
    if arm:
        # It was built against the oldest generation, and ARM hosts have the libraries.
        shutil.copy2(program, directory / "vhostcheck")
        return
    shutil.copy2(program, directory / "vhostcheck.bin")
    names = [str(program)] + [path for path in (find_library("libarchive.so.13"),) if path]
    for name in names:
        for line in subprocess.run(["ldd", name], check=True, capture_output=True, text=True).stdout.splitlines():
            path = line.split(" => ")[-1].split(" (")[0].strip()
            if path.startswith("/") and not (directory / os.path.basename(path)).exists():
                shutil.copy2(path, directory / os.path.basename(path))
    for name in names[1:]:
        shutil.copy2(name, directory / os.path.basename(name))
    loader = next(directory.glob("ld-linux*"))
    wrapper = directory / "vhostcheck"
    wrapper.write_text(f'#!/bin/sh\nexec /lab/bin/{loader.name} --library-path /lab/bin /lab/bin/vhostcheck.bin "$@"\n')
    wrapper.chmod(0o755)


def share(scratch, program, arm=False):
    """Makes the directory that a host sees as /lab, with an empty plan."""
    shared = scratch / "shared"
    (shared / "results" / "cases").mkdir(parents=True)
    (shared / "plan" / "cases").mkdir(parents=True)
    (shared / "plan" / "order").touch()
    shutil.copytree(HERE / "guest", shared / "guest")
    bundle(pathlib.Path(program).resolve(), shared / "bin", arm)
    return shared


def find_library(name):
    """Where the dynamic linker of this machine finds it."""
    listing = subprocess.run(["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True).stdout
    for line in listing.splitlines():
        if line.strip().startswith(name + " ") and "x86-64" in line:
            return line.split(" => ")[1].strip()
    return None
