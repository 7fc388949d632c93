"""The life of a rule pack at the hub: drafts, publishing by two, schedules, going back."""

import hashlib
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from hub.desk.rulepacks.acts.foresee_pack import tell_effect
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import state_of
from hub.desk.rulepacks.reads import read_pack_version
from hub.desk.rulepacks.tables import read_versions
from hub.desk.rulepacks.words import tell_why, why_refused
from hub.desk.terminals.store.desired import desired_of, version_of
from hub.run.bootstrap import build_wire
from rules import load_pack
from rules.tools.build.packing import bound
from rules.tools.build.verifying import verified
from tests.builders.market import Market, packed, write_pack

pytestmark = pytest.mark.one_engine

HOUR = 3_600_000


def added(market: Market, version: int = 2, soap: str = "12.00", by: str = "asha") -> int:
    """Add a draft with another price of soap; gives its number."""
    return market.packs.add(packed(version=version, soap=soap), by=by).version


def states(market: Market) -> dict[int, str]:
    """Give the state of each version now."""
    with market.database.read() as connection:
        versions = read_versions(connection)
    return {one.version: state_of(one, versions, market.clock.ms) for one in versions}


def soap(market: Market) -> tuple[int, int]:
    """Order a soap; gives what it costs and the version that said so."""
    answer = market.place(("SOAP", 1))
    assert answer.totals is not None
    return answer.totals.payable, answer.pack_version


def refused(step: Callable[[], object]) -> str:
    """Take a step that is refused; gives the code."""
    with pytest.raises(PackStepError) as caught:
        step()
    return caught.value.code


def test_a_draft_decides_nothing(market: Market) -> None:
    added(market)

    assert soap(market) == (1_000, 1)
    assert states(market) == {1: "published", 2: "draft"}


def test_a_published_version_decides_the_next_order_and_the_one_before_retires(
    market: Market,
) -> None:
    market.packs.publish(added(market), by="vikram", why="new prices")

    assert soap(market) == (1_200, 2)
    assert states(market) == {1: "retired", 2: "published"}
    assert market.broken() == set()


def test_who_added_a_version_cannot_publish_it(market: Market) -> None:
    number = added(market, by="asha")

    assert refused(lambda: market.packs.publish(number, by="asha")) == "same_person"
    assert soap(market) == (1_000, 1)


def test_a_scheduled_version_takes_over_at_its_instant_and_not_before(market: Market) -> None:
    start = market.clock.ms + HOUR
    market.packs.publish(added(market), by="vikram", starts_at=start)

    market.clock.ms = start - 1
    before = soap(market)
    market.clock.ms = start
    after = soap(market)

    assert (before, after) == ((1_000, 1), (1_200, 2))
    assert market.broken() == set()


def test_terminals_are_told_of_a_scheduled_version_when_its_time_has_come(market: Market) -> None:
    start = market.clock.ms + HOUR
    market.wire.hear.tell_changes()
    market.packs.publish(added(market), by="vikram", starts_at=start)

    with market.hub.transactions.reading() as t:
        (before,) = desired_of(t, ["shop-1"], http="", now_ms=start - 1, gstins={})
        (after,) = desired_of(t, ["shop-1"], http="", now_ms=start, gstins={})
        versions = version_of(t, start - 1, {}), version_of(t, start, {})

    assert (before.config.pack.hash, after.config.pack.hash) == (
        packed().compiled.hash,
        packed(version=2, soap="12.00").after(packed().compiled.hash).compiled.hash,
    )
    assert versions[0] != versions[1]


def test_a_schedule_called_off_never_takes_over_and_is_a_draft_again(market: Market) -> None:
    start = market.clock.ms + HOUR
    number = added(market)
    market.packs.publish(number, by="vikram", starts_at=start)
    market.packs.call_off(number, by="vikram", why="too early")

    market.clock.ms = start + 1

    assert soap(market) == (1_000, 1)
    assert states(market)[2] == "draft"


def test_a_second_worker_decides_with_the_new_version_at_its_next_group(market: Market) -> None:
    other = build_wire(market.hub, http="")
    other.take([market.order(("SOAP", 1))])

    market.publish(packed(version=2, soap="12.00"))
    other.take([market.order(("SOAP", 1))])

    assert market.rows("SELECT pack_version, payable FROM order_revision ORDER BY order_id") == [
        (1, 1_000),
        (2, 1_200),
    ]


def test_a_pack_compiled_ahead_decides_the_order_at_its_start(market: Market) -> None:
    start = market.clock.ms + HOUR
    market.packs.publish(added(market), by="vikram", starts_at=start)
    while market.hub.ready.compile_next():
        pass
    market.change("UPDATE snapshot SET body = :b WHERE hash = :h", b=b"{}", h=_hash(market, 2))

    before = soap(market)
    market.clock.ms = start

    assert before == (1_000, 1)
    assert soap(market) == (1_200, 2)


def test_a_draft_that_cannot_be_compiled_ahead_troubles_nobody(market: Market) -> None:
    added(market)
    market.change("UPDATE snapshot SET body = :b WHERE hash = :h", b=b"{}", h=_hash(market, 2))

    while market.hub.ready.compile_next():
        pass

    assert soap(market) == (1_000, 1)


def test_an_order_keeps_the_pack_it_was_decided_with_when_cancelled_and_asked_again(
    market: Market,
) -> None:
    asked = market.order(("SOAP", 1))
    answer = market.answer(asked)
    market.publish(packed(version=2, soap="12.00"))

    again = market.answer(asked)
    market.orders.cancel(answer.order, why="mistake", by="asha")

    assert again == answer
    placed = market.rows("SELECT pack_version, payable FROM order_revision WHERE revision = 1")
    assert placed == [(1, 1_000)]
    assert market.broken() == set()


def test_going_back_brings_the_old_content_under_a_new_number(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.place(("SOAP", 1))

    again = market.packs.roll_back(1, by="vikram", why="wrong price")

    assert (again.version, again.origin) == (3, "rolled_back")
    assert soap(market) == (1_000, 3)
    assert states(market) == {1: "retired", 2: "retired", 3: "published"}
    assert market.broken() == set()


def test_going_back_calls_off_what_is_scheduled(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    number = added(market, version=3, soap="13.00")
    market.packs.publish(number, by="vikram", starts_at=market.clock.ms + HOUR)

    market.packs.roll_back(1, by="vikram")
    market.clock.ms += 2 * HOUR

    assert soap(market) == (1_000, 4)
    assert states(market)[3] == "draft"


def test_the_history_says_who_did_what_and_why(market: Market) -> None:
    number = added(market)
    market.packs.shadow.begin(number, by="asha")
    market.packs.publish(number, by="vikram", why="agreed", effect=tell_effect(None))
    market.clock.ms += 1
    market.packs.roll_back(1, by="vikram", why="wrong price")

    with market.database.read() as connection:
        read = [read_pack_version(connection, one, market.clock.ms) for one in (number, 3)]
    events = [event for one in read if one for event in reversed(one.events)]
    assert [(one.kind, one.actor, tell_why(one.text, one.told)) for one in events] == [
        ("added", "asha", ""),
        ("shadow_began", "asha", ""),
        ("published", "vikram", "agreed; no version served to compare with"),
        ("rolled_back", "vikram", "wrong price; back to version 1"),
    ]
    assert tell_why(events[3].text, events[3].told, language="hi") == (
        "wrong price; संस्करण 1 पर वापस"
    )


def test_adding_the_same_content_again_does_nothing(market: Market) -> None:
    added(market)

    market.packs.add(packed(version=2, soap="12.00"), by="vikram")

    assert market.rows("SELECT count(*) FROM rule_pack") == [(2,)]
    assert market.rows("SELECT added_by FROM rule_pack WHERE version = 2") == [("asha",)]


def test_a_number_that_was_reached_before_is_refused(market: Market) -> None:
    market.publish(packed(version=5))

    with pytest.raises(PackStepError) as caught:
        market.packs.add(packed(version=5, soap="12.00"), by="asha")

    assert "number it 6 or more" in why_refused(caught.value)


def test_a_version_that_does_not_load_leaves_the_one_before_serving_and_says_why(
    market: Market,
) -> None:
    soap(market)
    number = added(market)
    market.packs.publish(number, by="vikram")
    market.change("UPDATE snapshot SET body = :b WHERE hash = :h", b=b"{}", h=_hash(market, 2))

    assert soap(market) == (1_000, 1)

    (fault,) = market.rows("SELECT fault FROM rule_pack WHERE version = 2")[0]
    assert "not a rule pack" in fault
    assert states(market) == {1: "published", 2: "retired"}
    with market.hub.transactions.reading() as t:
        (wanted,) = desired_of(t, ["shop-1"], http="", now_ms=market.clock.ms, gstins={})
    assert wanted.config.pack.hash == packed().compiled.hash


def test_a_hub_that_starts_with_a_broken_version_serves_with_the_one_before(
    market: Market,
) -> None:
    market.publish(packed(version=2, soap="12.00"))
    changed = packed(version=2, soap="99.00").body
    market.change("UPDATE snapshot SET body = :b WHERE hash = :h", b=changed, h=_hash(market, 2))

    assert soap(market) == (1_000, 1)
    assert market.rows("SELECT fault FROM rule_pack WHERE version = 2") == [
        ("its stored bytes were changed",)
    ]


def test_where_no_version_loads_orders_are_held_until_another_is_published(
    market: Market,
) -> None:
    number = added(market)
    market.change("UPDATE rule_pack SET fault = 'broken' WHERE version = 1")
    held = market.place(("SOAP", 1))

    effect = market.packs.foresee(number)
    market.packs.publish(number, by="vikram")

    assert (held.status, held.reasons[0].code) == ("held", "no_rule_pack")
    assert effect is None
    assert soap(market) == (1_200, 2)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda m: m.packs.publish(9, by="vikram"), "unknown"),
        (lambda m: m.packs.publish(1, by="vikram"), "not_a_draft"),
        (lambda m: m.packs.publish(2, by="vikram", starts_at=m.clock.ms - 1), "start_past"),
        (lambda m: m.packs.call_off(2, by="vikram"), "not_scheduled"),
        (lambda m: m.packs.drop(1, by="asha"), "not_a_draft"),
        (lambda m: m.packs.roll_back(2, by="vikram"), "not_published"),
        (lambda m: m.packs.roll_back(1, by="vikram"), "serves_already"),
        (lambda m: m.packs.shadow.begin(1, by="asha"), "not_a_draft"),
        (lambda m: m.packs.shadow.end(2, by="asha"), "not_in_shadow"),
    ],
)
def test_a_step_that_does_not_fit_is_refused_and_changes_nothing(
    market: Market, step: Callable[[Market], object], code: str
) -> None:
    added(market)
    before = market.rows("SELECT * FROM rule_pack ORDER BY id")

    assert refused(lambda: step(market)) == code
    assert market.rows("SELECT * FROM rule_pack ORDER BY id") == before


def test_a_dropped_draft_cannot_be_published(market: Market) -> None:
    number = added(market)
    market.packs.drop(number, by="asha", why="not needed")

    assert refused(lambda: market.packs.publish(number, by="vikram")) == "not_a_draft"


def test_while_one_version_is_scheduled_no_other_is_published(market: Market) -> None:
    first, second = added(market), added(market, version=3, soap="13.00")
    market.packs.publish(first, by="vikram", starts_at=market.clock.ms + HOUR)

    assert refused(lambda: market.packs.publish(second, by="vikram")) == "schedule_taken"


def test_a_lower_number_than_the_one_that_serves_is_never_published(market: Market) -> None:
    low, high = added(market), added(market, version=3, soap="13.00")
    market.packs.publish(high, by="vikram")

    assert refused(lambda: market.packs.publish(low, by="vikram")) == "number_too_low"


def test_each_version_that_served_follows_the_one_before_it(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.packs.roll_back(1, by="vikram")
    market.clock.ms += 1
    market.publish(packed(version=4, soap="13.00"))

    served = [_body(market, number) for number in (1, 2, 3, 4)]

    keys = [market.packs.signer.public]
    for before, body in pairwise(served):
        digest = hashlib.sha256(body).hexdigest()
        assert (
            verified(body, market.packs.signer.sign(digest), keys, previous=before).hash == digest
        )
    assert load_pack(served[0]).previous is None
    assert market.broken() == set()


def test_what_is_published_is_byte_for_byte_what_was_added(market: Market) -> None:
    number = added(market)
    reviewed = _hash(market, number), _body(market, number)

    market.packs.publish(number, by="vikram", starts_at=market.clock.ms + HOUR)

    assert (_hash(market, number), _body(market, number)) == reviewed


def test_a_draft_of_before_another_version_served_has_to_be_looked_at_again(
    market: Market,
) -> None:
    first, second = added(market), added(market, version=3, soap="13.00")
    market.packs.publish(first, by="vikram")
    market.clock.ms += 1

    with pytest.raises(PackStepError) as caught:
        market.packs.publish(second, by="vikram")

    assert caught.value.code == "follows_another"
    assert "made to follow version 1, but 2 serves now" in why_refused(caught.value)
    market.publish(packed(version=4, soap="13.00"))
    assert soap(market) == (1_300, 4)
    assert market.broken() == set()


def test_what_is_added_while_another_waits_follows_that(market: Market) -> None:
    first = added(market)
    market.packs.publish(first, by="vikram", starts_at=market.clock.ms + HOUR)
    second = added(market, version=3, soap="13.00")

    market.clock.ms += HOUR
    market.packs.publish(second, by="vikram")

    assert load_pack(_body(market, 3)).previous == _hash(market, 2)
    assert market.broken() == set()


def test_after_a_version_that_could_not_be_loaded_the_chain_goes_on_from_the_one_before(
    market: Market,
) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.change("UPDATE snapshot SET body = :b WHERE hash = :h", b=b"{}", h=_hash(market, 2))
    soap(market)

    market.publish(packed(version=3, soap="13.00"))

    assert load_pack(_body(market, 3)).previous == packed().compiled.hash
    assert "pack_chain" not in market.broken()


def test_the_audit_finds_a_version_out_of_its_turn(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))
    market.publish(packed(version=3, soap="13.00"))

    market.change("UPDATE rule_pack SET starts_at = starts_at - 10 WHERE version = 3")

    assert "pack_chain" in market.broken()


def test_a_pack_is_not_published_before_its_first_day(market: Market) -> None:
    draft = packed(version=2, soap="12.00")
    body = bound(draft.body, not_before=date(2026, 11, 22))
    market.packs.add(PackedPack(body, load_pack(body)), by="asha")
    midnight = market.clock.ms + 11 * HOUR + HOUR // 2

    early = refused(lambda: market.packs.publish(2, by="vikram", starts_at=midnight - 1))
    market.packs.publish(2, by="vikram", starts_at=midnight)

    assert early == "start_too_early"
    assert states(market)[2] == "scheduled"


def test_adding_the_same_files_again_changes_nothing(market: Market) -> None:
    market.publish(packed(version=2, soap="12.00"))

    again = market.packs.add(packed(version=2, soap="12.00"), by="vikram")
    loaded = market.load(packed(version=2, soap="12.00"))

    assert (again.version, again.added_by) == (2, "asha")
    assert not loaded.notes
    assert market.rows("SELECT count(*) FROM rule_pack") == [(2,)]


@pytest.mark.one_engine
@pytest.mark.parametrize("scale", [0, 3])
def test_a_pack_of_other_decimals_is_not_kept_and_says_what_would_be_right(
    market: Market, tmp_path: Path, scale: int
) -> None:
    write_pack(tmp_path, version=2)
    head = tmp_path / "pack.yaml"
    head.write_text(head.read_text().replace("scale: 2", f"scale: {scale}"))
    pack = market.packs.check.folder(tmp_path)

    with pytest.raises(PackStepError) as caught:
        market.packs.add(pack, by="asha")

    assert caught.value.code == "has_errors"
    assert "write `scale: 2`" in why_refused(caught.value)
    assert states(market) == {1: "published"}


def _hash(market: Market, version: int) -> str:
    query = "SELECT hash FROM rule_pack WHERE version = :v"
    return str(market.rows(query, v=version)[0][0])


def _body(market: Market, version: int) -> bytes:
    query = "SELECT s.body FROM rule_pack p JOIN snapshot s ON s.hash = p.hash WHERE version = :v"
    return bytes(market.rows(query, v=version)[0][0])
