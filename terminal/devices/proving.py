"""Rule packs proven in a child process: who signed them, and that their own cases pass.

The library that checks signatures would take 9 MB of the daemon for good, and a pack that hangs or
eats memory in its own cases must not take the counter along.
"""

import json
import subprocess
import threading
from pathlib import Path
from typing import Final

from terminal.core.packs import PackHold
from terminal.devices.children import child_environment, python_child

_LONGEST_S: Final = 60
_KEPT: Final = 8
_SAID: Final = frozenset({0, 1})
"""How `rules verify` ends when it has come to a verdict."""

_Asked = tuple[str, str, tuple[str, ...]]


class ProofError(OSError):
    """The child came to no verdict; another try may."""


class _Verdicts:
    """What was found of the last packs: many terminals of one process ask for the same."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._found: dict[_Asked, PackHold | None] = {}

    def find(self, packed: Path, asked: _Asked) -> PackHold | None:
        with self._one_at_a_time:
            if asked not in self._found:
                found = _prove(packed, asked[1], asked[2])
                if len(self._found) >= _KEPT:
                    self._found.clear()
                self._found[asked] = found
            return self._found[asked]


_verdicts: Final = _Verdicts()


def prove(
    packed: Path, digest: str, *, signature: str | None, keys: tuple[str, ...]
) -> PackHold | None:
    """Say why a packed file of that hash may not be used; None where it may. Blocks, for seconds.

    Raises ProofError.
    """
    if signature is None:
        return PackHold("pack_unsigned", "the hub sent it without a signature")
    if not keys:
        text = "this terminal has no pack_keys to check it by: enrol it again"
        return PackHold("pack_key_missing", text)
    return _verdicts.find(packed, (digest, signature, keys))


def _prove(packed: Path, signature: str, keys: tuple[str, ...]) -> PackHold | None:
    beside = packed.with_name(f"{packed.name}.sig")
    beside.write_text(signature, encoding="ascii")
    trusted = [part for key in keys for part in ("--key", key)]
    try:
        done = subprocess.run(
            python_child("rules", "verify", str(packed), "--json", *trusted),
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return PackHold("pack_cases_failed", f"its cases did not end within {_LONGEST_S} s")
    finally:
        beside.unlink()
    if done.returncode not in _SAID:
        raise ProofError(f"the pack could not be checked: {done.stderr.strip()[-300:]}")
    verdict = json.loads(done.stdout)
    return PackHold(verdict["refused"], verdict["text"]) if verdict["refused"] else None
