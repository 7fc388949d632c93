"""Orders as they were decided, read from their evidence, and what of them returns leave."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.orders.deciding.reading import Desk
from hub.desk.orders.model.evidence import Evidence, inputs_of, read_evidence
from hub.desk.rulepacks.store import StoredSnapshots
from rules import CompiledPack, Quantity, Return, ReturnResult, Sale, settle_return

_INPUTS: Final = "SELECT inputs FROM decision WHERE order_id = ? AND revision = ?"
_RESULT: Final = "SELECT result_hash FROM decision WHERE order_id = ? AND revision = ?"
_PACK: Final = "SELECT pack_hash FROM order_revision WHERE order_id = ? AND revision = ?"
_ORDERED: Final = """
SELECT free, line, quantity FROM order_line WHERE order_id = ? AND revision = ?
"""

_NOTHING: Final = Return()

GoodsLine = tuple[bool, int]
"""Whether it is free goods, and the number of the order's line."""


class Content(NamedTuple):
    """The revision of an order that has its lines, by the order's row id."""

    order: int
    revision: int


def read_sale(t: Transaction, desk: Desk, content: Content) -> tuple[Sale, CompiledPack] | None:
    """Read what an order was decided from; None where that, or its rule pack, is not here."""
    found = t.rows(_PACK, content)
    pack = pack_of(t, desk, found[0][0] if found else None)
    evidence = _evidence(t, content)
    if pack is None or evidence is None:
        return None
    current = desk.catalogues.current(t)
    catalogue = (
        current
        if current.hash == evidence.catalogue
        else StoredSnapshots().catalogue(t.connection, evidence.catalogue)
    )
    asked, facts, counters = inputs_of(evidence, catalogue)
    return Sale(asked, facts, counters), pack


def settle_back(
    t: Transaction, desk: Desk, content: Content, *, returned: Return, before: Return = _NOTHING
) -> ReturnResult | None:
    """Have the rules settle what comes back of an order; None where nobody can decide it again.

    A sale that comes out otherwise than it was kept is settled by nobody.
    """
    found = read_sale(t, desk, content)
    if found is None:
        return None
    sale, pack = found
    result = settle_return(sale, returned, pack, before=before)
    return result if result.sale_hash == t.rows(_RESULT, content)[0][0] else None


def read_step(t: Transaction, desk: Desk, content: Content) -> int:
    """Read to what step an order rounds what is payable: 100 is a whole rupee."""
    found = t.rows(_PACK, content)
    pack = pack_of(t, desk, found[0][0] if found else None)
    return int(pack.round_to) if pack is not None else 1


def undelivered(
    t: Transaction, content: Content, delivered: Mapping[GoodsLine, int]
) -> dict[GoodsLine, int]:
    """Give what of an order's lines was not delivered: of 12 ordered and 9 delivered, 3."""
    missing = {
        (bool(free), line): int(quantity) - delivered.get((bool(free), line), 0)
        for free, line, quantity in t.rows(_ORDERED, content)
    }
    return {key: count for key, count in missing.items() if count > 0}


def return_of(missing: Mapping[GoodsLine, int]) -> Return:
    """Write goods that never came as the rules ask for goods that came back."""

    def of(*, free: bool) -> dict[int, Quantity]:
        return {line: Quantity(n) for (given, line), n in missing.items() if given == free}

    return Return(of(free=False), of(free=True))


def pack_of(t: Transaction, desk: Desk, digest: str | None) -> CompiledPack | None:
    """Find a rule pack by its hash, the one in force first; None where it is not here."""
    current = desk.packs.current(t)
    if current is not None and current.hash == digest:
        return current
    return StoredSnapshots().pack(t.connection, digest)


def _evidence(t: Transaction, content: Content) -> Evidence | None:
    found = t.rows(_INPUTS, content)
    written = bytes(found[0][0]) if found and found[0][0] else b""
    return read_evidence(written) if written else None
