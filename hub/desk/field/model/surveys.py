"""Surveys: a few questions to outlets, as somebody types them, and whether answers fit them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from hub.base.fields import Reason, Refused, refused
from hub.desk.parties.model.cells import CellError, read_day

QuestionKind = Literal["choice", "number", "text"]
QUESTION_KINDS: Final[tuple[QuestionKind, ...]] = get_args(QuestionKind)
MOST_QUESTIONS: Final = 12
MOST_CHOICES: Final = 12
_LONGEST: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_PARTS: Final = 4
_TEXTS: Final = (
    *("code", "title", "title_hi", "from_day", "until_day", "geo", "type", "beat", "seller"),
    "questions",
)


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both languages."""

    en: str
    hi: str

    def words(self, language: str) -> str:
        """Give the text in a language; without one in Hindi, the English one."""
        return self.hi if language == "hi" and self.hi else self.en


@dataclass(frozen=True, slots=True)
class Question:
    """A question: `q1` is the first; a choice has `a`, `b`... A text alone may be left out."""

    code: str
    kind: QuestionKind
    text: Said
    choices: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyFields:
    """A survey as somebody wants it: its questions, and of which outlets it is asked when.

    `geo` is a region such as `IN/KA`, `type` a type of customers, `beat` a beat's code; what is
    empty leaves nobody out. `seller` is the code of whose survey it is, empty as for a beat.
    """

    code: str
    title: Said
    questions: tuple[Question, ...]
    from_day: date
    until_day: date | None = None
    geo: str = ""
    type: str = ""
    beat: str = ""
    seller: str = ""


def read_questions(typed: str) -> tuple[Question, ...] | Refused:
    """Read questions, one on each line: kind, English, Hindi, and the answers of a choice.

    `choice | Is the shelf full? | क्या शेल्फ़ भरी है? | Yes=हाँ; No=नहीं`
    """
    found: list[Question] = []
    for line in typed.splitlines():
        if not line.strip():
            continue
        question = _read_question(line, number=len(found) + 1)
        if question is None or len(found) == MOST_QUESTIONS:
            return refused("survey_question", field="questions", line=len(found) + 1)
        found.append(question)
    if not found:
        return refused("survey_question", field="questions", line=1)
    return tuple(found)


def _read_question(line: str, *, number: int) -> Question | None:
    kind, english, hindi, answers = ([part.strip() for part in line.split("|")] + [""] * _PARTS)[
        :_PARTS
    ]
    if kind not in QUESTION_KINDS or not english or max(len(english), len(hindi)) > _LONGEST:
        return None
    choices = tuple(_read_choices(answers))
    texts = [said.en for _, said in choices]
    fits = 1 < len(choices) <= MOST_CHOICES if kind == "choice" else not choices
    if not fits or not all(texts) or len(set(texts)) < len(texts):
        return None
    return Question(f"q{number}", kind, Said(english, hindi), choices)


def _read_choices(typed: str) -> Iterator[tuple[str, Said]]:
    for number, one in enumerate(filter(str.strip, typed.split(";"))):
        english, _, hindi = one.partition("=")
        yield chr(ord("a") + number), Said(english.strip()[:_LONGEST], hindi.strip()[:_LONGEST])


def write_questions(questions: Sequence[Question]) -> str:
    """Write questions as they are typed."""
    return "\n".join(
        " | ".join(
            filter(
                None,
                (
                    *(one.kind, one.text.en, one.text.hi),
                    "; ".join(f"{said.en}={said.hi}".rstrip("=") for _, said in one.choices),
                ),
            )
        )
        for one in questions
    )


def fault_of(fields: SurveyFields) -> Refused | None:
    """Say what is wrong with a survey; None where nothing is."""
    if not _CODE.fullmatch(fields.code):
        return refused("survey_code", field="code", code=fields.code[:32])
    if not fields.title.en or max(len(fields.title.en), len(fields.title.hi)) > _LONGEST:
        return refused("survey_title", field="title", most=_LONGEST)
    if fields.until_day is not None and fields.until_day < fields.from_day:
        return refused("survey_days", field="until_day")
    return None


def check_answers(questions: Sequence[Question], answers: Mapping[str, str]) -> Reason | None:
    """Say which answer does not fit its question, or is missing; None where all fit."""
    known = {one.code for one in questions}
    for code in answers:
        if code not in known:
            return Reason("survey_answer", {"question": code}, code)
    for one in questions:
        answer = answers.get(one.code, "")
        fits = {
            "choice": answer in {code for code, _ in one.choices},
            "number": _NUMBER.fullmatch(answer) is not None,
            "text": True,
        }[one.kind]
        if not fits:
            return Reason("survey_answer", {"question": one.text.en}, one.code)
    return None


def read_survey_fields(values: Mapping[str, str]) -> SurveyFields | Refused:
    """Read a survey from texts, as a form or a program has them; or say every fault."""
    texts = {name: values.get(name, "").strip() for name in _TEXTS}
    faults, days = [], {}
    for name in ("from_day", "until_day"):
        try:
            days[name] = read_day(texts[name]) if texts[name] or name == "from_day" else None
        except CellError as error:
            faults.append(error.reason._replace(field=name))
    questions = read_questions(texts["questions"])
    if isinstance(questions, Refused):
        faults.extend(questions.reasons)
    if faults or isinstance(questions, Refused) or days["from_day"] is None:
        return Refused(tuple(faults))
    fields = SurveyFields(
        texts["code"],
        Said(texts["title"], texts["title_hi"]),
        questions,
        days["from_day"],
        days["until_day"],
        geo=texts["geo"].strip("/"),
        type=texts["type"],
        beat=texts["beat"],
        seller=texts["seller"],
    )
    return fault_of(fields) or fields
