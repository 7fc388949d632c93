"""The reference by key: what each takes and means, made of the schema that editors use."""

from collections.abc import Iterator
from typing import Any, Final

from rules.tools.schema.rule_files.files import rule_file_schema

Schema = dict[str, Any]

_MANY: Final = 12
"""So many words are listed; of more, their number is told."""

_COMMON: Final = ("id", "text", "when", "valid", "priority", "lint")


def reference(section: str = "") -> str:
    """Write the reference in Markdown, of one section or of all."""
    schema = rule_file_schema()
    shared = schema["definitions"]
    sections = {"every rule": _every_rule(shared), **schema["properties"]}
    chosen = [section] if section else list(sections)
    return "\n".join("\n".join(_section(name, sections[name])) for name in chosen)


def sections() -> list[str]:
    """Name the sections of a rule file."""
    return list(rule_file_schema()["properties"])


def _every_rule(shared: Schema) -> Schema:
    rule = {name: shared["when_scheme" if name == "when" else name] for name in _COMMON}
    return {"description": "what any rule may say", "properties": rule}


def _section(name: str, schema: Schema) -> Iterator[str]:
    yield f"### `{name}`\n" if name in sections() else "### Every rule\n"
    yield f"{schema['description'][:1].upper()}{schema['description'][1:]}.\n"
    yield "| Key | Takes | Means |"
    yield "|---|---|---|"
    for key, part in _rows("", schema):
        means = part["description"].partition("; it knows")[0]  # the facts are told elsewhere
        yield f"| `{key}` | {_takes(part)} | {means} |"
    yield ""


def _rows(before: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Give every key below a mapping or a list of them, with the way to it."""
    inner = schema.get("items", schema)
    names = inner.get("properties", {})
    for name, part in names.items():
        if "$ref" in part:
            continue
        yield before + name, part
        yield from _rows(f"{before}{name}.", _inside(part))
    values = inner.get("additionalProperties")
    if isinstance(values, dict):
        yield from _rows(f"{before}NAME.", values)


def _inside(part: Schema) -> Schema:
    return part if "properties" in part or "items" in part else part | {"properties": {}}


def _takes(part: Schema) -> str:
    """Say what may stand under a key."""
    if "anyOf" in part and "properties" not in part:
        one = part["anyOf"][0]
        return f"{_options(one['enum'])}, or a list" if "enum" in one else "a word or a list"
    if "enum" in part:
        return _options(part["enum"])
    kinds = part.get("type", "object")
    if isinstance(kinds, list):
        plain = _number(part) if "[0-9]+" in str(part.get("pattern")) else "a word"
        return f"{plain}, or a mapping" if "object" in kinds else plain
    if kinds == "object":
        return "a mapping" if "properties" in part else "names with values"
    return "a list of mappings" if kinds == "array" else _written(part)


def _written(part: Schema) -> str:
    pattern = str(part.get("pattern", ""))
    if pattern.endswith("[mhd]$"):
        return "a time"
    return "a date" if pattern.startswith("^[0-9]{4}") else "a text"


def _number(part: Schema) -> str:
    kind = "a whole number" if part.get("multipleOf") == 1 else "a number"
    least, most = part.get("minimum"), part.get("maximum")
    if least is not None and most is not None:
        return f"{kind}, {least:,} to {most:,}"
    if least:
        return f"{kind} from {least:,} on"
    return kind


def _options(options: list[Any]) -> str:
    words = ["true" if one is True else "false" if one is False else str(one) for one in options]
    return f"one of {len(words)} words" if len(words) > _MANY else f"`{'`, `'.join(words)}`"
