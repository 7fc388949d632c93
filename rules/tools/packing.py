"""What a packed pack says of its place in time: which one it follows, and from when it holds."""

import json
from datetime import date

from rules.engine.packs import load_pack
from rules.tools.verifying import refuse_unless_follows


def bound(packed: bytes, *, previous: bytes | None = None, not_before: date | None = None) -> bytes:
    """Write a pack with the hash of the pack before it and the first day that it may decide on.

    It is written as the language writes it: sorted keys, no blanks, ASCII. What is not given is
    left out, so that a pack without both keeps its hash.

    Raises:
        PackLoadError: one of the packs cannot be read.
        PackRefusedError: `pack_chain_broken`, where its version is not above the previous one's.
    """
    document = json.loads(packed)
    if previous is not None:
        document["previous"] = load_pack(previous).hash
    if not_before is not None:
        document["not_before"] = not_before.isoformat()
    written = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    if previous is not None:
        refuse_unless_follows(load_pack(written), load_pack(previous))
    return written
