"""Claims of terminals inside a given transaction: made, asked for by a device, settled."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, select, update

from broker.contract.enrolment import Asked, claim_key, claim_name, pair_number
from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.terminals.model import ClaimState, TerminalClaim
from hub.desk.terminals.tables import CLAIM_COLUMNS, claim_of, terminal_claim

_claim: Final = terminal_claim.c
_ALIVE: Final = ("open", "waiting")


def find_claim(t: Transaction, name: str) -> TerminalClaim | None:
    """Find a claim by its public name."""
    row = t.connection.execute(select(*CLAIM_COLUMNS).where(_claim.name == name)).one_or_none()
    return claim_of(row) if row else None


def newest_claim(t: Transaction, terminal: str) -> TerminalClaim | None:
    """Give the claim that was made last for a terminal."""
    query = (
        select(*CLAIM_COLUMNS)
        .where(_claim.terminal == terminal)
        .order_by(_claim.id.desc())
        .limit(1)
    )
    row = t.connection.execute(query).one_or_none()
    return claim_of(row) if row else None


def make_claim(t: Transaction, terminal: str, code: str, *, expires_at: int, asks: bool) -> None:
    """Make a claim of a code; those before it that no device has used are withdrawn."""
    withdraw_claims(t, terminal)
    values = {
        "name": claim_name(code),
        "key": claim_key(code).hex(),
        "terminal": terminal,
        "state": "open",
        "asks": asks,
        "made_at": t.at_ms,
        "made_by": t.actor,
        "expires_at": expires_at,
        "device": "",
        "address": "",
        "number": "",
    }
    t.connection.execute(insert(terminal_claim).values(**values))
    history.record(t, "terminal", terminal, before={"claim": None}, after={"claim": "open"})


def withdraw_claims(t: Transaction, terminal: str, *, why: str = "") -> int:
    """Withdraw what no device has used of a terminal's claims; gives how many."""
    alive = [
        claim_of(row)
        for row in t.connection.execute(
            select(*CLAIM_COLUMNS).where(_claim.terminal == terminal, _claim.state.in_(_ALIVE))
        )
    ]
    return sum(move_claim(t, one, "withdrawn", why=why) for one in alive)


def move_claim(
    t: Transaction,
    claim: TerminalClaim,
    state: ClaimState,
    *,
    why: str = "",
    more: Mapping[str, object] | None = None,
) -> bool:
    """Move a claim to another state; False where somebody else has moved it meanwhile."""
    here = update(terminal_claim).where(_claim.id == claim.id, _claim.state == claim.state)
    if not t.connection.execute(here.values(state=state, **(more or {}))).rowcount:
        return False
    states = {"claim": claim.state}, {"claim": state}
    history.record(t, "terminal", claim.terminal, before=states[0], after=states[1], why=why)
    return True


def ask_by_claim(t: Transaction, claim: TerminalClaim, asked: Asked, *, address: str) -> bool:
    """Note which device asks with a claim: it is the claim's device from now on.

    False where another device asked meanwhile.
    """
    number = pair_number(asked)
    more: Mapping[str, object] = {
        "asked_at": t.at_ms,
        "device": asked.device,
        "address": address,
        "number": number,
        "password_sha256": asked.password_sha256,
        "password_line": asked.password_line,
    }
    state: ClaimState = "waiting" if claim.asks else "used"
    why = " ".join(part for part in (asked.device, address, number) if part)
    return move_claim(t, claim, state, why=why, more=more)
