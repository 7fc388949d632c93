"""The pages of surveys: which there are, what was answered, and the form that makes one."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence, sentences
from hub.desk.field.acts import FieldActs
from hub.desk.field.model.calls import hundredths
from hub.desk.field.model.surveys import SurveyFields, read_survey_fields
from hub.desk.field.pages.sellers import choose_seller
from hub.desk.field.reads.surveys import export_answers, list_surveys, read_survey
from hub.web.frames import exports
from hub.web.frames.cells import Percent
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
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("field.read"))]
Planner = Annotated[Session, Depends(signed_in_for("field.plan"))]
Acts = Annotated[FieldActs, Depends(acts_of(FieldActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_NEW: Final = "/field/surveys/new"
_FIELDS: Final = (
    Field("code", "surveys.code", required=True, code=True, longest=32),
    Field("title", "surveys.title_en", required=True),
    Field("title_hi", "surveys.title_hi"),
    Field("from_day", "beats.from", kind="date", required=True),
    Field("until_day", "beats.until", kind="date"),
    Field("geo", "surveys.geo", hint="customer_hint.geo"),
    Field("type", "surveys.type", code=True),
    Field("beat", "beats.beat", code=True),
    Field(
        "questions",
        "surveys.questions",
        "area",
        "surveys.questions_hint",
        required=True,
        longest=6_000,
    ),
)


@router.get("/field/surveys")
def surveys(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the surveys with how many outlets have answered."""
    with site.ground.database.read() as connection:
        rows = list_surveys(connection, scope=session.scope)
    language = words_of(request).language
    return draw(
        request,
        "field_surveys.html",
        session=session,
        rows=rows,
        today=site.today(),
        language=language,
    )


@router.get(_NEW)
def new(request: Request, site: SiteOf, session: Planner) -> Response:
    """Show the form of a new survey."""
    return open_form(_place(request, site, session), {"from_day": site.today().isoformat()})


@router.post(_NEW)
def add(request: Request, site: SiteOf, session: Planner, *, given: Given, acts: Acts) -> Response:
    """Make a survey."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.surveys.add(sent.value, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/field/surveys/{done.code}")


@router.get("/field/surveys/{survey}")
def survey(request: Request, site: SiteOf, session: Reader, *, survey: str) -> Response:
    """Show one survey with what was answered."""
    with site.ground.database.read() as connection:
        found = read_survey(connection, survey, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return draw(
        request,
        "field_survey.html",
        session=session,
        survey=found,
        today=site.today(),
        language=words_of(request).language,
        percent=lambda part, whole: str(Percent(hundredths(part, whole))),
    )


@router.get("/field/surveys/{survey}/answers.csv")
def answers(request: Request, site: SiteOf, session: Reader, *, survey: str) -> Response:
    """Give the answers as a file, a row for each outlet and time."""
    words = words_of(request)
    with site.ground.database.read() as connection:
        found = read_survey(connection, survey, scope=session.scope)
        if found is None:
            raise HTTPException(404)
        rows = list(
            export_answers(connection, survey, scope=session.scope, language=words.language)
        )
    sheet = exports.Sheet(
        f"survey-{found.row.code}", found.row.title.words(words.language), (), rows[0], rows[1:]
    )
    return exports.answer(sheet, "csv")


@router.post("/field/surveys/{survey}/end")
def end(request: Request, site: SiteOf, session: Planner, *, acts: Acts, survey: str) -> Response:
    """Have a survey asked no more after today."""
    done = acts.surveys.end(survey, day=site.today(), by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        said = sentence(done.reasons[0], language=words_of(request).language)
        raise HTTPException(404, said)
    return RedirectResponse(f"/field/surveys/{survey}", 303)


def _place(request: Request, site: Site, session: Session) -> FormPlace[SurveyFields]:
    language = words_of(request).language

    def check(values: Mapping[str, str]) -> Checked[SurveyFields]:
        fields = read_survey_fields(values)
        if isinstance(fields, Refused):
            return Checked(errors=sentences(fields.reasons, language=language))
        return Checked(fields)

    fields = (*_FIELDS[:1], *choose_seller(site, session), *_FIELDS[1:])
    frame = FormFrame("survey", "surveys.new", "surveys.save", fields)
    return FormPlace(request, site, session, frame, _NEW, "/field/surveys", check)
