"""Ask a question; where its words name no report, a language model may fill the form.

The model is asked only where the hub is told of one, and is told the question and which reports
there are: no name and no figure of the house leaves it. What it answers is read as an address of a
program is: a field that the form does not have, a value that does not fit, or a name that is not in
the question, or that the asker does not see, and there is no answer.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from hub.base.access import Scope
from hub.base.ground import Ground
from hub.base.jobs.calling import UnreachableError, WebHost
from hub.base.words import PageWords
from hub.desk.assistant.model.names import Entry, NameIndex
from hub.desk.assistant.model.replies import Asker, Declined, Reply, Unclear, Understood
from hub.desk.assistant.model.requesting import of_all_seen
from hub.desk.assistant.model.spelling import read_words
from hub.desk.assistant.reads.asking import read_asked
from hub.desk.assistant.reads.indexes import NameIndexes
from hub.desk.parties.reads import serves_customers
from hub.desk.reports.model.addressed import read_whole_request
from hub.desk.reports.model.forms import ENTITIES, REPORTS, ReportForm
from hub.desk.reports.model.periods import PERIODS
from hub.desk.reports.model.requests import ReportRequest, RequestError
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.definitions import DEFINITIONS

_log = logging.getLogger(__name__)
_PLACE: Final = "/chat/completions"
_OK: Final = 200
_MOST_TOKENS: Final = 300
_SHAPE: Final = frozenset(
    ("report", "filters", "period", "from", "to", "group_by", "sort", "limit")
)
_TOLD: Final = (
    "You fill the form of one report. Answer with one JSON object and nothing else: "
    '{"report": ..., "filters": {...}, "period": ..., "group_by": ..., "sort": ..., "limit": ...}. '
    "Leave out what the question does not say. Names of customers, products and places are written "
    'as the question has them. If no report answers the question, answer {"report": null}. '
)


@dataclass(frozen=True, slots=True)
class FormModel:
    """A server that speaks as OpenAI's does, and the model that it is to use; off without one."""

    host: WebHost = WebHost()  # noqa: RUF009 -- it cannot be changed
    model: str = ""

    @property
    def is_on(self) -> bool:
        """Say whether there is a server to ask."""
        return bool(self.host.url)

    def fill(
        self, question: str, index: NameIndex, asker: Asker, *, today: date
    ) -> ReportRequest | None:
        """Ask for the form of a question; None where what comes back is no such form."""
        try:
            answer = self.host.call("POST", _PLACE, _body(self.model, question, today))
        except UnreachableError as error:
            _log.warning("the language model did not answer: %s", error)
            return None
        if answer.status != _OK:
            _log.warning("the language model answered %s", answer.status)
            return None
        try:
            form = json.loads(json.loads(answer.body)["choices"][0]["message"]["content"])
            return _read_form(form, question, index, asker=asker, today=today)
        except (ValueError, LookupError, TypeError, RecursionError, RequestError) as error:
            _log.info("the language model filled no form: %s", type(error).__name__)
            return None


def ask_question(
    ground: Ground, text: str, *, scope: Scope, zone: ZoneInfo, after: ReportRequest | None = None
) -> Reply:
    """Read a question into a request, a question back, or a plain no; days are the zone's.

    `after` is the request that the question follows. Where its words name no report, the language
    model may fill the form. What is declined by its words, as every request to change something, is
    never sent.
    """
    reply = read_asked(ground, text, scope=scope, zone=zone, after=after)
    model = ground.part(FormModel)
    unclear = isinstance(reply, Unclear) and reply.why == "report"
    unheard = isinstance(reply, Declined) and reply.why == "outside" and not reply.refused
    if not model.is_on or not (unclear or unheard):
        return reply
    with ground.database.read() as connection:
        index = ground.part(NameIndexes).find(connection, scope=scope)
        asker = Asker(narrowed=scope.narrowed, serves=serves_customers(connection, scope=scope))
    today = local_date(ground.clock.now_ms(), zone)
    request = model.fill(text, index, asker, today=today)
    return reply if request is None else of_all_seen(Understood(request, filled=True), asker)


def _body(model: str, question: str, today: date) -> bytes:
    messages = [
        {"role": "system", "content": _TOLD + _forms(today)},
        {"role": "user", "content": question},
    ]
    told = {"model": model, "messages": messages, "temperature": 0, "max_tokens": _MOST_TOKENS}
    return json.dumps(told, ensure_ascii=False).encode()


def _forms(today: date) -> str:
    """Describe the reports: all that a model is told of a hub."""
    words = PageWords()
    lines = [f"Today is {today}. Periods: {', '.join(PERIODS)}, or from and to as dates. Reports:"]
    return "\n".join([*lines, *(_described(REPORTS[name], words) for name in DEFINITIONS)])


def _described(form: ReportForm, words: PageWords) -> str:
    parts = [f"{form.name} ({words.named('report_name', form.name)})"]
    parts.append(f"filters {', '.join(sorted(form.filters))}")
    parts += [f"status {', '.join(form.statuses)}"] if form.statuses else []
    parts += [f"group_by {', '.join(sorted(form.groups))}"] if form.groups else []
    parts += [f"sort {', '.join(sorted(form.sorts))}"] if form.sorts else []
    return "; ".join(parts)


def _read_form(
    form: Mapping[str, Any], question: str, index: NameIndex, *, asker: Asker, today: date
) -> ReportRequest | None:
    """Read what a model wrote as a request; raises as whatever does not fit does."""
    if not isinstance(form, dict) or form.get("report") not in DEFINITIONS or form.keys() - _SHAPE:
        return None
    filters = form.get("filters") or {}
    if not isinstance(filters, dict) or (asker.narrowed and "rep" in filters):
        return None
    fields: dict[str, str] = {}
    for name, value in filters.items():
        if name in ENTITIES:
            entry = _named(name, str(value), question=question, index=index)
            if entry is None:
                return None
            fields |= {name: entry.name, f"{name}.key": entry.key}
        else:
            fields[name] = "yes" if value is True else _word(value)
    shape = {name: form[name] for name in _SHAPE - {"report", "filters"} if form.get(name)}
    fields |= {name: _word(value) for name, value in shape.items()}
    return read_whole_request(str(form["report"]), fields, today)


def _word(value: object) -> str:
    if not isinstance(value, str | int):
        raise TypeError(type(value).__name__)
    return str(value)


def _named(kind: str, text: str, *, question: str, index: NameIndex) -> Entry | None:
    """Find the one record of a kind that words of the question name, among those that are seen."""
    words, said = read_words(text), {word.fold for word in read_words(question)}
    if not words or not all(word.fold in said for word in words):
        return None
    found = [one for one in index.find_exact(words) if one.kind == kind]
    return found[0] if len(found) == 1 else None
