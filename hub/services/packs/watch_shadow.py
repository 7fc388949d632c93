"""Decide what came in with the draft in shadow too, and keep what it would have done."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.domain.packs.replaying import before_both
from hub.domain.packs.steps import PackStepError
from hub.services.packs.shadow_pack import ShadowPack
from rules import CompiledPack, PackLoadError, evaluate
from rules.tools.comparing import OrderChange, compare
from rules.tools.documents import Question

_log = logging.getLogger(__name__)

FAILED: Final = "failed"
_AT_ONCE: Final = 64
_BY_THE_HUB: Final = "hub"


@dataclass(frozen=True, slots=True)
class InShadow:
    """The draft that is in shadow, by its row and number."""

    id: int
    version: int
    hash: str


@dataclass(frozen=True, slots=True)
class Shadowed:
    """An order that waits to be decided by the draft too, and the pack that decided it."""

    order: int
    pack_hash: str
    question: Question


@dataclass(frozen=True, slots=True)
class ShadowDecision:
    """What the draft makes of an order; both outcomes are `failed` where it could not."""

    order: int
    outcome_before: str
    outcome: str
    payable_before: int
    payable: int
    result_hash: str | None = None
    change: OrderChange | None = None


class ShadowRows(Protocol):
    """Orders that wait for the draft, and what came of them; each call is a transaction."""

    def draft(self) -> InShadow | None:
        """Give the draft in shadow."""

    def waiting(self, draft: InShadow, most: int) -> Sequence[Shadowed]:
        """Give orders decided since its shadow began that it has not decided yet."""

    def pack(self, digest: str) -> CompiledPack:
        """Compile a version, or give it as compiled before; raises PackLoadError."""

    def keep(self, draft: InShadow, decisions: Sequence[ShadowDecision]) -> None:
        """Keep what came of them; what another worker has kept meanwhile stays."""


@dataclass(slots=True)
class WatchShadow:
    """The use case, with what it needs.

    It works from the evidence that is kept with each order, after the order was answered: whatever
    a draft does, it cannot touch an order.
    """

    rows: ShadowRows
    shadow: ShadowPack

    def __call__(self) -> bool:
        """Decide some of what waits; gives whether more may wait."""
        draft = self.rows.draft()
        if draft is None:
            return False
        try:
            pack = self.rows.pack(draft.hash)
        except PackLoadError as error:
            self._give_up(draft, error)
            return False
        waiting = self.rows.waiting(draft, _AT_ONCE)
        if waiting:
            self.rows.keep(draft, [self._decide(one, pack) for one in waiting])
        return len(waiting) == _AT_ONCE

    def _decide(self, one: Shadowed, pack: CompiledPack) -> ShadowDecision:
        """Decide one order with the draft too; a row says so where that fails."""
        try:
            return self._compared(one, pack)
        except Exception:  # noqa: BLE001  # whatever a draft does is worth a row, and no more
            _log.warning("the draft in shadow failed on an order", exc_info=True)
            return ShadowDecision(one.order, FAILED, FAILED, payable_before=0, payable=0)

    def _compared(self, one: Shadowed, pack: CompiledPack) -> ShadowDecision:
        """Decide one order with the pack that decided it, and with the draft."""
        before = self.rows.pack(one.pack_hash)
        asked = before_both(one.question, before, pack)
        was = evaluate(asked.order, asked.facts, asked.counters, before)
        now = evaluate(asked.order, asked.facts, asked.counters, pack)
        compared = compare(before, pack, [asked])
        return ShadowDecision(
            order=one.order,
            outcome_before=was.outcome,
            outcome=now.outcome,
            payable_before=was.totals.payable,
            payable=now.totals.payable,
            result_hash=now.result_hash,
            change=compared.biggest[0] if compared.changed else None,
        )

    def _give_up(self, draft: InShadow, error: PackLoadError) -> None:
        _log.error("the draft in shadow cannot be loaded: %s", error)
        try:
            self.shadow.end(draft.version, by=_BY_THE_HUB, why=f"it cannot be loaded: {error}")
        except PackStepError:
            _log.info("somebody has ended the shadow of version %d meanwhile", draft.version)
