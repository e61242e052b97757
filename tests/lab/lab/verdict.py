# SPDX-License-Identifier: GPL-2.0-or-later
"""What vhostcheck said against what happened."""
import json
import re
import subprocess

# Verdicts, and whether they are what the lab is for.
TRUE_POSITIVE = "true positive"  # said to fail, failed, and the message is known as that rule's
TRUE_NEGATIVE = "true negative"  # nothing said, started
NOT_DECIDED = "not decided"  # failed, and vhostcheck said what it could not decide
BEYOND = "beyond"  # what was said and what happened are not about the same; the case says why
KNOWN_MISS = "known miss"  # a case with the field miss: no rule tells, or the wrong one; miss says what is lacking
FALSE_POSITIVE = "false positive"
FALSE_NEGATIVE = "false negative"
OTHER_REASON = "other reason"  # said to fail, failed, and the message is known as another rule's
UNKNOWN_MESSAGE = "unknown message"  # said to fail, failed, and diagnose does not know the message
NO_RESULT = "no result"  # the host stopped before, or vhostcheck gave no report
NOT_AS_EXPECTED = "not as expected"  # the case itself is wrong: it is to start and fails, or the reverse
CAPTURE_DIFFERS = "capture differs"  # the same question to a recording has another answer

GOOD = (TRUE_POSITIVE, TRUE_NEGATIVE, NOT_DECIDED, BEYOND, KNOWN_MISS)


def kernel_log(text, name):
    """The part of dmesg between the mark of the case and the next one."""
    part = []
    inside = False
    for line in text.splitlines():
        mark = re.search(r"\] lab: (\S+)$", line)
        if mark:
            inside = mark.group(1) == name
        elif inside:
            part.append(line)
    return "\n".join(part)


def read(path):
    """The text of a file, empty when it is not there."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def error_text(directory, dmesg, name):
    """Everything that was printed when the guest was started."""
    log = read(directory / "qemu.log")
    # QEMU's own lines come after its command line.
    log = "\n".join(line for line in log.splitlines() if not line.startswith(("-", "LC_ALL=", "HOME=", "XDG_", "/usr/bin/")))
    return "\n".join(part for part in (read(directory / "stderr"), log, kernel_log(dmesg, name)) if part.strip())


def diagnose(program, text):
    """{rule or message} that the text is known as."""
    done = subprocess.run(
        [program, "diagnose", "--format", "json", "-"], input=text, capture_output=True, text=True, check=False
    )
    names = set()
    for diagnosis in json.loads(done.stdout)["diagnoses"]:
        for cause in diagnosis["causes"]:
            names.add(cause.get("rule") or cause.get("message"))
    return names


def without_source(report):
    """A report but for where it was read."""
    report = json.loads(json.dumps(report))
    report["host"]["source"] = None
    report["host"]["hostname"] = None
    return report


class Outcome:
    """One case of one host and generation."""

    def __init__(self, case, generation, directory, dmesg):
        self.case = case
        self.host = case.host
        self.generation = generation
        self.directory = directory
        self.dmesg = dmesg
        self.rules = []
        self.warnings = []
        self.undecided = []
        self.known_as = set()
        self.error = ""
        self.started = None
        self.seconds = None

    def judge(self, program, severity):
        """The verdict; @severity is that of every rule."""
        report = read(self.directory / "report.json")
        status = read(self.directory / "start.status").strip()
        if not report or not status:
            return NO_RESULT
        report = json.loads(report)
        subject = report["subjects"][0]
        failed = [finding for finding in subject["findings"] if finding["outcome"] == "fail"]
        self.rules = sorted({finding["rule"] for finding in failed if finding["severity"] == "error"})
        self.warnings = sorted({finding["rule"] for finding in failed if finding["severity"] != "error"})
        self.undecided = sorted({entry["rule"] for entry in subject["undecided"] if severity.get(entry["rule"]) == "error"})
        self.started = status == "0"
        began, ended = read(self.directory / "times").split()
        self.seconds = float(ended) - float(began)
        if not self.started:
            text = error_text(self.directory, self.dmesg, self.case.name)
            self.error = first_error(text)
            self.known_as = diagnose(program, text)
        if self.started != self.case.expected(self.generation):
            return NOT_AS_EXPECTED
        captured = read(self.directory / "captured.json")
        if (self.directory / "capture.log").exists() and (
            not captured or without_source(json.loads(captured)) != without_source(report)
        ):
            return CAPTURE_DIFFERS
        compared = self.compare()
        if self.case.get("miss"):
            # What is no longer missed is not to be called so.
            return NOT_AS_EXPECTED if compared in GOOD else KNOWN_MISS
        return compared

    def compare(self):
        """What was said against what happened."""
        if self.case.get("beyond"):
            return BEYOND
        if self.started:
            return FALSE_POSITIVE if self.rules else TRUE_NEGATIVE
        if self.rules:
            if self.known_as & set(self.rules):
                return TRUE_POSITIVE
            return OTHER_REASON if self.known_as else UNKNOWN_MESSAGE
        return NOT_DECIDED if self.undecided else FALSE_NEGATIVE


def first_error(text):
    """The line that says most: the first of QEMU's or libvirt's that is no warning."""
    for line in text.splitlines():
        line = re.sub(r"^(error: )?(qemu-system-\w+: )?", "", line.strip())
        if line and "warning:" not in line and not line.startswith(("Failed to create domain", "setlocale")):
            return line
    return ""
