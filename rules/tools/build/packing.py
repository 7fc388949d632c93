"""What a packed pack says of its place in time: which one it follows, and from when it holds."""

import json
from datetime import date

from rules.engine.packs import load_pack
from rules.language import following
from rules.tools.build.verifying import refuse_unless_follows


def bound(packed: bytes, *, previous: bytes | None = None, not_before: date | None = None) -> bytes:
    """Write a pack with the hash of the pack before it and the first day that it may decide on.

    It is written as the language writes it: sorted keys, no blanks, ASCII. What is not given is
    left out, so that a pack without both keeps its hash.

    Raises:
        PackLoadError: one of the packs cannot be read.
        PackRefusedError: `pack_chain_broken`, where its version is not above the previous one's.
    """
    if not_before is not None:
        document = {**json.loads(packed), "not_before": not_before.isoformat()}
        packed = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    if previous is None:
        return packed
    before = load_pack(previous)
    written = following(packed, before.hash)
    refuse_unless_follows(load_pack(written), before)
    return written
