"""The schema of schemes: what each may say goes by what it gives."""

from typing import Final

from rules.language.keys.schemes import EVERY, KINDS, Combo, Plain, Scheme
from rules.language.text.keys import Key
from rules.tools.schema.rule_files.declared import properties_of
from rules.tools.schema.rule_files.values import Schema, exactly_one, only, refer, table

_PLAIN: Final = Plain.percent.name


def scheme_schema(text: str) -> Schema:
    """Describe a scheme by all that any may say, and then what is left to it by what it gives."""
    keys: dict[str, Key] = dict(Scheme.declared)
    for kind in EVERY:
        keys |= {name: key for name, key in kind.declared.items() if name not in keys}
    plain: Schema = {"required": [_PLAIN], "not": {"required": [Combo.combo.name]}}
    kinds: list[Schema] = [
        {"if": {"required": [given_by]}, "then": only(kind.declared)}
        for given_by, kind in KINDS.items()
    ]
    # The parts of a combo name the products; its conditions are about the customer.
    kinds.append(
        {
            "if": {"required": [Combo.combo.name]},
            "then": {"properties": {"when": refer(Combo.when.shared)}},
        }
    )
    kinds.append({"if": plain, "then": only(Plain.declared)})
    gives = exactly_one(*KINDS)
    schema = table(text, properties_of(keys), needs=Scheme.needs)
    return schema | {"oneOf": [*gives["oneOf"], plain], "allOf": kinds}
