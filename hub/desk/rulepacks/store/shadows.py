"""The draft in shadow, and what it would have made of orders, inside a given transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from hub.base.transaction import Transaction
from hub.desk.rulepacks.tables import shadow_decision
from rules.tools.replay.changes import OrderChange

_COLUMNS: Final = (
    "pack_id",
    "order_id",
    "outcome_before",
    "outcome",
    "payable_before",
    "payable",
    "result_hash",
    "changed",
    "difference",
)
# Two workers store groups side by side: an order may become visible after some with higher ids.
_LATE: Final = 4_096
_DRAFT: Final = "SELECT id, version, hash, shadow_after FROM rule_pack WHERE in_shadow"
_LAST: Final = "SELECT max(order_id) FROM shadow_decision WHERE pack_id = ?"
_DONE: Final = "SELECT order_id FROM shadow_decision WHERE pack_id = ? AND order_id > ?"
_BODY: Final = "SELECT body FROM snapshot WHERE hash = ?"


@dataclass(frozen=True, slots=True)
class InShadow:
    """The draft that is in shadow, by its row and number; `after` is the last order before it."""

    id: int
    version: int
    hash: str
    after: int


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


def draft_in_shadow(t: Transaction) -> InShadow | None:
    """Give the draft in shadow."""
    found = t.rows(_DRAFT)
    return InShadow(*found[0]) if found else None


def shadow_reached(t: Transaction, draft: InShadow) -> tuple[int, list[int]]:
    """Give the order after which some may wait, and those after it that do not."""
    last = t.rows(_LAST, (draft.id,))[0][0] or 0
    after = max(draft.after, last - _LATE)
    return after, [row[0] for row in t.rows(_DONE, (draft.id, after))]


def stored_body(t: Transaction, digest: str) -> bytes:
    """Give the bytes of a snapshot; none where it is gone."""
    found = t.rows(_BODY, (digest,))
    return bytes(found[0][0]) if found else b""


def keep_shadows(t: Transaction, draft: InShadow, decisions: Sequence[ShadowDecision]) -> None:
    """Keep what came of them; what another worker has kept meanwhile stays."""
    rows = [
        (
            draft.id,
            one.order,
            one.outcome_before,
            one.outcome,
            one.payable_before,
            one.payable,
            one.result_hash,
            one.change is not None,
            msgspec.json.encode(one.change) if one.change else b"",
        )
        for one in decisions
    ]
    insert = t.database.insert(shadow_decision, *_COLUMNS)
    t.many(f"{insert} ON CONFLICT DO NOTHING", rows)
