"""The address of a list: what is in it is what is shown, and what a view or a file is made of."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from hub.base.listing import Place, Sorting, Wanted
from hub.base.listing.wanted import PAGE
from hub.web.frames.filters import FilterError

_LONGEST: Final = 100
_FILES: Final = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list's address, read: `frame` is the list's, `file` the kind of file it asks for.

    `columns` are the keys of the chosen ones, `group` the key of the one that makes groups.
    """

    frame: Any
    wanted: Wanted
    columns: tuple[str, ...] = ()
    group: str = ""
    file: str = ""

    @property
    def shown(self) -> list[Any]:
        """Give the columns that are shown, in the list's own order."""
        return [
            one
            for one in self.frame.columns
            if (one.key in self.columns if self.columns else one.usual)
        ]

    @property
    def narrowed(self) -> bool:
        """Say whether anything but the usual is asked for."""
        return bool(self.wanted.text or self._written(self.wanted.chosen))

    def address(self, **chosen: tuple[str, ...]) -> str:
        """Write the list's address with some filters changed, from its first page on."""
        return self._at(self._query({**self.wanted.chosen, **chosen}))

    def here(self) -> str:
        """Write the address of this very page."""
        place = self.wanted.place
        query = self._query(self.wanted.chosen)
        return self._at([*query, ("at", _packed(place))] if place else query)

    def turned(self, place: Place) -> str:
        """Write the address of the page at a place."""
        return self._at([*self._query(self.wanted.chosen), ("at", _packed(place))])

    def sorted_by(self, name: str) -> str:
        """Write the address with the list sorted by a column, or the other way round."""
        now = self.wanted.sort
        falling = not now.descending if now.by == name else self.frame.sort.by == name
        sort = Sorting(name, falling)
        other = replace(self, wanted=replace(self.wanted, sort=sort), group="")
        return other.address()

    def grouped(self, key: str) -> str:
        """Write the address with the rows in groups of a column, or in none."""
        sorts = {one.key: one.sort for one in self.frame.columns}
        sort = Sorting(sorts[key]) if key else self.frame.sort
        return replace(self, group=key, wanted=replace(self.wanted, sort=sort)).address()

    def everything(self) -> str:
        """Write the address of the list with nothing left out."""
        wanted = replace(self.wanted, text="", chosen={})
        return replace(self, wanted=wanted).address()

    def as_file(self, kind: str) -> str:
        """Write the address of exactly this view as a file."""
        return self._at([*self._query(self.wanted.chosen), ("as", kind)])

    def query(self) -> str:
        """Write what a view keeps: everything but the place."""
        return urlencode(self._query(self.wanted.chosen))

    def kept(self, *left_out: str) -> list[tuple[str, str]]:
        """Give what a form has to carry along, but the fields that it has itself."""
        return [one for one in self._query(self.wanted.chosen) if one[0] not in left_out]

    def whole(self, size: int, place: Place | None = None) -> Wanted:
        """Give what a file shows: every row, in pages of `size`."""
        return replace(self.wanted, size=size, place=place)

    def values(self, one: Any) -> Mapping[str, str]:  # noqa: ANN401 -- any filter
        """Give what the fields of a filter hold."""
        return dict(one.write(self.wanted.chosen.get(one.name, ())))

    def _query(self, chosen: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
        query = [("q", self.wanted.text)] if self.wanted.text else []
        query += self._written(chosen)
        if self.wanted.sort != self.frame.sort:
            sign = "-" if self.wanted.sort.descending else ""
            query.append(("sort", f"{sign}{self.wanted.sort.by}"))
        if self.columns:
            query.append(("cols", ",".join(self.columns)))
        if self.group:
            query.append(("group", self.group))
        return query

    def _written(self, chosen: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
        """Write all filters in their own order."""
        return [pair for one in self.frame.filters for pair in one.write(chosen.get(one.name, ()))]

    def _at(self, query: list[tuple[str, str]]) -> str:
        address: str = self.frame.address
        return f"{address}?{urlencode(query)}" if query else address


def read_asked(frame: Any, query: QueryParams) -> Asked:  # noqa: ANN401 -- a list of any rows
    """Read the address of a list; raises FilterError for what makes no sense in it."""
    text = query.get("q", "").strip()
    if len(text) > _LONGEST:
        raise FilterError("q")
    known = {one.key: one for one in frame.columns}
    columns = tuple(key for key in ",".join(query.getlist("cols")).split(",") if key)
    group, file = query.get("group", ""), query.get("as", "")
    if not known.keys() >= {*columns} or (group and not (group in known and known[group].groups)):
        raise FilterError("cols")
    if file and file not in _FILES:
        raise FilterError("as")
    sort = _sorting(frame, query.get("sort", ""))
    if group and sort.by != known[group].sort:
        sort = Sorting(known[group].sort)
    chosen = {one.name: values for one in frame.filters if (values := one.read(query))}
    wanted = Wanted(sort, text, chosen, _unpacked(query.get("at", "")), PAGE)
    return Asked(frame, wanted, columns, group, file)


def _sorting(frame: Any, written: str) -> Sorting:  # noqa: ANN401 -- a list of any rows
    if not written:
        sort: Sorting = frame.sort
        return sort
    name = written.removeprefix("-")
    if name not in {frame.sort.by, *(one.sort for one in frame.columns if one.sort)}:
        raise FilterError("sort")
    return Sorting(name, written.startswith("-"))


def _packed(place: Place) -> str:
    """Write a place as one word that an address may hold."""
    written = json.dumps([place.value, place.key, int(place.backwards)], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _unpacked(written: str) -> Place | None:
    if not written:
        return None
    try:
        padded = written + "=" * (-len(written) % 4)
        value, key, backwards = json.loads(base64.urlsafe_b64decode(padded))
        return Place(str(value), str(key), backwards=bool(backwards))
    except (ValueError, TypeError, RecursionError) as error:
        raise FilterError("at") from error
