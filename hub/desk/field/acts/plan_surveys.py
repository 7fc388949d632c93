"""Make a survey, and end it."""

from dataclasses import dataclass
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.field.model.surveys import SurveyFields, fault_of
from hub.desk.field.reads.beats import sees_beat
from hub.desk.field.reads.surveys import sees_survey
from hub.desk.field.store import surveys as store
from hub.desk.parties.store.customers import find_seller


@dataclass(slots=True)
class PlanSurveys:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def add(self, fields: SurveyFields, *, by: str, scope: Scope) -> Kept | Refused:
        """Make a seller's survey; asked for twice, it is refused as there."""
        fault = fault_of(fields)
        if fault is not None:
            return fault
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if store.find_survey(t, fields.code) is not None:
                return refused("survey_there", field="code", code=fields.code)
            if fields.beat and not sees_beat(t.connection, fields.beat, scope=scope):
                return refused("beat_unknown", field="beat", code=fields.beat)
            seller = find_seller(t, fields.seller.strip(), scope=scope)
            if seller is None:
                return refused("seller_unknown", field="seller", seller=fields.seller[:64])
            store.add_survey(t, fields, seller=seller)
            t.commit()
        return Kept(fields.code, ("survey",))

    def end(self, code: str, *, day: date, by: str, scope: Scope) -> Kept | Refused:
        """Have a survey asked no more after a day."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            number = store.find_survey(t, code)
            if number is None or not sees_survey(t.connection, code, scope=scope):
                return refused("survey_unknown", code=code)
            store.end_survey(t, number, code, day=day)
            t.commit()
        return Kept(code, ("until",))
