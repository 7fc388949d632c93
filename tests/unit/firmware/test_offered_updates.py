"""Updates that a hub offers, as a board takes them: proven, fetched in parts, put in place."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from broker.contract import Manifest as ContractManifest
from firmware.fetched.software import Software, about
from firmware.fetched.updates import Manifest, UnfitError, bring
from firmware.flash.records import RecordFile, write_whole
from firmware.release import manifest_of
from rules.tools.build.signing import new_private_key
from terminal.app.update.manifest import sign_manifest
from tests.builders.updates import KEY, TRUSTED

CODE: Final = "mpy0"
"""What Python, which runs no byte code of MicroPython, says of itself."""


@dataclass
class Board:
    """A board in a folder, and the hub that it fetches from: so many bytes at most at a time."""

    folder: str
    body: bytes = b""
    cut_after: int = 1 << 30
    free: int = 1 << 20
    target: str = "host"
    takes_updates: bool = True
    asked: list[str] = field(default_factory=list)

    def feed_watchdog(self) -> None:
        """Have no watchdog."""

    def wake(self) -> None:
        """Have nobody to wake."""

    def free_bytes(self) -> int:
        """Tell the room."""
        return self.free

    async def open(self, host: str, port: int, ca: str) -> tuple["Board", "Board"]:
        """Connect."""
        self.asked.append(f"{host}:{port}{ca}")
        return self, self

    def write(self, request: bytes) -> None:
        """Answer a request: the whole, or from a byte on."""
        lines = request.decode().split("\r\n")
        self.asked += [line for line in lines if line.startswith(("GET", "Range"))]
        begins = [line.split("=")[1].rstrip("-") for line in lines if line.startswith("Range")]
        rest = self.body[int(begins[0]) if begins else 0 :]
        status = "206 Partial Content" if begins else "200 OK"
        head = f"HTTP/1.1 {status}\r\ncontent-length: {len(rest)}\r\n\r\n".encode()
        self.coming = head + rest[: self.cut_after]

    async def drain(self) -> None:
        """Be done."""

    def close(self) -> None:
        """Hang up."""

    async def read(self, most: int) -> bytes:
        """Give what comes next."""
        found, self.coming = self.coming[:most], self.coming[most:]
        return found


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """Give a board with nothing on its flash."""
    return Board(str(tmp_path))


def package(folder: Path, *, target: str = "host") -> bytes:
    """Make a package of one module."""
    records = RecordFile(str(folder / "package"))
    records.append("V", json.dumps({"target": target}).encode())
    records.append("F", b"firmware/main.mpy\n", b"M\x06" + bytes(range(256)) * 8)
    return (folder / "package").read_bytes()


def offer_of(content: bytes, *, key: bytes = KEY, **changes: Any) -> dict[str, str]:
    """Sign a manifest as the other terminals' tool does."""
    told = {"format": 1, "number": 7, "version": "7.0", "machine": "host", "python": CODE}
    sum_of = hashlib.sha256(content).hexdigest()
    manifest = ContractManifest(**{**told, "bundle": sum_of, "size": len(content), **changes})
    signed = sign_manifest(manifest, key)
    body = base64.b64encode(signed.manifest).decode()
    return {"manifest": body, "signature": signed.signature}


def desk_of(board: Board, offer: dict[str, str], *, keys: str = TRUSTED) -> Any:
    """Give a counter that was told of an update."""
    settings = SimpleNamespace(id="shop-1", password="word", software_key=keys, ca="")
    journal = SimpleNamespace(shop={"http": "http://hub:8080/x"})
    software = Software(board)
    software.want(offer)
    return SimpleNamespace(board=board, settings=settings, journal=journal, software=software)


def refusal(act: Callable[[], object]) -> tuple[str, str, str]:
    """Give why an update is not taken."""
    with pytest.raises(UnfitError) as told:
        act()
    return told.value.state, told.value.code, str(told.value)


def fetch(desk: Any, *, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Prove what was offered, and bring it."""
    return asyncio.run(bring(desk, Manifest(desk, desk.software.offer), goes_on))


def test_what_is_not_signed_for_this_board_or_not_newer_is_refused_with_a_reason(
    board: Board,
) -> None:
    content = b"x"
    signed = offer_of(content)
    newer = Board(f"{board.folder}/newer")
    (Path(newer.folder) / "a").mkdir(parents=True)
    (Path(newer.folder) / "slots").write_text('{"now": "/a", "hash": "x"}')
    write_whole(f"{newer.folder}/a/about", b'{"number": 7, "manifest": "m"}')
    cases = {
        "software_key_missing": desk_of(board, signed, keys=""),
        "software_signature_bad": desk_of(board, offer_of(content, key=new_private_key())),
        "software_other_machine": desk_of(board, offer_of(content, machine="armv6m")),
        "software_older": desk_of(newer, offer_of(content)),
    }

    found = {
        code: refusal(lambda desk=desk: Manifest(desk, desk.software.offer))  # type: ignore[misc]
        for code, desk in cases.items()
    }

    assert {code: (state, said) for code, (state, said, _) in found.items()} == {
        code: ("refused", code) for code in cases
    }
    assert found["software_other_machine"][2] == "it is for armv6m mpy0; this board is host mpy0"
    assert "number 7 is not above 7" in found["software_older"][2]


@pytest.mark.parametrize(
    ("signature", "code"), [("AAAA", "software_signature_bad"), ("%", "software_signature_bad")]
)
def test_a_signature_that_is_none_is_refused(board: Board, signature: str, code: str) -> None:
    desk = desk_of(board, {**offer_of(b"x"), "signature": signature})

    assert refusal(lambda: Manifest(desk, desk.software.offer))[1] == code


def test_the_release_tool_and_the_other_terminals_sign_alike(board: Board, tmp_path: Path) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "package.json").write_text('{"target": "host"}')
    (built / "slots.mpy").write_bytes(b"M\x00")
    content = package(tmp_path)

    told = manifest_of(built, tmp_path / "package", KEY, number=7, version="7.0")

    assert told == offer_of(content)
    assert Manifest(desk_of(board, told), told).size == len(content)


def test_a_line_that_breaks_and_a_scan_cost_only_what_had_not_come(
    board: Board, tmp_path: Path
) -> None:
    board.body = package(tmp_path)
    desk = desk_of(board, offer_of(board.body))
    board.cut_after = 600

    broken = refusal(lambda: fetch(desk))
    may_go_on = iter([True, True, False, False])
    rested = fetch(desk, goes_on=lambda: next(may_go_on))
    board.cut_after = 1 << 30
    came = fetch(desk)
    again = fetch(desk)

    assert broken[:2] == ("fetching", "software_not_fetched")
    assert (rested, came, again) == (False, True, True)
    assert [line for line in board.asked if line.startswith("Range")] == [
        *("Range: bytes=600-", "Range: bytes=1112-"),
    ]
    assert board.asked[1].startswith("GET /x/terminal/v1/software/")
    assert about(board.folder + "/a") == {"number": 7, "manifest": desk.software.digest}
    assert (tmp_path / "a" / "firmware" / "main.mpy").read_bytes()[:2] == b"M\x06"
    assert not list(tmp_path.glob("update-*"))


def test_what_came_otherwise_is_fetched_anew_and_what_is_no_package_is_refused(
    board: Board, tmp_path: Path
) -> None:
    board.body = package(tmp_path)
    desk = desk_of(board, offer_of(board.body))
    good, board.body = board.body, board.body[:-1] + b"!"
    changed = refusal(lambda: fetch(desk))
    board.body = good
    came = fetch(desk)
    (tmp_path / "package").unlink()
    board.body = package(tmp_path, target="armv6m")
    other = desk_of(board, offer_of(board.body))
    board.body = b"<html>" * 100
    page = desk_of(board, offer_of(board.body))

    assert changed[1] == "software_not_fetched"
    assert came
    for desk, body in ((other, (tmp_path / "package").read_bytes()), (page, board.body)):
        board.body = body
        assert refusal(lambda desk=desk: fetch(desk))[:2] == ("refused", "software_bundle_bad")  # type: ignore[misc]
        assert about(board.folder + "/a") == {}


def test_what_does_not_fit_says_how_much_is_missing_and_leaves_no_part(
    board: Board, tmp_path: Path
) -> None:
    board.body, board.free = package(tmp_path), 60 * 1024
    (tmp_path / "update-of-another").write_bytes(b"x" * 100)
    desk = desk_of(board, offer_of(board.body))

    told = refusal(lambda: fetch(desk))

    assert told[:2] == ("fetching", "software_not_stored")
    assert told[2] == "it does not fit into the flash: 9 kB more have to be free"
    assert not list(tmp_path.glob("update-*"))
    assert board.asked == []
