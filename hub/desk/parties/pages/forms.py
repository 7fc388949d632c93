"""The forms that add a customer and change one: checked by the very fields that files are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.base.fields import LONGEST_REASON
from hub.base.fields.words import sentences
from hub.base.words import PageWords
from hub.desk.parties.model.cells import CellError, read_code
from hub.desk.parties.model.fields import (
    FIELDS,
    LONGEST_ASSORTMENT,
    LONGEST_CONTACTS,
    check_customer,
    read_fields,
)
from hub.desk.parties.words import name_choice
from hub.web.frames.forms import Checked, Field, FormFrame, Option

_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer_group.who": ("name", "kind", "parent", "type", "outlet_class", "geo", "since"),
    "customer_group.status": ("status", "status_reason", "status_until"),
    "customer_group.money": (*("credit_limit", "terms_days", "terms_from", "gst_kind", "gstin"),),
    "customer_group.orders": ("assortment", "minimum_order"),
    "customer_group.place": (
        *("address", "city", "district", "pin", "state", "place", "hours", "delivery_days"),
    ),
    "customer_group.contact": ("contact", "phone", "contacts", "email", "language"),
}
_HINTS: Final = {
    "geo": "customer_hint.geo",
    "outlet_class": "customer_hint.outlet_class",
    "language": "customer_hint.language",
    "credit_limit": "customer_hint.credit_limit",
    "gstin": "customer_hint.gstin",
    "place": "customer_hint.place",
    "delivery_days": "customer_hint.delivery_days",
    "status_until": "customer_hint.status_until",
    "parent": "customer_hint.parent",
    "assortment": "customer_hint.assortment",
    "contacts": "customer_hint.contacts",
    "minimum_order": "customer_hint.minimum_order",
}
_KINDS: Final = {
    **dict.fromkeys(("since", "status_until"), "date"),
    **dict.fromkeys(("terms_days",), "number"),
    **dict.fromkeys(("minimum_order",), "amount"),
    "address": "area",
    "assortment": "area",
    "contacts": "area",
}
_LONGEST: Final = {
    "address": 300,
    "assortment": LONGEST_ASSORTMENT,
    "contacts": LONGEST_CONTACTS,
}


def form_of(words: PageWords, *, is_new: bool) -> FormFrame:
    """Make the form in the words of the page."""
    fields = [_field(name, group, words) for group, names in _GROUPS.items() for name in names]
    if is_new:
        code = Field("code", "customer_field.code", required=True, code=True, longest=64)
        fields.insert(0, replace(code, group="customer_group.who"))
    else:
        why = Field("why", "customer_field.why", hint="customers.why_hint", longest=LONGEST_REASON)
        fields.append(replace(why, group="customer_group.why"))
    return FormFrame(
        name="customer",
        title="customers.add" if is_new else "customers.change",
        send="customers.add" if is_new else "customers.keep",
        fields=tuple(fields),
        template="customer_form.html",
    )


def _field(name: str, group: str, words: PageWords) -> Field:
    choices = FIELDS[name].choices
    options: tuple[Option, ...] = ()
    if choices:
        empty = () if FIELDS[name].default else (Option("", words.text("customers.not_said")),)
        said = tuple(Option(one, name_choice(words, name, one)) for one in choices)
        options = (*empty, *said)
    return Field(
        name,
        f"customer_field.{name}",
        kind="choice" if choices else _KINDS.get(name, "text"),
        hint=_HINTS.get(name, ""),
        required=name in {"name", "kind", "status"},
        longest=_LONGEST.get(name, 200),
        options=options,
        group=group,
    )


def check(values: Mapping[str, str], words: PageWords) -> Checked[dict[str, str]]:
    """Read what was typed; what is wrong stands at its field with what would be right."""
    texts = {name: values[name] for name in FIELDS if name in values}
    columns, faults = read_fields(texts)
    if "code" in values:
        try:
            read_code(values["code"])
        except CellError as error:
            faults.append(error.reason._replace(field="code"))
    faults = faults or list(check_customer(columns))
    return Checked(texts, errors=sentences(faults, language=words.language))
