# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of text that say what there is: one section for each thing."""
import configparser


class TableError(Exception):
    """A table says something that is not understood."""


def read(path, known):
    """{name: {field: text}} of a file, whose fields have to be among the known ones."""
    parser = configparser.ConfigParser(
        interpolation=None, delimiters=("=",), comment_prefixes=("#",), default_section="every", strict=True
    )
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except configparser.Error as error:
        raise TableError(str(error)) from error
    table = {}
    for name in parser.sections():
        section = dict(parser[name])
        unknown = set(section) - set(known)
        if unknown:
            raise TableError(f"{path}: [{name}] has {', '.join(sorted(unknown))}")
        table[name] = section
    return table


def lines(text):
    """The lines of a field that has several."""
    return [line.strip() for line in text.splitlines() if line.strip()]
