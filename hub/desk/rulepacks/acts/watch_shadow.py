"""Decide what came in with the draft in shadow too, and keep what it would have done."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.rulepacks.model.replaying import before_both
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.store.shadows import (
    InShadow,
    ShadowDecision,
    draft_in_shadow,
    keep_shadows,
    shadow_reached,
    stored_body,
)
from hub.desk.rulepacks.store.versions import end_shadow
from rules import CompiledPack, PackLoadError, evaluate, load_pack
from rules.tools.replay.comparing import compare
from rules.tools.schema.documents import Question

_log = logging.getLogger(__name__)

FAILED: Final = "failed"
_AT_ONCE: Final = 64
_PACKS_KEPT: Final = 4


class Shadowed(NamedTuple):
    """An order that waits to be decided by the draft too, and the pack that decided it."""

    order: int
    pack_hash: str
    question: Question


class OrdersAfter(Protocol):
    """Gives the first orders placed after one, by row id, but those that are named."""

    def __call__(
        self, t: Transaction, after: int, *, without: Sequence[int], most: int
    ) -> Sequence[Shadowed]:
        """Read them."""


@dataclass(slots=True)
class WatchShadow:
    """The act, with what it needs.

    It works from the evidence that is kept with each order, after the order was answered: whatever
    a draft does, it cannot touch an order.
    """

    transactions: Transactions
    clock: Clock
    orders_after: OrdersAfter
    _load: Callable[[bytes], CompiledPack] = field(
        default_factory=lambda: lru_cache(maxsize=_PACKS_KEPT)(load_pack)
    )

    def __call__(self) -> bool:
        """Decide some of what waits; gives whether more may wait."""
        with self.transactions.reading() as t:
            draft = draft_in_shadow(t)
            if draft is None:
                return False
            after, without = shadow_reached(t, draft)
            waiting = self.orders_after(t, after, without=without, most=_AT_ONCE)
            bodies = {one.pack_hash: stored_body(t, one.pack_hash) for one in waiting}
            body = stored_body(t, draft.hash)
        try:
            pack = self._load(body)
        except PackLoadError as error:
            self._give_up(draft, error)
            return False
        decisions = [self._decide(one, pack, bodies[one.pack_hash]) for one in waiting]
        if decisions:
            with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
                keep_shadows(t, draft, decisions)
                t.commit()
        return len(waiting) == _AT_ONCE

    def _decide(self, one: Shadowed, pack: CompiledPack, before: bytes) -> ShadowDecision:
        """Decide one order with the draft too; a row says so where that fails."""
        try:
            return self._compared(one, pack, self._load(before))
        except Exception:  # noqa: BLE001  # whatever a draft does is worth a row, and no more
            _log.warning("the draft in shadow failed on an order", exc_info=True)
            return ShadowDecision(one.order, FAILED, FAILED, payable_before=0, payable=0)

    def _compared(self, one: Shadowed, pack: CompiledPack, before: CompiledPack) -> ShadowDecision:
        """Decide one order with the pack that decided it, and with the draft."""
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
            with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
                end_shadow(t, draft.version, told=(("told.not_loaded", {"why": str(error)}),))
                t.commit()
        except PackStepError:
            _log.info("somebody has ended the shadow of version %d meanwhile", draft.version)
