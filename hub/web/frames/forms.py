"""The frame of forms: checked while somebody types, kept until it is sent, and sent once only."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic, TypeVar
from uuid import uuid4

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from hub.base.access import Session
from hub.base.fields import Change, Reason, Refused
from hub.base.fields.words import sentences
from hub.base.kept.drafts import Drafts
from hub.web.frames.filters import Option
from hub.web.pages import draw, is_part, words_of
from hub.web.site import Site

Value = TypeVar("Value")
_KEY: Final = re.compile(r"[0-9a-f-]{36}")
_LONGEST: Final = 120_000
"""Characters of one field at most: a pasted list of 2,000 rows."""
_MOST_FIELDS: Final = 4_000
"""Values of one form at most: an order of 500 lines has seven a line."""
_TRIES: Final = 50
_BETWEEN_S: Final = 0.1
_OWN: Final = ("form_key", "form_sure", "form_step")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `label` and `hint` are ids of words.

    `kind` is `text`, `number`, `amount`, `date`, `area`, `choice` or `tick`; `options` are of a
    choice. `group` is the id of the heading that it stands under. A field that `offers` names a
    record, which the check has found by what is typed.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = False
    longest: int = 200
    options: tuple[Option, ...] = ()
    group: str = ""
    code: bool = False
    offers: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a text may mean that stands for a record: `said` names the one that is meant.

    `options` are the records to choose from: their codes, each with its words.
    """

    said: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked(Generic[Value]):
    """What the checks of a noun make of a form.

    `errors` says at each field what is wrong and what would be right; under the name "" what is
    wrong with the whole. `doubts` says what is unusual in a field: it is asked once. `value` is
    what the form means where nothing is wrong. `shown` goes to the noun's own template. `offers`
    says of fields that name a record which one, or which it may be.
    """

    value: Value | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, object] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)


Check = Callable[[Mapping[str, str]], Checked[Value]]


@dataclass(frozen=True, slots=True)
class FormFrame:
    """A noun's form: `name` is what drafts are kept under, `title` and `send` are ids of words.

    `template` is the noun's own where it has more than fields: it extends `form.html` and fills the
    blocks `before`, `fields` and `after`.
    """

    name: str
    title: str
    send: str
    fields: tuple[Field, ...]
    template: str = "form.html"
    icon: str = "check"


@dataclass(frozen=True, slots=True)
class Sent(Generic[Value]):
    """A form that was sent and in which nothing is wrong: what it means, under its key."""

    value: Value
    key: str


@dataclass(frozen=True, slots=True)
class FormPlace(Generic[Value]):
    """Where a form is: who has it open, which page it is of, and what checks it.

    `address` is its page and where it is sent, `back` where who leaves it goes, `ref` the record
    that it changes, empty for a new one.
    """

    request: Request
    site: Site
    session: Session
    frame: FormFrame
    address: str
    back: str
    check: Check[Value]
    ref: str = ""

    @property
    def drafts(self) -> Drafts:
        """Give where forms are kept while they are typed."""
        return self.site.ground.part(Drafts)

    @property
    def user(self) -> int:
        """Give whose form it is."""
        return self.session.user_id

    def keep(self, key: str, values: Mapping[str, str]) -> None:
        """Keep what was typed so far."""
        self.drafts.keep(key, form=self.frame.name, ref=self.ref, user=self.user, fields=values)


def open_form(place: FormPlace[Value], values: Mapping[str, str] | None = None) -> Response:
    """Show a form: as its reader left it the last time, else with the values given."""
    kept = None
    if place.request.query_params.get("fresh") is None:
        kept = place.drafts.find(place.frame.name, place.ref, user=place.user)
    given = {**(values or {}), **(kept.fields if kept else {})}
    return _draw(
        place,
        values=given,
        checked=place.check(given) if given else Checked(),
        key=kept.key if kept else str(uuid4()),
        kept_at=kept.saved_at if kept else None,
        quiet=True,
    )


async def read_form(request: Request) -> Mapping[str, str]:
    """Read the fields of a form as they were typed; a field of several values has them in lines."""
    form: FormData = await request.form(max_fields=_MOST_FIELDS)
    return {name: "\n".join(str(one) for one in form.getlist(name))[:_LONGEST] for name in form}


def take_form(
    place: FormPlace[Value], given: Mapping[str, str], *, status: int = 422
) -> Sent[Value] | Response:
    """Check what was typed or sent: gives what the form means, or the page that answers.

    While somebody types, the answer is the form's part with what is wrong, and a draft is kept.
    Sent with faults, it is the page with each at its field; sent with something unusual, the page
    that asks once. What was sent before under the same key leads to what came of it.
    """
    key = given.get("form_key", "")
    if not _KEY.fullmatch(key):
        raise HTTPException(422)
    led_to = place.drafts.outcome(key, user=place.user)
    if led_to is not None:
        return RedirectResponse(led_to, 303)
    values = {name: text for name, text in given.items() if name not in _OWN}
    checked = place.check(values)
    typing = is_part(place.request) and given.get("form_step") != "send"
    if typing or checked.errors:
        place.keep(key, values)
    unsure = {
        name: text
        for name, text in checked.doubts.items()
        if _doubt(name, values) not in given.get("form_sure", "").split("\n")
    }
    if not typing and not checked.errors and not unsure and checked.value is not None:
        if place.drafts.take(key, form=place.frame.name, user=place.user):
            return Sent(checked.value, key)
        return _follow(place, key)
    return _draw(
        place,
        values=values,
        checked=checked,
        key=key,
        kept_at=place.site.now_ms() if typing else None,
        quiet=typing,
        unsure=unsure,
        status=200 if typing or not checked.errors else status,
    )


def peek_form(place: FormPlace[Value], given: Mapping[str, str]) -> Response:
    """Show the part of a form while somebody types what is not to be kept, such as half a code."""
    values = {name: text for name, text in given.items() if name not in _OWN}
    key = given.get("form_key", "")
    return _draw(place, values=values, checked=place.check(values), key=key, quiet=True)


def keep_form(place: FormPlace[Value], given: Mapping[str, str]) -> Response:
    """Keep a form in which another button than the last was pressed, and show it again."""
    key = given.get("form_key", "")
    if not _KEY.fullmatch(key):
        raise HTTPException(422)
    place.keep(key, {name: text for name, text in given.items() if name not in _OWN})
    return RedirectResponse(place.address, 303)


def finish_form(place: FormPlace[Value], *, sent: Sent[Value], led_to: str) -> Response:
    """Lead to what came of a form, and do so again where it is sent a second time.

    What was typed into older forms about the same record was about what it was before.
    """
    if place.ref:
        place.drafts.drop_older(sent.key, form=place.frame.name, ref=place.ref, user=place.user)
    place.drafts.done(sent.key, user=place.user, led_to=led_to)
    return RedirectResponse(led_to, 303)


def draw_once() -> str:
    """Draw the key of a form that makes something anew each time, such as a secret."""
    return str(uuid4())


def take_once(site: Site, session: Session, *, name: str, key: str, led_to: str) -> Response | None:
    """Take a form whose answer is shown this once; a reload leads on, and makes nothing anew.

    A form without a key is a program's, and taken whenever it comes.
    """
    if not key:
        return None
    if not _KEY.fullmatch(key):
        raise HTTPException(422)
    drafts = site.ground.part(Drafts)
    if drafts.take(key, form=name, user=session.user_id):
        drafts.done(key, user=session.user_id, led_to=led_to)
        return None
    return RedirectResponse(drafts.outcome(key, user=session.user_id) or led_to, 303)


def _follow(place: FormPlace[Value], key: str) -> Response:
    """Wait for what comes of a form that was just sent by a first click, and lead there."""
    for _ in range(_TRIES):
        led_to = place.drafts.outcome(key, user=place.user)
        if led_to is not None:
            return RedirectResponse(led_to, 303)
        time.sleep(_BETWEEN_S)
    return RedirectResponse(place.back, 303)


def refuse_form(
    place: FormPlace[Value],
    given: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    shown: Mapping[str, object] | None = None,
) -> Response:
    """Show a form again whose act refused it, with why at the fields.

    What its check says stands, with what it shows and offers; `errors` and `shown` come on top.
    """
    values = {name: text for name, text in given.items() if name not in _OWN}
    key = given.get("form_key", "")
    place.drafts.give_back(key, user=place.user)
    place.keep(key, values)
    found = place.check(values)
    checked = replace(
        found,
        errors={**found.errors, **errors},
        doubts={},
        shown={**found.shown, **(shown or {})},
    )
    return _draw(place, values=values, checked=checked, key=key, status=409)


def _doubt(name: str, values: Mapping[str, str]) -> str:
    """Name a doubt by its field and what stands there: another value is asked about again."""
    return f"{name}={values.get(name, '')}".replace("\n", " ")


def _draw(
    place: FormPlace[Value],
    *,
    values: Mapping[str, str],
    checked: Checked[Value],
    key: str,
    kept_at: int | None = None,
    quiet: bool = False,
    unsure: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    typed = {name for name, text in values.items() if text.strip()}
    # A field that nobody came to yet is not called wrong while others are typed into.
    errors = {
        name: text
        for name, text in checked.errors.items()
        if not quiet or name in typed or name not in {one.name for one in place.frame.fields}
    }
    groups: dict[str, list[Field]] = {}
    for one in place.frame.fields:
        groups.setdefault(one.group, []).append(one)
    return draw(
        place.request,
        place.frame.template,
        session=place.session,
        status=status,
        form=place.frame,
        groups=groups,
        address=place.address,
        afresh=f"{place.address}{'&' if '?' in place.address else '?'}fresh=1",
        back=place.back,
        values=values,
        errors=errors,
        offers={one.name: checked.offers.get(one.name, Offer()) for one in place.frame.fields},
        doubts=unsure or {},
        sure=[(name, _doubt(name, values)) for name in unsure or {}],
        key=key,
        kept_at=kept_at,
        **checked.shown,
    )


__all__ = [
    "Check",
    "Checked",
    "Field",
    "FormFrame",
    "FormPlace",
    "Option",
    "Sent",
    "finish_form",
    "keep_form",
    "open_form",
    "peek_form",
    "read_form",
    "refuse_act",
    "refuse_edit",
    "refuse_form",
    "take_form",
]


# --- forms that change a record as somebody saw it: what another one changed is not lost ---------

SEEN: Final = "seen_"
"""Before the name of a field: the text that stood there when the form was opened."""
TEMPLATE: Final = "edit_form.html"
"""The template of a form that carries what was seen."""


def open_edit(place: FormPlace[Value], now: Mapping[str, str]) -> Response:
    """Show the form of a record as it is now."""
    return open_form(place, {**now, **{f"{SEEN}{name}": text for name, text in now.items()}})


def changes_of(given: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Change]:
    """Give each field as it was seen and as it is wanted."""
    return {name: Change(given.get(f"{SEEN}{name}", ""), text) for name, text in texts.items()}


def refuse_act(
    place: FormPlace[Value],
    given: Mapping[str, str],
    reasons: Iterable[Reason],
    *,
    shown: Mapping[str, object] | None = None,
) -> Response:
    """Show what a person typed again, with the reasons of an act at their fields, in words."""
    language, money = words_of(place.request).language, place.site.distributor().money
    errors = sentences(reasons, language=language, money=money)
    return refuse_form(place, given, errors=errors, shown=shown)


def refuse_edit(
    place: FormPlace[Value],
    given: Mapping[str, str],
    refused: Refused,
    *,
    now: Mapping[str, str] | None = None,
) -> Response:
    """Show what a person typed again, with why the act refused it at the fields.

    Fields that crossed another's are seen as they are by `now`: sent again, they are meant.
    """
    seen = {f"{SEEN}{name}": (now or {}).get(name, "") for name in refused.crossed}
    shown = {"duplicates": refused.duplicates}
    return refuse_act(place, {**given, **seen}, refused.reasons, shown=shown)
