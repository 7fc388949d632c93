"""A folder of rule files to packed bytes: canonical JSON of integers and text, or every fault."""

import hashlib
import json
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rules.language.cases import read_case_products, read_cases
from rules.language.conditions import Packed, Reading
from rules.language.prices import read_floors, read_prices, read_quantities
from rules.language.schemes.reading import read_groups, read_schemes, read_stacking
from rules.language.settlement import (
    read_allocation,
    read_approvals,
    read_credit,
    read_taxes,
    refuse_unknown_routes,
)
from rules.language.text.faults import Faults, PackError, Place
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table, read_nodes
from rules.language.vocabulary import ENGINE, FORMAT
from rules.values.rounding import UNIT_PRICE_SCALE

_LISTS: Final = (
    "quantities",
    "prices",
    "floors",
    "schemes",
    "groups",
    "taxes",
    "credit",
    "approvals",
    "allocation",
    "tests",
)
_MOST_VERSION: Final = 10**9


def read_pack(folder: Path) -> bytes:
    """Read and check every `*.yaml` of a folder, and the CSV they name, into one packed pack.

    Raises:
        PackError: with all faults of all files.
    """
    if not folder.is_dir():
        raise PackError([f"{folder}:1:1: not a folder"])
    reading = Reading(folder, Faults())
    files = _read_files(reading)
    head = _read_head(files, reading)
    sections = _gather(files)
    packed = {**head, **_read_sections(sections, files, reading)}
    for fields in files:
        fields.close()
    reading.faults.refuse_any()
    packed["sources"] = {
        name: hashlib.sha256(text).hexdigest() for name, text in reading.sources.items()
    }
    return canonical(packed)


def canonical(packed: Packed) -> bytes:
    """Write a pack the one way: sorted keys, no blanks, ASCII."""
    return json.dumps(packed, sort_keys=True, separators=(",", ":")).encode()


def _read_files(reading: Reading) -> list[Fields]:
    files = []
    for path in sorted(reading.folder.rglob("*.yaml")):
        name = path.relative_to(reading.folder).as_posix()
        text = path.read_bytes()
        reading.sources[name] = text
        node = read_nodes(text, name, reading.faults)
        if isinstance(node, Table):
            files.append(Fields(node, reading.faults))
        elif node is not None:
            reading.faults.add(node.place, "a rule file is a mapping of sections")
    return files


def _read_head(files: list[Fields], reading: Reading) -> Packed:
    heads = [head for fields in files if (head := fields.table("pack")) is not None]
    for extra in heads[1:]:
        extra.fault("'pack' is already given in another file")
    if not heads:
        reading.faults.add(Place("pack.yaml", 1, 1), "no file has the section 'pack'")
        return {}
    head = heads[0]
    scale = head.number("scale", 0, most=UNIT_PRICE_SCALE)
    reading.scale = 2 if scale is None else scale
    packed: Packed = {
        "format": FORMAT,
        "engine": ENGINE,
        "name": head.need_text("name"),
        "version": head.need_number("version", 0, least=1, most=_MOST_VERSION),
        "currency": head.need_text("currency"),
        "scale": reading.scale,
        "unit_price_scale": UNIT_PRICE_SCALE,
        "timezone": head.need_text("timezone"),
        "tax": head.choice("tax", ("exclusive", "inclusive")) or "exclusive",
        "round_to": head.number("round_to", reading.scale, least=1) or 1,
        "warehouses": head.ordered_words("warehouses"),
    }
    packed.update(read_stacking(head))
    if len(packed["currency"]) != len("INR") or not packed["currency"].isupper():
        head.fault("'currency' is three capital letters", "currency")
    _check_zone(head, packed["timezone"])
    reading.lifo = head.flag("allow_lifo", default=False)
    head.close()
    return packed


def _check_zone(head: Fields, zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        if zone:
            head.fault(f"'{zone}' is not a time zone such as Asia/Kolkata", "timezone")


def _gather(files: list[Fields]) -> dict[str, list[Fields]]:
    return {name: [table for fields in files for table in fields.tables(name)] for name in _LISTS}


def _read_sections(
    sections: dict[str, list[Fields]], files: list[Fields], reading: Reading
) -> Packed:
    products: dict[str, Packed] = {}
    for fields in files:
        products.update(read_case_products(fields.table("case_products")))
    packed: Packed = {
        "quantities": read_quantities(sections["quantities"], reading),
        "prices": read_prices(sections["prices"], reading),
        "floors": read_floors(sections["floors"], reading),
        "schemes": read_schemes(sections["schemes"], reading),
        "taxes": read_taxes(sections["taxes"], reading),
        "credit": read_credit(sections["credit"], reading),
        "approvals": read_approvals(sections["approvals"], reading),
        "allocation": read_allocation(sections["allocation"], reading),
        "cases": read_cases(sections["tests"], products, reading),
    }
    groups = read_groups(sections["groups"], packed["schemes"])
    if groups:
        packed["groups"] = groups
    refuse_unknown_routes(packed["credit"], packed["approvals"], reading)
    return packed
