"""What is credited, read from texts: `back.2` is of line 2, `shelf.2` where its goods lie now."""

from collections.abc import Mapping
from typing import cast

from hub.base.fields import Reason
from hub.desk.invoices.model.crediting import SHELVES, Credited, Shelf
from hub.desk.parties.model.cells import (
    CellError,
    clean,
    read_amount,
    read_choice,
    read_count,
)

_SCALE = 2


def read_credited(texts: Mapping[str, str]) -> tuple[Credited, list[Reason]]:
    """Read what comes back, is charged or is lowered of each line; an empty text is nothing."""
    found: dict[str, dict[int, int]] = {"back": {}, "charged": {}, "price": {}}
    shelves: dict[int, Shelf] = {}
    faults = []
    for name, text in texts.items():
        head, dot, line = name.partition(".")
        if not dot or not line.isdecimal() or not clean(text):
            continue
        try:
            if head == "shelf":
                shelves[int(line)] = cast("Shelf", read_choice(text, SHELVES))
            elif head == "price":
                amount = read_amount(text, _SCALE)
                found[head].update({int(line): amount} if amount else {})
            elif head in found:
                count = read_count(text)
                found[head].update({int(line): count} if count else {})
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    return Credited(found["back"], shelves, found["charged"], found["price"]), faults
