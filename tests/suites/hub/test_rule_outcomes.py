"""Outcomes of rules on quantities, floors, credit and allocation reach stock and answer alike."""

import tempfile
from pathlib import Path

from hub.services.packs.ports import PackedPack
from rules import load_pack
from rules.language import read_pack
from tests.builders.market import PACK_FILES, Market

RULES = """
quantities:
  - {id: CASES, when: {sku: TEA}, in: CASE, multiple: 1, then: round_up}
floors:
  - {id: LEAST, when: {sku: SOAP}, rates: {SOAP: 11.00}}
allocation:
  - {id: WHOLE, when: {sku: HONEY}, pick: fefo, ship: all_or_nothing}
"""


def _stricter(market: Market) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, written in PACK_FILES.items():
            (Path(folder) / name).write_text(written.replace("version: 1", "version: 2"))
        (Path(folder) / "stricter.yaml").write_text(RULES)
        body = read_pack(Path(folder))
    market.publish(PackedPack(body, load_pack(body)))


def test_a_rounded_order_is_confirmed_as_changed_and_reserves_what_is_sent(market: Market) -> None:
    _stricter(market)

    answer = market.place(("TEA", 5))

    assert answer.status == "confirmed_changed"
    assert [reason.code for reason in answer.reasons] == ["quantity_rounded"]
    assert (answer.lines[0].ordered, answer.lines[0].qty) == (5, 12)
    assert market.rows("SELECT sum(reserved) FROM batch") == [(12,)]


def test_a_rounded_order_is_a_change_also_where_the_terminal_quoted_it(market: Market) -> None:
    _stricter(market)
    quote = market.quote(("TEA", 5))

    answer = market.place(("TEA", 5), quote=quote)

    assert answer.status == "confirmed_changed"
    assert [reason.code for reason in answer.reasons] == ["quantity_rounded"]


def test_an_order_below_a_floor_is_held_and_reserves_nothing(market: Market) -> None:
    _stricter(market)

    answer = market.place(("SOAP", 5))

    assert (answer.status, [reason.code for reason in answer.reasons]) == ("held", ["below_floor"])
    assert market.rows("SELECT sum(reserved) FROM batch") == [(0,)]


def test_an_order_that_ships_whole_is_rejected_and_reserves_nothing(market: Market) -> None:
    _stricter(market)

    answer = market.place(("HONEY", 51), ("TEA", 12))

    assert answer.status == "rejected"
    assert [reason.code for reason in answer.reasons] == ["short_stock", "order_incomplete"]
    assert market.rows("SELECT sum(reserved) FROM batch") == [(0,)]


def test_what_these_rules_decide_recomputes_in_the_audit(market: Market) -> None:
    _stricter(market)
    market.place(("TEA", 5), ("RICE", 3))
    market.place(("TEA", 99))
    market.place(("SOAP", 5))
    market.place(("HONEY", 51))

    report = market.hub.audit()

    assert report.is_clean
