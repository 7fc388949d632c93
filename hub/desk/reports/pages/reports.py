"""The pages of reports: which there are, and one for each, with the files that are made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Query, Request, Response

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.kept.views import Views
from hub.base.papers import PaperFile
from hub.base.words import PageWords
from hub.desk.reports.model.addressed import query_of, read_request
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.forms import CHOICES, ENTITIES, NUMBERS, REPORTS
from hub.desk.reports.model.periods import PERIODS
from hub.desk.reports.model.requests import (
    MOST_NAMES,
    Named,
    ReportRequest,
    RequestError,
    names_of,
)
from hub.desk.reports.pages.addresses import PLACE, address_of
from hub.desk.reports.pages.filing import count_shown, sheet_of
from hub.desk.reports.pages.printing import print_report
from hub.desk.reports.pages.showing import (
    CHOICE_WORDS,
    chart_of,
    chips_of,
    row_of,
    said_days,
    scope_words,
    status_words,
    total_row,
    totals_of,
)
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.engine import answer_report, filters_of, grain_of, groups_of
from hub.desk.reports.reads.planning import Page, UnansweredError
from hub.desk.reports.reads.sources import Asked
from hub.desk.workdays.reads import read_own
from hub.web.frames import exports
from hub.web.frames.filters import Option
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.papers import send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("reports.read"))]
_SIZE: Final = 50
_AREAS: Final = ("orders", "sales", "stock", "money", "field", "network")
_FILES: Final = ("csv", "xlsx", "pdf")
_TIMES: Final = frozenset({"day", "week", "month", "quarter"})
_MOST_TIMES: Final = 400
_LONGEST_ASKED: Final = 400
_MOST_ALSO: Final = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the filter: its name, its kind, and what may be chosen."""

    name: str
    kind: str
    value: str
    options: Sequence[Option] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column, and the address with the rows sorted by it."""

    label: str
    figures: bool
    address: str = ""
    way: str = ""


@router.get("/reports")
def index(request: Request, site: SiteOf, session: Reader) -> Response:
    """List the reports that the reader may ask for."""
    del site
    names = [name for name, one in DEFINITIONS.items() if session.may(one.permission)]
    areas = {area: [name for name in names if DEFINITIONS[name].area == area] for area in _AREAS}
    return draw(request, "reports.html", session=session, areas=areas, place=PLACE)


def _page_of(asked: Asked, page: int) -> Page:
    """Give the rows of a page; over time there are few, and all are on the first."""
    size = _MOST_TIMES if _is_over_time(asked) else _SIZE
    return Page((page - 1) * size, size)


@router.get("/reports/{report}")
def show_report(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    report: str,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    file: Annotated[str, Query(alias="as")] = "",
) -> Response:
    """Show a report, or answer with its file."""
    found = DEFINITIONS.get(report)
    if found is None or report not in REPORTS:
        raise HTTPException(404)
    if not session.may(found.permission):
        raise HTTPException(403)
    if file and file not in _FILES:
        raise HTTPException(422)
    words, seen = words_of(request), site.feed.number
    asked = _asked(site, session, report, fields=request.query_params)
    with site.ground.database.read() as connection:
        if file:
            return _file(connection, asked, session.scope, words=words, kind=file)
        try:
            wanted = _page_of(asked, page)
            answer = answer_report(
                connection, asked, scope=session.scope, page=wanted, compare=True
            )
            groups, filters = groups_of(asked), filters_of(asked)
            workdays = read_own(connection, scope=session.scope)
        except UnansweredError:
            return _unanswered(request, session, asked.request, words=words)
    return draw(
        request,
        "report.html",
        session=session,
        answer=answer,
        rows=[row_of(answer, line, words) for line in answer.lines],
        columns=_columns(answer),
        total=total_row(answer, words),
        totals=totals_of(answer, words),
        days=said_days(answer, words, workdays),
        scope=scope_words(session.scope, words),
        chips=chips_of(asked.request, words),
        chart=chart_of(answer, words, today=asked.today),
        periods=_periods(asked.request) if asked.request.form.dated else (),
        counted_by=f"report_by.{asked.request.form.by}",
        groups=_groups(asked.request, answer, groups),
        fields=_fields(asked.request, filters, words),
        kept=_kept(asked.request),
        views=site.ground.part(Views).of(f"report_{report}", reader=session),
        here=address_of(asked.request),
        query=address_of(asked.request).partition("?")[2],
        files={kind: address_of(asked.request, ("as", kind)) for kind in _FILES},
        before=_turned(asked.request, page - 1) if page > 1 else "",
        after=_turned(asked.request, page + 1) if _has_more(answer, wanted) else "",
        seen=seen,
        name=report,
        also=_also(request, asked.request),
        **_heard(request),
    )


def _file(
    connection: Connection, asked: Asked, scope: Scope, *, words: PageWords, kind: str
) -> Response:
    try:
        if kind == "pdf":
            name = PaperFile(
                f"{asked.request.report}.pdf", print_report(connection, asked, scope, words=words)
            )
            return send_paper(name)
        return exports.answer(sheet_of(connection, asked, scope, words=words), kind)
    except UnansweredError as error:
        raise HTTPException(404) from error


def _also(request: Request, wanted: ReportRequest) -> list[tuple[str, str, str]]:
    """Give the names that words of the question were not taken for, with how to narrow by them."""
    found = []
    for text in request.query_params.getlist("also")[:_MOST_ALSO]:
        kind, _, rest = text[:_LONGEST_ASKED].partition("|")
        key, _, name = rest.partition("|")
        if kind in ENTITIES and name:
            fits = kind in wanted.form.filters
            address = address_of(wanted.having(kind, Named(name, key))) if fits else ""
            found.append((name, kind, address))
    return found


def _asked(site: Site, session: Session, report: str, *, fields: Mapping[str, str]) -> Asked:
    """Read what an address asks for; raises HTTPException 422 for what makes no sense."""
    now_ms, zone = site.now_ms(), site.distributor().zone
    try:
        written = {key: value.strip() for key, value in fields.items()}
        wanted = read_request(report, written, local_date(now_ms, zone))
        return ask(wanted, reader=session.user, roles=session.roles, now_ms=now_ms, zone=zone)
    except RequestError as error:
        raise HTTPException(422) from error


def _unanswered(
    request: Request, session: Session, wanted: ReportRequest, *, words: PageWords
) -> Response:
    """Say that nothing keeps yet what is asked about, with the request as it was understood."""
    return draw(
        request,
        "report_none.html",
        session=session,
        name=wanted.report,
        chips=chips_of(wanted, words),
        asked_words=_asked_words(request),
    )


def _heard(request: Request) -> Mapping[str, Any]:
    """Give the question that led here, its words without a part, and whether a model heard it."""
    return {
        "asked_words": _asked_words(request),
        "unread": request.query_params.get("unread", "")[:_LONGEST_ASKED],
        "filled": request.query_params.get("filled") == "yes",
    }


def _asked_words(request: Request) -> str:
    """Give the question in words that led here, where one did."""
    return request.query_params.get("asked", "")[:_LONGEST_ASKED]


def _has_more(answer: Answer, page: Page) -> bool:
    return page.offset + len(answer.lines) < count_shown(answer)


def _turned(request: ReportRequest, page: int) -> str:
    return address_of(request, ("page", str(page))) if page > 1 else address_of(request)


def _is_over_time(asked: Asked) -> bool:
    """Say whether rows are stretches of time: a chart wants all of them."""
    return grain_of(asked) in _TIMES


def _columns(answer: Answer) -> list[Column]:
    """Give the headings; one of figures sorts by it, the largest first, and then the other way."""
    return [
        Column(one.label, one.is_figure, *_sorting(answer, one.name)) for one in answer.headings
    ]


def _sorting(answer: Answer, name: str) -> tuple[str, str]:
    """Give the address that sorts by a column, and how it is sorted by it now."""
    request = answer.request
    word = next((word for word, of in answer.sorts.items() if of == name), "")
    if not word or f"{word}_asc" not in request.form.sorts:
        return "", ""
    way = "asc" if request.sort == f"{word}_desc" else "desc"
    is_now = request.sort in {f"{word}_asc", f"{word}_desc"}
    now = ("ascending" if way == "desc" else "descending") if is_now else ""
    return address_of(replace(request, sort=f"{word}_{way}")), now


def _periods(request: ReportRequest) -> list[tuple[str, str, bool]]:
    """Give the words of periods with their addresses, and which of them is shown."""
    fields = [one for one in query_of(request) if one[0] not in {"period", "from", "to"}]
    shown = request.period.expr if request.period else ""
    return [
        (word, f"{PLACE}/{request.report}?{urlencode([('period', word), *fields])}", word == shown)
        for word in PERIODS
    ]


def _groups(
    request: ReportRequest, answer: Answer, groups: Sequence[str]
) -> list[tuple[str, str, bool]]:
    """Give what rows may be put together by, with the addresses, and which of them is shown."""
    return [
        (one, address_of(replace(request, group_by=one, sort=None)), one == answer.grain)
        for one in groups
    ]


def _fields(request: ReportRequest, filters: Collection[str], words: PageWords) -> list[Field]:
    """Lay out the filters that the report can be narrowed by."""
    form, fields = request.form, dict(query_of(request))
    found = []
    for name in ("status", *CHOICES, *ENTITIES, *NUMBERS, "mine"):
        if name not in filters:
            continue
        options: Sequence[Option] = ()
        if name == "status":
            named = ((one, status_words(request.report, one, words)) for one in form.statuses)
            options = [Option(*one) for one in named]
        elif name in CHOICES:
            family = CHOICE_WORDS[name]
            options = [Option(one, words.named(family, one)) for one in CHOICES[name]]
        elif name == "mine":
            options = [Option("yes", words.text("word.yes"))]
        kind = "choice" if options else "number" if name in NUMBERS else "text"
        found.append(Field(name, kind, fields.get(name, ""), options))
        found += _others(request, name)
    return found


def _others(request: ReportRequest, name: str) -> list[Field]:
    """Lay out the fields of what a record stands beside: those that are set, and one more."""
    value = request.find(name)
    names = () if value is None else names_of(value)
    shown = [*(one.name for one in names[1:]), *([""] if 0 < len(names) < MOST_NAMES else [])]
    return [Field(f"{name}.{at}", "other", one) for at, one in enumerate(shown, 2)]


def _kept(request: ReportRequest) -> list[tuple[str, str]]:
    """Give what the form of the filters carries along."""
    return [(name, value) for name, value in query_of(request) if name in {"group_by", "sort"}]
