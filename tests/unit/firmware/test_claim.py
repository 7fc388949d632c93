"""The claim that enrols a board is made of the hub's own file."""

import json
import tomllib
from pathlib import Path

import pytest

from firmware import claim
from firmware.flash.settings import Settings

WRITTEN = """
id = "shop-9"
password = "secret"
pack_keys = "k"
[broker]
host = "127.0.0.1"
port = 1884
"""


def test_a_claim_has_what_the_board_needs_and_what_the_person_added() -> None:
    told = claim.claim_of(tomllib.loads(WRITTEN), {"host": "10.0.0.5", "ssid": None, "columns": 32})

    settings = Settings(told)
    assert (settings.id, settings.password) == ("shop-9", "secret")
    assert (settings.host, settings.port, settings.columns) == ("10.0.0.5", 1884, 32)
    assert "pack_keys" not in told
    assert "ssid" not in told


def test_the_command_prints_the_claim_as_one_line_and_as_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop-9.toml").write_text(WRITTEN)
    monkeypatch.setattr("sys.argv", ["claim", str(tmp_path / "shop-9.toml"), "--ssid", "Shop"])

    claim.main()

    line, *code = capsys.readouterr().out.splitlines()
    assert json.loads(line)["ssid"] == "Shop"
    assert len(code) > 10
