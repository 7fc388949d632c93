"""Make a survey, and end it."""

from dataclasses import dataclass, replace
from datetime import date

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transactions
from hub.desk.field.model.surveys import SurveyFields, fault_of
from hub.desk.field.reads.beats import name_beat
from hub.desk.field.reads.surveys import name_survey
from hub.desk.field.store import surveys as store
from hub.desk.field.store.beats import code_for
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
            seller = find_seller(t, fields.seller.strip(), scope=scope)
            if seller is None:
                return refused("seller_unknown", field="seller", seller=fields.seller[:64])
            code = code_for(t, fields.code, seller=seller)
            if store.find_survey(t, code) is not None:
                return refused("survey_there", field="code", code=code)
            beat = name_beat(t.connection, fields.beat, scope=scope) if fields.beat else ""
            if beat is None:
                return refused("beat_unknown", field="beat", code=fields.beat)
            store.add_survey(t, replace(fields, code=code, beat=beat), seller=seller)
            t.commit()
        return Kept(code, ("survey",))

    def end(self, code: str, *, day: date, by: str, scope: Scope) -> Kept | Refused:
        """Have a survey asked no more after a day."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            named = name_survey(t.connection, code, scope=scope)
            number = store.find_survey(t, named) if named else None
            if named is None or number is None:
                return refused("survey_unknown", code=code)
            store.end_survey(t, number, named, day=day)
            t.commit()
        return Kept(named, ("until",))
