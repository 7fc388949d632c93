"""Say which days of the week are worked, mark single days, and take back what was said."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused
from hub.base.transaction import Transactions
from hub.desk.workdays.model import read_mark, read_place, read_week
from hub.desk.workdays.store import KeptDay, Kind, drop_day, keep_mark, keep_week


@dataclass(slots=True)
class SetWorkdays:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def mark(self, texts: Mapping[str, str], *, by: str, scope: Scope) -> KeptDay | Refused:
        """Have a day be a holiday, or be worked although it would be none."""
        asked = read_mark(texts)
        if isinstance(asked, tuple):
            return Refused(asked)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            kept = keep_mark(t, asked, seller=texts.get("seller", "").strip(), scope=scope)
            if isinstance(kept, tuple):
                return Refused(kept)
            t.commit()
        return kept

    def week(self, texts: Mapping[str, str], *, by: str, scope: Scope) -> KeptDay | Refused:
        """Have days of the week be worked from a day on."""
        asked = read_week(texts)
        if isinstance(asked, tuple):
            return Refused(asked)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            kept = keep_week(t, asked, seller=texts.get("seller", "").strip(), scope=scope)
            if isinstance(kept, tuple):
                return Refused(kept)
            t.commit()
        return kept

    def drop(
        self, texts: Mapping[str, str], *, kind: Kind, by: str, scope: Scope
    ) -> KeptDay | Refused:
        """Take back what was said of a day: its mark, or the week that begins with it."""
        place = read_place(texts)
        if isinstance(place, tuple):
            return Refused(place)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            kept = drop_day(
                t,
                place.day,
                kind=kind,
                region=place.region,
                why=place.why,
                seller=texts.get("seller", "").strip(),
                scope=scope,
            )
            if isinstance(kept, Reason):
                return Refused((kept,))
            t.commit()
        return kept
