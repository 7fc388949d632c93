"""What a case expects beside what came out of it: every difference in words, with its place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from rules.engine.result import PricedLine, Result
from rules.values.decimals import shown, shown_unit_price

_AMOUNTS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")
_LINE_AMOUNTS: Final = ("gross", "net", "tax", "total")
_COUNTED: Final = {
    "free": "free pieces of",
    "sold": "pieces sold of",
    "picked": "pieces picked of batch",
    "take_back": "free pieces to come back of",
}
_GAVE: Final = frozenset({"priced", "scheme_applied", "free_goods_given", "taxed"})


class Difference(NamedTuple):
    """What came out otherwise, and the keys that lead to it from `expect` in the text of a case."""

    path: tuple[str, ...]
    text: str


def differences_of(expect: Mapping[str, Any], result: Result, scale: int) -> Iterator[Difference]:
    """Say where a decision is otherwise than expected."""
    if expect.get("outcome", result.outcome) != result.outcome:
        text = f"the outcome is {result.outcome}, not {expect['outcome']}"
        yield Difference(("outcome",), text)
    for name in _AMOUNTS:
        amount = getattr(result.totals, name)
        if expect.get(name, amount) != amount:
            text = f"{name} is {shown(amount, scale)}, not {shown(expect[name], scale)}"
            yield Difference((name,), text)
    for name, found in _counted(result).items():
        if name in expect:
            yield from counts_differ(name, expect[name], found)
    yield from _lines(expect.get("lines", {}), result, scale)
    yield from _named(expect, result)


def counts_differ(
    name: str, wanted: Mapping[str, int], found: Mapping[str, int]
) -> Iterator[Difference]:
    """Say of each product or batch how many there are, where that is not as expected."""
    for key in sorted({*wanted, *found}):
        count, expected = found.get(key, 0), wanted.get(key, 0)
        if count != expected:
            yield Difference((name, key), f"{_COUNTED[name]} {key} are {count}, not {expected}")


def names_differ(name: str, wanted: Iterable[str], found: Iterable[str]) -> Iterator[Difference]:
    """Say which names there are, where they are not just those expected."""
    if sorted(set(wanted)) != sorted(set(found)):
        text = f"{name.replace('_', ' ')} are {_told(found)}, not {_told(wanted)}"
        yield Difference((name,), text)


def _told(names: Iterable[str]) -> str:
    return " and ".join(sorted(set(names))) or "none"


def _counted(result: Result) -> dict[str, dict[str, int]]:
    free: dict[str, int] = {}
    sold: dict[str, int] = {}
    picked: dict[str, int] = {}
    for goods in result.free:
        free[goods.sku] = free.get(goods.sku, 0) + goods.quantity
    for line in result.lines:
        sold[line.sku] = sold.get(line.sku, 0) + line.quantity
    for part in result.allocations:
        picked[part.batch] = picked.get(part.batch, 0) + part.quantity
    return {"free": free, "sold": sold, "picked": picked}


def _lines(expect: Mapping[str, Any], result: Result, scale: int) -> Iterator[Difference]:
    lines = {str(line.number): line for line in result.lines}
    for number, wanted in expect.items():
        for name, text in _of_line(wanted, lines[number], scale):
            yield Difference(("lines", number, name), f"line {number}: {text}")


def _of_line(wanted: Mapping[str, Any], line: PricedLine, scale: int) -> Iterator[tuple[str, str]]:
    for name in _LINE_AMOUNTS:
        amount = getattr(line, name)
        if wanted.get(name, amount) != amount:
            yield name, f"{name} is {shown(amount, scale)}, not {shown(wanted[name], scale)}"
    price = line.unit_price
    if wanted.get("unit_price", price) != price:
        found = "none" if price is None else shown_unit_price(price)
        yield "unit_price", f"unit price is {found}, not {shown_unit_price(wanted['unit_price'])}"
    heads = {part.head: part.amount for part in line.taxes}
    for head, amount in wanted.get("heads", {}).items():
        if heads.get(head) != amount:
            found = shown(heads[head], scale) if head in heads else "none"
            yield "heads", f"{head} is {found}, not {shown(amount, scale)}"


def _named(expect: Mapping[str, Any], result: Result) -> Iterator[Difference]:
    applied = {reason.rule for reason in result.trace if reason.code in _GAVE}
    for name in sorted(set(expect.get("applied", ())) - applied):
        yield Difference(("applied", name), f"{name} did not apply")
    for name in sorted(set(expect.get("not_applied", ())) & applied):
        yield Difference(("not_applied", name), f"{name} applied")
    told = {reason.code for reason in result.trace}
    for code in sorted(set(expect.get("told", ())) - told):
        yield Difference(("told", code), f"{code} is not told")
    if "approvals" in expect:
        needed = [need.rule for need in result.approvals]
        yield from names_differ("approvals", expect["approvals"], needed)
    if "reasons" in expect:
        codes = [reason.code for reason in result.reasons]
        yield from names_differ("reasons", expect["reasons"], codes)
