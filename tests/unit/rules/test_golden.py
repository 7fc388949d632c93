"""Decisions and packed bytes against golden files: a change of either is seen in review.

To renew a golden file, delete it and run this test: it writes the file and fails once.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rules import LANGUAGES, Result, Words, load_pack
from rules.language import read_pack
from rules.tools.cases.running import run_case
from tests.unit.rules.making import read_text, roles_of

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "rules"


def _kept(name: str, text: str) -> str:
    path = GOLDEN / name
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{name} was not there and has been written: look at it")
    return path.read_text(encoding="utf-8")


def _told(name: str, result: Result) -> Iterator[str]:
    yield f"== {name}: {result.outcome}"
    for line in result.lines:
        amounts = f"{line.gross} - {line.line_discount} - {line.order_discount} = {line.net}"
        yield f"{line.number} {line.sku} {line.quantity} of {line.ordered}: {amounts}, {line.total}"
    for goods in result.free:
        yield f"free {goods.number} {goods.sku} {goods.quantity} of {goods.earned}: {goods.rule}"
    yield f"totals {result.totals}"
    for part in result.allocations:
        yield f"batch {part.warehouse} {part.batch} {part.quantity} {part.sku} for {part.number}"
    for reason in result.trace:
        params = json.dumps(reason.params)
        yield f"{reason.stage} {reason.code} [{reason.rule}] {reason.line}: {params}"
    for miss in result.near_misses:
        yield f"near {miss.code} [{miss.rule}] {miss.line}: {json.dumps(miss.params)}"
    for need in result.approvals:
        yield f"approval {need.rule} {roles_of(need)} {need.code} {need.amount}"
    yield f"price  {result.price_hash}"
    yield f"result {result.result_hash}\n"


SHIPPED = ("fmcg", "giftware", "inclusive", "prices", "schemes", "settlement")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_trace_as_json_is_every_step_in_order(name: str) -> None:
    pack = load_pack(read_pack(ROOT / "rules" / "packs" / name))

    for case in pack.cases:
        kept = run_case(case, pack).trace_as_json(msgspec.json.encode)
        assert kept == msgspec.json.encode(run_case(case, pack).trace), case["name"]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_cases_of_a_shipped_pack_are_decided_as_in_the_golden_file(name: str) -> None:
    pack = load_pack(read_pack(ROOT / "rules" / "packs" / name))

    told = "\n".join(
        line for case in pack.cases for line in _told(case["name"], run_case(case, pack))
    )

    assert told == _kept(f"{name}.txt", told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["fmcg", "giftware", "inclusive", "prices", "schemes", "settlement"]
)
def test_the_words_of_those_cases_are_as_in_the_golden_file(name: str, language: str) -> None:
    pack = load_pack(read_pack(ROOT / "rules" / "packs" / name))
    results = [run_case(case, pack) for case in pack.cases]
    words = Words.of(language, scale=pack.scale)

    told = {
        f"{reason.code}: {words.sentence(reason)}" for result in results for reason in result.trace
    }
    told |= {f"{miss.code}: {words.sentence(miss)}" for one in results for miss in one.near_misses}

    text = "\n".join(sorted(told)) + "\n"
    assert text == _kept(f"{name}.{language}.txt", text)


EVERYTHING = """
pack:
  {name: every, version: 3, currency: JPY, scale: 0, timezone: Asia/Tokyo, tax: inclusive,
   round_to: 10, warehouses: [W2, W1], allow_lifo: true, above_mrp: reject,
   expires_today: keep, returns: {free_goods: charge, discounts: keep}}
prices:
  - {id: P1, level: default, rates: {A: 10.5}}
  - id: P2
    level: customer
    when: {customer: [C1, C2], sku: A, not: {payment: cash}}
    valid: {from: 2026-01-01, to: 2026-12-31}
    priority: 7
    adjust: {percent: -2.5}
  - {id: P3, level: default, per: CASE, rates: {A: 120}}
  - {id: P4, level: default, when: {sku: B}, mrp: {percent: -20}}
  - {id: P5, level: geography, when: {geo: JP}, margin: {amount: 1}, adjust: {amount: -0.5}}
floors:
  - {id: F1, percent: 80}
  - {id: F2, when: {sku: A}, rates: {A: 9.5}}
  - {id: F3, when: {sku: B}, cost: {percent: 103}}
quantities: [{id: N, when: {sku: A}, in: CASE, min: 2, multiple: 1, then: round_up}]
schemes:
  - id: S1
    when: {category: a/b, brand: X}
    if: line.quantity > 3 and order.payment in ['cash', 'advance']
    count: {over: line, of: qty, in: CASE}
    slabs: [{from: 1, percent: 1}, {from: 2, amount: 5, cap: 4}]
    group: G
    limit: {total: 5, per_customer: {uses: 2, qty: 9, amount: 80, each: week}}
    budget: {amount: 1000}
    max_discount: {line: 90, order: 95}
    when_short: none
  - {id: S2, stage: order, slabs: [{from: 100, percent: 1}]}
  - {id: S5, count: {over: period, each: month, of: gross}, slabs: [{from: 9, amount: 1}]}
  - {id: S3, count: {over: basket}, free: {every: 10, give: 1, item: B, max: 5}}
  - {id: S6, free: {tiers: [{from: 5, every: 5, give: 1}, {from: 9, every: 3, give: 1}], to: 30,
     item: same}}
  - {id: S7, free: {from: 5, every: 5, give: 1, item: same}}
  - id: S4
    when: {coupon: Diwali}
    free: {every: 10, give: 1, item: {choice: [B, C], pick: dearest}}
    funder: ACME
taxes: [{id: T, when: {tax_class: x}, heads: {ONE: 4, TWO: 6, UNIT: {amount: 2.5}}}]
limits:
  - {id: L1, limit: cash_only}
  - {id: L2, when: {customer.type: kiosk}, limit: 70}
gates: [{id: G1, when: {customer.type: van}, order: false, invoice: true}]
credit:
  - {id: E, at: delivery, limit: {open_orders: 50}, then: stop}
  - id: C
    text: too much
    if: customer.limit * 2 - order.payable < -5
    then: approve
    route: Q
  - id: D
    overdue: {limit: 9, grace_days: 2}
    at_least: {order.payable: 3}
    if: order.lines > 1
    then: allow_if
    require: [advance]
    route: [R, Q]
approvals: [{id: Q, on: cash_only, levels: [
    {role: clerk, up_to: 5, within: 4h, otherwise: next},
    {any_of: [head, boss], up_to: 9}, {in_order: [head, boss], within: 2d, otherwise: reject}]},
  {id: R, on: cash_only, when: {customer.type: kiosk}, if: order.lines > 2,
    never: [requester, salesperson], counter: {quantities: lower, payment: advance},
    levels: [{role: a, delegate: false, escalate: [{after: 1h, notify: b},
      {after: 2h, reassign: [c, d]}, {after: 1d, expire: true}]}]}]
allocation:
  - {id: L, pick: lifo, min_life_days: 3, split: false, short: backorder, wait_days: 9}
  - {id: M, when: {sku: A}, pick: fefo, min_life_percent: 50, ship: all_or_nothing,
     warehouses: [W3, W1]}
  - {id: N2, when: {sku: B}, pick: fefo, warehouses: biggest_first, manual: allow}
  - {id: N3, when: {sku: C}, pick: fefo, warehouses: nearest, manual: refuse}
case_products:
  A:
    {name: Tea, category: a/b, brand: X, tax_class: x, pack_sizes: {CASE: 12}, mrp: 15, cost: 8}
tests:
  - name: one
    on: 2026-02-03
    payment: cash
    gate: delivery
    customer: {id: C1, type: kiosk, geo: JP/13, age_days: 9}
    prices: {A: 5}
    credit: {state: amount, limit: 100, exposure: -5}
    batches: [{id: B1, sku: A, available: 5, expiry: 2027-01-01, mrp: 14}]
    used: {S1: 5}
    returned: {A: 1}
    had: {S5: {bought: 7}, S1: {uses: 1, qty: 2, amount: 3}}
    coupons: Diwali
    choices: {S4: B}
    distances: {W1: 7}
    lines: [{sku: A, qty: 12, unit: CASE, batch: B1, batch_reason: asked for}]
    expect: {payable: 10, free: {}, applied: [P1], reasons: [], credit: 1, take_back: {A: 0}}
"""


def test_the_packed_format_is_as_in_the_golden_file() -> None:
    packed = json.loads(read_text(EVERYTHING))

    packed["sources"] = sorted(packed["sources"])
    text = json.dumps(packed, indent=1, sort_keys=True) + "\n"

    assert text == _kept("format.json", text)


def test_the_golden_pack_loads() -> None:
    packed = json.loads((GOLDEN / "format.json").read_text())

    pack = load_pack(json.dumps({**packed, "sources": {}}).encode())

    assert (pack.name, pack.version, pack.warehouses) == ("every", 3, ("W2", "W1"))
