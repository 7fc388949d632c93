"""The JSON Schema of one rule file, as editors take it: YAML is checked while it is written."""

from typing import Final

from rules.language.keys.common import SHARED
from rules.tools.schema.rule_files.declared import ID_PATTERN, properties_of
from rules.tools.schema.rule_files.schemes import scheme_schema
from rules.tools.schema.rule_files.sections import SECTIONS
from rules.tools.schema.rule_files.values import Schema, listing, table

# Editors know this dialect best.
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"


def rule_file_schema() -> Schema:
    """Describe a rule file: any of its sections, each in any of the files of a pack."""
    sections = properties_of(SECTIONS)
    text = SECTIONS["schemes"].text
    sections["schemes"] = listing(text, scheme_schema(text))
    schema = table("Rules of one pack, which may stand in several files.", sections)
    return {"$schema": _DIALECT, "title": "rules-file", **schema, "definitions": _definitions()}


def _definitions() -> dict[str, Schema]:
    """Describe what many rules say alike, by the names they refer to it with."""
    described = properties_of(SHARED)
    described["id"] = {
        "description": described["id"]["description"],
        "type": ["string", "number"],
        "pattern": ID_PATTERN,
    }
    return described
