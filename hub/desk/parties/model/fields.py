"""What is known of a customer, field by field: how each is read, written and guarded.

Pages, commands, programs and files all hand over texts by these names, so that a limit or a GSTIN
is read in one place.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from hub.base.fields import Reason
from hub.base.money import HOUSE_SCALE
from hub.desk.parties.model import cells
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.model.distance import NEAR_M, metres_between
from hub.desk.parties.model.gst import STATES, read_gstin, read_pin, read_state
from rules import LANGUAGES, CustomerStatus, scaled, shown

Value = str | int | date | None
Columns = Mapping[str, Any]
"""Values by the column that keeps them."""

NO_AMOUNT: Final = ("none", "cash_only", "unset")
KINDS: Final = ("retailer", "distributor", "super_stockist")
STATUSES: Final = get_args(CustomerStatus)
GST_KINDS: Final = ("registered", "composition", "unregistered")
TERMS_FROM: Final = ("invoice", "delivery", "end_of_month")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ASSORTED: Final = ("category", "brand", "sku")
"""By what an assortment names products."""
LONGEST_ASSORTMENT: Final = 4_000
_ASSORTED_BY: Final = {
    "category": cells.read_path,
    "brand": cells.read_text,
    "sku": cells.read_code,
}
LONGEST_CONTACTS: Final = 1_000
_CONTACT_WORDS: Final = 2
"""What is said of a contact beside the phone: the name, and what for."""
_SHOWN: Final = 64
OUTLET_CLASSES: Final = ("a", "b", "c", "d")
"""How much an outlet matters, `a` the most: by these beats are planned."""
_MOST_TERMS: Final = 365
_PLACE_SCALE: Final = 6
_MILLION: Final = 10**_PLACE_SCALE


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `read` makes its columns of a text, `write` a text of its columns.

    A `guarded` one is changed by one person and let pass by another. With `choices`, the text is
    one of these words.
    """

    name: str
    read: Callable[[str], Columns]
    write: Callable[[Columns], str]
    guarded: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""


def one_column(
    name: str,
    read: Callable[[str], Value],
    *,
    empty: Value = None,
    required: bool = False,
    write: Callable[[Any], str] = str,
    guarded: bool = False,
    choices: tuple[str, ...] = (),
    default: str = "",
) -> Field:
    """Make a field of one column of the same name; an empty text is `empty`."""

    def read_columns(text: str) -> Columns:
        if not required and not cells.clean(text):
            return {name: empty}
        return {name: read(text)}

    def write_text(columns: Columns) -> str:
        value = columns.get(name)
        return "" if value is None or value == "" else write(value)

    return Field(name, read_columns, write_text, guarded, choices, default)


def _read_credit(text: str) -> Columns:
    word = cells.clean(text).casefold().replace(" ", "_")
    if not word:
        return {"credit_state": "unset", "credit_limit": 0}
    if word in NO_AMOUNT:
        return {"credit_state": word, "credit_limit": 0}
    try:
        return {"credit_state": "amount", "credit_limit": cells.read_amount(text)}
    except CellError as error:
        raise CellError("cell_not_credit", value=cells.clean(text)) from error


def _write_credit(columns: Columns) -> str:
    state = columns["credit_state"]
    return shown(columns["credit_limit"], HOUSE_SCALE) if state == "amount" else str(state)


def _read_place(text: str) -> Columns:
    """Read `12.971600, 77.594600`: degrees north and east, kept in millionths."""
    if not cells.clean(text):
        return {"latitude": None, "longitude": None}
    parts = cells.digits_of(text).split(",")
    try:
        north, east = (scaled(part.strip(), _PLACE_SCALE) for part in parts)
    except ValueError as error:
        raise CellError("cell_not_place", value=cells.clean(text)) from error
    if abs(north) > 90 * _MILLION or abs(east) > 180 * _MILLION:
        raise CellError("cell_not_place", value=cells.clean(text))
    return {"latitude": north, "longitude": east}


def _write_place(columns: Columns) -> str:
    if columns.get("latitude") is None:
        return ""
    return ", ".join(shown(columns[one], _PLACE_SCALE) for one in ("latitude", "longitude"))


def _read_days(text: str) -> str:
    """Read weekdays, `mon,thu`, in the order of the week."""
    found = {one.strip()[:3] for one in cells.clean(text).casefold().split(",") if one.strip()}
    if not found <= set(DAYS):
        raise CellError("cell_not_weekdays", value=cells.clean(text), choices=list(DAYS))
    return ",".join(day for day in DAYS if day in found)


def _read_terms(text: str) -> int:
    days = cells.read_count(text)
    if days > _MOST_TERMS:
        raise CellError("cell_not_terms", value=str(days), most=_MOST_TERMS)
    return days


def _read_email(text: str) -> str:
    value = cells.read_text(text)
    name, at, host = value.rpartition("@")
    if not (name and at and "." in host) or " " in value:
        raise CellError("cell_not_email", value=value)
    return value


def _read_assortment(text: str) -> str:
    """Read `category=tea/green;brand=Asha;sku=SOAP-1`: what a customer may order."""
    found: dict[str, None] = {}
    for one in filter(None, (each.strip() for each in cells.clean(text).split(";"))):
        kind, _, wanted = (each.strip() for each in one.partition("="))
        if kind.casefold() not in ASSORTED or not wanted:
            raise CellError("cell_not_assortment", value=one[:_SHOWN], choices=list(ASSORTED))
        read = _ASSORTED_BY[kind.casefold()]
        found[f"{kind.casefold()}={read(wanted)}"] = None
    written = ";".join(found)
    if len(written) > LONGEST_ASSORTMENT:
        raise CellError("cell_too_long", length=len(written), most=LONGEST_ASSORTMENT)
    return written


def _read_contacts(text: str) -> str:
    """Read `Meena, accounts, 98450 12345; Ravi, 98450 12346`: people beside the first one."""
    found = []
    for one in filter(None, (each.strip() for each in cells.clean(text).split(";"))):
        *said, phone = (cells.clean(part) for part in one.split(","))
        if not said or not all(said) or len(said) > _CONTACT_WORDS:
            raise CellError("cell_not_contact", value=one[:_SHOWN])
        found.append(
            ", ".join((*(cells.read_text(part) for part in said), cells.read_phone(phone)))
        )
    written = "; ".join(found)
    if len(written) > LONGEST_CONTACTS:
        raise CellError("cell_too_long", length=len(written), most=LONGEST_CONTACTS)
    return written


def _choice(name: str, choices: tuple[str, ...], **more: Any) -> Field:  # noqa: ANN401
    return one_column(name, lambda text: cells.read_choice(text, choices), choices=choices, **more)


_ALL: Final = (
    one_column("name", cells.read_name, required=True),
    _choice("kind", KINDS, required=True, default="retailer"),
    one_column("parent", cells.read_code, empty=""),
    one_column("type", cells.read_code),
    one_column("geo", cells.read_path, empty=""),
    _choice("status", STATUSES, required=True, default="active"),
    one_column("status_reason", cells.read_text, empty=""),
    one_column("status_until", cells.read_day, write=date.isoformat),
    Field("credit_limit", _read_credit, _write_credit, guarded=True, default="unset"),
    one_column("terms_days", _read_terms, guarded=True),
    _choice("terms_from", TERMS_FROM, guarded=True),
    _choice("gst_kind", GST_KINDS, guarded=True),
    one_column("gstin", read_gstin, guarded=True),
    one_column("address", lambda text: cells.read_text(text, most=300), empty=""),
    one_column("city", cells.read_text, empty=""),
    one_column("district", cells.read_text, empty=""),
    one_column("pin", read_pin),
    one_column("state", read_state, choices=STATES),
    one_column("contact", cells.read_text, empty=""),
    one_column("phone", cells.read_phone),
    one_column("contacts", _read_contacts),
    one_column("email", _read_email),
    Field("place", _read_place, _write_place),
    one_column("hours", lambda text: cells.read_text(text, most=100), empty=""),
    one_column("delivery_days", _read_days, empty=""),
    one_column(
        "minimum_order",
        cells.read_amount,
        write=lambda value: shown(value, HOUSE_SCALE),
    ),
    one_column("assortment", _read_assortment),
    one_column("since", cells.read_day, write=date.isoformat),
    _choice("language", LANGUAGES),
    _choice("outlet_class", OUTLET_CLASSES),
)
FIELDS: Final[Mapping[str, Field]] = {one.name: one for one in _ALL}
GUARDED: Final = frozenset(one.name for one in _ALL if one.guarded)
PARTY_COLUMNS: Final = (
    *("name", "kind", "type", "geo", "status", "credit_state", "credit_limit", "since"),
    *("assortment", "minimum_order"),
)
PROFILE_COLUMNS: Final = (
    *("status_reason", "status_until", "terms_days", "terms_from", "gst_kind", "gstin"),
    *("address", "city", "district", "pin", "state", "contact", "phone", "email"),
    *("latitude", "longitude", "hours", "delivery_days", "language"),
    "contacts",
    "outlet_class",
)
EMPTY: Final[Columns] = {
    **dict.fromkeys(PROFILE_COLUMNS),
    **dict.fromkeys(("status_reason", "address", "city", "district", "contact"), ""),
    **dict.fromkeys(("hours", "delivery_days"), ""),
}
"""What is known of a customer that nobody has described."""


def read_fields(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[Reason]]:
    """Read texts by field into columns; all that cannot be read is told, each with its field."""
    columns: dict[str, Any] = {}
    faults: list[Reason] = []
    for name, text in texts.items():
        if name not in FIELDS:
            faults.append(Reason("field_unknown", {"value": name}, name))
            continue
        try:
            columns.update(FIELDS[name].read(text))
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    return columns, faults


def needs_second(name: str, old: str, new: str) -> bool:
    """Say whether a change of a field, from text to text, waits for a second person.

    A guarded field's does, and that of a place which moves by more than 200 m or goes; the first
    place that an outlet is given does not.
    """
    if name != "place" or not old:
        return name in GUARDED
    if not new:
        return True
    was, now = _read_place(old), _read_place(new)
    moved = metres_between((was["latitude"], was["longitude"]), (now["latitude"], now["longitude"]))
    return moved > NEAR_M


def write_fields(columns: Columns) -> dict[str, str]:
    """Write every field as its text."""
    return {one.name: one.write(columns) for one in _ALL}


def check_customer(columns: Columns) -> Iterator[Reason]:
    """Tell what of a customer does not fit together."""
    gstin, kind, state = columns.get("gstin"), columns.get("gst_kind"), columns.get("state")
    if gstin and kind == "unregistered":
        yield Reason("gstin_of_unregistered", {"gstin": gstin}, "gstin")
    if kind in {"registered", "composition"} and not gstin:
        yield Reason("gstin_missing", {}, "gstin")
    if gstin and state and gstin[:2] != state:
        yield Reason("gstin_state_differs", {"gstin": gstin[:2], "state": state}, "gstin")
    if columns.get("status_until") and columns.get("status") == "active":
        yield Reason("status_end_of_active", {}, "status_until")
    if columns.get("terms_from") and columns.get("terms_days") is None:
        yield Reason("terms_without_days", {}, "terms_days")
