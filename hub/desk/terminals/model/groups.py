"""Groups of counters: how one is written on its form, and what stands in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.base.fields import Reason, Refused
from hub.desk.parties.model.cells import CellError, read_code, read_name
from hub.desk.terminals.model.counters import (
    SETTINGS,
    CounterSettings,
    read_counter_settings,
)

GROUP_FIELDS: Final = ("code", "name", "seller", *SETTINGS)
"""What people and programs say of a group; the seller only of a new one."""


@dataclass(frozen=True, slots=True)
class GroupFields:
    """A group as it is to be; an empty `seller` is the one that the person works for."""

    code: str
    name: str
    settings: CounterSettings
    seller: str = ""


def read_group(fields: Mapping[str, str]) -> GroupFields | Refused:
    """Read a group from texts, an empty setting for what is usual; names every fault."""
    faults: list[Reason] = []

    def read(name: str, reader: Callable[[str], str]) -> str:
        try:
            return reader(fields.get(name, ""))
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            return ""

    code, name = read("code", _read_group_code), read("name", read_name)
    settings = read_counter_settings(fields)
    if isinstance(settings, Refused):
        return Refused((*faults, *settings.reasons))
    if faults:
        return Refused(tuple(faults))
    return GroupFields(code, name, settings, fields.get("seller", "").strip())


def _read_group_code(text: str) -> str:
    """Read the code of a group, which stands in addresses as one step."""
    value = read_code(text)
    if "/" in value:
        raise CellError("cell_reserved", value=value)
    return value
