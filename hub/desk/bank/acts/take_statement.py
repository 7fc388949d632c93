"""Take a bank's file: rows that are new are kept, nothing is booked yet."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.sheets import DELIMITERS, SheetError, read_records
from hub.base.transaction import Transactions
from hub.desk.bank.model.reading import BankRow, DayOrder, has_header, read_bank_rows
from hub.desk.bank.store import find_sellers, keep_statement, known_keys
from hub.desk.parties.store import business_day


@dataclass(slots=True)
class TakeStatement:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self,
        text: str,
        *,
        file: str,
        order: DayOrder = "",
        seller: str = "",
        by: str,
        scope: Scope,
    ) -> int | Refused:
        """Keep a statement and give its id; a file of which all is known is refused.

        Whoever sees several sellers says whose account it is.

        A row that an earlier file has is not kept a second time. A file that is damaged, cut or
        unclear is refused whole. Raises SheetError where it is no table.
        """
        rows, faults = read_bank_file(text, order=order)
        if faults:
            return Refused(tuple(faults[:20]))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            sellers = find_sellers(t, seller, scope=scope)
            if not sellers:
                return refused("bank_seller_unknown", field="seller", seller=seller)
            if len(sellers) > 1:
                return refused("bank_seller_missing", field="seller", sellers=[*sellers])
            (found,) = sellers.values()
            today = business_day(t)
            ahead = next((one for one in rows if one.day > today), None)
            if ahead is not None:
                params = {"day": ahead.day.isoformat()}
                return Refused((Reason("bank_day_ahead", params, f"line {ahead.line}"),))
            known = known_keys(t, found, rows)
            new = [one for one in rows if one.key not in known]
            if not new:
                first = next(iter(known.values()))
                return refused("bank_known", field="file", file=first, rows=len(rows))
            statement = keep_statement(t, found, new, file=file, known=len(known))
            t.commit()
        return statement


def read_bank_file(text: str, *, order: DayOrder = "") -> tuple[list[BankRow], list[Reason]]:
    """Read a statement by the delimiter under which a header is found in it.

    Raises SheetError where no delimiter gives a table.
    """
    failed: SheetError | None = None
    for delimiter in DELIMITERS:
        try:
            records = read_records(text, delimiter)
        except SheetError as error:
            failed = error
            continue
        if has_header(records):
            return read_bank_rows(records, order=order)
    if failed is not None:
        raise failed
    return [], [Reason("bank_no_header", {}, "file")]
