"""Proves an update in a child process, and puts it into the free slot.

The library that checks signatures would take 9 MB of the daemon for good, and unpacking would keep
the counter's own interpreter busy in the middle of somebody's scan.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import msgspec

from broker.contract.software import SignedManifest, SoftwareError
from terminal.devices.children import child_environment, python_child
from terminal.slots import Slots, Software

_LONGEST_S: Final = 600
_KINDNESS: Final = 10
"""How much lower than the counter's the priority of the child is."""


def prove_update(signed: SignedManifest, *, slots: Path, keys: str) -> None:
    """Prove a manifest before its bundle is fetched; raises SoftwareError, OSError. Blocks."""
    _ask(signed, slots, keys=keys)


def put_update(
    signed: SignedManifest, bundle: Path, *, slots: Path, keys: str
) -> tuple[str, Software]:
    """Prove an update and put it into the free slot; gives the slot. Blocks, for seconds.

    Raises SoftwareError, OSError.
    """
    found = _ask(signed, slots, keys=keys, bundle=str(bundle))
    return str(found["slot"]), msgspec.convert(found["software"], Software)


def _ask(signed: SignedManifest, slots: Path, *, keys: str, bundle: str = "") -> dict[str, object]:
    asked = {"slots": str(slots), "keys": keys, "bundle": bundle}
    told = msgspec.json.encode({**asked, "signed": signed})
    try:
        done = subprocess.run(
            python_child("terminal.app.update.child"),
            env=child_environment(),
            input=told,
            capture_output=True,
            check=False,
            timeout=_LONGEST_S,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(f"the update was not unpacked within {_LONGEST_S} s") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-300:]
        raise OSError(f"the update could not be checked: {said}")
    found: dict[str, object] = json.loads(done.stdout)
    if refused := found.get("refused"):
        raise SoftwareError(str(refused), str(found["text"]))
    return found


class _Asked(msgspec.Struct):
    slots: str
    keys: str
    signed: SignedManifest
    bundle: str


def main() -> None:
    """Answer what standard input asks, with one JSON object."""
    # Imported here: the counter asks, and has nothing to unpack.
    from terminal.app.update.install import check_offered, install_signed  # noqa: PLC0415

    os.nice(_KINDNESS)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    slots = Slots(Path(asked.slots))
    try:
        if asked.bundle:
            name, what = install_signed(slots, asked.signed, Path(asked.bundle), keys=asked.keys)
            told: dict[str, object] = {"slot": name, "software": asdict(what)}
        else:
            check_offered(slots, asked.signed, keys=asked.keys)
            told = {}
    except SoftwareError as error:
        told = {"refused": error.code, "text": error.text}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
