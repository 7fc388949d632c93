"""Updates of the firmware: offered by a code that is scanned, or by the hub; signed in both cases.

A code is one line of JSON made by `firmware/release.py`: `update`, the address of the package,
`size`, `hash`, and `signature` of the hash by a key that the claim named. The hub offers a signed
manifest of the same program, and gives the package itself. The package is read into the place that
does not run, and started between two orders, on trial: see `slots.py`.
"""

import asyncio
import binascii
import json
import os

from firmware import slots
from firmware.constants import MANIFEST_FIELDS, SOFTWARE_FORMAT, SOFTWARE_SIGNED_AS
from firmware.fetched.fetching import digest_of, fetch
from firmware.fetched.signature import is_signed
from firmware.fetched.software import ABOUT, about
from firmware.flash.records import FileSpan, RecordFile, write_whole
from firmware.flash.table import remove

SIGNED = b"orderwire firmware\n"
"""What stands before a hash that is signed: the same key signs other things."""

_PART = "/update-"
_SPARE = 64 * 1024
_CHUNK = 1024
_KEY_BYTES = 32  # of a key in DER, the last ones
_NO_SPACE = 28
_FOLDER = 0x4000


class UnfitError(Exception):
    """An update is not taken: `state`, `code` and `text` are what the hub hears of it.

    In the state `fetching` it is tried again.
    """

    def __init__(self, state: str, code: str, text: str) -> None:
        super().__init__(text)
        self.state = state
        self.code = code
        self.text = text


class Offer:
    """An update that was scanned; raises ValueError where it is none or not signed."""

    def __init__(self, told: "dict[str, Any]", keys: str, breathe: "Callable[[], object]") -> None:
        if not keys.split():
            raise ValueError("the claim of this terminal names no key")
        try:
            self.url = str(told["update"])
            self.size = int(told["size"])
            self.hash = str(told["hash"])
            signature = binascii.a2b_base64(told["signature"])
        except (KeyError, TypeError) as error:
            raise ValueError("no offer of an update: %s" % error)
        if not _is_by(keys, SIGNED + self.hash.encode(), signature, breathe=breathe):
            raise ValueError("the distributor has not signed this update")


class Manifest:
    """What the hub offers, proven: signed, for this kind of board, above what runs.

    `digest` names it, `bundle` is the hash of its package. Raises UnfitError.
    """

    def __init__(self, desk: "Desk", offer: "dict[str, Any]") -> None:
        software = desk.software
        self.digest = software.digest or ""
        _check_signer(desk, offer, self.digest)
        told = _read(offer)
        self.number, self.size = int(told["number"]), int(told["size"])
        self.bundle = str(told["bundle"])
        kind = (told["machine"], told["python"])
        if kind != software.kind:
            text = "it is for %s %s; this board is %s %s" % (kind + software.kind)
            raise UnfitError("refused", "software_other_machine", text)
        if self.number <= software.number:
            text = "its number %d is not above %d" % (self.number, software.number)
            raise UnfitError("refused", "software_older", text + ": a way back is a new number")
        if self.bundle in slots.state_of(desk.board.folder).get("failed", ()):
            text = "no broker heard it in %d starts" % slots.TRIAL_STARTS
            raise UnfitError("failed", "software_failed_here", text)


def _check_signer(desk: "Desk", offer: "dict[str, Any]", digest: str) -> None:
    """See that a manifest is signed by somebody whom the claim names; raises UnfitError."""
    keys = desk.settings.software_key
    if not keys.split():
        text = "the claim of this board names no software_key: make a new one, and scan it"
        raise UnfitError("refused", "software_key_missing", text)
    message = "orderwire %s sha-256 %s" % (SOFTWARE_SIGNED_AS, digest)
    try:
        signature = binascii.a2b_base64(offer["signature"])
        is_by = _is_by(keys, message.encode(), signature, breathe=desk.board.feed_watchdog)
    except (ValueError, KeyError, TypeError):
        is_by = False
    if not is_by:
        text = "nobody whose key the claim names signed it"
        raise UnfitError("refused", "software_signature_bad", text)


def _read(offer: "dict[str, Any]") -> "dict[str, Any]":
    """Read what was signed; raises UnfitError."""
    try:
        told = json.loads(binascii.a2b_base64(offer["manifest"]))
        missing = [name for name in MANIFEST_FIELDS if name not in told]
    except (ValueError, KeyError, TypeError) as error:
        raise UnfitError("refused", "software_unreadable", "the manifest: %s" % error)
    if missing or told["format"] != SOFTWARE_FORMAT:
        text = "a newer kind of manifest" if not missing else "it has no " + missing[0]
        raise UnfitError("refused", "software_unreadable", text)
    return told


async def take(desk: "Desk", offer: Offer) -> None:
    """Fetch what was scanned, put it in its place and have it start next.

    Raises UnfitError, ValueError, OSError, TimeoutError.
    """
    folder = desk.board.folder
    state = slots.state_of(folder)
    if offer.hash == state["hash"]:
        raise ValueError("it is what runs here")
    if offer.hash in state.get("failed", ()):
        raise ValueError("it was tried here, and failed")
    part = _room_for(desk, offer.hash, offer.size)
    try:
        await fetch(desk.board, offer.url, part, most=offer.size)
        if digest_of(part) != offer.hash:
            raise ValueError("it came otherwise than its hash says")
        await _unpack(part, folder + slots.free_place(folder), desk.board)
    finally:
        remove(part)
    slots.choose(folder, slots.free_place(folder), offer.hash)


async def bring(desk: "Desk", manifest: Manifest, goes_on: "Callable[[], bool]") -> bool:
    """Put what the hub offers in the free place; False where the rest is for another time.

    What was fetched stays, over a broken line and a start, and is gone on with. Raises UnfitError.
    """
    folder = desk.board.folder
    place = folder + slots.free_place(folder)
    if about(place).get("manifest") == manifest.digest:
        return True
    try:
        part = _room_for(desk, manifest.bundle, manifest.size)
        if not await _has_come(desk, manifest, part, goes_on=goes_on):
            return False
        if digest_of(part) != manifest.bundle:
            remove(part)
            raise UnfitError(
                "fetching", "software_not_fetched", "it came otherwise than its hash says"
            )
        await _unpack(part, place, desk.board)
        told = {"number": manifest.number, "manifest": manifest.digest}
        write_whole(place + ABOUT, json.dumps(told).encode())
        remove(part)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        if isinstance(error, OSError) and error.errno == _NO_SPACE:
            raise UnfitError("fetching", "software_not_stored", "the flash is full")
        raise UnfitError("fetching", "software_not_fetched", str(error) or "no answer in time")
    return True


def drop_parts(folder: str, keep: str = "") -> None:
    """Remove what was fetched of updates, but for one file."""
    for name in os.listdir(folder or "/"):
        path = folder + "/" + name
        if ("/" + name).startswith(_PART) and path != keep:
            remove(path)


def _room_for(desk: "Desk", digest: str, size: int) -> str:
    """Make room for an update, in which nothing of another one is left; gives where it is fetched.

    Raises UnfitError.
    """
    folder = desk.board.folder
    part = folder + _PART + digest[:16]
    drop_parts(folder, part)
    _clear(folder + slots.free_place(folder))
    missing = 2 * size - _size(part) + _SPARE - desk.board.free_bytes()
    if missing > 0:
        told = "it does not fit into the flash: %d kB more have to be free" % (missing // 1024 + 1)
        raise UnfitError("fetching", "software_not_stored", told)
    return part


async def _has_come(
    desk: "Desk", manifest: Manifest, part: str, *, goes_on: "Callable[[], bool]"
) -> bool:
    """Fetch what is missing of a package, and tell whether all of it is there."""
    have, settings = _size(part), desk.settings
    if have > manifest.size:
        remove(part)
        have = 0
    if have < manifest.size:
        url = desk.journal.shop["http"] + "/terminal/v1/software/" + manifest.bundle
        secret = (settings.id + ":" + settings.password).encode()
        await fetch(
            *(desk.board, url, part),
            most=manifest.size,
            have=have,
            secret=binascii.b2a_base64(secret).strip().decode(),
            ca=settings.ca,
            goes_on=goes_on,
        )
    return goes_on() and _size(part) == manifest.size


async def _unpack(part: str, place: str, board: "BaseBoard") -> None:
    """Write the files of a package; the first record says which machine they are for."""
    package = RecordFile(part)
    files = 0
    for kind, at, length in package.scan():
        head = package.head(at, length)
        if kind == "V":
            if json.loads(head)["target"] != board.target:
                raise _bad("it is for another kind of board")
        elif kind == "F":
            body = FileSpan(part, at + len(head) + 1, length - len(head) - 1)
            _write(body, place + "/" + head.decode())
            files += 1
        board.feed_watchdog()
        await asyncio.sleep(0)
    if package.damaged or not files:
        raise _bad("it is no package of the firmware")


def _bad(text: str) -> UnfitError:
    return UnfitError("refused", "software_bundle_bad", text)


def _is_by(keys: str, message: bytes, signature: bytes, *, breathe: "Callable[[], object]") -> bool:
    """Tell whether the owner of one of these keys signed a message. Raises ValueError."""
    owners = [binascii.a2b_base64(key)[-_KEY_BYTES:] for key in keys.split()]
    return any(is_signed(one, message, signature, breathe=breathe) for one in owners)


def _write(body: FileSpan, path: str) -> None:
    if ".." in path:
        raise _bad("a file outside of its place")
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
    """Remove what an earlier update left; first of all what says that it is whole."""
    remove(place + ABOUT)
    try:
        found = os.listdir(place)
    except OSError:
        return
    for name in found:
        path = place + "/" + name
        if os.stat(path)[0] & _FOLDER:
            _clear(path)
        else:
            os.remove(path)
    os.rmdir(place)


def _size(path: str) -> int:
    try:
        return os.stat(path)[6]
    except OSError:
        return 0
