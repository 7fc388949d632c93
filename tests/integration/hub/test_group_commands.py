"""Groups of counters, and two shops that are one, on the command line, in words."""

import json
from typing import Any

import pytest

from tests.integration.hub.test_order_commands import (  # noqa: F401 -- a fixture
    Command,
    by,
    command,
)


def test_a_group_is_made_filled_emptied_and_taken_away(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    me = by("vikram")

    def said(*arguments: str) -> dict[str, Any]:
        assert command("terminal", *arguments, *me) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    made = said("group", "vans", "--name", "Vans", "--payments", "cash", "--add", "shop-1")
    alone = command("terminal", "group", "vans", "--ask-quantity", "24", *me)
    complained = capsys.readouterr().err
    others = command("terminal", "group", "vans", "--name", "Vans", "--seller", "NORTH", *me)
    refused = capsys.readouterr().err
    own = ("--seller", made["seller"])
    changed = said("group", "vans", "--name", "Vans", *own, "--ask-quantity", "24")
    listed = said("groups")
    used = command("terminal", "group", "vans", "--end", *me)
    capsys.readouterr()
    said("group", "vans", "--out", "shop-1")
    ended = said("group", "vans", "--end")

    assert made["counters"] == {"shop-1": {"runs": "unknown"}}
    assert (alone, "say --name too with --ask-quantity" in complained) == (2, True)
    assert (others, f"is of seller {made['seller']}, for good" in refused) == (2, True)
    assert (made["payments"], changed["payments"]) == ("cash", "")
    assert (listed["code"], listed["ask_quantity"], listed["count"]) == ("vans", 24, 1)
    assert (used, ended) == (2, {"code": "vans", "ended": True})


def test_a_new_shop_is_said_to_be_one_that_is_there(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = ("customer", "add", "N-1", "name=Second Shop", "city=Pune", "--anyway")
    assert command(*new, *by("sunil")) == 0
    capsys.readouterr()

    own = command("customer", "join", "N-1", "--into", "C2", *by("sunil"))
    done = command("customer", "join", "N-1", "--into", "C2", *by("vikram"))
    told = capsys.readouterr().out
    command("customer", "show", "N-1")

    assert (own, done) == (2, 0)
    assert told == "N-1 is C2 now: N-1 takes no more orders, its visits are C2's\n"
    assert "blocked" in capsys.readouterr().out
