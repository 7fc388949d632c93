"""Decides whether a pack may be used: who signed it, what it follows, and whether it does as told.

This is the same check for `rules verify` and for a terminal, which runs it in a child process.
"""

import hashlib
from collections.abc import Sequence
from typing import Literal

from rules.engine.errors import PackLoadError, PackTooNewError
from rules.engine.packs import load_pack
from rules.engine.tables import CompiledPack
from rules.tools.build.signing import is_signed
from rules.tools.cases.running import run_cases

PackFault = Literal[
    "pack_unsigned",
    "pack_signature_bad",
    "pack_too_new",
    "pack_unreadable",
    "pack_chain_broken",
    "pack_cases_failed",
]


class PackRefusedError(Exception):
    """A pack may not be used; `code` is for programs, the message for people."""

    def __init__(self, code: PackFault, text: str) -> None:
        self.code: PackFault = code
        super().__init__(text)


def verified(
    packed: bytes, signature: str, keys: Sequence[str], *, previous: bytes | None = None
) -> CompiledPack:
    """Load a pack that one of these public keys signed, that follows `previous`, and that works.

    Nothing of a pack is read before its signature is known to be good.

    Raises:
        PackRefusedError: with the first of these that does not hold.
        SigningKeyError: one of the keys is none.
    """
    digest = hashlib.sha256(packed).hexdigest()
    if not signature:
        raise PackRefusedError("pack_unsigned", "the pack is not signed")
    if not any(is_signed(digest, signature, key) for key in keys):
        raise PackRefusedError("pack_signature_bad", "the pack is signed by nobody known here")
    pack = _loaded(packed)
    if previous is not None:
        refuse_unless_follows(pack, _loaded(previous))
    failures = run_cases(pack)
    if failures:
        text = f"{len(failures)} of its {len(pack.cases)} cases fail, first: {failures[0]}"
        raise PackRefusedError("pack_cases_failed", text)
    return pack


def refuse_unless_follows(pack: CompiledPack, previous: CompiledPack) -> None:
    """Raise PackRefusedError unless a pack is the next one after `previous`."""
    if pack.previous != previous.hash:
        follows = f"pack {pack.previous[:12]}" if pack.previous else "no pack"
        text = f"it follows {follows}, not {previous.name} {previous.version} {previous.hash[:12]}"
        raise PackRefusedError("pack_chain_broken", text)
    if pack.version <= previous.version:
        text = f"its version {pack.version} is not above {previous.version}, which it follows"
        raise PackRefusedError("pack_chain_broken", text)


def _loaded(packed: bytes) -> CompiledPack:
    try:
        return load_pack(packed)
    except PackTooNewError as error:
        raise PackRefusedError("pack_too_new", str(error)) from error
    except PackLoadError as error:
        raise PackRefusedError("pack_unreadable", str(error)) from error
