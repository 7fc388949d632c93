"""History: the fields of a row that changed, by whom and why."""

from datetime import date

import pytest

from hub.base.history import DifferentFieldsError, Entry, Value, read, record
from tests.builders.ground import NOON, Ground


def history_of(ground: Ground, ref: object) -> list[Entry]:
    with ground.database.read() as connection:
        return read(connection, "customer", ref)


def test_only_what_differs_is_written_with_who_when_and_why(ground: Ground) -> None:
    before: dict[str, Value] = {"name": "First Shop", "credit_limit": 100_000, "phone": None}
    after: dict[str, Value] = {"name": "First Shop", "credit_limit": 150_000, "phone": "98 765"}

    with ground.work("asha") as t:
        written = record(t, "customer", 7, before=before, after=after, why="pays on time")

    assert written == 2
    assert history_of(ground, 7) == [
        Entry("credit_limit", 100_000, 150_000, NOON, "asha", "pays on time"),
        Entry("phone", None, "98 765", NOON, "asha", "pays on time"),
    ]


def test_nothing_that_differs_is_nothing_written(ground: Ground) -> None:
    with ground.work() as t:
        written = record(t, "customer", 7, before={"hold": True}, after={"hold": True})

    assert written == 0
    assert history_of(ground, 7) == []


def test_a_new_row_has_nothing_before_and_a_deleted_one_nothing_after(ground: Ground) -> None:
    with ground.work() as t:
        record(t, "customer", 7, before={}, after={"since": date(2026, 4, 1), "note": None})
        record(t, "customer", 7, before={"since": date(2026, 4, 1)}, after={})

    changes = [(entry.field, entry.old, entry.new) for entry in history_of(ground, 7)]
    assert changes == [("since", None, "2026-04-01"), ("since", "2026-04-01", None)]


def test_a_text_and_a_number_that_read_alike_are_two_things(ground: Ground) -> None:
    with ground.work() as t:
        record(t, "customer", 7, before={"code": "12"}, after={"code": 12})

    assert [(entry.old, entry.new) for entry in history_of(ground, 7)] == [("12", 12)]


def test_the_history_of_one_row_is_not_that_of_another(ground: Ground) -> None:
    with ground.work() as t:
        record(t, "customer", 7, before={}, after={"name": "First"})
        record(t, "customer", 70, before={}, after={"name": "Seventieth"})
        record(t, "product", 7, before={}, after={"name": "Tea"})

    assert [entry.new for entry in history_of(ground, 7)] == ["First"]


def test_a_field_that_is_left_out_is_not_taken_for_emptied(ground: Ground) -> None:
    with ground.work() as t, pytest.raises(DifferentFieldsError, match="phone"):
        record(t, "customer", 7, before={"name": "a", "phone": "1"}, after={"name": "b"})


def test_a_fraction_is_nothing_that_history_holds(ground: Ground) -> None:
    fraction: dict[str, object] = {"rate": 0.1}

    with ground.work() as t, pytest.raises(TypeError, match="float"):
        record(t, "customer", 7, before={}, after=fraction)  # type: ignore[arg-type]


def test_what_is_rolled_back_is_no_history(ground: Ground) -> None:
    with ground.transactions.open(actor="asha", at_ms=NOON) as t:
        record(t, "customer", 7, before={}, after={"name": "First"})

    assert history_of(ground, 7) == []
