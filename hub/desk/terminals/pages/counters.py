"""The form that sets a terminal's counter, beside what its group says, and who set it before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentences
from hub.base.history import Entry
from hub.base.money import HOUSE_SCALE, HouseMoney
from hub.base.words import PageWords, grouped
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import (
    NOTICES,
    PAYMENTS,
    CounterSettings,
    read_counter_settings,
)
from hub.desk.terminals.model.counters import SETTINGS, name_differences
from hub.desk.terminals.reads.counters import CounterRow, read_counter
from hub.desk.terminals.words import FRESHNESS
from hub.web.frames.filters import Option
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import shown

router = Router()
Setter = Annotated[Session, Depends(signed_in_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_BACK: Final = "/terminals"
_Value = str | int | bool | None


@router.get("/terminals/{terminal}/counter")
def counter(request: Request, site: SiteOf, session: Setter, *, terminal: str) -> Response:
    """Show what the counter is set to."""
    row = _row(site, session, terminal)
    return open_form(_place(request, site, session, row=row), texts_of(row.settings))


@router.post("/terminals/{terminal}/counter")
def set_counter(
    request: Request, site: SiteOf, session: Setter, *, terminal: str, given: Given, acts: Acts
) -> Response:
    """Set the counter."""
    place = _place(request, site, session, row=_row(site, session, terminal))
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    why = given.get("why", "")
    done = acts.set_counter(terminal, given, by=session.user, why=why, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=_BACK)


def _row(site: Site, session: Session, terminal: str) -> CounterRow:
    with site.ground.database.read() as connection:
        row = read_counter(connection, terminal, scope=session.scope)
    if row is None:
        raise HTTPException(404)
    return row


def _place(
    request: Request, site: Site, session: Session, *, row: CounterRow
) -> FormPlace[dict[str, str]]:
    words, money = words_of(request), site.distributor().money
    why = Field("why", "word.why", longest=LONGEST_REASON)
    fields = (*setting_fields(words, in_group=row.group is not None), why)
    frame = FormFrame(
        "counter_set", "counter_set.title", "counter_set.keep", fields, "counter_form.html"
    )
    told = {
        "counter": row,
        "beside": beside_group(row, words, money=money),
        "runs": FRESHNESS[row.runs],
        "usual": PAYMENTS,
        "changes": [word_change(one, words, money=money) for one in row.changes],
    }
    address = f"{_BACK}/{row.terminal}/counter"

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        read = read_counter_settings(values)
        if isinstance(read, Refused):
            return Checked(errors=sentences(read.reasons, language=words.language), shown=told)
        return Checked(dict(values), shown=told)

    return FormPlace(*(request, site, session, frame, address, _BACK), check, row.terminal)


class Beside(NamedTuple):
    """One setting as a group says it and as a counter has it: `counts` is what it goes by."""

    name: str
    group: str
    own: str
    counts: str
    differs: bool


def beside_group(row: CounterRow, words: PageWords, *, money: HouseMoney) -> Sequence[Beside]:
    """Put each setting of a counter beside that of its group; nothing where it is in none."""
    if row.group is None:
        return ()
    differs = name_differences(row.settings, row.group.settings)
    say = partial(say_setting, words=words, money=money)
    return [
        Beside(
            name,
            say(name, row.group.settings),
            say(name, row.settings),
            say(name, row.counts) or words.text("counter_set.usual"),
            name in differs,
        )
        for name in SETTINGS
    ]


def say_setting(
    name: str, settings: CounterSettings, words: PageWords, *, money: HouseMoney
) -> str:
    """Say one setting; nothing where it is left open."""
    if name == "payments":
        return ", ".join(words.named("payment", one) for one in settings.payments)
    if name == "notices":
        return words.named("counter_notices", settings.notices) if settings.notices else ""
    value: int | None = getattr(settings, name)
    if value is None:
        return ""
    if name == "operator_needed":
        return words.text("cards.needed_yes" if value else "cards.needed_no")
    if not value:
        return words.text("counter_set.never")
    return grouped(value) if name == "ask_quantity" else money.write(value)


def texts_of(settings: CounterSettings) -> dict[str, str]:
    """Write settings as the form has them."""
    quantity, amount = settings.ask_quantity, settings.ask_amount
    return {
        "payments": ",".join(settings.payments),
        "ask_quantity": "" if quantity is None else str(quantity),
        "ask_amount": "" if amount is None else str(shown(amount, HOUSE_SCALE)),
        "operator_needed": {None: "", True: "yes", False: "no"}[settings.operator_needed],
        "notices": settings.notices or "",
    }


def setting_fields(words: PageWords, *, in_group: bool = False) -> tuple[Field, ...]:
    """Give the fields of what a counter is set to, or a group; empty ones are the group's."""
    hints = (
        ("counter_set.of_group",) * 4
        if in_group
        else (
            "counter_set.payments_hint",
            "counter_set.quantity_hint",
            "counter_set.amount_hint",
            "counter_set.notices_hint",
        )
    )
    usual = Option("", words.text("counter_set.by_group" if in_group else "counter_set.as_usual"))
    notices = (Option(one, words.named("counter_notices", one)) for one in NOTICES)
    return (
        Field(
            "payments",
            "counter_set.payments",
            kind="choice",
            hint=hints[0],
            options=tuple(_options(words, in_group=in_group)),
        ),
        Field("ask_quantity", "counter_set.quantity", "number", hints[1]),
        Field("ask_amount", "counter_set.amount", "amount", hints[2]),
        Field(
            *("notices", "counter_set.notices"),
            kind="choice",
            hint=hints[3],
            options=(usual, *notices),
        ),
    )


def operator_field(words: PageWords) -> Field:
    """Give the field by which a group says whether orders need an operator.

    A counter itself says it beside its cards.
    """
    options = [Option("", words.text("cards.needed_usual"))]
    options += [Option(one, words.text(f"cards.needed_{one}")) for one in ("yes", "no")]
    return Field("operator_needed", "cards.needed", kind="choice", options=tuple(options))


def word_change(change: Entry, words: PageWords, *, money: HouseMoney) -> Entry:
    """Write what a change was from and to as people read it; the history has raw values."""
    old, new = (
        _word_value(change.field, one, words, money=money) for one in (change.old, change.new)
    )
    return replace(change, old=old, new=new)


def _word_value(name: str, value: _Value, words: PageWords, *, money: HouseMoney) -> _Value:
    if name == "ask_amount" and isinstance(value, int):
        return money.write(value)
    if name == "operator_needed" and value is not None:
        return words.text("cards.needed_yes" if value else "cards.needed_no")
    if name == "notices" and value:
        return words.named("counter_notices", str(value))
    return value


def _options(words: PageWords, *, in_group: bool) -> Iterator[Option]:
    """Name every choice: which payment is usual, and which others are taken beside it."""
    yield Option("", words.text("counter_set.by_group" if in_group else "counter_set.by_credit"))
    for usual in PAYMENTS:
        others = [one for one in PAYMENTS if one != usual]
        for count in (2, 1, 0):
            for beside in combinations(others, count):
                named = ", ".join(words.named("payment", one) for one in (usual, *beside))
                yield Option(",".join((usual, *beside)), named)
