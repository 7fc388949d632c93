"""Updates of the firmware: offered by a code that is scanned, signed by the distributor.

The offer is one line of JSON made by `firmware/release.py`: `update`, the address of the package,
`size`, `hash`, and `signature` of the hash by a key that the claim named. The package is read
into the place that does not run, and started between two orders, on trial: see `slots.py`.
"""

import asyncio
import binascii
import json
import os

from firmware import slots
from firmware.fetched.fetching import digest_of, fetch
from firmware.fetched.signature import is_signed
from firmware.flash.records import FileSpan, RecordFile
from firmware.flash.table import remove

SIGNED = b"orderwire firmware\n"
"""What stands before a hash that is signed: the same key signs other things."""

_PART = "/update"
_SPARE = 64 * 1024
_CHUNK = 1024
_KEY_BYTES = 32  # of a key in DER, the last ones


class Offer:
    """An update that was offered; raises ValueError where it is none or not signed."""

    def __init__(self, told: "dict[str, Any]", keys: str, breathe: "Callable[[], object]") -> None:
        if not keys:
            raise ValueError("the claim of this terminal names no key")
        try:
            self.url = str(told["update"])
            self.size = int(told["size"])
            self.hash = str(told["hash"])
            signature = binascii.a2b_base64(told["signature"])
            owners = [binascii.a2b_base64(key)[-_KEY_BYTES:] for key in keys.split()]
        except (KeyError, TypeError) as error:
            raise ValueError("no offer of an update: %s" % error)
        message = SIGNED + self.hash.encode()
        if not any(is_signed(one, message, signature, breathe=breathe) for one in owners):
            raise ValueError("the distributor has not signed this update")


async def take(desk: "Desk", offer: Offer) -> None:
    """Fetch what was offered and put it in its place. Raises ValueError, OSError, TimeoutError."""
    folder = desk.board.folder
    state = slots.state_of(folder)
    if offer.hash == state["hash"]:
        raise ValueError("it is what runs here")
    if offer.hash in state.get("failed", ()):
        raise ValueError("it was tried here, and failed")
    place = folder + slots.free_place(folder)
    _clear(place)
    if desk.board.free_bytes() < 2 * offer.size + _SPARE:
        raise ValueError("it does not fit into the flash")
    part = folder + _PART
    await fetch(desk.board, offer.url, part, most=offer.size)
    try:
        if digest_of(part) != offer.hash:
            raise ValueError("it came otherwise than its hash says")
        await _unpack(part, place, desk.board)
    finally:
        remove(part)
    slots.choose(folder, slots.free_place(folder), offer.hash)


async def _unpack(part: str, place: str, board: "BaseBoard") -> None:
    """Write the files of a package; the first record says which machine they are for."""
    package = RecordFile(part)
    files = 0
    for kind, at, length in package.scan():
        head = package.head(at, length)
        if kind == "V":
            if json.loads(head)["target"] != board.target:
                raise ValueError("it is for another kind of board")
        elif kind == "F":
            body = FileSpan(part, at + len(head) + 1, length - len(head) - 1)
            _write(body, place + "/" + head.decode())
            files += 1
        board.feed_watchdog()
        await asyncio.sleep(0)
    if package.damaged or not files:
        raise ValueError("it is no package of the firmware")


def _write(body: FileSpan, path: str) -> None:
    if ".." in path:
        raise ValueError("a file outside of its place")
    parts = path.split("/")
    for end in range(2, len(parts)):
        try:
            os.mkdir("/".join(parts[:end]))
        except OSError:
            continue  # it is there; where it could not be made, the file below cannot be, either
    with open(path, "wb") as stream:
        for start in range(0, len(body), _CHUNK):
            stream.write(body[start : start + _CHUNK])


def _clear(place: str) -> None:
    """Remove what an earlier update left."""
    try:
        found = list(os.ilistdir(place))  # type: ignore[attr-defined]
    except OSError:
        return
    for entry in found:
        path = place + "/" + entry[0]
        if entry[1] & 0x4000:
            _clear(path)
        else:
            os.remove(path)
    os.rmdir(place)
