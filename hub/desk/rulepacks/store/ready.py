"""Packs that may serve next, compiled ahead: a large one takes longer than an order may wait."""

import logging
from typing import Final

from sqlalchemy import select

from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.desk.products.reads import read_body
from hub.desk.rulepacks.tables import rule_pack
from rules import CompiledPack, PackLoader, PackLoadError

_log = logging.getLogger(__name__)

_KEPT: Final = 2
_A_MINUTE_MS: Final = 60_000


class ReadyPacks:
    """Holds the compiled form of what is scheduled and of the newest drafts.

    One thread fills it, another takes from it; what is not here is compiled by who needs it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._packs: dict[str, CompiledPack | None] = {}
        # A version is mostly the one before it: only what is new in it is compiled.
        self._loader = PackLoader()

    def take(self, digest: str) -> CompiledPack | None:
        """Give a pack that was compiled ahead; None for any other."""
        return self._packs.get(digest)

    def compile_next(self) -> bool:
        """Compile one pack that may serve next; gives whether another may be left."""
        wanted = self._wanted()
        # A pack that has begun to serve stays until the order path has taken it.
        kept = {digest: pack for digest, pack in self._packs.items() if digest in wanted}
        missing = [digest for digest in wanted if digest not in kept]
        if missing:
            kept[missing[0]] = self._compile(missing[0])
        self._packs = kept
        return len(missing) > 1

    def _wanted(self) -> list[str]:
        """Name the versions without a start, or with one that came less than a minute ago."""
        pack = rule_pack.c
        recent = self._clock.now_ms() - _A_MINUTE_MS
        query = (
            select(pack.hash)
            .where(
                pack.dropped_at.is_(None),
                pack.starts_at.is_(None) | (pack.starts_at > recent),
            )
            .order_by(pack.starts_at.is_(None), pack.id.desc())
            .limit(_KEPT)
        )
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def _compile(self, digest: str) -> CompiledPack | None:
        with self._database.read() as connection:
            body = read_body(connection, digest) or b""
        try:
            return self._loader.load(body)
        except PackLoadError as error:
            _log.warning("rule pack %s cannot be compiled ahead: %s", digest, error)
            return None
