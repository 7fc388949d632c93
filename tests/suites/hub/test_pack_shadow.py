"""A draft in shadow decides every order too, and never touches one."""

from pathlib import Path

import pytest

from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.reads import ShadowReport, read_pack_version, read_shadow
from hub.desk.rulepacks.words import why_refused
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.market import Market, packed

pytestmark = pytest.mark.one_engine

GIFT = """
schemes:
  - {id: TEA-GIFT, when: {sku: TEA}, count: {over: line, of: qty},
     free: {every: 2, give: 1, item: OIL}}
"""


def begin(market: Market, pack: PackedPack | None = None) -> int:
    """Add a draft, by default with dearer soap, and begin its shadow; gives its number."""
    added = market.packs.add(pack or packed(version=2, soap="12.00"), by="asha")
    market.packs.shadow.begin(added.version, by="asha")
    return added.version


def watch(market: Market) -> None:
    """Let the shadow see everything that waits."""
    while market.hub.watch_shadow():
        pass


def report(market: Market, number: int = 2) -> ShadowReport | None:
    """Read what came of a shadow."""
    with market.database.read() as connection:
        found = read_pack_version(connection, number, market.clock.ms)
        assert found is not None
        return read_shadow(connection, found.row.version)


def test_each_order_since_it_began_is_decided_beside_and_the_difference_is_kept(
    market: Market,
) -> None:
    market.place(("SOAP", 1))
    number = begin(market)
    market.place(("SOAP", 3))
    market.place(("TEA", 1))

    watch(market)

    found = report(market, number)
    assert found is not None
    assert (found.orders, found.changed, found.failed) == (2, 1, 0)
    assert (found.payable_before, found.payable_after) == (3_000 + 11_000, 3_600 + 11_000)
    assert [(r.rule, r.before, r.after) for r in found.rules] == [("PL-BASE", 3_000, 3_600)]
    assert [c.payable_after - c.payable_before for c in found.biggest] == [600]


def test_what_a_draft_would_hold_is_told_with_what_it_comes_to(market: Market) -> None:
    careful = (
        "credit:\n  - {id: BIG, at_least: {order.payable: 20.00}, then: approve, route: DESK}\n"
        "approvals:\n  - {id: DESK, levels: [{role: clerk}]}\n"
    )
    number = begin(market, packed(version=2, more=careful))
    market.place(("SOAP", 1))
    market.place(("SOAP", 3))

    watch(market)

    found = report(market, number)
    assert found is not None
    assert (found.held, found.held_payable) == (1, 3_000)
    assert (found.released, found.released_payable) == (0, 0)


def test_nothing_of_it_is_applied(market: Market) -> None:
    begin(market)

    answer = market.place(("SOAP", 1))
    watch(market)

    assert answer.totals is not None
    assert (answer.totals.payable, answer.pack_version) == (1_000, 1)
    assert market.rows("SELECT count(*) FROM order_revision") == [(1,)]
    assert market.broken() == set()


def test_the_result_kept_is_the_one_the_draft_gives_once_it_is_published(market: Market) -> None:
    number = begin(market)
    market.place(("TEA", 5), ("SOAP", 2))
    watch(market)
    market.packs.publish(number, by="vikram")

    again = market.place(("TEA", 5), ("SOAP", 2))

    assert again.totals is not None
    assert market.rows("SELECT payable, outcome FROM shadow_decision") == [
        (again.totals.payable, "accept")
    ]


def test_looking_twice_records_an_order_once(market: Market, tmp_path: Path) -> None:
    begin(market)
    market.place(("SOAP", 1))

    watch(market)
    other = build_hub(Settings(folder=tmp_path, database=market.url), clock=market.clock)
    other.watch_shadow()
    other.close()

    assert market.rows("SELECT count(*) FROM shadow_decision") == [(1,)]


def test_more_orders_than_fit_one_look_are_all_seen(market: Market) -> None:
    begin(market)
    market.replies(*(market.order(("SOAP", 1)) for _ in range(150)))

    watch(market)

    assert market.rows("SELECT count(*) FROM shadow_decision") == [(150,)]


def test_after_its_end_nothing_more_is_recorded_and_what_was_stays(market: Market) -> None:
    number = begin(market)
    market.place(("SOAP", 1))
    watch(market)

    market.packs.shadow.end(number, by="asha")
    market.place(("SOAP", 1))
    watch(market)

    found = report(market, number)
    assert found is not None
    assert found.orders == 1


def test_a_draft_that_fails_on_an_order_leaves_a_row_and_the_order_alone(market: Market) -> None:
    number = begin(market)
    answer = market.place(("SOAP", 1))
    market.change("UPDATE decision SET pack_hash = 'gone'")

    watch(market)

    found = report(market, number)
    assert found is not None
    assert (answer.status, found.orders, found.failed) == ("confirmed", 1, 1)


def test_a_draft_that_cannot_be_loaded_ends_its_shadow_and_says_why(market: Market) -> None:
    begin(market)
    market.change(
        "UPDATE snapshot SET body = :b WHERE hash = (SELECT hash FROM rule_pack WHERE version = 2)",
        b=b"{}",
    )
    answer = market.place(("SOAP", 1))

    watch(market)

    assert answer.status == "confirmed"
    assert market.rows("SELECT count(*) FROM rule_pack WHERE in_shadow") == [(0,)]
    ((kind, actor, told),) = market.rows(
        "SELECT kind, actor, told FROM pack_event ORDER BY id DESC LIMIT 1"
    )
    assert (kind, actor) == ("shadow_ended", "hub")
    assert "not a rule pack" in bytes(told).decode()


def test_goods_that_only_the_draft_gives_are_taken_to_be_there(market: Market) -> None:
    number = begin(market, packed(version=2, more=GIFT))
    market.place(("TEA", 4))

    watch(market)

    found = report(market, number)
    assert found is not None
    assert [(r.rule, r.free_before, r.free_after) for r in found.rules] == [("TEA-GIFT", 0, 2)]
    assert found.biggest[0].reasons_after == ()


def test_one_draft_at_a_time_is_in_shadow(market: Market) -> None:
    begin(market)
    market.packs.add(packed(version=3, soap="13.00"), by="asha")

    with pytest.raises(PackStepError) as refused:
        market.packs.shadow.begin(3, by="asha")

    assert why_refused(refused.value) == "version 2 is in shadow: end that first"


def test_the_effect_over_past_orders_is_what_publishing_would_have_done(market: Market) -> None:
    for count in (1, 2):
        market.place(("SOAP", count))
    market.place(("TEA", 1))
    market.place(("SOAP", 1), customer="C99")
    number = market.packs.add(packed(version=2, soap="12.00"), by="asha").version

    whole = market.packs.foresee(number)
    newest = market.packs.foresee(number, orders=1)

    assert whole is not None
    assert newest is not None
    assert (whole.orders, whole.changed) == (3, 2)
    assert whole.payable_after - whole.payable_before == 600
    assert (newest.orders, newest.changed) == (1, 0)
