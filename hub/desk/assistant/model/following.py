"""A question after another one edits it; and what of a question played no part is said."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from hub.desk.assistant.model.choosing import Heard, choose_report, choose_shape, is_kindred
from hub.desk.assistant.model.lexicon import Lexicon
from hub.desk.assistant.model.names import Entry, NameIndex
from hub.desk.assistant.model.replies import Declined, Reading, Reply, Unclear, Understood
from hub.desk.assistant.model.requesting import choose_entry, join_names, plain_filters
from hub.desk.assistant.model.spelling import Word, fold
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import FilterValue, Named, ReportRequest, RequestError

_MARKS: Final = frozenset(
    fold(one) for one in ("and", "aur", "also", "only", "sirf", "same", "then", "now", "phir")
)
_ABOUT: Final = (("what", "about"), ("how", "about"))
_MOST_ALSO: Final = 3
_LONGEST_ALSO: Final = 3


def follow(reading: Reading, heard: Heard, base: ReportRequest, *, plain: Reply) -> Reply:
    """Read a question as one that follows another: "and for Pune?", "only overdue", "as Excel".

    One that names another report, without a word that joins it to the last question, is a new one.
    `plain` is the question read by itself.
    """
    if isinstance(plain, Declined) and plain.why != "outside":
        return plain
    chosen = choose_report(heard)
    if chosen is not None and not _joins(reading.words) and not is_kindred(chosen, base.report):
        return plain
    report = base.report if chosen is None or is_kindred(chosen, base.report) else chosen
    filters = _filters(reading, heard, base, report=report)
    if isinstance(filters, Unclear):
        return filters
    edited = _edited(base, report, filters, heard=heard)
    if edited == base and not wanted_file(heard):
        return plain if isinstance(plain, Unclear) else Unclear("report")
    return Understood(edited) if edited is not None else Unclear("report")


def _joins(words: Sequence[Word]) -> bool:
    first = tuple(word.text for word in words[:2])
    return words[0].fold in _MARKS or first in _ABOUT


def _filters(
    reading: Reading, heard: Heard, base: ReportRequest, *, report: str
) -> dict[str, FilterValue] | Unclear:
    """Keep the filters that the report takes, and set those that are named now."""
    form = REPORTS[report]
    found = {name: value for name, value in base.filters if name in form.filters}
    if found.get("status") not in form.statuses:
        found.pop("status", None)
    found |= dict(plain_filters(report, heard))
    for mention in reading.mentions:
        entry = choose_entry(mention, form.filters, heard, reading=reading)
        if isinstance(entry, Unclear):
            return entry
        name, other = Named(entry.name, entry.key), base.find(entry.kind)
        found[entry.kind] = join_names(other, name) if heard.cue("compare") else name
    return found


def _edited(
    base: ReportRequest, report: str, filters: dict[str, FilterValue], *, heard: Heard
) -> ReportRequest | None:
    form, shape = REPORTS[report], choose_shape(report, heard)
    group = shape.group_by or (base.group_by if base.group_by in form.groups else None)
    sort = shape.sort or (base.sort if base.sort in form.sorts else None)
    days = (heard.period or base.period) if form.dated else None
    limit = shape.limit or base.limit
    try:
        return ReportRequest(report, tuple(filters.items()), days, group, sort, limit)
    except RequestError:
        return None


def wanted_file(heard: Heard) -> str:
    """Name the file that a question asks for: `xlsx` or `csv`; empty where it asks for none."""
    return next((one.tag[1] for one in heard.said if one.tag[0] == "files"), "")


def with_notes(
    reply: Reply, reading: Reading, heard: Heard, *, index: NameIndex, lexicon: Lexicon
) -> Reply:
    """Say of a question that was understood what of it was not, and what it may mean besides."""
    if not isinstance(reply, Understood):
        return reply
    explained = {at for one in heard.said for at in one.places} | reading.taken
    unread = tuple(
        word.typed
        for at, word in enumerate(reading.words)
        if at not in explained and word.text.isalpha() and not lexicon.knows(heard.folds[at])
    )
    kept = tuple(dict.fromkeys(_left_names(reading, index, lexicon)))[:_MOST_ALSO]
    return replace(reply, unread=unread, also=kept, file=wanted_file(heard))


def _is_glue(word: Word, lexicon: Lexicon) -> bool:
    """Say whether a word is one that joins others: the `ka` of `City Mart ka baki` is no region."""
    return word.fold in lexicon.glue and not word.capital


def _left_names(reading: Reading, index: NameIndex, lexicon: Lexicon) -> Iterator[Entry]:
    """Give the names that usual words of a question are, or are a part of.

    `fresh sales` where there is a brand `Fresh`; `orders of great value` where there is a shop
    `Great Value Stores`.
    """
    words = reading.words
    for length in range(_LONGEST_ALSO, 0, -1):
        for start in range(len(words) - length + 1):
            span = words[start : start + length]
            if reading.taken.intersection(range(start, start + length)):
                continue
            if length == 1:
                usual = lexicon.knows(span[0].fold) and not _is_glue(span[0], lexicon)
                yield from index.find_exact(span) if usual else ()
            elif all(index.knows(word.fold) for word in span):
                found = index.find_partly(span)
                yield from found if len(found) <= _MOST_ALSO else ()
