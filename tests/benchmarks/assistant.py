"""How well questions in words are understood, and how long one takes.

The names of the right answers stand among 120,000 products, 20,000 customers and 3,000 areas of our
making; the answers themselves are read for scoring alone.
Run it with: ./orderwire bench assistant FILE --json
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from hub.desk.assistant.model.names import Entry, NameIndex, folded
from hub.desk.assistant.model.reading import read_question
from hub.desk.assistant.model.replies import Asker, as_mapping
from hub.desk.assistant.reads.words import whole_lexicon
from hub.desk.reports.model.forms import ENTITIES

TODAY: Final = date(2026, 11, 21)
_COUNTS: Final = {
    "product": 120_000,
    "customer": 20_000,
    "area": 3_000,
    "brand": 400,
    "category": 80,
    "rep": 300,
    "beat": 900,
    "warehouse": 40,
    "scheme": 200,
}
_STARTS: Final = [
    "Bal",
    "Kar",
    "Mal",
    "Ven",
    "Tal",
    "Dev",
    "Ram",
    "Sur",
    "Nar",
    "Pad",
    "Vik",
    "Jag",
    "Har",
    "Gop",
    "Chan",
    "Mor",
    "Bij",
    "Dul",
    "Kot",
    "Rav",
]
_ENDS: Final = [
    "gaon",
    "pura",
    "nagari",
    "kota",
    "vadi",
    "halli",
    "palli",
    "garhi",
    "dera",
    "tola",
    "khera",
    "bagh",
    "ghat",
]
_TRADES: Final = [
    "Enterprises",
    "Agencies",
    "Provisions",
    "Trading",
    "Departmental",
    "Superette",
    "Emporium",
    "Bhandar",
]
_GOODS: Final = [
    "Cream",
    "Biscuit",
    "Namkeen",
    "Juice",
    "Powder",
    "Soap",
    "Sauce",
    "Pickle",
    "Papad",
    "Rusk",
    "Cookies",
    "Masala",
]


def main() -> None:
    """Ask all questions and print how many were understood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="questions with their right answers")
    parser.add_argument("--json", action="store_true", help="print one line of JSON at the end")
    parser.add_argument("--answers", type=Path, help="write each answer to this file")
    parser.add_argument("--misses", action="store_true", help="print what was not exact")
    arguments = parser.parse_args()
    questions = json.loads(arguments.file.read_text(encoding="utf-8"))
    index = NameIndex(make_masters(questions))
    answers = [_ask(one, index) for one in questions]
    figures = _score(questions, answers)
    if arguments.answers:
        text = json.dumps([one for one, _ in answers], ensure_ascii=False, indent=1)
        arguments.answers.write_text(text + "\n", encoding="utf-8")
    if arguments.misses:
        _print_misses(questions, answers)
    print(json.dumps(figures) if arguments.json else json.dumps(figures, indent=2))


def make_masters(questions: Iterable[Mapping[str, Any]], seed: int = 20) -> Sequence[Entry]:
    """Make the masters: the names of the answers among others that nobody asks for."""
    draw = random.Random(seed)
    named = {
        (kind, value)
        for one in questions
        for kind, value in one["gold"]["filters"].items()
        if kind in ENTITIES
    }
    known = {folded(name) for _, name in named}
    made = [Entry(kind, name) for kind, name in sorted(named)]
    for kind, count in _COUNTS.items():
        for number in range(count):
            name = _made_name(kind, number, draw)
            if folded(name) not in known:
                made.append(Entry(kind, name, f"{kind}-{number}"))
    return made


def _made_name(kind: str, number: int, draw: random.Random) -> str:
    place = f"{draw.choice(_STARTS)}{draw.choice('aeiou')}{draw.choice(_ENDS)}"
    if kind == "product":
        return f"{place} {draw.choice(_GOODS)} {number % 997 + 3}g"
    if kind == "customer":
        return f"{place} {draw.choice(_TRADES)} {number % 97 + 1}"
    return place if kind == "area" else f"{place} {draw.choice(_STARTS)}{number}"


def _ask(question: Mapping[str, Any], index: NameIndex) -> tuple[dict[str, Any], float]:
    lexicon, start = whole_lexicon(), time.perf_counter()
    reply = read_question(
        question["question"],
        Asker(narrowed=question["role"] == "field_rep"),
        index,
        lexicon=lexicon,
        today=TODAY,
    )
    took = (time.perf_counter() - start) * 1000
    return {"id": question["id"], **as_mapping(reply)}, took


def _same(answer: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    return answer["report"] == gold["report"] and _plain(answer) == _plain(gold)


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in answer["filters"].items():
        if name == "period":
            plain[name] = (value["from"], value["to"])
        else:
            plain[name] = value.lower() if isinstance(value, str) else value
    return plain


def _score(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[tuple[dict[str, Any], float]]
) -> dict[str, Any]:
    kinds: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for question, (answer, _) in zip(questions, answers, strict=True):
        gold = question["gold"]
        shown = answer["report"] not in {"refuse", "clarify"}
        exact = _same(answer, gold)
        word = "exact" if exact else "wrong" if shown else "missed"
        shaped = exact and all(answer[one] == gold[one] for one in ("group_by", "sort", "limit"))
        forbidden = shown and question["kind"] == "forbidden"
        kinds.setdefault(question["kind"], Counter())[word] += 1
        total.update([word, *(["shaped"] if shaped else []), *(["forbidden"] if forbidden else [])])
    times = sorted(took for _, took in answers)
    return {
        "questions": len(questions),
        "exact": total["exact"],
        "exact_with_shape": total["shaped"],
        "wrong": total["wrong"],
        "missed": total["missed"],
        "forbidden_answered": total["forbidden"],
        "by_kind": {kind: dict(count) for kind, count in sorted(kinds.items())},
        "ms_p50": round(times[len(times) // 2], 2),
        "ms_p99": round(times[min(len(times) - 1, len(times) * 99 // 100)], 2),
    }


def _print_misses(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[tuple[dict[str, Any], float]]
) -> None:
    for question, (answer, _) in zip(questions, answers, strict=True):
        gold = question["gold"]
        if not _same(answer, gold):
            got = (answer["report"], _plain(answer))
            print(
                question["id"],
                question["question"],
                "|",
                got,
                "| right:",
                (gold["report"], _plain(gold)),
            )


if __name__ == "__main__":
    main()
