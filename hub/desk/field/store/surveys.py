"""Surveys and what outlets answered, written in a given transaction."""

from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Row, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import Refused, refused
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.model.entries import Surveyed
from hub.desk.field.model.fields import choose_code
from hub.desk.field.model.surveys import Question, SurveyFields, check_answers
from hub.desk.field.store.entries import TOPIC
from hub.desk.field.tables import survey, survey_answer

SURVEY: Final = "survey"
"""What the history of a survey is kept under."""
_FIND: Final = "SELECT id FROM survey WHERE code = ?"
_QUESTIONS: Final = msgspec.json.Decoder(tuple[Question, ...])
_BEAT: Final = "SELECT id FROM beat WHERE code = ?"


def find_survey(t: Transaction, code: str) -> int | None:
    """Lock a survey by its code; gives its row's id, None where there is none."""
    t.lock(LockRank.DOCUMENT, [f"survey:{code}"])
    found = t.rows(f"{_FIND}{t.row_lock}", (code,))
    return int(found[0][0]) if found else None


def add_survey(t: Transaction, fields: SurveyFields, *, seller: int) -> None:
    """Make a survey; its questions stay as they are."""
    beat = t.rows(_BEAT, (fields.beat,)) if fields.beat else []
    values = {
        "code": fields.code,
        "title_en": fields.title.en,
        "title_hi": fields.title.hi,
        "seller_id": seller,
        "from_day": fields.from_day,
        "until_day": fields.until_day,
        "geo": fields.geo,
        "type": fields.type,
        "beat_id": beat[0][0] if beat else None,
        "questions": msgspec.json.encode(fields.questions).decode(),
    }
    t.connection.execute(survey.insert().values(values))
    made: dict[str, history.Value] = {"title": fields.title.en, "until": fields.until_day}
    history.record(t, SURVEY, fields.code, before={}, after=made)
    t.changed(TOPIC)


def end_survey(t: Transaction, number: int, code: str, *, day: date) -> None:
    """Have a survey asked no more after a day; one that ends earlier stays so."""
    own = (survey.c.id == number) & (survey.c.until_day.is_(None) | (survey.c.until_day > day))
    if t.connection.execute(survey.update().where(own).values(until_day=day)).rowcount:
        history.record(t, SURVEY, code, before={"until": None}, after={"until": day})
        t.changed(TOPIC)


def check_survey(t: Transaction, entry: Surveyed, *, day: date, scope: Scope) -> Refused | None:
    """Say why answers are not taken: of no survey, of another day, or beside the questions.

    A survey of a seller that the person is not of is none.
    """
    found = _find_asked(t, entry.survey, scope=scope)
    if found is None:
        return refused("survey_unknown", field="survey", code=entry.survey)
    first, last = found.from_day, found.until_day
    if (first and day < first) or (last and day > last):
        return refused("survey_over", field="survey", code=entry.survey)
    fault = check_answers(_QUESTIONS.decode(found.questions), entry.answers)
    return Refused((fault,)) if fault else None


def _find_asked(t: Transaction, code: str, *, scope: Scope) -> Row[Any] | None:
    """Find the survey that a phone means, of those of the person's sellers: `S-1` or `S-1@D2`."""
    alike = (survey.c.code == code) | survey.c.code.startswith(f"{code}@", autoescape=True)
    query = select(survey).where(alike, visible(scope, seller=survey.c.seller_id))
    rows = {row.code: row for row in t.connection.execute(query)}
    return rows.get(choose_code(code, rows) or "")


def write_answers(
    t: Transaction, entry: Surveyed, *, user: int, outlet: int, day: date, scope: Scope
) -> None:
    """Write the answers of an outlet, once their entry is there."""
    found = _find_asked(t, entry.survey, scope=scope)
    if found is None:
        return
    number = int(found.id)
    rows = [
        (entry.id, question, number, user, outlet, day, answer)
        for question, answer in entry.answers.items()
        if answer.strip()
    ]
    columns = ("entry", "question", "survey_id", "user_id", "party_id", "day", "answer")
    t.insert(survey_answer, columns, rows)
    t.changed(TOPIC)
