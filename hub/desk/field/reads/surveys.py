"""Surveys, what of them a phone asks, and what was answered, in a person's scope."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from hub.base import history
from hub.base.access import Scope, concerning, visible
from hub.desk.field.model.fields import choose_code
from hub.desk.field.model.surveys import Question, Said
from hub.desk.field.tables import (
    beat,
    beat_outlet,
    field_entry,
    field_photo,
    survey,
    survey_answer,
)
from hub.desk.parties.tables import HOUSE, party
from hub.desk.people.tables import user_account

SURVEY: Final = "survey"
_TABLE: Final = survey.c
_ANSWER: Final = survey_answer.c
_QUESTIONS: Final = msgspec.json.Decoder(tuple[Question, ...])
_MOST_TEXTS: Final = 20
_MOST_PHOTOS: Final = 60


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey: of which outlets it is asked when, and how many outlets have answered."""

    code: str
    title: Said
    from_day: date
    until_day: date | None
    geo: str
    type: str
    beat: str
    questions: tuple[Question, ...]
    outlets: int = 0

    def is_on(self, day: date) -> bool:
        """Say whether it is asked on a day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered to a question.

    A choice has `counts` by code; numbers have `least`, `most` and their `total`; a text has the
    newest `texts` with the outlets' names.
    """

    question: Question
    count: int
    counts: Mapping[str, int]
    least: int | None = None
    most: int | None = None
    total: int = 0
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyDetail:
    """A survey with its results, what was changed in it, and the newest photos with answers.

    Each photo is its id and its outlet's name.
    """

    row: SurveyRow
    results: tuple[Result, ...]
    history: tuple[history.Entry, ...]
    photos: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PhoneSurvey:
    """A survey as a phone keeps it, in one language; `outlets` None: of all."""

    code: str
    title: str
    outlets: tuple[str, ...] | None
    questions: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]


def list_surveys(connection: Connection, *, scope: Scope) -> Sequence[SurveyRow]:
    """Read the surveys with how many outlets have answered, the newest first."""
    counted = (
        select(_ANSWER.survey_id, func.count(_ANSWER.party_id.distinct()))
        .join(party, party.c.id == _ANSWER.party_id)
        .where(_answers_of(scope))
        .group_by(_ANSWER.survey_id)
    )
    counts = {row[0]: int(row[1]) for row in connection.execute(counted)}
    rows = connection.execute(_surveys(scope).order_by(_TABLE.from_day.desc(), _TABLE.code))
    return [_row_of(row, counts.get(row.id, 0)) for row in rows]


def name_survey(connection: Connection, code: str, *, scope: Scope) -> str | None:
    """Give the whole code of the survey that somebody means, as that of a beat; None of none."""
    alike = or_(_TABLE.code == code, _TABLE.code.startswith(f"{code}@", autoescape=True))
    rows = connection.execute(_surveys(scope).where(alike))
    return choose_code(code, [row.code for row in rows])


def _survey(connection: Connection, code: str, *, scope: Scope) -> Row[Any] | None:
    named = name_survey(connection, code, scope=scope)
    return connection.execute(_surveys(scope).where(_TABLE.code == named)).first()


def read_survey(connection: Connection, code: str, *, scope: Scope) -> SurveyDetail | None:
    """Read one survey with its results; None where nobody sees one of this code."""
    row = _survey(connection, code, scope=scope)
    if row is None:
        return None
    answers = list(connection.execute(_answered(row.id, scope=scope)))
    shown = _row_of(row, len({one.code for one in answers}))
    results = tuple(_result(one, answers) for one in shown.questions)
    return SurveyDetail(
        shown,
        results,
        tuple(history.read(connection, SURVEY, row.code)),
        tuple(_photos(connection, row.id, scope=scope)),
    )


def export_answers(
    connection: Connection, code: str, *, scope: Scope, language: str
) -> Iterator[tuple[str, ...]]:
    """Give a survey as rows of a table: day, user, outlet, its name, and each answer."""
    row = _survey(connection, code, scope=scope)
    if row is None:
        return
    questions = _row_of(row).questions
    yield ("day", "user", "outlet", "name", *(one.text.words(language) for one in questions))
    found: dict[str, dict[str, Any]] = {}
    for one in connection.execute(_answered(row.id, scope=scope)):
        said = found.setdefault(one.entry, {"row": one})
        said[one.question] = one.answer
    for said in found.values():
        one = said["row"]
        answers = (_worded(each, said.get(each.code, ""), language) for each in questions)
        yield (one.day.isoformat(), one.user, one.code, one.name, *answers)


def read_open_surveys(
    connection: Connection, day: date, *, scope: Scope, language: str
) -> Sequence[PhoneSurvey]:
    """Read the surveys that a phone asks on a day, each with the codes of its outlets."""
    found = []
    for row in connection.execute(_surveys(scope).order_by(_TABLE.code)).all():
        one = _row_of(row)
        if not one.is_on(day):
            continue
        outlets = None
        if row.geo or row.type or row.beat_id or row.seller_id not in scope.sellers:
            query = select(party.c.code).where(*_asked_of(row, day), party.c.code != HOUSE)
            query = query.where(visible(scope, seller=party.c.parent_id, party=party.c.id))
            outlets = tuple(connection.execute(query.order_by(party.c.code)).scalars())
        questions = tuple(
            (
                each.code,
                each.kind,
                each.text.words(language),
                tuple((code, said.words(language)) for code, said in each.choices),
            )
            for each in one.questions
        )
        found.append(PhoneSurvey(one.code, one.title.words(language), outlets, questions))
    return found


def _asked_of(row: Any, day: date) -> Iterator[ColumnElement[bool]]:  # noqa: ANN401 -- a row
    yield visible(Scope(frozenset({row.seller_id})), seller=party.c.parent_id)
    if row.geo:
        inside = party.c.geo.startswith(f"{row.geo}/", autoescape=True)
        yield or_(party.c.geo == row.geo, inside)
    if row.type:
        yield party.c.type == row.type
    if row.beat_id:
        stop = beat_outlet.c
        until = or_(stop.until_day.is_(None), stop.until_day >= day)
        on = and_(stop.beat_id == row.beat_id, stop.from_day <= day, until)
        yield party.c.id.in_(select(stop.party_id).where(on))


def _surveys(scope: Scope) -> Select[Any]:
    return (
        select(survey, beat.c.code.label("beat"))
        .outerjoin(beat, beat.c.id == _TABLE.beat_id)
        .where(concerning(scope, seller=_TABLE.seller_id))
    )


def _answers_of(scope: Scope) -> ColumnElement[bool]:
    return visible(scope, seller=party.c.parent_id, party=_ANSWER.party_id, user=_ANSWER.user_id)


def _answered(number: int, *, scope: Scope) -> Select[Any]:
    return (
        select(_ANSWER.entry, _ANSWER.question, _ANSWER.answer, _ANSWER.day)
        .add_columns(user_account.c.name.label("user"), party.c.code, party.c.name)
        .join(user_account, user_account.c.id == _ANSWER.user_id)
        .join(party, party.c.id == _ANSWER.party_id)
        .where(_ANSWER.survey_id == number, _answers_of(scope))
        .order_by(_ANSWER.day.desc(), _ANSWER.entry.desc())
    )


def _photos(connection: Connection, number: int, *, scope: Scope) -> Iterator[tuple[str, str]]:
    """Give the ids of the newest photos that were taken with answers, and their outlets' names."""
    with_answers = select(_ANSWER.entry).where(_ANSWER.survey_id == number)
    query = (
        select(field_photo.c.uuid, party.c.name)
        .join(field_entry, field_entry.c.uuid == field_photo.c.entry)
        .join(party, party.c.id == field_entry.c.party_id)
        .where(field_photo.c.entry.in_(with_answers))
        .where(
            visible(
                scope,
                seller=party.c.parent_id,
                party=field_entry.c.party_id,
                user=field_entry.c.user_id,
            )
        )
        .order_by(field_photo.c.received_at.desc(), field_photo.c.uuid)
        .limit(_MOST_PHOTOS)
    )
    for row in connection.execute(query):
        yield row.uuid, row.name


def _row_of(row: Any, outlets: int = 0) -> SurveyRow:  # noqa: ANN401 -- a row of the query
    title, questions = Said(row.title_en, row.title_hi), _QUESTIONS.decode(row.questions)
    of = {"geo": row.geo, "type": row.type, "beat": row.beat or ""}
    return SurveyRow(
        row.code, title, row.from_day, row.until_day, **of, questions=questions, outlets=outlets
    )


def _result(question: Question, answers: Sequence[Any]) -> Result:
    own = [one for one in answers if one.question == question.code]
    if question.kind == "choice":
        return Result(question, len(own), Counter(one.answer for one in own))
    if question.kind == "text":
        texts = tuple((one.answer, one.name) for one in own[:_MOST_TEXTS])
        return Result(question, len(own), {}, texts=texts)
    numbers = [int(one.answer) for one in own]
    return Result(
        question,
        len(own),
        {},
        least=min(numbers, default=None),
        most=max(numbers, default=None),
        total=sum(numbers),
    )


def _worded(question: Question, answer: str, language: str) -> str:
    said = dict(question.choices).get(answer)
    return said.words(language) if said else answer
