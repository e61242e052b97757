# SPDX-License-Identifier: GPL-2.0-or-later
"""The cases: what is configured, and whether it is expected to start."""
import pathlib
import shlex

from . import ini

HERE = pathlib.Path(__file__).resolve().parent.parent
GENERATIONS = ("bookworm", "trixie", "sid", "trixie-arm64")

# What a section of cases/*.ini may say; cases/README.md explains it.
FIELDS = {
    "about", "on", "in", "setup", "start", "start_bookworm", "start_trixie", "start_sid", "start_trixie-arm64", "beyond", "miss", "user", "memlock",
    "binary", "machine", "accel", "cpu", "memory", "args", "qmp", "by", "type", "head", "os", "devices", "emulator",
}  # fmt: skip
STARTS = {"yes": True, "no": False}

# The names that cases give to the devices of a host.
COMMON = {
    "nic": "0000:01:00.0",
    "nvme": "0000:02:00.0",
    "usb": "0000:03:00.0",
    "pair0": "0000:04:00.0",
    "pair1": "0000:04:00.1",
    "bridge": "0000:05:00.0",
    "card1": "0000:06:01.0",
    "card2": "0000:06:02.0",
    "bar": "0000:07:00.0",
    "root-nic": "0000:00:08.0",
    "sound": "0000:00:09.0",
    "port0": "0000:00:1c.0",
    "absent": "0000:0a:00.0",
}
NAMES = {
    "sriov": {"pf": "0000:01:00.0", "vf0": "0000:01:10.0", "vf1": "0000:01:10.2", "absent": "0000:0a:00.0"},
    "i440fx": {"nic": "0000:00:10.0", "nvme": "0000:00:11.0", "usb": "0000:00:12.0", "absent": "0000:0a:00.0"},
}

DOMAIN = """<domain type='{type}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>lab</name>
  <uuid>7a2f3c1e-0b6d-4a55-9c55-1d2e3f405162</uuid>
  <memory unit='MiB'>{memory}</memory>
  <vcpu>1</vcpu>
  {os}
  {head}
  <devices>
    <emulator>/usr/bin/{binary}</emulator>
    {devices}
  </devices>
</domain>
"""


def hostdev(address, more=""):
    """A <hostdev> of a PCI device."""
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    return (
        "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
        f"<address domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' function='0x{function}'/></source>{more}</hostdev>"
    )


class Case:
    """One section of cases/*.ini on one host."""

    def __init__(self, name, fields, host):
        self.name = name
        self.host = host
        self.names = NAMES.get(host, COMMON)
        self.fields = {field: self.fill(text) for field, text in fields.items()}

    def fill(self, text):
        """Devices by their names: {nic} is an address, <hostdev nic/> a whole element."""
        for name, address in self.names.items():
            text = text.replace("{" + name + "}", address).replace(f"<hostdev {name}/>", hostdev(address))
        return text

    def get(self, field, default=""):
        """The text of a field."""
        return self.fields.get(field, default)

    def expected(self, generation):
        """Whether the guest is expected to start."""
        return STARTS[self.get(f"start_{generation}", self.get("start"))]

    def is_domain(self):
        """Whether libvirt starts it."""
        return self.get("by", "qemu") == "libvirt"

    def command(self):
        """The command line of QEMU."""
        binary = self.get("binary", "qemu-system-x86_64")
        words = [binary, "-nodefaults", "-no-user-config", "-display", "none", "-S", "-qmp", "stdio"]
        words += ["-machine", self.get("machine", "q35"), "-accel", self.get("accel", "tcg")]
        words += ["-cpu", self.get("cpu", "qemu64"), "-m", self.get("memory", "256")]
        for line in ini.lines(self.get("args")):
            words += shlex.split(line)
        return words

    def domain(self):
        """The domain XML."""
        system = self.get("os", "<os><type arch='x86_64' machine='q35'>hvm</type></os>")
        return DOMAIN.format(
            type=self.get("type", "qemu"),
            memory=self.get("memory", "256"),
            os=system,
            head=self.get("head"),
            devices=self.get("devices"),
            binary=self.get("binary", "qemu-system-x86_64"),
        )

    def prefix(self):
        """The words before the command: another user, a limit."""
        words = []
        if self.get("memlock"):
            words += ["prlimit", f"--memlock={self.get('memlock')}"]
        if self.get("user"):
            words += ["setpriv", f"--reuid={self.get('user')}", "--regid=kvm", "--init-groups"]
        return words

    def write(self, directory, recorded):
        """The files that guest/case reads; with @recorded the question is asked of a recording as well."""
        directory.mkdir(parents=True)
        (directory / "setup").write_text("\n".join(ini.lines(self.get("setup"))) + "\n", encoding="utf-8")
        if self.prefix():
            (directory / "as").write_text("\n".join(self.prefix()) + "\n", encoding="utf-8")
        # A recording knows nothing of the limits and rights of whoever asks.
        if recorded and not self.prefix():
            (directory / "capture").touch()
        if self.is_domain():
            (directory / "domain.xml").write_text(self.domain(), encoding="utf-8")
            return
        (directory / "command").write_text("\n".join(self.command()) + "\n", encoding="utf-8")
        (directory / "command.sh").write_text(shlex.join(self.command()) + "\n", encoding="utf-8")
        messages = ['{"execute": "qmp_capabilities"}', *ini.lines(self.get("qmp")), '{"execute": "quit"}']
        (directory / "qmp").write_text("\n".join(messages) + "\n", encoding="utf-8")


def check(path, name, fields, hosts):
    """A section that cannot be meant as it is written is an error at once."""
    if "about" not in fields:
        raise ini.TableError(f"{path}: [{name}] does not say what it is about")
    for field in ("start", *(f"start_{generation}" for generation in GENERATIONS)):
        if fields.get(field, "yes" if field != "start" else "") not in STARTS:
            raise ini.TableError(f"{path}: [{name}] says neither yes nor no in {field}")
    for host in fields.get("on", "intel39").split():
        if host not in hosts:
            raise ini.TableError(f"{path}: [{name}] is on {host}, which is no host")
    for generation in fields.get("in", "").split():
        if generation not in GENERATIONS:
            raise ini.TableError(f"{path}: [{name}] is in {generation}, which is no generation")


def read_cases(hosts):
    """[(name, fields)] of all files, each name once."""
    found = {}
    for path in sorted((HERE / "cases").glob("*.ini")):
        for name, fields in ini.read(path, FIELDS).items():
            if name in found:
                raise ini.TableError(f"{path}: there is a case {name} already")
            check(path, name, fields, hosts)
            found[name] = fields
    return found


def cases_of(found, host, generation):
    """The cases of one host with one generation, those of libvirt last: its start is the slowest part."""
    cases = []
    for name, fields in found.items():
        if host in fields.get("on", "intel39").split() and generation in fields.get("in", " ".join(GENERATIONS)).split():
            cases.append(Case(name, fields, host))
    return sorted(cases, key=lambda case: case.is_domain())
