"""Deliveries on the command line: an order is picked, sent and brought, in words."""

import json
from pathlib import Path

import pytest

from tests.builders.hub_commands import account_year
from tests.builders.photos import jpeg
from tests.integration.hub.test_order_commands import (  # noqa: F401 -- a fixture
    Command,
    by,
    command,
)


def test_an_order_goes_to_its_shop_by_commands(
    command: Command,  # noqa: F811 -- the fixture
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    me = by("vikram")
    command("order", "place", "C2", "--line", "12*TEA", *by("sunil"))
    capsys.readouterr()

    def said(*arguments: str) -> str:
        assert command("delivery", *arguments) == 0
        return capsys.readouterr().out.strip()

    assert command("stock", "level", "MAIN", "TEA", "--reorder", "5", *me) == 0
    assert command("stock", "level", "MAIN", "TEA", "--bin", "A-2", *me) == 0
    assert "TEA in MAIN: reorder 5, bin A-2" in capsys.readouterr().out
    assert said("pick", "S-000001", *me) == "pick list 1: notes 1"
    assert command("delivery", "scan", "1", "SOAP", *me) != 0
    assert "not on this pick list" in capsys.readouterr().err
    said("enter", "1", *me)
    labels = tmp_path / "labels.pdf"
    said("labels", "1", str(labels), "--parcels", "3", "--language", "hi", *me)
    assert labels.read_bytes().startswith(b"%PDF")
    assert command("delivery", "labels", "1", str(labels), "--parcels", "0", *me) != 0
    assert "1 to 200 parcels" in capsys.readouterr().err
    assert said("finish", "1", *me) == "note 1: Picked"
    assert said("dispatch", "1", "--vehicle", "KA-01", "--driver", "Om", *me) == "trip 1"
    line = ("--line", "line=1", "back=2", "reason=refused")
    signed = ("--signature", "10,40 60,90 120,40")
    ended = said("record", "1", "--receiver", "Asha Rao", *line, *signed, *me)
    assert ended == "note 1: Part delivered"
    photo, proof = tmp_path / "door.jpg", tmp_path / "proof.pdf"
    assert command("delivery", "photo", "1", str(photo), *me) != 0
    assert "door.jpg cannot be read" in capsys.readouterr().err
    photo.write_bytes(jpeg())
    assert said("photo", "1", str(photo), *me) == "photo 1 of note 1"
    assert said("proof", "1", str(proof), "--language", "hi", *me) == str(proof)
    assert proof.read_bytes().startswith(b"%PDF")
    assert "Part delivered" in said("show", "1")
    assert "taken by Asha Rao, signed, 1 photos" in said("show", "1")
    row = json.loads(said("list", "--state", "part", "--json"))
    assert (row["number"], row["receiver"]) == (f"DN{account_year()}/00001", "Asha Rao")
