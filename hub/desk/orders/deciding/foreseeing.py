"""A decision that nobody keeps: what placing or amending an order would come to now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from hub.base.transaction import Transaction
from hub.desk.orders.deciding import rows
from hub.desk.orders.deciding.asking import decide_amended
from hub.desk.orders.deciding.changing import with_reasons
from hub.desk.orders.deciding.locking import LockedOrder
from hub.desk.orders.deciding.placing import decide_new
from hub.desk.orders.deciding.reading import Desk
from hub.desk.orders.deciding.rows import Written
from hub.desk.orders.model.asked import Amendment
from hub.desk.orders.model.availability import Availability
from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.evidence import write_trace
from hub.desk.orders.model.gifts import Gift, gifts_of
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.request import OrderRequest
from hub.desk.orders.reads.documents import write_revision
from hub.desk.orders.reads.order import Line, Pick, Revision
from hub.desk.orders.reads.steps import Near, Step, steps_in_words
from rules import Product, names_in


@dataclass(frozen=True, slots=True)
class DryDecision:
    """What an order would come to, as the revision that would be written of it.

    `stock` is what can be sold of each of its products where it is served from, `changes` what an
    amendment asks for that was not asked for before, `gifts` what it may choose or decline.
    """

    request: OrderRequest
    revision: Revision
    stock: Mapping[str, int]
    changes: tuple[Reason, ...]
    trace: bytes
    gifts: tuple[Gift, ...]
    products: Mapping[str, Product]
    texts: Mapping[str, Mapping[str, str]]

    def told(self, language: str = "en") -> tuple[Sequence[Step], Sequence[Near]]:
        """Say in a language every step of the decision, and what would almost be earned."""
        if not self.trace:
            return (), ()
        return steps_in_words(
            self.trace,
            self.revision.scale,
            language=language,
            names=names_in(self.texts, language),
            currency=self.revision.currency,
        )

    def gift_words(self, language: str) -> Mapping[str, str]:
        """Give what people call the schemes and the products of the gifts, by their ids."""
        names = names_in(self.texts, language)
        words = {one.rule: names.get(one.rule, one.rule) for one in self.gifts}
        skus = {wish for one in self.gifts for wish in one.wishes if wish in self.products}
        return words | {sku: self.products[sku].name for sku in skus}

    def document(self) -> Mapping[str, Any]:
        """Write the decision as a document for programs: an order's, as far as there is one."""
        order = self.request.order
        return {
            "dry_run": True,
            "customer": order.customer,
            "po_number": self.request.po_number,
            "warehouse": self.request.warehouse.code,
            "business_date": order.business_date.isoformat(),
            **write_revision(self.revision),
            "credit_left": self.revision.credit_left,
            "stock": dict(sorted(self.stock.items())),
            "near_misses": [
                {"text": one.text, "rule": one.rule, "line": one.line} for one in self.told()[1]
            ],
            "gifts": [
                {"rule": one.rule, "wish": one.wish, "wishes": one.wishes} for one in self.gifts
            ],
            "approvals": [
                {"code": one.code, "rule": one.rule, "steps": one.steps, "amount": one.amount}
                for one in self.revision.needs
            ],
        }


def foresee_new(t: Transaction, desk: Desk, request: OrderRequest) -> DryDecision:
    """Decide a new order as `place` would; nothing is written."""
    availability, (decided,) = decide_new(t, desk, [request])
    written = Written(0, 1, "placed", decided, t.actor, t.at_ms)
    return _dry(written, availability)


def foresee_amended(
    t: Transaction, desk: Desk, order: LockedOrder, *, change: Amendment
) -> DryDecision | Refused:
    """Decide an order with an amendment as amending it would; nothing is written."""
    amended = decide_amended(t, desk, order, change=change)
    if isinstance(amended, Refused):
        return amended
    again, changes = amended
    decided = with_reasons(again.decided, changes=changes)
    written = Written(order.id, order.revision + 1, "amended", decided, t.actor, t.at_ms)
    return replace(_dry(written, again.availability), changes=changes)


def _dry(written: Written, availability: Availability) -> DryDecision:
    decided = written.decided
    return DryDecision(
        request=decided.request,
        revision=_revision(written),
        stock=_stock(decided, availability),
        changes=(),
        trace=write_trace(decided),
        gifts=gifts_of(decided),
        products=decided.catalogue.products,
        texts=decided.pack.texts if decided.pack else {},
    )


def _stock(decided: Decided, availability: Availability) -> dict[str, int]:
    """Add up what has not expired, before the order took of it; a rule may keep some of it back."""
    day = decided.request.order.business_date
    skus = {line.sku for line in decided.request.order.lines}
    seen = decided.facts.batches if decided.facts else None
    found = seen or availability.batches_of(decided.request.warehouse.id, skus)
    return {
        sku: sum(
            one.available for one in found.get(sku, ()) if one.expiry is None or one.expiry >= day
        )
        for sku in skus
    }


def _revision(written: Written) -> Revision:
    """Read the revision out of the very rows that would be written."""
    decided = written.decided
    columns = rows.revision_row(written)._asdict()
    told, picks = read_reasons(columns["reasons"]), _picks(decided)
    lines = [
        _line(dict(zip_longest(rows.LINE, row)), told, picks=picks)
        for row in rows.line_rows(written)
    ]
    own = {"number", "reasons", "coupons", "choices", "needs", "lines", "free"}
    return Revision(
        number=written.revision,
        reasons=told,
        coupons=decided.request.order.coupons,
        choices=decided.request.order.choices,
        needs=decided.verdict.needs,
        lines=tuple(line for line in lines if not line.free),
        free=tuple(line for line in lines if line.free),
        **{name: columns[name] for name in Revision.__slots__ if name not in own},
    )


_Place = tuple[bool, int]
"""Whether it is free goods, and the line's number."""


def _picks(decided: Decided) -> dict[_Place, tuple[Pick, ...]]:
    """Give what each line would be promised of batches."""
    seen = decided.facts.batches if decided.facts else None
    batches = seen or {}
    found: dict[_Place, tuple[Pick, ...]] = {}
    for part in decided.result.allocations if decided.result and decided.takes else ():
        expiry = next((one.expiry for one in batches[part.sku] if one.id == part.batch), None)
        pick = Pick(part.batch, part.quantity, expiry, released=False)
        found[part.free, part.number] = (*found.get((part.free, part.number), ()), pick)
    return found


def _line(
    row: Mapping[str, Any], told: Sequence[Reason], *, picks: Mapping[_Place, tuple[Pick, ...]]
) -> Line:
    own = {"number", "picks", "reasons"}
    return Line(
        number=row["line"],
        picks=picks.get((row["free"], row["line"]), ()),
        reasons=tuple(one for one in told if one.line == row["line"] and not row["free"]),
        **{name: row[name] for name in Line.__slots__ if name not in own},
    )
