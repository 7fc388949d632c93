"""A message that comes while the flash is full: what memory has of it is taken, and the next one.

CPython only: MicroPython makes no links to a device that is always full.
"""

import sys
from pathlib import Path

import pytest

from firmware.app.incoming import Incoming


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
@pytest.mark.parametrize("rest", [60, 20_000], ids=["full as it is read", "full as it comes"])
def test_a_message_on_a_flash_that_is_full_has_its_start_and_the_next_one_is_whole(
    tmp_path: Path, rest: int
) -> None:
    room = Incoming(str(tmp_path), size=100)

    room.begin()
    (tmp_path / "incoming").symlink_to("/dev/full")
    for chunk in (b"a" * 60, b"b" * rest):
        room.add(chunk)
    start = bytes(room.content()[:])
    was_whole = room.is_whole
    room.begin()
    room.add(b"c" * 60)

    assert (start, was_whole) == (b"a" * 60, False)
    assert (bytes(room.content()[:]), room.is_whole) == (b"c" * 60, True)
