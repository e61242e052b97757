# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped schemas of what the program prints. A test that imports this is skipped without python3-jsonschema."""
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)


def load(source, name):
    """The schema of this name, which has to be one itself."""
    with open(os.path.join(source, "src/report", f"vhostcheck-{name}.schema.json"), encoding="utf-8") as file:
        loaded = json.load(file)
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


def make_validator(of, report):
    """The other schemas refer to the report's by its id, which is no place to read it from."""
    try:
        import referencing
        registry = referencing.Registry().with_resource(report["$id"], referencing.Resource.from_contents(report))
        return jsonschema.Draft202012Validator(of, registry=registry)
    except (ImportError, TypeError):
        resolver = jsonschema.RefResolver.from_schema(of, store={report["$id"]: report})
        return jsonschema.Draft202012Validator(of, resolver=resolver)
