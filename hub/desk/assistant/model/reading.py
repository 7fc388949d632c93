"""A question becomes a request, a question back, or a plain no; nothing is guessed silently."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from hub.desk.assistant.model.amounts import ReadAmounts, read_amounts
from hub.desk.assistant.model.choosing import Heard, choose_report, choose_shape
from hub.desk.assistant.model.dates import read_days
from hub.desk.assistant.model.lexicon import Lexicon, Said, mended, of_section
from hub.desk.assistant.model.names import LONGEST, Entry, Mention, NameIndex
from hub.desk.assistant.model.spelling import Word, fold, read_words
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import (
    FilterValue,
    Named,
    ReportRequest,
    RequestError,
    write_request,
)

MOST_CHARACTERS: Final = 400
"""A longer text is a paste, not a question."""
_NEXT: Final = frozenset((fold("next"), fold("agle"), fold("coming")))
_SHORTEST_MISTYPED: Final = 5
_COUNTED: Final = frozenset(
    (
        *("orders", "order_summary", "customer_orders", "sales", "customer_sales", "payments"),
        *("product_contribution", "stock_movement", "visit_compliance", "scheme_performance"),
    )
)
"""The reports of what happened: who did *not* is in none of them."""
_COMING: Final = {
    fold(word): days
    for days, words in ((7, ("week", "hafte", "hafta")), (30, ("month", "mahine", "mahina")))
    for word in words
}
_SIGNS: Final = (";", "--", "/*", "' or ", "<script", "{{", "${")
_SLOTS: Final = frozenset(
    [
        "of",
        "in",
        "at",
        "by",
        "from",
        "for",
        "to",
        "on",
        "with",
        "ne",
        "ka",
        "ke",
        "ki",
        "ko",
        "se",
        "men",
        "'s",
    ]
)
Why = Literal["long", "write", "injection", "outside", "others", "report", "name", "days", "empty"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks; `narrowed` is somebody who sees only rows of his own, as a field rep."""

    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question asks for."""

    request: ReportRequest


@dataclass(frozen=True, slots=True)
class Unclear:
    """What cannot be known without asking back: the report, a name, or the days."""

    why: Why
    words: str = ""
    choices: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """What the assistant does not answer, and why."""

    why: Why


Reply = Understood | Unclear | Declined


@dataclass(slots=True)
class _Reading:
    """The words of a question and which of them are explained."""

    words: Sequence[Word]
    mentions: list[Mention] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def take(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.taken |= mention.places


def read_question(
    text: str, asker: Asker, index: NameIndex, *, lexicon: Lexicon, today: date
) -> Reply:
    """Read a question of somebody into what it asks for."""
    if len(text) > MOST_CHARACTERS:
        return Unclear("long")
    if any(sign in text.lower() for sign in _SIGNS):
        return Declined("injection")
    words = read_words(text)
    if not words:
        return Unclear("empty")
    refused = _refused(words, index, lexicon)
    if refused is not None:
        return Declined(refused)
    if _begins_with_a_verb(words):
        return Declined("write")
    return _read(words, asker, index, lexicon=lexicon, today=today)


_VERBS: Final = frozenset(
    [
        "cancel",
        "delete",
        "approve",
        "reject",
        "release",
        "raise",
        "increase",
        "reduce",
        "change",
        "update",
        "remove",
        "create",
        "add",
        "set",
        "mark",
        "edit",
        "place",
        "book",
        "transfer",
        "dispatch",
        "write",
        "block",
        "pay",
        "close",
        "assign",
        "modify",
        "insert",
        "drop",
        "grant",
        "hatao",
        "badhao",
        "banao",
        "ghatao",
        "email",
        "mail",
        "whatsapp",
    ]
)
_POLITE: Final = frozenset(["please", "pls", "kindly", "can", "you", "could", "and", "then"])


def _begins_with_a_verb(words: Sequence[Word]) -> bool:
    rest = [word.text for word in words]
    while rest and rest[0] in _POLITE:
        rest = rest[1:]
    if len(rest) > 1 and rest[0] == "order" and rest[1].isdigit():
        return True
    return (
        bool(rest)
        and rest[0] in _VERBS
        and len(rest) > 1
        and rest[1] not in {"hue", "hua", "order", "orders"}
    )


def _refused(words: Sequence[Word], index: NameIndex, lexicon: Lexicon) -> Why | None:
    """Say why a question is declined by its words; mistyped words count for writes alone."""
    plain = lexicon.find([word.fold for word in words])
    safe = [at for at, word in enumerate(words) if index.knows(word.fold)]
    near = lexicon.find(mended(words, lexicon, safe))
    for said in (*of_section(plain, "refused"), *of_section(near, "refused")):
        name = said.tag[1]
        if name == "write":
            return "write"
        if said in plain:
            return "injection" if name == "injection" else "outside"
    return None


def _read(
    words: Sequence[Word], asker: Asker, index: NameIndex, *, lexicon: Lexicon, today: date
) -> Reply:
    reading = _Reading(words)
    _take_exact(reading, index, lexicon)
    days = read_days(words, today, taken=frozenset(reading.taken))
    if days.impossible:
        return Unclear("days", days.impossible)
    reading.taken |= days.used
    amounts = read_amounts(words, frozenset(reading.taken))
    _take_mistyped(reading, index, lexicon)
    reading.taken |= amounts.used
    safe = {at for at, word in enumerate(words) if at in reading.taken or index.knows(word.fold)}
    folds = [
        "" if at in reading.taken else word for at, word in enumerate(mended(words, lexicon, safe))
    ]
    said = lexicon.find(folds)
    heard = Heard(
        tuple(said),
        tuple(folds),
        days.period,
        amounts,
        frozenset(e.kind for m in reading.mentions for e in m.entries),
    )
    unknown = _unknown(reading, folds, lexicon, said=said)
    if unknown:
        partly = index.find_partly(unknown)
        kinds = {(one.kind, one.name, one.key) for one in partly}
        if len(kinds) != 1 or (len(unknown) < 2 and len(read_words(partly[0].name)) > 2):  # noqa: PLR2004
            if choose_report(heard) is None and not reading.mentions and not partly:
                return Declined("outside") if len(said) == 0 else Unclear("report")
            return Unclear("name", " ".join(word.typed for word in unknown), tuple(partly[:5]))
        places = frozenset(at for at, word in enumerate(words) if word in unknown)
        reading.take(Mention(places, tuple(partly), part=True))
        heard = Heard(
            heard.said, heard.folds, heard.period, amounts, heard.kinds | {partly[0].kind}
        )
    return _request(reading, heard, asker)


def _take_exact(reading: _Reading, index: NameIndex, lexicon: Lexicon) -> None:
    words = reading.words
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = frozenset(range(start, start + length))
            if places & reading.taken:
                continue
            span = words[start : start + length]
            found = index.find_exact(span)
            if found and (length > 1 or _counts_as_name(words, start, lexicon)):
                reading.take(Mention(places, tuple(found), exact=True))


_LEADS: Final = frozenset(["in", "at", "from", "of", "to", "on", "by", "for"])


def _counts_as_name(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Say whether a usual word stands as a name does: `in Main`, `main godown`."""
    word = words[at]
    if not lexicon.knows(word.fold):
        return True
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    kinds = ("godown", "godam", "warehouse", "depot", "beat", "brand", "gudam")
    beside = after is not None and after.text in kinds
    return (
        beside
        or (word.capital and at > 0)
        or (before is not None and before.text in _LEADS and word.text not in {"me", "the"})
    )


def _take_mistyped(reading: _Reading, index: NameIndex, lexicon: Lexicon) -> None:
    words = reading.words
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = frozenset(range(start, start + length))
            if places & reading.taken:
                continue
            span = words[start : start + length]
            strange = [word for word in span if not lexicon.knows(word.fold)]
            if not strange or (
                length == 1
                and (lexicon.mend(span[0].fold) or len(span[0].fold) < _SHORTEST_MISTYPED)
            ):
                continue
            found = index.find_mistyped(span)
            if found:
                reading.take(Mention(places, tuple(found)))


def _unknown(
    reading: _Reading, folds: Sequence[str], lexicon: Lexicon, *, said: Sequence[Said]
) -> list[Word]:
    """Give the first run of words that nothing explains and that stand where a name would."""
    explained = {at for one in said for at in one.places} | reading.taken
    words = reading.words
    strange = [
        at
        for at, one in enumerate(folds)
        if at not in explained
        and one
        and not lexicon.knows(one)
        and not one[0].isdigit()
        and words[at].text.isalpha()
    ]
    for at in strange:
        before = words[at - 1].text if at else ""
        after = words[at + 1].fold if at + 1 < len(words) else ""
        slot = before in _SLOTS or after in {"ka", "ke", "ki", "ko", "ne", "'s"}
        name = (words[at].capital and at > 0) or slot or len(words) <= 6  # noqa: PLR2004
        if name:
            return [words[one] for one in strange if abs(one - at) <= 3]  # noqa: PLR2004
    return []


def _request(reading: _Reading, heard: Heard, asker: Asker) -> Reply:
    if asker.narrowed and (heard.cue("rest") or "rep" in heard.kinds):
        return Declined("others")
    report = choose_report(heard)
    if report is None:
        trade = heard.said or reading.mentions or heard.period
        return Unclear("report") if trade or len(reading.words) <= 3 else Declined("outside")  # noqa: PLR2004
    filters = dict(_plain_filters(report, heard))
    form = REPORTS[report]
    for mention in reading.mentions:
        entry = _choose_entry(mention, form.filters, heard, reading=reading)
        if isinstance(entry, Unclear):
            return entry
        if entry.kind in filters:
            return Unclear("name", entry.name)
        filters[entry.kind] = Named(entry.name, entry.key)
    if _odd_days(report, heard, reading.words):
        return Unclear("days")
    return _make(report, filters, heard)


def _denied(heard: Heard) -> bool:
    """Say whether a `not` stands in the question that no phrase of a report or status explains."""
    telling = [one for one in heard.said if one.tag[0] in {"reports", "status"}]
    explained = {at for one in telling for at in one.places}
    return any(one.tag == ("cues", "negation") and not one.places & explained for one in heard.said)


def _odd_days(report: str, heard: Heard, words: Sequence[Word]) -> bool:
    """Say whether days are named that the report has no place for, or that may be two things.

    `kal` is yesterday and tomorrow; of what expires it says nothing sure.
    """
    counted = heard.amounts.days_above is not None or heard.amounts.days_within is not None
    if heard.cue("compare") or (_denied(heard) and report in _COUNTED):
        return True
    if report == "batch_expiry":
        return any(word.fold == "kal" for word in words)
    return counted and report != "outstanding"


def _make(report: str, filters: Mapping[str, FilterValue], heard: Heard) -> Reply:
    shape = choose_shape(report, heard)
    period = heard.period
    try:
        return Understood(
            ReportRequest(
                report, tuple(filters.items()), period, shape.group_by, shape.sort, shape.limit
            )
        )
    except RequestError as error:
        return Unclear("report", str(error))


def _plain_filters(report: str, heard: Heard) -> Iterable[tuple[str, FilterValue]]:
    form = REPORTS[report]
    amounts: ReadAmounts = heard.amounts
    tags = {one.tag for one in heard.said}
    status = heard.status_of(report)
    if status:
        yield "status", status
    for kind in ("retailer", "distributor", "super_stockist"):
        if ("types", kind) in tags and "customer_type" in form.filters:
            yield "customer_type", kind
            break
    if ("cues", "mine") in tags and "mine" in form.filters and "rep" not in heard.kinds:
        yield "mine", True
    if amounts.above is not None:
        yield "amount_gt", amounts.above
    if amounts.below is not None:
        yield "amount_lt", amounts.below
    yield from _day_filters(report, heard, status)


def _day_filters(
    report: str, heard: Heard, status: str | None
) -> Iterable[tuple[str, FilterValue]]:
    amounts: ReadAmounts = heard.amounts
    above, within = amounts.days_above, amounts.days_within
    if report == "outstanding":
        days = within if above is None else above
        if days is not None:
            yield "overdue_days_gt", days
        elif heard.cue("overdue"):
            yield "overdue_days_gt", 0
    if report == "batch_expiry" and status != "expired":
        days = above if within is None else within
        days = _coming(heard) if days is None else days
        if days is not None:
            yield "expiring_within_days", days


def _coming(heard: Heard) -> int | None:
    """Give the days of `next week` and `agle mahine`."""
    for word, after in pairwise(heard.folds):
        if word in _NEXT and after in _COMING:
            return _COMING[after]
    return None


def _choose_entry(
    mention: Mention, filters: frozenset[str], heard: Heard, *, reading: _Reading
) -> Entry | Unclear:
    typed = " ".join(reading.words[at].typed for at in sorted(mention.places))
    fit = [one for one in mention.entries if one.kind in filters]
    cue = heard.kind_beside(mention.places)
    cued = [one for one in fit if one.kind == cue]
    fit = cued or fit
    if len(fit) > 1 and len({one.kind for one in fit}) > 1:
        order = (
            ("warehouse", "area")
            if "warehouse" in filters and "customer" not in filters
            else ("area", "warehouse")
        )
        preferred = [one for one in fit if one.kind == order[0]]
        fit = preferred or fit
    if len(fit) != 1:
        return Unclear("name", typed, tuple(fit or mention.entries)[:5])
    return fit[0]


def as_mapping(reply: Reply) -> Mapping[str, object]:
    """Name a reply as the questions' answers do."""
    if isinstance(reply, Understood):
        return write_request(reply.request)
    report = "clarify" if isinstance(reply, Unclear) else "refuse"
    return {"report": report, "filters": {}, "group_by": None, "sort": None, "limit": None}
