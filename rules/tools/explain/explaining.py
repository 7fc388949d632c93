"""One decision told to people, in 80 columns: the lines, what applied, what did not and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from rules.engine.packs import load_pack
from rules.engine.result import Reason, Result
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.tools.explain.why_not import WhyNot, why_not
from rules.tools.schema.documents import Question
from rules.values.decimals import shown, shown_unit_price
from rules.values.reasons import Phrase, register
from rules.words.columns import padded, width
from rules.words.sentences import Words

_WIDTH: Final = 80
_AMOUNT: Final = 12
_NAME: Final = 21
_LABEL: Final = 10
_COLUMNS: Final = ("sold", "each", "gross", "off", "net")
_WIDTHS: Final = (6, 9, 11, 10, 12)
_TOTALS: Final = ("gross", "discount", "net", "tax", "round_off")

_APART: Final = frozenset({"credit", "approvals"})
"""Stages that are told as what stands against the order, not as its steps."""

register(
    Phrase(
        "explain.order", {"order": "code", "customer": "code", "day": "day", "payment": "payment"}
    ),
    Phrase("explain.outcome", {"outcome": "outcome", "pack": "code", "version": "count"}),
    Phrase("explain.line"),
    Phrase("explain.product"),
    Phrase("explain.sold"),
    Phrase("explain.each"),
    Phrase("explain.gross"),
    Phrase("explain.off"),
    Phrase("explain.net"),
    Phrase("explain.free"),
    Phrase("explain.total_gross"),
    Phrase("explain.total_discount"),
    Phrase("explain.total_net"),
    Phrase("explain.total_tax"),
    Phrase("explain.total_round_off"),
    Phrase("explain.total_payable", {"currency": "code"}),
    Phrase("explain.against"),
    Phrase("explain.terms"),
    Phrase("explain.near"),
    Phrase("explain.not_given"),
    Phrase("explain.may_release", {"who": "clauses"}),
    Phrase("explain.who", {"who": "steps"}),
    Phrase("explain.step", {"stage": "stage"}),
    Phrase("explain.to_pay", {"outcome": "outcome", "amount": "code", "currency": "code"}),
    Phrase("explain.to_credit", {"outcome": "outcome", "amount": "code", "currency": "code"}),
)


class _Told(NamedTuple):
    """A decision with what it was asked of and the words it is told in."""

    asked: Question
    result: Result
    pack: CompiledPack
    words: Words


def explained(
    asked: Question, packed: bytes, *, pack: CompiledPack | None = None, language: str = "en"
) -> Iterator[str]:
    """Decide an order and tell of it in a language, a line at a time.

    `pack` is what the packed bytes make, where the prices of a case stand in for its lists.
    """
    pack = pack or load_pack(packed)
    result = evaluate(asked.order, asked.facts, asked.counters, pack)
    words = Words.of(language, scale=pack.scale, names=pack.names(language))
    told = _Told(asked, result, pack, words)
    yield from _head(told)
    answers = why_not(asked, result, pack, texts=_conditions(packed))
    # What gave nothing is told once, below.
    idle = {answer.rule for answer in answers}
    steps = [step for step in result.trace if step.stage not in _APART and step.rule not in idle]
    yield from _lines(told, steps)
    yield from _steps(told, steps, line=None)
    yield from _totals(told)
    yield from _section(words.phrase("explain.against"), _against(told))
    yield from _section(words.phrase("explain.terms"), _terms(told))
    near = [(miss.rule, words.sentence(miss)) for miss in result.near_misses]
    yield from _section(words.phrase("explain.near"), near)
    rows = [(answer.rule, _why(told, answer)) for answer in answers]
    not_given = words.phrase("explain.not_given")
    yield from _section(not_given, [row for row in rows if row not in near])


def _conditions(packed: bytes) -> dict[str, str]:
    """Find the `if:` of every scheme as it was written."""
    schemes = json.loads(packed)["schemes"]
    return {scheme["id"]: scheme["if_text"] for scheme in schemes if "if_text" in scheme}


def _head(told: _Told) -> Iterator[str]:
    order, pack, words = told.asked.order, told.pack, told.words
    yield words.phrase(
        "explain.order",
        order=order.id,
        customer=order.customer,
        day=order.business_date.isoformat(),
        payment=order.payment,
    )
    yield words.phrase(
        "explain.outcome", outcome=told.result.outcome, pack=pack.name, version=pack.version
    )
    yield ""


def _lines(told: _Told, steps: Sequence[Reason]) -> Iterator[str]:
    result, words, scale = told.result, told.words, told.pack.scale
    names = {sku: product.name for sku, product in told.asked.facts.products.items()}
    titles = [words.phrase(f"explain.{name}") for name in ("line", "product", *_COLUMNS)]
    yield _row(*titles)
    yield "-" * _WIDTH
    for line in result.lines:
        off = line.line_discount + line.order_discount
        yield _row(
            str(line.number),
            names.get(line.sku, line.sku),
            str(line.quantity),
            "-" if line.unit_price is None else shown_unit_price(line.unit_price),
            *(shown(amount, scale) for amount in (line.gross, off, line.net)),
        )
        yield from _steps(told, steps, line=line.number)
    for goods in result.free:
        free = words.phrase("explain.free")
        yield _row(free, names.get(goods.sku, goods.sku), str(goods.quantity))
    yield "-" * _WIDTH


def _row(number: str, name: str, *columns: str) -> str:
    cut = name if width(name) <= _NAME else f"{name[: _NAME - 1]}…"
    numbers = "".join(
        f" {padded(text, size, right=True)}" for text, size in zip(columns, _WIDTHS, strict=False)
    )
    return f"{padded(number, 4, right=True)}  {padded(cut, _NAME)}{numbers}"


def _steps(told: _Told, steps: Sequence[Reason], *, line: int | None) -> Iterator[str]:
    """Tell the steps about one line, or about the order as a whole."""
    for step in steps:
        if step.line == line:
            label = f"      {padded(told.words.phrase('explain.step', stage=step.stage), _LABEL)}"
            indent = " " * width(label)
            text = told.words.sentence(step)
            first, *rest = wrap(text, _WIDTH - width(label)) or [""]
            yield f"{label}{first}"
            yield from (f"{indent}{more}" for more in rest)


def _totals(told: _Told) -> Iterator[str]:
    totals, words, pack = told.result.totals, told.words, told.pack
    titles = [(name, words.phrase(f"explain.total_{name}")) for name in _TOTALS]
    payable = words.phrase("explain.total_payable", currency=pack.currency)
    for name, title in (*titles, ("payable", payable)):
        amount = shown(getattr(totals, name), pack.scale)
        yield f"{padded(title, _WIDTH - _AMOUNT - 1, right=True)} {amount:>{_AMOUNT}}"


def _against(told: _Told) -> Iterator[tuple[str, str]]:
    result, words = told.result, told.words
    for reason in result.reasons:
        steps = [need.steps for need in result.approvals if need.code == reason.code]
        may = ""
        if steps:
            who = [["explain.who", {"who": [list(step) for step in one]}] for one in steps]
            may = f" {words.phrase('explain.may_release', who=_without_repeats(who))}"
        yield reason.rule or reason.code, f"{words.sentence(reason)}{may}"


def _without_repeats(phrases: Sequence[object]) -> list[object]:
    return [one for place, one in enumerate(phrases) if one not in phrases[:place]]


def _terms(told: _Told) -> Iterator[tuple[str, str]]:
    """Tell of approvals that say more than who: by when, what follows, what may be offered."""
    more = {
        need.rule
        for need in told.result.approvals
        if need.within_min is not None or need.escalations or need.offer is not None
    }
    for step in told.result.trace:
        if step.code == "approval_named" and step.rule in more:
            yield step.rule, told.words.sentence(step)


def _why(told: _Told, answer: WhyNot) -> str:
    """Tell why a scheme gave nothing; its own name stands before it already."""
    texts = dict.fromkeys(told.words.sentence(reason) for reason in answer.reasons)
    name = told.words.names.get(answer.rule, answer.rule)
    return "; ".join(text.removeprefix(name).lstrip(" :") for text in texts)


def _section(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(dict.fromkeys(rows))
    if not rows:
        return
    yield ""
    yield title
    widest = max(len(rule) for rule, _ in rows)
    for rule, text in rows:
        first, *rest = wrap(text, _WIDTH - widest - 4) or [""]
        yield f"  {rule:<{widest}}  {first}"
        for more in rest:
            yield " " * (widest + 4) + more
