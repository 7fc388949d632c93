"""Make a claim: all that a funder has not been asked for yet, up to a day."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transactions
from hub.desk.claims.model import Made, ToMake
from hub.desk.claims.store.claiming import find_sent, find_sides, write_claim
from hub.desk.parties.store import business_day


@dataclass(slots=True)
class MakeClaim:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, asked: ToMake, *, key: str, by: str, scope: Scope) -> Made | Refused:
        """Make a draft; sent twice under one key, it is one claim.

        What was given is in one claim at most, and what came back after it was claimed is taken
        off the next one.
        """
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                sides = find_sides(t, asked, scope=scope)
                if isinstance(sides, Refused):
                    return sides
                sent = find_sent(t, key, funder=sides.funder)
                if sent is not None:
                    return sent
                if asked.until > business_day(t):
                    day = asked.until.isoformat()
                    return refused("claim_until_ahead", field="until", day=day)
                made = write_claim(t, sides, key=key, until=asked.until)
                if isinstance(made, Refused):
                    return made
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return made
