"""The rule pack in memory, compiled again only when another one serves."""

import logging
from collections.abc import Collection, Mapping
from typing import Final

from hub.base.transaction import Transaction
from hub.desk.rulepacks.model.versions import ReplacedPack
from hub.desk.rulepacks.store.ready import ReadyPacks
from hub.desk.rulepacks.tables import SERVING
from rules import CompiledPack, PackLoadError, load_pack

_log = logging.getLogger(__name__)

_BODY: Final = "SELECT body FROM snapshot WHERE hash = ?"
_REFUSE: Final = "UPDATE rule_pack SET fault = ? WHERE hash = ?"
_REPLACED: Final = """
SELECT q.starts_at, q.origin FROM rule_pack p JOIN rule_pack q
ON q.starts_at > p.starts_at OR q.starts_at = p.starts_at AND q.id > p.id
WHERE p.hash = ? AND p.fault = '' AND q.fault = '' AND q.starts_at <= ?
ORDER BY q.starts_at, q.id LIMIT 1
"""
_EARLIER_KEPT: Final = 4
_AN_HOUR_MS: Final = 3_600_000
_LONGEST_FAULT: Final = 500


def serving_hash(t: Transaction, now_ms: int) -> str | None:
    """Give the hash of the pack that decides orders at a moment."""
    found = t.rows(SERVING, (now_ms,))
    return found[0][0] if found else None


class PackInForce:
    """Holds one pack; each transaction asks whether it still serves."""

    def __init__(self, ready: ReadyPacks) -> None:
        self._ready = ready
        self._pack: CompiledPack | None = None
        self._earlier: dict[str, CompiledPack] = {}

    def current(self, t: Transaction) -> CompiledPack | None:
        """Give the pack that serves at the transaction's moment.

        A pack that cannot be loaded is marked with why, and the one before goes on serving.
        """
        digest, pack = serving_hash(t, t.at_ms), self._pack
        if digest is None:
            self._pack = pack = None
        elif pack is None or digest != pack.hash:
            found = self._ready.take(digest) or self._load(t, digest)
            if found is None:
                return self.current(t) if t.writes else pack
            self._pack = pack = found
        return pack  # not what another transaction, as of another moment, has put there meanwhile

    def honoured(self, t: Transaction, quoted: Collection[str]) -> Mapping[str, ReplacedPack]:
        """Give those of the packs that orders were quoted with of which quotes may still hold.

        They hold for as long after they were replaced as the pack that serves says, by the hub's
        clock; those of orders that were captured before, longer. Quotes of a rolled-back pack are
        not honoured.
        """
        pack = self.current(t)
        if pack is None or not pack.quotes.longest_hours:
            return {}
        held: dict[str, ReplacedPack] = {}
        since = t.at_ms - pack.quotes.longest_hours * _AN_HOUR_MS
        for digest in sorted(set(quoted) - {pack.hash}):
            replaced = t.rows(_REPLACED, (digest, t.at_ms))
            if not replaced or replaced[0][0] < since or replaced[0][1] == "rolled_back":
                continue
            earlier = self.earlier(t, digest)
            if earlier is not None:
                held[digest] = ReplacedPack(earlier, replaced[0][0])
        return held

    def earlier(self, t: Transaction, digest: str | None) -> CompiledPack | None:
        """Give the pack of a hash, whether it serves or not; None where it cannot be loaded."""
        serving = self._pack
        if digest is None or (serving is not None and digest == serving.hash):
            return serving if digest is not None else None
        pack = self._earlier.get(digest) or self._load(t, digest)
        if pack is not None:
            self._earlier = dict([*self._earlier.items(), (digest, pack)][-_EARLIER_KEPT:])
        return pack

    def _load(self, t: Transaction, digest: str) -> CompiledPack | None:
        """Compile a stored pack; None where that fails, and marked by whoever may write."""
        found = t.rows(_BODY, (digest,))
        try:
            pack = load_pack(bytes(found[0][0]) if found else b"")
            if pack.hash == digest:
                return pack
            fault = "its stored bytes were changed"
        except PackLoadError as error:
            fault = str(error)
        _log.error("rule pack %s not loaded, the one before serves: %s", digest, fault)
        if t.writes:
            t.many(_REFUSE, [(fault[:_LONGEST_FAULT], digest)])
        return None
