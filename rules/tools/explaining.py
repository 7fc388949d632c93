"""One decision told to people, in 80 columns: the lines, what applied, what did not and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from rules.engine.packs import load_pack
from rules.engine.result import Reason, Result
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.tools.documents import Question
from rules.tools.why_not import why_not
from rules.values.decimals import shown, shown_unit_price

_WIDTH: Final = 80
_AMOUNT: Final = 12
_NAME: Final = 21
_OUTCOMES: Final = {"accept": "accepted", "hold": "held", "reject": "refused"}
_TOTALS: Final = {
    "gross": "Gross",
    "discount": "Discount",
    "net": "Net",
    "tax": "Tax",
    "round_off": "Round-off",
    "payable": "To pay",
}
_STEPS: Final = {
    "price": "price",
    "line_schemes": "scheme",
    "basket_schemes": "scheme",
    "order_schemes": "scheme",
    "spread": "share",
    "free_goods": "free",
    "coupons": "coupon",
    "tax": "tax",
    "round_off": "rounding",
    "allocation": "stock",
}
"""What the steps of the decision are called here, where they are called otherwise there."""

_APART: Final = frozenset({"credit", "approvals"})
"""Stages that are told as what stands against the order, not as its steps."""


def explained(asked: Question, packed: bytes) -> Iterator[str]:
    """Decide an order and tell of it, a line at a time."""
    pack = load_pack(packed)
    result = evaluate(asked.order, asked.facts, asked.counters, pack)
    order = asked.order
    yield f"Order {order.id} of {order.customer} on {order.business_date}, by {order.payment}"
    yield f"is {_OUTCOMES[result.outcome]} by the rules of {pack.name} {pack.version}."
    yield ""
    answers = why_not(asked, result, pack, texts=_conditions(packed))
    # What gave nothing is told once, below.
    idle = {answer.rule for answer in answers}
    steps = [step for step in result.trace if step.stage not in _APART and step.rule not in idle]
    yield from _lines(asked, result, steps, scale=pack.scale)
    yield from _told(steps, line=None)
    yield from _totals(result, pack)
    yield from _section("What stands against it", _against(result))
    yield from _section("Terms of the approvals", _terms(result))
    near = [(miss.rule, miss.text) for miss in result.near_misses]
    yield from _section("Nearly earned", near)
    rows = [(answer.rule, answer.text) for answer in answers]
    yield from _section("Not given, and why", [row for row in rows if row not in near])


def _conditions(packed: bytes) -> dict[str, str]:
    """Find the `if:` of every scheme as it was written."""
    schemes = json.loads(packed)["schemes"]
    return {scheme["id"]: scheme["if_text"] for scheme in schemes if "if_text" in scheme}


def _lines(
    asked: Question, result: Result, steps: Sequence[Reason], *, scale: int
) -> Iterator[str]:
    names = {sku: product.name for sku, product in asked.facts.products.items()}
    yield _row("Line", "Product", "Sold", "Each", "Gross", "Off", "Net")
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
        yield from _told(steps, line=line.number)
    for goods in result.free:
        yield _row("free", names.get(goods.sku, goods.sku), str(goods.quantity))
    yield "-" * _WIDTH


def _row(number: str, name: str, *columns: str) -> str:
    cut = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    widths = (6, 9, 11, 10, 12)
    numbers = "".join(f" {text:>{width}}" for text, width in zip(columns, widths, strict=False))
    return f"{number:>4}  {cut:<{_NAME}}{numbers}"


def _told(steps: Sequence[Reason], *, line: int | None) -> Iterator[str]:
    """Tell the steps about one line, or about the order as a whole."""
    for step in steps:
        if step.line == line:
            label = f"      {_STEPS.get(step.stage, step.stage):<10}"
            yield from wrap(
                step.text, _WIDTH, initial_indent=label, subsequent_indent=" " * len(label)
            )


def _totals(result: Result, pack: CompiledPack) -> Iterator[str]:
    for name, title in _TOTALS.items():
        amount = shown(getattr(result.totals, name), pack.scale)
        title = f"{title} {pack.currency}" if name == "payable" else title  # noqa: PLW2901
        yield f"{title:>{_WIDTH - _AMOUNT - 1}} {amount:>{_AMOUNT}}"


def _against(result: Result) -> Iterator[tuple[str, str]]:
    for reason in result.reasons:
        roles = [need.who for need in result.approvals if need.code == reason.code]
        may = f" ({_and(roles)} may release it)" if roles else ""
        yield reason.rule or reason.code, f"{reason.text}{may}"


def _terms(result: Result) -> Iterator[tuple[str, str]]:
    """Tell of approvals that say more than who: by when, what follows, what may be offered."""
    more = {
        need.rule
        for need in result.approvals
        if need.within_min is not None or need.escalations or need.offer is not None
    }
    for step in result.trace:
        if step.code == "approval_named" and step.rule in more:
            yield step.rule, step.text


def _and(words: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(words))


def _section(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    rows = list(dict.fromkeys(rows))
    if not rows:
        return
    yield ""
    yield title
    width = max(len(rule) for rule, _ in rows)
    for rule, text in rows:
        first, *rest = wrap(text, _WIDTH - width - 4) or [""]
        yield f"  {rule:<{width}}  {first}"
        for more in rest:
            yield " " * (width + 4) + more
