"""What is known of a product, field by field: how each is read and written."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from hub.base.fields import Reason
from hub.desk.parties.model import cells
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.model.fields import Columns, Field, one_column
from rules import shown

_UNIT_PRICE_SCALE: Final = 4
_HSN: Final = re.compile(r"\d{4}|\d{6}|\d{8}")
_PAIR: Final = re.compile(r"([^=;\s][^=;]{0,31})=(\d{1,12})")


def _read_mrp(text: str) -> int:
    price = cells.read_amount(text, _UNIT_PRICE_SCALE)
    if price == 0:
        raise CellError("cell_not_price", value=cells.clean(text))
    return price


def _write_mrp(price: int) -> str:
    written = shown(price, _UNIT_PRICE_SCALE)
    return written.removesuffix("00")


def _read_hsn(text: str) -> str:
    value = cells.digits_of(text)
    if not _HSN.fullmatch(value):
        raise CellError("cell_not_hsn", value=cells.clean(text))
    return value


def _read_sizes(text: str) -> str:
    """Read `CASE=12;BOX=6`: packs with the base units that each holds."""
    found: dict[str, int] = {}
    for pair in filter(None, (one.strip() for one in cells.clean(text).split(";"))):
        match = _PAIR.fullmatch(pair)
        if match is None or int(match[2]) < 1 or match[1] in found:
            raise CellError("cell_not_packs", value=pair)
        found[match[1]] = int(match[2])
    return ";".join(f"{name}={size}" for name, size in found.items())


def _read_gtins(text: str) -> str:
    codes = [cells.read_gtin(one) for one in cells.clean(text).split(";") if one.strip()]
    return ";".join(sorted(set(codes)))


def _read_pack_gtins(text: str) -> str:
    """Read `CASE=18901234567897`: a bar code with the pack that it is printed on."""
    found = set()
    for pair in filter(None, (one.strip() for one in cells.clean(text).split(";"))):
        name, equals, gtin = pair.partition("=")
        if not name or not equals:
            raise CellError("cell_not_packs", value=pair)
        found.add(f"{name.strip()}={cells.read_gtin(gtin)}")
    return ";".join(sorted(found))


def _read_active(text: str) -> bool:
    return cells.read_choice(text, ("yes", "no")) == "yes"


_ALL: Final = (
    one_column("name", cells.read_name, required=True),
    one_column("brand", cells.read_text),
    one_column("category", cells.read_path, empty=""),
    one_column("family", cells.read_text),
    one_column("variant", cells.read_text),
    one_column("tax_class", cells.read_code),
    one_column("hsn", _read_hsn),
    one_column("base_unit", cells.read_code, required=True, default="PCS"),
    one_column("pack_sizes", _read_sizes, empty=""),
    one_column("gtins", _read_gtins, empty=""),
    one_column("pack_gtins", _read_pack_gtins, empty=""),
    one_column("mrp", _read_mrp, write=_write_mrp),
    one_column(
        "active",
        _read_active,
        required=True,
        write=lambda value: "yes" if value else "no",
        choices=("yes", "no"),
        default="yes",
    ),
    one_column("replaced_by", cells.read_code),
    one_column("reorder_level", cells.read_count),
    one_column("maximum", cells.read_count),
)
FIELDS: Final[Mapping[str, Field]] = {one.name: one for one in _ALL}
OWN_COLUMNS: Final = tuple(name for name in FIELDS if name not in {"gtins", "pack_gtins"})


def read_fields(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Reason]]:
    """Read texts by field into columns; all that cannot be read is told, each with its field."""
    columns: dict[str, Any] = {}
    faults: list[Reason] = []
    for name, text in texts.items():
        try:
            columns.update(FIELDS[name].read(text))
        except KeyError:
            faults.append(Reason("field_unknown", {"value": name}, name))
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    return columns, faults


def write_fields(columns: Columns) -> dict[str, str]:
    """Write every field as its text."""
    return {one.name: one.write(columns) for one in _ALL}


def codes_of(columns: Columns) -> dict[str, str | None]:
    """Give a product's bar codes with the pack that each is printed on, None for a base unit."""
    codes: dict[str, str | None] = dict.fromkeys(_parted(columns.get("gtins")))
    for pair in _parted(columns.get("pack_gtins")):
        name, _, gtin = pair.partition("=")
        codes[gtin] = name
    return codes


def _parted(written: str | None) -> list[str]:
    return [one for one in (written or "").split(";") if one]


def check_product(columns: Columns) -> Iterator[Reason]:
    """Tell what of a product does not fit together."""
    sizes = {one.partition("=")[0] for one in _parted(columns.get("pack_sizes"))}
    keys: set[str] = set()
    for gtin, pack in codes_of(columns).items():
        if pack is not None and pack not in sizes:
            yield Reason("gtin_of_no_pack", {"gtin": gtin, "pack": pack}, "pack_gtins")
        if cells.key_of_gtin(gtin) in keys:
            yield Reason("gtin_twice", {"gtin": gtin}, "gtins")
        keys.add(cells.key_of_gtin(gtin))
    if columns.get("variant") and not columns.get("family"):
        yield Reason("variant_of_nothing", {"variant": columns["variant"]}, "family")
    least, most = columns.get("reorder_level"), columns.get("maximum")
    if least is not None and most is not None and most < least:
        yield Reason("maximum_below_reorder", {"reorder": least, "maximum": most}, "maximum")
    pairs = len(_parted(columns.get("gtins"))) + len(_parted(columns.get("pack_gtins")))
    if pairs != len(codes_of(columns)):
        yield Reason("gtin_twice", {"gtin": "-"}, "pack_gtins")
