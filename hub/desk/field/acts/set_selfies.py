"""Say whether phones ask for a photo of the person as the day begins."""

from dataclasses import dataclass
from typing import Final

from hub.base import history
from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import LockRank, Transactions
from hub.desk.field.store.entries import TOPIC
from hub.desk.field.tables import SELFIE
from hub.desk.parties.store import set_setting, settings_of
from hub.desk.parties.store.customers import party_of
from hub.desk.parties.tables import HOUSE

_NOUN: Final = "field"


@dataclass(slots=True)
class SetSelfies:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, *, asked: bool, by: str, scope: Scope) -> Kept | Refused:
        """Have a photo asked for with each day that begins, or no more; said twice, it stays.

        It is said for the whole network, by whoever sees all of it.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if not scope.sees_network or party_of(t, HOUSE, scope=scope) is None:
                return refused("entry_not_permitted")
            t.lock(LockRank.DOCUMENT, [SELFIE])
            was = settings_of(t).get(SELFIE) == "1"
            if was != asked:
                set_setting(t, SELFIE, "1" if asked else "0")
                history.record(t, _NOUN, SELFIE, before={"selfie": was}, after={"selfie": asked})
                t.changed(TOPIC)
            t.commit()
        return Kept(SELFIE, ("selfie",))
