"""The first steps of a new hub: whose it is, and its first warehouse."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.parties.store import seller_ids, set_setting, settings_of, write_house
from hub.desk.stock.model import WarehouseRecord
from hub.desk.stock.store import write_warehouses
from hub.desk.terminals.model import SetupError

_LONGEST_NAME = 200
_LONGEST_CODE = 64


@dataclass(slots=True)
class BeginHub:
    """The acts, with what they need; a step that was done already is left as it is."""

    transactions: Transactions
    clock: Clock

    def name_house(self, name: str, *, timezone: str, by: str) -> None:
        """Say whose hub it is, and where its days begin; raises SetupError."""
        name = " ".join(name.split())
        if not (0 < len(name) <= _LONGEST_NAME and name.isprintable()):
            raise SetupError("name")
        if timezone not in available_timezones():
            raise SetupError("zone")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            if "distributor" not in settings_of(t):
                set_setting(t, "distributor", name)
                set_setting(t, "timezone", timezone)
                write_house(t, name)
            t.commit()

    def add_warehouse(self, code: str, *, name: str, by: str) -> None:
        """Make the first warehouse; raises SetupError."""
        code, name = code.strip(), " ".join(name.split())
        if not (0 < len(code) <= _LONGEST_CODE and code.isprintable() and " " not in code):
            raise SetupError("code")
        if len(name) > _LONGEST_NAME or not (name or code).isprintable():
            raise SetupError("name")
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            sellers = seller_ids(t)
            if not sellers:
                raise SetupError("name")  # whose hub it is comes first
            if not t.rows("SELECT 1 FROM warehouse LIMIT 1"):
                write_warehouses(t, [WarehouseRecord(code, name or code, 1)], sellers)
            t.changed("stock")
            t.commit()
