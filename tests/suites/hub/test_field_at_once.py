"""Phones that two processes of the hub serve at the same moment: nothing twice, nothing lost."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from hub.base.access import EVERYTHING
from hub.desk.field.model.entries import code_of_new
from hub.desk.parties.acts import CustomerActs
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.sign_in import Browser
from tests.builders.field_team import AT_C2, REP, entry, send_rep
from tests.builders.market import NOON, Market, new_uuid
from tests.builders.photos import jpeg
from tests.builders.rival_phones import Rivals, Sent, rivals_of

ROUNDS: Final = 8
"""So often two meet: which of both is first is by chance."""
TEA: Final = [{"sku": "TEA", "quantity": 1}]


@pytest.fixture(name="rivals")
def serve_twice(market: Market) -> Iterator[Rivals]:
    send_rep(market)
    with rivals_of(market) as rivals:
        yield rivals


def cookie_of(market: Market, user: str = REP) -> str:
    """Sign a phone of somebody in."""
    people = market.hub.ground.part(PeopleActs).sign_in
    account = people.find_account(user)
    assert account is not None
    return people.open(account, browser=Browser("127.0.0.1"), now_ms=market.clock.ms)


def upload(cookie: str, *entries: dict[str, Any], user: str = REP) -> Sent:
    """Send entries as a phone does."""
    body = {"user": user, "sent_at": NOON, "entries": list(entries)}
    return Sent(cookie, "/field/entries", json=body)


def a_visit() -> list[dict[str, Any]]:
    """Write a visit with all that a phone sends of one."""
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    in_it = {"outlet": "C2", "visit": begun["id"]}
    return [
        begun,
        entry("ordered", **in_it, lines=TEA, payment="cash"),
        entry("collected", **in_it, fields={"amount": "5.00", "mode": "cash"}),
        entry("noted", **in_it, about="note", text="shut at noon"),
        entry("complained", **in_it, text="broken seal", due="2026-11-30"),
        entry("outlet_added", fields={"name": f"Shop {begun['id'][-6:]}"}),
        entry("visit_ended", visit=begun["id"], outcome="order"),
    ]


def states_of(answers: Sequence[Any]) -> set[str]:
    return {one["state"] for told in answers for one in told["answers"]}


def counted(market: Market) -> dict[str, int]:
    """Count what a visit leaves behind."""
    tables = ("field_entry", "order_", "payment", "interaction", "party_request")
    return {one: market.rows(f"SELECT count(*) FROM {one}")[0][0] for one in tables}  # noqa: S608


def test_the_same_entries_from_two_windows_at_once_are_kept_once(
    market: Market, rivals: Rivals
) -> None:
    cookie = cookie_of(market)
    visits = [[entry("day_begun", place=AT_C2), *a_visit()] for _ in range(ROUNDS)]
    uploads = [upload(cookie, *visit) for visit in visits]

    one, other = rivals.send(uploads, uploads)

    def told(answers: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Give which documents the phone was told of."""
        rows = [row for answer in answers for row in answer["answers"]]
        return [(row["id"], row.get("number"), row.get("paper")) for row in rows]

    assert states_of([*one, *other]) == {"kept"}
    assert told(one) == told(other)
    assert counted(market) == {
        "field_entry": 8 * ROUNDS,
        "order_": ROUNDS,
        "payment": ROUNDS,
        "interaction": 2 * ROUNDS,
        "party_request": ROUNDS,
    }
    assert market.broken() == set()


def test_two_entries_under_one_id_at_once_are_one_and_a_refusal(
    market: Market, rivals: Rivals
) -> None:
    cookie = cookie_of(market)
    notes = [entry("noted", outlet="C2", about="note", text="first") for _ in range(ROUNDS)]
    orders = [entry("ordered", outlet="C2", lines=TEA) for _ in range(ROUNDS)]
    firsts = [upload(cookie, *pair) for pair in zip(notes, orders, strict=True)]
    seconds = [
        upload(cookie, {**note, "text": "other"}, {**order, "lines": [{**TEA[0], "quantity": 2}]})
        for note, order in zip(notes, orders, strict=True)
    ]

    both = rivals.send(firsts, seconds)

    for one, other in zip(*both, strict=True):
        for mine, theirs in zip(one["answers"], other["answers"], strict=True):
            assert {mine["state"], theirs["state"]} == {"kept", "refused"}
    assert counted(market)["field_entry"] == 2 * ROUNDS
    assert counted(market)["order_"] == ROUNDS
    assert market.broken() == set()


def test_two_phones_of_one_person_at_once_are_one_day_and_one_visit_with_the_work_of_both(
    market: Market, rivals: Rivals
) -> None:
    phones = [cookie_of(market), cookie_of(market)]
    days = [[entry("day_begun", place=AT_C2), *a_visit()] for _ in phones]

    both = rivals.send(
        *(
            [upload(phone, *day[:2]), upload(phone, *day[2:])]
            for phone, day in zip(phones, days, strict=True)
        )
    )

    assert states_of([*both[0], *both[1]]) == {"kept"}
    assert counted(market) == {
        "field_entry": 16,
        "order_": 2,
        "payment": 2,
        "interaction": 4,
        "party_request": 2,
    }
    assert market.rows("SELECT count(*), count(ended_at) FROM visit") == [(1, 1)]
    assert market.rows("SELECT count(*) FROM attendance") == [(1,)]
    assert market.broken() == set()


def test_a_photo_that_comes_twice_at_once_in_parts_is_one(market: Market, rivals: Rivals) -> None:
    cookie = cookie_of(market)
    begun = entry("visit_begun", outlet="C2", place=AT_C2)
    rivals.send([upload(cookie, begun)], [upload(cookie, begun)])
    content = jpeg(pixels=b"x" * 3_000)
    parts = [content[at : at + 1_000] for at in range(0, len(content), 1_000)]
    photos = [new_uuid() for _ in range(ROUNDS)]

    def sends(photo: str) -> list[Sent]:
        about = {"user": REP, "entry": begun["id"], "size": len(content)}
        return [
            Sent(
                cookie,
                f"/field/photos/{photo}?{urlencode({**about, 'start': 1_000 * number})}",
                content=part,
            )
            for number, part in enumerate(parts)
        ]

    told = {photo: rivals.send(sends(photo), sends(photo)) for photo in photos}

    for one, other in told.values():
        assert {one[-1]["state"], other[-1]["state"]} <= {"kept", "part"}
        assert "kept" in {one[-1]["state"], other[-1]["state"]}
        assert all(end["state"] == "kept" or end["have"] == 0 for end in (one[-1], other[-1]))
    assert market.rows("SELECT count(*) FROM field_photo") == [(ROUNDS,)]
    folder = market.hub.settings.folder / "photos"
    assert [one.stat().st_size for one in folder.rglob("*.jpg")] == [len(content)]


def test_of_one_shop_that_two_phones_add_at_once_somebody_is_told_whatever_comes_first(
    market: Market, rivals: Rivals
) -> None:
    """Who adds the second hears of the first, or else who lets them pass does."""
    phones = [cookie_of(market), cookie_of(market)]
    shops = [{"name": f"Lotus {at}", "phone": f"98450 1234{at}"} for at in range(ROUNDS)]
    both = rivals.send(
        *([upload(phone, entry("outlet_added", fields=shop)) for shop in shops] for phone in phones)
    )

    alike = market.hub.ground.part(CustomerActs).join.alike
    for pair in zip(*both, strict=True):
        one, other = (told["answers"][0] for told in pair)
        codes = {code_of_new(told["id"]) for told in (one, other)}
        kept = [code_of_new(told["id"]) for told in (one, other) if told["state"] == "kept"]
        named = {twin["code"] for told in (one, other) for twin in told.get("duplicates", ())}
        if len(kept) == 2:
            named = {twin.code for code in kept for twin in alike(code, scope=EVERYTHING)}
        assert named == (codes if len(kept) == 2 else set(kept))
    assert market.broken() == set()
