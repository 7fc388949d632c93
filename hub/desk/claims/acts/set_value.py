"""Say at what free goods are valued that schemes give from now on."""

from dataclasses import dataclass

from hub.base import history
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.claims.model import USUAL, VALUE, VALUES
from hub.desk.claims.store.giving import TOPIC
from hub.desk.parties.store import set_setting, settings_of


@dataclass(slots=True)
class SetValue:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, value: str, *, by: str) -> Refused | None:
        """Value them at the price that their customer has (`list`), or at what they cost (`cost`).

        What was given before stays as it was valued. Where the cost of a product is not known, it
        counts at its price, and its line says so.
        """
        if value not in VALUES:
            return refused("claim_value_unknown", field="value", value=value)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            before = settings_of(t).get(VALUE, USUAL)
            set_setting(t, VALUE, value)
            history.record(t, "setting", VALUE, before={VALUE: before}, after={VALUE: value})
            t.changed(TOPIC)
            t.commit()
        return None
